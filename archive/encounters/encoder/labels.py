"""Labelled passages, as training and measuring need them: candidates with their targets.

The sets are JSON lists of passages (`id`, `title`, `date`, `text`, `people`, `venues`, `canonical`, and `rows`
of `who`, `venue`, `stance`, `evidence`, `doubt`). Names are found as in an archive of the whole set, with its
people and venues in the authority files.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.encounters.candidate_features import judged_candidates
from archive.encounters.encoder.pair_head import STANCES
from archive.encounters.judging import sightings_of
from archive.encounters.pair_judge import PairCandidate, Passage
from archive.encounters.rules.english import judge
from archive.encounters.rules.passages import read_passage
from archive.model.article import Article
from archive.names.authority.records import Authority, Names, Record
from archive.names.entity_linker import EntityLinker
from archive.text.sentences import paragraphs

#: A pair's name in the labels: two people, or a person and a venue, under their canonical names.
PairKey = tuple[str, str, str]


@dataclass(frozen=True)
class LabelledPassage:
    """A passage with its labels.

    stances   by pair: the stances that it is given anywhere in the passage
    targets   by candidate: the stances that it has in its paragraph; None where the label is doubtful
    typical   whether its set has the easy and the hard in the proportions of text
    """

    id: str
    set: str
    passage: Passage
    candidates: tuple[PairCandidate, ...]
    stances: Mapping[PairKey, frozenset[str]]
    targets: tuple[frozenset[str] | None, ...]
    typical: bool = True

    def key(self, candidate: PairCandidate) -> PairKey:
        """Which pair a candidate is."""
        return pair_key(self.passage, candidate)


def pair_key(passage: Passage, candidate: PairCandidate) -> PairKey:
    """The names of a candidate: in alphabetical order for two people."""
    first = passage.people[candidate.first]
    if candidate.facet == "venue":
        return ("venue", first, passage.venues[candidate.second])
    return ("person", *sorted((first, passage.people[candidate.second])))  # type: ignore[return-value]


def load_labelled(path: Path) -> list[LabelledPassage]:
    """The passages of one set."""
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    linker = EntityLinker(_names(rows))
    return [_labelled(path.stem, row, linker) for row in rows]


def _names(rows: Iterable[Mapping[str, Any]]) -> Names:
    people: dict[str, set[str]] = {}
    venues: dict[str, None] = {}
    for row in rows:
        known = row.get("canonical", {})
        for name in row["people"]:
            people.setdefault(known.get(name, name), set()).update({name} - {known.get(name, name)})
        venues |= dict.fromkeys(row["venues"])
    records = tuple(Record(name, tuple(sorted(aliases))) for name, aliases in sorted(people.items()))
    return Names(Authority(records, (), ""), Authority(tuple(map(Record, sorted(venues))), (), ""), "")


def _labelled(name: str, row: Mapping[str, Any], linker: EntityLinker) -> LabelledPassage:
    article = Article(
        id=row["id"],
        title=row.get("title") or row["id"],
        body=row["text"],
        date=row.get("date"),
        inferred=("people", "venues"),
    )
    verdicts = judge(read_passage(article.title, article.body, article.date, linker.mentions(article)))
    passage, candidates = verdicts.reading.passage, judged_candidates(verdicts, sightings_of(verdicts))
    known = row.get("canonical", {})
    stances: dict[PairKey, set[str]] = {}
    placed: dict[PairKey, list[tuple[str, int, bool]]] = {}
    starts = [start for start, _ in paragraphs(passage.body)]
    for label in row["rows"]:
        at = row["text"].find(label["evidence"]) if label.get("evidence") else -1
        paragraph = bisect_right(starts, at) - 1 if at >= 0 else -1
        for key, stance in _keys(label, known):
            stances.setdefault(key, set()).add(stance)
            placed.setdefault(key, []).append((stance, paragraph, bool(label.get("doubt"))))
    return LabelledPassage(
        row["id"],
        name,
        passage,
        tuple(candidates),
        {key: frozenset(some) for key, some in stances.items()},
        tuple(_targets(passage, candidates, placed)),
    )


def _keys(label: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[tuple[PairKey, str]]:
    """The pairs that a row is about, each with its stance; both people of a `together` at a venue are there."""
    who, venue = sorted(known.get(name, name) for name in label["who"]), label.get("venue")
    stance = "together" if label["stance"] == "present" else label["stance"]
    if len(who) == 2:
        yield ("person", who[0], who[1]), stance
        if venue and stance == "together":
            for name in who:
                yield ("venue", name, venue), stance
    elif venue:
        yield ("venue", who[0], venue), stance


def _targets(
    passage: Passage, candidates: Sequence[PairCandidate], placed: Mapping[PairKey, list[tuple[str, int, bool]]]
) -> Iterator[frozenset[str] | None]:
    """What each candidate should be: what the pair is by a row whose evidence is in its paragraph.

    A row with its evidence elsewhere counts for all of them.
    """
    where: dict[PairKey, set[int]] = {}
    for candidate in candidates:
        where.setdefault(pair_key(passage, candidate), set()).add(candidate.paragraph)
    for candidate in candidates:
        key = pair_key(passage, candidate)
        here = [
            (stance, doubt)
            for stance, paragraph, doubt in placed.get(key, ())
            if paragraph == candidate.paragraph or paragraph not in where[key]
        ]
        if any(doubt for _, doubt in here):
            yield None
        else:
            yield frozenset(stance for stance, _ in here) & frozenset(STANCES[candidate.facet])
