"""The engine as a store: articles come back whole, and every reader sees one generation."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, Article, IndexUnusableError, NotFoundError
from archive.engine.factory import local_engine
from archive.engine.local import engine as module
from archive.engine.local.engine import WhooshEngine
from archive.engine.local.index_reader import IndexReader
from archive.engine.protocol import IndexedRef
from archive.model.fields import Fields
from archive.text.analyzer import Analyzer

from ..support import generated, ids, make_archive, write_records

_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1f"), max_size=12)
_names = st.lists(_texts.map(lambda text: " ".join(text.split())).filter(bool), max_size=3, unique=True).map(tuple)
_values: st.SearchStrategy[Any] = st.recursive(
    _texts,
    lambda parts: st.lists(parts, max_size=2).map(tuple) | st.dictionaries(_texts, parts, max_size=2),
    max_leaves=4,
)
_articles = st.builds(
    Article,
    id=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True),
    title=_texts,
    body=_texts,
    date=st.none() | st.sampled_from(["2016", "2016-05", "2016-05-04", "0001", "9999-12-31"]),
    people=_names,
    venues=_names,
    source=_texts,
    authors=_names,
    url=_texts,
    tags=_names,
    language=_texts,
    extra=st.dictionaries(st.sampled_from(["section", "digest", "base", "id", "é"]), _values, max_size=3),
    credits=_names,
    path=_texts,
    line=st.integers(1, 10**9),
    inferred=st.sampled_from([(), ("id",), ("title", "people")]),
)


@generated(15)
@given(articles=st.lists(_articles, min_size=1, max_size=12, unique_by=lambda article: article.id))
def test_articles_come_back_as_they_were_put(articles: list[Article]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = local_engine(Path(folder), Fields(("section", "tags")), Analyzer("english"), "stamp")
        _put(engine, *articles)
        assert [engine.get(article.id) for article in articles] == articles
        assert {entry.id: entry for entry in engine.entries()} == {
            article.id: IndexedRef(article.id, article.id, article.path, "digest", article.line) for article in articles
        }
        assert engine.verify(deep=True) == []
        engine.close()


def _engine(folder: Path) -> WhooshEngine:
    return local_engine(folder, Fields(), Analyzer("english"), "stamp")


def _article(article_id: str, **values: Any) -> Article:
    return Article(article_id, f"Title of {article_id}", "alpha", **values)


def _put(engine: WhooshEngine, *articles: Article, rebuild: bool = False) -> None:
    with engine.writer(rebuild=rebuild) as writer:
        writer.begin()
        for article in articles:
            writer.add_document(article, "digest", article.id, replaces=False)
        writer.commit(b"", final=True)


def test_generations_only_grow(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "index")
    assert engine.generation() == -1
    assert not engine.exists
    for number in range(1, 6):
        _put(engine, _article(f"a{number}"), rebuild=number % 2 == 1)
        assert engine.exists
        assert engine.generation() == number
        assert engine.article_count() == (1 if number % 2 else 2)
    engine.close()


def test_what_is_not_committed_never_was(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "index")
    _put(engine, _article("a"))
    with engine.writer(rebuild=False) as writer:
        writer.begin()
        writer.add_document(_article("b"), "digest", "b", replaces=False)
        writer.delete("a")
    with engine.writer(rebuild=True) as writer:
        writer.begin()
        writer.add_document(_article("c"), "digest", "c", replaces=False)
    assert engine.get("a") == _article("a")
    assert engine.get("b") is None
    assert [entry.id for entry in engine.entries()] == ["a"]
    assert engine.generation() == 1
    engine.close()


def test_the_old_index_answers_until_a_rebuild_is_complete(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "index")
    _put(engine, _article("a"), _article("b"))
    with engine.writer(rebuild=True) as writer:
        writer.begin()
        writer.add_document(_article("c"), "digest", "c", replaces=False)
        assert engine.exists
        assert engine.article_count() == 2
        writer.commit(b"", final=False)
        assert engine.article_count() == 2
        writer.add_document(_article("d"), "digest", "d", replaces=False)
        writer.commit(b"", final=True)
    assert sorted(entry.id for entry in engine.entries()) == ["c", "d"]
    engine.close()


def test_no_index_and_those_of_others_cannot_be_used(tmp_path: Path) -> None:
    engine = _engine(tmp_path / "index")
    with pytest.raises(IndexUnusableError, match=r"there is no index in .*; run `archive index`"):
        engine.article_count()
    _put(engine, _article("a"))
    assert engine.get("a") is not None
    other = local_engine(tmp_path / "index", Fields(("section",)), Analyzer("german"), "another stamp")
    assert not other.exists
    with pytest.raises(IndexUnusableError, match="made by another version or with other settings"):
        other.article_count()
    stamp = tmp_path / "index" / "archive.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "format_version": 0}))
    assert not _engine(tmp_path / "index").exists
    stamp.write_text("not json")
    assert not _engine(tmp_path / "index").exists
    engine.close()


def test_only_files_of_ours_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "_MAIN_7.toc").write_bytes(b"damaged")
    engine = _engine(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # Whoosh leaves open what it fails to read
        _put(engine, _article("a"), rebuild=True)
    assert (folder / "notes.txt").read_text() == "mine"
    assert engine.generation() == 8
    assert engine.size() == sum(path.stat().st_size for path in folder.iterdir())
    engine.close()


def test_what_is_superseded_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine = _engine(folder)
    for number in range(12):
        _put(engine, _article(f"a{number}"), rebuild=number % 3 == 0)
    engine.close()
    tables = [path for path in folder.iterdir() if path.suffix == ".toc"]
    segments = [path for path in folder.iterdir() if path.suffix == ".seg"]
    assert len(tables) == 1
    assert len(segments) <= 3


def test_losing_the_race_with_a_commit_is_no_error(archive_of_five: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading which files there are and opening them, a commit may take one away."""
    lost: list[Any] = []

    def snapshot(*arguments: Any) -> IndexReader:
        if not lost:
            lost.append(arguments)
            raise FileNotFoundError(2, "No such file", "MAIN_x.seg")
        return IndexReader(*arguments)

    archive_of_five.close()
    monkeypatch.setattr(module, "IndexReader", snapshot)
    assert archive_of_five.search("cat").total == 2
    assert lost


def test_losing_the_race_for_the_folder_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process that begins the first index makes its folder a moment earlier."""
    made = Path.mkdir

    def after_another(path: Path, *args: Any, **options: Any) -> None:
        made(path, *args, **options)
        made(path, *args, **options)

    monkeypatch.setattr(Path, "mkdir", after_another)
    engine = _engine(tmp_path / "index")
    _put(engine, _article("a"))
    assert engine.article_count() == 1


def test_an_index_that_goes_away_is_said_to_be_gone(tmp_path: Path) -> None:
    with make_archive(tmp_path, [{"id": "a", "title": "A"}]) as archive:
        assert archive.search("a").total == 1
        shutil.rmtree(tmp_path / "index")
        assert archive.generation == -1
        with pytest.raises(IndexUnusableError, match="there is no index"):
            archive.search("a")


def test_reading_goes_on_while_the_index_changes(tmp_path: Path) -> None:
    """`articles` is an iterator: it keeps its generation, whatever the same thread does meanwhile."""
    records = [{"id": f"a{number}", "title": f"T {number}", "body": "alpha"} for number in range(5)]
    with make_archive(tmp_path, records) as archive:
        reading = archive.articles("alpha", sort="title")
        first = next(reading)
        write_records(tmp_path / "corpus" / "articles.jsonl", records[3:])
        archive.index(full=True)
        assert ids(archive, "alpha") == {"a3", "a4"}
        assert [first.id, *(article.id for article in reading)] == ["a0", "a1", "a2", "a3", "a4"]
        unfinished = archive.articles("alpha")
        next(unfinished)
        del unfinished  # its files are closed: a leak would be a warning, and so an error


def test_a_thread_that_closes_leaves_the_others_open(tmp_path: Path) -> None:
    with make_archive(tmp_path, [{"id": "a", "title": "A"}]) as archive:
        assert archive.search("a").total == 1
        totals: list[int] = []

        def other() -> None:
            totals.append(archive.search("a").total)
            archive.close()
            totals.append(archive.search("a").total)
            archive.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert totals == [1, 1]
        assert archive.search("a").total == 1


def test_spellings_of_articles_that_are_gone_are_not_known(tmp_path: Path) -> None:
    """Whoosh's lexicon keeps the words of deleted articles until a merge."""
    records = [{"id": f"a{n}", "title": f"T {n}", "body": "kardashian"} for n in range(8)]
    records[0]["body"] = "kardashiam"
    with make_archive(tmp_path, records) as archive:
        assert archive.search("kardashiam").total == 1
        write_records(tmp_path / "corpus" / "articles.jsonl", [{**records[0], "body": "else"}, *records[1:]])
        assert archive.index().updated == 1
        page = archive.search("kardashiam")
        assert page.total == 0
        assert [suggestion.query for suggestion in page.suggestions] == ["kardashian"]


@pytest.mark.parametrize("odd", ["", " ", "\ud800", "a\0b", "é", "x" * 100_000, "../a", "*"])
def test_no_article_has_an_odd_id(archive_of_five: Archive, odd: str) -> None:
    with pytest.raises(NotFoundError, match="there is no article with the id"):
        archive_of_five.get(odd)
