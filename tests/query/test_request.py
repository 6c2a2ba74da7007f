"""Requests: every value may be given as it comes to hand, and what cannot be meant is refused."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import SearchRequest, UsageError, YearRange
from archive.query.request import Options, Selection

from ..support import generated

TAKEN: list[tuple[str, Any, Any]] = [
    ("person", "Kim", ("Kim",)),
    ("person", ["Kim", "Bo", "Kim"], ("Kim", "Bo")),
    ("person", ("  Kim \n Kardashian ",), ("Kim Kardashian",)),
    ("person", (name for name in ("Kim", "Bo")), ("Kim", "Bo")),
    ("person", {"Kim": 1}, ("Kim",)),
    ("venue", frozenset({"Met"}), ("Met",)),
    ("person", [], ()),
    ("person", "K\udcffm", ("K\ufffdm",)),
    ("facets", "year", ("year",)),
    ("missing", ["venue"], ("venue",)),
    ("year", 2016, (YearRange(2016, 2016),)),
    ("year", "2016", (YearRange(2016, 2016),)),
    ("year", "2016..2018", (YearRange(2016, 2018),)),
    ("year", " 2016.. ", (YearRange(2016, None),)),
    ("year", "..2018", (YearRange(None, 2018),)),
    ("year", (2016, 2018), (YearRange(2016, 2018),)),
    ("year", (2016, None), (YearRange(2016, None),)),
    ("year", (None, 2018), (YearRange(None, 2018),)),
    ("year", [2016, 2018], (YearRange(2016, 2016), YearRange(2018, 2018))),
    ("year", [2016, (2018, 2020), "2016", YearRange(2018, 2020)], (YearRange(2016, 2016), YearRange(2018, 2020))),
    ("year", (2016, 2017, 2019), (YearRange(2016, 2016), YearRange(2017, 2017), YearRange(2019, 2019))),
    ("year", ("2016", "2018..2019"), (YearRange(2016, 2016), YearRange(2018, 2019))),
    ("year", [], ()),
    ("where", {"tags": "ball"}, (("tags", "ball"),)),
    ("where", {"tags": ["ball", "gala"]}, (("tags", "ball"), ("tags", "gala"))),
    ("where", [("tags", "ball"), ("source", " The  Times")], (("tags", "ball"), ("source", "The Times"))),
    ("where", [("tags", ["ball", "gala"])], (("tags", "ball"), ("tags", "gala"))),
    ("not_where", (), ()),
    ("limit", None, None),
    ("limit", 0, 0),
    ("facet_limit", None, None),
]


@pytest.mark.parametrize(("name", "given_", "kept"), TAKEN)
def test_a_value_is_taken_in_any_form(name: str, given_: Any, kept: Any) -> None:
    assert getattr(SearchRequest(**{name: given_}), name) == kept


def test_type_checkers_know_every_field_in_its_wide_form() -> None:
    held, taken = get_type_hints(SearchRequest), get_type_hints(Options)
    assert ["query", *taken] == list(held)
    lists = ("person", "venue", "year", "not_person", "not_venue", "where", "not_where", "missing", "facets")
    assert [name for name in taken if taken[name] != held[name]] == list(lists)


REFUSED: list[tuple[str, Any, str]] = [
    ("query", None, "query must be text, not NoneType"),
    ("query", 5, "query must be text"),
    ("person", None, "person must be text, not None"),
    ("person", "", "person must be text"),
    ("person", "  ", "person must be text"),
    ("person", ["Kim", ""], "person must be text"),
    ("person", b"Kim", "person must be text"),
    ("person", 7, "person must be text, not 7"),
    ("facets", [None], "facets must be text"),
    ("year", "abc", "'abc' is not a year"),
    ("year", "..", "is not a year"),
    ("year", "", "is not a year"),
    ("year", 20161, "is not a year"),
    ("year", -1, "is not a year"),
    ("year", True, "is not a year"),
    ("year", 2016.0, "is not a year"),
    ("year", None, "is not a year"),
    ("year", (None, None), "is not a year"),
    ("year", ("x", None), "is not a year"),
    ("year", (2018, 2016), "end before they begin; write 2016..2018"),
    ("year", "2018..2016", "end before they begin"),
    ("year", YearRange(2018, 2016), "end before they begin"),
    ("year", YearRange(None, 99_999), "is not a year"),
    ("where", 5, "where must be pairs"),
    ("where", None, "where must be pairs"),
    ("where", "tags", "where must be pairs"),
    ("where", [("tags",)], "where must be pairs"),
    ("where", [(("tags",), "x")], "where must be pairs"),
    ("where", {"tags": None}, "where must be text"),
    ("not_where", [["tags", "x"]], "not_where must be pairs"),
    ("sort", "best", "sort must be one of relevance, newest, oldest, title"),
    ("facet_sort", "", "facet_sort must be one of count, name"),
    ("limit", -1, "limit must be a number from 0"),
    ("limit", True, "limit must be a number"),
    ("limit", "10", "limit must be a number"),
    ("offset", None, "offset must be a number"),
    ("facet_limit", 1.5, "facet_limit must be a number"),
]


@pytest.mark.parametrize(("name", "value", "why"), REFUSED)
def test_what_cannot_be_meant_is_refused(name: str, value: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        SearchRequest(**{name: value})


_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.binary(max_size=3)


@generated(150)
@given(value=st.recursive(_scalars, lambda parts: st.lists(parts, max_size=3) | st.tuples(parts, parts), max_leaves=6))
def test_any_value_is_taken_or_refused(value: Any) -> None:
    for name in ("person", "year", "where", "missing", "facets", "limit", "offset", "sort", "query"):
        try:
            request = SearchRequest(**{name: value})
        except UsageError:
            continue
        assert hash(request) == hash(request.replace())
        assert request.selections is not None
        assert SearchRequest(**{name: getattr(request, name)}) == request


@generated(50)
@given(first=st.integers(1, 9999), last=st.integers(1, 9999))
def test_years_read_back_as_they_are_written(first: int, last: int) -> None:
    first, last = sorted((first, last))
    for years in (YearRange(first, last), YearRange(first, None), YearRange(None, last), YearRange(last, last)):
        assert YearRange.parse(str(years)) == years
    assert first in YearRange(first, last)
    assert first - 1 not in YearRange(first, None)
    assert last + 1 not in YearRange(None, last)


def _request(query: str = "", **options: Any) -> SearchRequest:
    return SearchRequest(query, **options)


def test_a_request_is_frozen_and_can_be_changed_into_another() -> None:
    request = _request("kim", person="Kim")
    with pytest.raises(FrozenInstanceError):
        request.query = "x"  # type: ignore[misc]
    assert request.replace(venue="Met", person=()) == _request("kim", venue=["Met"])
    assert request == _request("kim", person=["Kim"])
    with pytest.raises(UsageError, match=r"a search has no persons; it has query, person, venue"):
        request.replace(persons="Kim")


def test_what_is_said_of_a_facet_is_gathered() -> None:
    request = _request(
        person="Kim",
        not_person="Bo",
        where={"person": "Di", "tags": "x"},
        missing=["venue"],
        year=2016,
        all_people=True,
    )
    assert request.selections == {
        "person": Selection(("Kim", "Di"), ("Bo",), all=True),
        "tags": Selection(("x",)),
        "venue": Selection(missing=True),
        "year": Selection(years=(YearRange(2016, 2016),)),
    }
    assert [selection.has_filter for selection in request.selections.values()] == [True] * 4
    assert not Selection(excluded=("Bo",)).has_filter
