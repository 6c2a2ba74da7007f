"""Preliminary candidates until the rules land."""

from __future__ import annotations

from bisect import bisect_right
from itertools import combinations

from archive.encounters.pair_judge import PairCandidate, Passage, PassageMention
from archive.text.sentences import paragraphs, sentences


def passage_of(article):
    people = list(dict.fromkeys(m.name for m in article.mentions if m.facet == "person"))
    venues = list(dict.fromkeys(m.name for m in article.mentions if m.facet == "venue"))
    ps = [s for s, _ in paragraphs(article.body)]
    ss = [s for s, _ in sentences(article.body)]
    ms = []
    for m in article.mentions:
        names = people if m.facet == "person" else venues
        par = -1 if m.in_title else bisect_right(ps, m.start) - 1
        sen = -1 if m.in_title else bisect_right(ss, m.start) - 1
        ms.append(
            PassageMention(
                m.facet,
                names.index(m.name),
                m.start,
                m.end,
                m.in_title,
                "name" if m.text == m.name else "part",
                par,
                sen,
            )
        )
    passage = Passage(article.title, article.body, article.date, tuple(people), tuple(venues), tuple(ms))
    cands = []

    def add(facet, i, j):
        a = [k for k, m in enumerate(ms) if m.facet == "person" and m.number == i]
        b = [k for k, m in enumerate(ms) if m.facet == facet and m.number == j]
        pa = {ms[k].paragraph for k in a}
        pb = {ms[k].paragraph for k in b}
        common = sorted(pa & pb)
        if common:
            for p in common:
                cands.append(
                    PairCandidate(
                        facet,
                        i,
                        j,
                        p,
                        tuple(k for k in a if ms[k].paragraph == p),
                        tuple(k for k in b if ms[k].paragraph == p),
                        "",
                        None,
                        {},
                    )
                )
        else:
            # nearest pair of paragraphs; the later one's number
            x, y = min(((x, y) for x in pa for y in pb), key=lambda q: (abs(q[0] - q[1]), q))
            if abs(x - y) <= 3:
                cands.append(
                    PairCandidate(
                        facet,
                        i,
                        j,
                        max(x, y),
                        tuple(k for k in a if ms[k].paragraph == x),
                        tuple(k for k in b if ms[k].paragraph == y),
                        "",
                        None,
                        {"paragraphs_apart": abs(x - y)},
                    )
                )

    for i, j in combinations(range(len(people)), 2):
        add("person", i, j)
    for i in range(len(people)):
        for j in range(len(venues)):
            add("venue", i, j)
    return passage, cands
