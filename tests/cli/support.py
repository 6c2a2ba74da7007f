"""Running the command line inside the test process, as a script sees it from outside."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.cli import main

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = REPOSITORY / "tests" / "fixtures" / "small"
GOLDEN = REPOSITORY / "tests" / "golden"


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
