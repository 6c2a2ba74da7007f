"""Help for the current screen: what each panel is for, and its keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self, TypeAlias

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from archive.tui.keys import listed_bindings, panel_name
from archive.tui.widgets.query_line import Query

#: A heading, a sentence, and rows of a key or a query with what it does.
Section: TypeAlias = tuple[str, str, Sequence[tuple[str, str]]]

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
    """Keys by panel, the focused one first, and the query syntax."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "Close"),
        Binding("j", "app.simulate_key('down')", show=False),
        Binding("k", "app.simulate_key('up')", show=False),
        Binding("g", "app.simulate_key('home')", show=False),
        Binding("G", "app.simulate_key('end')", show=False),
    ]

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self._sections = sections

    @classmethod
    def about(cls, screen: Screen[Any]) -> Self:
        """Help for the panels of a screen, the focused one first."""
        panels = [widget for widget in screen.query("*") if widget.focusable and _is_ours(widget)]
        focused = screen.focused
        panels.sort(key=lambda widget: widget is not focused)
        found = [_section(screen, node) for node in (*panels[:1], screen, *panels[1:]) if _keys(screen, node)]
        found.insert(1 if isinstance(focused, Query) else len(found), ("Query syntax", "", _QUERY))
        return cls(found)

    def compose(self) -> ComposeResult:
        """The sections."""
        with Vertical(classes="dialog"), VerticalScroll():
            for title, purpose, keys in self._sections:
                yield Static(Text(title), classes="help-title")
                if purpose:
                    yield Static(Text(purpose), classes="help-purpose")
                yield Static(_table(keys))

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Help", "esc close · ↑↓ scroll"
        self.query_one(VerticalScroll).focus()


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


def _section(screen: Screen[Any], node: DOMNode) -> Section:
    title = "Everywhere" if node is screen else panel_name(node)
    return title, " ".join((getattr(node, "HELP", "") or "").split()), _keys(screen, node)


def _table(rows: Sequence[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=14)
    table.add_column()
    for key, what in rows:
        table.add_row(Text(key, style="bold"), Text(what))
    return table
