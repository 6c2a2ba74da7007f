"""The papers of `../shared/data` as one source, fewer or more of them: this engine and its peers are built from it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"
PAPERS = 95_562


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from lines


def _again_and_again(path: Path) -> Iterator[str]:
    """The papers without end, those repeated under new ids."""
    yield from _lines(path)
    for time in count(1):
        for line in _lines(path):
            paper = json.loads(line)
            yield json.dumps(paper | {"id": f"{paper['id']}-{time}"}, ensure_ascii=False) + "\n"


def write_papers(target: Path, articles: int) -> None:
    """Write so many papers as JSON Lines, compressed: the first ones, or all of them again and again."""
    papers = SHARED / "data" / "papers.jsonl.gz"
    if articles == PAPERS:
        shutil.copyfile(papers, target)
        return
    with gzip.open(target, "wt", compresslevel=1, encoding="utf-8") as out:
        out.writelines(islice(_again_and_again(papers), articles))
