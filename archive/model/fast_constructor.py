"""Making very many objects of a frozen dataclass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive.model.frozen_dict import FrozenDict, freeze_fields


def fast_constructor(frozen: Any, name: str, *mappings: str) -> Callable[..., Any]:
    """What makes an object of a frozen dataclass with slots by assignments, not by a call for each field.

    name      under which the module of the class has it
    mappings  the fields that may be given as mappings that are not frozen
    """
    names, defaults = frozen.__slots__, frozen.__init__.__defaults__
    needed = len(names) - len(defaults)
    parameters = ", ".join((*names[:needed], *(f"{each}=None" for each in names[needed:])))
    lines = [f"def {name}({parameters}):", "made = new(Unfrozen)", *(f"made.{each} = {each}" for each in names)]
    lines.append("made.__class__ = Frozen")
    for each in mappings:
        lines.append(f"if type({each}) is not FrozenDict: freeze_fields(made, {each!r})")
    known: dict[str, Any] = {"Frozen": frozen, "Unfrozen": type("Unfrozen", (), {"__slots__": names})}
    known |= {"new": object.__new__, "FrozenDict": FrozenDict, "freeze_fields": freeze_fields}
    known["__name__"] = frozen.__module__
    exec("\n    ".join((*lines, "return made")), known)
    known[name].__defaults__ = defaults
    made: Callable[..., Any] = known[name]
    return made
