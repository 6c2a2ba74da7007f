"""Ways of writing one name: other order, initials, second surnames, and likely misspellings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise

from archive.names.discovery.wordlists import PARTICLES

#: A name's words, folded.
Key = tuple[str, ...]

#: Names with a word in common are compared each with each up to so many; beyond, with their neighbours in order.
_PAIRWISE = 200
_LONG, _LONGER = 4, 9  # letters of a word in which one, or two, may be wrong
_LONGEST = 64  # letters of a word that is compared: a longer one is no name
#: "Max Cole Jr" is not Max Cole.
_ANOTHER = frozenset(("jr", "sr", "junior", "senior", "ii", "iii", "iv", "mrs", "mme"))
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
    from rapidfuzz.distance import OSA

    most = 2 if min(len(a), len(b)) >= _LONGER else 1
    return OSA.distance(a, b, score_cutoff=most) <= most
