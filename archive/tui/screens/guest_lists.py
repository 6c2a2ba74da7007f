"""The occasions page: the guest list of an evening, rebuilt from the articles."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from archive import ArchiveError, Article, Occasion, SearchRequest, YearRange
from archive.render.terminal import Mark
from archive.render.text import pluralize
from archive.tui.keys import HELP_KEYS
from archive.tui.messages import ChangeRequest, PersonPageRequested, ReadingRequested
from archive.tui.model import guest_list
from archive.tui.model.guest_list import OccasionScope
from archive.tui.screens.related_page import RelatedPage
from archive.tui.session import Session
from archive.tui.widgets.occasion_list import OccasionList
from archive.tui.widgets.related_panel import RelatedPanel
from archive.tui.widgets.status import Heading, Status


class OccasionSequence:
    """The articles of occasions; matches are the names in the sentences that tell of each."""

    item_name = "occasion"
    has_query = False

    def __init__(self, screen: OccasionsScreen, occasions: tuple[Occasion, ...]) -> None:
        self.session, self.refresh, self._occasions = screen.session, screen.load, occasions

    def was_read(self, article: Article) -> None:
        """Nothing to note."""

    @property
    def total(self) -> int:
        """Number of occasions."""
        return len(self._occasions)

    async def article_id(self, index: int) -> str | None:
        """The id of an occasion's article."""
        return self._occasions[index].id if 0 <= index < self.total else None

    def matches(self, article: Article, index: int | None, start: int, end: int) -> list[Mark]:
        """The names in what the article says of an occasion."""
        if index is None:
            return []
        found = guest_list.proof_marks(self.session.archive, self._occasions[index])
        return [mark for mark in found if start <= mark[0] < end]

    def title_matches(self, article: Article) -> tuple[Mark, ...]:
        """None: what is told is in the text."""
        return ()


class OccasionsScreen(RelatedPage):
    """Occasions and their guest lists; returns how the search is to change, if at all."""

    HELP = "● the text says that they were there, ◐ it follows from the passage, ✕ they were said to be absent."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,h,left", "dismiss(None)", "Back", key_display="esc"),
        Binding("tab,shift+tab", "pane", "Panels", key_display="tab"),
        Binding("y,v", "copy", "Copy", key_display="y"),
        *HELP_KEYS,
    ]

    def __init__(
        self,
        session: Session,
        venues: tuple[str, ...] = (),
        years: tuple[YearRange, ...] = (),
        people: tuple[str, ...] = (),
    ) -> None:
        super().__init__(session)
        self.scope = OccasionScope(venues, years, people)

    def compose(self) -> ComposeResult:
        """What was asked for above; the guest list beside the occasions; the status below."""
        yield Heading(id="heading")
        with Horizontal(id="main"):
            with Vertical(id="side"):
                yield RelatedPanel(id="guests")
            with Vertical(id="found"):
                yield OccasionList(id="occasions")
        yield Status(id="status")

    def on_mount(self) -> None:
        """Set the titles, and load."""
        self.query_one("#side").border_title = "Guest list"
        self.query_one("#found").border_title = "Occasions"
        self.query_one(Heading).lines = (f"Occasions: {self.scope}",)
        self.status.context = self.session.archive.settings.name
        self.status.message = "searching…"
        self.set_focus(self._list)
        self.load()

    @property
    def _list(self) -> OccasionList:
        return self.query_one(OccasionList)

    def load(self) -> None:
        """Load everything, again if necessary."""
        self.run_worker(self._load(), group="occasions", exclusive=True)

    on_index_rebuilt = load

    async def _load(self) -> None:
        try:
            found = await self.session.run_slow(guest_list.fetch_occasions, self.session.archive, self.scope)
        except ArchiveError as error:
            self.fail(error)
            return
        number = guest_list.names_in_rows(found)
        people = f"{number:,} people" if number != 1 else "1 person"
        dated = [each.when for each in found if each.when]
        span = f"{min(dated)} to {max(dated)}" if dated else ""
        about = " · ".join(filter(None, [pluralize(len(found), "occasion"), people, span]))
        self.query_one(Heading).lines = (f"Occasions: {self.scope}", about)
        self._list.show(found)
        self._show_guests()

    def _show_guests(self) -> None:
        """Show the guest list of the occasion under the cursor."""
        current = self._list.current
        self.panel.show(guest_list.guest_rows(current) if current is not None else ())
        self._show_status()

    def _show_status(self) -> None:
        list_, panel, status = self._list, self.panel, self.status
        status.error = ""
        if self.focused is panel and panel.current is not None and panel.current.about:
            status.message = panel.current.about
        else:
            status.message = f"occasion {list_.cursor + 1:,} of {list_.total:,}" if list_.total else "no occasions"

    on_item_list_cursor_moved = _show_guests
    on_related_panel_cursor_moved = on_descendant_focus = _show_status

    def action_pane(self, to: str = "") -> None:
        """Focus the guest list, or the occasions again; or a panel by its name."""
        to = to or ("guests" if self.focused is self._list else "occasions")
        self.show_panel(side=to == "guests")
        self.set_focus(self.query_one(f"#{to}"))

    # -- where rows lead ---------------------------------------------------------------

    def on_item_list_opened(self, event: OccasionList.Opened) -> None:
        """Read the article of an occasion where it tells of it."""
        self._open(event.index)

    def _open(self, index: int) -> None:
        sequence = OccasionSequence(self, tuple(self._list.items))
        self.post_message(ReadingRequested(sequence, index, self.reader_closed))

    def go_to(self, index: int) -> None:
        """Move the cursor to an occasion, and the focus with it."""
        self.action_pane("occasions")
        self._list.cursor = index
        self._list.cursor_moved()

    def on_related_panel_chosen(self, event: RelatedPanel.Chosen) -> None:
        """Open a guest's page, search the articles at the venue, or read a source."""
        value = event.row.value
        match event.row.section:
            case "There" | "Said absent":
                self.post_message(PersonPageRequested((value,), self.page_closed))
            case "Venue":
                self.dismiss(ChangeRequest(lambda _: SearchRequest(venue=(value,))))
            case "Sources":
                self._open(self._list.cursor)

    def action_copy(self) -> None:
        """Copy the sentences that tell of the occasion under the cursor, as quotations."""
        if (occasion := self._list.current) is not None:
            nothing = "No text tells of this occasion."
            self.copy_quotes(partial(guest_list.quote_occasion, self.session.archive, occasion), nothing)
