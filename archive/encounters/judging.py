"""Sightings of one article: the rules of its language, then a judge of pairs where there is one.

`judge` is a pure function of the text, its date and the linker's mentions, so that what it says can be
stored with the article and derived again from what is stored.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from archive.encounters.encoder import encoder_version, weights_digest
from archive.encounters.pair_judge import PairJudge
from archive.encounters.reviews import SightingReviews
from archive.model.article import Article, Mention, Problem
from archive.model.sighting_columns import content_key
from archive.model.sightings import MOST_PEOPLE, Sighting, TextSpan
from archive.names.entity_linker import may_name, with_ad_hoc_mentions
from archive.names.gazetteer import Budget, OverBudgetError
from archive.text.sentences import paragraphs

if TYPE_CHECKING:
    from archive.encounters.rules.passages import Reading
    from archive.encounters.rules.scenes import Scene
    from archive.encounters.rules.verdicts import Verdicts
    from archive.encounters.sighting_cache import SightingCache

#: Changes whenever the rules may give another answer: what is stored by another version is derived again.
RULES_VERSION = 7


#: Characters of an article that the rules look through (some 8 s a million), and of one that the judge of pairs reads
#: as well (some 80 s a million): no text may hold up an indexing run.
_MOST_CHARACTERS, _MOST_JUDGED = 2_000_000, 150_000


class LanguageRules(Protocol):
    """The rules for one language: a module `archive.encounters.rules.<name>` with this function, named in `LANGUAGES`.

    They go by `passages` (names as tokens), and say what they find as `scenes` and `verdicts`; `german` is the example.
    """

    def judge(self, reading: Reading, /) -> Verdicts:
        """Find the scenes of an article, who was there, and what clauses say of pairs."""


#: Processor seconds that the judge of pairs may take for a question; what it did is kept for the next one.
QUESTION_SECONDS = 5.0

#: (facet, name).
Name = tuple[str, str]

#: Which module has the rules of a language, by its code and its Snowball name. For others every pair is `mentioned`.
LANGUAGES: Mapping[str, str] = {"en": "english", "english": "english", "de": "german", "german": "german"}
#: The rules after which a judge of pairs may be asked: it was trained on their language alone.
_JUDGED_RULES = "english"
#: Blocks of an article that are no running text.
_STYLES = {"caption": "caption", "item": "item", "row": "item"}


class SightingJudge:
    """Derives the sightings of articles: by rules, and by a judge of pairs as long as its time lasts.

    language  of the archive, for articles that declare none
    seconds   processor time that the judge of pairs may take in all
    cache     keeps what that judge said of articles that were judged by rules alone when they were indexed
    reviews   what people said of sightings, which wins over both
    by_rules  how many articles of a question were judged by rules alone
    """

    def __init__(
        self,
        language: str,
        seconds: float = 0.0,
        *,
        cache: SightingCache | None = None,
        reviews: SightingReviews | None = None,
    ) -> None:
        self._language, self._seconds, self._cache = language, seconds, cache
        self.reviews = reviews or SightingReviews()
        self.by_rules = 0
        self._completed: dict[int, tuple[Sighting, ...]] = {}

    @property
    def version(self) -> str:
        """Changes whenever an answer may: what was derived by another version is to be derived again."""
        return f"{RULES_VERSION}+{encoder_version(weights_digest())}".rstrip("+")

    def with_sightings(self, article: Article) -> Article:
        """The article with what its text says of people; unchanged where it says nothing new.

        Names that it declares and no record has are looked for here, as they would be if the authority files had them.
        """
        asked = self.to_judge(article)
        return self.with_judged(article, None if asked is None else judge_article(asked))

    def to_judge(self, article: Article) -> ArticleToJudge | None:
        """What is to be asked of an article; None where its text says nothing of people."""
        if article.mentions or (article.people and may_name(article, article.people)):
            return self._asked(article)
        return None

    def with_judged(self, article: Article, judged: Judged | None) -> Article:
        """The article with what `judge_article` says of it; None where nothing was to be asked."""
        if judged is None:
            return self._with(article, (), by_rules=False)
        self._seconds -= judged.seconds
        return self._with(article, judged.sightings, by_rules=judged.by_rules)

    def completed(self, article: Article) -> Article:
        """An article that was judged by rules alone, judged as well by the judge of pairs, if there is one and time."""
        if not article.by_rules:
            return article
        self.complete([content_key(article)], lambda _: article)
        return self.known(article)

    def known(self, article: Article) -> Article:
        """An article as far as `complete` has judged it already."""
        found = self._completed.get(content_key(article)) if article.by_rules else None
        return article if found is None else self._with(article, found, by_rules=False)

    def kept(self) -> frozenset[int]:
        """The content keys of the articles of which is kept what the judge of pairs said."""
        return frozenset() if self._cache is None else self._cache.keys(self.version)

    def complete(self, keys: Sequence[int], load: Callable[[int], Article | None]) -> dict[int, tuple[Sighting, ...]]:
        """What rules and judge say of articles that were judged by rules alone, by key, as far as the time goes.

        keys  their content keys, those first that matter most; `load` fetches one by its place among them
        """
        kept = self.kept()
        found = self._cache.get([key for key in keys if key in kept], self.version) if self._cache and kept else {}
        new: dict[int, tuple[Sighting, ...]] = {}
        try:
            for at, key in enumerate(keys):
                if self._seconds <= 0 or _pair_judge() is None:
                    break
                if key in found or key in new:
                    continue
                article = load(at)
                if article is not None and len(article.body) <= _MOST_JUDGED:
                    judged = judge_article(self._asked(article))
                    self._seconds -= judged.seconds
                    if not judged.by_rules:
                        new[key] = judged.sightings
        finally:
            if new and self._cache is not None:
                self._cache.put(new, self.version)
        found |= new
        self._completed |= found
        self.by_rules += len(keys) - sum(key in found for key in keys) if found else len(keys)
        return found

    def _asked(self, article: Article) -> ArticleToJudge:
        return ArticleToJudge(article, article.language or self._language, self._seconds > 0)

    def _with(self, article: Article, found: tuple[Sighting, ...], *, by_rules: bool) -> Article:
        found = self.reviews.applied(article, found)
        if (found, by_rules) == (article.sightings, article.by_rules):
            return article
        return replace(article, sightings=found, by_rules=by_rules)


class ArticleToJudge(NamedTuple):
    """An article with its language, and whether there is time for the judge of pairs."""

    article: Article
    language: str
    has_time: bool


class Judged(NamedTuple):
    """What rules and judge say of an article, whether it is by rules alone, and the seconds that the judge took."""

    sightings: tuple[Sighting, ...]
    by_rules: bool
    seconds: float = 0.0


def judge_article(asked: ArticleToJudge) -> Judged:
    """What rules and judge say of an article; any process may find it out."""
    article, language, has_time = asked
    article = _with_declared_names(article)
    names = {(each.facet, each.name) for each in article.mentions}
    # A caption lists whom its picture shows: the rules know how, and the judge was trained on running text.
    if not is_looked_through(article):
        return Judged((), _has_pairs(names))
    has_pairs = _has_pairs(names) and article.kind != "photo" and _rules_name(language) == _JUDGED_RULES
    is_short = len(article.body) <= _MOST_JUDGED
    pair_judge = _pair_judge() if has_pairs and is_short and has_time else None
    began = time.thread_time()
    found = judge(
        article.title, article.body, article.date, article.mentions,
        language=language, styles=_styles(article), pair_judge=pair_judge,
    )  # fmt: skip
    seconds = 0.0 if pair_judge is None else time.thread_time() - began
    return Judged(found, has_pairs and pair_judge is None, seconds)


def _pair_judge() -> PairJudge | None:
    from archive.encounters.encoder.judge import load_judge

    return load_judge() if weights_digest() else None


def _with_declared_names(article: Article) -> Article:
    """The article with mentions of the names that it declares and no record has; as it is where that takes too long."""
    try:
        mentions = with_ad_hoc_mentions(article, Budget())
    except OverBudgetError:
        return article
    return article if mentions is article.mentions else replace(article, mentions=mentions)


def is_looked_through(article: Article) -> bool:
    """Whether an article is short enough to derive from it who was together; see `not_looked_through`."""
    return len(article.body) <= _MOST_CHARACTERS


def not_looked_through(article: Article) -> Problem:
    """The warning of an article that is too long for that."""
    what = f"the text is over {_MOST_CHARACTERS:,} characters: who was seen together is not derived from it"
    return Problem(article.path, article.line, what, "split it into articles", taken=True)


def _has_pairs(names: Iterable[Name]) -> bool:
    """Whether there are two people, or a person and a venue."""
    facets = [facet for facet, _ in names]
    return "person" in facets and len(facets) > 1


def _styles(article: Article) -> Iterable[tuple[int, str]]:
    """The paragraphs that are no running text: all of a photograph's."""
    if article.kind == "photo":
        yield from ((number, "caption") for number in range(len(paragraphs(article.body))))
        return
    blocks = [each for each in article.blocks if each.style in _STYLES]
    if not blocks or not article.mentions:
        return
    for number, (start, _) in enumerate(paragraphs(article.body)):
        row = article.body.count("\n", 0, start)
        for block in blocks:
            if block.first_row <= row <= block.last_row:
                yield number, _STYLES[block.style]


def rules_of(language: str) -> Callable[[Reading], Verdicts] | None:
    """The rules for a language (a code such as "en" or "en-GB"); None where there are none."""
    name = _rules_name(language)
    if name is None:
        return None
    rules = cast(LanguageRules, import_module(f"archive.encounters.rules.{name}"))
    return rules.judge


def _rules_name(language: str) -> str | None:
    return LANGUAGES.get(language.partition("-")[0].lower())


def judge(
    title: str,
    body: str,
    date: str | None,
    mentions: Sequence[Mention],
    *,
    language: str = "en",
    styles: Iterable[tuple[int, str]] = (),
    pair_judge: PairJudge | None = None,
) -> tuple[Sighting, ...]:
    """What an article says of every two people of a clause or scene, and of people at venues.

    Of two people whom it merely names there is none: they are `mentioned`.

    styles  of the paragraphs that are no running text: their number, and "caption" or "item"

    Costs nothing where fewer than two names, one of them a person's, are mentioned.
    """
    names = {(each.facet, each.name) for each in mentions}
    if len(names) < 2 and not any(each.facet == "person" for each in mentions):
        return ()
    rules = rules_of(language)
    if rules is None:
        return ()
    from archive.encounters.rules.passages import read_passage

    reading = read_passage(title, body, date, mentions, styles)
    verdicts = rules(reading)
    found = sightings_of(verdicts)
    if pair_judge is not None:
        from archive.encounters.second_opinion import with_second_opinion

        found = with_second_opinion(verdicts, found, pair_judge)
    return tuple(found)


def sightings_of(verdicts: Verdicts) -> list[Sighting]:
    """The sightings by the rules alone."""
    return _Builder(verdicts).build()


class _Builder:
    """Makes sightings of what the rules found."""

    def __init__(self, verdicts: Verdicts) -> None:
        self._verdicts = verdicts
        self._reading = verdicts.reading
        self._people = verdicts.reading.passage.people
        self._venues = verdicts.reading.passage.venues
        self._sentences = {each.number: each for each in verdicts.reading.sentences}
        self._numbers = {id(scene): at for at, scene in enumerate(verdicts.scenes)}
        self._paragraphs: dict[int, set[int]] = defaultdict(set)  # person -> paragraphs that name them
        for mention in verdicts.reading.passage.mentions:
            if mention.facet == "person":
                self._paragraphs[mention.number].add(mention.paragraph)

    def build(self) -> list[Sighting]:
        found: list[Sighting] = []
        told: set[tuple[int, int]] = set()
        for scene in self._verdicts.scenes:
            found += self._of_scene(scene, told)
        asserted = set(told)
        for note in self._verdicts.notes:
            pair = (note.first, note.second)
            if (
                note.stance != "absent"
                and pair in asserted
                and any(
                    each.stance in ("together", "absent")
                    and set(each.people) == {self._people[n] for n in pair}
                    and set(each.spans) & set(self._spans([note.sentence]))
                    for each in found
                )
            ):
                continue
            told.add(pair)
            found.append(self._sighting(note.stance, pair, note.scene, [note.sentence]))
        for number, scene, sentence in self._verdicts.unseen:
            found.append(self._sighting("absent", (number,), scene, [sentence], absent=(number,)))
        return _distinct(found)

    def _of_scene(self, scene: Scene, told: set[tuple[int, int]]) -> Iterable[Sighting]:
        present = dict(list(scene.present.items())[:MOST_PEOPLE])
        for number, each in present.items():
            if scene.is_established:
                yield self._sighting("present", (number,), scene, each.sentences, grade=each.grade)
        for first, second in combinations(sorted(present), 2):
            one, other = present[first], present[second]
            same_sentence = set(one.sentences) & set(other.sentences)
            if not same_sentence and not (scene.is_established and self._near(first, second)):
                continue
            if first in scene.parallel and second in scene.parallel:
                continue
            sentences = sorted(same_sentence)[:1] or sorted({one.sentences[0], other.sentences[0]})
            both = one.grade == other.grade == "stated"
            grade = "stated" if both else "likely"
            told.add((first, second))
            yield self._sighting("together", (first, second), scene, sentences, grade=grade)
        for number, gone in scene.absent.items():
            yield self._sighting("absent", (number,), scene, gone.sentences, absent=(number,))
            for other_number, there in present.items():
                if other_number != number and self._near(number, other_number, apart=1):
                    pair = (min(number, other_number), max(number, other_number))
                    told.add(pair)
                    sentences = sorted({gone.sentences[0], there.sentences[0]})
                    yield self._sighting("absent", pair, scene, sentences, absent=(number,))

    def _near(self, first: int, second: int, apart: int = 0) -> bool:
        """Whether one paragraph names both, or two that are so far apart."""
        return any(abs(a - b) <= apart for a in self._paragraphs[first] for b in self._paragraphs[second])

    def _spans(self, sentences: Sequence[int]) -> tuple[TextSpan, ...]:
        return tuple(
            TextSpan(each.start, each.end, each.in_title) for number in sentences if (each := self._sentences[number])
        )

    def _sighting(
        self,
        stance: str,
        people: tuple[int, ...],
        scene: Scene,
        sentences: Sequence[int],
        *,
        grade: str | None = None,
        absent: tuple[int, ...] = (),
    ) -> Sighting:
        inside = [m for number in sentences for m in self._mentions(number)]
        nearby = dict.fromkeys(self._venues[m.number] for m in inside if m.facet == "venue" and m.number != scene.venue)
        named = {m.number for m in inside if m.facet == "person"}
        one_sentence = len(sentences) == 1 and named >= set(people)
        return Sighting(
            stance=stance,
            people=tuple(self._people[number] for number in people),
            grade=grade,
            when=scene.when,
            when_basis=scene.basis if scene.when else None,
            when_text=scene.words,
            venue=None if scene.venue is None else self._venues[scene.venue],
            nearby=tuple(nearby),
            absent=tuple(self._people[number] for number in absent),
            level="sentence" if one_sentence else "paragraph",
            scene=self._numbers[id(scene)],
            spans=self._spans(sentences),
        )

    def _mentions(self, sentence: int) -> list:  # type: ignore[type-arg]
        return [self._reading.passage.mentions[index] for index in self._sentences[sentence].mentions]


def _distinct(found: Iterable[Sighting]) -> list[Sighting]:
    return list(dict.fromkeys(found))
