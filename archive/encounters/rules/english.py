"""The rules for English: a verdict for every clause, and what comes of them for people, pairs and venues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from archive.encounters.rules import cues
from archive.encounters.rules.absence import Absence, find_absence, venues_of_absence
from archive.encounters.rules.clause_split import Clause, clauses, without_dateline
from archive.encounters.rules.cues import LIST, P
from archive.encounters.rules.filters import is_filtered
from archive.encounters.rules.passages import MaskedSentence, Reading, mention_indexes
from archive.encounters.rules.pronouns import Antecedents
from archive.encounters.rules.scene_choice import HERE, SceneChoice
from archive.encounters.rules.scenes import Attendance, Scene, is_far, venue_of
from archive.encounters.rules.text_dates import DateReader, TextDate
from archive.encounters.rules.verdicts import Facts, PairNote, Verdicts

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
#: What was wrong before is put right, and is no report.
_NOT_AS = re.compile(r"\bnot,? as (?:we|was|has been|had been)\b")
#: Of whom this is said, nobody sees them afterwards.
_DIED = re.compile(
    rf"^(?:[^ᴘ]{{0,60}})?(?P<who>{P})(?:, [^ᴘ]{{1,160}},| [^ᴘ,]{{0,60}})? (?:has |have |had )?(?:died|passed away)\b|^(?:has |have )?died\b"
)
#: What somebody else did meanwhile, in a clause that names nobody.
_STAYING = re.compile(r"^but\b|\b(?:stay|remain|wait)(?:ed|s)\b|\bkept (?:to|in|at)\b")
#: A clause that leaves its subject out, as in "dined at ᴠ1 and was seen at ᴠ2".
_NO_SUBJECT = re.compile(
    rf"(?:(?:and|then) )?(?:\w+ly |then |later |also |(?:in|on|at|that) (?:the )?\w+ )?(?-i:{cues.PAST.pattern})"
)
_DENIAL = re.compile(r"\b(?:den(?:y|ies|ied)|disput(?:es|ed)|rejects?|rejected)\b")


def judge(reading: Reading) -> Verdicts:
    """Judge an article."""
    return _Judge(reading).run()


class _Judge:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.passage = reading.passage
        self.dates = DateReader(self.passage.date)
        self.found = Verdicts(reading)
        self.scenes = SceneChoice(reading, self.dates, self.found.scenes)
        self.who = Antecedents(reading)
        self.denied = {each.paragraph for each in reading.sentences if _DENIAL.search(each.masked)}
        self.topic: list[int] = []  # the subject of the sentence that is being read
        self.anchored = True  # whether the paragraph has said that it tells of its scene
        self.is_guest_list = False  # whether a list names those who were there, and not authors, staff or anything else

    # -- the walk --------------------------------------------------------------------------------------------------

    def run(self) -> Verdicts:
        parsed = {each.number: self._clauses(each) for each in self.reading.sentences}
        self.scenes.main = self.scenes.main_scene(parsed)
        self.scenes.keep(self.scenes.main)
        paragraph = None
        running = self.scenes.main
        lead = self.passage.title
        for sentence in self.reading.sentences:
            if sentence.in_title:
                continue
            if self.reading.styles.get(sentence.paragraph) != "item":
                lead = sentence.masked
            elif sentence.paragraph != paragraph:
                self.is_guest_list = cues.leads_guest_list(lead)
            if sentence.paragraph != paragraph:
                self.anchored = paragraph is None
                paragraph = sentence.paragraph
                running = self.scenes.main
                if self.reading.styles.get(paragraph) or cues.CAPTION.match(sentence.masked):
                    running = self.scenes.article_scene() if paragraph else self.scenes.main
                self.who.subject = self.who.subject if paragraph else []
            running = self._sentence(sentence, parsed[sentence.number], running)
        return self.found

    def _clauses(self, sentence: MaskedSentence) -> list[Clause]:
        if not sentence.mentions and not cues.EVENT.search(sentence.masked):
            return []
        found = clauses(without_dateline(sentence.masked) if sentence.start == 0 else sentence.masked)
        for each in found:
            each.sentence = sentence.number
        return found

    def _sentence(self, sentence: MaskedSentence, parts: Sequence[Clause], running: Scene) -> Scene:
        reported = ""
        told = self.passage.date or self.scenes.main.when
        dates = self.dates.dates(without_dateline(sentence.masked) if sentence.start == 0 else sentence.masked)
        # Without any date to go by, a sentence that has one is of another time.
        self.scenes.elsewhen = any(is_far(each.when, told) for each in dates) if told else bool(dates)
        absent_here: list[tuple[int, Scene]] = []
        sentence_date: TextDate | None = None
        last: Facts | None = None
        subject: list[int] = []
        by_pronoun = False
        for clause in parts:
            facts = self._facts(clause, sentence, subject or self.who.subject)
            self.found.facts[sentence.number, clause.order] = facts
            text = clause.text
            future = bool(cues.EXPECTED.search(text)) and not re.search(r"\b(?:did|was|were|had)\b", text)
            anchor = running.when if running.when and "/" not in running.when else None
            dates = self.dates.dates(text, future=future, anchor=anchor)
            facts.date = self.scenes.best_date(dates, text)
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
            self.topic = subject or self.who.subject
            if clause.kind == "main":
                named = [n for n in facts.people if facts.people[n] != "pronoun"] or list(facts.people)
                if named and (not subject or (by_pronoun and "pronoun" not in facts.people.values())):
                    by_pronoun = all(facts.people[n] == "pronoun" for n in named)
                    self.topic = subject = self.who.subject_of(facts)
                last = facts
        for number, scene in absent_here:
            if (was := scene.present.get(number)) is not None and was.sentences == [sentence.number]:
                del scene.present[number]
        if subject:
            self.who.subject = subject
        self.who.note_pair(sentence)
        return running

    def _reported(self, clause: Clause, before: str) -> str:
        if clause.kind != "main" or _NOT_AS.search(clause.text):
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
        if _NO_SUBJECT.match(text):
            for number in subject:
                if number not in facts.filtered:
                    facts.people.setdefault(number, "part")
        for number in self.who.meant(text, subject):
            if number not in facts.filtered:
                facts.people.setdefault(number, "pronoun")
        return facts

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
        if clause.kind != "quote" and (died := _DIED.search(text)) and not is_far(_when(facts), self.passage.date):
            who = mention_indexes(died["who"]) if died["who"] else [clause.head] if clause.head is not None else []
            self.found.dead.update(self.reading.name(at) for at in who)
            if facts.venue is not None and facts.date is not None:
                self._died(facts, [self.reading.name(at) for at in who])
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
            scene = self.scenes.of_clause(facts, running, moves=False)
            who = self.who.subject_of(facts)
            facts.verdict = "contact"
            for number in who:
                if running.is_established and not facts.date:
                    running.absent.setdefault(number, Attendance("likely", [])).add("stated", sentence, clause.order)
                    absent_here.append((number, running))
            self._note_all("contact", facts, scene)
            return running
        expected = self._expected(text, reported)
        if expected:
            scene = self.scenes.of_clause(facts, running, moves=False)
            facts.verdict, facts.scene = "expected", scene
            self._note_all("expected", facts, scene)
            return running
        if cues.FICTION.search(text):
            facts.verdict = "mentioned"
            return running
        is_speech = cues.SPEECH.search(text) and _SPEAKER.search(text)
        contact = cues.CONTACT.search(text)
        if contact and not self._is_met_too(text, contact):
            scene = self.scenes.of_clause(facts, running, moves=False)
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

    def _died(self, facts: Facts, numbers: Sequence[int]) -> None:
        """A death at a place: the last occasion of those who died."""
        scene = self.scenes.keep(Scene(facts.venue, one_off=True))
        scene.date_by(facts.date)
        for number in numbers:
            attendance = Attendance("stated", [])
            attendance.add("stated", facts.sentence.number, facts.clause.order)
            scene.present[number] = attendance

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
                scene = self.scenes.keep(
                    Scene(when=_open_since(dates[-1].when), basis="text", words=dates[-1].text, one_off=True)
                )
                self.found.unseen += [(number, scene, facts.sentence.number) for number in numbers]
                facts.verdict, facts.absent = "absent", numbers
                return True
        if not _NEVER_MET.search(text) or _UNTIL.search(text):
            return False
        everyone = sorted({*facts.people, *facts.filtered}) if len(facts.people) < 2 else sorted(facts.people)
        if len(everyone) < 2:
            everyone = sorted({*everyone, *self.who.subject[:1]})
        if len(everyone) < 2:
            return False
        dates = self.dates.dates(text)
        since = re.search(r"\bsince\b", text) is not None and dates
        scene = self.scenes.keep(Scene(when=_open_since(dates[-1].when) if since else None, basis="text" if since else None,
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
        missed, where = venues_of_absence(text, absence, self.reading)
        scene = running
        if missed is not None and missed != running.venue:
            if running.venue is None and facts.clause.kind == "main":
                running.venue = missed
            else:
                scene = self.scenes.keep(Scene(missed, running.when, running.basis, running.words))
                if facts.clause.kind == "main" and not is_far(facts.date.when if facts.date else None, running.when):
                    scene.event = True
                    running = scene
        if facts.date is not None and is_far(facts.date.when, running.when or self.passage.date):
            when = _open_since(facts.date.when) if absence.since else facts.date.when
            scene = self.scenes.keep(Scene(missed, when, "text", facts.date.text, one_off=True))
        elif facts.date is not None and scene.basis != "text" and not absence.since:
            scene.date_by(facts.date)
        if expected and re.search(r"\b(?:will|won't|is not expected|are not expected)\b", text):
            scene = self.scenes.keep(
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
        other: Scene | None = None
        if where is not None and where != scene.venue:
            other = self.scenes.keep(Scene(where, scene.when, scene.basis, scene.words, one_off=True))
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
        facts.scene = scene if other is None else other
        return running

    # -- presence --------------------------------------------------------------------------------------------------

    def _presence(self, facts: Facts, running: Scene, before: Facts | None, sentence_date: TextDate | None) -> Scene:
        clause, text, sentence = facts.clause, facts.clause.text, facts.sentence.number
        style = self.reading.styles.get(facts.sentence.paragraph)
        if style == "item" and not self.is_guest_list and cues.AUTHOR.search(facts.sentence.masked):
            facts.verdict = "state"
            return running
        item = style == "item" and (self.is_guest_list or cues.tells_occasion(facts.sentence.masked))
        caption = bool(cues.CAPTION.search(text)) or style == "caption" or item
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
                and not _STAYING.search(text)
            ):
                scene = self.scenes.of_clause(facts, running, moves=True)
                if cues.EVENT.search(text):
                    scene.event = scene.event or not scene.one_off
                return running if scene.one_off else scene
            return running
        joined = self.scenes.joined_scene(facts, before)
        # "but was kept in ᴠ2": what is set against the others' doings does not go on elsewhere.
        contrasts = text.startswith(("but ", "while ", "whereas "))
        scene = joined or self.scenes.of_clause(facts, running, moves=not contrasts)
        if scene.venue is not None:
            self.scenes.last_place = scene
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
        here = facts.venue is not None or (facts.date is not None and not scene.one_off) or bool(HERE.search(text))
        self.anchored = self.anchored or here or cue or bool(cues.EVENT.search(text))
        if not cue and not self.anchored:
            facts.verdict = "open"
            return running if scene.one_off else scene
        if self.scenes.elsewhen and not cue and facts.date is None and facts.venue is None and scene is running:
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
            if number in scene.absent or (number in self.found.dead and not scene.one_off):
                continue
            each = "likely" if how == "pronoun" else grade
            if parallel:
                scene.parallel.add(number)
            scene.present.setdefault(number, Attendance(each, [])).add(each, sentence, clause.order)
        return running if scene.one_off or clause.kind != "main" else scene


def _when(facts: Facts) -> str | None:
    return facts.date.when if facts.date is not None else None


def _open_since(when: str) -> str:
    return when if "/" in when else f"{when}/.."
