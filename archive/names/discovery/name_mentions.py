"""The places where names stand in a text, and what the text says of each name there.

Of names that stand beside each other in a list, those that may be people are taken for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from archive.names.discovery.features import context_features, name_features
from archive.names.discovery.run_grammar import CapitalizedSpan
from archive.names.discovery.word_classes import GIVEN, HONORIFIC, OFFICE, word_classes
from archive.text.analyzer import fold

_ANDS = re.compile(r"\s*(?:[,;]|,? and|&|,? y|,? et|,? und)\s+(?:\w+ )?$")
_COMPANY = 0.9  # what standing beside a person in a list is worth
_PLACE = -2.0  # the score of a name up to which it is that of a place
_LIKELY = 1.5  # the score from which somebody is a person that others may stand beside
_FAR = 60  # characters between two names that are in no list
SURE = 3.5  # scores from which nothing is to be doubted

#: A name's words, folded: what two ways of writing it share. An address ("Mr") counts where there is one word only.
Key = tuple[str, ...]


class WrittenForm(NamedTuple):
    """What a name says as it is written, whatever stands around it.

    key            what it is filed under
    person, venue  what it says for each
    form           it, without its title
    address        the address with which its title ends; "" for an office or a rank
    office         its title if that is no address
    is_short       whether it is a surname with a particle alone, as in "Sergeant de Mesnil"
    small          the words that are not to be found in small letters, in these
    """

    key: Key
    person: float
    venue: float
    form: str
    address: str
    office: str
    is_short: bool
    small: tuple[str, ...]


@dataclass(slots=True)
class NameMention:
    """One place where a name stands; `role` is what the text calls its bearer there, "" for nothing."""

    run: CapitalizedSpan
    written: WrittenForm
    person: float = 0.0
    venue: float = 0.0
    role: str = ""


def key_of_words(words: Iterable[str]) -> Key:
    """What a name of these words is filed under."""
    return tuple([fold(word).replace(".", "").replace("’", "'") for word in words])


@lru_cache(maxsize=65_536)
def written_form(words: tuple[str, ...], title: str) -> WrittenForm:
    """What a name of these words says, after a title or with "" for none."""
    key = key_of_words(words)
    address = address_of(title) if title else ""
    is_told_apart = bool(word_classes[words[0].casefold()] & (GIVEN | OFFICE))
    return WrittenForm(
        (address, *key) if address and len(words) == 1 else key,
        *name_features(words, title),
        " ".join(words),
        address,
        "" if address else title,
        not words[0][0].isupper() and sum(not word.islower() for word in words) < 2,
        () if is_told_apart else tuple([word.lower() for word in words if len(word) > 2 and word[0].isupper()]),
    )


def address_of(title: str) -> str:
    """The address with which a title ends, folded: "Mr", "Dr"; "" for an office or a rank."""
    last = title.split()[-1].casefold().rstrip(".")
    return last if word_classes[last] & HONORIFIC and len(title.split()) == 1 else ""


def find_mentions(text: str, runs: Sequence[CapitalizedSpan]) -> list[NameMention]:
    """The mentions of names that runs are, with what the words around them say."""
    made = []
    for run in runs:
        person, venue, role = context_features(text, run)
        made.append(NameMention(run, written_form(run.words, run.title), person, venue, role))
    linked = _linked(text, made)
    for one, other in linked:
        if text[one.run.end : other.run.outer] == " and ":
            _lead_by_place(one, other)
            _lead_by_place(other, one)
    for pairs in (linked, [(after, before) for before, after in reversed(linked)]):
        for one, other in pairs:
            if other.person < SURE and one.person + one.written.person >= _LIKELY:
                other.person += _COMPANY
    return made


def _lead_by_place(place: NameMention, other: NameMention) -> None:
    """Take off from what may be a place as well, as it stands beside one: "X and Los Alamos"."""
    is_place = place.written.person <= _PLACE and not place.run.title and not place.written.venue > 0
    if (
        is_place
        and other.person < SURE
        and not other.run.title
        and not word_classes[other.run.words[0].casefold()] & GIVEN
    ):
        other.person -= _COMPANY


def _linked(text: str, mentions: Sequence[NameMention]) -> list[tuple[NameMention, NameMention]]:
    """The mentions that stand beside each other in a list; the first of "Ivo and Emil Strand" gets its surname."""
    linked = []
    for before, after in pairwise(mentions):
        start, end = before.run.end, after.run.outer
        if not 0 < end - start < _FAR or before.run.possessive or not _ANDS.match(text, start, end):
            continue
        linked.append((before, after))
        if text[start:end] == " and " and (shared := _shared_surname(before.run, after.run)):
            before.run = before.run._replace(words=shared)
            before.written = written_form(shared, before.run.title)
            before.person += _COMPANY
    return linked


def _shared_surname(one: CapitalizedSpan, other: CapitalizedSpan) -> tuple[str, ...] | None:
    """The whole name of the first in "Ivo and Emil Strand"."""
    if len(one.words) != 1 or len(other.words) < 2 or one.possessive:
        return None
    if one.title and not one.title.endswith("s"):  # but "Designers Ivo and Emil Strand"
        return None
    if not (word_classes[one.words[0].casefold()] & GIVEN and word_classes[other.words[0].casefold()] & GIVEN):
        return None
    return (*one.words, *other.words[1:])
