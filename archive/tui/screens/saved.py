"""Saved searches as folders: how many articles each has now, and how many of them are new."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from archive import ArchiveError, SavedSearch, SavedStatus
from archive.query.request import SearchRequest
from archive.render.terminal import safe
from archive.render.text import described
from archive.text.graphemes import cell_width
from archive.tui import line_layout
from archive.tui import line_layout as strips
from archive.tui.messages import told_of_damage
from archive.tui.session import Session
from archive.tui.widgets.vi_option_list import Choices


def described_fully(request: SearchRequest) -> str:
    """What a search asks, in words, with the ways in which it asks."""
    ways = [
        ("all of them", request.all_people and len(request.person) > 1),
        ("any of the words", request.any_word),
        ("with related words", request.expand),
        (f"by {request.sort}", request.sort != "relevance"),
    ]
    return " · ".join([*described(request), *(way for way, taken in ways if taken)]) or "every article"


class NameScreen(ModalScreen[str | None]):
    """Asks for the name under which to save a search."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, request: SearchRequest) -> None:
        super().__init__()
        self._said = described_fully(request)

    def compose(self) -> ComposeResult:
        """A line to type in."""
        with Vertical(classes="dialog -small"):
            yield Static(Text(safe(self._said)), classes="help-purpose")
            yield Input(value=line_layout.shown(self._said, 40), placeholder="name")

    def on_mount(self) -> None:
        """Say what is asked."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Save this search as", "⏎ save · esc cancel"
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """That is the name."""
        self.dismiss(event.value.strip() or None)


#: A saved search to open, and how it stands where it can be run.
Opened = tuple[SavedSearch, SavedStatus | None]


class SavedScreen(ModalScreen[Opened | None]):
    """Lists the saved searches; answers with the one to open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,S", "dismiss(None)", "Close"),
        Binding("d,delete", "delete", "Delete"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._searches: dict[str, SavedSearch] = {}
        self._found: dict[str, SavedStatus] = {}
        self._troubles: dict[str, str] = {}
        self._to_delete = ""

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(classes="dialog"):
            yield Static(classes="help-purpose", id="about")
            yield Choices(id="saved")

    def on_mount(self) -> None:
        """List them, and count."""
        self.query_one(".dialog").border_title = "Saved searches"
        self._ask_to_delete("")
        self._list()

    def _ask_to_delete(self, name: str) -> None:
        """Have `d` delete the search of that name, and say so; none at first, so that it takes two."""
        self._to_delete = name
        what = "⏎ open · " if self.session.web else "d again deletes it · " if name else "⏎ open · d delete · "
        self.query_one(".dialog").border_subtitle = f"{what}esc close"

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Whoever goes on to another deletes none."""
        if event.option.id != self._to_delete:
            self._ask_to_delete("")

    def _list(self) -> None:
        choices, about = self.query_one(OptionList), self.query_one("#about", Static)
        choices.clear_options()
        try:
            self._searches = {each.name: each for each in self.session.archive.saved.list()}
        except ArchiveError as error:
            about.update(Text(safe(str(error))))
            return
        about.update("" if self._searches else "None yet: s saves the search you are in.")
        about.display = not self._searches
        choices.add_options([Option(self._line(each), id=each.name) for each in self._searches.values()])
        if self._searches:
            choices.highlighted = 0
            choices.focus()
            self.run_worker(self._count(), exclusive=True)

    def mended(self) -> None:
        """The index was damaged and is made anew: count again."""
        self._list()

    async def _count(self) -> None:
        for each in self._searches.values():
            await self._count_one(each)
            self.query_one(OptionList).replace_option_prompt(each.name, self._line(each))

    async def _count_one(self, search: SavedSearch) -> None:
        try:
            self._found[search.name] = await self.session.aside(self.session.archive.saved.status, search)
        except ArchiveError as error:
            told_of_damage(self, error)
            self._troubles[search.name] = str(error)

    def _line(self, search: SavedSearch) -> Text:
        width = max(20, self.query_one(OptionList).size.width - 4)
        found, trouble = self._found.get(search.name), self._troubles.get(search.name)
        count = f"{found.total:,}" if found else "0" if trouble else "…"
        newer = f"{found.new:,} new  " if found and found.new else ""
        name = strips.shown(search.name, width - len(count) - len(newer) - 2)
        space = " " * (width - cell_width(name) - len(newer) - len(count))
        line = Text.assemble((name, "bold"), space, (newer, "bold green"), count)
        return line.append(f"\n{strips.shown(trouble or described_fully(search.request), width)}", style="dim")

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it."""
        search = self._searches[str(event.option.id)]
        if search.name not in self._found:
            await self._count_one(search)
        self.dismiss((search, self._found.get(search.name)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a browser nothing touches files."""
        return not (action == "delete" and self.session.web)

    def action_delete(self) -> None:
        """Forget the one under the cursor, once that was asked for twice."""
        choices = self.query_one(OptionList)
        if choices.highlighted is not None:
            name = str(choices.get_option_at_index(choices.highlighted).id)
            if name != self._to_delete:
                self._ask_to_delete(name)
                return
            self._ask_to_delete("")
            try:
                self.session.archive.saved.remove(name)
            except ArchiveError as error:
                self.notify(str(error), severity="error")
            self._list()
