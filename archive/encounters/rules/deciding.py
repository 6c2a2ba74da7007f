"""The words of a row's evidence that decide: for its stance, and for the date of the occasion.

The rules look for them in clauses; here they are found again in the sentences that a row shows, to be marked there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.encounters.model import Encounter
from archive.encounters.rules import cues
from archive.encounters.rules.absence import absence_cues
from archive.model.sightings import PRESENT

_Mark = tuple[int, int]


def deciding_words(row: Encounter, *, has_rules: bool = True) -> tuple[_Mark, ...]:
    """Start and end of these words in `row.evidence`, in order, none of them within a name that is marked there.

    has_rules  whether the text is in a language whose words for stances are known
    """
    names = [(start, end) for start, end in row.evidence.marks if start < end]
    masked, offsets = _masked(row.evidence, names)
    cued = _cues(masked, row.stance) if has_rules else ()
    found = [(offsets[start], offsets[end - 1] + 1) for start, end in cued if start < end]
    if row.when_text:
        found += [match.span() for match in re.finditer(re.escape(row.when_text), row.evidence, re.IGNORECASE)]
    return tuple(
        (start + len(said) - len(said.lstrip()), start + len(said.rstrip()))
        for start, end in _apart(found, names)
        if (said := row.evidence[start:end]).strip()
    )


def _cues(masked: str, stance: str) -> Iterator[_Mark]:
    if stance in PRESENT:
        yield from (match.span() for match in cues.PRESENCE.finditer(masked))
    elif stance == "expected":
        yield from (match.span() for match in cues.EXPECTED.finditer(masked))
    elif stance == "contact":
        yield from (match.span() for match in cues.CONTACT.finditer(masked))
        yield from (match.span() for match in cues.REMOTE.finditer(masked))
    elif stance == "absent":
        yield from absence_cues(masked)


def _masked(text: str, names: Sequence[_Mark]) -> tuple[str, list[int]]:
    """The text with its names as tokens, and the offset in the text of each of its characters."""
    parts, offsets, at = list[str](), list[int](), 0
    for number, (start, end) in enumerate(names):
        token = f"ᴘ{number}"
        parts += [text[at:start], token]
        offsets += [*range(at, start), *[start] * len(token)]
        at = end
    parts.append(text[at:])
    offsets += range(at, len(text))
    return "".join(parts).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"'), offsets


def _apart(found: Sequence[_Mark], names: Sequence[_Mark]) -> Iterator[_Mark]:
    """What is found, without the names in it, and nothing twice."""
    free = bytearray(max((end for _, end in found), default=0))
    for start, end in found:
        free[start:end] = b"\x01" * (end - start)
    for start, end in names:
        free[start:end] = bytes(max(0, min(end, len(free)) - start))
    yield from (match.span() for match in re.finditer(rb"\x01+", bytes(free)))
