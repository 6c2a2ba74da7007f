"""The table of sources: a round trip, one file without the others, and whatever is no table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.engine.protocol import IndexedRef, RejectedDocument
from archive.errors import IndexDamagedError
from archive.indexing.id_assignment import Unseen
from archive.indexing.sources import SourceState, SourceTable, find_source
from archive.model.article import Problem

_TEXTS = st.text(max_size=20)
_NUMBERS = st.integers(0, 10**9)
_PROBLEMS = st.builds(Problem, _TEXTS, _NUMBERS, _TEXTS, _TEXTS)
_PICTURES = st.dictionaries(_TEXTS, _TEXTS, max_size=2)
_STATES = st.builds(SourceState, _TEXTS, _TEXTS, st.booleans(), _NUMBERS, _PICTURES, st.lists(_PROBLEMS, max_size=2))


@given(st.dictionaries(_TEXTS, _STATES), _TEXTS, st.none() | _NUMBERS, st.lists(st.tuples(_TEXTS, _TEXTS, _NUMBERS)))
def test_a_table_is_read_as_it_was_written(
    sources: dict[str, SourceState], names: str, mirrored_generation: int | None, rejected: list[Any]
) -> None:
    table = SourceTable()
    table.sources, table.names, table.mirrored_generation = sources, names, mirrored_generation
    table.rejected = {id_: IndexedRef(id_, id_, path, "", line, indexed=False) for id_, path, line in rejected}
    written = table.dump()
    again = SourceTable.load(written)
    assert vars(again) == vars(table)
    assert again.dump() == written
    for path, state in sources.items():
        assert find_source(written, path) == state
    assert find_source(written, "\ud800 no such file") is None


@pytest.mark.parametrize("data", [
    b"", b"\n", b"{}\n", b"[]\n", b"\xff\n", b'{"version":1,"names":"","mirrors":null,"rejected":[]}\n',
    b'{"version":3,"names":7,"mirrors":null,"rejected":[]}\n',
    b'{"version":3,"names":"","mirrors":"x","rejected":[]}\n',
    b'{"version":3,"names":"","mirrors":null,"rejected":[["a","a","p",null]]}\n',
    b'{"version":3,"names":"","mirrors":null,"rejected":[]}\n["a",1,"",0,1]\n',
    b'{"version":3,"names":"","mirrors":null,"rejected":[]}\n["a","","",0,1,[["p",0,"what","remedy"]]]\n',
    b'{"version":3,"names":"","mirrors":null,"rejected":[]}\n["a","","",0,true]\n',
    b'{"version":3,"names":"","mirrors":null,"rejected":[]}\n["a","",""\n',
    b'{"version":3,"names":"","mirrors":null,"rejected":[]}\n' + b"[" * 100_000,
])  # fmt: skip
def test_what_is_no_table_is_damage(data: bytes) -> None:
    with pytest.raises(IndexDamagedError, match="table of sources"):
        SourceTable.load(data)


def test_a_rejected_article_has_its_file_read_again() -> None:
    table = SourceTable()
    table.sources["a"] = SourceState("stamp", "digest", False, 2)
    table.reject(RejectedDocument(IndexedRef("x-2", "x", "a", "0d", 4), "too long"))
    state = table.sources["a"]
    assert (state.retry, state.articles) == (True, 1)
    assert [(problem.path, problem.line) for problem in table.problems()] == [("a", 4)]
    assert table.rejected == {"x-2": IndexedRef("x-2", "x", "a", "", 4, indexed=False)}


def test_the_articles_of_an_index_are_files_to_be_read() -> None:
    table = SourceTable()
    entries = [
        IndexedRef("x", "x", "a", "01", 4),
        IndexedRef("x-2", "x", "a", "02", 5),
        IndexedRef("y", "y", "b", "03", 1),
    ]
    table.rebuild_from_index(entries)
    assert table.sources == {"a": SourceState(articles=2), "b": SourceState(articles=1)}
    assert (table.names, table.article_count) == ("", 3)
    table.mark_all_unindexed()
    assert table.article_count == 0


def test_an_article_is_known_by_its_content_before_its_id() -> None:
    def entries() -> list[IndexedRef]:
        return [
            IndexedRef("x-3", "x", "a", "03", 3),
            IndexedRef("x", "x", "a", "01", 1),
            IndexedRef("y", "y", "a", "02", 4),
            IndexedRef("x-2", "x", "a", "02", 2),
        ]

    unseen = Unseen(entries())
    assert [unseen.take("x", content) for content in ("02", "04", "05", "01")] == [
        *(entries()[at] for at in (3, 1, 0)),
        None,
    ]
    assert unseen.left() == [entries()[2]]
    assert unseen.take("z", "02") is None
    assert unseen.drop("y") == entries()[2]
    assert unseen.drop("y") is None
    assert unseen.left() == []


def test_a_great_many_articles_that_look_the_same_are_told_apart() -> None:
    """None is looked at again for each of the others."""
    unseen = Unseen(IndexedRef(f"x-{number}", "x", "a", "same", number) for number in range(50_000))
    taken = {entry.id for _ in range(50_000) if (entry := unseen.take("x", "same"))}
    assert len(taken) == 50_000
    assert unseen.left() == []
