"""The file of a segment: named sections of little-endian numbers or bytes, and a JSON header.

    magic      8 bytes: "ARCHSEG" and a line feed
    sections   one after the other, each beginning at a multiple of 64 bytes
    header     JSON: {"version": 1, "segment": {…}, "sections": {name: [offset, bytes, type, digest]}}
    tail       8 bytes each: the header's offset, its length, the magic again

`type` is a numpy type code ("<u4", "|u1" …) and `digest` the BLAKE2b (16 bytes, hex) of the
section's bytes. The header stands at the end so that sections are written as they are made.
Nothing in the file is pickled; it is mapped into memory, and only what is used is read.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from archive.errors import IndexUnusableError

VERSION = 1
MAGIC = b"ARCHSEG\n"
#: What a spool keeps in memory.
_SPOOLED_BYTES = 64 * 1024 * 1024
_ALIGN = 64
_TAIL = 24


class Spool:
    """Bytes that will be a section once all of them are there: in memory, or beyond that in a nameless file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[memoryview] = []
        self._size = 0
        self._file: BinaryIO | None = None

    def write(self, values: NDArray[Any] | bytes) -> None:
        """Add bytes, or an array as it is in memory."""
        part = memoryview(values) if isinstance(values, bytes) else np.ascontiguousarray(values).view(np.uint8).data
        self._parts.append(part)
        self._size += len(part)
        if self._size > _SPOOLED_BYTES:
            self._file = self._file or tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 (closed when let go of)
            self._file.writelines(self._parts)
            self._parts, self._size = [], 0

    def __iter__(self) -> Iterator[bytes | memoryview]:
        if self._file is not None:
            self._file.seek(0)
            yield from iter(lambda: self._file.read(1 << 20) if self._file else b"", b"")
        yield from self._parts


class SectionWriter:
    """Writes the sections of one file; nothing is valid before `finish`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._folder = Path(file.name).parent
        self._sections: dict[str, tuple[int, int, str, str]] = {}
        self._at = file.write(MAGIC)

    def spool(self) -> Spool:
        """Where to gather a section while others are written."""
        return Spool(self._folder)

    def add(self, name: str, values: NDArray[Any] | bytes) -> None:
        """Write one section; arrays are stored in little-endian order."""
        if isinstance(values, bytes):
            self.add_all(name, [values], "|u1")
        else:
            values = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
            self.add_all(name, [values.view(np.uint8).data], values.dtype.str)

    def add_all(self, name: str, parts: Iterable[bytes | memoryview], kind: str) -> None:
        """Write one section from its parts; `kind` is the type code of its numbers."""
        self._at += self._file.write(bytes(-self._at % _ALIGN))
        begin, digest = self._at, hashlib.blake2b(digest_size=16)
        for part in parts:
            digest.update(part)
            self._at += self._file.write(part)
        self._sections[name] = (begin, self._at - begin, kind, digest.hexdigest())

    def finish(self, about: dict[str, Any]) -> None:
        """Write the header, with `about` as what the segment says of itself."""
        header = json.dumps({"version": VERSION, "segment": about, "sections": self._sections}).encode()
        self._file.write(header)
        self._file.write(self._at.to_bytes(8, "little") + len(header).to_bytes(8, "little") + MAGIC)


class SectionFile:
    """A segment's file, mapped into memory; `about` is what it says of itself.

    Raises IndexUnusableError for a file that is not one, or of an unknown version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:
                raise self._damaged("it is empty") from None
        self._view = memoryview(self._map)
        header = self._header()
        if header.get("version") != VERSION:
            raise IndexUnusableError(
                f"{path.name} has format version {header.get('version')}, and this program reads {VERSION}; "
                f"run `archive index --full`"
            )
        self.about: dict[str, Any] = header["segment"]
        self._sections: dict[str, list[Any]] = header["sections"]

    def _header(self) -> dict[str, Any]:
        tail = bytes(self._view[-_TAIL:])
        if len(self._view) < _TAIL + len(MAGIC) or tail[16:] != MAGIC or self._view[: len(MAGIC)] != MAGIC:
            raise self._damaged("it is cut off, or no segment")
        offset, length = int.from_bytes(tail[:8], "little"), int.from_bytes(tail[8:16], "little")
        try:
            header = json.loads(bytes(self._view[offset : offset + length]))
        except ValueError:
            raise self._damaged("its header cannot be read") from None
        return header if isinstance(header, dict) else {}

    def _damaged(self, why: str) -> IndexUnusableError:
        return IndexUnusableError(f"the segment {self.path.name} is damaged ({why}); run `archive index --full`")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The map is let go of with the last array on it."""

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    @property
    def names(self) -> list[str]:
        """The names of all sections."""
        return list(self._sections)

    def array(self, name: str) -> NDArray[Any]:
        """A section as a read-only array on the mapped file."""
        offset, length, kind, _ = self._section(name)
        dtype = np.dtype(kind)
        return np.frombuffer(self._view, dtype, length // dtype.itemsize, offset) if length else np.empty(0, dtype)

    def bytes(self, name: str) -> memoryview:
        """A section as bytes on the mapped file."""
        offset, length, _, _ = self._section(name)
        return self._view[offset : offset + length]

    def _section(self, name: str) -> list[Any]:
        try:
            return self._sections[name]
        except KeyError:
            raise self._damaged(f"it has no section {name}") from None

    def damaged_sections(self) -> list[str]:
        """The names of sections whose bytes are not those that were written; reads them all."""
        return [
            name
            for name, (offset, length, _, digest) in self._sections.items()
            if hashlib.blake2b(self._view[offset : offset + length], digest_size=16).hexdigest() != digest
        ]
