"""A mapping that cannot change, so that values that hold one can be hashed, pickled, and taken apart by `asdict`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A `dict` without the methods that change it; hashable where its values are."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} cannot change")

    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return type(self), (dict(self),)


EMPTY: FrozenDict[Any, Any] = FrozenDict()


def frozen(value: Any) -> Any:
    """`value` with a FrozenDict for every mapping in it and a tuple for every list."""
    if type(value) in (str, FrozenDict):  # as nearly all are
        return value
    if isinstance(value, Mapping):
        return FrozenDict({key: frozen(item) for key, item in value.items()})
    return tuple(map(frozen, value)) if type(value) in (list, tuple) else value


def freeze_fields(instance: object, *names: str) -> None:
    """Freeze the mappings in these fields of a frozen dataclass; for its `__post_init__`."""
    for name in names:
        value = getattr(instance, name)
        if value is not None and type(value) is not FrozenDict:
            object.__setattr__(instance, name, frozen(value))


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
