"""Help for the current screen: what each panel is for, and its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, TypeAlias

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from archive.render.terminal import cell_width
from archive.tui.keys import listed_bindings, panel_name, run_action
from archive.tui.widgets.lists import ViOptionList
from archive.tui.widgets.query_line import Query

#: A heading, a sentence, and rows of a key or a query with what it does.
Section: TypeAlias = tuple[str, str, Sequence[tuple[str, str]]]

#: Cells of the dialog, of its frame, padding and scroll bar, of the column of keys, and between that and the next.
_DIALOG_WIDTH, _FRAME_WIDTH, _KEY_WIDTH, _GAP = 76, 10, 14, 2

_QUERY = (
    ("gala dinner", "both words, in any order"),
    ('"prison reform"', "a phrase"),
    ("gala OR dinner", "either word"),
    ("dinner -birthday", "excludes a word"),
    ("(gala OR ball) park", "grouping"),
    ("title:gala  person:trump", "in one field"),
    ("year:2016..2020", "years; also date:2016-05"),
    ("photograph*  kardashan~", "prefix; fuzzy match"),
    ("has:venue  missing:year", "with or without a value"),
)


class HelpScreen(ModalScreen[None]):
    """Keys by panel, the focused one first, and the query syntax; an entry can be looked for, and run.

    actions  the panel or screen and the action of an entry, by its section and what it does
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,f1", "dismiss", "Close"),
        Binding("escape", "leave", "Close"),
        Binding("slash", "filter", "Filter"),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]

    def __init__(self, sections: Sequence[Section], actions: Mapping[tuple[str, str], tuple[DOMNode, str]]) -> None:
        super().__init__()
        self._sections, self._actions = sections, actions
        self._listed: list[tuple[str, str] | None] = []
        self._width = 0

    @classmethod
    def about(cls, screen: Screen[Any]) -> Self:
        """Help for the panels of a screen, the focused one first."""
        panels = [widget for widget in screen.query("*") if widget.focusable and _is_ours(widget)]
        focused = screen.focused
        panels.sort(key=lambda widget: widget is not focused)
        nodes: list[DOMNode] = [*panels[:1], screen, *panels[1:]]
        found = [_section(screen, node) for node in nodes if _keys(screen, node)]
        actions = {
            (_title(screen, node), binding.description): (each, binding.action)
            for node in nodes
            for each in ((node, screen.app) if node is screen else (node,))
            for binding in listed_bindings(each)
        }
        found.insert(1 if isinstance(focused, Query) else len(found), ("Query syntax", "", _QUERY))
        return cls(found, actions)

    def compose(self) -> ComposeResult:
        """The sections, and the line to look for an entry."""
        with Vertical(classes="dialog"):
            yield Input(placeholder="words of what you want to do", id="help-filter")
            yield ViOptionList(id="help")

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Help", "/ filter · ⏎ run · esc close"
        self.query_one(Input).display = False
        self._width = self.app.size.width
        self._list("")
        self.query_one(OptionList).focus()
        self.call_after_refresh(self.action_first)

    def _list(self, words: str) -> None:
        """List the entries that have all of some words, under their headings."""
        options, wanted = self.query_one(OptionList), words.casefold().split()
        self._listed, shown = [], list[Option]()
        for title, purpose, rows in self._sections:
            kept = [row for row in rows if all(word in f"{title} {' '.join(row)}".casefold() for word in wanted)]
            if not kept:
                continue
            heading = [Text(title, style=f"bold {self.app.theme_variables['primary']}")]
            heading += [Text(purpose)] if purpose and not wanted else []
            if shown:
                heading.insert(0, Text(""))
            shown.append(Option(Group(*heading), disabled=True))
            shown += [Option(_entry(*row, min(_DIALOG_WIDTH, self._width) - _FRAME_WIDTH)) for row in kept]
            self._listed += [None, *((title, what) for _, what in kept)]
        options.clear_options()
        options.add_options(shown)
        if shown:
            options.highlighted = 1

    def on_resize(self, event: events.Resize) -> None:
        """Other entries fit into their lines."""
        if event.size.width != self._width:
            self._width = event.size.width
            self._list(self.query_one(Input).value)

    def action_filter(self) -> None:
        """Look for an entry."""
        line = self.query_one(Input)
        line.display = True
        line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """List the entries that have the words typed."""
        self._list(event.value)

    def on_key(self, event: events.Key) -> None:
        """From the line, the arrows go to the entries."""
        if event.key in ("down", "up") and isinstance(self.focused, Input):
            event.stop()
            self.query_one(OptionList).focus()

    def on_input_submitted(self, _: Input.Submitted) -> None:
        """Run the entry under the cursor."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._run_entry(options.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Run the chosen entry."""
        self._run_entry(event.option_index)

    def _run_entry(self, index: int) -> None:
        """Close, and do what an entry says; the examples of queries do nothing."""
        entry = self._listed[index]
        self.dismiss()
        if entry is not None and (found := self._actions.get(entry)) is not None:
            self.app.call_later(run_action, self.app, self.app.screen_stack[-2], *found)

    def action_leave(self) -> None:
        """From the line back to all entries; close."""
        line = self.query_one(Input)
        if not line.display:
            self.dismiss()
            return
        line.display, line.value = False, ""
        self.query_one(OptionList).focus()

    def action_first(self) -> None:
        """Go to the first entry, its heading in view."""
        if isinstance(self.focused, Input):
            return
        options = self.query_one(OptionList)
        options.action_first()
        options.scroll_home(animate=False)

    def action_last(self) -> None:
        """Go to the last entry."""
        self.query_one(OptionList).action_last()


def _is_ours(node: DOMNode) -> bool:
    return type(node).__module__.startswith("archive.")


def _keys(screen: Screen[Any], node: DOMNode) -> list[tuple[str, str]]:
    """The keys of a panel or screen with what they do, one row per action."""
    found: dict[str, tuple[list[str], str]] = {}
    for each in (node, screen.app) if node is screen else (node,):
        for binding in listed_bindings(each):
            key = screen.app.get_key_display(Binding(binding.key, binding.action))
            found.setdefault(binding.action, ([], binding.description))[0].append(key)
    return [(" ".join(keys), what) for keys, what in found.values()]


def _title(screen: Screen[Any], node: DOMNode) -> str:
    return "Everywhere" if node is screen else panel_name(node)


def _section(screen: Screen[Any], node: DOMNode) -> Section:
    return _title(screen, node), " ".join((getattr(node, "HELP", "") or "").split()), _keys(screen, node)


def _entry(key: str, what: str, width: int) -> Text | Table:
    """A key and what it does: a table where that takes more than one line, which takes far longer to draw."""
    if cell_width(key) <= _KEY_WIDTH and _KEY_WIDTH + _GAP + cell_width(what) <= width:
        return Text.assemble((f"{key}{' ' * (_KEY_WIDTH + _GAP - cell_width(key))}", "bold"), what)
    table = Table.grid(padding=(0, _GAP))
    table.add_column(no_wrap=True, min_width=_KEY_WIDTH)
    table.add_column()
    table.add_row(Text(key, style="bold"), Text(what))
    return table
