"""Files that several processes and people change: nothing anybody wrote in them is lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.errors import SettingsError
from archive.util import atomic_files as files
from archive.util.atomic_files import edit_text, edit_texts

_POSIX = pytest.mark.skipif(os.name != "posix", reason="this system has other permissions")


def with_line(line: str) -> files.Change:
    return lambda text: f"{text}{line}\n"


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("swaps", [True, False])
def test_an_edit_by_hand_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool) -> None:
    if not swaps:
        monkeypatch.setattr(files, "_exchange", lambda *_: False)
    path = tmp_path / "people.yaml"
    path.write_text("one\n")
    seen = []

    def change(text: str) -> str:
        seen.append(text)
        if len(seen) == 1:
            path.write_text("one, by hand\n")
        return f"{text}two\n"

    assert edit_text(path, change)
    assert path.read_text() == "one, by hand\ntwo\n"
    assert seen == ["one\n", "one, by hand\n"]
    assert names_in(tmp_path) == {"people.yaml"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux swaps two files in one step")
def test_an_edit_by_hand_between_the_last_look_and_the_replacement_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, genuine = tmp_path / "people.yaml", files._exchange
    path.write_text("one\n")
    edits = iter(["by hand\n"])

    def late(one: Path, other: Path) -> bool:
        if text := next(edits, ""):
            path.write_text(text)
        return genuine(one, other)

    monkeypatch.setattr(files, "_exchange", late)
    assert edit_text(path, with_line("two"))
    assert path.read_text() == "by hand\ntwo\n"
    assert names_in(tmp_path) == {"people.yaml"}


def test_a_file_that_somebody_else_makes_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"

    def change(text: str) -> str:
        if not text:
            path.write_text("theirs\n")
        return f"{text}mine\n"

    assert edit_text(path, change)
    assert path.read_text() == "theirs\nmine\n"


def test_a_file_that_never_stays_the_same_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    path.write_text("0\n")

    def change(text: str) -> str:
        path.write_text(f"{int(text) + 1}\n")
        return "mine\n"

    with pytest.raises(SettingsError, match=r"people\.yaml keeps being changed by another program; nothing was saved"):
        edit_text(path, change)
    assert int(path.read_text()) > 1
    assert names_in(tmp_path) == {"people.yaml"}


def test_threads_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "number"
    threads = [threading.Thread(target=edit_text, args=(path, lambda text: str(int(text or 0) + 1))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == "40"


def test_what_one_file_refuses_changes_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a\n")

    def refuse(_: str) -> str:
        raise SettingsError("no")

    with pytest.raises(SettingsError, match="no"):
        edit_texts({tmp_path / "a": with_line("x"), tmp_path / "b": refuse})
    assert (tmp_path / "a").read_text() == "a\n"
    assert names_in(tmp_path) == {"a"}
    assert edit_texts({tmp_path / "a": with_line("x"), tmp_path / "b": with_line("y"), tmp_path / "c": str}) == 2
    assert names_in(tmp_path) == {"a", "b"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"one\r\ntwo\r\n", b"one\r\ntwo\r\nthree\r\n"),
        (b"\xef\xbb\xbfone\n", b"\xef\xbb\xbfone\nthree\n"),
        (b"one\r\ntwo\n", b"one\ntwo\nthree\n"),
        (b"", b"three\n"),
    ],
)
def test_line_endings_and_a_byte_order_mark_stay(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "text"
    path.write_bytes(before)
    edit_text(path, with_line("three"))
    assert path.read_bytes() == after
    edit_text(path, str)
    assert path.read_bytes() == after


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"caf\xe9\n")
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        edit_text(path, with_line("x"))
    assert path.read_bytes() == b"caf\xe9\n"


# -- permissions and links -------------------------------------------------------------


@_POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "text"
    path.write_text("a\n")
    path.chmod(mode)
    edit_text(path, with_line("b"))
    assert stat.S_IMODE(path.stat().st_mode) == mode


@_POSIX
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_root_leaves_a_file_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("a\n")
    os.chown(path, 65534, 65534)
    edit_text(path, with_line("b"))
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


@_POSIX
def test_a_private_file_and_its_folder_are_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "text"
    edit_text(path, with_line("b"), private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@_POSIX
def test_a_link_stays_a_link_and_leads_nowhere_it_must_not(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "target").write_text("a\n")
    (inside / "near").symlink_to("target")
    (inside / "far").symlink_to(outside / "target")
    assert edit_text(inside / "near", with_line("b"), within=(inside,))
    assert (inside / "near").is_symlink()
    assert (inside / "target").read_text() == "a\nb\n"
    with pytest.raises(SettingsError, match=r"far is a link that leads out of the archive"):
        edit_text(inside / "far", with_line("b"), within=(inside,))
    assert (outside / "target").read_text() == "a\n"
    assert edit_text(inside / "far", with_line("b"))
    assert (inside / "far").is_symlink()
    assert (outside / "target").read_text() == "a\nb\n"


@contextmanager
def _nobody() -> Iterator[Path]:
    """A folder of an ordinary user, whose rights this process has meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "own"
        Path(name).chmod(0o755)
        folder.mkdir()
        user = 65534 if os.geteuid() == 0 else os.geteuid()
        os.chown(folder, user, -1)
        before = os.geteuid()
        os.seteuid(user)
        try:
            yield folder
        finally:
            os.seteuid(before)
            folder.chmod(0o755)


@_POSIX
def test_what_may_not_be_written_is_not(tmp_path: Path) -> None:
    with _nobody() as folder:
        path = folder / "people.yaml"
        path.write_text("a\n")
        path.chmod(0o444)
        with pytest.raises(SettingsError, match=r"people\.yaml cannot be written: it is read-only; nothing was saved"):
            edit_text(path, with_line("b"))
        path.chmod(0o644)
        folder.chmod(0o555)
        with pytest.raises(SettingsError, match=r"people\.yaml cannot be written: Permission denied"):
            edit_text(path, with_line("b"))
        assert names_in(folder) == {"people.yaml"}
        assert path.read_text() == "a\n"


# -- the lock --------------------------------------------------------------------------

_HOLDER = """
import sys, time
from pathlib import Path
from archive.util.atomic_files import edit_text
edit_text(Path(sys.argv[1]), lambda text: print("held", flush=True) or time.sleep(60) or text)
"""


@_POSIX
def test_a_lock_is_waited_for_not_for_ever_and_ends_with_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PATIENCE", 0.05)
    path = tmp_path / "text"
    with subprocess.Popen([sys.executable, "-c", _HOLDER, path], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(SettingsError, match=r"another process has been changing files in .*; nothing was saved"):
            edit_text(path, with_line("mine"))
        holder.kill()
    assert edit_text(path, with_line("mine"))
    assert names_in(tmp_path) == {"text"}


@_POSIX
def test_where_a_folder_cannot_be_locked_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import fcntl

    genuine = fcntl.flock

    def flock(descriptor: int, operation: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EBADF, "a folder")
        genuine(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    test_threads_take_turns(tmp_path)
    assert names_in(tmp_path) == {"number", ".archive-lock"}
