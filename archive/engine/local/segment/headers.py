"""Whether the header of a segment's file can be one: its digest says who wrote it, not that it makes sense."""

from __future__ import annotations

import re
from typing import Any

#: Numbers as they are written, by numpy's type codes.
_KIND = re.compile(r"[<|][iu][1248]")


def validate_metadata(about: Any, size: int) -> bool:
    """Whether what a header says of its segment, in a file of `size` bytes, is of the kinds that are written."""
    return (
        isinstance(about, dict)
        and _is_number(about.get("documents"))
        and about["documents"] <= size  # each has an id, at the least
        and isinstance(about.get("fields"), list)
        and all(isinstance(name, str) for name in about["fields"])
        and isinstance(about.get("lengths"), dict)
        and all(map(_is_number, about["lengths"].values()))
    )


def fits_sections(sections: Any, size: int, sums_name: str, page: int) -> bool:
    """Whether every section lies in a file of `size` bytes, and every `page` bytes of it have their sum."""
    if not isinstance(sections, dict) or not all(_is_section(each) for each in sections.values()):
        return False
    sums = sections.get(sums_name, (0, 0))[1] // 4
    return all(
        offset + length <= size
        and length % int(kind[2]) == 0
        and (name == sums_name or first_sum + -(-length // page) <= sums)
        for name, (offset, length, kind, _, first_sum) in sections.items()
    )


def _is_section(said: Any) -> bool:
    return (
        isinstance(said, list)
        and len(said) == 5
        and all(map(_is_number, (said[0], said[1], said[4])))
        and isinstance(said[2], str)
        and _KIND.fullmatch(said[2]) is not None
        and isinstance(said[3], str)
    )


def _is_number(value: Any) -> bool:
    return type(value) is int and value >= 0
