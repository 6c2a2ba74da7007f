"""Indexing runs: what changed is noticed, ids are kept, and any way there leads to the same index."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import shutil
import tempfile
import time
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, Article, IndexAccessError, IndexLockedError, IndexReport, IndexUnusableError, Progress
from archive.corpus.scan import has_stamp, scan_file
from archive.corpus.scan import scan as scan_corpus
from archive.engine.local.writer import WhooshWriter
from archive.indexing import changes, run
from archive.util.atomic_files import locked

from ..support import generated, ids, make_archive, write_records
from ..timing import within


class Folder:
    """An archive under change: files are written old, so that a second write shows."""

    def __init__(self, root: Path) -> None:
        self.root, self.corpus = root, root / "corpus"
        self.corpus.mkdir(parents=True)
        self.clock = 1_600_000_000

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.touch(name)

    def touch(self, name: str) -> Path:
        self.clock += 10
        os.utime(self.corpus / name, (self.clock, self.clock))
        return self.corpus / name

    def index(self, **options: Any) -> IndexReport:
        """A run, after which the index and the corpus agree."""
        with Archive.open(self.root) as archive:
            report = archive.index(**options)
            assert archive.check() == ()
            return report

    def ids(self, query: str = "", **options: Any) -> set[str]:
        with Archive.open(self.root) as archive:
            return ids(archive, query, **options)

    def generation(self) -> int:
        with Archive.open(self.root) as archive:
            return archive.generation


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "archive")


def _counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def _contents(root: Path, *, with_ids: bool = True) -> list[Any]:
    """Everything in the index: every article, and what is found of it by words and facets."""
    with Archive.open(root) as archive:
        articles = sorted(archive.articles(), key=lambda article: (article.path, article.line, article.id))
        page = archive.search(facets=[facet.name for facet in archive.fields.facets], facet_limit=None, limit=0)
        counts = {
            name: ([(row.value, row.count) for row in facet.values], facet.distinct, facet.missing)
            for name, facet in page.facets.items()
        }
        words = {word: archive.search(word, limit=0).total for word in ("alpha", "beta", "gamma", "title", "path:*")}
        return [_plain(article, with_ids) for article in articles] + [counts, words]


def _plain(article: Article, with_id: bool) -> dict[str, Any]:
    shown = {name: getattr(article, name) for name in Article.__slots__}
    return shown if with_id else {**shown, "id": ""}


# -- one change at a time --------------------------------------------------------------


def test_an_empty_corpus_makes_an_empty_index(folder: Folder) -> None:
    assert _counts(folder.index()) == (0, 0, 0, 0)
    assert folder.ids() == set()
    assert folder.index().changed is False


def test_added_updated_unchanged_and_removed_are_told_apart(folder: Folder) -> None:
    for name in ("a", "b", "c"):
        folder.write(f"{name}.md", f"Title {name}\n\nalpha")
    assert _counts(folder.index()) == (3, 0, 0, 0)
    folder.write("a.md", "Title a\n\nbeta")
    (folder.corpus / "b.md").unlink()
    folder.write("d.txt", "Title d\n\nalpha")
    assert _counts(folder.index()) == (1, 1, 1, 1)
    assert folder.ids("alpha") == {"title-c", "title-d"}
    assert folder.ids("beta") == {"title-a"}
    assert _counts(folder.index()) == (0, 0, 3, 0)


def test_a_renamed_file_keeps_its_id_even_among_namesakes(folder: Folder) -> None:
    folder.write("a.md", "Same\n\nalpha")
    folder.write("b.md", "Same\n\nbeta")
    folder.index()
    assert folder.ids("alpha") == {"same"}
    assert folder.ids("beta") == {"same-2"}
    (folder.corpus / "b.md").rename(folder.corpus / "aa.md")
    (folder.corpus / "a.md").rename(folder.corpus / "z.md")
    report = folder.index()
    assert _counts(report) == (0, 2, 0, 0)
    assert folder.ids("alpha path:corpus/z.md") == {"same"}
    assert folder.ids("beta path:corpus/aa.md") == {"same-2"}


def test_a_rename_with_a_change_keeps_the_id(folder: Folder) -> None:
    folder.write("a.md", "Same\n\nalpha")
    folder.index()
    (folder.corpus / "a.md").unlink()
    folder.write("sub/b.md", "Same\n\nbeta")
    assert _counts(folder.index()) == (0, 1, 0, 0)
    assert folder.ids("beta") == {"same"}


def test_a_new_title_or_date_makes_a_new_id(folder: Folder) -> None:
    folder.write("a.md", "---\ntitle: One\ndate: 2016\n---\nalpha")
    folder.index()
    assert folder.ids() == {"2016-one"}
    folder.write("a.md", "---\ntitle: One\ndate: 2016-05\n---\nalpha")
    assert _counts(folder.index()) == (1, 0, 0, 1)
    assert folder.ids() == {"2016-05-one"}


def test_articles_of_one_name_are_numbered(folder: Folder) -> None:
    for name in ("a", "b", "c"):
        folder.write(f"{name}.md", f"Same\n\nalpha {name}")
    folder.index()
    assert folder.ids() == {"same", "same-2", "same-3"}
    (folder.corpus / "b.md").unlink()
    folder.index()
    assert folder.ids() == {"same", "same-3"}
    folder.write("d.md", "Same\n\nbeta")
    folder.index()
    assert folder.ids("beta") == {"same-2"}
    folder.write("e.md", "---\ntitle: Else\nid: same-4\n---\ngamma")
    folder.write("f.md", "Same\n\ngamma")
    folder.index()
    assert folder.ids("gamma") == {"same-4", "same-5"}


def test_thousands_of_one_name_take_no_longer_than_others(folder: Folder) -> None:
    records = [{"title": "Notes", "body": f"alpha {number}"} for number in range(2_500)]
    write_records(folder.corpus / "notes.jsonl", records)
    with within(4):  # trying every number for every article took 25 s
        assert folder.index().added == 2_500
        write_records(folder.corpus / "notes.jsonl", [*records, {"title": "Notes", "body": "beta"}])
        assert _counts(folder.index()) == (1, 0, 2_500, 0)
    assert folder.ids("beta") == {"notes-2501"}


def test_ids_that_are_written_alike_collide_by_line(folder: Folder) -> None:
    ids = ("News/Item_1", "news item 1", "other")
    records = [{"id": each, "title": each, "body": "alpha"} for each in ids]
    write_records(folder.corpus / "notes.jsonl", records)
    (problem,) = folder.index().problems
    assert (problem.path, problem.line) == ("corpus/notes.jsonl", 2)
    assert problem.what == "the id 'news-item-1' is already that of the article at corpus/notes.jsonl:1"
    assert folder.ids() == {"news-item-1", "other"}


def test_an_id_that_is_declared_twice_names_both_files(folder: Folder) -> None:
    folder.write("a.md", "---\nid: same\n---\n# One\n\nalpha")
    folder.write("b.md", "---\nid: same\n---\n# Two\n\nbeta")
    for _ in range(2):
        report = folder.index()
        (problem,) = report.problems
        assert str(problem) == (
            "corpus/b.md:6: the id 'same' is already that of the article at corpus/a.md:6; give one of them "
            "another id; capitals, spaces, '/' and '_' in an id make no difference"
        )
    assert folder.ids() == {"same"}
    assert folder.generation() == 1  # trying again wrote nothing
    (folder.corpus / "a.md").unlink()
    report = folder.index()
    assert report.problems == ()
    assert folder.ids("beta") == {"same"}
    assert folder.ids("alpha") == set()


def test_a_declared_id_is_free_once_a_file_with_it_by_its_title_is_gone(folder: Folder) -> None:
    folder.write("b.md", "Same\n\nalpha")
    folder.write("c.md", "Same\n\nbeta")
    folder.index()
    assert folder.ids("beta") == {"same-2"}
    (folder.corpus / "c.md").unlink()
    folder.write("a.md", "---\nid: same-2\n---\n# Other\n\ngamma")
    report = folder.index()
    assert report.problems == ()
    assert folder.ids("gamma") == {"same-2"}
    assert _counts(report) == (1, 0, 1, 1)


def test_a_sidecar_belongs_to_the_article(folder: Folder) -> None:
    folder.write("a.txt", "Title\n\nalpha")
    folder.index()
    folder.write("a.yaml", "people: [Kim]")
    assert _counts(folder.index()) == (0, 1, 0, 0)
    assert len(folder.ids(person="Kim")) == 1
    folder.write("a.yaml", "people: [Bo!]")
    assert _counts(folder.index()) == (0, 1, 0, 0)
    folder.touch("a.yaml")
    assert _counts(folder.index()) == (0, 0, 1, 0)
    (folder.corpus / "a.yaml").unlink()
    assert _counts(folder.index()) == (0, 1, 0, 0)
    assert folder.ids(missing="person") == {"title"}


def test_a_warning_names_its_sidecar_and_is_told_until_it_is_gone(folder: Folder) -> None:
    folder.write("a.txt", "Title\n\nalpha")
    folder.write("a.yaml", "title: One\npeople: {a: b}")
    for counts in ((1, 0, 0, 0), (0, 0, 1, 0)):
        report = folder.index()
        assert _counts(report) == counts
        (warning,) = report.warnings
        assert (warning.path, warning.line, warning.taken) == ("corpus/a.yaml", 2, True)
        assert report.problems == ()
        with Archive.open(folder.root) as archive:
            stats = archive.stats()
            assert (stats.problems, stats.warnings) == (0, 1)
    folder.write("a.yaml", "title: One")
    assert folder.index().warnings == ()


def test_touching_a_file_changes_nothing(folder: Folder) -> None:
    folder.write("a.md", "Title\n\nalpha")
    folder.index()
    folder.touch("a.md")
    assert _counts(folder.index()) == (0, 0, 1, 0)
    assert folder.generation() == 1


def test_an_article_that_moves_down_its_file_is_shown_where_it_is(folder: Folder) -> None:
    records = [{"title": f"Title {number}", "body": "alpha"} for number in range(3)]
    write_records(folder.corpus / "a.jsonl", records[:2])
    folder.index()
    write_records(folder.corpus / "a.jsonl", [records[2], *records[:2]])
    assert _counts(folder.index()) == (1, 0, 2, 0)
    with Archive.open(folder.root) as archive:
        assert {article.title: article.line for article in archive.articles()} == {
            "Title 2": 1, "Title 0": 2, "Title 1": 3,
        }  # fmt: skip


def test_a_fresh_file_that_changes_within_the_same_moment_is_noticed(folder: Folder) -> None:
    """Size and time are the same: for a file so young that proves nothing."""
    path = folder.write("a.md", "Title\n\nalpha")
    now = time.time_ns()
    os.utime(path, ns=(now, now))
    folder.index()
    path.write_text("Title\n\ngamma")
    os.utime(path, ns=(now, now))
    assert _counts(folder.index()) == (0, 1, 0, 0)
    assert folder.ids("gamma") == {"title"}


@pytest.mark.parametrize("name", ["a.md", "a.yaml"])
@pytest.mark.parametrize("how", ["replaced", "overwritten"])
def test_a_change_that_keeps_size_and_time_is_noticed(folder: Folder, name: str, how: str) -> None:
    folder.write("a.md", "Title\n\nalpha")
    folder.write("a.yaml", "people: [Ann]")
    folder.index()
    path = folder.corpus / name
    before, content = path.stat(), path.read_text().replace("alpha", "gamma").replace("Ann", "Bea")
    if how == "replaced":
        other = folder.root / "other"
        other.write_text(content)
        other.replace(path)
    else:
        path.write_text(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    with Archive.open(folder.root) as archive:
        assert [str(finding) for finding in archive.check()] == ["corpus/a.md: changed since; run `archive index`"]
    assert _counts(folder.index()) == (0, 1, 0, 0)
    assert folder.ids("gamma" if name == "a.md" else "person:Bea") == {"title"}


def test_a_corpus_that_was_copied_is_read_and_stays_as_it_is(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only inodes and their times are other ones."""
    _many(folder)
    folder.index()
    generation, copy = folder.generation(), folder.root / "copy"
    shutil.copytree(folder.corpus, copy)
    shutil.rmtree(folder.corpus)
    copy.rename(folder.corpus)
    with Archive.open(folder.root) as archive:
        assert archive.check(deep=True) == ()
    assert _counts(folder.index()) == (0, 0, 22, 0)
    assert folder.generation() == generation
    monkeypatch.setattr(changes, "digest", lambda source: pytest.fail(f"{source.path} was read twice"))
    with Archive.open(folder.root) as archive:
        assert _counts(archive.index()) == (0, 0, 22, 0)


def test_an_old_file_is_not_read_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md", "Title\n\nalpha")
    folder.index()
    monkeypatch.setattr(changes, "digest", lambda source: pytest.fail(f"{source.path} was read"))
    with Archive.open(folder.root) as archive:
        assert _counts(archive.index()) == (0, 0, 1, 0)


def test_a_file_that_cannot_be_read_is_tried_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md", "Title a\n\nalpha")
    folder.write("b.md", "Title b\n\nalpha")
    with monkeypatch.context() as patch:
        patch.setattr("archive.corpus.formats.registry._reader", lambda _: _unreadable)
        patch.setattr(changes, "digest", _unreadable)
        with Archive.open(folder.root) as archive:
            report = archive.index()
    assert [problem.path for problem in report.problems] == ["corpus/a.md", "corpus/b.md"]
    assert "Permission denied" in report.problems[0].what
    report = folder.index()  # the files are as old as before
    assert report.problems == ()
    assert _counts(report) == (2, 0, 0, 0)


def _unreadable(*_: object) -> Article:
    raise PermissionError(13, "Permission denied")


def test_a_file_that_vanishes_under_way_is_a_problem_of_its_own(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.md", "Title a\n\nalpha")
    gone = folder.write("b.md", "Title b\n\nalpha")
    genuine = scan_corpus

    def scan(corpus: Path, root: Path, **options: Any) -> Any:
        found = genuine(corpus, root, **options)
        gone.unlink(missing_ok=True)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(run, "scan", scan)
        with Archive.open(folder.root) as archive:
            report = archive.index()
    assert [problem.path for problem in report.problems] == ["corpus/b.md"]
    assert report.added == 1
    assert _counts(folder.index()) == (0, 0, 1, 0)
    assert folder.index().problems == ()


def test_one_bad_article_leaves_the_others_alone(folder: Folder) -> None:
    """Whatever is wrong with one, the words and facets of its neighbours stay their own."""
    good = [{"id": f"g{n}", "title": f"Good {n}", "people": [f"P{n}"], "body": f"alpha w{n}"} for n in range(3)]
    lines = [json.dumps(record) for record in good]
    bad = [
        '{"title": "Bad", "title": "Twice", "body": "badword"}',
        "not json",
        '{"body": []}',
        "[]",
        '{"id": "g0", "title": "Bad", "body": "badword"}',
    ]
    mixed = [lines[0], bad[0], bad[1], lines[1], bad[2], bad[3], bad[4], lines[2]]
    folder.write("mixed.jsonl", "\n".join(mixed).encode() + b"\n\xff\xfe broken\n")
    folder.write("nul.md", b"Title\0\n\nbadword")
    report = folder.index()
    assert report.added == 3
    assert len(report.problems) == 7
    assert folder.ids() == {"g0", "g1", "g2"}
    assert folder.ids("badword") == set()
    for number in range(3):
        assert folder.ids(f"w{number}") == folder.ids(person=f"P{number}") == {f"g{number}"}


def test_articles_without_text_or_of_nothing_but_signs_are_articles(folder: Folder) -> None:
    folder.write("a.md", "Only a title")
    folder.write("b.md", "!!!")
    folder.write("c.jsonl", '{"title": "T", "body": ""}\n{"title": "…", "body": "—"}\n')
    assert folder.index().added == 4
    with Archive.open(folder.root) as archive:
        assert {hit.title for hit in archive.search().hits} == {"Only a title", "!!!", "T", "…"}
        assert archive.get("only-a-title").body == ""
        for article in archive.articles():
            assert archive.similar(article.id) == ()
            assert len(ids(archive, "has:body")) == 1


def test_words_values_and_addresses_of_any_length_are_indexed(folder: Folder) -> None:
    (folder.root / "archive.yaml").write_text("facets: [section]\n")
    folder.write("a.jsonl", "".join(json.dumps(record) + "\n" for record in [
        {"id": "word", "title": "x" * 70_000, "body": "y" * 1_000_000 + " tail"},
        {"id": "url", "title": "t", "url": "https://example.org/" + "u" * 70_000, "body": "alpha"},
        {"id": "facet", "title": "t", "section": "s" * 70_000, "body": "alpha"},
        {"id": "odd", "title": "t", "section": ["A\u001fB", "  C\n D ", "C D", {"e": "f"}, ""], "body": "alpha"},
    ]))  # fmt: skip
    assert folder.index().added == 4
    assert folder.ids("tail") == {"word"}
    with Archive.open(folder.root) as archive:
        values = [row.value for row in archive.facet("section", limit=None).values]
        assert values == ["A B", "C D", "s" * 70_000]
        for value in values:
            assert archive.search(where={"section": value}).total == 1


# -- settings and authority files ------------------------------------------------------


def test_other_settings_make_another_index(folder: Folder) -> None:
    folder.write("a.md", "---\nsection: News\n---\n# Title\n\nthe running dogs")
    folder.index()
    (folder.root / "archive.yaml").write_text("facets: [section]\nlanguage: german\n")
    with Archive.open(folder.root) as archive:
        assert not archive.has_index
        assert [str(finding) for finding in archive.check()] == [
            "there is no index for this version and these settings; run `archive index`"
        ]
    assert _counts(folder.index()) == (0, 0, 1, 0)
    assert folder.generation() == 2
    assert len(folder.ids(where={"section": "News"})) == 1
    assert len(folder.ids("running")) == 1
    assert folder.ids("run") == set()


def test_a_name_alone_does_not_make_another_index(folder: Folder) -> None:
    folder.write("a.md", "Title\n\nalpha")
    folder.index()
    (folder.root / "archive.yaml").write_text("name: Another\n")
    folder.index()
    assert folder.generation() == 1


def test_names_are_resolved_again_when_the_authority_file_changes(folder: Folder) -> None:
    folder.write("a.md", "---\npeople: [Hilary Clinton, Kim]\n---\n# Title\n\nalpha")
    folder.write("b.md", "---\npeople: [Kim]\n---\n# Other\n\nalpha")
    folder.index()
    folder.write("people.yaml", "- name: Hillary Clinton\n  aliases: [Hilary Clinton]\n")
    with Archive.open(folder.root) as archive:
        assert ["people.yaml or venues.yaml: changed since" in str(finding) for finding in archive.check()] == [True]
    assert _counts(folder.index()) == (0, 1, 1, 0)
    assert len(folder.ids(person="Hillary Clinton")) == 1
    assert len(folder.ids(person="Hilary Clinton")) == 1  # the alias is understood in a request, too
    with Archive.open(folder.root) as archive:
        assert [row.value for row in archive.facet("person").values] == ["Kim", "Hillary Clinton"]
    folder.write("people.yaml", "- name: Hillary Clinton\n  aliases: [Hilary Clinton, 7: 7]\n")
    report = folder.index()
    assert _counts(report) == (0, 1, 1, 0)
    assert [problem.path for problem in report.problems] == ["corpus/people.yaml"]
    (folder.corpus / "people.yaml").unlink()
    assert folder.index().problems == ()


# -- interruptions, loss and damage ----------------------------------------------------


class Stop(KeyboardInterrupt):
    """Ctrl-C at a chosen moment."""


def _many(folder: Folder, files: int = 12) -> None:
    for number in range(files):
        folder.write(f"f{number:02}.md", f"Title {number % 5}\n\nalpha w{number}")
    lines = [json.dumps({"title": f"Line {number % 3}", "body": f"beta l{number}"}) for number in range(10)]
    folder.write("lines.jsonl.gz", gzip.compress("\n".join(lines).encode()))


def _clean_build(folder: Folder) -> list[Any]:
    """What an index of the same corpus holds that was made at once."""
    with tempfile.TemporaryDirectory() as other:
        root = Path(other) / "archive"
        shutil.copytree(folder.root, root, ignore=shutil.ignore_patterns("index"))
        with Archive.open(root) as archive:
            archive.index()
        return _contents(root)


@pytest.mark.parametrize("after", [1, 3, 4, 7, 15, 21])
def test_an_interrupted_run_goes_on_where_it_stopped(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    _many(folder)
    monkeypatch.setattr(run, "_BATCH_ARTICLES", 3)
    genuine = WhooshWriter.add_document
    puts: list[str] = []

    def put(self: WhooshWriter, article: Article, *rest: Any, **options: Any) -> None:
        if len(puts) == after:
            raise Stop
        puts.append(article.id)
        genuine(self, article, *rest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(WhooshWriter, "add_document", put)
        with Archive.open(folder.root) as archive, pytest.raises(Stop):
            archive.index()
    committed = after // 3 * 3
    with Archive.open(folder.root) as archive:
        assert archive.has_index == (committed > 0)
        if committed:
            assert archive.search().total == committed
    report = folder.index()
    assert _counts(report) == (22 - committed, 0, committed, 0)
    assert _contents(folder.root) == _clean_build(folder)


def test_an_interrupted_rebuild_goes_on_and_keeps_the_ids(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    _many(folder)
    folder.index()
    (folder.corpus / "f00.md").unlink()  # now only history knows why title-0-2 is called so
    folder.index()
    before = _contents(folder.root)
    assert "title-0-2" in folder.ids()
    assert "title-0" not in folder.ids()
    genuine = WhooshWriter.commit
    for allowed in (0, 1, 2):
        commits: list[bool] = []

        def commit(
            self: WhooshWriter, sources: bytes, *, final: bool, commits: list[bool] = commits, allowed: int = allowed
        ) -> None:
            if len(commits) == allowed:
                raise Stop
            commits.append(final)
            genuine(self, sources, final=final)

        with monkeypatch.context() as patch:
            patch.setattr(run, "_BATCH_ARTICLES", 4)
            patch.setattr(WhooshWriter, "commit", commit)
            with Archive.open(folder.root) as archive, pytest.raises(Stop):
                archive.index(full=True)
        assert _contents(folder.root) == before  # the old index answers until the new one is complete
        folder.index()
        assert _contents(folder.root) == before


def test_ctrl_c_inside_a_commit_lets_go_of_the_lock(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md", "Title\n\nalpha")

    def stop(*_: object) -> None:
        raise Stop

    with Archive.open(folder.root) as archive:
        with monkeypatch.context() as patch:
            patch.setattr("archive.engine.local.writer.write_contents", stop)
            with pytest.raises(Stop):
                archive.index()
        assert archive.index().added == 1
        assert archive.check() == ()


def test_sources_and_articles_are_committed_in_one_step(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is written but the manifest: the index and its table of sources are those of before."""
    _many(folder)
    folder.index()
    before = _contents(folder.root)
    folder.write("f00.md", "Title 0\n\ngamma")
    folder.write("new.md", "New\n\ngamma")
    (folder.corpus / "f01.md").unlink()

    def stop(*_: object) -> None:
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr("archive.engine.local.writer.write_manifest", stop)
        with Archive.open(folder.root) as archive, pytest.raises(Stop):
            archive.index()
    assert _contents(folder.root) == before
    with Archive.open(folder.root) as archive:
        assert [str(finding) for finding in archive.check()] == [
            "corpus/new.md: not indexed yet; run `archive index`",
            "corpus/f01.md: indexed, but deleted since; run `archive index`",
            "corpus/f00.md: changed since; run `archive index`",
        ]
    assert _counts(folder.index()) == (1, 1, 20, 1)
    assert folder.ids("gamma") == {"title-0", "new"}
    before = _contents(folder.root)
    folder.index(full=True)
    assert _contents(folder.root) == before


def _bytes_in_the_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = b"\xa5" * third
    path.write_bytes(content)


SOURCES_LOSSES = {
    "deleted": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "no table": lambda path: path.write_bytes(b"not a table at all" * 500),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-50]),
    "another count": lambda path: path.write_bytes(path.read_bytes().replace(b",0,10]", b",0,11]")),
    "damaged inside": _bytes_in_the_middle,
}


def _sources_file(folder: Folder) -> Path:
    (path,) = (folder.root / "index").glob("*.sources")
    return path


@pytest.mark.parametrize("lose", SOURCES_LOSSES.values(), ids=SOURCES_LOSSES)
def test_a_lost_table_of_sources_is_rebuilt_from_the_index(folder: Folder, lose: Any) -> None:
    _many(folder)
    folder.index()
    (folder.corpus / "f00.md").unlink()
    folder.index()
    before, generation = _contents(folder.root), folder.generation()
    lose(_sources_file(folder))
    with Archive.open(folder.root) as archive:
        (finding,) = archive.check()
        assert finding.damage
    report = folder.index()
    assert _counts(report) == (0, 0, 21, 0)
    assert _contents(folder.root) == before  # with the ids that only history explains
    assert folder.generation() == generation
    lose(_sources_file(folder))
    with Archive.open(folder.root) as archive:
        (finding,) = archive.check()
        assert finding.damage
    (folder.corpus / "f05.md").unlink()
    folder.write("f07.md", "Title 2\n\ngamma")
    assert _counts(folder.index()) == (0, 1, 19, 1)


def _make_version_6(root: Path) -> None:
    """Have an index look as the version before tables of sources wrote it."""
    path = root / "index" / "archive.json"
    manifest = json.loads(json.loads(path.read_text())["manifest"])
    (root / "index" / manifest.pop("sources")[0]).unlink()
    text = json.dumps(manifest | {"format_version": 6})
    path.write_text(json.dumps({"digest": blake2b(text.encode(), digest_size=16).hexdigest(), "manifest": text}))
    for name in ("ledger.sqlite", "ledger.sqlite.sum"):
        (root / "index" / name).write_bytes(b"SQLite format 3\0")


def test_an_index_of_the_version_before_is_rebuilt_with_its_ids(folder: Folder) -> None:
    _many(folder)
    folder.index()
    (folder.corpus / "f00.md").unlink()  # now only history knows why title-0-2 is called so
    folder.index()
    before = _contents(folder.root)
    corpus = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.corpus.iterdir()}
    _make_version_6(folder.root)
    with Archive.open(folder.root) as archive:
        assert not archive.has_index
        assert archive.has_outdated_index
        outdated = "was made by another version or with other settings; run `archive index`"
        with pytest.raises(IndexUnusableError, match=outdated):
            archive.search("alpha")
    assert _counts(folder.index()) == (0, 0, 21, 0)
    assert _contents(folder.root) == before
    assert corpus == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.corpus.iterdir()}
    assert list((folder.root / "index").glob("ledger*")) == []


def test_which_files_have_changed_since_they_were_indexed(folder: Folder) -> None:
    for name in ("same", "touched", "written", "described", "described-anew", "gone"):
        folder.write(f"{name}.md", f"Title {name}\n\nalpha")
    folder.write("described-anew.yaml", "people: [Ann]")
    folder.write("lines.jsonl", '{"title": "Line", "body": "alpha"}\n')
    folder.index()
    kept = (folder.corpus / "written.md").stat()
    folder.write("written.md", "Title written\n\ngamma")
    os.utime(folder.corpus / "written.md", ns=(kept.st_atime_ns, kept.st_mtime_ns))
    folder.touch("touched.md")
    folder.write("described.yaml", "people: [Ann]")
    folder.write("described-anew.yaml", "people: [Bea]")
    (folder.corpus / "gone.md").unlink()
    with Archive.open(folder.root) as archive:
        articles = list(archive.articles())
        assert archive.changed_sources(articles) == {
            "corpus/written.md": "changed",
            "corpus/described.md": "changed",
            "corpus/described-anew.md": "changed",
            "corpus/gone.md": "missing",
        }
        forged = [replace(articles[0], path=path) for path in ("/etc/passwd", "corpus/../archive.yaml", "", "\0")]
        assert set(archive.changed_sources(forged).values()) == {"unknown"}
    folder.index()
    with Archive.open(folder.root) as archive:
        assert archive.changed_sources(archive.articles()) == {}


@pytest.mark.parametrize("path", ["/etc/passwd", "corpus/../../a", "../corpus/a.md", "", "\0", "corpus"])
def test_a_path_from_a_forged_index_leads_nowhere(folder: Folder, path: str) -> None:
    folder.write("a.md", "Title\n\nalpha")
    assert scan_file("corpus/a.md", folder.corpus, folder.root) is not None
    assert scan_file(path, folder.corpus, folder.root) is None
    assert not has_stamp(path, folder.root, "1-2-3-4")


def test_a_deleted_index_is_built_again(folder: Folder) -> None:
    _many(folder)
    folder.index()
    before = _contents(folder.root)
    shutil.rmtree(folder.root / "index")
    assert _counts(folder.index()) == (22, 0, 0, 0)
    assert _contents(folder.root) == before


def test_a_full_run_reads_all_and_keeps_the_ids(folder: Folder) -> None:
    _many(folder)
    folder.index()
    (folder.corpus / "f00.md").unlink()
    folder.index()
    before, generation = _contents(folder.root), folder.generation()
    assert _counts(folder.index(full=True)) == (0, 0, 21, 0)
    assert _contents(folder.root) == before
    assert folder.generation() == generation + 1


def test_a_full_run_is_seen_by_those_who_search(folder: Folder) -> None:
    folder.write("a.md", "Title\n\nalpha")
    with Archive.open(folder.root) as reader, Archive.open(folder.root) as writer:
        writer.index()
        assert ids(reader, "alpha") == {"title"}
        folder.write("a.md", "Title\n\nbeta")
        writer.index(full=True)
        assert ids(reader, "alpha") == set()
        assert ids(reader, "beta") == {"title"}
        assert ids(writer, "beta") == {"title"}


def test_a_run_without_changes_writes_nothing(folder: Folder) -> None:
    for number in range(2_000):
        folder.write(f"{number % 20}/f{number}.md", f"Title {number}\n\nalpha")
    assert folder.index().added == 2_000
    index = folder.root / "index"
    before = {path.name: path.stat().st_mtime_ns for path in index.iterdir() if path.suffix in (".seg", ".toc")}
    with Archive.open(folder.root) as archive:
        with within(1):
            report = archive.index()
        assert _counts(report) == (0, 0, 2_000, 0)
        assert not report.changed
        assert archive.generation == 1
    assert before == {path.name: path.stat().st_mtime_ns for path in index.iterdir() if path.suffix in (".seg", ".toc")}


def test_progress_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    _many(folder)
    told: list[Progress] = []
    folder.index(progress=told.append)
    assert [step.articles for step in told] == sorted(step.articles for step in told)
    assert all(0 <= step.fraction <= 1 for step in told)
    assert told[-1].articles == 22
    assert told[-1].fraction == 1


# -- two at once -----------------------------------------------------------------------


def test_a_second_run_at_once_is_refused(folder: Folder) -> None:
    folder.write("a.md", "Title\n\nalpha")
    folder.write("b.md", "Other\n\nalpha")
    refused: list[str] = []

    def again(_: Progress) -> None:
        for full in (False, True):
            with Archive.open(folder.root) as other:
                try:
                    other.index(full=full)
                except IndexLockedError as error:
                    refused.append(str(error))

    folder.index(progress=again)
    assert refused
    assert "wait until it has finished" in refused[0]
    assert folder.ids() == {"title", "other"}
    folder.write("c.md", "Third\n\nalpha")
    refused.clear()
    folder.index(progress=again)
    assert len(refused) >= 2
    assert folder.ids() == {"title", "other", "third"}


def _index_elsewhere(root: str, queue: Any) -> None:
    try:
        with Archive.open(root) as archive:
            queue.put(archive.index().added)
    except IndexLockedError:
        queue.put("locked")


def test_a_second_process_at_once_is_refused(folder: Folder) -> None:
    folder.write("a.md", "Title\n\nalpha")
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    answers: list[Any] = []

    def again(_: Progress) -> None:
        if not answers:
            process = context.Process(target=_index_elsewhere, args=(str(folder.root), queue))
            process.start()
            answers.append(queue.get(timeout=30))
            process.join(30)

    folder.index(progress=again)
    assert answers == ["locked"]
    queue.close()
    queue.join_thread()


# -- any way there ---------------------------------------------------------------------

_NAMES = ["a.md", "b.md", "sub/c.txt", "d.txt", "e.jsonl", "f.jsonl.gz"]
_TITLES = ["Title one", "Title two", "Ünïcode"]
_edits = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "write", "write", "delete", "rename", "touch", "sidecar", "authority", "break", "index"]
        ),
        st.sampled_from(_NAMES),
        st.integers(0, 10_000),
    ),
    min_size=3,
    max_size=14,
)


def _record(random: Random) -> dict[str, Any]:
    record: dict[str, Any] = {
        "title": random.choice(_TITLES),
        "body": " ".join(random.choices(["alpha", "beta", "gamma"], k=random.randint(0, 4))),
    }
    if random.random() < 0.5:
        record["date"] = random.choice(["2016", "2016-05", "2017-01-02"])
    if random.random() < 0.6:
        record["people"] = random.sample(["Kim", "Bo", "Alias", "KIM"], random.randint(0, 2))
    return record


def _edit(folder: Folder, what: str, name: str, seed: int) -> None:
    random, path = Random(seed), folder.corpus / name
    if what == "write":
        records = [_record(random) for _ in range(random.randint(1, 3))]
        if ".jsonl" in name:
            content = "".join(json.dumps(record) + "\n" for record in records).encode()
            folder.write(name, gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
        else:
            front = "".join(f"{key}: {json.dumps(value)}\n" for key, value in records[0].items() if key != "body")
            folder.write(name, f"---\n{front}---\n{records[0]['body']}")
    elif what == "delete":
        path.unlink(missing_ok=True)
    elif what == "rename" and path.exists():
        endings = "".join(path.suffixes)
        path.rename(path.with_name(f"{random.choice('abcxyz')}{endings}"))
    elif what == "touch" and path.exists():
        folder.touch(name)
    elif what == "sidecar" and path.suffix in (".md", ".txt"):
        sidecar = path.with_suffix(".yaml").relative_to(folder.corpus).as_posix()
        if random.random() < 0.3:
            (folder.corpus / sidecar).unlink(missing_ok=True)
        else:
            folder.write(sidecar, random.choice(["venues: [Met]", "venues: [Pier, Met]", "tags: [x]", "date: 20"]))
    elif what == "authority":
        if random.random() < 0.3:
            (folder.corpus / "people.yaml").unlink(missing_ok=True)
        else:
            folder.write(
                "people.yaml", random.choice(["- name: Kim\n  aliases: [Alias]", "- name: Bo\n  aliases: [Alias]", "x"])
            )
    elif what == "break":
        folder.write(name, random.choice([b"", b"\xff\xff", b"---\ntitle: [\n---\nx", b"{}", b"\x1f\x8b\x08broken"]))


@generated(24)
@given(edits=_edits)
def test_however_it_came_about_the_index_is_that_of_the_corpus(edits: list[tuple[str, str, int]]) -> None:
    """After any sequence of edits with runs between: equal to a full run, and to an index made at once but for ids."""
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name) / "archive")
        for what, file, seed in edits:
            if what == "index":
                folder.index()
            else:
                _edit(folder, what, file, seed)
        last = folder.index()
        assert not folder.index().changed
        by_steps = _contents(folder.root)
        at_once = _clean_build(folder)
        assert _without_ids(by_steps) == _without_ids(at_once)
        full = folder.index(full=True)
        assert _contents(folder.root) == by_steps
        assert full.problems == last.problems


def _without_ids(contents: list[Any]) -> list[Any]:
    return [{**item, "id": ""} if "id" in item else item for item in contents]


@pytest.mark.parametrize("name", ["archive.json", "archive.json.new", "MAIN_WRITELOCK"])
def test_a_folder_in_the_place_of_a_file_of_the_index_is_named(tmp_path: Path, name: str) -> None:
    archive = make_archive(tmp_path, [{"id": "n", "title": "T", "body": "pier"}])
    place = tmp_path / "index" / name
    place.unlink(missing_ok=True)
    (place / "inside").mkdir(parents=True)
    with pytest.raises(IndexAccessError, match=rf"{name} is a folder\); move it elsewhere, and run `archive index`"):
        archive.index(full=True)
    place.rename(tmp_path / "aside")
    archive.index()
    assert archive.search("pier").total == 1
    assert archive.check(deep=True) == ()


def test_what_a_killed_process_had_not_finished_is_removed_by_the_next_run(tmp_path: Path) -> None:
    archive = make_archive(tmp_path, [{"id": "n", "title": "T", "body": "pier"}])
    left = [tmp_path / ".saved.yaml.archive-new", tmp_path / "corpus" / ".new.md.archive-new"]
    theirs = tmp_path / "corpus" / ".draft.md.new"
    for path in (*left, theirs):
        path.write_text("half of it")
    with locked(tmp_path / "corpus"):  # somebody is writing it
        archive.index()
    assert [path.exists() for path in left] == [False, True]
    archive.index()
    assert not left[1].exists()
    assert theirs.exists()
