"""Faults that need no chance to show: lost folders, other owners, clocks, files that change, files that fill memory."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, IndexAccessError, IndexUnusableError, LimitError, TrustError, UsageError
from archive.corpus.formats import json_lines
from archive.engine.local import manifest
from archive.engine.local.engine import WhooshEngine
from archive.indexing import isolated_readers, run
from archive.query import limits
from archive.util import worker_process

from ..support import make_archive

REPOSITORY = Path(__file__).resolve().parents[2]
_POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no such owners here")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return make_archive(tmp_path / "a", [{"id": f"n{n}", "title": f"T {n}", "body": "pier"} for n in range(5)])


def test_the_index_is_deleted_under_a_reader(archive: Archive) -> None:
    assert archive.search("pier").total == 5
    matches = archive.articles("pier")
    shutil.rmtree(archive.root / "index")
    assert len(list(matches)) == 5  # begun before
    with pytest.raises(IndexUnusableError, match=r"there is no index .* run `archive index`"):
        archive.search("pier")
    archive.index()
    assert archive.search("pier").total == 5


def test_the_index_is_deleted_under_the_writer(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = run.scan

    def scan(*about: Any, **options: Any) -> Any:
        shutil.rmtree(archive.root / "index")
        return genuine(*about, **options)

    (archive.root / "corpus" / "new.md").write_text("New\n\npier")
    with monkeypatch.context() as patch:
        patch.setattr(run, "scan", scan)
        with pytest.raises(IndexAccessError, match="run `archive index`"):
            archive.index()
    archive.index()
    assert archive.search("pier").total == 6


@_POSIX
def test_the_index_is_private(archive: Archive) -> None:
    index = archive.root / "index"
    assert stat.S_IMODE(index.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in index.iterdir() if path.name != ".gitignore"} == {0o600}
    with Archive.create(archive.root.parent / "b") as made:
        assert stat.S_IMODE((made.root / "index").stat().st_mode) == 0o700


@_POSIX
def test_an_index_of_another_user_is_refused_unless_forced(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: archive.root.stat().st_uid + 1)
    with Archive.open(archive.root) as other:
        for use in (other.search, other.index, other.check, other.stats):
            with pytest.raises(UsageError, match=f"belongs to another user .* {manifest.ANY_OWNER_VARIABLE}=1"):
                use()
        monkeypatch.setenv(manifest.ANY_OWNER_VARIABLE, "1")
        assert other.search("pier").total == 5


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to become another user")
@pytest.mark.parametrize(("forced", "said"), [("", "belongs to another user"), ("1", "check its permissions")])
def test_lost_permission_is_said_in_a_sentence(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, forced: str, said: str
) -> None:
    for folder in (archive.root, *archive.root.parents[:-2]):
        folder.chmod(0o755)
    archive.index(full=True)  # whatever is loaded late is loaded now
    assert archive.search("pier").total == 5
    monkeypatch.setenv(manifest.ANY_OWNER_VARIABLE, forced)
    out, into = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork beside threads; it only searches, and ends
        child = os.fork()
    if not child:
        os.setuid(65534)
        for use in (archive.search, archive.index, archive.check):
            try:
                use()
            except Exception as error:  # noqa: BLE001 (what it is, is told)
                os.write(into, f"{type(error).__name__}: {error}\n".encode())
        os._exit(0)
    os.close(into)
    os.waitpid(child, 0)
    with os.fdopen(out) as answers:
        lines = answers.read().splitlines()
    assert len(lines) == 3, lines
    kind = "IndexAccessError" if forced else "UsageError"
    for line in lines:
        assert line.startswith(f"{kind}: ") or "damaged" in line
        assert said in line or "run `archive index`" in line, line


def test_a_clock_that_goes_backwards(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive.root / "corpus" / "new.md"
    for day in range(3):
        then = time.time() - day * 86_400
        monkeypatch.setattr(time, "time_ns", lambda then=then: int(then * 1e9))
        path.write_text(f"New\n\nday{day}")
        os.utime(path, (then, then))
        archive.index()
        assert archive.search(f"day{day}").total == 1
        assert archive.search().total == 6
        assert archive.check(deep=True) == ()


def test_a_file_that_changes_while_it_is_read_is_read_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive.root / "corpus" / "new.md"
    first, second = "New\n\nfirst", "New\n\nother"
    path.write_text(first)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    genuine = isolated_readers.read

    def read(source: Any, *options: Any) -> Any:
        if source.path.endswith("new.md"):
            path.write_text(second)  # read so, and then put back with a new time
        yield from genuine(source, *options)
        if source.path.endswith("new.md"):
            path.write_text(first)

    with monkeypatch.context() as patch:
        patch.setattr(isolated_readers, "read", read)
        archive.index()
    assert archive.search("other").total == 1
    archive.index()
    assert archive.search("first").total == 1
    assert archive.search("other").total == 0


def test_a_query_has_a_deadline(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SECONDS", -1.0)
    for query in ("pier", "p*", "*i*", "pier OR storm", "pear~"):
        with pytest.raises(LimitError, match="takes longer than"):
            archive.search(query)


_ASKED: dict[str, Callable[[Archive], object]] = {
    "facets": lambda archive: archive.search("pier"),
    "one facet": lambda archive: archive.facet("person"),
    "values of a facet by name": lambda archive: archive.facet("person", sort="name", limit=None),
    "values like a word": lambda archive: archive.facet("person", "an"),
    "how many values": lambda archive: archive.facet("person", limit=0),
    "a timeline": lambda archive: archive.timeline("pier"),
    "by title": lambda archive: archive.search("pier", sort="title", facets=()),
    "hits": lambda archive: archive.search("pier", facets=()),
    "encounters": lambda archive: archive.encounters("Ann Lee"),
    "companions": lambda archive: archive.companions("Ann Lee"),
    "gaps": lambda archive: archive.gaps("Ann Lee"),
    "articles alike": lambda archive: archive.similar("n0"),
}


@pytest.mark.parametrize("asked", _ASKED.values(), ids=_ASKED)
def test_what_follows_the_matching_obeys_the_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Callable[[Archive], object]
) -> None:
    about = {"date": "1999", "people": ["Ann Lee", "Bo Li"], "body": "pier"}
    with make_archive(tmp_path / "a", [{"id": f"n{n}", "title": f"T {n}", **about} for n in range(5)]) as archive:
        asked(archive)  # in time
        now = time.monotonic
        late = [0.0]
        genuine = WhooshEngine._evaluate

        def run(*args: Any, **options: Any) -> Any:
            found = genuine(*args, **options)
            late[0] = 2 * limits.MAX_SECONDS
            return found

        monkeypatch.setattr(WhooshEngine, "_evaluate", run)
        monkeypatch.setattr(limits.time, "monotonic", lambda: now() + late[0])
        with pytest.raises(LimitError, match="takes longer than 10 seconds"):
            asked(archive)
        late[0] = 0.0
        monkeypatch.setattr(WhooshEngine, "_evaluate", genuine)
        asked(archive)  # it has left nothing behind


def test_a_request_of_many_queries_has_one_deadline(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found, and the time is up when other queries are tried: the answer is there all the same."""
    assert archive.search("pierr").suggestions
    now = time.monotonic
    late = [0.0]
    genuine = WhooshEngine.term_exists

    def knows(*args: Any) -> bool:
        late[0] = 2 * limits.MAX_SECONDS
        return genuine(*args)

    monkeypatch.setattr(WhooshEngine, "term_exists", knows)
    monkeypatch.setattr(limits.time, "monotonic", lambda: now() + late[0])
    page = archive.search("pierr")
    assert (page.total, page.suggestions) == (0, ())


def test_a_file_that_unzips_beyond_all_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "_ALWAYS_UNZIPPED", 1_000_000)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    good = json.dumps({"id": "good", "title": "Good", "body": "pier"}).encode() + b"\n"
    (corpus / "bomb.jsonl.gz").write_bytes(gzip.compress(good + bytes(30_000_000)))
    (corpus / "harmless.jsonl.gz").write_bytes(gzip.compress(good.replace(b"good", b"fine")))
    with Archive.open(tmp_path) as archive:
        report = archive.index()
    assert report.added == 2
    assert [(each.path, "times its size" in each.what) for each in report.problems] == [("corpus/bomb.jsonl.gz", True)]


def test_links_out_of_the_archive_are_followed_only_where_that_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Secret\n\npier")
    root = tmp_path / "a"
    (root / "corpus").mkdir(parents=True)
    (root / "corpus" / "link.md").symlink_to(tmp_path / "secret.md")
    with Archive.open(root) as archive:
        (problem,) = archive.index().problems
        assert "links_outside" in problem.remedy
        assert archive.search().total == 0
    (root / "archive.yaml").write_text("links_outside: true\n")
    with pytest.raises(TrustError, match="read whatever files and folders the links in its corpus lead to"):
        Archive.open(root)
    with Archive.open(root, trust=True) as archive:
        assert not archive.index().problems
        assert archive.search("pier").total == 1
        assert archive.check() == ()


def _pages(root: Path) -> None:
    corpus = root / "corpus"
    corpus.mkdir(parents=True)
    for number in range(3):
        (corpus / f"p{number}.html").write_text(f"<html><body><p>Page number {number} of the pier.</p></body></html>")
    (corpus / "text.md").write_text("Text\n\npier")


def test_no_process_is_started_without_foreign_formats(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(isolated_readers, "Worker", refuse)
    assert archive.index(full=True).problems == ()


#: Run in the reading process before it reads: what a page could make its parser do.
_SPINS = "while True: pass"
_SLEEPS = "import time; time.sleep(60)"
_GROWS = "bytearray(3 << 30)"
_DIES = "import os; os.abort()"


#: A page is read as usual unless it is the one that does this.
_TRAP = """import sys
if 'serve_sources' in ' '.join(sys.orig_argv):
    from archive.indexing import isolated_readers
    isolated_readers._CPU_SECONDS = 1
    genuine = isolated_readers.read_source
    def read_source(source, options):
        if {ends!r} in source.path:
            {does}
        return genuine(source, options)
    isolated_readers.read_source = read_source
"""


def _set_trap(folder: Path, monkeypatch: pytest.MonkeyPatch, ends: str, does: str) -> None:
    trap = folder / "trap.py"
    trap.write_text(_TRAP.format(ends=ends, does=does))
    setting = f"exec(open({str(trap)!r}).read()); "
    monkeypatch.setattr(worker_process, "_SEARCH_PATH", worker_process._SEARCH_PATH + setting)


def test_a_page_that_is_added_cannot_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("trafilatura")
    page = b"<html><body><p>A page of the pier.</p></body></html>"
    with Archive.create(tmp_path / "a") as archive:
        _set_trap(tmp_path, monkeypatch, "article.html", _DIES)
        with pytest.raises(UsageError, match="cannot be added: the process that read the file ended by signal 6"):
            archive.add(page, suffix=".html")
        assert not list((archive.root / "corpus").iterdir())
        monkeypatch.undo()
        assert archive.add(page, suffix=".html", metadata={"title": "Pier"}).body == "A page of the pier."


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize(
    ("does", "said"),
    [(_SPINS, "CPU time limit"), (_SLEEPS, "without an answer"), (_GROWS, "MB of memory"), (_DIES, "by signal 6")],
)
def test_a_page_cannot_take_more_than_its_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, said: str
) -> None:
    pytest.importorskip("trafilatura")
    root = tmp_path / "a"
    _pages(root)
    _set_trap(tmp_path, monkeypatch, "p1.html", does)
    others = 3
    if does == _SLEEPS:  # the other pages could be late as well
        monkeypatch.setattr(isolated_readers, "_SECONDS", 1.0)
        for name in ("p0", "p2"):
            (root / "corpus" / f"{name}.html").unlink()
        others = 1
    with Archive.open(root) as archive:
        report = archive.index()
        (problem,) = report.problems
        assert problem.path == "corpus/p1.html"
        assert said in problem.what
        assert report.added == others
        assert archive.search("pier").total == others


#: An import of `decimal` that is cut short halfway, as by a signal, and the next one.
_IMPORTED_TWICE = """
import archive.__main__, collections

def interrupted(*_, **__):
    raise KeyboardInterrupt

genuine, collections.namedtuple = collections.namedtuple, interrupted
try:
    import decimal
except KeyboardInterrupt:
    pass
collections.namedtuple = genuine
import decimal
"""


def test_an_import_that_is_interrupted_adds_no_line_to_the_sentence() -> None:
    ended = subprocess.run([sys.executable, "-c", _IMPORTED_TWICE], capture_output=True, text=True, check=True)
    assert ended.stderr == ""


def test_damaged_evidence_for_names_is_made_anew(archive: Archive) -> None:
    path = archive.root / "index" / "names.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        (size,) = db.execute("PRAGMA page_size").fetchone()
        # What the file says of itself is read before all else: that stays.
        (about,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'about'").fetchone()
    data = bytearray(path.read_bytes())
    for place in range(size, len(data)):
        if place // size != about - 1:
            data[place] ^= 0xFF
    path.write_bytes(data)
    (archive.root / "corpus" / "new.md").write_text("New\n\nMayor Ada Byrne came.")
    archive.index()
    assert archive.search("mayor").total == 1
    assert archive.check(deep=True) == ()
