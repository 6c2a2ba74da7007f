"""What the rules found of each pair, as features for a judge: see `archive.encounters.pair_judge.FEATURES`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from archive.encounters.pair_candidates import pair_candidates
from archive.encounters.pair_judge import PairCandidate
from archive.model.sightings import GRADES, PRESENT, Sighting
from archive.text.sentences import paragraphs

if TYPE_CHECKING:
    from archive.encounters.rules.scenes import Scene
    from archive.encounters.rules.verdicts import Facts, Verdicts

_QUOTED = re.compile(r'"')
#: Two people beside each other; what follows the first is left to be the first of the next two.
_COORDINATED = re.compile(r"ᴘ([0-9]+)(?=(?:,? (?:and|with|&) |, )ᴘ([0-9]+)(?!\d))")
#: Stances of the rules, the one that counts most for a judge first; `together` by its grade.
_STRENGTH = ("together stated", "together likely", "absent", "expected", "contact", "mentioned")


def judged_candidates(verdicts: Verdicts, sightings: Iterable[Sighting]) -> list[PairCandidate]:
    """The candidates of an article with the rules' verdicts on each and what they saw."""
    features = _Features(verdicts, sightings)
    return [features.of(candidate) for candidate in pair_candidates(verdicts.reading.passage)]


class SightingPlaces:
    """In which paragraphs sightings have their evidence; -1 is the title."""

    def __init__(self, body: str) -> None:
        self._starts = [start for start, _ in paragraphs(body)]

    def of(self, sighting: Sighting) -> set[int]:
        """The paragraphs of a sighting."""
        return {-1 if span.in_title else bisect_right(self._starts, span.start) - 1 for span in sighting.spans}


class _Features:
    def __init__(self, verdicts: Verdicts, sightings: Iterable[Sighting]) -> None:
        self._passage = verdicts.reading.passage
        self._masked = {each.number: each.masked for each in verdicts.reading.sentences}
        self._facts: dict[int, list[Facts]] = defaultdict(list)  # by paragraph
        for facts in verdicts.facts.values():
            self._facts[facts.sentence.paragraph].append(facts)
        self._scenes = verdicts.scenes
        self._coordinated = {
            (int(first), int(second)) for text in self._masked.values() for first, second in _COORDINATED.findall(text)
        }
        self._people: dict[int, set[int]] = defaultdict(set)  # by sentence
        for mention in self._passage.mentions:
            if mention.facet == "person":
                self._people[mention.sentence].add(mention.number)
        paragraph_of = {each.number: each.paragraph for each in verdicts.reading.sentences}
        self._attended: dict[tuple[str, int, int], list[Scene]] = defaultdict(list)  # how, person, paragraph
        for scene in verdicts.scenes:
            for how, those in (("present", scene.present), ("absent", scene.absent)):
                for number, attendance in those.items():
                    for paragraph in {paragraph_of[sentence] for sentence in attendance.sentences}:
                        self._attended[how, number, paragraph].append(scene)
        self._verdicts: dict[tuple[tuple[str, ...], int], int] = {}
        places = SightingPlaces(self._passage.body)
        for sighting in sightings:
            strength = _STRENGTH.index(_verdict(sighting))
            for key in _keys(sighting):
                for paragraph in (*places.of(sighting), _ANYWHERE):
                    known = self._verdicts.get((key, paragraph), strength)
                    self._verdicts[key, paragraph] = min(known, strength)

    def of(self, candidate: PairCandidate) -> PairCandidate:
        """A candidate with verdict and features."""
        names = candidate_names(self._passage.people, self._passage.venues, candidate)
        both = {
            self._passage.mentions[index].paragraph for index in (*candidate.first_mentions, *candidate.second_mentions)
        }
        strengths = [self._verdicts[names, paragraph] for paragraph in both if (names, paragraph) in self._verdicts]
        stance, _, grade = _STRENGTH[min(strengths)].partition(" ") if strengths else ("", "", "")
        features = {name: value for name, value in self._seen(candidate, both) if value}
        return candidate._replace(stance=stance, grade=grade or None, features=features)

    def _seen(self, candidate: PairCandidate, within: set[int]) -> Iterator[tuple[str, float]]:
        mentions = self._passage.mentions
        first, second = candidate.first, candidate.second
        of_first = {mentions[index].sentence for index in candidate.first_mentions}
        of_second = {mentions[index].sentence for index in candidate.second_mentions}
        shared = of_first & of_second
        yield "same_sentence", float(bool(shared))
        yield "sentences_apart", float(_apart(of_first, of_second))
        facts = [each for paragraph in sorted(within) for each in self._facts[paragraph]]
        pair = candidate.facet == "person"
        with_first = [each for each in facts if first in each.people or first in each.filtered]
        with_second = [each for each in facts if self._concerns(each, candidate)]
        clauses_of_second = {id(each) for each in with_second}
        with_both = [each for each in with_first if id(each) in clauses_of_second]
        yield "same_clause", float(bool(with_both))
        orders = [_orders(some) for some in (with_first, with_second)]
        apart = [_apart(orders[0][sentence], orders[1][sentence]) for sentence in orders[0].keys() & orders[1].keys()]
        yield "clauses_apart", float(min(apart, default=3))
        yield from self._attendance(candidate, within)
        yield "first_filtered", float(bool(with_first) and not any(first in each.people for each in with_first))
        if pair:
            yield "second_filtered", float(bool(with_second) and not any(second in each.people for each in with_second))
        either = [*with_first, *with_second]
        yield "presence_cue", float(any(each.cue for each in either))
        for cue in ("absence", "expected", "contact"):
            verdict = "absent" if cue == "absence" else cue
            yield f"{cue}_cue", float(any(each.verdict == verdict for each in either))
        yield "past_tense", float(any(each.past for each in with_both))
        yield "in_quotation", float(any(_QUOTED.search(self._masked.get(number, "")) for number in shared))
        people = [len(self._people[number]) for number in shared]
        yield "people_in_sentence", float(max(people, default=0))
        yield "coordinated", float(pair and self._are_coordinated(candidate))
        hows = [
            {each.people.get(number, "") for each in some} - {""}
            for number, some in ((first, with_first), (second, with_second))
        ]
        yield "by_pronoun", float(hows[0] == {"pronoun"} or (pair and hows[1] == {"pronoun"}))

    def _concerns(self, facts: Facts, candidate: PairCandidate) -> bool:
        """Whether a clause has the second of a candidate."""
        if candidate.facet == "person":
            return candidate.second in facts.people or candidate.second in facts.filtered
        return facts.venue == candidate.second or any(
            index in candidate.second_mentions for index in facts.clause.mentions
        )

    def _attendance(self, candidate: PairCandidate, within: set[int]) -> Iterator[tuple[str, float]]:
        def scenes(how: str, number: int) -> list[Scene]:
            return [scene for paragraph in sorted(within) for scene in self._attended[how, number, paragraph]]

        there, away = scenes("present", candidate.first), scenes("absent", candidate.first)
        yield "first_present", float(bool(there))
        yield "first_absent", float(bool(away))
        if candidate.facet == "person":
            others, missed = scenes("present", candidate.second), scenes("absent", candidate.second)
            yield "second_present", float(bool(others))
            yield "second_absent", float(bool(missed))
            scenes_of_second = {id(scene) for scene in others}
            joint = [scene for scene in there if id(scene) in scenes_of_second]
        else:
            joint = [scene for scene in there if scene.venue == candidate.second]
            yield "second_absent", float(any(scene.venue == candidate.second for scene in away))
        yield "same_scene", float(bool(joint))
        yield "scene_venue", float(any(scene.venue is not None for scene in joint))
        yield "scene_date", float(any(scene.basis == "text" for scene in joint))
        yield "scene_event", float(any(scene.event for scene in joint))

    def _are_coordinated(self, candidate: PairCandidate) -> bool:
        second = set(candidate.second_mentions)
        return any(
            not self._coordinated.isdisjoint(((x, y), (y, x)))
            for x in candidate.first_mentions
            for y in (x - 1, x + 1)
            if y in second
        )


def _apart(first: Iterable[int], second: Iterable[int]) -> int:
    """The least distance of one of `first` from one of `second`; neither is empty."""
    ordered = sorted(second)
    return min(
        abs(number - other)
        for number in first
        for at in (bisect_left(ordered, number),)
        for other in ordered[max(0, at - 1) : at + 1]
    )


def _orders(facts: Iterable[Facts]) -> dict[int, list[int]]:
    """The order of clauses, by sentence."""
    found: dict[int, list[int]] = defaultdict(list)
    for each in facts:
        found[each.clause.sentence].append(each.clause.order)
    return found


#: A paragraph's number that stands for all of them.
_ANYWHERE = -2


def candidate_names(people: Sequence[str], venues: Sequence[str], candidate: PairCandidate) -> tuple[str, ...]:
    """A candidate as sightings name it: "person" and two people in alphabetical order, or "venue", one, and it."""
    first = people[candidate.first]
    if candidate.facet == "venue":
        return ("venue", first, venues[candidate.second])
    return ("person", *sorted((first, people[candidate.second])))


def _keys(sighting: Sighting) -> Iterator[tuple[str, ...]]:
    """The candidates that a sighting tells of, as `candidate_names`."""
    if len(sighting.people) == 2:
        yield ("person", *sorted(sighting.people))
    if sighting.venue is not None and (sighting.stance in PRESENT or len(sighting.people) == 1):
        for name in sighting.people:
            yield ("venue", name, sighting.venue)


def _verdict(sighting: Sighting) -> str:
    stated = "stated" if sighting.grade == GRADES[0] else "likely"
    return f"together {stated}" if sighting.stance in PRESENT else sighting.stance
