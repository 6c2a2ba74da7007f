"""Saved searches as folders: how many articles each has now, and how many of them are new."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from archive.api import Archive
from archive.errors import ArchiveError
from archive.query.request import SearchRequest
from archive.render.terminal import safe
from archive.render.text import described
from archive.saved.searches import SavedSearch, delete, load_saved, request_record
from archive.text.graphemes import cell_width
from archive.tui import line_layout
from archive.tui.messages import told_of_damage
from archive.tui.session import Session
from archive.tui.widgets.vi_option_list import Choices

#: Articles of a saved search that are known one by one; of more than that only the number is.
_KNOWN = 3000


def described_fully(request: SearchRequest) -> str:
    """What a search asks, in words, with the ways in which it asks."""
    ways = [
        ("all of them", request.all_people and len(request.person) > 1),
        ("any of the words", request.any_word),
        ("with related words", request.expand),
        (f"by {request.sort}", request.sort != "relevance"),
    ]
    return " · ".join([*described(request), *(way for way, taken in ways if taken)]) or "every article"


def contents(archive: Archive, request: SearchRequest) -> dict[str, Any]:
    """What a saved search asks and finds now: the total, and the ids unless they are too many."""
    total = archive.search(request.but(limit=0, facets=())).total
    found: dict[str, Any] = {"asked": request_record(request), "total": total}
    if total <= _KNOWN:
        found["ids"] = [each.id for each in archive.articles(request.but(limit=None, facets=()))]
    return found


def new_since(now: dict[str, Any], seen: object) -> int:
    """How many articles are there that were not when the search was last opened."""
    if not isinstance(seen, dict):
        return 0
    if seen.get("asked") != now.get("asked"):
        return 0
    if "ids" in now and isinstance(seen.get("ids"), list):
        return len(set(now["ids"]) - {each for each in seen["ids"] if isinstance(each, str)})
    before = seen.get("total")
    return max(0, now["total"] - before) if isinstance(before, int) else 0


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


class SavedScreen(ModalScreen[SavedSearch | None]):
    """Lists the saved searches; answers with the one to open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,S", "dismiss(None)", "Close"),
        Binding("d,delete", "delete", "Delete"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._searches: dict[str, SavedSearch] = {}
        self._contents: dict[str, dict[str, Any]] = {}
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
            self._searches = {each.name: each for each in load_saved(self.session.archive.root)}
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
            found = await self.session.aside(contents, self.session.archive, search.request)
        except ArchiveError as error:
            told_of_damage(self, error)
            found = {"total": 0, "trouble": str(error)}
        self._contents[search.name] = found

    def _line(self, search: SavedSearch) -> Text:
        width = max(20, self.query_one(OptionList).size.width - 4)
        found = self._contents.get(search.name)
        count = "…" if found is None else f"{found['total']:,}"
        new = new_since(found, self.session.state.seen.get(search.name)) if found else 0
        newer = f"{new:,} new  " if new else ""
        name = line_layout.shown(search.name, width - len(count) - len(newer) - 2)
        space = " " * (width - cell_width(name) - len(newer) - len(count))
        line = Text.assemble((name, "bold"), space, (newer, "bold green"), count)
        said = (found or {}).get("trouble") or described_fully(search.request)
        return line.append(f"\n{line_layout.shown(said, width)}", style="dim")

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open it; what it finds now has then been seen."""
        search = self._searches[str(event.option.id)]
        if search.name not in self._contents:
            await self._count_one(search)
        self.session.state.seen[search.name] = self._contents[search.name]
        self.dismiss(search)

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
                delete(self.session.archive.root, name)
            except ArchiveError as error:
                self.notify(str(error), severity="error")
            self.session.state.seen.pop(name, None)
            self._list()
