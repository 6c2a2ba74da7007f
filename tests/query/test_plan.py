"""Plans: a facet is one, by whatever name or way it is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from archive import Archive, FacetCount, SearchRequest, UsageError
from archive.model.fields import Fields
from archive.query.plan import Plan, make_plan
from archive.text.analyzer import Analyzer

from ..support import ids


def _plan(**options: Any) -> Plan:
    return make_plan(SearchRequest(**options), Fields(("tags",)), Analyzer("english"))


def test_aliases_and_where_are_the_same_facet(six: Archive) -> None:
    plan = _plan(person="Kim", where=[("people", "Bo"), ("tag", "x")], not_where=[("people", "Di")], missing="people")
    assert list(plan.selections) == ["person", "tags"]
    assert plan.selections["person"].values == ("Kim", "Bo")
    assert plan.selections["person"].excluded == ("Di",)
    assert plan.selections["person"].missing
    assert ids(six, where=[("people", "Kim Kardashian"), ("people", "Ivanka Trump")]) == {"birthday", "prison", "gala"}


def test_all_people_holds_however_people_are_named(six: Archive) -> None:
    both = ["Kim Kardashian", "Ivanka Trump"]
    for options in ({"person": both}, {"where": {"people": both}}, {"where": {"person": both[0]}, "person": both[1]}):
        assert ids(six, **options, all_people=True) == {"birthday"}
        assert len(ids(six, **options)) == 3


def test_years_are_the_same_as_numbers_texts_and_values(six: Archive) -> None:
    for options in ({"year": 2016}, {"year": "2016"}, {"where": {"year": "2016"}}, {"where": {"year": "2016..2016"}}):
        page = six.search(**options)
        assert page.facets["year"].values[0] == FacetCount("2016", 2, True)
        assert page.total == 2
    assert ids(six, where={"year": "2017.."}) == {"birthday", "prison"}
    assert ids(six, where={"year": "2016..2018"}, year=2023) == {"birthday", "prison", "gala", "year"}
    assert ids(six, not_where={"year": "2016"}) == {"birthday", "prison", "tokyo", "note"}
    assert six.search(year=16).facets["year"].values[0] == FacetCount("0016", 0, True)


def test_what_is_no_year_is_refused() -> None:
    for value in ("abc", "20161", "9" * 1000, "٣٣٣٣٣"):
        for options in ({"where": {"year": value}}, {"not_where": {"year": value}}):
            with pytest.raises(UsageError, match="is not a year"):
                _plan(**options)
    with pytest.raises(UsageError, match=r"2016\.\.2018 cannot be excluded at once"):
        _plan(not_where={"year": "2016..2018"})


def test_filters_are_said_as_a_person_would(six: Archive) -> None:
    explanation = six.search(
        person=["kim kardashian", "Bo"], year=["2016", "2018.."], missing="venue", not_where={"tags": "x"}, explain=True
    ).explanation
    assert explanation is not None
    assert explanation.filters == (
        "person: Kim Kardashian or Bo",
        "tags: not x",
        "venue: (no venue)",
        "year: 2016 or 2018..",
    )
    together = six.search(person=["Kim Kardashian", "Bo"], all_people=True, explain=True).explanation
    assert together is not None
    assert together.filters == ("person: Kim Kardashian and Bo",)
