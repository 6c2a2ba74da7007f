"""Where the authority files are, and whether they are others than before; nothing in them is understood here.

A search asks so much of them, and should not wait for what reads them.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from archive.config.settings import CORPUS_DIR
from archive.util.atomic_files import open_regular_file

FILES = {"person": "people.yaml", "venue": "venues.yaml"}
#: The most bytes of one that are read.
MAX_BYTES = 64 * 1024 * 1024


def places(root: Path, file: str, *, links_outside: bool) -> list[Path]:
    """Where an authority file is, the one that counts first; links that lead out only with `links_outside`."""
    there = [place for place in (root / CORPUS_DIR / file, root / file) if place.is_file()]
    return [place for place in there if links_outside or _inside(root, place)]


def _inside(root: Path, place: Path) -> bool:
    return any(place.resolve().is_relative_to(base.resolve()) for base in (root, root / CORPUS_DIR))


def names_digest(root: Path, *, links_outside: bool = False) -> str:
    """The digest of the authority files, as `archive.names.authority.records.load_names` has it."""
    digest = hashlib.sha256()
    for file in FILES.values():
        for place in places(root, file, links_outside=links_outside)[:1]:
            with suppress(OSError), open_regular_file(place) as stream:
                digest.update(stream.read(MAX_BYTES + 1))
        digest.update(b"\0")
    return digest.hexdigest()[:16]
