"""The retry file: articles that the engine did not take, for people and scripts to see.

`index/refused.jsonl` has one line for each, with its id, file and line. They are tried again by
every `archive index`; the file goes when all of them are in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from archive.indexing.ledger import Row

REFUSED = "refused.jsonl"


def write_refused(path: Path, rows: Sequence[Row]) -> None:
    """Write the file, or remove it where nothing was refused."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    said = ({"id": row.id, "path": row.path, "line": row.line} for row in rows)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in said), "utf-8")
