"""The engine's answers to query trees, against stock Whoosh on the same index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
import whoosh.index
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query as wq

from archive import Archive, LimitError
from archive.engine.factory import local_engine
from archive.engine.local.engine import WhooshEngine
from archive.engine.protocol import SearchResult
from archive.engine.whoosh_compat.fallback import Weighting
from archive.query.combined_fields import CombinedFields
from archive.query.limits import MAX_EXPANSION
from archive.query.parsed_query import HighlightTerms, ParsedQuery
from archive.query.plan import make_plan
from archive.query.request import SearchRequest
from archive.text.analyzer import Analyzer

from ..support import generated, make_archive, write_records

WORDS = ["ball", "bat", "bath", "bathe", "cat", "cot", "dog", "the", "zebra"]
FIELDS = ["title", "body"]


class Both(NamedTuple):
    """The engine under test, and a stock searcher on its index."""

    archive: Archive
    engine: WhooshEngine
    stock: Any

    def answer(self, tree: wq.Query, limit: int | None = None) -> SearchResult:
        plan = make_plan(SearchRequest(limit=limit, facets=()), self.archive.fields, self.engine._analyzer)
        return self.engine.search(replace(plan, parsed=ParsedQuery("?", tree, (), (), HighlightTerms())))

    def ours(self, tree: wq.Query) -> dict[str, float]:
        answer = self.answer(tree)
        assert answer.total == len(answer.matches)
        ranked = [(-match.score, match.article.id) for match in answer.matches]
        assert ranked == sorted(ranked)
        return {match.article.id: match.score for match in answer.matches}

    def theirs(self, tree: wq.Query) -> dict[str, float]:
        found = self.stock.search(tree, limit=None)
        deleted = self.stock.reader().is_deleted  # Whoosh lets deleted documents through a NOT of a NOT
        return {hit["meta"]["id"]: found.score(n) for n, hit in enumerate(found) if not deleted(hit.docnum)}


def _open(archive: Archive) -> Iterator[Both]:
    folder = archive.root / "index"
    engine = local_engine(folder, archive.fields, Analyzer("english"), archive.settings.digest)
    index = whoosh.index.open_dir(str(folder))
    with index.searcher(weighting=Weighting()) as stock:
        yield Both(archive, engine, stock)
    engine.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Some 60 articles in several segments, some of them deleted."""
    root, random = tmp_path_factory.mktemp("both"), Random(7)

    def records(run: int, several: int) -> list[dict[str, Any]]:
        return [
            {
                "id": f"r{run}n{number:02}",
                "title": " ".join(random.choices(WORDS, k=random.randint(1, 3))),
                "body": " ".join(random.choices(WORDS, k=random.randint(0, 25))),
            }
            for number in range(several)
        ]

    corpus = root / "corpus"
    old = records(0, 30)
    write_records(corpus / "old.jsonl", old)
    with Archive.open(root) as archive:
        archive.index()
        write_records(corpus / "new.jsonl", records(1, 25))
        archive.index()
        write_records(corpus / "old.jsonl", [*old[:22], *records(0, 4)])  # 8 deleted, 4 written again
        archive.index()
        for pair in _open(archive):
            reader = pair.stock.reader()
            assert len(reader.leaf_readers()) > 1
            assert reader.has_deletions()
            yield pair


_terms = st.builds(wq.Term, st.sampled_from(FIELDS), st.sampled_from([*WORDS, "absent"]), st.sampled_from([1.0, 2.5]))
_phrases = st.builds(
    wq.Phrase,
    st.sampled_from(FIELDS),
    st.lists(st.sampled_from([*WORDS, "absent"]), min_size=2, max_size=4),
    slop=st.integers(1, 5),
    boost=st.sampled_from([1.0, 3.0]),
)
_prefixes = st.builds(wq.Prefix, st.sampled_from(FIELDS), st.sampled_from(["b", "ba", "bath", "c", "q"]))


def _grown(parts: st.SearchStrategy[wq.Query]) -> st.SearchStrategy[wq.Query]:
    several = st.lists(parts, min_size=1, max_size=4)
    return several.map(wq.And) | several.map(wq.Or) | parts.map(wq.Not)


@generated(200)
@given(tree=st.recursive(_terms | _phrases, _grown, max_leaves=8))
def test_trees_find_and_score_as_stock_whoosh_does(both: Both, tree: wq.Query) -> None:
    assert both.ours(tree) == pytest.approx(both.theirs(tree), rel=1e-9)


@generated(150)
@given(tree=st.recursive(_prefixes | _terms, _grown, max_leaves=8))
def test_trees_with_patterns_find_what_stock_whoosh_does(both: Both, tree: wq.Query) -> None:
    """Scores differ on purpose: Whoosh ranks a pattern that stands for one word in a segment as that word."""
    assert both.ours(tree).keys() == both.theirs(tree).keys()


_weighted = st.builds(
    lambda word, weight, boost: CombinedFields([wq.Term("title", word, boost=weight), wq.Term("body", word)], boost),
    st.sampled_from([*WORDS, "absent"]),
    st.sampled_from([1.0, 2.0]),
    st.sampled_from([1.0, 0.5]),
)


@generated(200)
@given(tree=st.recursive(_weighted | _terms | _phrases | _prefixes, _grown, max_leaves=6), limit=st.integers(0, 12))
def test_the_first_articles_are_those_of_all_in_order(both: Both, tree: wq.Query, limit: int) -> None:
    """Of equal scores, too, in several segments: nothing is left out that an exhaustive answer has."""
    first, every = both.answer(tree, limit), both.answer(tree)
    assert first.total == every.total
    assert [(match.id, match.score) for match in first.matches] == [
        (match.id, pytest.approx(match.score, rel=1e-12)) for match in every.matches[:limit]
    ]


@generated(150)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=5),
    slop=st.integers(1, 8),
    field=st.sampled_from(FIELDS),
)
def test_phrases_are_found_by_their_positions(both: Both, words: list[str], slop: int, field: str) -> None:
    """By brute force over the texts: each word at most `slop` after the one before it."""

    def has_phrase(terms: list[str]) -> bool:
        ends = {at for at, term in enumerate(terms) if term == words[0]}
        for word in words[1:]:
            ends = {at for at, term in enumerate(terms) if term == word and any(0 < at - end <= slop for end in ends)}
        return bool(ends)

    analyzer = Analyzer("english")
    words = [analyzer.term(word) for word in words]
    wanted = {
        article.id
        for article in both.archive.articles()
        if has_phrase(analyzer.terms(article.title if field == "title" else article.body))
    }
    assert set(both.ours(wq.Phrase(field, words, slop=slop))) == wanted


def test_patterns_stand_for_so_many_words_and_no_more(tmp_path: Path) -> None:
    body = " ".join(f"w{number:04}" for number in range(MAX_EXPANSION))
    with make_archive(tmp_path, [{"id": "a", "title": "one", "body": body}, {"id": "b", "title": "two"}]) as archive:
        page = archive.search("w*", explain=True)
        assert [hit.id for hit in page.hits] == ["a"]
        assert page.explanation is not None
        assert len(page.explanation.expansions["w*"]) == MAX_EXPANSION
        write_records(tmp_path / "corpus" / "more.jsonl", [{"id": "c", "title": "three", "body": "w9999"}])
        archive.index()
        for text in ("w*", "*w*", "w???? OR one", "[w TO x]", "one w*"):
            with pytest.raises(LimitError, match="more than 1,024 words"):
                archive.search(text)
        assert archive.search("w000*").total == 1


def test_patterns_are_limited_within_a_segment_too(tmp_path: Path) -> None:
    body = " ".join(f"w{number:04}" for number in range(MAX_EXPANSION + 1))
    with make_archive(tmp_path, [{"id": "a", "title": "one", "body": body}]) as archive:
        for text in ("w*", "*w*", "w????", "[w TO x]", "body:w*"):
            with pytest.raises(LimitError, match="more than 1,024 words"):
                archive.search(text)
        assert archive.search("w00*").total == 1


def test_a_pattern_scores_the_same_however_the_index_is_cut_up(tmp_path: Path) -> None:
    records = [{"id": f"a{n}", "title": f"word{n}", "body": f"worn{n} out"} for n in range(6)]
    with make_archive(tmp_path / "one", records) as whole:
        together = [(hit.id, hit.score) for hit in whole.search("wor*").hits]
    for number, record in enumerate(records):
        write_records(tmp_path / "two" / "corpus" / f"{number}.jsonl", [record])
        with Archive.open(tmp_path / "two") as parts:
            parts.index()
    with Archive.open(tmp_path / "two") as parts:
        assert [(hit.id, hit.score) for hit in parts.search("wor*").hits] == together
