"""Which scene an English clause tells of: the running one, the article's, or one of its own place or time."""

from __future__ import annotations

import re

from archive.encounters.rules import cues
from archive.encounters.rules.absence import find_absence
from archive.encounters.rules.clause_split import Clause, dateline_venue
from archive.encounters.rules.passages import Reading
from archive.encounters.rules.scenes import Scene, is_far, opening_venue_of, venue_of
from archive.encounters.rules.text_dates import DateReader, TextDate, months_apart
from archive.encounters.rules.verdicts import Facts
from archive.model.dates import day_span

HERE = re.compile(r"\b(?:here|there|same|again|that very)\b", re.IGNORECASE)
#: The date of what was printed before is not that of what it told.
_CORRECTION = re.compile(r"\bas (?:we|was) (?:\w+ )?(?:stated|reported|printed|said)\b")

#: What a date that follows is of: "what was sung at the opening in 1897" was sung again at another time.
_NO_DATE_OF_IT = re.compile(
    r"(?:until|till|aged|age|born in|since taking over) \Z|\bwhat (?:was|were|had been) [^,;]*\Z"
    r"|\bas (?:we|was) (?:\w+ )?(?:stated|reported|printed|said) \Z"
)
_ELSEWHERE = re.compile(rf"{cues.SPEECH.pattern}|{cues.REMOTE.pattern}|^but\b")


def is_future(text: str) -> bool:
    """Whether a clause tells of what is to come."""
    return bool(cues.EXPECTED.search(text)) and not cues.PAST.search(
        re.sub(r"\b(?:invited|asked|expected|scheduled|rumou?red|set|billed)\b", "", text)
    )


class SceneChoice:
    """Chooses the scene of each clause of an article, in the order of the text.

    main        the place and time that the article tells of
    last_place  the scene with a venue that somebody was told to be at last: "there"
    elsewhen    whether the sentence that is being read dates itself far from the article
    """

    def __init__(self, reading: Reading, dates: DateReader, scenes: list[Scene]) -> None:
        self._reading, self._passage, self._dates, self._scenes = reading, reading.passage, dates, scenes
        self.main = Scene()
        self.last_place: Scene | None = None
        self.elsewhen = False

    def keep(self, scene: Scene) -> Scene:
        """Take a scene into those of the article."""
        self._scenes.append(scene)
        return scene

    def article_scene(self) -> Scene:
        date = self._passage.date
        return self.keep(Scene(when=date, basis="article" if date else None))

    def main_scene(self, parsed: dict[int, list[Clause]]) -> Scene:
        """The place and time that the article tells of: what its first clauses establish."""
        date = self._passage.date
        scene = Scene(when=date, basis="article" if date else None)
        named: set[int] = set()
        opening: int | None = None  # the venue that the first sentence names, though not as where its people are
        body = [each for each in self._reading.sentences if not each.in_title]
        if body and (filed := dateline_venue(body[0].masked)) is not None:
            opening = filed
        for sentence in body:
            if sentence.paragraph > 1:
                break
            for clause in parsed[sentence.number]:
                text = clause.text
                near = self._near_date(text, date)
                begins = sentence is body[0] and near is not None  # "On Thursday the two had met at ᴠ1"
                if clause.kind != "main" or not self._is_told(text, sentence.paragraph, begins=begins):
                    continue
                far = near is None and bool(self._dates.dates(text)) and date is not None
                if far and any(is_far(each.when, date) for each in self._dates.dates(text)):
                    continue
                if scene.basis != "text" and near is not None and sentence.paragraph == 0:
                    scene.date_by(near)
                people = {self._reading.name(int(match[1:])) for match in re.findall(cues.P, text)}
                venue = None if cues.LISTING.search(text) or find_absence(text) is not None else venue_of(text)
                if opening is None and sentence is body[0]:
                    opening = opening_venue_of(text)
                # Where others are told to be, or somebody tells from, does not say where those before were.
                elsewhere = _ELSEWHERE.search(text) and not cues.SAID_AFTER.search(text)
                says = bool(named) and (elsewhere or not (not people or people & named))
                if scene.venue is None and venue is not None and not says:
                    scene.venue = self._reading.name(venue)
                    if near is not None:
                        scene.date_by(near)
                named |= people
                if sentence.paragraph == 0 and cues.EVENT.search(text):
                    scene.event = True
            if scene.venue is None and opening is not None:
                scene.venue = self._reading.name(opening)
            if scene.venue is not None and scene.basis == "text":
                break
        if scene.venue is None:
            for sentence in self._reading.sentences:
                if sentence.in_title and (venue := venue_of(sentence.masked)) is not None:
                    scene.venue = self._reading.name(venue)
        return scene

    def _is_told(self, text: str, paragraph: int, *, begins: bool) -> bool:
        """Whether a clause of the first paragraphs tells of what the article is about."""
        if is_future(text) or cues.PRESENT_PERFECT.search(text):
            return False
        if cues.PAST_PERFECT.search(text) and not begins:
            return False
        return not _CORRECTION.search(text) and bool(cues.VERB.search(text) or paragraph == 0)

    def _near_date(self, text: str, date: str | None) -> TextDate | None:
        near = [each for each in self._dates.dates(text) if date is None or not is_far(each.when, date)]
        return self.best_date(near, text)

    def best_date(self, dates: list[TextDate], text: str) -> TextDate | None:
        """The most precise of the dates of a clause; of those, the closest to its venue, or the first."""
        usable = [each for each in dates if not _NO_DATE_OF_IT.search(text[: each.start])]
        venue = re.search(cues.V, text)
        at = venue.start() if venue else 0
        return min(usable, key=lambda d: ("/" in d.when, -len(d.when), abs(d.start - at)), default=None)

    def of_clause(self, facts: Facts, running: Scene, *, moves: bool) -> Scene:
        """The scene of a clause: the running one, or one of its own where its date or venue differs."""
        date, venue, text = facts.date, facts.venue, facts.clause.text
        reference = running.when or self.main.when or self._passage.date
        if (
            venue is None
            and date is None
            and self.last_place is not None
            and re.search(r"\b(?:there|the same (?:place|night|evening|day|occasion))\b", text)
            and not re.search(r"\bthere (?:was|were|is|are|had|has)\b", text)
        ):
            return self.last_place
        perfect = (
            bool(cues.PAST_PERFECT.search(text))
            or bool(cues.PRESENT_PERFECT.search(text))
            or bool(
                re.search(
                    r"\b(?:previously|formerly|once|years (?:earlier|before|ago)|last (?:met|saw|year|time)|at the time|in those days|prior occasions?|on (?:several|many|prior|previous|other|earlier) occasions?)\b",
                    text,
                )
            )
        )
        if date is not None and (is_far(date.when, reference) or (perfect and date.when != running.when)):
            here = self.main.venue if HERE.search(text) and self.main.venue is not None else None
            scene = Scene(venue if venue is not None else here, one_off=True)
            scene.date_by(date)
            return self.keep(scene)
        if date is None and perfect and not (venue is not None and venue == running.venue):
            return self.keep(Scene(venue, one_off=True))
        if not moves or facts.clause.kind != "main":
            if (venue is None or venue == running.venue) and (
                date is None or (running.when is not None and self._same_time(date, running))
            ):
                return running
            scene = Scene(venue, running.when, running.basis, running.words, one_off=True)
            scene.date_by(date)
            return self.keep(scene)
        if venue is not None and venue != running.venue:
            if (
                running.venue is None
                and not running.one_off
                and (not running.present or not facts.people or running.present.keys() & facts.people.keys())
                and (date is None or self._same_time(date, running) or running.basis != "text")
            ):
                running.venue = venue
                if date is not None:
                    running.date_by(date)
                return running
            scene = Scene(venue, running.when, running.basis, running.words, event=True)
            if self.elsewhen and date is None:  # dated far off, but in another clause: nobody knows when
                return self.keep(Scene(venue, one_off=True))
            scene.date_by(date)
            for known in self._scenes:
                if known.venue == venue and known.when == scene.when:
                    return known
            return self.keep(scene)
        if date is not None and running.basis == "text" and self._refines(date, running):
            running.date_by(date)
            return running
        if date is not None and not self._same_time(date, running):
            if running.basis != "text":
                running.date_by(date)
                return running
            scene = Scene(running.venue if HERE.search(text) else venue, one_off=True)
            scene.date_by(date)
            return self.keep(scene)
        if date is not None and running.basis != "text":
            running.date_by(date)
        return running

    def _refines(self, date: TextDate, scene: Scene) -> bool:
        """Whether a date is a part of that of a scene: the day of the month that was told before."""
        if not scene.when or date.when == scene.when:
            return False
        outer, inner = day_span(scene.when), day_span(date.when)
        return outer[0] <= inner[0] and inner[1] <= outer[1]

    def _same_time(self, date: TextDate, scene: Scene) -> bool:
        if scene.when is None or scene.when == date.when:
            return True
        return scene.basis == "text" and months_apart(date.when, scene.when) == 0.0

    def joined_scene(self, facts: Facts, before: Facts | None) -> Scene | None:
        """The scene of the clause before, where one goes on from it: "in November at ᴠ1, where ᴘ2 also took part"."""
        if (
            before is None
            or facts.date is not None
            or not re.match(r"(?:when|where|in which|at which|with whom)\b", facts.clause.text)
        ):
            return None
        if before.scene is not None:
            return before.scene if facts.venue in (None, before.scene.venue) else None
        if before.date is not None or before.venue is not None:
            facts.date = before.date
            facts.venue = facts.venue if facts.venue is not None else before.venue
        return None
