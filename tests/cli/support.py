"""Running the command line inside the test process, as a script sees it from outside."""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive import Archive
from archive.cli import main

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = REPOSITORY / "tests" / "fixtures" / "small"
GOLDEN = REPOSITORY / "tests" / "golden"
_TIMES = re.compile(rb'"took_ms": [\d.]+')


@dataclass(frozen=True)
class Result:
    """What a run left behind."""

    code: int
    out: str
    err: str
    raw: bytes


@contextmanager
def _streams(stdin: bytes) -> Iterator[tuple[io.BytesIO, io.StringIO]]:
    saved = sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.StringIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    sys.stdout = io.TextIOWrapper(out, "ascii", "strict", write_through=True)  # UTF-8 must not depend on it
    sys.stderr = err
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = saved


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """`archive …` in this process."""
    with _streams(stdin) as (out, err):
        code = main([str(argument) for argument in arguments])
        raw = out.getvalue()
    assert code in (0, 1, 2, 130)
    return Result(int(code), raw.decode("utf-8"), err.getvalue(), raw)


def dinner_archive(root: Path, article: str) -> Path:
    """An indexed archive of one article about Ada Byrne, Max Cole, Rosa Lind and the Harbour Rooms, all recorded."""
    with Archive.create(root) as archive:
        corpus = root / "corpus"
        (corpus / "dinner.md").write_text(article, "utf-8")
        (corpus / "people.yaml").write_text("- name: Ada Byrne\n- name: Max Cole\n- name: Rosa Lind\n", "utf-8")
        (corpus / "venues.yaml").write_text("- name: Harbour Rooms\n", "utf-8")
        archive.index()
    return root


def golden(path: Path, command: str, code: int = 0) -> Result:
    """Run a command, and compare what it writes with a golden file to the byte; times apart.

    GOLDEN_WRITE=1 rewrites the files; check the diff before committing it.
    """
    result = run(*shlex.split(command))
    written = _TIMES.sub(b'"took_ms": 0', result.raw)
    if os.environ.get("GOLDEN_WRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written)
    assert (path.name, result.code) == (path.name, code), result.err
    assert written == path.read_bytes(), path.name
    return result
