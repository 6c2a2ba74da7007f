import os
import socket
from pathlib import Path

import pytest

from archive.corpus.scan import Scan, scan
from archive.model.article import Problem

from ..work import calls_by_name
from .helpers import is_superuser, put, source


def walked(root: Path) -> Scan:
    return scan(root / "corpus", root)


def paths(found: Scan) -> list[str]:
    return [each.path for each in found.sources]


def named(found: Scan, path: str) -> Problem:
    (only,) = [problem for problem in found.problems if problem.path == path]
    return only


def test_kinds_follow_the_ending_whatever_its_case(tmp_path: Path) -> None:
    names = ["a.md", "b.MARKDOWN", "c.Txt", "d.html", "e.HTM", "f.PDF", "g.jsonl", "h.JSONL.GZ"]
    for name in names:
        put(tmp_path, name)
    found = walked(tmp_path)
    formats = ["markdown", "markdown", "text", "html", "html", "pdf", "jsonl", "jsonl"]
    assert [(each.path, each.format) for each in found.sources] == [
        (f"corpus/{name}", read_as) for name, read_as in zip(names, formats, strict=True)
    ]
    assert found.problems == ()
    assert found.skipped == {}


def test_sources_are_sorted_by_path_through_all_folders(tmp_path: Path) -> None:
    for name in ["b/x.md", "a.md", "b/c/y.md", "B.md", "a/z.md", "é.md"]:
        put(tmp_path, name)
    found = paths(walked(tmp_path))
    assert found == sorted(found)
    assert len(found) == 6
    assert all(Path(each.file).is_file() for each in walked(tmp_path).sources)


def test_other_files_are_counted_by_ending(tmp_path: Path) -> None:
    for name in ["a.doc", "b.DOC", "README", "c.", "t.tar.gz", ".hidden.md", ".git/config.md", "ok.md"]:
        put(tmp_path, name)
    found = walked(tmp_path)
    assert found.skipped == {"(no extension)": 2, ".doc": 2, ".gz": 1, "hidden files": 2}
    assert paths(found) == ["corpus/ok.md"]


def test_authority_files_at_the_top_are_neither_sources_nor_skipped(tmp_path: Path) -> None:
    for name in ["people.yaml", "venues.yaml", "saved.yaml", "people.md"]:
        put(tmp_path, name)
    found = walked(tmp_path)
    assert (paths(found), found.skipped, found.problems) == (["corpus/people.md"], {}, ())
    assert found.sources[0].sidecar is None
    put(tmp_path, "deeper/people.yaml")
    assert [each.path for each in walked(tmp_path).problems] == ["corpus/deeper/people.yaml"]


def test_a_directory_named_like_a_file_is_a_directory(tmp_path: Path) -> None:
    put(tmp_path, "x.md/inner.md")
    assert paths(walked(tmp_path)) == ["corpus/x.md/inner.md"]


def test_sidecars_belong_to_the_file_with_their_stem(tmp_path: Path) -> None:
    for name in ["a.txt", "a.yaml", "b.html", "b.YML", "c.pdf", "c.yml", "d.jsonl", "d.yaml", "sub/a.yaml"]:
        put(tmp_path, name)
    found = walked(tmp_path)
    assert {each.path: each.sidecar_path for each in found.sources} == {
        "corpus/a.txt": "corpus/a.yaml",
        "corpus/b.html": "corpus/b.YML",
        "corpus/c.pdf": "corpus/c.yml",
        "corpus/d.jsonl": "",
    }
    assert [each.path for each in found.problems] == ["corpus/d.yaml", "corpus/sub/a.yaml"]
    assert found.problems[0].what == "there is no file for it to describe"


def test_two_sidecars_of_one_file_are_a_problem(tmp_path: Path) -> None:
    for name in ["a.txt", "a.yaml", "a.yml"]:
        put(tmp_path, name)
    found = walked(tmp_path)
    assert named(found, "corpus/a.yml").what == "a.yaml has the same name"
    assert source(tmp_path, "a.txt").sidecar_path == "corpus/a.yaml"


def test_the_stamp_changes_with_the_file_and_with_its_sidecar(tmp_path: Path) -> None:
    file = put(tmp_path, "a.txt")
    stamps = [source(tmp_path, "a.txt").stamp]
    assert source(tmp_path, "a.txt").stamp == stamps[0]
    os.utime(file, ns=(1, 2_000_000_000))
    stamps.append(source(tmp_path, "a.txt").stamp)
    sidecar = put(tmp_path, "a.yaml", "title: A")
    stamps.append(source(tmp_path, "a.txt").stamp)
    os.utime(sidecar, ns=(1, 2_000_000_000))
    stamps.append(source(tmp_path, "a.txt").stamp)
    put(tmp_path, "a.yaml", "title: AB")
    os.utime(sidecar, ns=(1, 2_000_000_000))
    stamps.append(source(tmp_path, "a.txt").stamp)
    assert len(set(stamps)) == 5


def test_links_inside_the_archive_are_followed(tmp_path: Path) -> None:
    put(tmp_path, "real.md")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "more.md").write_text("More")
    (tmp_path / "corpus" / "link.md").symlink_to("real.md")
    (tmp_path / "corpus" / "dir").symlink_to(tmp_path / "elsewhere")
    found = walked(tmp_path)
    assert paths(found) == ["corpus/dir/more.md", "corpus/link.md", "corpus/real.md"]
    assert found.problems == ()
    assert found.sources[1].size == found.sources[2].size


def test_links_that_leave_the_archive_are_named_and_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root, "ok.md")
    (tmp_path / "root-beside").mkdir()
    secret = tmp_path / "root-beside" / "secret.md"
    secret.write_text("Secret")
    (root / "corpus" / "file.md").symlink_to(secret)
    (root / "corpus" / "folder").symlink_to(secret.parent)
    found = walked(root)
    assert paths(found) == ["corpus/ok.md"]
    assert [each.path for each in found.problems] == ["corpus/file.md", "corpus/folder"]
    assert "out of the archive" in found.problems[0].what


def test_a_corpus_that_is_a_link_itself_is_read(tmp_path: Path) -> None:
    real = tmp_path / "data"
    real.mkdir()
    (real / "a.md").write_text("A")
    (real / "b.md").symlink_to("a.md")
    root = tmp_path / "root"
    root.mkdir()
    (root / "corpus").symlink_to(real)
    assert paths(walked(root)) == ["corpus/a.md", "corpus/b.md"]


def test_loops_and_second_ways_to_a_folder_are_named_once_each(tmp_path: Path) -> None:
    put(tmp_path, "z/x.md")
    (tmp_path / "corpus" / "z" / "loop").symlink_to(tmp_path / "corpus")
    (tmp_path / "corpus" / "a").symlink_to("z")
    found = walked(tmp_path)
    assert paths(found) == ["corpus/z/x.md"]
    assert [each.path for each in found.problems] == ["corpus/a", "corpus/z/loop"]


def test_broken_links_are_problems(tmp_path: Path) -> None:
    put(tmp_path, "ok.md")
    (tmp_path / "corpus" / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "corpus" / "self.md").symlink_to("self.md")
    found = walked(tmp_path)
    assert [each.path for each in found.problems] == ["corpus/gone.md", "corpus/self.md"]
    assert "this link is broken" in found.problems[0].what


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_pipes_and_sockets_are_problems_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "ok.md")
    os.mkfifo(tmp_path / "corpus" / "pipe.md")
    monkeypatch.chdir(tmp_path / "corpus")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.md")
        found = walked(tmp_path)
    assert paths(found) == ["corpus/ok.md"]
    assert [each.path for each in found.problems] == ["corpus/pipe.md", "corpus/socket.md"]


def test_an_unreadable_folder_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "ok.md")
    closed = put(tmp_path, "closed/x.md").parent
    closed.chmod(0)
    if is_superuser():  # whom permissions do not stop
        real = os.scandir

        def scandir(path: str) -> object:
            if path == str(closed):
                raise PermissionError(13, "Permission denied")
            return real(path)

        monkeypatch.setattr(os, "scandir", scandir)
    try:
        found = walked(tmp_path)
    finally:
        closed.chmod(0o700)
    assert paths(found) == ["corpus/ok.md"]
    assert named(found, "corpus/closed").what == "the directory cannot be read: Permission denied"


def test_a_missing_corpus_is_a_problem(tmp_path: Path) -> None:
    assert named(walked(tmp_path), "corpus").what.startswith("the directory cannot be read")


def test_names_that_are_not_utf8_are_problems(tmp_path: Path) -> None:
    put(tmp_path, "ok.md")
    bad = os.fsencode(tmp_path / "corpus") + b"/caf\xe9.md"
    try:
        Path(os.fsdecode(bad)).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    found = walked(tmp_path)
    assert paths(found) == ["corpus/ok.md"]
    assert [each.path for each in found.problems] == ["corpus/caf?.md"]


def test_a_file_of_many_is_looked_at_once(tmp_path: Path) -> None:
    """What a scan of twenty thousand files takes is the system calls for each, and the steps between them."""
    counts = []
    for thousand in range(2):
        for number in range(1_000):
            put(tmp_path, f"{number % 20}/{thousand}-{number}.md", "x")
        counts.append(calls_by_name(lambda: walked(tmp_path)))
    once, twice = counts
    assert len(walked(tmp_path).sources) == 2_000
    assert (twice["DirEntry.stat"], twice["scandir"], twice["stat"]) == (2_000, 21, 21)
    assert sum(twice[name] for name in ("open", "fstat", "lstat", "readlink", "listdir")) < 50  # of the way there
    assert twice.total() < 60 * 2_000
    assert twice.total() < 2.1 * once.total()


def test_very_deep_folders_do_not_exhaust_the_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    monkeypatch.chdir(tmp_path / "corpus")
    for _ in range(1_200):
        os.mkdir("d")  # noqa: PTH102 (relative to where we are)
        os.chdir("d")
    Path("x.md").write_text("Deep")
    found = walked(tmp_path)
    os.unlink("x.md")  # noqa: PTH108 (as above; rmtree would recurse)
    for _ in range(1_200):
        os.chdir("..")
        os.rmdir("d")  # noqa: PTH106
    assert found.problems == ()
    assert paths(found) == [f"corpus/{'d/' * 1_200}x.md"]


def test_ignored_files_and_folders_are_counted(tmp_path: Path) -> None:
    for name in ["a.md", "b.draft.md", "drafts/c.md", "_config.yml", "x/drafts/d.md", "x/_y/e.md", "x/y/z.md"]:
        put(tmp_path, name)
    found = scan(tmp_path / "corpus", tmp_path, ignore=("*.draft.md", "drafts/*", "_*", "x/y"))
    assert paths(found) == ["corpus/a.md", "corpus/x/drafts/d.md"]
    assert (found.skipped, found.problems) == ({"ignored": 5}, ())
