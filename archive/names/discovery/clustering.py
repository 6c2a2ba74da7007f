"""Ways of writing one name: other order, initials, second surnames, and likely misspellings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise

from archive.names.discovery.given_names import given_names
from archive.names.discovery.wordlists import PARTICLES
from archive.names.surface_forms import HONORIFICS
from archive.text.analyzer import fold

#: A name's words, folded.
Key = tuple[str, ...]

#: Names with a word in common are compared each with each up to so many; beyond, with their neighbours in order.
_PAIRWISE = 200
_LONG, _LONGER = 4, 9  # letters of a word in which one, or two, may be wrong
_LONGEST = 64  # letters of a word that is compared: a longer one is no name
#: Two names may be one if so much of their letters is the same; a word that more names have says nothing.
_ALIKE, _TELLING = 0.75, 500
#: "Max Cole Jr" is not Max Cole.
_ANOTHER = frozenset(("jr", "sr", "jnr", "snr", "junior", "senior", "ii", "iii", "iv", "mrs", "mme"))
#: Letters that sound alike in given names.
_SOUNDS = (("ph", "f"), ("ck", "k"), ("h", ""), ("c", "k"), ("z", "s"), ("y", "i"), ("j", "i"), ("w", "v"), ("ae", "e"))
_SEXED = frozenset("aeio")


def cluster(keys: Sequence[Key], same: Callable[[Key, Key], bool] | None = None) -> list[list[int]]:
    """The positions of `keys`, those of one name together, each group in order. Near-linear.

    `same` says whether two are one name: for people `same_name`, the default, for venues `same_venue`.
    """
    same = same or same_name
    owner = list(range(len(keys)))

    def root(at: int) -> int:
        while owner[at] != at:
            owner[at] = owner[owner[at]]
            at = owner[at]
        return at

    buckets: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        for word in {key[0], key[-1]} if len(key) > 1 else ():
            buckets[word].append(at)
    for bucket in buckets.values():
        ordered = sorted(bucket, key=lambda at: keys[at])
        for one, other in combinations(ordered, 2) if len(ordered) <= _PAIRWISE else pairwise(ordered):
            if root(one) != root(other) and same(keys[one], keys[other]):
                first, second = sorted((root(one), root(other)))
                owner[second] = first
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(len(keys)):
        groups[root(at)].append(at)
    return list(groups.values())


def same_name(one: Key, other: Key) -> bool:
    """Whether two names of several words are likely to be one person's."""
    one, other = _words(one), _words(other)
    if not _ANOTHER.isdisjoint(set(one) ^ set(other)):
        return False
    if len(one) > len(other):
        one, other = other, one
    if len(one) < 2:
        return False
    if len(one) == len(other):
        return sorted(one) == sorted(other) or _misspelled(one, other)
    if set(one) <= set(other):
        ends = {other[0], other[-1]} == {one[0], one[-1]}
        return ends or other[: len(one)] == one
    return False


def same_venue(one: Key, other: Key) -> bool:
    """Whether two names of places are likely to be one: the same words, or one of them misspelled by a letter."""
    one, other = (tuple(word for word in key if word not in ("the", "and", "&")) for key in (one, other))
    return one == other or (len(one) == len(other) > 1 and _misspelled(one, other))


def _words(key: Key) -> Key:
    """Without particles, and with the parts of a double name apart."""
    return tuple(part for word in key if word not in PARTICLES for part in word.split("-") if part)


def _misspelled(one: Key, other: Key) -> bool:
    """Whether they differ in one word, by a letter or two, or by an initial for a middle name."""
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differing) != 1:
        return False
    a, b = differing[0]
    if 1 in (len(a), len(b)):
        return a[0] == b[0] and len(one) > 2
    if a[0] != b[0] or not _LONG <= min(len(a), len(b)) <= _LONGEST or (a[:-1] == b[:-1] and {a[-1], b[-1]} <= _SEXED):
        return False
    if a + "a" == b or b + "a" == a:  # Ivanov and Ivanova
        return False
    if (a, b) == (one[0], other[0]) and {a, b} <= given_names() and _sound(a) != _sound(b):  # Maria and Marta
        return False
    from rapidfuzz.distance import OSA

    most = 2 if min(len(a), len(b)) >= _LONGER else 1
    return OSA.distance(a, b, score_cutoff=most) <= most


def _sound(name: str) -> str:
    """A given name as it sounds, roughly: Philip and Phillip, Katherine and Catharine, Sara and Sarah are one."""
    for written, heard in _SOUNDS:
        name = name.replace(written, heard)
    letters = [name[at] for at in range(len(name)) if name[at] != name[at - 1 : at]]
    return "".join(letters).rstrip("e")


class Resemblances:
    """Which of some names may be the same one's: offered to a person, who decides."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name: _plain_words(name) for name in names}
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for name, words in self._names.items():
            for word in dict.fromkeys(words):
                self._by_word[word].append(name)

    def of(self, name: str, limit: int) -> tuple[str, ...]:
        """At most `limit` names that may be another spelling of `name`, the most similar first."""
        from rapidfuzz import fuzz, process

        words = _plain_words(name)
        found: dict[str, float] = {}
        for word in dict.fromkeys(words):
            for other in self._by_word[word] if len(self._by_word.get(word, ())) <= _TELLING else ():
                if other not in found:
                    found[other] = _resemblance(words, self._names[other])
        joined = {other: " ".join(each) for other, each in self._names.items()}
        for _, share, other in process.extract(
            " ".join(words), joined, scorer=fuzz.ratio, score_cutoff=100 * _ALIKE, limit=limit + 1
        ):
            found[other] = max(found.get(other, 0.0), share / 100 * 0.9)
        found.pop(name, None)
        ordered = sorted((other for other in found if found[other] > 0), key=lambda other: (-found[other], other))
        return tuple(ordered[:limit])


def _plain_words(name: str) -> Key:
    """The folded words of a name, without what it is addressed by."""
    words = tuple(fold(word).replace(".", "") for word in name.split())
    return tuple(word for word in words if word and word not in HONORIFICS) or words


def _resemblance(one: Key, other: Key) -> float:
    """How alike two names are that have a word in common, from 0 to 1: a surname counts, a first name hardly."""
    if same_name(one, other):
        return 1.0
    if len(one) > len(other):
        one, other = other, one
    if not one or not _ANOTHER.isdisjoint(set(one) ^ set(other)):
        return 0.0
    if len(one) == 1:
        return 0.9 if one[0] == other[-1] else 0.6 if one[0] == other[0] else 0.0
    if one[-1] != other[-1]:
        return 0.0
    short, long = sorted((one[0], other[0]), key=len)
    return 0.8 if long.startswith(short[:3]) else 0.0  # "A. Byrne", "Max" for Maximilian
