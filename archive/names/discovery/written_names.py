"""How a name is written, and a place in a text where it stands.

What a spelling says by itself is found out once for each, as texts repeat their names; places share it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from archive.names.discovery.features import name_features
from archive.names.discovery.word_classes import GIVEN, HONORIFIC, OFFICE, VENUE, word_classes
from archive.text.analyzer import fold

_INITIAL = re.compile(r"[^\W\d_](?:\.|$)")

#: A name's words, folded: what two ways of writing it share. An address ("Mr") counts where there is one word only.
Key = tuple[str, ...]


class WrittenForm(NamedTuple):
    """What a name says as it is written, whatever stands around it.

    words, title   as in the text
    key            what it is filed under
    person, venue  what it says for each
    form           its words, without its title
    straight       these with straight apostrophes
    address        the address with which its title ends; "" for an office or a rank
    office         its title if that is no address
    is_short       whether it is a surname with a particle alone, as in "Sergeant de Mesnil"
    small          the words that are not to be found in small letters, in these
    short_keys     what it may be filed under in short: by its last words, and by the first
    bare_key       what it is filed under without an address
    has_initial    whether a whole name begins with an initial, as in "A. Byrne"
    is_named_place whether it is one of a person or of a place, as "Alice Hall" is
    is_shouted     whether its last word is in capitals
    is_word        whether it is one word without a title
    """

    words: tuple[str, ...]
    title: str
    key: Key
    person: float
    venue: float
    form: str
    straight: str
    address: str
    office: str
    is_short: bool
    small: tuple[str, ...]
    short_keys: tuple[Key, ...]
    bare_key: Key
    has_initial: bool
    is_named_place: bool
    is_shouted: bool
    is_word: bool


@dataclass(slots=True)
class NameMention:
    """One place where a name stands.

    start, end     offsets, title and possessive 's not included
    outer          where the title begins; `start` without one
    possessive     whether 's follows
    begins         whether it stands where any word would have a capital
    person, venue  what the words around it say for each
    role           what the text calls its bearer there, "" for nothing
    """

    start: int
    end: int
    outer: int
    written: WrittenForm
    possessive: bool = False
    begins: bool = False
    person: float = 0.0
    venue: float = 0.0
    role: str = ""


def key_of_words(words: Iterable[str]) -> Key:
    """What a name of these words is filed under."""
    return tuple([fold(word).replace(".", "").replace("’", "'") for word in words])


@lru_cache(maxsize=65_536)
def written_form(words: tuple[str, ...], title: str) -> WrittenForm:
    """What a name of these words says, after a title or with "" for none."""
    plain = key_of_words(words)
    address = address_of(title) if title else ""
    bits = word_classes[words[0].casefold()]
    key = (address, *plain) if address and len(words) == 1 else plain
    is_short = not words[0][0].isupper() and sum(not word.islower() for word in words) < 2
    is_whole = len(key) > 1 and len(words) > 1 and not is_short
    form = " ".join(words)
    return WrittenForm(
        words,
        title,
        key,
        *name_features(words, title),
        form,
        form.replace("’", "'"),
        address,
        "" if address else title,
        is_short,
        ()
        if bits & (GIVEN | OFFICE)  # as told apart
        else tuple([word.lower() for word in words if len(word) > 2 and word[0].isupper()]),
        (*(key[-size:] for size in range(1, len(key))), key[:1]) if is_whole else (),
        key[1:] if len(words) == 1 and len(key) == 2 else key,
        len(words) > 1 and _INITIAL.match(words[0]) is not None,
        len(words) == 2 and bool(bits & GIVEN and word_classes[words[1].casefold()] & VENUE),
        words[-1].isupper(),
        len(words) == 1 and not title,
    )


def address_of(title: str) -> str:
    """The address with which a title ends, folded: "Mr", "Dr"; "" for an office or a rank."""
    last = title.split()[-1].casefold().rstrip(".")
    return last if word_classes[last] & HONORIFIC and len(title.split()) == 1 else ""
