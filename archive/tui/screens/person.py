"""A person's page, and a pair's: when and where they were seen, with whom, and the sentences that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from archive.errors import ArchiveError
from archive.query.request import SearchRequest
from archive.tui.bindings import HELP_KEYS
from archive.tui.messages import Narrow, told_of_damage
from archive.tui.model import person_page
from archive.tui.model.article_sequence import SeenWalk
from archive.tui.model.person_page import Around, Sightings
from archive.tui.screens.article_loader import Outcome
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.responsive import Folding
from archive.tui.session import Session
from archive.tui.widgets.encounter_list import Seen
from archive.tui.widgets.heading import Heading
from archive.tui.widgets.related_panel import Beside
from archive.tui.widgets.status import Status
from archive.tui.widgets.year_picker import Span

_PANES = ("seen", "beside", "span")


class PeopleScreen(Folding[Narrow | None]):
    """The encounters of one person, or of two together; answers with how the search is to be narrowed, if at all."""

    HELP = "When and where people were seen, and with whom. Enter on a sentence reads the article there."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h,left", "dismiss(None)", "Back", key_display="esc"),
        Binding("tab", "pane(1)", "Panels", show=True),
        Binding("shift+tab", "pane(-1)", "Previous panel", show=False),
        Binding("s", "search", "Search their articles"),
        *HELP_KEYS,
    ]

    def __init__(self, session: Session, names: Sequence[str]) -> None:
        super().__init__()
        self.session, self.names = session, tuple(names)
        self.around = Around()
        self._limits: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        """Who it is above, who and what is around them beside where they were seen, and how things stand below."""
        yield Heading(id="heading")
        with Horizontal(id="main"):
            with Vertical(id="side"):
                yield Beside(id="beside")
                yield Span(id="span")
            with Vertical(id="found"):
                yield Seen(id="seen")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Ask."""
        alone = len(self.names) == 1
        self.query_one("#side").border_title = "Companions and venues" if alone else "Venues and silences"
        self.query_one("#found").border_title = "Seen" if alone else "Seen together"
        self.query_one(Heading).lines = (" + ".join(self.names),)
        self.query_one(Status).aside = self.session.archive.settings.name
        self.query_one(Status).now = "looking…"
        self.set_focus(self.query_one(Seen))
        self.load()

    def load(self) -> None:
        """Ask everything, anew if need be."""
        self.run_worker(self._load(), group="people", exclusive=True)

    mended = load

    # -- asking ------------------------------------------------------------------------

    async def _load(self) -> None:
        """First what is seen first; then the rest, and who is around."""
        archive = self.session.archive
        try:
            shown = await self.session.digress(person_page.sightings, archive, self.names, person_page.FIRST)
            self._show(shown)
            if not shown.whole:
                self._show(await self.session.digress(person_page.sightings, archive, self.names, person_page.MOST))
            await self._look_around()
        except ArchiveError as error:
            self._fail(error)

    async def _look_around(self) -> None:
        self.around = await self.session.digress(person_page.around, self.session.archive, self.names, self._limits)
        self._list()

    def _fail(self, error: ArchiveError) -> None:
        told_of_damage(self, error)
        self.query_one(Status).error = str(error)

    def _show(self, shown: Sightings) -> None:
        self.names = shown.found.people
        self.query_one(Heading).lines = (" + ".join(self.names), *person_page.summary(shown))
        self.query_one(Seen).show(shown)
        self.query_one(Span).show(SearchRequest(), person_page.years(shown.found.rows))
        self._list()
        self._stand()

    def _list(self) -> None:
        beside = self.query_one(Beside)
        beside.show(person_page.rows(self.names, self.around, self.query_one(Seen).shown.silences))

    # -- where one is ------------------------------------------------------------------

    def _stand(self) -> None:
        """Say what is under the cursor."""
        seen, beside, status = self.query_one(Seen), self.query_one(Beside), self.query_one(Status)
        status.error = ""
        if self.focused is beside and beside.current is not None:
            status.now = beside.current.about
        else:
            status.now = f"encounter {seen.cursor + 1:,} of {seen.total:,}" if seen.total else "no encounter"

    on_seen_moved = on_beside_moved = on_descendant_focus = _stand

    def action_pane(self, by: int | str) -> None:
        """To another panel; in a narrow window it takes the place of the others."""
        if isinstance(by, int):
            here = self.focused.id if self.focused is not None else None
            by = _PANES[(_PANES.index(here) + by) % len(_PANES)] if here in _PANES else _PANES[0]
        self.fold(by != "seen")
        self.set_focus(self.query_one(f"#{by}"))

    def _go(self, row: int) -> None:
        self.action_pane("seen")
        self.query_one(Seen).go(row)

    # -- where it leads ----------------------------------------------------------------

    def on_seen_opened(self, event: Seen.Opened) -> None:
        """Read the article of an encounter at its sentence."""
        self.run_worker(self._open(event.place), group="opening", exclusive=True)

    async def _open(self, place: int) -> None:
        from archive.tui.screens.reader import ReaderScreen

        rows = self.query_one(Seen).shown.found.rows
        reader = await ReaderScreen(SeenWalk(self.session, rows, self.load), place).ready()
        self.app.push_screen(reader, self._read)

    def _read(self, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.narrow is not None:
            self.dismiss(outcome.narrow)
        elif outcome is not None:
            self._go(outcome.place)

    def on_beside_chosen(self, event: Beside.Chosen) -> None:
        """To a pair's page or a person's, to the articles at a venue, or to where a silence began."""
        value = event.row.value
        match event.row.section:
            case "Companions":
                self.app.push_screen(PeopleScreen(self.session, (*self.names, value)), self._come_back)
            case "People":
                self.app.push_screen(PeopleScreen(self.session, (value,)), self._come_back)
            case "Venues":
                self.dismiss(Narrow(lambda _: person_page.asked(self.names).replace(venue=(value,))))
            case "Silences":
                rows = self.query_one(Seen).shown.found.rows
                self._go(next((number for number, row in enumerate(rows) if row.date == value), 0))

    def _come_back(self, narrow: Narrow | None) -> None:
        if narrow is not None:
            self.dismiss(narrow)

    def on_beside_more(self, event: Beside.More) -> None:
        """List more of a section."""
        self._limits[event.section] = self._limits.get(event.section, person_page.LISTED) * 4
        self.run_worker(self._more(), group="people")

    async def _more(self) -> None:
        try:
            await self._look_around()
        except ArchiveError as error:
            self._fail(error)

    def on_span_chosen(self, event: Span.Chosen) -> None:
        """To the newest encounter of a year."""
        rows = self.query_one(Seen).shown.found.rows
        first, last = f"{event.years.first:04}", f"{event.years.last:04}"
        self._go(next((n for n, row in enumerate(rows) if row.date and first <= row.date[:4] <= last), 0))

    def action_search(self) -> None:
        """Search the articles of these people."""
        self.dismiss(Narrow(lambda _: person_page.asked(self.names)))

    def action_help(self) -> None:
        """What can be done here."""
        self.app.push_screen(HelpScreen.about(self))
