"""The eight facet rules, against brute force over generated archives and requests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, FacetCount, SearchRequest

from ..support import (
    Asked,
    Choice,
    Query,
    Record,
    counted,
    found,
    generated,
    in_order,
    make_archive,
    values_of,
    write_records,
)
from .conftest import FIVE

PEOPLE = ["Ana Lima", "Bo Chu", "Cleo d'Or", "Émile Zo", "Ana Lima Jr."]
VENUES = ["Met", "Met Gala", "Pier 9", "桟橋"]
TAGS = ["ball", "a;b", "x"]
DATES = ["2014", "2015-02", "2015-02-03", "2015-11-30", "2016", "2016-01", "2019-07-07", "0987"]
WORDS = ["cat", "dog", "fish", "ink", "pond"]  # no stop words, and their own stems
FACETS = ("person", "venue", "year", "tags")


def _some(values: list[str], most: int = 4) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


@st.composite
def _records(draw: st.DrawFn) -> list[Record]:
    return [
        {
            "id": f"a{number:02}",
            "title": " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2))),
            "date": draw(st.none() | st.sampled_from(DATES)),
            "people": draw(_some(PEOPLE)),
            "venues": draw(_some(VENUES, 2)),
            "tags": draw(_some(TAGS, 3)),
            "body": " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=6))),
        }
        for number in range(draw(st.integers(1, 25)))
    ]


class Text(NamedTuple):
    """A query and what it means."""

    text: str
    test: Query


def _word(word: str) -> Text:
    return Text(word, lambda record: word in f"{record['title']} {record['body']}".split())


def _extended(parts: st.SearchStrategy[Text]) -> st.SearchStrategy[Text]:
    two = st.tuples(parts, parts)
    return st.one_of(
        two.map(lambda ab: Text(f"({ab[0].text} AND {ab[1].text})", lambda r: ab[0].test(r) and ab[1].test(r))),
        two.map(lambda ab: Text(f"({ab[0].text} {ab[1].text})", lambda r: ab[0].test(r) and ab[1].test(r))),
        two.map(lambda ab: Text(f"({ab[0].text} OR {ab[1].text})", lambda r: ab[0].test(r) or ab[1].test(r))),
        parts.map(lambda a: Text(f"(NOT {a.text})", lambda r: not a.test(r))),
    )


_queries = st.just(Text("", lambda record: True)) | st.recursive(
    st.sampled_from(WORDS).map(_word), _extended, max_leaves=4
)
_years = st.integers(2013, 2020)
_ranges: st.SearchStrategy[tuple[int | None, int | None]] = st.one_of(
    st.tuples(_years, _years).map(lambda pair: (min(pair), max(pair))),
    st.tuples(_years, st.none()),
    st.tuples(st.none(), _years),
)


_FILTERS = [
    *("query", "query", "person", "person", "not_person", "venue", "not_venue", "tags", "not_tags"),
    *("years", "ranges", "not_years", "missing"),
]


@st.composite
def _requests(draw: st.DrawFn) -> tuple[dict[str, Any], Asked]:
    """A request as the library takes it, and as the oracle does."""
    # Few filters at a time: with all of them hardly any article would be left to be wrong about.
    used = draw(st.lists(st.sampled_from(_FILTERS), max_size=3))

    def some(name: str, values: list[str], most: int) -> list[str]:
        return draw(st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)) if name in used else []

    query = draw(_queries) if "query" in used else Text("", lambda record: True)
    person, not_person = some("person", [*PEOPLE, "Nobody"], 3), some("not_person", PEOPLE, 1)
    venue, not_venue = some("venue", [*VENUES, "Nowhere"], 3), some("not_venue", VENUES, 1)
    tags, not_tags = some("tags", TAGS, 2), some("not_tags", TAGS, 1)
    years = draw(st.lists(_years, min_size=1, max_size=2, unique=True)) if "years" in used else []
    ranges = draw(st.lists(_ranges, min_size=1, max_size=2)) if "ranges" in used else []
    not_years = [draw(_years)] if "not_years" in used else []
    missing = some("missing", list(FACETS), 2)
    every = draw(st.booleans())
    limit, sort = draw(st.none() | st.integers(0, 4)), draw(st.sampled_from(["count", "name"]))
    request = {
        "query": query.text,
        "person": person,
        "venue": venue,
        "year": [*years, *ranges],
        "not_person": not_person,
        "not_venue": not_venue,
        "where": [("tags", tag) for tag in tags],
        "not_where": [*(("tags", tag) for tag in not_tags), *(("year", str(year)) for year in not_years)],
        "missing": missing,
        "all_people": every,
        "facets": FACETS,
        "facet_limit": limit,
        "facet_sort": sort,
    }
    single = [a for a, b in ranges if a == b]
    choices = {
        "person": Choice(person, not_person, missing="person" in missing, every=every),
        "venue": Choice(venue, not_venue, missing="venue" in missing),
        "tags": Choice(tags, not_tags, missing="tags" in missing),
        "year": Choice(
            list(dict.fromkeys(str(year) for year in (*years, *single))),
            list(map(str, not_years)),
            [pair for pair in ranges if pair[0] != pair[1]],
            missing="year" in missing,
        ),
    }
    return request, Asked(query.test, choices, FACETS, limit, sort)


@contextmanager
def _archive(records: list[Record], runs: int) -> Iterator[Archive]:
    """The records, come together in several runs: in segments, and with former versions deleted."""
    with tempfile.TemporaryDirectory() as folder, make_archive(Path(folder), (), "facets: [tags]\n") as archive:
        for run in range(runs):
            for part in range(run + 1):
                # A part begins as what is the next part in the end, under its own ids.
                contents = zip(
                    records[part::runs], [*records[part + 1 :: runs], *records][: len(records)], strict=False
                )
                versions = [{**(other if part == run < runs - 1 else own), "id": own["id"]} for own, other in contents]
                write_records(Path(folder) / "corpus" / f"{part}.jsonl", versions)
            archive.index()
        assert archive.check() == ()
        yield archive


@generated(22)
@given(records=_records(), runs=st.integers(1, 3), requests=st.lists(_requests(), min_size=5, max_size=7))
def test_answers_are_those_of_brute_force(
    records: list[Record], runs: int, requests: list[tuple[dict[str, Any], Asked]]
) -> None:
    with _archive(records, runs) as archive:
        for request, asked in requests:
            wanted = found(records, asked)
            for sort in ("newest", "oldest", "title"):
                page = archive.search(**request, sort=sort, limit=None)
                assert page.total == len(wanted)
                assert [hit.id for hit in page.hits] == in_order(wanted, sort)
            ranked = archive.search(**request, limit=None)
            assert {hit.id for hit in ranked.hits} == {record["id"] for record in wanted}
            assert ranked.total == len(wanted)
            for facet in FACETS:
                listed = counted(records, asked, facet)
                assert listed.matches(ranked.facets[facet]), (facet, listed, ranked.facets[facet])
                alone = archive.facet(
                    facet, request=SearchRequest(**request), limit=request["facet_limit"], sort=request["facet_sort"]
                )
                assert alone == ranked.facets[facet]
            assert [article.id for article in archive.articles(**request, sort="title")] == in_order(wanted, "title")


@generated(14)
@given(records=_records(), request=_requests())
def test_a_count_is_what_choosing_the_value_finds(records: list[Record], request: tuple[dict[str, Any], Asked]) -> None:
    """Rule 1, by asking again: in OR mode for the value in place of the choice, in AND mode beside it."""
    asked = SearchRequest(**request[0]).replace(facet_limit=None)
    with _archive(records, 2) as archive:
        facets = archive.search(asked).facets
        for name, option in (("person", "person"), ("venue", "venue"), ("year", "year")):
            others = [facet for facet in asked.missing if facet != name]
            for row in facets[name].values:
                beside = name == "person" and asked.all_people
                chosen = (*asked.person, row.value) if beside else (row.value,)
                clicked = asked.replace(**{option: chosen, "missing": asked.missing if beside else others})
                assert archive.search(clicked).total == row.count, (name, row)
            if not (name == "person" and asked.all_people):
                nobody = asked.replace(**{option: (), "missing": [*others, name]})
                assert archive.search(nobody).total == facets[name].missing


def test_selected_values_lead_even_without_matches_and_beyond_the_limit(archive_of_five: Archive) -> None:
    chosen = ["Dora", "Nobody", "Ana"]
    page = archive_of_five.search("cat", person=chosen, facet_limit=1)
    rows = [(row.value, row.count, row.selected) for row in page.facets["person"].values]
    assert rows == [("Ana", 2, True), ("Dora", 0, True), ("Nobody", 0, True)]
    by_name = archive_of_five.search(person=["Nobody", "Dora"], facet_limit=3, facet_sort="name")
    rows = [(row.value, row.count, row.selected) for row in by_name.facets["person"].values]
    assert rows == [("Dora", 1, True), ("Nobody", 0, True), ("Ana", 3, False)]


def test_zeros_that_are_not_selected_are_hidden(archive_of_five: Archive) -> None:
    page = archive_of_five.search("cat", facet_limit=None)
    assert all(row.count for facet in page.facets.values() for row in facet.values)
    assert "Dora" not in [row.value for row in page.facets["person"].values]


def test_years_inside_a_chosen_range_are_selected_if_they_count(archive_of_five: Archive) -> None:
    page = archive_of_five.search(year="2001..2004")
    rows = [(row.value, row.count, row.selected) for row in page.facets["year"].values]
    assert rows == [("2001", 1, True), ("2002", 1, True), ("2004", 1, True), ("2000", 1, False)]
    assert page.total == 3


def test_a_facet_selection_is_resolved_by_case_and_accents(archive_of_five: Archive) -> None:
    page = archive_of_five.search(person="ELODIE faye")
    assert page.total == 1
    assert page.facets["person"].values[0].value == "Élodie Faye"


def test_a_spelling_that_fits_two_values_is_neither(archive_of_five: Archive) -> None:
    page = archive_of_five.search(venue="met gala")
    assert page.total == 0
    assert page.facets["venue"].values[0].value == "met gala"
    assert archive_of_five.search(venue="Met Gala").total == 1


def test_values_are_found_by_words_beginnings_and_misspellings(archive_of_five: Archive) -> None:
    def people(find: str, **options: Any) -> list[str]:
        return [row.value for row in archive_of_five.facet("person", find, **options).values]

    assert people("faye") == ["Élodie Faye"]
    assert people("elo fa") == ["Élodie Faye"]
    assert people("elodei") == ["Élodie Faye"]  # two letters changed places
    assert people("Kardashain") == ["Kim Kardashian"]
    assert people("ana") == ["Ana"]
    assert people("xyz") == []
    assert people("!!") == []
    assert people("") == ["Ana", "Bo", "Dora", "Kim Kardashian", "Élodie Faye"]
    narrowed = archive_of_five.facet("person", "ana", request=SearchRequest("dog", person=("Dora",)))
    assert [(row.value, row.count) for row in narrowed.values] == [("Ana", 2)]
    assert narrowed.distinct == 1


def test_values_of_former_versions_of_an_article_are_forgotten(tmp_path: Path) -> None:
    """Deleted documents keep their values until a merge: neither listed nor in the way of a spelling."""
    records: list[Record] = [{"id": f"a{n}", "title": "T", "people": [f"Someone {n}"]} for n in range(9)]
    former = {**records[0], "people": ["Kim kardashian"]}
    with make_archive(tmp_path, [former, *records[1:]]) as archive:
        write_records(tmp_path / "corpus" / "articles.jsonl", [{**former, "people": ["Kim Kardashian"]}, *records[1:]])
        assert archive.index().updated == 1
        assert archive.search(person="KIM KARDASHIAN").total == 1
        assert archive.search(person="Kim kardashian").facets["person"].values[0] == FacetCount(
            "Kim Kardashian", 1, True
        )
        assert archive.facet("person", limit=None).distinct == 9
        assert [row.value for row in archive.facet("person", "kim").values] == ["Kim Kardashian"]
        assert archive.check() == ()


def test_an_article_counts_for_each_of_its_values(archive_of_five: Archive) -> None:
    page = archive_of_five.search("id:a4", facet_limit=None)
    assert [(row.value, row.count) for row in page.facets["person"].values] == [
        (name, 1) for name in sorted(values_of(FIVE[3], "person"))
    ]
