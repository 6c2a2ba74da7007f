"""Rules and judge joined: the sightings that the rules found, kept, dropped or added to by a judge of pairs.

The judge decides who was there; where and when comes from the rules' scenes, as it knows neither dates nor which
of two occasions is meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from archive.encounters.candidate_features import SightingPlaces, candidate_names, judged_candidates
from archive.encounters.pair_judge import PairCandidate, PairJudge, StanceProbabilities, Thresholds
from archive.encounters.rules.cues import VERB, tells_occasion
from archive.encounters.rules.filters import stands_for_another
from archive.model.sightings import ASSERTED, PRESENT, Sighting, TextSpan

if TYPE_CHECKING:
    from archive.encounters.rules.scenes import Scene
    from archive.encounters.rules.verdicts import Verdicts

#: Candidates of one article that are judged; beyond it there are only lists of names.
MOST_CANDIDATES = 4_000
# These are fitted by cross-validation over the typical passages (`archive.encounters.encoder.train`).

#: Probability from which somebody is told to have been at a venue where the rules have nobody.
_PLACED = 0.6
#: Probability from which an absence is told that no word of absence shows.
_WORDLESS = 0.6
#: The same where the rules have them there.
_WORDLESS_AGAINST_RULES = 0.75
#: Probability from which two people are told as expected or in contact, where nothing else is told of them.
_OTHER = 0.4
#: Of a venue's threshold, below which two who were together were not at the venue of their scene.
_VENUE_KEPT = 0.2


class _Decision(NamedTuple):
    """What is decided of a candidate: `grade` where they were there, "" where not; `other` is another stance, or ""."""

    candidate: PairCandidate
    names: tuple[str, ...]
    grade: str
    absent: bool
    other: str
    answer: StanceProbabilities

    @property
    def paragraph(self) -> int:
        return self.candidate.paragraph


def with_second_opinion(verdicts: Verdicts, sightings: Sequence[Sighting], judge: PairJudge) -> list[Sighting]:
    """The sightings of an article by rules and judge; those of the rules where there is nothing to judge."""
    candidates = judged_candidates(verdicts, sightings)
    if not candidates or len(candidates) > MOST_CANDIDATES:
        return list(sightings)
    passage = verdicts.reading.passage
    answers = judge.judge(passage, candidates)
    decisions = [
        _decided(
            candidate,
            candidate_names(passage.people, passage.venues, candidate),
            answer,
            judge.thresholds if candidate.facet == "person" else judge.venue_thresholds,
        )
        for candidate, answer in zip(candidates, answers, strict=True)
    ]
    decisions = [
        each._replace(grade="") if _is_posthumous(each.candidate, verdicts.dead) else each for each in decisions
    ]
    join = _Join(verdicts, decisions, judge.venue_thresholds)
    return list(dict.fromkeys(map(join.numbered, join.of(sightings))))


def _decided(
    candidate: PairCandidate, names: tuple[str, ...], answer: StanceProbabilities, thresholds: Thresholds
) -> _Decision:
    stated = answer.together >= thresholds.stated
    wordless = answer.absent >= (_WORDLESS_AGAINST_RULES if candidate.stance in PRESENT else _WORDLESS)
    shown = candidate.stance == "absent" or candidate.features.get("absence_cue") or wordless
    absent = bool(shown) and answer.absent >= thresholds.absent and not (stated and answer.together > answer.absent)
    likely = answer.together >= thresholds.together and not absent
    grade = "stated" if stated else "likely" if likely else ""
    other = max(("expected", "contact"), key=lambda stance: float(getattr(answer, stance)))
    tells = candidate.facet == "person" and not grade and not absent and getattr(answer, other) >= _OTHER
    return _Decision(candidate, names, grade, absent, other if tells else "", answer)


def _is_posthumous(candidate: PairCandidate, dead: Set[int]) -> bool:
    """Whether one of them is dead in the article, and seen by no rule: it tells of a funeral, or of those left."""
    people = {candidate.first} | ({candidate.second} if candidate.facet == "person" else set())
    return candidate.stance not in PRESENT and bool(people & dead)


class _Join:
    def __init__(self, verdicts: Verdicts, decisions: Iterable[_Decision], venue_thresholds: Thresholds) -> None:
        self._verdicts, self._passage = verdicts, verdicts.reading.passage
        self._decisions = list(decisions)
        self._of: dict[tuple[str, ...], list[_Decision]] = defaultdict(list)
        for each in self._decisions:
            self._of[each.names].append(each)
        self._threshold = venue_thresholds.together
        self._places = SightingPlaces(self._passage.body)
        self._sentences = {each.number: each for each in verdicts.reading.sentences}

    def of(self, sightings: Iterable[Sighting]) -> Iterator[Sighting]:
        """The rules' sightings that stand, then those that the judge adds, in the order of the text."""
        told: set[tuple[str, int]] = set()  # "there" or "absent", and which decision
        kept: list[Sighting] = []
        for sighting in sightings:
            kept += self._kept(sighting, told)
        for at, decision in enumerate(self._decisions):
            if decision.grade and ("there", at) not in told and self._may_add(decision.candidate, decision.answer):
                kept.append(self._added(decision, decision.grade))
            if decision.absent and ("absent", at) not in told:
                kept.append(self._added(decision, ""))
            if decision.other and not any(set(each.people) == set(decision.names[1:]) for each in kept):
                kept.append(replace(self._added(decision, ""), stance=decision.other, venue=None, absent=()))
        yield from sorted(
            kept, key=lambda each: min(((not s.in_title, s.start) for s in each.spans), default=(True, 0))
        )

    def _kept(self, sighting: Sighting, told: set[tuple[str, int]]) -> Iterator[Sighting]:
        asserts = "there" if sighting.stance in PRESENT else "absent" if sighting.stance == "absent" else ""
        decisions = self._about(sighting)
        if not asserts or not decisions:
            yield sighting
            return
        agreed = [each for each in decisions if (each.grade if asserts == "there" else each.absent)]
        if not agreed:
            return
        told |= {(asserts, at) for at, each in enumerate(self._decisions) if any(each is other for other in agreed)}
        if asserts == "absent":
            yield sighting
            return
        grade = "stated" if any(each.grade == "stated" for each in agreed) else "likely"
        if len(sighting.people) == 1:
            yield replace(sighting, grade=grade)
        else:
            yield self._placed(replace(sighting, grade=grade))

    def _about(self, sighting: Sighting) -> list[_Decision]:
        """The decisions on the pair of a sighting: those of its paragraphs, or else all."""
        if len(sighting.people) == 2:
            names: tuple[str, ...] = ("person", *sorted(sighting.people))
        elif sighting.venue is not None:
            names = ("venue", sighting.people[0], sighting.venue)
        else:
            return []
        found, places = self._of.get(names, []), self._places.of(sighting)
        return [each for each in found if each.paragraph in places] or found

    # -- what the judge adds ------------------------------------------------------------------------

    def _are_apart(self, candidate: PairCandidate) -> bool:
        """Whether the rules have two people at places that differ, and together at none."""
        first, second = (
            [scene for scene in self._verdicts.scenes if person in scene.present]
            for person in (candidate.first, candidate.second)
        )
        venues = [{scene.venue for scene in scenes} for scenes in (first, second)]
        shared = any(scene is other for scene in first for other in second)
        return bool(first and second) and not shared and None not in venues[0] | venues[1] and not venues[0] & venues[1]

    def _may_add(self, candidate: PairCandidate, answer: StanceProbabilities) -> bool:
        """Whether one paragraph names both, or the rules have the first at some place: else a place proves nothing."""
        mentions = self._passage.mentions
        first, second = (
            {mentions[index].paragraph for index in side}
            for side in (candidate.first_mentions, candidate.second_mentions)
        )
        if candidate.facet == "venue" and answer.together < _PLACED:
            return False
        if candidate.facet == "person" and self._are_apart(candidate):
            return False
        if any(map(self._stand_for_others, (candidate.first_mentions, candidate.second_mentions))):
            return False
        if self._is_in_list(candidate):
            return False
        if first & second:
            return True
        return any(candidate.first in scene.present and scene.is_established for scene in self._verdicts.scenes)

    def _is_in_list(self, candidate: PairCandidate) -> bool:
        """Whether both are names in a list, and no more is said of them; the judge was trained on running text."""
        styles = self._verdicts.reading.styles
        sentences = [self._sentences[number] for number in self._evidence(candidate)]
        return all(
            styles.get(each.paragraph) == "item" and not VERB.search(each.masked) and not tells_occasion(each.masked)
            for each in sentences
        )

    def _stand_for_others(self, side: Sequence[int]) -> bool:
        """Whether every mention of somebody only says whose somebody or something is."""
        mentions = [self._passage.mentions[index] for index in side]
        return all(
            each.facet == "person"
            and each.how != "pronoun"
            and stands_for_another(self._passage.title if each.in_title else self._passage.body, each.start, each.end)
            for each in mentions
        )

    def _added(self, decision: _Decision, grade: str) -> Sighting:
        """A sighting of its own: somebody was there (with a grade), or was not."""
        candidate = decision.candidate
        numbers = self._evidence(candidate)
        scene = self._scene(candidate, numbers)
        pair = candidate.facet == "person"
        people = tuple(
            self._passage.people[each] for each in ([candidate.first, candidate.second] if pair else [candidate.first])
        )
        venue = None if scene.venue is None else self._passage.venues[scene.venue]
        if not pair:
            venue = self._passage.venues[candidate.second]
        named = {m.name for m in self._mentions(numbers)}
        found = Sighting(
            stance=("together" if pair else "present") if grade else "absent",
            people=people,
            grade=grade or None,
            when=scene.when,
            when_basis=scene.basis if scene.when else None,
            when_text=scene.words,
            venue=venue,
            nearby=tuple(m.name for m in self._mentions(numbers) if m.facet == "venue" and m.name != venue),
            absent=() if grade else people if not pair else self._missing(candidate),
            level="sentence" if len(numbers) == 1 and named >= set(people) else "paragraph",
            scene=next(at for at, each in enumerate(self._verdicts.scenes) if each is scene),
            spans=tuple(TextSpan(s.start, s.end, s.in_title) for s in (self._sentences[number] for number in numbers)),
        )
        return self._placed(found) if pair and grade else found

    def _evidence(self, candidate: PairCandidate) -> list[int]:
        """The sentence with both, or the two closest ones."""
        first, second = (
            [self._passage.mentions[index].sentence for index in side]
            for side in (candidate.first_mentions, candidate.second_mentions)
        )
        closest = min(((a, b) for a in first for b in second), key=lambda two: (abs(two[0] - two[1]), two))
        return sorted({*closest})

    def _scene(self, candidate: PairCandidate, numbers: Sequence[int]) -> Scene:
        """The scene that the rules read in the evidence: of these people, or of its clauses, or the article's."""
        people = {candidate.first} | ({candidate.second} if candidate.facet == "person" else set())
        best, points = self._verdicts.scenes[0], 0
        for scene in self._verdicts.scenes:
            here = [
                number
                for number, attendance in (*scene.present.items(), *scene.absent.items())
                if number in people and set(attendance.sentences) & set(numbers)
            ]
            fits = candidate.facet == "venue" and scene.venue == candidate.second
            worth = 2 * len(set(here)) + 3 * fits
            if worth > points:
                best, points = scene, worth
        if not points:
            placed = [
                facts.scene
                for facts in self._verdicts.facts.values()
                if facts.scene is not None and facts.sentence.number in numbers
            ]
            return placed[0] if placed else best
        return best

    def _missing(self, candidate: PairCandidate) -> tuple[str, ...]:
        """Which of two was not there, as far as venues tell."""
        gone = [
            self._passage.people[number]
            for number in (candidate.first, candidate.second)
            if any(each.absent for each in self._visits(self._passage.people[number]))
        ]
        return tuple(gone) if len(gone) == 1 else ()

    def _visits(self, person: str) -> list[_Decision]:
        return [each for each in self._decisions if each.candidate.facet == "venue" and each.names[1] == person]

    # -- where ------------------------------------------------------------------------

    def _placed(self, sighting: Sighting) -> Sighting:
        """Two people at the venue of their scene unless that is most unlikely; without one, where both were nearby."""
        if sighting.venue is not None:
            least = min(self._chance(name, sighting.venue, unknown=1.0) for name in sighting.people)
            return sighting if least >= _VENUE_KEPT * self._threshold else replace(sighting, venue=None)
        places = self._places.of(sighting)
        named = dict.fromkeys(
            self._passage.venues[each.number]
            for each in self._passage.mentions
            if each.facet == "venue" and each.paragraph in places
        )
        chances = {venue: min(self._chance(name, venue) for name in sighting.people) for venue in named}
        best = max(chances, key=lambda venue: chances[venue], default=None)
        if best is None or chances[best] < self._threshold:
            return sighting
        return replace(sighting, venue=best, nearby=tuple(each for each in sighting.nearby if each != best))

    def numbered(self, sighting: Sighting) -> Sighting:
        """A sighting at another venue than its scene's is of another occasion, and has a scene number of its own."""
        scenes, venues = self._verdicts.scenes, self._passage.venues
        own = scenes[sighting.scene].venue
        if sighting.venue == (None if own is None else venues[own]) or sighting.stance not in ASSERTED:
            return sighting
        at = len(venues) if sighting.venue is None else venues.index(sighting.venue)
        return replace(sighting, scene=len(scenes) * (1 + at) + sighting.scene)

    def _chance(self, person: str, venue: str, unknown: float = 0.0) -> float:
        return max((each.answer.together for each in self._of.get(("venue", person, venue), ())), default=unknown)

    def _mentions(self, numbers: Iterable[int]) -> Iterator[_Named]:
        for number in numbers:
            for index in self._sentences[number].mentions:
                mention = self._passage.mentions[index]
                names = self._passage.people if mention.facet == "person" else self._passage.venues
                yield _Named(mention.facet, names[mention.number])


class _Named(NamedTuple):
    facet: str
    name: str
