"""Short forms and nicknames of given names: Bill for William, Kate for Catherine.

The table is that of the package `nicknames`, of English names. It is loaded when a name is first looked up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from archive.text.analyzer import fold

if TYPE_CHECKING:
    from nicknames import NickNamer


def other_given_names(name: str) -> list[str]:
    """A person's name, folded, with other forms of the given name: the nearest in the table, then the most alike."""
    from rapidfuzz.fuzz import ratio

    given, _, rest = " ".join(name.split()).partition(" ")
    given = fold(given.rstrip("."))
    steps = _steps_from(given) if rest else {}
    forms = sorted(steps, key=lambda form: (steps[form], -ratio(form, given), form))
    return [f"{form} {fold(rest)}" for form in forms]


def _steps_from(given: str) -> dict[str, int]:
    """The forms that are one or two steps from a given name in the table: Kate, Katy, Catherine."""
    table = _nicknamer()
    steps = {given: 0}
    for step in (1, 2):
        for form in [form for form, far in steps.items() if far == step - 1]:
            for other in table.canonicals_of(form) | table.nicknames_of(form):
                steps.setdefault(other, step)
    del steps[given]
    return steps


@lru_cache(maxsize=1)
def _nicknamer() -> NickNamer:
    from nicknames import NickNamer

    return NickNamer()
