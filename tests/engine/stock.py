"""The engine's oracle: the same articles in an index with Whoosh's own codec, searched by Whoosh alone.

Of the engine it shares the schema and the query tree, nothing else: Whoosh writes, deletes, matches and adds up
scores; the ranking function is written down a second time, and facets are counted article by article.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import pytest
from whoosh import query as wq
from whoosh.filedb.filestore import RamStorage
from whoosh.matching import ListMatcher, NullMatcher
from whoosh.scoring import BaseScorer, WeightingModel, WeightLengthScorer, WeightScorer
from whoosh.util.numeric import byte_to_length, length_to_byte

from archive import Article
from archive.engine.protocol import Engine, SearchResult
from archive.engine.schema import IndexKind, index_fields
from archive.engine.whoosh_compat.whoosh_schema import META, Words, make_schema
from archive.model.fields import Fields
from archive.query.combined_fields import CombinedFields
from archive.query.plan import Plan
from archive.text.analyzer import Analyzer

from ..support import Asked, Choice, Record, counted, found

#: The most that two scores of one article may differ by.
TOLERANCE = 1e-4


def inb2(tf: float, length: float, average: float, documents: int, df: int, cf: float) -> float:
    """InB2 with normalization H2, c = 1, as Amati and van Rijsbergen write it (2002, formulas 4, 32 and 44)."""
    tfn = tf * math.log2(1 + average / length)
    information = tfn * math.log2((documents + 1) / (df + 0.5))
    return information * (cf + 1) / (df * (tfn + 1))


class _Weighting(WeightingModel):  # type: ignore[misc]
    """InB2 of single fields."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: float = 1) -> BaseScorer:
        ranked = searcher.schema[fieldname].scorable
        return _Scorer(searcher, fieldname, text) if ranked else WeightScorer.for_(searcher, fieldname, text)


class _Scorer(WeightLengthScorer):  # type: ignore[misc]
    def __init__(self, searcher: Any, fieldname: str, text: bytes) -> None:
        whole = searcher.get_parent()
        documents = whole.doc_count_all()
        counts = whole.doc_frequency(fieldname, text), whole.frequency(fieldname, text)
        self._score = lambda tf, length: inb2(
            tf, length, max(1.0, whole.field_length(fieldname) / documents), documents, *counts
        )
        self.setup(searcher, fieldname, text)


class _AsOneField(wq.Query):  # type: ignore[misc]
    """A CombinedFields: Whoosh finds the documents, and what they score is counted in the terms of every article.

    articles  everything written, deleted articles too while they count
    """

    def __init__(self, q: CombinedFields, articles: Mapping[str, Counted], written: Sequence[Counted]) -> None:
        super().__init__()
        self._any, self._words = wq.Or(q.subqueries), q.terms_of
        self._weights, self._boost = dict(q.weights), q.boost
        self._articles, self._written = articles, written

    def estimate_size(self, ixreader: Any) -> int:
        return int(self._any.estimate_size(ixreader))

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        ids = list(self._any.matcher(searcher, searcher.boolean_context()).all_ids())
        scores = [self._score(self._articles[searcher.stored_fields(number)[META]["id"]]) for number in ids]
        return ListMatcher(ids, scores) if ids else NullMatcher()

    def _score(self, counted: Counted) -> float:
        return self._boost * sum(map(self._of_word, self._words, repeat(counted)))

    def _of_word(self, word: str, counted: Counted) -> float:
        lossy = {name: byte_to_length(length_to_byte(length)) for name, length in counted.lengths.items()}
        return inb2(self._frequency(word, counted), self._sum(lossy), *self._statistics[word])

    @cached_property
    def _statistics(self) -> dict[str, tuple[float, int, int, float]]:
        """For each word: the average length, the number of documents, how many have it, and how often it occurs."""
        documents = len(self._written)
        average = max(1.0, sum(self._sum(each.lengths) for each in self._written) / documents)
        return {
            word: (
                average,
                documents,
                max(sum(word in each.terms[name] for each in self._written) for name in self._weights),
                sum(self._frequency(word, each) for each in self._written),
            )
            for word in self._words
        }

    def _frequency(self, word: str, counted: Counted) -> float:
        return sum(weight * counted.terms[name][word] for name, weight in self._weights.items())

    def _sum(self, lengths: Mapping[str, float]) -> float:
        return sum(weight * lengths[name] for name, weight in self._weights.items())


class Counted(NamedTuple):
    """The terms of an article's title and text, with how often they occur, and how many they are."""

    terms: dict[str, Counter[str]]
    lengths: dict[str, int]


class StockIndex:
    """Articles in an index with Whoosh's own codec, in memory."""

    def __init__(self, fields: Fields, analyzer: Analyzer) -> None:
        self._fields, self._schema = index_fields(fields), make_schema(fields, analyzer)
        for field in self._fields:
            if field.forms_of:
                self._schema.add(field.name, Words(Analyzer(None)))
        self._articles: dict[str, Article] = {}
        self._analyzer = analyzer
        self._counted: dict[str, Counted] = {}
        self._written: list[Counted] = []
        self._index = RamStorage().create_index(self._schema)
        self._open()

    def _open(self) -> None:
        self._searcher = self._index.searcher(weighting=_Weighting())
        reader = self._searcher.reader()
        self._records: dict[int, Record] = {number: stored[META] for number, stored in reader.iter_docs()}

    @property
    def documents(self) -> int:
        """How many documents count in statistics, deleted ones that are still there among them."""
        return int(self._searcher.doc_count_all())

    @property
    def records(self) -> list[Record]:
        """What is stored of every live article."""
        return list(self._records.values())

    def write(self, put: Iterable[Article] = (), deleted: Iterable[str] = ()) -> None:
        """Delete, then add, as a new segment."""
        writer = self._index.writer()
        for article_id in deleted:
            writer.delete_by_term("id", article_id)
            del self._articles[article_id]
        for article in put:
            writer.add_document(**self._document(article))
            self._articles[article.id] = article
            terms = {"title": self._terms(article.title), "body": self._terms(article.body)}
            counted = {name: Counter(found) for name, found in terms.items()}
            self._counted[article.id] = Counted(counted, {name: len(found) for name, found in terms.items()})
            self._written.append(self._counted[article.id])
        writer.commit(merge=False)
        self._open()

    def _terms(self, text: str) -> list[str]:
        return [*self._analyzer.terms(text), *map(self._analyzer.stem, self._analyzer.extra_forms(text))]

    def optimize(self) -> None:
        """Be without what is deleted: written anew, as Whoosh's own merging forgets how long long texts were."""
        if self.documents > len(self._articles):
            self._index = RamStorage().create_index(self._schema)
            self._written = []
            self.write(list(self._articles.values()))

    def _document(self, article: Article) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in self._fields:
            put = field.extract(article)
            if put and field.kind is not IndexKind.SORT_KEY:
                values[field.name] = put[0] if field.kind is IndexKind.NUMERIC else put
                values[f"_stored_{field.name}"] = None
        record = {name: getattr(article, name) for name in ("id", "date", "people", "venues", "tags")}
        return values | {META: record}

    def search(self, tree: wq.Query) -> dict[str, float]:
        """The ids of all live articles that a tree matches, and their scores."""
        hits = self._searcher.search(tree.accept(self._mended), limit=None)
        numbered = ((hits.docnum(place), hits.score(place)) for place in range(hits.scored_length()))
        # Whoosh lets deleted documents through a Not; they are no records here.
        return {self._records[number]["id"]: score for number, score in numbered if number in self._records}

    def _mended(self, q: wq.Query) -> wq.Query:
        return _AsOneField(q, self._counted, self._written) if isinstance(q, CombinedFields) else _mended(q)


def _mended(q: wq.Query) -> wq.Query:
    """The same query in a form that Whoosh answers right, whatever the segments and the order of postings.

    - A pattern is ranked as the word it stands for wherever a segment has but one, so that its
      scores depend on how the index is cut up; ours score a pattern's boost.
    - An AndNot lets the first document of `a` through if that of `b` comes before it.
    - A Not may match deleted documents, and a Not around it then steps over live ones wrongly.
    """
    match q:
        case wq.Prefix() | wq.Wildcard() | wq.FuzzyTerm() | wq.TermRange():
            return wq.ConstantScoreQuery(q, score=q.boost)
        case wq.Not():
            return _all_but(q.query)
        case wq.AndNot():
            return wq.Require(q.a, _all_but(q.b))
    return q


def _all_but(q: wq.Query) -> wq.Query:
    return wq.Not(wq.Require(q, wq.Every()))  # Every knows which documents are deleted


class Compared(NamedTuple):
    """What a comparison saw: how many articles both found, and the largest difference of two scores."""

    total: int
    difference: float


def compare(engine: Engine, stock: StockIndex, plan: Plan, *, scored: bool = True) -> Compared:
    """Assert that the engine answers a plan as the oracle does.

    Documents, order up to ties, scores (if `scored`) and the counts of every facet of the
    plan must be the same. The bonus for near words is left out, as Whoosh knows no such thing.
    """
    plan = replace(plan, parsed=replace(plan.parsed, content_terms=()))
    tree = plan.parsed.tree
    choices = {
        name: Choice(
            list(chosen.values), list(chosen.excluded), list(map(tuple, chosen.years)), chosen.missing, chosen.all
        )
        for name, chosen in plan.selections.items()
    }
    theirs = stock.search(tree)
    facets = [facet.name for facet in plan.facets]
    asked = Asked(lambda record: record["id"] in theirs, choices, facets, facet_limit=None)
    records = stock.records
    wanted = {record["id"]: theirs[record["id"]] for record in found(records, asked)}

    answer = engine.search(replace(plan, request=plan.request.replace(limit=None, facet_limit=None)))
    assert {match.id for match in answer.matches} == wanted.keys(), repr(tree)
    assert answer.total == len(answer.matches) == len(wanted), repr(tree)
    for facet in facets:
        assert counted(records, asked, facet).matches(answer.facets[facet]), (facet, repr(tree))
    if len(wanted) > 10:
        page = engine.search(replace(plan, request=plan.request.replace(limit=10)))
        assert _ranked(page) == _ranked(answer)[:10], repr(tree)
    if not scored or not plan.by_relevance:
        return Compared(len(wanted), 0.0)
    assert _ranked(answer) == sorted(_ranked(answer)), repr(tree)
    scores = {match.id: match.score for match in answer.matches}
    assert scores == pytest.approx(wanted, rel=0, abs=TOLERANCE), repr(tree)
    in_our_order = [wanted[match.id] for match in answer.matches]
    assert all(one >= next_one - TOLERANCE for one, next_one in pairwise(in_our_order)), repr(tree)
    return Compared(len(wanted), max((abs(scores[each] - wanted[each]) for each in wanted), default=0.0))


def _ranked(answer: SearchResult) -> list[tuple[float, str]]:
    return [(-match.score, match.id) for match in answer.matches]
