"""Given names: what makes two words with capitals a person's name, whatever stands around them.

`given_names.txt`, beside this module, says where they come from.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _marked_names() -> list[str]:
    lines = files(__package__).joinpath("given_names.txt").read_text("utf-8").splitlines()
    return [name for line in lines if not line.startswith("#") for name in line.split()]


@cache
def given_names() -> frozenset[str]:
    """The given names, in small letters; read once."""
    return frozenset(name.rstrip("-") for name in _marked_names())


@cache
def mens_names() -> frozenset[str]:
    """Those of them that are hardly ever a woman's."""
    return frozenset(name.rstrip("-") for name in _marked_names() if name.endswith("-"))
