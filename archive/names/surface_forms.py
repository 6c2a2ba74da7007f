"""The ways in which a text may write a name: whole, in part once it has been written whole, and with which titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from archive.text.normalize import folded_name
from archive.text.sentences import wordset

#: Forms of address that go with any surname; those for men and for women exclude each other.
FOR_MEN = wordset("mr monsieur m herr señor senor signor don sir")
FOR_WOMEN = wordset("mrs ms miss madame mme mademoiselle mlle frau señora senora signora dame")
HONORIFICS = FOR_MEN | FOR_WOMEN | wordset("mx dr prof professor")

#: Offices and ranks: "President X" is nobody else's X.
TITLES = HONORIFICS | wordset(
    """abbot abbess admiral alderman ambassador archbishop archdeacon attorney baron baroness bishop brigadier
    brother canon captain cardinal chairman chairwoman chancellor chief coach colonel commander commissioner
    commodore comrade congressman congresswoman constable corporal councillor councilman councilwoman count countess
    coxswain dean deputy detective director duchess duke earl emperor empress father first general governor hon
    imam inspector judge justice king lady lieutenant lord madam major marquess marquis marshal master mayor
    mayoress minister mother officer pastor pope premier president prime prince princess principal private queen
    rabbi rector representative rev reverend saint secretary senator sergeant sheikh sheriff sister speaker st
    superintendent treasurer uncle aunt auntie vicar vice viscount viscountess warden"""
)

#: Ranks and callings that many have: "Sergeant X" may be any X, if nothing else is said of him.
RANKS = wordset(
    """admiral brigadier brother canon captain colonel commander commodore constable corporal detective father general
    imam inspector lieutenant lord lady major officer pastor private rabbi rev reverend sergeant sister sheikh
    superintendent"""
)

#: What may follow a surname without changing whose it is.
SUFFIXES = wordset("jr sr jnr snr junior senior ii iii iv esq kc qc mp phd md")


_DUTCH = re.compile(r"\b(?:van|de|der|den|ter|ten|te)\b")
_DUTCH_Y = re.compile(r"(?<=[bcdfghjklmnprstvwz])y(?=[bcdfghjklmnprstvwz]|\b)")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")
_STOP = re.compile(r"\.(?= |$)")


class Part(NamedTuple):
    """A part of a person's name that may stand for it; `given` if it is what it begins with."""

    text: str
    given: bool


def surface_forms(name: str) -> tuple[str, ...]:
    """The folded forms in which a text may have a whole name.

    Stops after initials may be missing, and a hyphen may be a space or end a line.
    """
    folded = folded_name(name)
    forms = {folded: None, _STOP.sub("", folded): None}
    for form in tuple(forms):
        if _HYPHEN.search(form):
            forms |= {_HYPHEN.sub(" ", form): None, _HYPHEN.sub("- ", form): None}
        if "ij" in form:  # Dutch, as in "IJsbrandt" and "Ysbrandt"
            forms |= {form.replace("ij", "y"): None}
        elif "y" in form and _DUTCH.search(form):  # "van Dyk" and "van Dijk"
            forms |= {_DUTCH_Y.sub("ij", form): None}
    return tuple(form for form in forms if any(map(str.isalnum, form)))


@lru_cache(maxsize=65_536)
def name_parts(name: str) -> tuple[Part, ...]:
    """The first name and the surname in a whole name, the longest first; none in a single word.

    A particle before a surname, as in "van Dyck" or "ap Rhydderch", may be there or not.
    """
    words, title = name.split(), ""
    while len(words) > 1 and normalize_token(words[0]) in TITLES:
        title, words = normalize_token(words[0]), words[1:]
    found = {}
    if "of" in words[1:]:  # "Prince of Wales": the place is nobody
        words = words[: words.index("of", 1)]
    elif "of" in words[:1]:
        words = []
    if title or len(words) > 1:
        found = dict.fromkeys(Part(text, given=False) for text in _surnames(words, alone=bool(title)))
    if len(words) > 1 and not words[0].islower() and title != "mrs":  # "Mrs Edmund X" is not Edmund
        found[Part(words[0], given=True)] = None
    kept = [part for part in found if sum(map(str.isalpha, part.text)) > 1 and not part.text.endswith(".")]
    return tuple(sorted(kept, key=lambda part: (-len(part.text), part)))


def _are_surnames(first: str, middle: str) -> bool:
    """Whether, after a given name, the word in the middle of a name is neither another one nor an initial."""
    from archive.names.discovery.given_names import given_names

    plain = middle.casefold()
    is_word = sum(map(str.isalpha, plain)) > 2 and not plain.endswith(".")
    return is_word and first.casefold() in given_names() and plain not in given_names()


@lru_cache(maxsize=65_536)
def title_of(name: str) -> str:
    """The title with which a name begins, folded; "" for none."""
    first, _, rest = name.partition(" ")
    word = normalize_token(first)
    return word if rest and word in TITLES else ""


def normalize_token(word: str) -> str:
    """A word as titles are listed: small, without its stop."""
    return folded_name(word).rstrip(".")


def _surnames(words: list[str], *, alone: bool) -> Iterator[str]:
    """What can be the surname: the last word, with its particle, and in "Ferrer i Vidal" the first of the two."""
    capitals = [at for at, word in enumerate(words) if not word.islower() and normalize_token(word) not in SUFFIXES]
    first = 0 if alone else 1
    if not capitals or capitals[-1] < first:
        return
    last = begin = capitals[-1]
    yield words[last]
    if last > max(first, 1) and not words[last - 1].islower() and _are_surnames(words[0], words[last - 1]):
        yield f"{words[last - 1]} {words[last]}"  # both surnames, as in "Gabriel García Márquez"
    while begin > first and words[begin - 1].islower():
        begin -= 1
    if begin < last:
        yield " ".join(words[begin : last + 1])
        if begin > first:
            yield words[begin - 1]
            yield " ".join(words[begin - 1 : last + 1])
