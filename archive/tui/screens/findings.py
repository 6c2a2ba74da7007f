"""What `check` and `audit` find, as one list that leads to the articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from archive import Archive, ArchiveError, Article
from archive.render.terminal import Mark, safe
from archive.render.text import pluralize
from archive.tui import line_layout
from archive.tui.messages import ReadingRequested, report_damage
from archive.tui.session import Session
from archive.tui.widgets.lists import ItemList


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    kind      what it is about, in a few words
    what      what is wrong, or differs
    detail    what to do about it, or the sentence that shows it
    article   the id of the article that it leads to; "" for none
    words     of the article, to be marked there
    is_damage whether the index cannot be trusted
    """

    kind: str
    what: str
    detail: str = ""
    article: str = ""
    words: tuple[str, ...] = ()
    is_damage: bool = False


def check_findings(archive: Archive) -> tuple[Finding, ...]:
    """What is wrong with the index, or differs from the corpus."""
    found = archive.check()
    return tuple(
        Finding("damaged" if each.damage else "differs", each.what, each.remedy, each.article, is_damage=each.damage)
        for each in found
    )


def audit_findings(archive: Archive) -> Iterator[Finding]:
    """Where declared names, dates and texts do not agree, and articles that are nearly the same. Reads them all."""
    found = archive.names.audit()
    for each in found.disagreements:
        if each.unmentioned:
            yield Finding("declared, not in the text", ", ".join(each.unmentioned), each.id, each.id)
        if each.undeclared:
            yield Finding("in the text, not declared", ", ".join(each.undeclared), each.id, each.id, each.undeclared)
    for late in found.contradictions:
        what = f"an article of {late.date} tells of {late.late.date}"
        yield Finding("date", what, late.late.sentence, late.id, (late.late.sentence,))
    for group in found.duplicates:
        first, *others = group.copies
        what = f"{group.share:.0%} in common: {', '.join(copy.id for copy in group.copies)}"
        yield Finding("nearly the same", what, f"{pluralize(len(others), 'other article')}", first.id)


class FindingList(ItemList[Finding]):
    """Findings, three lines each: of what kind, what, and what shows it or mends it."""

    HELP = "What check and audit have found. Enter reads the article that a finding is about."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,l,right", "open", "Read", key_display="⏎")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"results--error"}
    row_heights = (4, 4)

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of a finding."""
        finding = self.items[index]
        if line == 0:
            return [Segment(safe(finding.kind), base + self.part("error" if finding.is_damage else "hit"))]
        if line == 1:
            return [Segment(line_layout.clip_safe(finding.what, room), base + self.part("title"))]
        if line == 2:
            return [Segment(line_layout.clip_safe(finding.detail, room), base + self.part("detail"))]
        return []


class FindingSequence:
    """The articles of findings; matches are the words that a finding is about."""

    item_name = "finding"
    has_query = False

    def __init__(self, screen: FindingsScreen, findings: Sequence[Finding]) -> None:
        self.session, self.refresh, self._findings = screen.session, screen.load, findings

    def was_read(self, article: Article) -> None:
        """Nothing to note."""

    @property
    def total(self) -> int:
        """Number of findings that lead to an article."""
        return len(self._findings)

    async def article_id(self, index: int) -> str | None:
        """The id of a finding's article."""
        return self._findings[index].article if 0 <= index < self.total else None

    def matches(self, article: Article, index: int | None, start: int, end: int) -> list[Mark]:
        """Where the words of the finding are written."""
        if index is None:
            return []
        words = self._findings[index].words
        named = [(each.start, each.end) for each in article.mentions if each.name in words and not each.in_title]
        written = [(at, at + len(each)) for each in words if (at := article.body.find(each)) >= 0]
        return [mark for mark in (sorted(named) or sorted(written)) if start <= mark[0] < end]

    def title_matches(self, article: Article) -> tuple[Mark, ...]:
        """None: what is found is in the text."""
        return ()


class FindingsScreen(ModalScreen[None]):
    """The findings of `check`, and below them those of `audit`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,E", "dismiss", "Close")]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(classes="dialog -large"):
            yield FindingList(id="findings")

    def on_mount(self) -> None:
        """Look for findings."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Check and audit: looking…", "⏎ read · esc close"
        self.query_one(FindingList).focus()
        self.load()

    def load(self) -> None:
        """Look for findings, again if necessary."""
        self.run_worker(self._load(), exclusive=True)

    on_index_rebuilt = load

    async def _load(self) -> None:
        run, archive, frame = self.session.run_slow, self.session.archive, self.query_one(".dialog")
        try:
            checked = await run(check_findings, archive)
            self.query_one(FindingList).show(checked)
            audited = await run(lambda: tuple(audit_findings(archive)))
        except ArchiveError as error:
            report_damage(self, error)
            frame.border_title = safe(str(error))
            return
        self.query_one(FindingList).show((*checked, *audited))
        frame.border_title = f"Check: {len(checked) or 'nothing'} · audit: {len(audited) or 'nothing'}"

    def on_item_list_opened(self, event: FindingList.Opened) -> None:
        """Read the article of a finding, and those of the others after it."""
        findings = self.query_one(FindingList).items
        if not findings[event.index].article:
            self.notify("This is about no single article.", timeout=3)
            return
        leading = [each for each in findings if each.article]
        index = leading.index(findings[event.index])
        self.post_message(ReadingRequested(FindingSequence(self, leading), index, lambda _: None))
