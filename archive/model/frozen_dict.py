"""A mapping that cannot change, so that values that hold one can be hashed, pickled, and taken apart by `asdict`."""

from __future__ import annotations

from collections.abc import Mapping
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
