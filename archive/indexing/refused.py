"""Articles that the engine did not take: noted at every commit, and in a file for people and scripts to see.

`index/refused.jsonl` has one line for each, with its id, file and line. They are tried again by
every `archive index`; the file goes when all of them are in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from archive.engine.protocol import Writer
from archive.indexing.ledger import Ledger, Row
from archive.util.atomic_files import create_file

REFUSED = "refused.jsonl"


def commit(writer: Writer, ledger: Ledger, *, final: bool) -> list[Row]:
    """Commit what was written; returns what the engine would not take, the files of which are to be read again."""
    writer.commit(final=final)
    refused = []
    for refusal in writer.refused():
        if (row := ledger.get(refusal.id)) is not None:
            ledger.refuse(row, refusal.why)
            refused.append(row)
    return refused


def write_refused(path: Path, rows: Sequence[Row]) -> None:
    """Write the file, or remove it where nothing was refused."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    said = ({"id": row.id, "path": row.path, "line": row.line} for row in rows)
    with create_file(path) as file:
        file.writelines(f"{json.dumps(line, ensure_ascii=False)}\n".encode() for line in said)
