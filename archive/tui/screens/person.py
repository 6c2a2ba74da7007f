"""The page of a person, or of two: when and where they were seen, with whom, and the sentences that prove it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from archive import ArchiveError, Encounters, SearchRequest
from archive.render.text import pluralize
from archive.tui.keys import HELP_KEYS
from archive.tui.messages import ChangeRequest, ReadingRequested
from archive.tui.model import person_page
from archive.tui.model.article_sequence import EncounterSequence
from archive.tui.model.person_page import PersonContext, PersonEncounters
from archive.tui.screens.certificates import CertificateScreen
from archive.tui.screens.guest_lists import OccasionsScreen
from archive.tui.screens.marked_actions import MarkedActions
from archive.tui.screens.related_page import RelatedPage
from archive.tui.screens.row_review import RowReview
from archive.tui.session import Session
from archive.tui.widgets.encounter_list import EncounterList
from archive.tui.widgets.histogram import YearPicker
from archive.tui.widgets.related_panel import RelatedPanel
from archive.tui.widgets.status import Heading, Status

#: What the kinds of stances are called where only one is shown.
_KIND_NAMES = {
    "together": "who was there", "absent": "said absent", "expected": "expected", "contact": "in contact",
    "mentioned": "named together",
}  # fmt: skip
#: Cells from which stances are counted under their words, and not under signs only.
_WORDS_WIDTH = 150
_PANELS = ("encounters", "context", "years")


class PersonScreen(RelatedPage):
    """The encounters of one person, or of two together; returns how the search is to change, if at all."""

    HELP = (
        "When, where and with whom a person was seen: ● together, ◐ likely, ✕ said absent, … expected, ✉ in contact, "
        "○ only named together. Enter on a row opens the article there; A confirms it, X rejects it, D dates it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h,left", "dismiss(None)", "Back", key_display="esc"),
        Binding("tab", "pane(1)", "Panels", show=True),
        Binding("shift+tab", "pane(-1)", "Previous panel", show=False),
        Binding("s", "search", "Their articles"),
        Binding("f", "next_kind", "Stance"),
        Binding("y,v", "copy", "Copy", key_display="y"),
        Binding("O", "occasions", "Occasions", key_display="O"),
        Binding("C", "certificate", "Certificate", key_display="C"),
        Binding("full_stop", "act_on_marked", "Act on the marked rows", show=False, key_display="."),
        Binding("A", "review('confirm')", "Confirm the row", show=False, key_display="A"),
        Binding("X", "review('reject')", "Reject the row", show=False, key_display="X"),
        Binding("D", "review('date')", "Date the row", show=False, key_display="D"),
        *HELP_KEYS,
    ]

    def __init__(self, session: Session, names: Sequence[str]) -> None:
        super().__init__(session)
        self.names = tuple(names)
        self._person_context = PersonContext()
        self._all = PersonEncounters(Encounters((), (), "", 0, ()))
        self._kind = ""
        self._marked = MarkedActions(self, session, lambda: self._list.unmark_all(), self.load)
        self._reviews = RowReview(self, session, self.load)
        self._limits: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        """The names above; companions, venues and years beside the encounters; the status below."""
        yield Heading(id="heading")
        with Horizontal(id="main"):
            with Vertical(id="side"):
                yield RelatedPanel(id="context")
                yield YearPicker(id="years")
            with Vertical(id="found"):
                yield EncounterList(id="encounters")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Set the titles, and load."""
        alone = len(self.names) == 1
        self.query_one("#side").border_title = "Companions and venues" if alone else "Venues and gaps"
        self.query_one("#found").border_title = "Seen" if alone else "Seen together"
        self.query_one(Heading).lines = (" + ".join(self.names),)
        self.status.context = self.session.archive.settings.name
        self.status.message = "searching…"
        self._list.mark_words(self.session.archive.deciding_words)
        self.set_focus(self._list)
        self.load()

    @property
    def _list(self) -> EncounterList:
        return self.query_one(EncounterList)

    # -- loading -----------------------------------------------------------------------

    def load(self) -> None:
        """Load everything, again if necessary."""
        self.run_worker(self._load(), group="people", exclusive=True)

    on_index_rebuilt = load

    async def _load(self) -> None:
        """Load the first page, then the rest, then companions and venues."""
        run, archive = self.session.run_slow, self.session.archive
        try:
            shown = await run(person_page.fetch_encounters, archive, self.names, person_page.FIRST)
            self._show(shown)
            if not shown.complete:
                self._show(await run(person_page.fetch_encounters, archive, self.names, person_page.MOST))
            await self._load_context()
        except ArchiveError as error:
            self.fail(error)

    async def _load_context(self) -> None:
        fetch, archive = person_page.fetch_context, self.session.archive
        self._person_context = await self.session.run_slow(fetch, archive, self.names, self._limits)
        self._show_context()

    def _show(self, shown: PersonEncounters) -> None:
        self.names, self._all = shown.found.people, shown
        self.query_one(Heading).lines = (" + ".join(self.names), *person_page.summary(shown))
        self._show_rows()

    def _show_rows(self) -> None:
        """Show the rows of the kind of stance that is chosen, how many there are of each, and their years."""
        shown = self._all.only(self._kind)
        self._list.show_encounters(shown)
        self.query_one(YearPicker).show(SearchRequest(), person_page.occasions_per_year(shown.found.rows))
        counts = person_page.stance_counts(self._all.found.rows)
        if self.size.width < _WORDS_WIDTH:
            by_sign = Counter[str]()
            for word, count in counts.items():
                by_sign[word[0]] += count
            counts = by_sign
        self.query_one("#found").border_subtitle = " · ".join(f"{word} {count:,}" for word, count in counts.items())
        title = "Seen" if len(self.names) == 1 else "Seen together"
        only = f": only {_KIND_NAMES[self._kind]} (f next)" if self._kind else ""
        self.query_one("#found").border_title = title + only
        self._show_context()
        self._show_status()

    def _show_context(self) -> None:
        self.panel.show(person_page.related_rows(self.names, self._person_context, self._list.shown.gaps))

    # -- focus and cursor --------------------------------------------------------------

    def _show_status(self) -> None:
        """Describe the row under the cursor."""
        list_, panel, status = self._list, self.panel, self.status
        status.error = ""
        if self.focused is panel and panel.current is not None:
            status.message = panel.current.about
        else:
            status.message = f"encounter {list_.cursor + 1:,} of {list_.total:,}" if list_.total else "no encounters"

    on_item_list_cursor_moved = on_related_panel_cursor_moved = on_descendant_focus = _show_status

    def action_pane(self, to: int | str) -> None:
        """Focus a panel by its name, or the next (1) or previous (-1) one."""
        if isinstance(to, int):
            focused = self.focused.id if self.focused is not None else None
            to = _PANELS[(_PANELS.index(focused) + to) % len(_PANELS)] if focused in _PANELS else _PANELS[0]
        self.show_panel(side=to != "encounters")
        self.set_focus(self.query_one(f"#{to}"))

    def go_to(self, index: int) -> None:
        """Move the cursor to a row, and the focus with it."""
        self.action_pane("encounters")
        self._list.go_to(index)

    # -- where rows lead ---------------------------------------------------------------

    def on_item_list_opened(self, event: EncounterList.Opened) -> None:
        """Read the article of an encounter at its evidence."""
        sequence = EncounterSequence(self.session, self._list.shown.found.rows, self.load)
        self.post_message(ReadingRequested(sequence, event.index, self.reader_closed))

    def on_related_panel_chosen(self, event: RelatedPanel.Chosen) -> None:
        """Open the page of a pair or a person, the articles at a venue, or the encounter before a gap."""
        value = event.row.value
        match event.row.section:
            case "Companions":
                self._open_page((*self.names, value))
            case "People":
                self._open_page((value,))
            case "Venues":
                self.dismiss(ChangeRequest(lambda _: person_page.articles_of(self.names).replace(venue=(value,))))
            case "Gaps":
                rows = self._list.shown.found.rows
                self.go_to(next((number for number, row in enumerate(rows) if row.date == value), 0))

    def _open_page(self, names: Sequence[str]) -> None:
        self.app.push_screen(PersonScreen(self.session, names), self.page_closed)

    def on_related_panel_more_requested(self, event: RelatedPanel.MoreRequested) -> None:
        """List more of a section."""
        self._limits[event.section] = self._limits.get(event.section, person_page.LISTED) * 4
        self.run_worker(self._load_more(), group="people")

    async def _load_more(self) -> None:
        try:
            await self._load_context()
        except ArchiveError as error:
            self.fail(error)

    def on_year_picker_chosen(self, event: YearPicker.Chosen) -> None:
        """Go to the newest encounter of a year."""
        rows = self._list.shown.found.rows
        self.go_to(next((n for n, row in enumerate(rows) if person_page.year_of_row(row) in event.years), 0))

    def action_next_kind(self) -> None:
        """Show only the rows of the next kind of stance; after the last, all."""
        self._kind = person_page.next_kind(self._all.found.rows, self._kind)
        self._show_rows()
        self._list.go_to(0)

    def action_review(self, answer: str) -> None:
        """Confirm, reject or date the row under the cursor."""
        self._reviews.review(self.names, self._list.current, answer)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a browser nothing is reviewed: that writes a file."""
        return not (action == "review" and self.session.web)

    def on_multiline_list_marks_changed(self, event: EncounterList.MarksChanged) -> None:
        """Say how many rows are marked, and which key acts on them."""
        self.query_one("#side").border_subtitle = f"{event.number:,} marked · ." if event.number else ""

    def action_act_on_marked(self) -> None:
        """Export, copy, edit or keep what is marked, or the row under the cursor."""
        rows = self._list.marked_rows
        self._marked.choose(
            pluralize(len(rows), "row"),
            [row.id for row in rows],
            lambda archive: (quote for row in rows for quote in person_page.quote_evidence(archive, row)),
        )

    def action_certificate(self) -> None:
        """Certify what is found of them, and what was looked for."""
        self.app.push_screen(CertificateScreen(self.session, self.names))

    def action_occasions(self) -> None:
        """Show the occasions at which they were."""
        self.app.push_screen(OccasionsScreen(self.session, people=self.names), self.page_closed)

    def action_search(self) -> None:
        """Search the articles of these people."""
        self.dismiss(ChangeRequest(lambda _: person_page.articles_of(self.names)))

    def action_copy(self) -> None:
        """Copy the sentences that prove the encounter under the cursor, as quotations."""
        if (row := self._list.current) is not None:
            nothing = "No text proves this encounter: it is only declared."
            self.copy_quotes(partial(person_page.quote_evidence, self.session.archive, row), nothing)
