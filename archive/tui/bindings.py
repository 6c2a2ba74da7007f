"""What our own classes let one do, apart from what the toolkit's classes below them do."""

from __future__ import annotations

from textual.binding import Binding


def declared(kind: type) -> list[Binding]:
    """The bindings that our own classes declare, those of the toolkit apart."""
    ours = [each for each in kind.__mro__ if each.__module__.startswith("archive.")]
    return [binding for each in ours for binding in each.__dict__.get("BINDINGS", ()) if isinstance(binding, Binding)]
