"""Saved searches: naming one, the list with how many articles each has and how many are new, and opening one."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from archive import ArchiveError, SavedSearch, SavedStatus, SearchRequest
from archive.render.terminal import cell_width, safe
from archive.render.text import described
from archive.tui import line_layout
from archive.tui.messages import report_damage
from archive.tui.model import request_edits
from archive.tui.model.search_model import ViewResult
from archive.tui.session import Session
from archive.tui.widgets.lists import ViOptionList


def described_fully(request: SearchRequest) -> str:
    """A request in words, with its sort order and other options."""
    options = [
        ("all people", request.all_people and len(request.person) > 1),
        ("any word", request.any_word),
        ("with expansion terms", request.expand),
        (f"by {request.sort}", request.sort != "relevance"),
    ]
    return " · ".join([*described(request), *(name for name, given in options if given)]) or "all articles"


class SaveSearchScreen(ModalScreen[str | None]):
    """Asks for the name under which to save a search, and returns it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, request: SearchRequest) -> None:
        super().__init__()
        self._description = described_fully(request)

    def compose(self) -> ComposeResult:
        """The search in words, and the name."""
        with Vertical(classes="dialog -small"):
            yield Static(Text(safe(self._description)), classes="help-purpose")
            yield Input(value=line_layout.clip_safe(self._description, 40), placeholder="name")

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Save this search as", "⏎ save · esc cancel"
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the name."""
        self.dismiss(event.value.strip() or None)


#: A saved search to open, and its status where it can be run.
OpenedSearch = tuple[SavedSearch, SavedStatus | None]


class SavedSearchesScreen(ModalScreen[OpenedSearch | None]):
    """Lists the saved searches; returns the one to open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,S", "dismiss(None)", "Close"),
        Binding("d,delete", "delete", "Delete"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._searches: dict[str, SavedSearch] = {}
        self._statuses: dict[str, SavedStatus] = {}
        self._errors: dict[str, str] = {}
        self._to_delete = ""

    def compose(self) -> ComposeResult:
        """The list, or a text in its place."""
        with Vertical(classes="dialog"):
            yield Static(classes="help-purpose", id="about")
            yield ViOptionList(id="saved")

    def on_mount(self) -> None:
        """List the searches, and count their articles."""
        self.query_one(".dialog").border_title = "Saved searches"
        self._ask_to_delete("")
        self._list()

    def _ask_to_delete(self, name: str) -> None:
        """Let the next `d` delete the search of that name; "" for none, so that deleting takes two."""
        self._to_delete = name
        keys = "⏎ open · " if self.session.web else "d again to delete · " if name else "⏎ open · d delete · "
        self.query_one(".dialog").border_subtitle = f"{keys}esc close"

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Moving to another search cancels deleting."""
        if event.option.id != self._to_delete:
            self._ask_to_delete("")

    def _list(self) -> None:
        options, about = self.query_one(OptionList), self.query_one("#about", Static)
        options.clear_options()
        try:
            self._searches = {each.name: each for each in self.session.archive.saved.list()}
        except ArchiveError as error:
            about.update(Text(safe(str(error))))
            return
        about.update("" if self._searches else "No saved searches yet; press s in a search to save it.")
        about.display = not self._searches
        options.add_options([Option(self._line(each), id=each.name) for each in self._searches.values()])
        if self._searches:
            options.highlighted = 0
            options.focus()
            self.run_worker(self._count(), exclusive=True)

    def on_index_rebuilt(self) -> None:
        """Count again."""
        self._list()

    async def _count(self) -> None:
        for each in self._searches.values():
            await self._count_one(each)
            self.query_one(OptionList).replace_option_prompt(each.name, self._line(each))

    async def _count_one(self, search: SavedSearch) -> None:
        try:
            self._statuses[search.name] = await self.session.run_quick(self.session.archive.saved.status, search)
        except ArchiveError as error:
            report_damage(self, error)
            self._errors[search.name] = str(error)

    def _line(self, search: SavedSearch) -> Text:
        width = max(20, self.query_one(OptionList).size.width - 4)
        status, error = self._statuses.get(search.name), self._errors.get(search.name)
        count = f"{status.total:,}" if status else "0" if error else "…"
        new = f"{status.new:,} new  " if status and status.new else ""
        name = line_layout.clip_safe(search.name, width - len(count) - len(new) - 2)
        space = " " * (width - cell_width(name) - len(new) - len(count))
        line = Text.assemble((name, "bold"), space, (new, "bold green"), count)
        return line.append(f"\n{line_layout.clip_safe(error or described_fully(search.request), width)}", style="dim")

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the chosen search."""
        search = self._searches[str(event.option.id)]
        if search.name not in self._statuses:
            await self._count_one(search)
        self.dismiss((search, self._statuses.get(search.name)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable deleting in a browser."""
        return not (action == "delete" and self.session.web)

    def action_delete(self) -> None:
        """Delete the search under the cursor, at the second press."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            name = str(options.get_option_at_index(options.highlighted).id)
            if name != self._to_delete:
                self._ask_to_delete(name)
                return
            self._ask_to_delete("")
            try:
                self.session.archive.saved.remove(name)
            except ArchiveError as error:
                self.notify(str(error), severity="error")
            self._list()


class SavedSearchActions:
    """Saves searches, and keeps what the user has looked at of what is new in the saved search opened last.

    An article is no longer new once it was under the cursor or was read; opening a search tells nothing yet.

    new_ids  articles that are new in that search, also those that were looked at since it was opened
    unseen   those of them that were not
    """

    def __init__(self, session: Session) -> None:
        self._session, self._saved = session, session.archive.saved
        self._opened: SavedStatus | None = None
        self._kept: frozenset[str] | None = None
        self.new_ids: frozenset[str] = frozenset()
        self.unseen: frozenset[str] = frozenset()

    async def save(self, name: str, request: SearchRequest, shown: ViewResult | None) -> SavedSearch:
        """Save a request; `shown` is the result on the screen. Raises ArchiveError."""
        run, archive = self._session.run_quick, self._session.archive
        search = await run(self._saved.add, name, request)
        status = await run(self._saved.status, search)
        if shown is not None and shown.request == request and shown.generation == archive.generation:
            await run(self._saved.mark_seen, status)
        return search

    def open(self, opened: OpenedSearch) -> SearchRequest:
        """The request of a saved search, whose news are followed from now on."""
        search, self._opened = opened
        self.new_ids = self.unseen = self._opened.new_ids if self._opened is not None else frozenset()
        self._kept = None
        return search.request

    def new_in(self, shown: ViewResult) -> frozenset[str]:
        """What is new in a result of the search opened last, or of one that narrows it further."""
        if self._opened is None:
            return frozenset()
        opened, now = self._opened.search.request, shown.request
        narrower = set(request_edits.constraints(opened)) <= set(request_edits.constraints(now))
        return self.new_ids if narrower else frozenset()

    def look_at(self, *article_ids: str) -> None:
        """The user has looked at some articles."""
        self.unseen = self.unseen.difference(article_ids)

    def look_at_all(self) -> None:
        """The user needs to see no more of what is new."""
        self.unseen = self.new_ids = frozenset()

    async def keep(self) -> None:
        """Remember what was looked at; raises ArchiveError."""
        if self._opened is not None and self._kept != self.unseen and not self._session.web:
            self._kept = self.unseen
            await self._session.run_quick(self._saved.mark_seen, self._opened, self.unseen)
