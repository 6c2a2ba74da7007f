"""The screen of names that nobody has reviewed, to go through with one key each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from archive import ArchiveError, Article
from archive.render.terminal import Mark
from archive.tui.keys import HELP_KEYS
from archive.tui.messages import ReadingRequested, report_damage
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.name_review import NameReview, spelled
from archive.tui.session import Session
from archive.tui.widgets.name_list import UnreviewedNameList
from archive.tui.widgets.status import Heading, Status

if TYPE_CHECKING:  # discovery is not loaded before it is needed
    from archive import SuggestedName

#: Names that are listed at most.
_MOST = 500
_FACETS = {"person": "people", "venue": "venues"}


class NameSequence:
    """The articles of a name's sentences; matches are the name and its spellings."""

    item_name = "article"
    has_query = False

    def __init__(self, session: Session, name: SuggestedName) -> None:
        self.session, self._name = session, name
        self._ids = tuple(dict.fromkeys(name.articles))

    def refresh(self) -> None:
        """Nothing here depends on the index."""

    def was_read(self, article: Article) -> None:
        """Nothing to note."""

    @property
    def total(self) -> int:
        """Number of articles."""
        return len(self._ids)

    async def article_id(self, index: int) -> str | None:
        """The id of an article."""
        return self._ids[index] if 0 <= index < self.total else None

    def matches(self, article: Article, index: int | None, start: int, end: int) -> list[Mark]:
        """Where the name is written."""
        found = list[Mark]()
        for form in (self._name.name, *self._name.variants):
            at = article.body.find(form, start)
            while 0 <= at < end:
                found.append((at, at + len(form)))
                at = article.body.find(form, at + len(form))
        apart = list[Mark]()
        for mark in sorted(found, key=lambda mark: (mark[0], -mark[1])):
            if not apart or mark[0] >= apart[-1][1]:
                apart.append(mark)
        return apart

    def title_matches(self, article: Article) -> tuple[Mark, ...]:
        """None: the sentences are in the text."""
        return ()


class UnreviewedNamesScreen(Screen[bool]):
    """Lists unreviewed names; returns whether anything was answered."""

    HELP = "A records a name, M merges it into another, X forbids it, L says that it is a place; Tab lists venues."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h,left", "close", "Back", key_display="esc"),
        Binding("tab", "other_facet", "People/venues"),
        *HELP_KEYS,
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._facet, self._answered = "person", False
        self._reviews = NameReview(self, session, lambda: None, self._name_answered, updates=False)

    def compose(self) -> ComposeResult:
        """What is listed above; the names; the status below."""
        yield Heading(id="heading")
        with Vertical(id="found"):
            yield UnreviewedNameList(spelled, id="names")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Load the names."""
        self.query_one(Status).context = self.session.archive.settings.name
        self.query_one(Status).message = "looking through the names…"
        self.set_focus(self.query_one(UnreviewedNameList))
        self.load()

    def load(self) -> None:
        """Load the names of the facet."""
        self.run_worker(self._load(), group="names-listed", exclusive=True)

    on_index_rebuilt = load

    async def _load(self) -> None:
        names = self.session.archive.names
        try:
            found = await self.session.run_slow(lambda: names.unreviewed(self._facet, _MOST))
        except ArchiveError as error:
            report_damage(self, error)
            self.query_one(Status).error = str(error)
            return
        self.query_one(UnreviewedNameList).show(found)
        self._show_count()

    def _show_count(self) -> None:
        listed, what = self.query_one(UnreviewedNameList), _FACETS[self._facet]
        self.query_one("#found").border_title = what.capitalize()
        number = f"the {_MOST} most frequent" if listed.total == _MOST else f"{listed.total:,}"
        about = "in the texts and in no authority file; nothing is recorded unasked"
        one = {"people": "person", "venues": "venue"}[what] if listed.total == 1 else what
        self.query_one(Heading).lines = (f"Unreviewed names: {number} {one}", about)
        self.query_one(Status).message = "" if listed.total else f"no unreviewed {what}; tab lists the other names"

    def on_unreviewed_name_list_answered(self, event: UnreviewedNameList.Answered) -> None:
        """Write an answer."""
        self._reviews.review(self._facet, event.name.name, event.answer)

    def _name_answered(self, facet: str, name: str) -> None:
        """Take a name off the list: it is reviewed."""
        listed = self.query_one(UnreviewedNameList)
        self._answered = True
        if facet == self._facet:
            listed.show([each for each in listed.names if each.name != name])
            self._show_count()

    def on_unreviewed_name_list_opened(self, event: UnreviewedNameList.Opened) -> None:
        """Read the articles of a name's sentences."""
        self.post_message(ReadingRequested(NameSequence(self.session, event.name), 0, lambda _: None))

    def action_other_facet(self) -> None:
        """List venues instead of people, or people again."""
        self._facet = "venue" if self._facet == "person" else "person"
        self.load()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(self._answered)

    def action_help(self) -> None:
        """Show help."""
        self.app.push_screen(HelpScreen.about(self))
