"""The second stage: a statistical judge of pairs that the rules have looked at.

The rules (`archive.encounters.rules`) find the mentions, the scenes and the dates of an article, and
give a first verdict on every pair. A `PairJudge` sees all that and answers with a probability for
each stance; `archive.encounters.judging` joins the two. Without one, the rules answer alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class PassageMention(NamedTuple):
    """A place in the text that means a person or a venue.

    facet    "person" or "venue"
    number   of the person in `Passage.people`, or of the venue in `Passage.venues`
    start, end   character offsets in the body, or in the title where `in_title`
    how      "name", "part" (a first name or surname alone, a role) or "pronoun"
    paragraph, sentence   numbers within the article's body; -1 for the title's
    """

    facet: str
    number: int
    start: int
    end: int
    in_title: bool
    how: str
    paragraph: int
    sentence: int


class Passage(NamedTuple):
    """An article as the judge sees it.

    mentions   the title's first, then in the order of the text
    """

    title: str
    body: str
    date: str | None
    people: tuple[str, ...]
    venues: tuple[str, ...]
    mentions: tuple[PassageMention, ...]


class PairCandidate(NamedTuple):
    """Two people, or a person and a venue, that one paragraph names.

    facet     of the second: "person" or "venue"
    first     number of a person; second: number of another person (first < second), or of a venue
    paragraph   number of the paragraph, -1 for the title
    first_mentions, second_mentions   indexes into `Passage.mentions`, of that paragraph
    stance, grade   the verdict of the rules on this pair in this paragraph (the strongest, if there are several)
    features  what the rules saw, by name, 0.0 where a name is left out; FEATURES lists them
    """

    facet: str
    first: int
    second: int
    paragraph: int
    first_mentions: tuple[int, ...]
    second_mentions: tuple[int, ...]
    stance: str
    grade: str | None
    features: Mapping[str, float]


#: Names of the features of a candidate. Values are 0.0 or 1.0 but for counts and distances.
FEATURES = (
    "same_sentence",  # one sentence names both
    "same_clause",
    "sentences_apart",  # between the closest mentions
    "clauses_apart",
    "first_present",  # the rules have each of them present in this paragraph
    "second_present",
    "first_absent",
    "second_absent",
    "first_filtered",  # every mention of it is a possessor, a portrait, a late relative …
    "second_filtered",
    "presence_cue",  # a word of presence in a clause that names one of them
    "absence_cue",
    "expected_cue",
    "contact_cue",
    "past_tense",  # in a clause with both
    "scene_venue",  # the scene has a venue
    "scene_date",  # the scene has a date of the text's own
    "scene_event",  # an event noun names the occasion
    "same_scene",  # both are placed in one scene
    "in_quotation",
    "people_in_sentence",  # how many
    "coordinated",  # "A and B"
    "by_pronoun",  # only a pronoun stands for one of them
)


class StanceProbabilities(NamedTuple):
    """Probability of each stance, independent of each other (a pair may have several occasions).

    `together` is `present` for a candidate with a venue.
    """

    together: float
    absent: float
    expected: float
    contact: float
    mentioned: float


class Thresholds(NamedTuple):
    """Decision thresholds, fitted with the judge.

    together   at which a pair is told as together (or present)
    stated     at which it is graded `stated`
    absent     at which it is told as absent, and never as together unless `stated` is reached
    """

    together: float
    stated: float
    absent: float


class PairJudge(Protocol):
    """Judges the pairs of an article.

    version      changes whenever an answer may: stored verdicts of another version are derived again
    thresholds   for pairs of people; venue_thresholds for a person and a venue
    """

    @property
    def version(self) -> str: ...
    @property
    def thresholds(self) -> Thresholds: ...
    @property
    def venue_thresholds(self) -> Thresholds: ...

    def judge(self, passage: Passage, candidates: Sequence[PairCandidate]) -> Sequence[StanceProbabilities]:
        """One answer a candidate, in their order. The same passage gives the same answer."""
