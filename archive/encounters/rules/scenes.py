"""Scenes: a place and a time, and who was there. What the sightings of an article are grouped by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.encounters.rules.cues import V
from archive.encounters.rules.text_dates import TextDate, months_apart

#: A venue after a preposition of place is where something happened; "of ᴠ2" or "from ᴠ2" is where somebody belongs.
_AT = re.compile(
    rf"\b(?:at|in|inside|outside|on|aboard|near|to|into|onto|within|around|beside|behind|opposite|across|round|past|reached|left|entered|visited|toured|inspected|opened|told|"
    rf"filled|packed|through|for|over|via|from|out of|(?:village|town|city|port|island|suburb|district|parish|hamlet) of|(?:bridge|deck|roof|balcony|library|foyer|courtyard|chapel|edge|banks?|shores?|back|front|top|foot|middle|centre|center) of|final of|end of|start of|stage of|steps of|lobby of|bar of|ballroom of|gardens? of|grounds of|terrace of|doors of|gates of|hosted|attended|during|after|by)(?: the| a| an| his| her| their| its| nearby| same| old| new|"
    rf" \w+'s?| tiny| grand| annual| historic)* (?P<venue>{V})\b",
    re.IGNORECASE,
)
_BELONGS = re.compile(
    r"\b(?:of|from|based in|born in|native of|member for|mayor of|bishop of|editor of|not (?:at|in|on|to|aboard))(?: the)? \Z",
    re.IGNORECASE,
)
_BELONGS_TO = re.compile(
    r"\b(?:from|based in|born in|native of|member for|mayor of|bishop of|editor of|to|not (?:at|in|on|to|aboard))(?: the)? \Z",
    re.IGNORECASE,
)
_ENDS_PHRASE = re.compile(r"\s*(?:\Z|,|and|when|where|last|this|on|for|in|reception|ceremony|party|service)")
#: "after six weeks in ᴠ3": where somebody comes from.
_STAYED = re.compile(
    r"\b(?:after|following|from|since|back from) (?:\w+ ){0,3}(?:weeks?|months?|years?|days?|fortnight|seasons?|holidays?|spell|stay|stint) \Z"
    r"|\b(?:(?:back |home |late |fresh |straight |in |up )from (?:(?:an?|the|his|her|their) )?(?:\w+ ){0,3}|not )\Z"
)
_PLACES_FIRST = re.compile(r"\b(?:at|inside|outside|aboard)\b", re.IGNORECASE)
#: Months between a scene and a date that is of another one.
FAR = 2.0


@dataclass(slots=True)
class Attendance:
    """That somebody was at a scene, or was said not to be.

    grade   "stated" or "likely"
    sentences   numbers of those that say so
    """

    grade: str
    sentences: list[int]
    clauses: set[tuple[int, int]] = field(default_factory=set)

    def add(self, grade: str, sentence: int, order: int) -> None:
        """Another clause that says so."""
        if grade == "stated":
            self.grade = grade
        if sentence not in self.sentences:
            self.sentences.append(sentence)
        self.clauses.add((sentence, order))


@dataclass(slots=True)
class Scene:
    """A venue and a date, as far as they are known, and the people of the occasion.

    venue     number of the venue in the passage, or None
    when, basis, words   EDTF date, "text", "article" or None, and the words that give it
    event     whether a noun of an occasion names it
    one_off   another time than what is being told: nothing later is part of it
    """

    venue: int | None = None
    when: str | None = None
    basis: str | None = None
    words: str = ""
    event: bool = False
    one_off: bool = False
    present: dict[int, Attendance] = field(default_factory=dict)
    absent: dict[int, Attendance] = field(default_factory=dict)
    parallel: set[int] = field(default_factory=set)

    @property
    def is_established(self) -> bool:
        """Whether it is known to be one occasion: by its place, or a noun of an occasion."""
        return self.venue is not None or self.event

    def date_by(self, date: TextDate | None) -> None:
        """Take a date of the text's own."""
        if date is not None:
            self.when, self.basis, self.words = date.when, "text", date.text


def venue_of(text: str) -> int | None:
    """The index of the mention of the venue at which a clause happens; None where it names none so."""
    found: list[tuple[bool, int, int]] = []
    for match in _AT.finditer(text):
        first = match[0].split()[0].lower()
        if first == "from" and not re.search(r"\b(?:by|walked|drove|left|out)\b", text[: match.start()]):
            continue
        if first == "by" or _STAYED.search(text[: match.start()]):
            continue
        found.append((not _PLACES_FIRST.match(match[0]), match.start(), int(match["venue"][1:])))
    if found:
        return min(found)[2]
    for match in re.finditer(V, text):
        belongs = _BELONGS.search(text[: match.start()]) or text[match.end() :].startswith("'")
        if not belongs and _ENDS_PHRASE.match(text[match.end() :]):
            return int(match[0][1:])
    return None


def opening_venue_of(text: str) -> int | None:
    """The index of the mention of the venue that a first clause is about: its subject, or part of what it names."""
    for match in re.finditer(V, text):
        before, after = text[: match.start()], text[match.end() :]
        if not _BELONGS_TO.search(before) and not after.startswith("'"):
            return int(match[0][1:])
    return None


def is_far(date: str | None, from_date: str | None) -> bool:
    """Whether a date is of another occasion than what is told at another date."""
    if not date or not from_date:
        return False
    if date[:4] != from_date[:4] and months_apart(date, from_date) > 1.0:
        return True
    return months_apart(date, from_date) > FAR
