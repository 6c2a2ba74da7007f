"""What the rules of a language find in an article, before it is made into sightings."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.encounters.rules.clause_split import Clause
from archive.encounters.rules.passages import MaskedSentence, Reading
from archive.encounters.rules.scenes import Scene
from archive.encounters.rules.text_dates import TextDate


@dataclass(slots=True)
class PairNote:
    """What a clause says of two people, or of one: not by a scene that they share."""

    stance: str
    first: int
    second: int
    scene: Scene
    sentence: int


@dataclass(slots=True)
class Verdicts:
    """All that the rules found in an article.

    scenes   those that anybody was at, or away from
    notes    stances of pairs; of one person and a venue in `venue_notes`, and those not seen since in `unseen`
    dead     people whose death the article reports: they are seen at nothing that follows it
    facts    of every clause, by sentence and order
    """

    reading: Reading
    scenes: list[Scene] = field(default_factory=list)
    notes: list[PairNote] = field(default_factory=list)
    unseen: list[tuple[int, Scene, int]] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)
    facts: dict[tuple[int, int], Facts] = field(default_factory=dict)


@dataclass(slots=True)
class Facts:
    """What was found in a clause, for the rules and for a judge after them.

    people    numbers of those who may be placed by it; `filtered` of those who are only named
    """

    clause: Clause
    sentence: MaskedSentence
    people: dict[int, str] = field(default_factory=dict)
    filtered: dict[int, str] = field(default_factory=dict)
    date: TextDate | None = None
    venue: int | None = None
    verdict: str = ""
    past: bool = False
    cue: bool = False
    scene: Scene | None = None
    absent: list[int] = field(default_factory=list)
