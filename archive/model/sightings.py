"""A sighting: what one passage says about one occasion. Who, where, when, and whether they were there.

Sightings are derived from an article's text when it is indexed, and stored with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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

#: Grades of `together` and `present`: a word of the text says so, or a past clause in an established scene implies it.
GRADES = ("stated", "likely")


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
    when_basis  "text" where words of the passage give the date, "article" where it is the article's own, or None
    when_text  the words that give it; "" where the basis is not the text
    venue      canonical name of where the occasion was; None where the text does not say
    nearby     other venues that the evidence names
    absent     which of `people` was said not to have been there; empty where the text leaves it open
    level      "sentence" where one sentence names them all, else "paragraph"
    scene      number of the occasion within the article: sightings of one scene are one occasion
    spans      the sentences that show it, in the order of the text
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
