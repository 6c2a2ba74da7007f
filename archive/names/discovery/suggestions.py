"""Names that nobody has recorded yet, found in the articles: the most likely first.

A guess for a person to review: nothing here enters the authority files. Articles go through
`Discovery.add` one by one; what is kept of them is bounded, however many there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log2

from archive.model.article import Article
from archive.names.authority.records import Authority, Names
from archive.names.discovery.candidates import Candidate, Key, candidates
from archive.names.discovery.clustering import cluster, same_venue
from archive.names.discovery.spacy_ner import SpacyNer, with_recognised
from archive.names.surface_forms import HONORIFICS
from archive.text.analyzer import fold
from archive.text.sentences import sentence_around

#: Scores from which a name is worth a person's time.
PERSON, VENUE = 1.5, 1.8
_MOST = 400_000  # names kept at once; beyond, those seen once and least likely are dropped
_MOST_WORDS = 1_000_000
_EXAMPLES = 3
_EXAMPLE_LENGTH = 300
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class SuggestedName:
    """A name that may be worth a record.

    name       as it is written most often
    variants   other ways of writing it, and likely misspellings
    count      articles that have it
    first, last   dates of the first and the last of them; None if all are undated
    examples   sentences with it; articles: the ids of the articles they are from
    known      the recorded name of which the variants are new spellings; "" for none
    """

    name: str
    variants: tuple[str, ...]
    count: int
    first: str | None
    last: str | None
    examples: tuple[str, ...]
    articles: tuple[str, ...]
    known: str = ""


@dataclass(frozen=True, slots=True)
class SuggestedNames:
    """What was found, of both kinds."""

    people: tuple[SuggestedName, ...]
    venues: tuple[SuggestedName, ...]


@dataclass(slots=True)
class NameStats:
    """What is known of one way of writing a name."""

    forms: Counter[str] = field(default_factory=Counter)
    count: int = 0
    person: float = 0.0
    venue: float = 0.0
    most: float = -9.0
    first: str | None = None
    last: str | None = None
    examples: list[tuple[float, str, str]] = field(default_factory=list)

    def add(self, candidate: Candidate, article: Article, text: str) -> None:
        self.forms[candidate.form] += 1
        self.forms.update({form: 0 for form in candidate.titled if form not in self.forms})
        self.count += 1
        self.person += candidate.person
        self.venue += candidate.venue
        self.most = max(self.most, candidate.person)
        if article.date:
            self.first = min(self.first or article.date, article.date)
            self.last = max(self.last or article.date, article.date)
        if len(self.examples) < _EXAMPLES:
            start, end = sentence_around(text, candidate.start)
            sentence = " ".join(text[start : min(end, start + _EXAMPLE_LENGTH)].split())
            self.examples.append((max(candidate.person, candidate.venue), article.id, sentence))

    @property
    def form(self) -> str:
        """The commonest way it is written."""
        return max(self.forms, key=lambda form: (self.forms[form], form))


#: A score, and what it is of.
_Found = tuple[float, Key, NameStats]


class NameDiscovery:
    """Gathers names from articles; those that are recorded in `names` already are not suggested again."""

    def __init__(
        self, names: Names | None = None, ignored: Iterable[str] = (), recognizer: SpacyNer | None = None
    ) -> None:
        self._recognizer = recognizer
        nothing = Authority((), (), "")
        self._authorities = (names.people, names.venues) if names else (nothing, nothing)
        namesakes = (name for each in self._authorities for record in each.records for name in record.namesakes)
        self._ignored = {_plain(name) for name in (*ignored, *namesakes)}
        self._tallies: dict[Key, NameStats] = {}
        self._small: Counter[str] = Counter()

    def add(self, article: Article) -> None:
        """Take the names of one article."""
        text = article.body if article.body.startswith(article.title) else f"{article.title}\n\n{article.body}"
        self._small.update({word for word in _WORD.findall(text) if word[0].islower()})
        found = candidates(text)
        if self._recognizer is not None:
            found = with_recognised(found, self._recognizer.candidates(text))
        for candidate in found:
            tally = self._tallies.get(candidate.key)
            if tally is None:
                tally = self._tallies[candidate.key] = NameStats()
            tally.add(candidate, article, text)
        self._prune()

    def _prune(self) -> None:
        if len(self._tallies) > _MOST:
            kept = sorted(self._tallies.items(), key=lambda item: (item[1].count, item[1].most), reverse=True)
            self._tallies = dict(kept[: _MOST // 2])
        if len(self._small) > _MOST_WORDS:
            self._small = Counter({word: count for word, count in self._small.items() if count > 1})

    def suggestions(self, limit: int | None = None) -> SuggestedNames:
        """What has been found so far, at most `limit` of each kind."""
        people: list[_Found] = []
        venues: list[_Found] = []
        for key, tally in self._tallies.items():
            person, venue = self._scores(key, tally)
            if person >= PERSON and person > venue:
                people.append((person, key, tally))
            elif venue >= VENUE:
                venues.append((venue, key, tally))
        return SuggestedNames(self._listed(people, 0, limit), self._listed(venues, 1, limit))

    def _scores(self, key: Key, tally: NameStats) -> tuple[float, float]:
        """What speaks for a person and for a venue; words that are written small as a rule speak against both."""
        words = [word for word in key if len(word) > 2]
        common = sum(self._small[word] > tally.count for word in words) / (len(words) or 1)
        often = min(1.0, 0.25 * log2(tally.count))
        person = tally.person / tally.count + often
        venue = tally.venue / tally.count + often
        if common == 1:
            return person - 2.5, venue - 2.5
        return person - (common > 0 and key[0] in self._small), venue

    def _listed(self, found: list[_Found], kind: int, limit: int | None) -> tuple[SuggestedName, ...]:
        recorded = {
            key_of_name(form): record.name
            for record in self._authorities[kind].records
            for form in (record.name, *record.aliases)
        }
        found.sort(key=lambda item: (-item[0], item[1]))
        keys = [key for _, key, _ in found]
        surnames = {key[-1] for key in (*keys, *recorded) if len(key) > 1 and key[0] not in HONORIFICS}
        known = set(keys)
        others = [key for key in recorded if key not in known]
        ranked = []
        every = [*keys, *others]
        for group in cluster(every, same_venue if kind else None):
            members = [found[at] for at in group if at < len(found)]
            owners = {recorded[key] for at in group if (key := every[at]) in recorded}
            members = [each for each in members if self._is_reviewable(each, surnames)]
            if members:
                made = _suggestion([tally for _, _, tally in members], owners)
                ranked.append((max(score for score, _, _ in members) + 0.5 * log2(made.count), made))
        ranked.sort(key=lambda item: (-item[0], item[1].name))
        return tuple(made for _, made in ranked[:limit])

    def _is_reviewable(self, found: _Found, surnames: set[str]) -> bool:
        """Whether a name is for a person to decide: not recorded or ignored, nor just "Mr" and a known surname."""
        _, key, tally = found
        if len(key) == 2 and key[0] in HONORIFICS and key[1] in surnames:
            return False
        form = tally.form
        return not (any(each.recorded(form) for each in self._authorities) or _plain(form) in self._ignored)


def key_of_name(name: str) -> Key:
    """What a name is filed under: its folded words."""
    return tuple(fold(word).replace(".", "") for word in name.split()) or ("",)


def _suggestion(tallies: list[NameStats], owners: set[str]) -> SuggestedName:
    """One suggestion of all ways to write a name; `owners` are the recorded names it may belong to."""
    forms: Counter[str] = Counter()
    for tally in tallies:
        forms.update(tally.forms)
    usual = sorted(forms, key=lambda form: (-forms[form], -len(form), form))
    known = next(iter(owners)) if len(owners) == 1 else ""
    name, others = (known, usual) if known else (usual[0], usual[1:])
    examples = sorted((example for tally in tallies for example in tally.examples), key=lambda each: -each[0])
    chosen = examples[:_EXAMPLES]
    return SuggestedName(
        name,
        tuple(_distinct(others, name)),
        sum(tally.count for tally in tallies),
        min((tally.first for tally in tallies if tally.first), default=None),
        max((tally.last for tally in tallies if tally.last), default=None),
        tuple(sentence for _, _, sentence in chosen),
        tuple(article for _, article, _ in chosen),
        known,
    )


def _distinct(forms: Iterable[str], name: str) -> Iterable[str]:
    """Forms that differ in more than case from the name and from each other."""
    seen = {_plain(name)}
    for form in forms:
        if _plain(form) not in seen:
            seen.add(_plain(form))
            yield form


def _plain(form: str) -> str:
    return form.casefold().replace("’", "'")
