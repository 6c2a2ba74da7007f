"""The library as its callers use it."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, NotFoundError, Page, QueryError, SearchRequest, UsageError

from .support import SHARED, Record, ids, make_archive, write_records

TOWN: list[Record] = [
    {
        "id": "ball",
        "title": "The lantern ball",
        "date": "1998-07-04",
        "people": ["Ada", "Bo"],
        "venues": ["Pier"],
        "body": "Lanterns on the pier and dancing until the morning; Ada danced with Bo.",
    },
    {
        "id": "regatta",
        "title": "Regatta dinner",
        "date": "2001-08",
        "people": ["Ada"],
        "venues": ["Yacht Club"],
        "body": "Rain on the regatta, and a dinner with dancing and lanterns afterwards.",
    },
    {"id": "quiet", "title": "A quiet week", "date": "2001", "people": [], "body": "Nobody was seen on the pier."},
    {
        "id": "opening",
        "title": "The theatre opens",
        "date": "2001-02-11",
        "people": ["Bo", "Cleo"],
        "venues": ["Theatre"],
        "body": "The curtain of the theatre rose at eight, and the actors bowed.",
    },
    {
        "id": "undated",
        "title": "From a drawer",
        "people": ["Cleo"],
        "venues": ["Theatre"],
        "body": "Actors, a curtain, and a theatre ticket without a date.",
    },
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Five articles; not to be changed."""
    with make_archive(tmp_path_factory.mktemp("town"), TOWN, "name: The Tide\n") as archive:
        yield archive


# -- searching -------------------------------------------------------------------------


def test_a_hit_is_the_article_in_short(town: Archive) -> None:
    (hit,) = town.search("curtain ticket").hits
    assert (hit.id, hit.title, hit.date, hit.year) == ("undated", "From a drawer", None, None)
    assert (hit.people, hit.venues, hit.path) == (("Cleo",), ("Theatre",), "corpus/articles.jsonl")
    assert hit.score > 0
    assert hit.snippet.marked("<", ">") == "Actors, a <curtain>, and a theatre <ticket> without a date."


def test_an_empty_query_is_everything_newest_first(town: Archive) -> None:
    page = town.search()
    assert [hit.id for hit in page.hits] == ["regatta", "opening", "quiet", "ball", "undated"]
    assert {hit.score for hit in page.hits} == {0.0}
    assert page.suggestions == ()
    assert page.explanation is None
    assert list(page.facets) == ["person", "venue", "year"]


def test_a_page_is_a_part_of_the_whole(town: Archive) -> None:
    whole = [hit.id for hit in town.search("the", limit=None).hits]
    for limit in (0, 1, 2, 3, 10):
        for offset in (0, 1, 4, 5, 100):
            page = town.search("the", limit=limit, offset=offset)
            assert [hit.id for hit in page.hits] == whole[offset : offset + limit]
            assert page.total == len(whole)
    assert [hit.id for hit in town.search("the", limit=None, offset=2).hits] == whole[2:]


def test_a_request_may_be_given_whole_or_in_parts(town: Archive) -> None:
    request = SearchRequest("theatre", venue=("Theatre",), sort="title")
    assert _plain(town.search(request)) == _plain(town.search("theatre", venue=["Theatre"], sort="title"))
    assert _plain(town.search(query="theatre", sort="title", venue="Theatre")) == _plain(town.search(request))
    assert _plain(town.search(request, query="ticket")) == _plain(town.search(request.replace(query="ticket")))
    with pytest.raises(UsageError, match="a search has no venues"):
        town.search("x", venues=["Theatre"])
    with pytest.raises(UsageError, match="the query must be text, not int"):
        town.search(5)  # type: ignore[arg-type]
    with pytest.raises(QueryError):
        town.search("nofield:x")


def _plain(page: Page) -> Page:
    return replace(page, took_ms=0.0)


def test_the_order_in_which_things_are_named_does_not_matter(town: Archive) -> None:
    one = town.search(person=["Ada", "Bo"], year=[2001, 1998], where=[("venue", "Pier"), ("venue", "Theatre")])
    two = town.search(where=[("venue", "Theatre"), ("venue", "Pier")], year=[1998, 2001], person=["Bo", "Ada"])
    assert _plain(one) == _plain(two)
    assert [hit.id for hit in town.search("pier lanterns").hits] == [
        hit.id for hit in town.search("lanterns pier").hits
    ]


def test_the_same_request_gives_the_same_answer(town: Archive) -> None:
    for query in ("dancing", "theatre OR pier", "lantern* curtain~", ""):
        assert len({repr(_plain(town.search(query))) for _ in range(3)}) == 1


def test_all_matches_come_whole_and_without_a_limit(town: Archive) -> None:
    assert [article.id for article in town.articles("theatre OR pier", sort="title")] == [
        hit.id for hit in town.search("theatre OR pier", sort="title").hits
    ]
    assert len(list(town.articles())) == 5
    assert len(list(town.articles(limit=2))) == 2
    assert len(list(town.articles(SearchRequest(limit=3, offset=4)))) == 1
    with pytest.raises(QueryError):
        town.articles("nofield:x")  # at once, not when the first is asked for


def test_neighbouring_words_count_more(tmp_path: Path) -> None:
    far = "prison " + "filler " * 20 + "reform"
    near = "prison reform" + " filler" * 20
    records = [{"id": "a-far", "title": "T", "body": far}, {"id": "b-near", "title": "T", "body": near}]
    with make_archive(tmp_path, records) as archive:
        assert [hit.id for hit in archive.search("prison reform").hits] == ["b-near", "a-far"]
        assert [hit.id for hit in archive.search("prison").hits] == ["a-far", "b-near"]  # equal, so by id
        together = archive.search("prison of the reform")  # stop words do not stand between
        assert [hit.id for hit in together.hits] == ["b-near", "a-far"]


# -- explaining, widening, suggesting --------------------------------------------------


def test_a_request_is_explained(town: Archive) -> None:
    explanation = town.search("the danc* -rain", person="ada", year="1990..", explain=True).explanation
    assert explanation is not None
    assert "NOT (title:rain" in explanation.query
    assert explanation.fields[0].startswith("title^")
    assert explanation.fields[1] == "body^1"
    assert explanation.filters == ("person: Ada", "year: 1990..")
    assert explanation.expansions == {"danc*": ("danced", "dancing")}
    assert explanation.ignored == ("the",)
    assert explanation.added == ()


def test_expanding_says_which_words_it_added_and_only_adds(town: Archive) -> None:
    narrow = town.search("ticket", explain=True)
    wide = town.search("ticket", expand=True, explain=True)
    assert [hit.id for hit in narrow.hits] == ["undated"]
    assert [hit.id for hit in wide.hits] == ["undated", "opening"]  # it shares the words of the best
    assert wide.explanation is not None
    assert {"curtain", "theatr"} <= set(wide.explanation.added)
    assert "ticket" not in wide.explanation.added
    assert narrow.explanation is not None
    assert narrow.explanation.added == ()
    assert ids(town, "ticket", expand=True, person="Cleo", venue="Pier") == set()
    for query in ("", "zzz", "*", "missing:date"):
        page = town.search(query, expand=True, explain=True)
        assert page.explanation is not None
        assert {hit.id for hit in page.hits} >= ids(town, query)
    assert town.search("", expand=True, explain=True).explanation.added == ()  # type: ignore[union-attr]


def test_suggestions_find_what_they_say(town: Archive) -> None:
    for query in (
        *("lanterm", "Lanterns zzz", "theater curtin", "quiet dinner", "ada regatta pier", "zzz OR yyy"),
        *(
            "lantrens AND zzz",
            "(zzz) pier",
            "zzz^2 pier",
            '"pier dinner" quiet',
            "title:zzz pier",
            "danceing zzz -rain",
        ),
    ):
        page = town.search(query, all_words=True)
        assert page.total == 0
        assert len(page.suggestions) <= 5
        for suggestion in page.suggestions:
            assert suggestion.total > 0
            assert suggestion.reason in ("spelling", "fewer words")
            assert town.search(suggestion.query, all_words=True).total == suggestion.total


def _suggested(archive: Archive, query: str, **options: Any) -> list[tuple[str, int, str]]:
    page = archive.search(query, **options)
    return [(suggestion.query, suggestion.total, suggestion.reason) for suggestion in page.suggestions]


def test_misspelled_words_are_corrected(town: Archive) -> None:
    assert _suggested(town, "lanterm") == [("lantern", 2, "spelling")]
    assert _suggested(town, "dinnre") == [("dinner", 1, "spelling")]
    assert _suggested(town, "theater curtin")[0] == ("theatre curtain", 2, "spelling")
    assert _suggested(town, "qzqzqz") == []


def test_words_are_dropped(town: Archive) -> None:
    shorter = [("dinner", 1, "fewer words"), ("quiet", 1, "fewer words")]
    assert _suggested(town, "quiet dinner", all_words=True) == shorter
    assert [query for query, _, _ in _suggested(town, "quiet AND dinner")] == ["dinner", "quiet"]
    assert [query for query, _, _ in _suggested(town, "(zzz) AND pier^2")] == ["pier^2"]
    assert [query for query, _, _ in _suggested(town, "zzz^2 pier", all_words=True)] == ["pier"]
    assert [query for query, _, _ in _suggested(town, "dinner (quiet OR zzz)", all_words=True)] == [
        "(quiet OR zzz)", "(quiet)", "dinner",
    ]  # fmt: skip
    assert _suggested(town, "quiet dinner", any_word=True) == []


def test_suggestions_keep_the_filters(town: Archive) -> None:
    assert _suggested(town, "lanterm", person="Bo") == [("lantern", 1, "spelling")]
    assert _suggested(town, "lanterm", person="Cleo") == []


def test_a_suggestion_never_goes_beyond_a_limit(town: Archive) -> None:
    """Corrected words may be longer than the query is allowed to be."""
    query = "dinnr dinnr dinnr " + '"' + "x" * 980 + '"'
    assert len(query) == 1_000
    assert town.search(query).total == 0
    assert _suggested(town, query.replace("xx", "", 2)) == []  # now it fits, but finds nothing either


# -- around one article ----------------------------------------------------------------


def test_an_article_is_got_by_its_id(town: Archive) -> None:
    article = town.get("ball")
    assert article.title == "The lantern ball"
    assert article.people == ("Ada", "Bo")
    with pytest.raises(NotFoundError, match=r"no article with the id 'regata'; similar ids: regatta"):
        town.get("regata")
    with pytest.raises(NotFoundError, match=r"no article with the id 'zzzzzzzz'$"):
        town.get("zzzzzzzz")


def test_similar_articles_share_telling_words(town: Archive) -> None:
    assert town.similar("ball")[0].id == "regatta"
    assert town.similar("opening")[0].id == "undated"
    for record in TOWN:
        similar = town.similar(record["id"])
        assert record["id"] not in [hit.id for hit in similar]
        assert [hit.score for hit in similar] == sorted((hit.score for hit in similar), reverse=True)
    assert len(town.similar("ball", limit=1)) == 1
    assert town.similar("ball", limit=0) == ()
    with pytest.raises(NotFoundError, match="similar ids: ball"):
        town.similar("bal")


def test_words_are_highlighted_in_any_text(town: Archive) -> None:
    text = "Dancing: she danced, and the lanterns went out."
    assert [text[start:end] for start, end in town.highlight(text, "dance lantern")] == [
        "Dancing",
        "danced",
        "lanterns",
    ]
    with pytest.raises(QueryError):
        town.highlight(text, "nofield:x")


# -- periods and numbers ---------------------------------------------------------------


def _rows(archive: Archive, query: str = "", **options: Any) -> list[tuple[str, int, int]]:
    return [(row.period, row.hits, row.held) for row in archive.timeline(query, **options)]


def test_a_timeline_fills_the_gaps_and_ends_with_the_undated(town: Archive) -> None:
    assert _rows(town) == [("1998", 1, 1), ("1999", 0, 0), ("2000", 0, 0), ("2001", 3, 3), ("undated", 1, 1)]
    for query, options, hits in (
        ("pier", {}, [1, 0, 0, 1]),
        ("ticket", {}, [0, 0, 0, 0]),
        ("", {"person": "Bo"}, [1, 0, 0, 1]),
    ):
        *dated, undated = _rows(town, query, **options)
        assert [row[1] for row in dated] == hits
        assert [row[2] for row in dated] == [1, 0, 0, 3]
        assert undated == ("undated", town.search(query, missing="year", **options).total, 1)
    assert [row.share for row in town.timeline("pier")][:4] == [1.0, 0.0, 0.0, pytest.approx(1 / 3)]


def test_a_timeline_by_month_has_a_row_for_the_year_alone(town: Archive) -> None:
    *rows, undated = _rows(town, by="month")
    assert undated == ("undated", 1, 1)
    assert rows[0] == ("1998-07", 1, 1)
    assert rows[-1] == ("2001-08", 1, 1)
    assert ("2001", 1, 1) in rows
    assert ("2001-02", 1, 1) in rows
    assert len(rows) == 6 + 24 + 8 + 1
    assert [period for period, _, _ in rows] == sorted(period for period, _, _ in rows)
    assert sum(held for _, _, held in rows) == 4


def test_a_timeline_by_day_has_a_row_for_every_day_and_for_months_and_years_alone(town: Archive) -> None:
    *rows, undated = _rows(town, by="day")
    periods = [period for period, _, _ in rows]
    assert undated == ("undated", 1, 1)
    assert rows[0][0] == min(period for period in periods if len(period) == 10)
    assert periods == sorted(periods)
    days = [date.fromisoformat(period) for period in periods if len(period) == 10]
    assert {after - before for before, after in pairwise(days)} == {timedelta(1)}
    assert sum(held for _, _, held in rows) == 4
    assert ("2001", 1, 1) in rows


def test_a_timeline_by_day_is_of_the_days_from_the_first_to_the_last_that_matches(town: Archive) -> None:
    *rows, _ = _rows(town, "date:1998-07", by="day")
    assert [(hits, held) for _, hits, held in rows] == [(1, 1)]


def test_a_timeline_is_by_year_month_or_day(town: Archive) -> None:
    with pytest.raises(UsageError, match="a timeline is by year, month or day, not 'week'"):
        town.timeline(by="week")


def test_a_timeline_of_nothing_dated(tmp_path: Path) -> None:
    with make_archive(tmp_path / "a", [{"id": "a", "title": "A"}]) as archive:
        assert _rows(archive) == _rows(archive, by="month") == [("undated", 1, 1)]
    with make_archive(tmp_path / "b", [{"id": "a", "title": "A", "date": "2016"}]) as archive:
        assert _rows(archive, by="month") == [("2016", 1, 1)]


def test_the_archive_in_numbers(town: Archive) -> None:
    stats = town.stats()
    assert (stats.name, stats.language, stats.articles, stats.sources, stats.problems) == (
        "The Tide",
        "english",
        5,
        1,
        0,
    )
    assert (stats.undated, stats.first, stats.last) == (1, "1998-07-04", "2001-08")
    assert stats.distinct == {"person": 3, "venue": 3, "year": 2}
    assert stats.index_bytes > 1_000


def test_a_name_that_nobody_has_is_put_right(tmp_path: Path) -> None:
    records = [{"id": f"a{n}", "title": "Pier", "date": "2001", "people": ["Siobhán O'Dowd"]} for n in range(3)]
    with make_archive(tmp_path, records) as archive:
        for wrong in ("Siobhan Odowt", "O'Dowd"):
            suggested = archive.search("pier", person=wrong).suggestions
            assert [(each.query, each.total, each.reason) for each in suggested] == [("Siobhán O'Dowd", 3, "person")]
        assert archive.search("pier", person="Nobody Atall").suggestions == ()


# -- adding ----------------------------------------------------------------------------


def test_what_is_added_is_found_after_indexing(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "new") as archive:
        article = archive.add(b"A title\n\nSome text.", metadata={"people": ("Ada",), "date": "2016-05"})
        assert article.id == "2016-05-a-title"
        assert article.path == "corpus/2016-05-a-title.md"
        assert archive.index().added == 1
        assert ids(archive, "text", person="Ada") == {article.id}
        assert archive.check() == ()


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "new") as archive:
        first = archive.add(b"Same\n\nfirst")
        second = archive.add(b"Same\n\nsecond")
        archive.index()
        assert archive.add(b"Same\n\nsecond") == second  # as after a run that was killed
        third = archive.add(b"Same\n\nthird")
        assert [article.id for article in (first, second, third)] == ["same", "same-2", "same-3"]
        archive.index()
        assert {article.body for article in archive.articles()} == {"first", "second", "third"}
        assert {article.id: article.body for article in archive.articles()}["same-3"] == "third"
        with pytest.raises(UsageError, match="there is an article 'same' already; give another id"):
            archive.add(b"Other", metadata={"id": "same"})
        (archive.root / "corpus" / "unseen.md").write_text("mine")
        assert archive.add(b"Unseen\n\ntext").path == "corpus/unseen-2.md"
        assert (archive.root / "corpus" / "unseen.md").read_text() == "mine"


def test_what_could_not_be_indexed_is_not_added(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "new") as archive:
        for content, options in (
            (b"", {}),
            (b"\xff\xfe", {}),
            (b"Title", {"suffix": ".docx"}),
            (b"Title", {"metadata": {"date": "yesterday"}}),
        ):
            with pytest.raises(UsageError):
                archive.add(content, **options)
        assert list((archive.root / "corpus").iterdir()) == []


# -- the seed article ------------------------------------------------------------------

SEED = SHARED / "seed" / "000_a57a7b017964c452.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not part of the repository")
def test_the_seed_article_as_it_is(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "new") as archive:
        shutil.copy(SEED, archive.root / "corpus")
        report = archive.index()
        assert (report.added, report.problems) == (1, ())
        (hit,) = archive.search().hits
        assert hit.title == "Ivanka Trump Surprisingly Pops Up at Kim Kardashian’s Birthday Party"
        for query in ("birthday", '"prison reform"', "kardashian", "Kushner’s", '"why is ivanka there"', "HBD", "43rd"):
            page = archive.search(query)
            assert [found.id for found in page.hits] == [hit.id], query
            assert page.hits[0].snippet.marks or query == "birthday"
        article = archive.get(hit.id)
        assert article.credits == ("Getty Images", "SAUL LOEB/AFP/Getty Images")
        assert "Getty" not in article.body
        assert "LOEB" not in article.body
        assert "“Loved celebrating you! HBD Kim,” she wrote." in article.body
        assert archive.search("getty").total == 0
        assert archive.search("credit:getty").total == 1
        assert archive.check() == ()


# -- many at once ----------------------------------------------------------------------

_REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("alpha", {}),
    ("alpha beta", {"person": ["P1"]}),
    ("", {"sort": "oldest", "limit": 5}),
    ('"alpha beta"', {"facet_limit": None}),
    ("al* -gamma", {"venue": ["V0", "V1"]}),
    ("gamma OR w7", {"missing": ["year"]}),
]


def _answers(archive: Archive) -> list[str]:
    return [repr(_plain(archive.search(query, **options))) for query, options in _REQUESTS]


def test_every_thread_sees_one_generation_while_another_writes(tmp_path: Path) -> None:
    """Eight threads ask while articles come and go: each answer is that of some generation, and none fails."""
    chance = random.Random(3)

    def records(step: int) -> list[Record]:
        return [
            {
                "id": f"s{step}n{number}",
                "title": f"Title {number}",
                "date": chance.choice(["2016", "2017-05", ""]),
                "people": [f"P{number % 3}"],
                "venues": [f"V{number % 4}"],
                "body": " ".join(chance.choices(["alpha", "beta", "gamma", f"w{number}"], k=6)),
            }
            for number in range(8)
        ]

    steps = [records(step) for step in range(7)]

    def change(root: Path, step: int) -> None:
        write_records(root / "corpus" / f"{step}.jsonl", steps[step])
        if step > 2:
            (root / "corpus" / f"{step - 2}.jsonl").unlink()

    expected: list[set[str]] = [set() for _ in _REQUESTS]
    rehearsal = tmp_path / "rehearsal"
    for step in range(len(steps)):
        change(rehearsal, step)
        with Archive.open(rehearsal) as archive:
            archive.index(full=step == 4)
            for answers, answer in zip(expected, _answers(archive), strict=True):
                answers.add(answer)
    assert all(len(answers) > 1 for answers in expected)

    root = tmp_path / "performance"
    change(root, 0)
    shared = Archive.open(root)
    shared.index()
    failures: list[Exception | str] = []
    rounds, done = [0] * 8, threading.Event()

    def ask(number: int) -> None:
        try:
            while not done.is_set() or rounds[number] < 3:
                for answers, answer in zip(expected, _answers(shared), strict=True):
                    if answer not in answers:
                        failures.append(answer)
                assert len(list(shared.articles("alpha"))) > 0
                shared.facet("person", "p")
                rounds[number] += 1
        except Exception as error:  # noqa: BLE001 (a thread's own errors are lost)
            failures.append(error)
        finally:
            shared.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        for step in range(1, len(steps)):
            change(root, step)
            shared.index(full=step == 4)
    finally:
        done.set()
        for thread in threads:
            thread.join()
        shared.close()
    assert failures == []
    assert min(rounds) >= 3
