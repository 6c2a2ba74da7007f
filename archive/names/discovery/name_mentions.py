"""The places where names stand in a text, and what the text says of each name there.

Of names that stand beside each other in a list, those that may be people are taken for people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from archive.names.discovery.word_classes import GIVEN, word_classes
from archive.names.discovery.words_around import add_context
from archive.names.discovery.written_names import NameMention, WrittenForm, written_form

_ANDS = re.compile(r"\s*(?:[,;]|,? and|&|,? y|,? et|,? und)\s+(?:\w+ )?$")
_USUAL_ANDS = frozenset((" and ", ", ", "; ", " & ", ", and "))
_COMPANY = 0.9  # what standing beside a person in a list is worth
_PLACE = -2.0  # the score of a name up to which it is that of a place
_LIKELY = 1.5  # the score from which somebody is a person that others may stand beside
_FAR = 60  # characters between two names that are in no list
SURE = 3.5  # scores from which nothing is to be doubted


def weigh_mentions(text: str, made: Sequence[NameMention]) -> None:
    """Note what the words around the mentions of a text say, these in order, and the other names beside them."""
    add_context(text, made)
    linked = _linked(text, made)
    for one, other in linked:
        if text[one.end : other.outer] == " and ":
            _lead_by_place(one, other)
            _lead_by_place(other, one)
    for pairs in (linked, [(after, before) for before, after in reversed(linked)]):
        for one, other in pairs:
            if other.person < SURE and one.person + one.written.person >= _LIKELY:
                other.person += _COMPANY


def _lead_by_place(place: NameMention, other: NameMention) -> None:
    """Take off from what may be a place as well, as it stands beside one: "X and Los Alamos"."""
    is_place = place.written.person <= _PLACE and not place.written.title and not place.written.venue > 0
    if (
        is_place
        and other.person < SURE
        and not other.written.title
        and not word_classes[other.written.words[0].casefold()] & GIVEN
    ):
        other.person -= _COMPANY


def _linked(text: str, mentions: Sequence[NameMention]) -> list[tuple[NameMention, NameMention]]:
    """The mentions that stand beside each other in a list; the first of "Ivo and Emil Strand" gets its surname."""
    linked = []
    for before, after in pairwise(mentions):
        start, end = before.end, after.outer
        if not 0 < end - start < _FAR or before.possessive:
            continue
        between = text[start:end]
        if between not in _USUAL_ANDS and not _ANDS.match(between):
            continue
        linked.append((before, after))
        if between == " and " and (shared := _shared_surname(before, after.written)):
            before.written = written_form(shared, before.written.title)
            before.person += _COMPANY
    return linked


def _shared_surname(one: NameMention, other: WrittenForm) -> tuple[str, ...] | None:
    """The whole name of the first in "Ivo and Emil Strand"."""
    words, title, following = one.written.words, one.written.title, other.words
    if len(words) != 1 or len(following) < 2 or one.possessive:
        return None
    if title and not title.endswith("s"):  # but "Designers Ivo and Emil Strand"
        return None
    if not (word_classes[words[0].casefold()] & GIVEN and word_classes[following[0].casefold()] & GIVEN):
        return None
    return (*words, *following[1:])
