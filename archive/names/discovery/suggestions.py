"""Names that nobody has recorded yet, found in the articles: those of the most articles first.

A guess for a person to review: nothing here enters the authority files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from archive.model.article import Article
from archive.names.authority.records import Authority, Names
from archive.names.discovery.clustering import Key, Resemblances, cluster, same_venue
from archive.names.discovery.decisions import decide_all, scores
from archive.names.discovery.evidence import Recognizer, evidence_in, text_of
from archive.names.discovery.evidence_store import EvidenceStore, KeyEvidence, kept_evidence
from archive.text.analyzer import fold
from archive.text.sentences import sentence_around

_EXAMPLES, _DUPLICATES = 3, 5
_EXAMPLE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class SuggestedName:
    """A name that may be worth a record.

    name       as it is written most often
    variants   other ways of writing it, and likely misspellings
    count      articles that have it, copies of one counted once
    first, last   dates of the first and the last of them; None if all are undated
    examples   sentences with it; articles: the ids of the articles they are from
    known      the recorded name of which the variants are new spellings; "" for none
    duplicates   other names, recorded or not, that may be the same one's, the most similar first
    """

    name: str
    variants: tuple[str, ...]
    count: int
    first: str | None
    last: str | None
    examples: tuple[str, ...]
    articles: tuple[str, ...]
    known: str = ""
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuggestedNames:
    """What was found, of both kinds."""

    people: tuple[SuggestedName, ...]
    venues: tuple[SuggestedName, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """One spelling that was decided to be a person or a place, and what it is filed under."""

    score: float
    key: Key
    forms: tuple[tuple[str, int], ...]
    decided: str


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A name to review: its ways of being written, and the recorded names that these may belong to.

    rank   what the list is in order of; of two alike, the one with the more `articles` comes first
    """

    rank: float
    articles: int
    name: str
    others: tuple[str, ...]
    known: str
    keys: tuple[str, ...]


class NameDiscovery:
    """Suggests names from the evidence of an archive; those that are recorded in `names` already are left out.

    store     what is known of the archive; a new one by default, to be filled with `add`
    load      the article with an id, for its sentences; by default what was added
    decided   whether what the names are has been decided already, and nothing will be added
    """

    def __init__(
        self,
        names: Names | None = None,
        ignored: Iterable[str] = (),
        recognizer: Recognizer | None = None,
        store: EvidenceStore | None = None,
        load: Callable[[str], Article | None] | None = None,
        *,
        decided: bool = False,
    ) -> None:
        self._recognizer = recognizer
        nothing = Authority((), (), "")
        self._authorities = (names.people, names.venues) if names else (nothing, nothing)
        namesakes = (name for each in self._authorities for record in each.records for name in record.namesakes)
        self._ignored = {_plain(name) for name in (*ignored, *namesakes)}
        self._store = store or EvidenceStore(None)
        self._added: dict[str, Article] = {}
        self._load = load or self._added.get
        self._keeps_articles = load is None
        self._is_decided = decided
        self._listed: tuple[_NameList, _NameList] | None = None
        self._store.begin()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def add(self, article: Article, digest: str = "") -> None:
        """Take the names of one article."""
        found = evidence_in(text_of(article)[0], self._recognizer)
        self._store.put(article.id, digest, article.date, kept_evidence(found))
        self._is_decided, self._listed = False, None
        if self._keeps_articles:
            self._added[article.id] = article

    def suggestions(self, limit: int | None = None) -> SuggestedNames:
        """What has been found so far, at most `limit` of each kind, those of the most articles first."""
        return SuggestedNames(
            *(tuple(self._suggestion(each, names) for each in names.ranked[:limit]) for names in self._lists())
        )

    def suggestion(self, facet: str, name: str) -> SuggestedName | None:
        """The name to review that is written so, as a whole or as another spelling; None where there is none."""
        names = self._lists()[facet == "venue"]
        found = names.by_form.get(_plain(name))
        return None if found is None else self._suggestion(found, names)

    def duplicates(self, facet: str, name: str, limit: int) -> tuple[str, ...]:
        """Names, recorded or to review, that may be the same one's as `name`, the most similar first."""
        return self._lists()[facet == "venue"].resemblances.of(name, limit)

    def _lists(self) -> tuple[_NameList, _NameList]:
        """Both lists, which are made once for all that has been added."""
        if self._listed is None:
            if not self._is_decided:
                decide_all(self._store)
                self._is_decided = True
            decisions = self._store.decisions()
            found: dict[str, list[_Found]] = {"person": [], "venue": []}
            for key, rows in groupby(self._store.evidence(), key=lambda each: each.key):
                decision = decisions.get(key)
                if decision is not None and decision.facet:
                    found[decision.facet].append(_found(key, list(rows), decision.facet, decision.name))
            people, venues = self._ranked(found["person"], 0), self._ranked(found["venue"], 1)
            self._listed = _NameList(people, self._authorities[0]), _NameList(venues, self._authorities[1])
        return self._listed

    def _ranked(self, found: list[_Found], kind: int) -> list[_Ranked]:
        """The names of a kind that are for a person to decide, those of the most articles first, then the likeliest."""
        recorded = {
            key_of_name(form): record.name
            for record in self._authorities[kind].records
            for form in (record.name, *record.aliases)
        }
        found.sort(key=lambda each: (-each.score, each.key))
        by_name = {dict(each.forms) and each.decided: each.key for each in found if len(each.key) > 1}
        keys = [by_name.get(each.decided, each.key) for each in found]  # "Mayor Cole" is filed under "Max Cole"
        known = set(keys)
        every = [*keys, *(key for key in recorded if key not in known)]
        ranked: list[_Ranked] = []
        for group in cluster(every, same_venue if kind else None):
            members = [found[at] for at in group if at < len(found)]
            owners = {recorded[every[at]] for at in group if every[at] in recorded}
            members = [each for each in members if self._is_reviewable(each)]
            if members:
                ranked.append(self._merged(members, owners))
        ranked.sort(key=lambda each: (-each.articles, -each.rank, each.name))
        return ranked

    def _is_reviewable(self, found: _Found) -> bool:
        """Whether a name is for a person to decide: not recorded or ignored."""
        return not any(
            each.recorded(form) or each.recorded(form.removesuffix("s")) or _plain(form) in self._ignored
            for each in self._authorities
            for form in {found.decided, max(found.forms, key=lambda form: (form[1], form[0]))[0], *self._titled(found)}
        )

    def _titled(self, found: _Found) -> list[str]:
        """How a name of one word is written after its titles: a record may have it so."""
        return self._store.titled(found.key[0]) if len(found.key) == 1 else []

    def _merged(self, members: list[_Found], owners: set[str]) -> _Ranked:
        """One name of all ways to write it; `owners` are the recorded names it may belong to."""
        counts: dict[str, int] = {}
        for each in members:
            for form, count in each.forms:
                counts[form] = counts.get(form, 0) + count
        keys = tuple(" ".join(each.key) for each in members)
        decided = {each.decided for each in members}
        usual = sorted(counts, key=lambda form: (form not in decided, -counts[form], -len(form), form))
        known = next(iter(owners)) if len(owners) == 1 else ""
        name, others = (known, usual) if known else (usual[0], usual[1:])
        whole = [form for form in others if " " in form or " " not in name]
        titled = [form for key in keys for form in self._store.titled(key)]
        variants = tuple(_distinct([*whole, *titled], name))
        return _Ranked(max(each.score for each in members), self._store.dates(keys)[0], name, variants, known, keys)

    def _suggestion(self, ranked: _Ranked, names: _NameList) -> SuggestedName:
        count, first, last = self._store.dates(ranked.keys)
        examples, articles = self._examples(ranked.keys)
        duplicates = names.resemblances.of(ranked.name, _DUPLICATES)
        about = (ranked.name, ranked.others, count, first, last, examples, articles, ranked.known)
        return SuggestedName(*about, duplicates)

    def _examples(self, keys: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        sentences, articles = [], []
        for article_id, start in self._store.examples(keys, _EXAMPLES):
            if (article := self._load(article_id)) is not None:
                text, _ = text_of(article)
                begin, end = sentence_around(text, start)
                begin = max(begin, start - _EXAMPLE_LENGTH // 2) if end - begin > _EXAMPLE_LENGTH else begin
                sentences.append(" ".join(text[begin : min(end, begin + _EXAMPLE_LENGTH)].split()))
                articles.append(article_id)
        return tuple(sentences), tuple(articles)


class _NameList:
    """The names of one kind that are to be reviewed, by how they are written, and what resembles what."""

    def __init__(self, ranked: list[_Ranked], authority: Authority) -> None:
        self.ranked = ranked
        self.by_form: dict[str, _Ranked] = {}
        for each in ranked:
            for form in (each.name, *each.others):
                self.by_form.setdefault(_plain(form), each)
        recorded = (each.name for each in authority.records)
        self.resemblances = Resemblances(dict.fromkeys((*(each.name for each in ranked), *recorded)))


def _found(key: str, rows: list[KeyEvidence], facet: str, name: str) -> _Found:
    person, venue = scores(rows)
    forms = tuple((each.form, each.articles) for each in rows)
    return _Found(person if facet == "person" else venue, tuple(key.split(" ")), forms, name)


def key_of_name(name: str) -> Key:
    """What a name is filed under: its folded words."""
    return tuple(fold(word).replace(".", "") for word in name.split()) or ("",)


def _distinct(forms: Iterable[str], name: str) -> Iterator[str]:
    """Forms that differ in more than case from the name and from each other."""
    seen = {_plain(name)}
    for form in forms:
        if _plain(form) not in seen:
            seen.add(_plain(form))
            yield form


def _plain(form: str) -> str:
    return form.casefold().replace("’", "'")
