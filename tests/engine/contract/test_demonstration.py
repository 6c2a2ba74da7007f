"""The contract of an engine: whatever is asked of the demonstration archive, every engine answers the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from archive import Archive, ArchiveError, SavedSearch, SearchRequest

PAIR = ["Verity Pascoe-Lund", "Siobhán O'Dowd"]
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    ("birthday", {}),
    ("theatre fire", {}),
    ("theatre OR fire", {}),
    ("theatre NOT fire", {}),
    ("-theatre", {}),
    ("(gala OR ball) AND committee", {}),
    ("(gala OR -ball) committee", {"any_word": True}),
    ("harbour ANDMAYBE fire", {}),
    ("harbour REQUIRE fire", {}),
    ("fire^3 theatre", {}),
    ("nosuchwordatall", {}),
    ("zeppelin", {}),
    ("harbour -airship halcyon theatre", {}),
    ("who was at the theatre when the nosuchwordatall began to burn?", {}),
    ("nosuchwordatall harbour theatre -fire venue:halcyon", {}),
    ("nosuchwordatall harbour theatre", {"all_words": True}),
    ("nosuchwordatall harbour theatre", {"venue": "Halcyon Theatre", "expand": True}),
    ("harbour || theatre !fire", {}),
    ("nosuchwordatall OR fire", {}),
    ('"prison reform"', {}),
    ('"halcyon theatre"', {}),
    ('"theatre halcyon"', {}),
    ('"the fire"', {}),
    ('"theatre fire"~9', {}),
    ('"the town committee"~6', {}),
    ('"the of the"~3', {}),
    ("theat*", {}),
    ("parties*", {}),
    ("h?rbour", {}),
    ("*house", {}),
    ("s[aei]*ing*", {}),
    ("s[!a-e]a*", {}),
    ("kardashan~", {}),
    ("kardashan~2", {}),
    ("fir~2", {}),
    ("ab~2", {}),
    ("title:[a TO c]", {}),
    ("title:{ball TO fire}", {}),
    ("title:fire body:theatre", {}),
    ("person:pascoe", {}),
    ('person:"verity pascoe"', {}),
    ('person:"verity pascoe-lund" OR title:fire', {}),
    ('-person:"Verity Pascoe-Lund" source:"the pennywrack gazette" date:30-years-ago..yesterday', {}),
    ('person:"lund siobhan"~100', {}),
    ("venue:halcyon -venue:new", {}),
    ("source:gazette", {}),
    ("credit:*", {}),
    ("year:1998", {}),
    ("year:1990..1999 regatta", {}),
    ("date:1994-07", {}),
    ("date:1994-05..1994-08", {}),
    ("has:venue", {}),
    ("missing:person", {}),
    ("id:halcyon-fire-gazette", {}),
    ("id:halcyon*", {}),
    ("path:corpus/tidewater/*", {}),
    ("siobhan o’dowd’s", {}),
    ("", {"person": PAIR}),
    ("", {"person": PAIR, "all_people": True}),
    ("ball", {"person": PAIR, "all_people": True}),
    ("", {"person": [*PAIR, "Nobody At All"], "all_people": True}),
    ("", {"person": "verity pascoe lund"}),
    ("", {"person": PAIR, "missing": ["person"]}),
    ("", {"venue": ["Halcyon Theatre", "New Halcyon Theatre"], "not_person": ["Magda Wieczorek"]}),
    ("", {"venue": "Halcyon Theatre", "person": PAIR, "year": [(1990, 1999), 2004]}),
    ("wedding", {"missing": ["venue"]}),
    ("", {"missing": ["year"]}),
    ("", {"year": [(None, 1992)], "not_where": [("source", "The Pennywrack Gazette")]}),
    ("", {"where": [("source", "The Pennywrack Gazette")], "facets": ("source", "tags", "year")}),
    ("fire", {"expand": True}),
]


def both(archives: dict[str, Archive], ask: Callable[[Archive], Any]) -> None:
    """Every engine gives the same answer, or the same error."""
    answers = []
    for archive in archives.values():
        try:
            answers.append(ask(archive))
        except ArchiveError as error:
            answers.append((type(error), str(error)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("query", "options"), REQUESTS, ids=lambda value: str(value)[:60])
def test_the_same_articles_and_the_same_counts(
    demonstrations: dict[str, Archive], query: str, options: dict[str, Any]
) -> None:
    def ask(archive: Archive) -> Any:
        page = archive.search(query, limit=None, facet_limit=None, explain=True, **options)
        assert page.total == len(page.hits)
        assert page.explanation is not None
        told = dataclasses.replace(page.explanation, query="")  # weights of added words differ in the last place
        hits = {hit.id: (hit.title, hit.people, hit.snippet, hit.snippet.marks) for hit in page.hits}
        status = archive.saved.status(SavedSearch("as if saved", SearchRequest(query, **options)))
        assert sorted(status.ids) == ([] if page.relaxed else sorted(hits))  # what is saved wants all words
        assert sorted(hits) == sorted(each.id for each in archive.articles(query, **options)) or "expand" in options
        return page.total, hits, page.facets, page.suggestions, told, page.relaxed, page.notes

    both(demonstrations, ask)


@pytest.mark.parametrize("query", ["a*~", "[a TO", "year:abc", "nofield:x", "date:2016-13", '"a b"~101', "a~3", ""])
def test_the_same_errors(demonstrations: dict[str, Archive], query: str) -> None:
    both(demonstrations, lambda archive: archive.search(query).total)


def test_a_pattern_for_too_many_words_is_an_error_on_both(demonstrations: dict[str, Archive]) -> None:
    both(demonstrations, lambda archive: archive.search("*").total)
    for query in ("?*", "body:??*"):
        for archive in demonstrations.values():
            with pytest.raises(ArchiveError, match=r"expands to more than 1,024 words"):
                archive.search(query)


@pytest.mark.parametrize("sort", ["newest", "oldest", "title"])
def test_the_same_order_and_pages(demonstrations: dict[str, Archive], sort: str) -> None:
    both(demonstrations, lambda archive: [hit.id for hit in archive.search("", sort=sort, limit=None).hits])
    for offset in (0, 3, 95, 200):
        both(
            demonstrations,
            lambda archive, offset=offset: [hit.id for hit in archive.search(sort=sort, limit=7, offset=offset).hits],
        )
    both(demonstrations, lambda archive: [article.id for article in archive.articles("fire", sort=sort)])


def test_the_best_first(demonstrations: dict[str, Archive]) -> None:
    for archive in demonstrations.values():
        page = archive.search("lifeboat supper", limit=5)
        assert page.hits[0].id == "1990-11-24-lifeboat-supper"
        scores = [hit.score for hit in page.hits]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] > 0
        assert all(hit.score == 0 for hit in archive.search("fire", sort="newest").hits)


@pytest.mark.parametrize("find", ["siobhan odwod", "pasco", "the", "x", "halcyon", "new theatr", "199", " ", "o"])
@pytest.mark.parametrize("facet", ["person", "venue", "year", "source"])
def test_values_are_found_alike(demonstrations: dict[str, Archive], facet: str, find: str) -> None:
    from archive import SearchRequest

    both(demonstrations, lambda archive: archive.facet(facet, find, limit=None))
    asked = SearchRequest("theatre", venue=["Halcyon Theatre"], person=["Magda Wieczorek"])
    for sort in ("count", "name"):
        both(demonstrations, lambda archive, sort=sort: archive.facet(facet, find, request=asked, limit=3, sort=sort))


def test_time_articles_and_words_alike(demonstrations: dict[str, Archive]) -> None:
    both(demonstrations, lambda archive: archive.timeline("ball"))
    both(demonstrations, lambda archive: archive.timeline("ball", by="month", person=PAIR))
    both(demonstrations, lambda archive: archive.timeline("ball", by="day", year="1998..2001"))
    both(demonstrations, lambda archive: sorted(archive.articles(""), key=lambda article: article.id))
    for wrong in ("brithday", "theater fier", "kardashain party", "zzzzqq"):
        both(demonstrations, lambda archive, wrong=wrong: archive.search(wrong).suggestions)
    both(demonstrations, lambda archive: archive.search(person="Verity Pasco").suggestions)
    for article_id in ("halcyon-fire-gazete", "1990-11-24-lifeboat-super", "zzz", "", "x" * 3000):
        both(demonstrations, lambda archive, article_id=article_id: archive.get(article_id).id)
    both(demonstrations, lambda archive: dataclasses.replace(archive.stats(), name="", index_bytes=0))
    for archive in demonstrations.values():
        assert archive.stats().index_bytes > 100_000
        assert archive.check() == ()
        similar = [hit.id for hit in archive.similar("halcyon-fire-gazette", 3)]
        assert similar[0] == "1998-02-26-theatre-lost-in-night-blaze"
        assert "halcyon-fire-gazette" not in similar
