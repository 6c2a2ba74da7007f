"""The private parts of Textual that the terminal UI depends on: these, and no others.

Each is wrapped in a function named by what it is for, or is a method that a class of ours overrides and that
`OVERRIDDEN` lists. A test for each fails when another version of Textual does without it, or calls it otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.widgets import Input

#: Private methods that classes of ours override: the base class, its module, the method, and what it is overridden for.
OVERRIDDEN = (
    ("textual.app", "App", "_handle_exception", "an error reaches the command that runs the app"),
    ("textual.app", "App", "_fatal_error", "no traceback is printed"),
    ("textual_serve.server", "Server", "_make_app", "requests are checked before they are answered"),
)


def bindings(node: DOMNode) -> list[Binding]:
    """The bindings in effect on a node, one per key, inherited ones included."""
    return [binding for _, binding in node._bindings]


def close_messages(app: App[Any]) -> None:
    """Have the app stop processing messages, and so end."""
    app._close_messages_no_wait()


def clear_suggestion(field: Input) -> None:
    """Drop the suggestion that an input shows behind the cursor, before another is there."""
    field._suggestion = ""


def vertical_scrollbar(view: ScrollView, make: Callable[[], ScrollBar]) -> ScrollBar:
    """The vertical scroll bar of a scrolling widget; `make` makes it when it is first asked for."""
    if view._vertical_scrollbar is None:
        view._vertical_scrollbar = bar = make()
        bar.display = False
        view.app._start_widget(view, bar)
    return view._vertical_scrollbar
