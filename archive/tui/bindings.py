"""Keys that mean the same in every panel, and what our own classes declare apart from the toolkit's."""

from __future__ import annotations

from textual.binding import Binding


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


def declared(kind: type) -> list[Binding]:
    """The bindings that our own classes declare, those of the toolkit apart."""
    ours = [each for each in kind.__mro__ if each.__module__.startswith("archive.")]
    return [binding for each in ours for binding in each.__dict__.get("BINDINGS", ()) if isinstance(binding, Binding)]
