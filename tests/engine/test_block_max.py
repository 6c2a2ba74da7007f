"""Only what can be among the best is scored, and the best are those of all: against exhaustive answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query as wq

from archive import Archive, SearchRequest
from archive.engine.factory import local_engine
from archive.engine.local import block_max
from archive.engine.local.engine import WhooshEngine
from archive.engine.local.segment import block_maxima
from archive.query.combined_fields import CombinedFields
from archive.query.parsed_query import HighlightTerms, ParsedQuery
from archive.query.plan import Plan, make_plan
from archive.text.analyzer import Analyzer

from ..support import generated, write_records

WORDS = ["ball", "bat", "bath", "cat", "cot", "dog", "zebra"]


def _records(run: int, several: int, random: Random) -> list[dict[str, Any]]:
    return [
        {
            "id": f"r{run}n{number:03}",
            "title": " ".join(random.choices(WORDS, k=random.randint(1, 3))),
            "body": " ".join(random.choices([*WORDS, "rest", "more"], k=random.randint(1, 60) ** random.randint(1, 2))),
            "people": ["Ada"] if random.random() < 0.4 else ["Bo"],
        }
        for number in range(several)
    ]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, WhooshEngine, list[int]]]:
    """Some 500 articles in several segments, one merged, with blocks so small that there is something to leave out.

    With how many documents were left out of each answer.
    """
    root, random, left_out = tmp_path_factory.mktemp("blocks"), Random(3), list[int]()
    whole = block_max.BlockMax.candidates

    def counted(self: Any, q: Any, docs: Any, count: int, score: Any, bonus: float = 0.0) -> Any:
        kept = whole(self, q, docs, count, score, bonus)
        left_out.append(len(docs) - len(kept))
        return kept

    with pytest.MonkeyPatch.context() as patch:
        for module in (block_max, block_maxima):
            patch.setattr(module, "BLOCK_BITS", 2)
        patch.setattr(block_maxima, "LEAST_FREQUENCY", 20)
        patch.setattr(block_max, "_WORTH", 1)
        patch.setattr(block_max.BlockMax, "candidates", counted)
        corpus = root / "corpus"
        old = _records(0, 300, random)
        write_records(corpus / "old.jsonl", old)
        with Archive.open(root) as archive:
            archive.index(optimize=True)
            write_records(corpus / "new.jsonl", _records(1, 180, random))
            archive.index()
            write_records(corpus / "old.jsonl", [*old[:260], *_records(0, 20, random)])  # 40 deleted, 20 written again
            archive.index()
            made = local_engine(root / "index", archive.fields, Analyzer("english"), archive.settings.digest)
            yield archive, made, left_out
            made.close()


def _plan(archive: Archive, engine: WhooshEngine, tree: wq.Query, limit: int | None, **asked: Any) -> Plan:
    plan = make_plan(SearchRequest(limit=limit, facets=(), **asked), archive.fields, engine._analyzer)
    return replace(plan, parsed=ParsedQuery("?", tree, (), (), HighlightTerms()))


_words = st.builds(
    lambda word, boost: CombinedFields([wq.Term("title", word, boost=2.0), wq.Term("body", word)], boost),
    st.sampled_from([*WORDS, "absent"]),
    st.sampled_from([1.0, 0.5]),
)
_constants = st.builds(
    lambda word, score: wq.ConstantScoreQuery(wq.Term("body", word), score),
    st.sampled_from([*WORDS, "absent"]),
    st.sampled_from([1.0, 0.25]),
)
_trees = st.recursive(
    _words | _constants,
    lambda parts: (
        st.lists(parts, min_size=1, max_size=3).map(wq.And)
        | st.lists(parts, min_size=1, max_size=6).map(wq.Or)
        | st.builds(wq.AndNot, parts, parts)
        | st.builds(wq.AndMaybe, parts, parts)
    ),
    max_leaves=7,
)


@generated(150)
@given(tree=_trees, limit=st.integers(1, 10), person=st.sampled_from(["", "Ada"]))
def test_the_best_articles_are_those_of_all(
    engine: tuple[Archive, WhooshEngine, list[int]], tree: wq.Query, limit: int, person: str
) -> None:
    archive, searched, _ = engine
    asked = {"person": person} if person else {}
    first = searched.search(_plan(archive, searched, tree, limit, **asked))
    every = searched.search(_plan(archive, searched, tree, None, **asked))
    assert first.total == every.total
    assert [(match.id, match.score) for match in first.matches] == [
        (match.id, pytest.approx(match.score, rel=1e-12)) for match in every.matches[:limit]
    ]


@pytest.mark.parametrize(
    "query", ["bat cat", "bat OR cat", "dog OR bat OR zebra", "bat dog -cat", "title:bat OR dog cot"]
)
@pytest.mark.parametrize("limit", [1, 5, 199, 201])
def test_words_near_each_other_are_those_of_all(
    engine: tuple[Archive, WhooshEngine, list[int]], query: str, limit: int
) -> None:
    archive, searched, _ = engine
    first, every = (
        searched.search(archive._searcher.plan(SearchRequest(query, limit=most, facets=()))) for most in (limit, None)
    )
    assert first.total == every.total > 5
    assert [(match.id, match.score) for match in first.matches] == [
        (match.id, pytest.approx(match.score, rel=1e-12)) for match in every.matches[:limit]
    ]


def test_articles_with_too_few_of_the_words_are_not_scored(engine: tuple[Archive, WhooshEngine, list[int]]) -> None:
    archive, searched, left_out = engine
    tree = wq.Or([wq.ConstantScoreQuery(wq.Term("title", word)) for word in ("bat", "cat", "zebra")])
    total = searched.search(_plan(archive, searched, tree, 3)).total
    assert left_out[-1] > total / 4


@pytest.mark.parametrize("word", WORDS)
def test_many_articles_with_a_frequent_word_are_not_scored(
    engine: tuple[Archive, WhooshEngine, list[int]], word: str
) -> None:
    archive, searched, left_out = engine
    tree = CombinedFields([wq.Term("title", word, boost=2.0), wq.Term("body", word)])
    total = searched.search(_plan(archive, searched, tree, 3)).total
    assert total > 150
    assert left_out[-1] > total / 4


def test_weights_other_than_those_of_the_index_are_answered_exhaustively(
    engine: tuple[Archive, WhooshEngine, list[int]],
) -> None:
    archive, searched, left_out = engine
    tree = CombinedFields([wq.Term("title", "bat", boost=7.0), wq.Term("body", "bat")])
    searched.search(_plan(archive, searched, tree, 3))
    assert left_out[-1] == 0


@pytest.mark.parametrize("query", ['"ba* ca*"', '"ba* ca*" OR dog', "b* NEAR/3 c*", '"bat ca*"', '"bat cat" OR zebra'])
def test_phrases_with_patterns_and_without(engine: tuple[Archive, WhooshEngine, list[int]], query: str) -> None:
    archive = engine[0]
    first, every = archive.search(query, limit=5, facets=()), archive.search(query, limit=None, facets=())
    assert first.total == every.total > 20
    assert [hit.id for hit in first.hits] == [hit.id for hit in every.hits[:5]]
