"""Key bindings that several panels share, the bindings of a panel as listed in help, and the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from archive.render.terminal import cell_width
from archive.tui import line_layout, textual_internals


def hidden(keys: str, action: str, description: str) -> Binding:
    """A binding that is listed in help and the palette, but not at the foot of the screen."""
    return Binding(keys, action, description, show=False)


def up_down(action: str) -> list[Binding]:
    """Down and up by one; `action` takes 1 or -1."""
    return [hidden("down,j", f"{action}(1)", "Down"), hidden("up,k", f"{action}(-1)", "Up")]


def left_right(action: str, back: str = "Previous", on: str = "Next") -> list[Binding]:
    """Left and right by one; `action` takes -1 or 1."""
    return [hidden("left,h", f"{action}(-1)", back), hidden("right,l", f"{action}(1)", on)]


def ends(first: str, last: str, names: tuple[str, str]) -> list[Binding]:
    """To the first and to the last, by an action each."""
    return [hidden("g,home", first, names[0]), hidden("G,end", last, names[1])]


def sections(action: str, what: str) -> list[Binding]:
    """To the next and the previous section; `action` takes 1 or -1."""
    return [
        hidden("right_curly_bracket,right_square_bracket", f"{action}(1)", f"Next {what}"),
        hidden("left_curly_bracket,left_square_bracket", f"{action}(-1)", f"Previous {what}"),
    ]


#: What is answered about a name, the same wherever one stands; `action` takes the answer.
REVIEW_KEYS = (
    hidden("A", "review_name('accept')", "Accept the name: record it"),
    hidden("M", "review_name('merge')", "Merge the name into another"),
    hidden("X", "review_name('forbid')", "Forbid the name: never suggest it again"),
    hidden("L", "review_name('place')", "Mark the name as a place"),
)

#: Out of a panel.
LEAVE = hidden("escape", "leave", "Back to the results")

#: Help; F1 also works in an input, where a question mark is typed as text.
HELP_KEYS = (Binding("question_mark", "help", "Help", key_display="?"), Binding("f1", "help", "Help"))

_PANEL_NAMES = {"context": "Companions, venues, gaps"}


def panel_name(node: DOMNode) -> str:
    """A panel's name in help and in the palette."""
    name = node.id or type(node).__name__
    return _PANEL_NAMES.get(name, name.capitalize())


def listed_bindings(node: DOMNode) -> list[Binding]:
    """The bindings of a panel or screen for help and palette, one per key.

    Those that Textual's base classes declare are left out; those of the most derived class come first.
    """
    ours = [each for each in type(node).__mro__ if each.__module__.startswith("archive.")]
    declared = [binding for each in ours for binding in each.__dict__.get("BINDINGS", ())]
    order = list(dict.fromkeys(binding.action for binding in declared))
    found = [each for each in textual_internals.bindings(node) if each.description and each.action in order]
    return sorted(found, key=lambda binding: order.index(binding.action))


#: The score of an action of which only the phrase has the words looked for; a name scores from 0 to 1.
_PHRASE_SCORE = 0.1
#: Cells of a line of the palette that are not for its text.
_PALETTE_MARGIN = 8


class OrderedInput(Input):
    """A line to type in whose keys act in the order in which they are pressed.

    Textual runs the action of a key when its event has come to the app, by when letters typed behind it may already
    be in the line: those after Ctrl+U would be cleared with what was before it.
    """

    async def on_key(self, event: events.Key) -> None:
        """Run the action of a key of this widget at once."""
        for binding in type(self).__dict__.get("BINDINGS", ()):
            if event.key in binding.key.split(","):
                event.stop()
                event.prevent_default()
                await self.run_action(binding.action)
                return


async def run_action(app: App[Any], screen: Screen[Any], node: DOMNode, action: str) -> None:
    """Run the action of a panel, of a screen or of the app; a panel's with the focus on the panel."""
    if isinstance(node, Widget) and node is not screen:
        focus_panel = getattr(screen, "action_pane", None)
        if focus_panel is not None and node.id is not None:
            focus_panel(node.id)
        node.focus()
    await app.run_action(action, node)


class CommandPalette(Provider):
    """Every action of the screen and of each of its panels, by name; a panel's action focuses the panel first."""

    def _commands(self) -> Iterator[tuple[str, str, DOMNode, Binding]]:
        """Name, key, panel and binding of every action."""
        seen = set()
        panels = [widget for widget in self.screen.query("*") if widget.focusable and widget.display]
        for node in (self.screen, *panels, self.app):
            for binding in listed_bindings(node):
                key = (binding.description, type(node))
                if key not in seen and binding.action != "command_palette":
                    seen.add(key)
                    where = "" if node in (self.screen, self.app) else f"{panel_name(node)}: "
                    yield f"{where}{binding.description}", self.app.get_key_display(binding), node, binding

    async def _run(self, node: DOMNode, action: str) -> None:
        await run_action(self.app, self.screen, node, action)

    async def discover(self) -> Hits:
        """All actions, before anything is typed."""
        for name, key, node, binding in self._commands():
            phrase = action_phrase(node, binding)
            display = _palette_line(name, phrase, key, self.app.size.width - _PALETTE_MARGIN)
            yield DiscoveryHit(display, partial(self._run, node, binding.action), text=f"{name}: {phrase}")

    async def search(self, query: str) -> Hits:
        """The actions whose names, or what they do, match."""
        matcher = self.matcher(query)
        for name, key, node, binding in self._commands():
            phrase = action_phrase(node, binding)
            said = all(word in phrase.casefold() for word in query.casefold().split())
            if (score := matcher.match(name) or _PHRASE_SCORE * said) > 0:
                display = _palette_line(name, phrase, key, self.app.size.width - _PALETTE_MARGIN)
                yield Hit(score, display, partial(self._run, node, binding.action), text=f"{name}: {phrase}")


def action_phrase(node: DOMNode, binding: Binding) -> str:
    """What an action does, in a phrase: the first sentence of its documentation; "" where its name says it."""
    name, _, parameters = binding.action.rpartition(".")[2].partition("(")
    for owner in (node, node.app):
        action = None if parameters else getattr(owner, f"action_{name}", None)
        if action is not None and action.__module__.startswith("archive."):
            return (action.__doc__ or "").strip().partition("\n")[0].removesuffix(".")
    return ""


def _palette_line(name: str, phrase: str, key: str, width: int) -> Text:
    """An action in the palette: its name, what it does, and its key at the right."""
    said = "" if phrase == name else line_layout.clip(phrase, width - cell_width(name) - cell_width(key) - 4)
    space = max(1, width - cell_width(name) - cell_width(said) - cell_width(key) - 2)
    return Text.assemble(name, (f"  {said}", "dim not bold"), " " * space, (key, "bold"))
