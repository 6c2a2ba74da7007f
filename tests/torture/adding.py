"""`add` that is killed at any operation on files: nothing half written, the same id on the next try, nothing left."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from unittest import mock

from archive import Archive
from archive.indexing.isolated_readers import Readers
from archive.model.article import Article

_OPERATIONS = frozenset(("open", "os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"))
_METADATA = {"title": "The Pier", "date": "1994-07", "people": ("Ada Byrne",)}
_ID = "1994-07-the-pier"
_CONTENTS = {
    ".md": b"A quiet evening at the pier.",
    ".html": b"<html><body><p>A quiet evening at the pier, with Ada Byrne and a dog.</p></body></html>",
}


def adding(folder: Path) -> dict[str, int]:
    """Kill `add` at each of its operations, for a text and for a page with a sidecar; returns what was counted."""
    temporary = folder / "temporary"
    temporary.mkdir()
    kills = 0
    reading = mock.patch.object(Readers, "_is_read_apart", return_value=False)  # in this process, to be fast
    with mock.patch.object(tempfile, "tempdir", str(temporary)), reading:
        for suffix, content in _CONTENTS.items():
            corpus = folder / suffix.strip(".") / "corpus"
            corpus.mkdir(parents=True)
            with Archive.open(corpus.parent) as archive:

                def add(archive: Archive = archive, content: bytes = content, suffix: str = suffix) -> Article:
                    return archive.add(content, suffix=suffix, metadata=_METADATA)

                assert add().id == _ID  # everything is loaded now
                whole = _emptied(corpus)
                for at in count():
                    if not _killed(add, at, folder):
                        break
                    kills += 1
                    shown = {name: data for name, data in _files(corpus).items() if not name.startswith(".")}
                    assert shown.items() <= whole.items(), f"half written by operation {at}: {shown}"
                    again = add()
                    assert again.id == _ID, f"{again.id} after a kill at operation {at}"
                    archive.index()
                    assert _files(corpus) == whole, f"left behind by operation {at}: {_files(corpus)}"
                    assert archive.get(_ID).path == again.path
                    assert list(temporary.iterdir()) == []
                    _emptied(corpus)
                    archive.index()
    return {"kills": kills, "half written": 0, "other ids": 0, "left behind": 0}


def _killed(add: Callable[[], Article], at: int, folder: Path) -> bool:
    """Run `add` in a copy of this process, and kill that before its operation number `at`; whether there was one."""
    child = os.fork()
    if child == 0:
        done = 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal done
            if event in _OPERATIONS and isinstance(arguments[0], str | Path) and str(folder) in str(arguments[0]):
                if done == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                done += 1

        try:
            sys.addaudithook(hook)
            add()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _emptied(folder: Path) -> dict[str, bytes]:
    """Remove the files of a folder; what they were."""
    files = _files(folder)
    for path in folder.iterdir():
        path.unlink()
    return files
