"""Which pairs of a passage a judge is asked about: those that a paragraph names, or else the closest paragraphs do.

A guest list may run over paragraphs, and a venue is often named only in the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from archive.encounters.pair_judge import PairCandidate, Passage

#: Paragraphs between the mentions of two that no paragraph names together.
_MOST_APART = 3


def pair_candidates(passage: Passage) -> list[PairCandidate]:
    """Every two people, then every person and venue, in each paragraph that names both; without verdicts of rules.

    Two that no paragraph names together, but two near each other do, are a candidate of the later one.
    """
    places: dict[tuple[str, int], dict[int, list[int]]] = {}
    for index, mention in enumerate(passage.mentions):
        places.setdefault((mention.facet, mention.number), {}).setdefault(mention.paragraph, []).append(index)
    people, venues = range(len(passage.people)), range(len(passage.venues))
    pairs = [("person", first, second) for first, second in combinations(people, 2)]
    pairs += [("venue", first, second) for first, second in product(people, venues)]
    return [
        PairCandidate(facet, first, second, max(a, b), tuple(of_first[a]), tuple(of_second[b]), "", None, {})
        for facet, first, second in pairs
        for of_first, of_second in ((places.get(("person", first), {}), places.get((facet, second), {})),)
        for a, b in _paragraphs(sorted(of_first), sorted(of_second))
    ]


def _paragraphs(first: list[int], second: list[int]) -> Iterator[tuple[int, int]]:
    """The paragraphs of a candidate's mentions: those with both, or the two that are closest."""
    both = sorted(set(first) & set(second))
    if both:
        yield from ((paragraph, paragraph) for paragraph in both)
    elif first and second:
        a, b = min(product(first, second), key=lambda two: (abs(two[0] - two[1]), two))
        if abs(a - b) <= _MOST_APART:
            yield a, b
