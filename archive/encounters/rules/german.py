"""The rules for German: who was there, who was not, and what else a clause says of two people.

Simpler than those for English, and without a judge of pairs after them: a verdict for every clause by its verb, scenes
by the places and dates that clauses name, and nothing where no verb says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from itertools import combinations

from archive.encounters.rules.passages import MaskedSentence, Reading, mention_indexes
from archive.encounters.rules.scenes import Attendance, Scene
from archive.encounters.rules.text_dates import TextDate
from archive.encounters.rules.verdicts import PairNote, Verdicts
from archive.model.dates import day_span

_P, _V = r"ᴘ\d+", r"ᴠ\d+"
_FEW = r"(?:[\wᴘᴠ'-]+,? ){0,10}"

#: Where another verb begins. A relative clause tells of its head, and of another occasion.
_RELATIVE = re.compile(
    rf"(?P<head>{_P}), (?P<clause>(?:(?:mit|von|bei|an|auf|in|über|für) )?(?:der|die|den|dem|deren|dessen)\b[^,;]*),?"
)
_BRACKET = re.compile(r"\([^()]*\)|\"[^\"]*\"?")
_SPLIT = re.compile(
    r"\s*[;:]\s+|\s+[–—-]{1,2}\s+|, (?=(?:während|wohingegen|obwohl|obgleich|weil|da|nachdem|bevor|wobei|wo|als|doch|aber|"
    r"sondern|denn|dass|ob|wenn|falls|so ?dass|ehe)\b)"
    rf"|,? (?<!ᴘ\d )(?<!ᴘ\d\d )und (?=(?:auch |dann |später |danach |dort )?(?:{_P}|er|sie|beide|es|[a-zäöü]+ten?) (?!und\b|mit\b))"
    rf"|, (?=(?:{_P}|er|sie|beide|die beiden) (?:war|kam|blieb|nahm|ließ|traf|saß|stand|erschien|ist|hat|[a-zäöü]+t)(?:en?)?\b)"
)
_ABSENT = re.compile(
    rf"\b(?:[Ww]eder|fehlten?|vermisst|schwänzten?|in Abwesenheit von|ohne(?= (?:\w+ )?{_P})"
    rf"|blieb(?:en)? {_FEW}(?:fern|weg|zu Hause|daheim|aus)|sagten? {_FEW}ab\b|absagen|abgesagt|ferngeblieben|verhindert"
    rf"|ließ(?:en)? sich {_FEW}(?:entschuldigen|vertreten)|(?:kam|kamen|erschien|erschienen|besuchten?|war|waren|tauchten?|"
    rf"nahm|nahmen|konnten?|wollten?|durften?|reisten?|trat|traten|sah man|traf|trafen) {_FEW}(?:nicht|nie|niemals|keineswegs)\b"
    r"|nicht (?:mehr |mit )?(?:dabei|anwesend|gekommen|erschienen|teilgenommen|zugegen|gesehen|da\b|eingeladen))",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    rf"\b(?:ohne|in Abwesenheit von) (?:\w+ ){{0,2}}(?P<who>{_P}(?:(?:, | und ){_P})*)", re.IGNORECASE
)
#: "nicht nur", "nicht weit von": no absence.
_NO_ABSENCE = re.compile(r"\bnicht (?:nur|allein|weit|weniger|zuletzt|ohne|lange)\b", re.IGNORECASE)
_NEVER = re.compile(r"\b(?:nie|niemals|nicht|kein\w*)\b", re.IGNORECASE)
_EXPECTED = re.compile(
    r"\b(?:wird|werden|soll|sollen|sollten?|will|wollen?|wolle|heißt es|würden?|könnten?|dürften?|möchten?|plant|planen|geplant|erwartet|angekündigt|"
    r"eingeladen|angeblich|gerüchteweise|Gerüchte?n?|morgen|demnächst|nächste[nrs]?|kommende[nrs]?|wenn|falls|ob|hofft|hoffen|"
    r"beabsichtig\w+|bestreit\w+|bestritt\w*|dementier\w+|leugne\w+|träumte?|Traum|Roman)\b",
    re.IGNORECASE,
)
#: "wird gesehen", "sollte": a passive of the past is "wurde"; these are of what was told at the time.
_CONTACT = re.compile(
    rf"\b(?:schrieb(?:en)?|mailten?|simsten?|twitterten?|telefonierten?|rief(?:en)? {_FEW}an\b|angerufen|lobten?|rühmten?|"
    r"kritisierten?|verklagten?|verklagt|gratulierten?|dankten?|bedankten?|beschuldigten?|warf(?:en)?|nannten?|schickten?|"
    r"beauftragten?|würdigten?|verteidigten?|zitierten?|antworteten?|empfahl(?:en)?|bewunderten?|geschrieben|gelobt|interviewten?)\b"
)
_STATED = re.compile(
    rf"\b(?:traf(?:en)?|begegneten?|tanzten?|dinierten?|speisten?|aß(?:en)?|tranken?|feierten?|saß(?:en)?|"
    rf"erschien(?:en)?|besuchten?|anwesend|zugegen|dabei|zu Gast|unter den (?:Gästen|Trauernden|Zuschauern|Geladenen)|"
    rf"teil(?:nahm(?:en)?|genommen)|nahm(?:en)? {_FEW}teil|(?:wurden?|worden|sah man|ist|sind) {_FEW}(?:gesehen|gesichtet|fotografiert|"
    rf"empfangen|begrüßt)|gesichtet|empfing(?:en)?|begrüßten?|begleiteten?|plauderten?|stieß(?:en)? {_FEW}an\b|umarmten?|küssten?|"
    rf"heirateten?|getroffen|getanzt|gefeiert|gesessen|gekommen|gespeist|zusammen mit|gemeinsam mit|Seite an Seite|Arm in Arm|"
    rf"posierten?|applaudierten?|verneigten?)\b"
)
_LIKELY = re.compile(
    r"\b(?:kam(?:en)?|stand(?:en)?|sprach(?:en)?|sang(?:en)?|spielten?|trat(?:en)?|hielt(?:en)?|eröffneten?|lachten?|ging(?:en)?|"
    r"verließ(?:en)?|überreichten?|übergab(?:en)?|war(?:en)? (?:\w+ ){0,3}(?:in|im|bei|beim|auf|am)\b|blieb(?:en)?|brachten?|"
    r"reisten?|stellten?|las(?:en)?|zeigten?)\b"
)
#: Before a name: whoever else was there, this one is only named.
_NAMED_ONLY = re.compile(
    r"(?:\b(?:Sohn|Tochter|Frau|Mann|Witwer?|Mutter|Vater|Bruder|Schwester|Neffe|Nichte|Enkel\w*|Freund\w*|Anwalt|Anwältin|"
    r"Sprecher\w*|Porträts?|Bild\w*|Büste|Statue|Gemälde|Foto\w*|Roman\w*|Bücher|Buch|Film\w*|Lied\w*|Werk\w*|Stück\w*|Grab|Erbe|"
    r"Nachfolger\w*|Musik|Biograf\w+|Brief\w*) (?:von|des|der|an|über) (?:\w+ ){0,2}"
    r"|\b(?:über|wie|als|statt|anstelle von|im Namen von|zu Ehren von|im Auftrag von|nach Ansicht von|laut|für|gegen|wegen|"
    r"dank|an den|an die|verstorbene[nr]?|Fan von|benannt nach) (?:\w+ ){0,2})\Z"
)
_POSSESSOR = re.compile(
    r"(?:s|'s?|’s?)? (?:Sohn|Tochter|Frau|Mann|Witwer?|Anwalt|Anwältin|Sprecher\w*|Buch|Film|Roman|Grab|Porträt)\b"
)
_AT = re.compile(
    rf"\b(?:im|in|ins|beim|bei|auf|am|an|vor|zum|zur|aus|vom|von|durch|hinter|neben|besuchten?|verließ(?:en)?|eröffneten?) "
    rf"(?:(?:der|dem|den|das|die|ein\w*|ihre\w*|seine\w*|alten?|neuen?|großen?|kleinen?) ){{0,3}}(?P<venue>{_V})"
)
_EVENT = re.compile(
    r"\b(?:\w*(?:[Bb]all|[Dd]inner|[Ee]ssen|[Ff]eier|[Ff]est|[Gg]ala|[Hh]ochzeit|[Ee]mpfang|[Pp]remiere|[Kk]onzert|[Ee]röffnung|"
    r"[Bb]eerdigung|[Tt]rauerfeier|[Gg]eburtstag|[Pp]arty|[Bb]ankett|[Aa]bend)\w*)\b"
)
_ELSEWHEN = re.compile(
    r"\b(?:schon|bereits|früher|einst|damals|zuvor|Jahre zuvor|ein Jahr zuvor|zuletzt|einmal|hatten?)\b"
)
_PAIR = re.compile(r"^(?:und |auch |dann |später |danach )*(?:[Dd]ie )?[Bb]eiden?\b|\b(?:die|den) beiden\b")
_PRONOUN = re.compile(r"^(?:Dort |Dann |Später |Danach |Auch |Am \w+ |Auf \w+ )*(?:\w+ )?(?:[Ee]r|[Ss]ie)\b")


def judge(reading: Reading) -> Verdicts:
    """Judge an article."""
    return _GermanJudge(reading).run()


@dataclass(slots=True)
class _VerbClause:
    """A clause; `head` is the index of the mention that a relative one is about."""

    text: str
    head: int | None = None


class _GermanJudge:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._dates = GermanDates(reading.passage.date)
        self._found = Verdicts(reading)
        self._subject: list[int] = []
        self._pair: list[int] = []

    def run(self) -> Verdicts:
        date = self._reading.passage.date
        main = self._scene(Scene(when=date, basis="article" if date else None))
        running, paragraph = main, 0
        for sentence in self._reading.sentences:
            if sentence.in_title:
                continue
            if sentence.paragraph != paragraph:
                paragraph, running = sentence.paragraph, main
            for clause in _clauses(sentence.masked):
                running = self._clause(clause, sentence, running)
        return self._found

    def _scene(self, scene: Scene) -> Scene:
        self._found.scenes.append(scene)
        return scene

    def _clause(self, clause: _VerbClause, sentence: MaskedSentence, running: Scene) -> Scene:
        text = clause.text
        people = self._people(clause)
        scene = self._scene_of(clause, running)
        if clause.head is None and (named := [number for number, _ in people]):
            self._subject = named[:1]
            self._pair = named[:2] if len(named) > 1 else self._pair
        numbers = list(dict.fromkeys(number for number, _ in people))
        without = _WITHOUT.search(text)
        if (absence := _ABSENT.search(text)) and not _NO_ABSENCE.search(text):
            self._absent(text, absence, without, people, scene, sentence)
        elif _EXPECTED.search(text):
            self._notes("expected", numbers, scene, sentence)
        elif contact := _CONTACT.search(text):
            if stated := _STATED.search(text[: contact.start()]):
                self._present("stated" if stated else "likely", numbers, scene, sentence)
            self._notes("contact", numbers, scene, sentence)
        elif _NEVER.search(text) and not _NO_ABSENCE.search(text):
            pass  # what did not happen says nothing of who was where
        elif _STATED.search(text):
            self._present("stated", numbers, scene, sentence)
        elif _LIKELY.search(text) and scene.is_established:
            self._present("likely", numbers, scene, sentence)
        return running if clause.head is not None or scene.one_off else scene

    def _people(self, clause: _VerbClause) -> list[tuple[int, int]]:
        """The people of a clause in the flesh: the number of each and where it stands; a pronoun stands for the last."""
        found = [] if clause.head is None else [(self._reading.name(clause.head), 0)]
        for match in re.finditer(_P, clause.text):
            left, right = clause.text[max(0, match.start() - 50) : match.start()], clause.text[match.end() :]
            if not _NAMED_ONLY.search(left) and not _POSSESSOR.match(right):
                found.append((self._reading.name(int(match[0][1:])), match.start()))
        if clause.head is None:
            if _PAIR.search(clause.text):
                found += [(number, 0) for number in self._pair]
            elif _PRONOUN.search(clause.text) and not (found and found[0][1] < 4):
                found = [(number, 0) for number in self._subject] + found
        return found

    def _scene_of(self, clause: _VerbClause, running: Scene) -> Scene:
        """Where and when a clause happens: the running scene, unless it names another place or time."""
        text = clause.text
        place = _AT.search(text)
        venue = None if place is None else self._reading.name(int(place["venue"][1:]))
        date = self._dates.find(text)
        if clause.head is not None or (date is None and _ELSEWHEN.search(text) and venue is not None):
            scene = Scene(venue=venue, event=bool(_EVENT.search(text)), one_off=True)
            scene.date_by(date)
            return self._scene(scene)
        same_place = venue is None or venue == running.venue
        same_time = date is None or date.when == running.when
        if same_place and same_time:
            running.event = running.event or bool(_EVENT.search(text))
            return running
        if not running.present and not running.absent and running.venue is None:
            running.venue = venue
            running.date_by(date)
            running.event = running.event or bool(_EVENT.search(text))
            return running
        scene = Scene(venue if venue is not None or not same_time else running.venue, running.when, running.basis)
        scene.words, scene.event = running.words, bool(_EVENT.search(text))
        scene.date_by(date)
        return self._scene(scene)

    def _present(self, grade: str, numbers: Sequence[int], scene: Scene, sentence: MaskedSentence) -> None:
        for number in numbers:
            scene.present.setdefault(number, Attendance(grade, [])).add(grade, sentence.number, 0)

    def _absent(
        self,
        text: str,
        cue: re.Match[str],
        without: re.Match[str] | None,
        people: Sequence[tuple[int, int]],
        scene: Scene,
        sentence: MaskedSentence,
    ) -> None:
        """Those whom a clause without somebody names are absent; of any other its subjects, which stand together."""
        if without:
            gone = [self._reading.name(index) for index in mention_indexes(without["who"])]
            self._present("stated", [number for number, _ in people if number not in gone], scene, sentence)
        else:
            first = min((at for _, at in people), default=0)
            between = "(?:, | und | sowie | noch )"
            joined = re.match(rf"{_P}(?:{between}{_P})*", text[first:])
            end = first + (joined.end() if joined else 0)
            gone = [number for number, at in people if at <= end]
        for number in dict.fromkeys(gone):
            scene.absent.setdefault(number, Attendance("stated", [])).add("stated", sentence.number, 0)

    def _notes(self, stance: str, numbers: Sequence[int], scene: Scene, sentence: MaskedSentence) -> None:
        for first, second in combinations(sorted(numbers), 2):
            self._found.notes.append(PairNote(stance, first, second, scene, sentence.number))


def _clauses(masked: str) -> list[_VerbClause]:
    """The clauses of a sentence, relative ones taken out of it and after the rest."""
    aside: list[_VerbClause] = []

    def take(match: re.Match[str]) -> str:
        aside.append(_VerbClause(match["clause"], int(match["head"][1:])))
        return match["head"]

    text = _RELATIVE.sub(take, _BRACKET.sub(" ", masked))
    return [*(_VerbClause(part.strip()) for part in _SPLIT.split(text) if part and part.strip()), *aside]


# -- dates -----------------------------------------------------------------------------

_MONTHS = (
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
)
_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
#: First and last month of a season; a winter is taken by its year alone, as it lies in two.
_SEASONS = {"frühling": (3, 5), "frühjahr": (3, 5), "sommer": (6, 8), "herbst": (9, 11)}
_NUMBERS = ("null", "einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|jänner)"
_PATTERNS = (
    re.compile(rf"\b(?P<day>\d{{1,2}})\. ?{_MONTH}(?: (?P<year>\d{{4}}))?", re.IGNORECASE),
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})\b"),
    re.compile(rf"\b(?:(?:im|Ende|Anfang|Mitte) ){_MONTH}(?: (?P<year>\d{{4}}))?", re.IGNORECASE),
    re.compile(rf"\b(?P<season>{'|'.join(_SEASONS)}|winter)(?: des Jahres)? (?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(rf"\b(?:am|an diesem|vergangenen|letzten) (?:vergangenen |letzten )?(?P<weekday>{'|'.join(_DAYS)})\w*", re.IGNORECASE),
    re.compile(r"\b(?P<word>vorgestern|gestern|heute)\b", re.IGNORECASE),
    re.compile(rf"\bvor (?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)}) (?P<unit>Jahr|Monat|Woche|Tag)\w*", re.IGNORECASE),
    re.compile(r"\b(?P<before>im (?:vergangenen|vorigen|letzten) Jahr|voriges Jahr|letztes Jahr)\b", re.IGNORECASE),
    re.compile(r"\b(?:im Jahr |Jahre |seit )?(?P<year>(?:1[5-9]|20)\d\d)\b"),
)  # fmt: skip


class GermanDates:
    """Finds the dates that a text gives, those without a year or relative to the article's date, which is before it."""

    def __init__(self, article_date: str | None) -> None:
        self._now: Date | None = None
        if article_date and len(article_date) == 10 and article_date[0].isdigit():
            number = day_span(article_date)[0]
            self._now = Date(number // 10_000, number // 100 % 100, number % 100)
        self._year = int(article_date[:4]) if article_date and article_date[:4].isdecimal() else None

    def find(self, text: str) -> TextDate | None:
        """The first date in a text."""
        for pattern in _PATTERNS:
            for match in pattern.finditer(text):
                if when := self._when(match.groupdict()):
                    return TextDate(when, match[0], match.start(), match.end())
        return None

    def _when(self, said: dict[str, str | None]) -> str | None:
        year = int(said["year"] or 0) or None if said.get("year") else None
        if (season := said.get("season")) and season.lower() in _SEASONS:
            first, last = _SEASONS[season.lower()]
            return f"{year:04}-{first:02}/{year:04}-{last:02}"
        if said.get("month") or said.get("number"):
            name = (said.get("month") or "").lower().replace("jänner", "januar")
            return self._of_month(year, int(said.get("number") or 0) or _MONTHS.index(name) + 1, said.get("day"))
        if weekday := said.get("weekday"):
            return self._earlier((self._now.weekday() - _DAYS.index(weekday.lower())) % 7 if self._now else 0)
        if word := said.get("word"):
            return self._earlier(("heute", "gestern", "vorgestern").index(word.lower()))
        if said.get("before"):
            return str(self._year - 1) if self._year else None
        if count := said.get("count"):
            return self._ago(int(count) if count.isdecimal() else _NUMBERS.index(count.lower()), str(said["unit"]))
        return f"{year:04}" if year else None

    def _of_month(self, year: int | None, month: int, day: str | None) -> str | None:
        if year is None:
            if self._year is None or not 1 <= month <= 12:
                return None
            later = self._now is not None and (month, int(day or 1)) > (self._now.month, self._now.day)
            year = self._year - later
        try:
            return Date(year, month, int(day)).isoformat() if day else f"{Date(year, month, 1):%Y-%m}"
        except ValueError:
            return None

    def _earlier(self, days: int) -> str | None:
        return None if self._now is None else (self._now - timedelta(days)).isoformat()

    def _ago(self, count: int, unit: str) -> str | None:
        if unit.lower() == "jahr":
            return str(self._year - count) if self._year else None
        if unit.lower() == "monat":
            if self._now is None:
                return None
            months = self._now.year * 12 + self._now.month - 1 - count
            return f"{months // 12:04}-{months % 12 + 1:02}"
        return self._earlier(count * (7 if unit.lower() == "woche" else 1))
