"""Keys that mean the same in every panel, and what our own classes declare apart from the toolkit's."""

from __future__ import annotations

from textual.binding import Binding
from textual.dom import DOMNode


def hidden(keys: str, action: str, what: str) -> Binding:
    """Keys that the foot of the screen does not mention; help and the palette do."""
    return Binding(keys, action, what, show=False)


def up_down(action: str) -> list[Binding]:
    """One on or back in what stands below each other; `action` takes 1 or -1."""
    return [hidden("down,j", f"{action}(1)", "Down"), hidden("up,k", f"{action}(-1)", "Up")]


def left_right(action: str, back: str = "Previous", on: str = "Next") -> list[Binding]:
    """One on or back in what stands beside each other; `action` takes 1 or -1."""
    return [hidden("left,h", f"{action}(-1)", back), hidden("right,l", f"{action}(1)", on)]


def ends(first: str, last: str, names: tuple[str, str]) -> list[Binding]:
    """To the first and to the last of what there is, each by its own action."""
    return [hidden("g,home", first, names[0]), hidden("G,end", last, names[1])]


def sections(action: str, what: str) -> list[Binding]:
    """To the next larger part or the one before; `action` takes 1 or -1."""
    return [
        hidden("right_curly_bracket,right_square_bracket", f"{action}(1)", f"Next {what}"),
        hidden("left_curly_bracket,left_square_bracket", f"{action}(-1)", f"Previous {what}"),
    ]


#: Out of a panel.
LEAVE = hidden("escape", "leave", "Back to the results")


#: What can be done here; where a question mark is typed like any other character, by the function key.
HELP_KEYS = (Binding("question_mark", "help", "Help", key_display="?"), Binding("f1", "help", "Help"))


_PANELS = {
    "crumbs": "Constraints", "instead": "Nothing found", "beside": "Companions, venues, silences", "span": "Years",
}  # fmt: skip


def panel_name(node: DOMNode) -> str:
    """What a panel is called in the help and the palette."""
    name = node.id or type(node).__name__
    return _PANELS.get(name, name.capitalize())


def offered(node: DOMNode) -> list[Binding]:
    """What can be done with a panel or screen, one binding a key: the most particular first, the toolkit's apart."""
    ours = [each for each in type(node).__mro__ if each.__module__.startswith("archive.")]
    declared = [binding for each in ours for binding in each.__dict__.get("BINDINGS", ())]
    order = list(dict.fromkeys(binding.action for binding in declared))
    found = [binding for _, binding in node._bindings if binding.description and binding.action in order]
    return sorted(found, key=lambda binding: order.index(binding.action))
