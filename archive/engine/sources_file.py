"""The file that holds a generation's table of sources: which files of the corpus it was made from.

What is in the table is for `archive.indexing.sources`; an engine keeps it with the generation. It is
written whole, under a name that nothing had before, and then named with its size and digest by what
makes the generation current: the manifest of the embedded engine, the metadata of an index on a
server. So the two appear in one step, and a table that belongs to another generation is never read.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from archive.util.atomic_files import create_file, open_regular_file, sync_file

#: The largest table that is read: of some ten million files.
_MOST_BYTES = 1 << 31
_NAME = re.compile(r"(MAIN|opensearch)_[0-9a-f]{16}\.sources")


class SourcesFile(NamedTuple):
    """A file with a table of sources, as a generation names it; see `parse` for what was read from elsewhere."""

    name: str
    size: int
    digest: str

    @classmethod
    def parse(cls, said: Any) -> SourcesFile | None:
        """What a manifest says, or None for nothing; raises ValueError where that cannot be."""
        if said is None:
            return None
        name, size, digest = said
        fits = isinstance(name, str) and _NAME.fullmatch(name) and isinstance(digest, str)
        if not (fits and type(size) is int and 0 <= size <= _MOST_BYTES):
            raise ValueError("invalid sources file")
        return cls(name, size, digest)

    def read(self, folder: Path) -> bytes | None:
        """The table; None where the file is not what was written, or not on this machine."""
        try:
            with open_regular_file(folder / self.name) as file:
                if os.fstat(file.fileno()).st_size != self.size:
                    return None
                data = file.read(self.size)
        except OSError:
            return None
        return data if _digest(data) == self.digest else None


def write_sources_file(folder: Path, prefix: str, table: bytes) -> SourcesFile:
    """Write a table onto the disk, into a new file; nothing names it yet."""
    made = SourcesFile(f"{prefix}_{os.urandom(8).hex()}.sources", len(table), _digest(table))
    with create_file(folder / made.name) as file:
        file.write(table)
        sync_file(file)
    return made


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
