"""A sighting: what one passage says about one occasion. Who, where, when, and whether they were there.

Sightings are derived from an article's text when it is indexed, and stored with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from archive.errors import UsageError, shortened

#: Stances, from the one that asserts most to the one that asserts nothing:
#:
#: together   two people were bodily at the same occasion
#: present    one person was at a venue
#: absent     one of them was said not to have been there
#: expected   planned, invited, rumoured, denied, hypothetical or fiction
#: contact    they telephoned, wrote, sued, praised, employed one another
#: mentioned  named near each other, no more
STANCES = ("together", "present", "absent", "expected", "contact", "mentioned")

#: Stances that say whether somebody was there: what a question is answered with unless it asks for others.
ASSERTED = ("together", "present", "absent")

#: Stances of those who were there.
PRESENT = ("together", "present")

#: People of one scene, or of one sentence, who are paired: more are a roll or a list, and their pairs tell nothing.
MOST_PEOPLE = 40

#: Grades of `together` and `present`: a word of the text says so, or a past clause in an established scene implies it.
GRADES = ("stated", "likely")


def stances_named(asked: str | Iterable[str]) -> tuple[str, ...]:
    """The stances asked for, by name or as "all"; `together` includes `present`. Raises UsageError for another word."""
    named = [asked] if isinstance(asked, str) else list(asked)
    if "all" in named:
        return STANCES
    for each in named:
        if each not in STANCES:
            raise UsageError(f"a stance is {', '.join(STANCES)} or all, not {shortened(str(each))!r}")
    return tuple(each for each in STANCES if each in named or (each == "present" and "together" in named))


class TextSpan(NamedTuple):
    """A sentence: character offsets in an article's body, or in its title where `in_title`."""

    start: int
    end: int
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a passage says of two people, or of one person and a venue, on one occasion.

    stance     one of STANCES; `together` and `contact` are of two people, `present` of one and a venue
    people     canonical names: two, or one with a venue
    grade      of `together` and `present`, one of GRADES; otherwise None
    when       EDTF date or interval of the occasion; None where neither the text nor the article tells
    when_basis  "text" where words of the passage give the date, "article" where it is the article's own,
                "review" where a person gave it, or None
    when_text  the words that give it; "" where the basis is not the text
    venue      canonical name of where the occasion was; None where the text does not say
    nearby     other venues that the evidence names
    absent     which of `people` was said not to have been there; empty where the text leaves it open
    level      "sentence" where one sentence names them all, else "paragraph"
    scene      number of the occasion within the article: sightings of one scene are one occasion
    spans      the sentences that show it, in the order of the text
    reviewed   whether a person has looked at it and said so (`archive.encounters.reviews`)
    """

    stance: str
    people: tuple[str, ...]
    grade: str | None = None
    when: str | None = None
    when_basis: str | None = None
    when_text: str = ""
    venue: str | None = None
    nearby: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    level: str = "sentence"
    scene: int = 0
    spans: tuple[TextSpan, ...] = ()
    reviewed: bool = False


# -- as stored -------------------------------------------------------------------------------------------------------

_LEVELS = ("sentence", "paragraph")
#: Where in a row the numbers of the people stand.
_PEOPLE = 6
_GRADES = (None, *GRADES)
_BASES = (None, "text", "article", "review")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Table:
    """Values by number, each once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The number of a value."""
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]

    def numbers(self, values: Iterable[Any]) -> list[int]:
        """The numbers of some values."""
        return [self.number(value) for value in values]


def encode_sightings(sightings: Iterable[Sighting]) -> str:
    """Sightings as one line of JSON: names, dates and sentences once each, and rows of their numbers."""
    names, dates, spans = _Table(), _Table(), _Table()
    rows = [
        [
            STANCES.index(each.stance), _GRADES.index(each.grade), _LEVELS.index(each.level), each.scene,
            dates.number((each.when, _BASES.index(each.when_basis), each.when_text)),
            -1 if each.venue is None else names.number(each.venue),
            names.numbers(each.people), names.numbers(each.absent), names.numbers(each.nearby),
            spans.numbers((span.start, span.end, int(span.in_title)) for span in each.spans),
            int(each.reviewed),
        ]
        for each in sightings
    ]  # fmt: skip
    return _encode([names.values, dates.values, spans.values, rows])


def decode_sightings(stored: str, person: str = "") -> tuple[Sighting, ...]:
    """The sightings that `encode_sightings` has written; none for an empty text.

    With a `person` only those that name him or her.
    """
    if not stored:
        return ()
    names, dates, spans, rows = json.loads(stored)
    if person:
        if person not in names:
            return ()
        number = names.index(person)
        rows = [row for row in rows if number in row[_PEOPLE]]
    sentences = [TextSpan(start, end, bool(in_title)) for start, end, in_title in spans]

    def named(numbers: Sequence[int]) -> tuple[str, ...]:
        return tuple([names[number] for number in numbers])

    return tuple(
        Sighting(
            STANCES[stance], named(people), _GRADES[grade], dates[when][0], _BASES[dates[when][1]], dates[when][2],
            None if venue < 0 else names[venue], named(nearby), named(absent), _LEVELS[level], scene,
            tuple([sentences[number] for number in places]), bool(reviewed),
        )
        for stance, grade, level, scene, when, venue, people, absent, nearby, places, reviewed in rows
    )  # fmt: skip
