"""The rules for English: a verdict for every clause, and what comes of them for people, pairs and venues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from archive.encounters.rules import cues
from archive.encounters.rules.absence import Absence, find_absence
from archive.encounters.rules.clause_split import Clause, clauses
from archive.encounters.rules.cues import LIST, P
from archive.encounters.rules.filters import is_filtered
from archive.encounters.rules.passages import MaskedSentence, Reading, mention_indexes
from archive.encounters.rules.scenes import Attendance, Scene, is_far, venue_of
from archive.encounters.rules.text_dates import DateReader, TextDate, months_apart
from archive.encounters.rules.verdicts import Facts, PairNote, Verdicts
from archive.model.dates import day_span

#: What somebody just named may be called by next: "the singer".
_ROLES = (
    r"singer|actress|actor|star|rapper|producer|film-?maker|director|writer|author|novelist|playwright|poet|minister|president|premier|"
    r"prime minister|senator|congressman|congresswoman|governor|mayor|queen|king|duke|duchess|prince|princess|striker|captain|"
    r"coach|manager|champion|judge|lawyer|general|colonel|bishop|pope|archbishop|cardinal|chancellor|model|designer|comedian|"
    r"musician|guitarist|pianist|conductor|painter|sculptor|chef|billionaire|businessman|businesswoman|socialite|heiress|widow|"
    r"artist|architect|explorer|admiral|commodore|ambassador|envoy|chairman|chairwoman|commissioner|soprano|tenor|dancer"
)
_PRONOUN = re.compile(
    rf"^(?:and |but |then |though |although |because |while |as |when |after |before |where |that |so |once |later |also |yet |instead |afterwards |there |in \w+,? |on \w+,? |,)*(?P<word>he|she|they|the (?:(?:former |married )?(?:pair|couple)|two(?: men| women)?|duo|newlyweds|exes)|the (?:[\w'-]+ ){{0,3}}?(?:{_ROLES}))\b(?! of\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?P<word>him|them|(?<=with )(?:the (?:pair|couple|two|duo)))\b|\b(?P<her>her)(?=[,.;]|$| (?:to|at|in|on|with|for|from|by|there|and|off|into|as|after|before|home|again|that|last|yesterday)\b)"
)
_HERE = re.compile(r"\b(?:here|there|same|again|that very)\b", re.IGNORECASE)
_NEVER_MET = re.compile(
    r"\b(?:(?:ha[sd]|have|had) (?:\w+ )?(?:never|not|yet to|hardly)(?: yet| actually| once| ever)? (?:met|meet|been in (?:a|the same) (?:room|postcode|place|country)|seen (?:each other|one another)|set eyes|been photographed together|shared a (?:room|stage)|crossed paths)"
    r"|never (?:actually |once |in fact |did |really |even )?(?:met?|set eyes|laid eyes|saw (?:each other|one another)|crossed paths)|(?:has|have) yet to meet|never been in a room|"
    r"never did meet|nor (?:have|had|did) they (?:ever )?me?et|had never (?:once )?(?:seen|met|set eyes))\b"
)
_UNTIL = re.compile(r"\b(?:not|never|n't)(?: \w+){0,2} (?:met|meet)(?: each other| again)? (?:until|till|before)\b")
_PHOTO_SINCE = re.compile(
    rf"\b(?:photos?|photographs?|pictures?|shots?|snaps?|sightings?|sign|glimpse) of (?P<who>her|him|them|{P})\b"
)
_OPEN = re.compile(r"\bsince\b", re.IGNORECASE)
_PRESENT_VERB = re.compile(
    r"\b(?:arrives?|attends?|poses?|receives?|meets?|joins?|greets?|shakes?|stands?|sits?|looks? on|takes? part|dances?|admires?|cuts?|opens?|presents?|hands?|walks?|plays?|sings?|"
    r"celebrates?|watch(?:es)?|enjoys?|shares?|holds?|speaks?|leaves?|chats?|pictured|seen|photographed|hugs?|kisses|embraces?|smiles?|waves?|pops up|skips?)\b"
)
_SPEAKER = re.compile(
    rf"^(?:[^ᴘ]{{0,40}})?(?P<who>{P})(?:,? [^,;]{{1,60}},)? (?:also |later |then |once |has |had |would )?(?:{cues.SPEECH.pattern})|(?:{cues.SPEECH.pattern}) (?P<after>{P})"
)
#: "was a politician", "was born": what somebody is, not where.
_STATE = re.compile(
    r"\b(?:was|were) (?:\w+ly )?(?!there|present|here|in\b|at\b|among|with|on\b|inside|outside|aboard|beside|behind|by\b|next|back|off|out\b|down|up\b|also|both|all|then|just|still|joined|seen|met|given|taken|driven|shown|led|held|caught|drawn|born|an?\b|one\b|the\b|not\b|[a-z]+(?:ed|ing)\b|ᴘ)[a-z]+ (?:to|of|for|that|about|than|as)\b"
    r"|\b(?:was|were|is|are|became|remained|had been|being) (?:\w+ly )?(?:an?\b(?! (?:guest|witness|mourner|bearer|passenger))|one of\b|the (?!first (?:to|up)|last to|guest|host|star|speaker|toast|centre|center|life)\w+|born|educated|elected|known|"
    r"survived|brought up|raised|aged|\d|years? old|mayor|governor|president|minister|king|queen|leader|chairman|his|her|their|ᴘ\d+'s)"
    r"|\b(?:died|lived|lives|belonged|owned|loved|hated|liked|knew|believed|thought|wanted|needed|used to|consisted|contained|seemed|appeared to|looked like|resembled|deserved|meant|remembered|cost|holds the record)\b"
)
#: "is known", "have been dressed": participles that make no past.
_PASSIVE = re.compile(
    r"\b(?:is|are|am|be|been|being|'re|has|have|having)(?: not| both| all| also| been| \w+ly)* \w+(?:ed|en|wn)\b"
)
#: The date of what was printed before is not that of what it told.
_CORRECTION = re.compile(r"\bas (?:we|was) (?:\w+ )?(?:stated|reported|printed|said)\b")
_DENIAL = re.compile(r"\b(?:den(?:y|ies|ied)|disput(?:es|ed)|rejects?|rejected)\b")
_COORDINATED = re.compile(rf"{P}(?:, [^,ᴘ]{{1,40}},)? (?:and|with) (?:(?:his|her|the|their) (?:[\w-]+,? ){{1,5}})?{P}")


def judge(reading: Reading) -> Verdicts:
    """Judge an article."""
    return _Judge(reading).run()


class _Judge:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.passage = reading.passage
        self.dates = DateReader(self.passage.date)
        self.found = Verdicts(reading)
        self.main = Scene()
        self.subject: list[int] = []  # numbers of the people who are the subject of what was said last
        self.pair: list[int] = []  # those who were coordinated last
        self.denied = {each.paragraph for each in reading.sentences if _DENIAL.search(each.masked)}
        self.last_place: Scene | None = None
        self.topic: list[int] = []  # the subject of the sentence that is being read
        self.anchored = True  # whether the paragraph has said that it tells of its scene
        self.elsewhen = False  # whether the sentence that is being read dates itself far from the article

    # -- the walk --------------------------------------------------------------------------------------------------

    def run(self) -> Verdicts:
        parsed = {each.number: self._clauses(each) for each in self.reading.sentences}
        self.main = self._main_scene(parsed)
        self._keep(self.main)
        paragraph = None
        running = self.main
        for sentence in self.reading.sentences:
            if sentence.in_title:
                continue
            if sentence.paragraph != paragraph:
                self.anchored = paragraph is None
                paragraph = sentence.paragraph
                running = self.main
                if self.reading.styles.get(paragraph) or cues.CAPTION.match(sentence.masked):
                    running = self._article_scene() if paragraph else self.main
                self.subject = self.subject if paragraph else []
            running = self._sentence(sentence, parsed[sentence.number], running)
        return self.found

    def _clauses(self, sentence: MaskedSentence) -> list[Clause]:
        if not sentence.mentions and not cues.EVENT.search(sentence.masked):
            return []
        found = clauses(sentence.masked)
        for each in found:
            each.sentence = sentence.number
        return found

    def _article_scene(self) -> Scene:
        date = self.passage.date
        return self._keep(Scene(when=date, basis="article" if date else None))

    def _keep(self, scene: Scene) -> Scene:
        self.found.scenes.append(scene)
        return scene

    def _main_scene(self, parsed: dict[int, list[Clause]]) -> Scene:
        """The place and time that the article tells of: what its first clauses establish."""
        date = self.passage.date
        scene = Scene(when=date, basis="article" if date else None)
        for sentence in self.reading.sentences:
            if sentence.in_title or sentence.paragraph > 1:
                continue
            for clause in parsed[sentence.number]:
                text = clause.text
                if clause.kind != "main" or self._is_future(text) or cues.PRESENT_PERFECT.search(text):
                    continue
                if (
                    _CORRECTION.search(text)
                    or cues.PAST_PERFECT.search(text)
                    or not (cues.VERB.search(text) or sentence.paragraph == 0)
                ):
                    continue
                near = self._near_date(text, date)
                far = near is None and bool(self.dates.dates(text)) and date is not None
                if far and any(is_far(each.when, date) for each in self.dates.dates(text)):
                    continue
                if scene.basis != "text" and near is not None and sentence.paragraph == 0:
                    scene.date_by(near)
                venue = venue_of(text)
                if scene.venue is None and venue is not None and not cues.LISTING.search(text):
                    scene.venue = self.reading.name(venue)
                    if near is not None:
                        scene.date_by(near)
                if sentence.paragraph == 0 and cues.EVENT.search(text):
                    scene.event = True
            if scene.venue is not None and scene.basis == "text":
                break
        if scene.venue is None:
            for sentence in self.reading.sentences:
                if sentence.in_title and (venue := venue_of(sentence.masked)) is not None:
                    scene.venue = self.reading.name(venue)
        return scene

    def _near_date(self, text: str, date: str | None) -> TextDate | None:
        near = [each for each in self.dates.dates(text) if date is None or not is_far(each.when, date)]
        return self._best_date(near, text)

    def _is_future(self, text: str) -> bool:
        return bool(cues.EXPECTED.search(text)) and not cues.PAST.search(
            re.sub(r"\b(?:invited|asked|expected|scheduled|rumou?red|set|billed)\b", "", text)
        )

    def _sentence(self, sentence: MaskedSentence, parts: Sequence[Clause], running: Scene) -> Scene:
        reported = ""
        told = self.passage.date or self.main.when
        dates = self.dates.dates(sentence.masked)
        # Without any date to go by, a sentence that has one is of another time.
        self.elsewhen = any(is_far(each.when, told) for each in dates) if told else bool(dates)
        absent_here: list[tuple[int, Scene]] = []
        sentence_date: TextDate | None = None
        last: Facts | None = None
        subject: list[int] = []
        by_pronoun = False
        for clause in parts:
            facts = self._facts(clause, sentence, subject or self.subject)
            self.found.facts[sentence.number, clause.order] = facts
            text = clause.text
            future = bool(cues.EXPECTED.search(text)) and not re.search(r"\b(?:did|was|were|had)\b", text)
            anchor = running.when if running.when and "/" not in running.when else None
            dates = self.dates.dates(text, future=future, anchor=anchor)
            facts.date = self._best_date(dates, text)
            venue = venue_of(text)
            facts.venue = self.reading.name(venue) if venue is not None else None
            facts.past = bool(cues.PAST.search(_PASSIVE.sub("", text)))
            facts.cue = bool(cues.PRESENCE.search(text))
            if clause.kind == "main" and sentence_date is None:
                sentence_date = facts.date
            if reported == "plain" and sentence.paragraph in self.denied:
                reported = "disputed"
            running = self._clause(facts, running, reported, absent_here, last, sentence_date)
            reported = self._reported(clause, reported)
            self.topic = subject or self.subject
            if clause.kind == "main":
                named = [n for n in facts.people if facts.people[n] != "pronoun"] or list(facts.people)
                if named and (not subject or (by_pronoun and "pronoun" not in facts.people.values())):
                    by_pronoun = all(facts.people[n] == "pronoun" for n in named)
                    self.topic = subject = self._subject_of(facts)
                last = facts
        for number, scene in absent_here:
            if (was := scene.present.get(number)) is not None and was.sentences == [sentence.number]:
                del scene.present[number]
        if subject:
            self.subject = subject
        self._note_pair(sentence)
        return running

    def _note_pair(self, sentence: MaskedSentence) -> None:
        match = _COORDINATED.search(sentence.masked)
        if match:
            numbers = [self.reading.name(at) for at in mention_indexes(match[0])]
            if len(set(numbers)) == 2:
                self.pair = list(dict.fromkeys(numbers))

    def _subject_of(self, facts: Facts) -> list[int]:
        """The people before the first verb of a clause; whom a pronoun there stands for; or its first."""
        if _PRONOUN.match(facts.clause.text) and (meant := [n for n, how in facts.people.items() if how == "pronoun"]):
            return meant
        verb = cues.VERB.search(facts.clause.text)
        before = mention_indexes(facts.clause.text[: verb.start()] if verb else facts.clause.text)
        numbers = [self.reading.name(at) for at in before if self.passage.mentions[at].facet == "person"]
        numbers = [n for n in dict.fromkeys(numbers) if n in facts.people]
        return numbers or list(facts.people)[:1]

    def _reported(self, clause: Clause, before: str) -> str:
        if clause.kind != "main":
            return before
        if cues.SPEECH.search(clause.text) or cues.DISPUTED.search(clause.text):
            return "disputed" if cues.DISPUTED.search(clause.text) else "plain"
        return before

    # -- one clause ------------------------------------------------------------------------------------------------

    def _facts(self, clause: Clause, sentence: MaskedSentence, subject: list[int]) -> Facts:
        facts = Facts(clause, sentence)
        text = clause.text
        far = any(is_far(each.when, self.passage.date) for each in self.dates.dates(text)) or bool(
            cues.PAST_PERFECT.search(text)
        )
        for match in re.finditer(P, text):
            index = int(match[0][1:])
            number = self.reading.name(index)
            why = is_filtered(text, match.start(), match.end(), far=far)
            if why and number not in facts.people:
                facts.filtered[number] = why
            elif not why:
                facts.people[number] = self.passage.mentions[index].how
                facts.filtered.pop(number, None)
        if clause.head is not None and self.passage.mentions[clause.head].facet == "person":
            facts.people.setdefault(self.reading.name(clause.head), "name")
        if re.match(r"(?:and|then) [a-z]", text) and re.match(
            rf"(?:and|then) (?:\w+ly |then |later |also )?(?:{cues.PAST.pattern})", text
        ):
            for number in subject:  # left out, as in "dined at ᴠ1 and was seen at ᴠ2"
                if number not in facts.filtered:
                    facts.people.setdefault(number, "part")
        for number in self._pronouns(text, subject):
            if number not in facts.filtered:
                facts.people.setdefault(number, "pronoun")
        return facts

    def _pronouns(self, text: str, subject: list[int]) -> list[int]:
        """Whom the pronoun with which a clause begins goes back to."""
        found: list[int] = []
        for match in (_PRONOUN.match(text), _BEHIND.search(text)):
            if match is None:
                continue
            word = next(filter(None, match.groups())).lower()
            if re.search(rf"\b(?:{_ROLES})$", word):
                found += subject if len(subject) == 1 else []
            elif word in ("he", "she", "him", "her"):
                wanted = "m" if word in ("he", "him") else "f"
                fitting = [n for n in subject if self.reading.gender.get(n, wanted) == wanted]
                if len(fitting) == 1 or (fitting and word in ("he", "she")):
                    found.append(fitting[0])
            elif len(self.pair) == 2:
                found += self.pair
            elif len(subject) == 2:
                found += subject
        return found

    def _best_date(self, dates: list[TextDate], text: str) -> TextDate | None:
        """The most precise of the dates of a clause; of those, the closest to its venue, or the first."""
        usable = [
            each
            for each in dates
            if not re.search(r"(?:until|till|aged|age|born in|since taking over) \Z", text[: each.start])
        ]
        venue = re.search(cues.V, text)
        at = venue.start() if venue else 0
        return min(usable, key=lambda d: ("/" in d.when, -len(d.when), abs(d.start - at)), default=None)

    def _clause(
        self,
        facts: Facts,
        running: Scene,
        reported: str,
        absent_here: list[tuple[int, Scene]],
        before: Facts | None,
        sentence_date: TextDate | None,
    ) -> Scene:
        clause, text = facts.clause, facts.clause.text
        sentence = facts.sentence.number
        if clause.kind == "quote":
            facts.verdict = "quote"
            return running
        if self._never_met(facts, reported):
            return running
        absence = self._absence(facts, before)
        if absence is not None:
            return self._place_absence(facts, absence, running, absent_here)
        if cues.LISTING.search(text):
            facts.verdict = "mentioned"
            return running
        if cues.REMOTE.search(text) and facts.people:
            scene = self._scene(facts, running, moves=False)
            who = self._subject_of(facts)
            facts.verdict = "contact"
            for number in who:
                if running.is_established and not facts.date:
                    running.absent.setdefault(number, Attendance("likely", [])).add("stated", sentence, clause.order)
                    absent_here.append((number, running))
            self._note_all("contact", facts, scene)
            return running
        expected = self._expected(text, reported)
        if expected:
            scene = self._scene(facts, running, moves=False)
            facts.verdict, facts.scene = "expected", scene
            self._note_all("expected", facts, scene)
            return running
        if cues.FICTION.search(text):
            facts.verdict = "mentioned"
            return running
        is_speech = cues.SPEECH.search(text) and _SPEAKER.search(text)
        contact = cues.CONTACT.search(text)
        if contact and not self._is_met_too(text, contact):
            scene = self._scene(facts, running, moves=False)
            facts.verdict, facts.scene = "contact", scene
            self._note_all("contact", facts, scene)
            return running
        if (
            is_speech
            and not cues.SAID_AFTER.search(text)
            and not re.search(
                r"\b(?:testified|under questioning|cross-examined|told the (?:jury|court|inquest|tribunal|committee|inquiry|hearing))\b",
                text,
            )
        ):
            facts.verdict = "speech"
            return running
        return self._presence(facts, running, before, sentence_date)

    def _is_met_too(self, text: str, contact: re.Match[str]) -> bool:
        """Whether a word of presence stands before that of contact: "danced with him and thanked her"."""
        presence = cues.PRESENCE.search(text)
        return (
            presence is not None and presence.start() < contact.start() and not presence[0].startswith(("call", "sent"))
        )

    def _expected(self, text: str, reported: str) -> bool:
        if reported == "disputed":
            return True
        match = cues.EXPECTED.search(text)
        if match is None:
            return False
        if re.match(r"(?:was|were) to\b", match[0]) and re.search(r"\b(?:was|were) to be (?:seen|found)\b", text):
            return False
        presence = cues.PRESENCE.search(text)
        # "met to discuss", "arrived with ᴘ2, who would …": what was done comes before what was planned.
        past = cues.PAST.search(text)
        return not (
            presence
            and past
            and past.start() <= presence.start() < match.start()
            and not match[0].lower().startswith(("claim", "alleg", "rumo", "den"))
        )

    def _note_all(self, stance: str, facts: Facts, scene: Scene) -> None:
        for first, second in combinations(sorted(facts.people), 2):
            self.found.notes.append(PairNote(stance, first, second, scene, facts.sentence.number))

    def _never_met(self, facts: Facts, reported: str) -> bool:
        text = facts.clause.text
        if (
            (photo := _PHOTO_SINCE.search(text))
            and _OPEN.search(text)
            and re.search(r"\b(?:no|not|n't|never|last)\b|n't\b", text)
        ):
            numbers = [self.reading.name(at) for at in mention_indexes(photo["who"])] or self.topic[:1]
            dates = self.dates.dates(text)
            if numbers and dates:
                scene = self._keep(
                    Scene(when=_open_since(dates[-1].when), basis="text", words=dates[-1].text, one_off=True)
                )
                self.found.unseen += [(number, scene, facts.sentence.number) for number in numbers]
                facts.verdict, facts.absent = "absent", numbers
                return True
        if not _NEVER_MET.search(text) or _UNTIL.search(text):
            return False
        everyone = sorted({*facts.people, *facts.filtered}) if len(facts.people) < 2 else sorted(facts.people)
        if len(everyone) < 2:
            everyone = sorted({*everyone, *self.subject[:1]})
        if len(everyone) < 2:
            return False
        dates = self.dates.dates(text)
        since = re.search(r"\bsince\b", text) is not None and dates
        scene = self._keep(Scene(when=_open_since(dates[-1].when) if since else None, basis="text" if since else None,
                                 words=dates[-1].text if since else "", one_off=True))  # fmt: skip
        for first, second in combinations(everyone, 2):
            stance = "expected" if reported and "had" not in text else "absent"  # what a party says of itself
            self.found.notes.append(PairNote(stance, first, second, scene, facts.sentence.number))
        facts.verdict, facts.absent = "absent", everyone
        return True

    # -- absence ---------------------------------------------------------------------------------------------------

    def _absence(self, facts: Facts, before: Facts | None) -> Absence | None:
        clause = facts.clause
        subject = None
        if clause.kind == "main" and before is not None and before.sentence.number == facts.sentence.number:
            verb = cues.VERB.search(before.clause.text)
            ahead = mention_indexes(before.clause.text[: verb.start()] if verb else before.clause.text)
            people = [at for at in ahead if self.passage.mentions[at].facet == "person"]
            subject = people[:1] if people else None
        head = clause.head if clause.kind in ("relative", "bracket") else None
        return find_absence(clause.text, head, subject)

    def _place_absence(
        self, facts: Facts, absence: Absence, running: Scene, absent_here: list[tuple[int, Scene]]
    ) -> Scene:
        text, sentence, order = facts.clause.text, facts.sentence.number, facts.clause.order
        numbers = list(dict.fromkeys(self.reading.name(at) for at in absence.absent))
        expected = cues.EXPECTED.search(text[: absence.cue_start]) or re.search(
            r"\b(?:will|won't|would|may|might)\b", text
        )
        facts.verdict, facts.absent = "absent", numbers
        missed, where = self._venues_of_absence(text, absence)
        scene = running
        if missed is not None and missed != running.venue:
            if running.venue is None and facts.clause.kind == "main":
                running.venue = missed
            else:
                scene = self._keep(Scene(missed, running.when, running.basis, running.words))
                if facts.clause.kind == "main" and not is_far(facts.date.when if facts.date else None, running.when):
                    scene.event = True
                    running = scene
        if facts.date is not None and is_far(facts.date.when, running.when or self.passage.date):
            when = _open_since(facts.date.when) if absence.since else facts.date.when
            scene = self._keep(Scene(missed, when, "text", facts.date.text, one_off=True))
        elif facts.date is not None and scene.basis != "text" and not absence.since:
            scene.date_by(facts.date)
        if expected and re.search(r"\b(?:will|won't|is not expected|are not expected)\b", text):
            scene = self._keep(
                Scene(
                    scene.venue,
                    facts.date.when if facts.date else scene.when,
                    "text" if facts.date else scene.basis,
                    facts.date.text if facts.date else scene.words,
                    one_off=True,
                )
            )
        gone_after = re.search(
            r"\b(?:had|has) (?:already )?(?:gone|left|flown|returned)\b|\bleft\b|\bwithdrew\b",
            text[absence.cue_start : absence.cue_end],
        )
        kept = []
        for number in numbers:
            if gone_after and number in scene.present:
                continue  # who was seen before may well go
            kept.append(number)
            scene.absent.setdefault(number, Attendance("stated", [])).add("stated", sentence, order)
            scene.present.pop(number, None)
            absent_here.append((number, scene))
        for at in absence.stand_ins:
            number = self.reading.name(at)
            scene.present.setdefault(number, Attendance("stated", [])).add("stated", sentence, order)
        if where is not None and where != scene.venue:
            other = self._keep(Scene(where, scene.when, scene.basis, scene.words, one_off=True))
            for number in kept:
                other.present.setdefault(number, Attendance("likely", [])).add("likely", sentence, order)
            # "was in ᴠ2 with ᴘ3": those after the place are with them there.
            together = re.search(rf"(?:with|visiting|alongside) ({LIST})", text[absence.cue_end :])
            for at in mention_indexes(together[1]) if together else ():
                other.present.setdefault(self.reading.name(at), Attendance("likely", [])).add("likely", sentence, order)
        elif facts.clause.kind == "main":
            others = [n for n in facts.people if n not in numbers and n not in facts.filtered]
            placed = [self.reading.name(at) for at in absence.stand_ins]
            if scene.is_established and cues.PRESENCE.search(text) and cues.PAST.search(text):
                for number in others:
                    if number not in placed and number not in scene.absent:
                        scene.present.setdefault(number, Attendance("likely", [])).add("likely", sentence, order)
        facts.scene = scene
        return running

    def _venues_of_absence(self, text: str, absence: Absence) -> tuple[int | None, int | None]:
        """The venue where they were not, and that where they were."""
        missed = where = None
        for match in re.finditer(cues.V, text):
            number = self.reading.name(int(match[0][1:]))
            between = text[absence.cue_end : match.start()] if match.start() >= absence.cue_end else None
            if between is None:
                inside = absence.cue_start <= match.start() < absence.cue_end
                cue = text[absence.cue_start : absence.cue_end]
                if (
                    inside
                    and re.search(
                        r"\b(?:in|at|stayed|home) (?:in |at )?ᴠ|(?:away|behind|on \w+|ill|busy|filming|was) (?:in|at) ᴠ",
                        cue,
                    )
                    and "from" not in cue
                ):
                    where = where if where is not None else number
                elif inside:
                    missed = missed if missed is not None else number
                continue
            cue = text[absence.cue_start : absence.cue_end].lower()
            elsewhere = re.search(r"[,;]|\b(?:but|to|from|because|as|for)\b", between) or re.search(
                r"\b(?:stayed|is|was|are|were|in hospital|recovering|filming|shooting|touring|on (?:tour|holiday|location|nights|leave)|home|stuck|held up|away|detained|gone|left|flown|opening a|taking the cure|abroad|stranded)(?: \w+)?\Z",
                cue,
            )
            if re.match(r"(?:\w+ )?from\b", between.strip()) and re.search(
                r"away|absent|missing|withdrew|pulled out|stayed|excluded|barred", cue
            ):
                elsewhere = None
            if re.search(r"\b(?:not|n't|never)\b", cue) and not re.search(r"[,;]|\b(?:but|because|as)\b", between):
                elsewhere = None
            if elsewhere:
                where = where if where is not None else number
            else:
                missed = missed if missed is not None else number
        return missed, where

    # -- presence --------------------------------------------------------------------------------------------------

    def _scene(self, facts: Facts, running: Scene, *, moves: bool) -> Scene:
        """The scene of a clause: the running one, or one of its own where its date or venue differs."""
        date, venue, text = facts.date, facts.venue, facts.clause.text
        reference = running.when or self.main.when or self.passage.date
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
            here = self.main.venue if _HERE.search(text) and self.main.venue is not None else None
            scene = Scene(venue if venue is not None else here, one_off=True)
            scene.date_by(date)
            return self._keep(scene)
        if date is None and perfect and not (venue is not None and venue == running.venue):
            return self._keep(Scene(venue, one_off=True))
        if not moves or facts.clause.kind != "main":
            if (venue is None or venue == running.venue) and (
                date is None or (running.when is not None and self._same_time(date, running))
            ):
                return running
            scene = Scene(venue, running.when, running.basis, running.words, one_off=True)
            scene.date_by(date)
            return self._keep(scene)
        if venue is not None and venue != running.venue:
            if (
                running.venue is None
                and not running.one_off
                and (date is None or self._same_time(date, running) or running.basis != "text")
            ):
                running.venue = venue
                if date is not None:
                    running.date_by(date)
                return running
            scene = Scene(venue, running.when, running.basis, running.words, event=True)
            if self.elsewhen and date is None:  # dated far off, but in another clause: nobody knows when
                return self._keep(Scene(venue, one_off=True))
            scene.date_by(date)
            for known in self.found.scenes:
                if known.venue == venue and known.when == scene.when:
                    return known
            return self._keep(scene)
        if date is not None and running.basis == "text" and self._refines(date, running):
            running.date_by(date)
            return running
        if date is not None and not self._same_time(date, running):
            if running.basis != "text":
                running.date_by(date)
                return running
            scene = Scene(running.venue if _HERE.search(text) else venue, one_off=True)
            scene.date_by(date)
            return self._keep(scene)
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

    def _joined_scene(self, facts: Facts, before: Facts | None) -> Scene | None:
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

    def _presence(self, facts: Facts, running: Scene, before: Facts | None, sentence_date: TextDate | None) -> Scene:
        clause, text, sentence = facts.clause, facts.clause.text, facts.sentence.number
        caption = bool(cues.CAPTION.search(text)) or bool(self.reading.styles.get(facts.sentence.paragraph))
        caption = caption or (
            clause.kind == "main" and bool(cues.CAPTION.search(facts.sentence.masked)) and not facts.past
        )
        if not facts.cue and _STATE.search(text) and not caption:
            facts.verdict = "state"
            return running
        if (
            cues.PRESENT_PERFECT.search(text)
            and facts.date is None
            and not re.search(r"\b(?:was|were|did|met|came|went|arrived|attended)\b", text)
        ):
            facts.verdict = "state"
            return running
        present_tense = not facts.past and bool(_PRESENT_VERB.search(text))
        verbless = not cues.VERB.search(text) and clause.kind == "main" and before is None
        list_goes_on = (
            not cues.VERB.search(text)
            and clause.kind == "main"
            and before is not None
            and before.verdict in ("present", "lead")
        )
        if (
            not facts.past
            and not caption
            and not list_goes_on
            and not (present_tense and (facts.venue is not None or facts.cue))
            and not (verbless and (facts.venue is not None))
        ):
            facts.verdict = "state"
            return running
        if not facts.people:
            facts.verdict = "lead" if facts.cue else ""
            if (
                clause.kind == "main"
                and (facts.venue is not None or facts.date is not None)
                and not cues.PAST_PERFECT.search(text)
            ):
                scene = self._scene(facts, running, moves=True)
                if cues.EVENT.search(text):
                    scene.event = scene.event or not scene.one_off
                return running if scene.one_off else scene
            return running
        joined = self._joined_scene(facts, before)
        scene = joined or self._scene(facts, running, moves=True)
        if scene.venue is not None:
            self.last_place = scene
        if cues.EVENT.search(text) and (clause.kind == "main"):
            scene.event = True
        if (
            scene.one_off
            and scene.basis is None
            and sentence_date is not None
            and clause.kind == "main"
            and scene.venue is None
            and before is not None
            and before.verdict == "present"
            and before.scene is not None
            and before.scene.one_off
        ):
            scene = before.scene
        cue = facts.cue or caption or list_goes_on
        here = facts.venue is not None or (facts.date is not None and not scene.one_off) or bool(_HERE.search(text))
        self.anchored = self.anchored or here or cue or bool(cues.EVENT.search(text))
        if not cue and not self.anchored:
            facts.verdict = "open"
            return running if scene.one_off else scene
        if self.elsewhen and not cue and facts.date is None and facts.venue is None and scene is running:
            facts.verdict = "open"  # the sentence is about another time
            return running
        if not cue and not scene.is_established:
            facts.verdict = "open"
            return running if scene.one_off else scene
        grade = "stated" if cue else "likely"
        facts.verdict, facts.scene = "present", scene
        scene.event = scene.event or caption
        parallel = bool(cues.PARALLEL.search(text))
        for number, how in facts.people.items():
            if number in scene.absent:
                continue
            each = "likely" if how == "pronoun" else grade
            if parallel:
                scene.parallel.add(number)
            scene.present.setdefault(number, Attendance(each, [])).add(each, sentence, clause.order)
        return running if scene.one_off or clause.kind != "main" else scene


def _open_since(when: str) -> str:
    return when if "/" in when else f"{when}/.."
