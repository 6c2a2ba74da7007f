"""The file of a segment: named sections of little-endian numbers or bytes, and a JSON header.

    magic      8 bytes: "ARCHSEG" and a line feed
    sections   one after the other, each beginning at a multiple of 64 bytes
    sums       of every page of every section the lower 32 bits of its XXH3 (64 bits), four bytes each
    header     JSON: {"version": 5, "segment": {…}, "sections": {name: [offset, bytes, type, digest, sum, page]}}
    tail       the header's offset and its length (8 bytes each), its digest (16), the magic again

`type` is a numpy type code ("<u4", "|u1" …), `digest` the BLAKE2b (16 bytes, hex) of the section's
bytes, `sum` the number of its first page's sum, and `page` the binary logarithm of its pages' size: 8 KiB, or
4 KiB where numbers are read one by one. "sums" is a section too. The header stands at
the end so that sections are written as they are made. Nothing in the file is pickled; it is mapped
into memory, only what is used is read, and nothing is used before its pages were found sound.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from archive.errors import IndexDamagedError, IndexUnusableError
from archive.util.atomic_files import NotARegularFileError, open_regular_file

_Number = TypeVar("_Number", bound=np.generic)
#: Numbers as they are written, by numpy's type codes.
_KIND = re.compile(r"[<|][iu][1248]")


def validate_metadata(about: Any, size: int) -> bool:
    """Whether what a header says of its segment, in a file of `size` bytes, is of the kinds that are written."""
    return (
        isinstance(about, dict)
        and _is_number(about.get("documents"))
        and about["documents"] <= size  # each has an id, at the least
        and isinstance(about.get("fields"), list)
        and all(isinstance(name, str) for name in about["fields"])
        and isinstance(about.get("lengths"), dict)
        and all(map(_is_number, about["lengths"].values()))
    )


def fits_sections(sections: Any, size: int, sums_name: str) -> bool:
    """Whether every section lies in a file of `size` bytes, and every page of it has its sum."""
    if not isinstance(sections, dict) or not all(_is_section(each) for each in sections.values()):
        return False
    sums = sections.get(sums_name, (0, 0))[1] // 4
    return all(
        offset + length <= size
        and length % int(kind[2]) == 0
        and (name == sums_name or first_sum + -(-length >> bits) <= sums)
        for name, (offset, length, kind, _, first_sum, bits) in sections.items()
    )


def _is_section(said: Any) -> bool:
    return (
        isinstance(said, list)
        and len(said) == 6
        and all(map(_is_number, (said[0], said[1], said[4], said[5])))
        and said[5] <= _PAGE_BITS
        and isinstance(said[2], str)
        and _KIND.fullmatch(said[2]) is not None
        and isinstance(said[3], str)
    )


def _is_number(value: Any) -> bool:
    return type(value) is int and value >= 0


VERSION = 5
MAGIC = b"ARCHSEG\n"
#: What a spool keeps in memory.
_SPOOLED_BYTES = 64 * 1024 * 1024
_ALIGN = 64
_TAIL = 40
#: Pages are small enough to check the few that a query reads, and large enough to have few sums: of lists that are read
#: as a whole 8 KiB, and where a number is read here and there 4 KiB, as those of the system.
_PAGE_BITS = 13
_SMALL_PAGE_BITS = 12
_SUMS = "sums"


def page_sum(page: memoryview | bytearray) -> int:
    """The sum by which damage to a page is found: of XXH3, which takes an eighth of the time of a CRC-32."""
    return xxh3_64_intdigest(page) & 0xFFFFFFFF


class SpillBuffer:
    """Bytes that are needed once all of them are there: in memory, or beyond that in a file without a name in `folder`.

    They are read once, in one of three ways, and gone then.

    kept  bytes that it keeps in memory
    """

    def __init__(self, folder: Path, kept: int = _SPOOLED_BYTES) -> None:
        self._folder, self._kept = folder, kept
        self._parts: list[memoryview] = []
        self._size = self._spilled = 0
        self._file: BinaryIO | None = None

    def write(self, values: NDArray[Any] | bytes) -> None:
        """Add bytes, or an array as it is in memory."""
        part = memoryview(values) if isinstance(values, bytes) else np.ascontiguousarray(values).view(np.uint8).data
        if not len(part):
            return
        self._parts.append(part)
        self._size += len(part)
        if self._size > self._kept:
            import tempfile

            self._file = self._file or tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 (closed when let go of)
            self._file.writelines(self._parts)
            self._spilled += self._size
            self._parts, self._size = [], 0

    @property
    def in_memory(self) -> int:
        """The bytes that are in memory."""
        return self._size

    def __iter__(self) -> Iterator[bytes | memoryview]:
        if self._file is not None:
            self._file.seek(0)
            yield from iter(lambda: self._file.read(1 << 20) if self._file else b"", b"")
        yield from self._parts
        self._close()

    def array(self, kind: type[_Number]) -> NDArray[_Number]:
        """All that was written, as numbers of one kind."""
        whole = np.empty(self._spilled + self._size, np.uint8)
        at = 0
        if self._file is not None:
            self._file.seek(0)
            at = self._file.readinto(whole[: self._spilled])  # type: ignore[attr-defined]
        for part in self._parts:
            whole[at : at + len(part)] = part
            at += len(part)
        self._close()
        return whole.view(kind)

    def arrays(self, kind: type[_Number], lengths: Iterable[int]) -> Iterator[NDArray[_Number]]:
        """The arrays that were written, numbers of one kind, by their lengths."""
        left, parts = self._spilled, iter(self._parts)
        if self._file is not None:
            self._file.seek(0)
        for length in lengths:
            size = length * np.dtype(kind).itemsize
            if not size:
                yield np.empty(0, kind)
            elif left and self._file is not None:
                yield np.frombuffer(self._file.read(size), kind)
                left -= size
            else:
                yield np.frombuffer(next(parts), kind)
        self._close()

    def _close(self) -> None:
        self._parts = []
        if self._file is not None:
            self._file.close()


class SegmentFileWriter:
    """Writes the sections of one file; nothing is valid before `finish`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._folder = Path(file.name).parent
        self._sections: dict[str, tuple[int, int, str, str, int, int]] = {}
        self._sums = array("I")
        self._at = file.write(MAGIC)

    def spool(self) -> SpillBuffer:
        """Where to gather a section while others are written."""
        return SpillBuffer(self._folder)

    def add(self, name: str, values: NDArray[Any] | bytes, *, sparse: bool = False) -> None:
        """Write one section; arrays are stored in little-endian order.

        sparse  whether numbers will be read here and there: its pages are small
        """
        if isinstance(values, bytes):
            self.add_all(name, [values], "|u1", sparse=sparse)
        else:
            values = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
            self.add_all(name, [values.view(np.uint8).data], values.dtype.str, sparse=sparse)

    def add_all(self, name: str, parts: Iterable[bytes | memoryview], kind: str, *, sparse: bool = False) -> None:
        """Write one section from its parts; `kind` is the type code of its numbers, `sparse` as in `add`."""
        bits = _SMALL_PAGE_BITS if sparse else _PAGE_BITS
        whole = 1 << bits
        self._at += self._file.write(bytes(-self._at % _ALIGN))
        begin, digest, first_sum = self._at, hashlib.blake2b(digest_size=16), len(self._sums)
        page = bytearray()  # one that is not full
        for some in parts:
            part = memoryview(some)
            digest.update(part)
            first = -len(page) % whole
            page += part[:first]
            if len(page) == whole:
                self._sums.append(page_sum(page))
                page.clear()
            for at in range(first, len(part), whole):
                if len(part) - at < whole:
                    page += part[at:]
                else:
                    self._sums.append(page_sum(part[at : at + whole]))
            self._at += self._file.write(part)
        if page:
            self._sums.append(page_sum(page))
        self._sections[name] = (begin, self._at - begin, kind, digest.hexdigest(), first_sum, bits)

    def read(self) -> WrittenSections:
        """The sections written so far, to be read."""
        self._file.flush()
        return WrittenSections(Path(self._file.name), dict(self._sections), array("I", self._sums))

    def finish(self, about: dict[str, Any]) -> tuple[int, str]:
        """Write the header, with `about` as what the segment says of itself; returns the file's size and digest.

        The digest is the header's, which holds those of all sections.
        """
        self.add(_SUMS, np.array(self._sums, np.uint32))
        header = json.dumps({"version": VERSION, "segment": about, "sections": self._sections}).encode()
        self._file.write(header)
        digest = hashlib.blake2b(header, digest_size=16).digest()
        self._file.write(self._at.to_bytes(8, "little") + len(header).to_bytes(8, "little") + digest + MAGIC)
        return self._at + len(header) + _TAIL, digest.hex()


def damage_mark(path: Path) -> Path:
    """The file that says of a segment's file that damage was found in it."""
    return path.with_suffix(".damaged")


class Sections:
    """The sections of a file, mapped into memory: of a whole segment, or what was written so far."""

    _sections: Mapping[str, Sequence[Any]]
    _sums: memoryview

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            opened = open_regular_file(path)
        except NotARegularFileError as error:
            raise self.damaged(str(error.strerror)) from None
        with opened as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:
                raise self.damaged("it is empty") from None
        self._view = memoryview(self._map)
        self._checked: set[str] = set()

    def damaged(self, why: str) -> IndexDamagedError:
        """The error to raise; leaves the mark for the next writer."""
        self._note_damage()
        return IndexDamagedError(f"the segment {self.path.name} is damaged ({why})", "run `archive index --full`")

    def _note_damage(self) -> None:
        """Leave a mark beside the file: a reader cannot mend it, and the next writer reads but its header."""
        with suppress(OSError):
            damage_mark(self.path).touch(mode=0o600)

    def __contains__(self, name: str) -> bool:
        return name in self._sections

    def array(self, name: str) -> NDArray[Any]:
        """A section as a read-only array on the mapped file; raises IndexDamagedError if it is damaged."""
        values = self._raw(name)
        if name not in self._checked:
            CheckedPages(self, name, values).part(0, len(values))
            self._checked.add(name)
        return values

    def pages(self, name: str) -> CheckedPages:
        """A section of which only the pages that are used are checked."""
        return CheckedPages(self, name, self._raw(name))

    def drop_pages(self) -> None:
        """Have the system take back the memory of all that was read: for who reads a file once, and as a whole."""
        if sys.platform == "linux":
            self._map.madvise(mmap.MADV_DONTNEED)

    def checked_pages(self, name: str) -> tuple[memoryview, memoryview, int]:
        """The bytes of a section, the sum of each of its pages, and the binary logarithm of the pages' size."""
        offset, length, _, _, first_sum, bits = self._section(name)
        return self._view[offset : offset + length], self._sums[first_sum : first_sum - (-length >> bits)], bits

    def _raw(self, name: str) -> NDArray[Any]:
        offset, length, kind, *_ = self._section(name)
        dtype = np.dtype(kind)
        return np.frombuffer(self._view, dtype, length // dtype.itemsize, offset) if length else np.empty(0, dtype)

    def _section(self, name: str) -> Sequence[Any]:
        try:
            return self._sections[name]
        except KeyError:
            raise self.damaged(f"it has no section {name}") from None


class WrittenSections(Sections):
    """What was written so far of a segment's file."""

    def __init__(self, path: Path, sections: Mapping[str, Sequence[Any]], sums: array[int]) -> None:
        super().__init__(path)
        self._sections, self._sums = sections, memoryview(sums)


class SegmentFileReader(Sections):
    """A segment's file, mapped into memory; `about` is what it says of itself.

    size, digest   as `SegmentFileWriter.finish` returned them, if known

    Raises IndexDamagedError for a file that is not that one, IndexUnusableError for one of
    an unknown version.
    """

    def __init__(self, path: Path, size: int = 0, digest: str = "") -> None:
        super().__init__(path)
        if size and size != len(self._view):
            raise self.damaged(f"it has {len(self._view):,} bytes instead of {size:,}")
        header = self._header(digest)
        if not isinstance(header, dict) or header.get("version") != VERSION:
            version = header.get("version") if isinstance(header, dict) else None
            raise IndexUnusableError(
                f"{path.name} has format version {version!r:.20}, and this program reads {VERSION}",
                "run `archive index --full`",
            )
        self.metadata: dict[str, Any] = header.get("segment", {})
        self._sections: dict[str, list[Any]] = header.get("sections", {})
        held = len(self._view)
        if not (validate_metadata(self.metadata, held) and fits_sections(self._sections, held, _SUMS)):
            raise self.damaged("its header is invalid")
        self._sums = memoryview(self._raw(_SUMS).data)
        if not self._sound(_SUMS):
            raise self.damaged("its checksums do not match")

    def _header(self, digest: str) -> Any:
        tail = bytes(self._view[-_TAIL:])
        if len(self._view) < _TAIL + len(MAGIC) or tail[32:] != MAGIC or self._view[: len(MAGIC)] != MAGIC:
            raise self.damaged("it is truncated, or not a segment")
        offset, length = int.from_bytes(tail[:8], "little"), int.from_bytes(tail[8:16], "little")
        header = bytes(self._view[offset : offset + length])
        found = hashlib.blake2b(header, digest_size=16).hexdigest()
        if found != tail[16:32].hex() or (digest and found != digest):
            raise self.damaged("its header's checksum does not match")
        try:
            return json.loads(header)
        except (ValueError, RecursionError):
            raise self.damaged("its header cannot be read") from None

    @property
    def names(self) -> list[str]:
        """The names of all sections."""
        return list(self._sections)

    def _sound(self, name: str) -> bool:
        offset, length, _, digest, *_ = self._section(name)
        return hashlib.blake2b(self._view[offset : offset + length], digest_size=16).hexdigest() == digest

    def damaged_sections(self) -> list[str]:
        """The names of sections whose bytes are not those that were written; reads them all, and what is between."""
        damaged = [name for name in self._sections if not self._sound(name)]
        end = len(MAGIC)
        for offset, length, *_ in sorted(self._sections.values()):
            if any(self._view[end:offset]):
                damaged.append("the space between sections")
            end = offset + length
        if damaged:
            self._note_damage()
        return damaged


class CheckedPages:
    """A section checked page by page as its numbers are used; raises IndexDamagedError where they are damaged."""

    def __init__(self, file: Sections, name: str, values: NDArray[Any]) -> None:
        self._file, self._name, self._values = file, name, values
        self._items = values.data  # a number from it costs half as much
        self._bytes, self._sums, self._page_bits = file.checked_pages(name)
        #: A number's place shifted right by so many bits is its page.
        self._bits = self._page_bits - values.itemsize.bit_length() + 1
        self._checked = bytearray(len(self._sums))

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: int) -> int:
        """The number at a place, counted from the beginning."""
        page = place >> self._bits
        if not self._checked[page]:
            self._check_page(page)
        number: int = self._items[place]
        return number

    def pair(self, place: int) -> tuple[int, int]:
        """The number at a place and the next: where something begins and ends."""
        checked, page, next_page = self._checked, place >> self._bits, (place + 1) >> self._bits
        if not checked[page]:
            self._check_page(page)
        if not checked[next_page]:
            self._check_page(next_page)
        return self._items[place], self._items[place + 1]

    def last_not_above(self, number: int) -> int:
        """The place of the last of ascending numbers that is not above another; -1 if all are."""
        place = bisect_right(self._items, number) - 1
        # Unchecked pages only lead the way: what they lead to is checked.
        last = len(self._items) - 1
        if (place >= 0 and self[place] > number) or (place < last and self[place + 1] <= number):
            self._check(0, last + 1)
        return place

    def part(self, first: int, last: int) -> NDArray[Any]:
        """The numbers from place `first` to before `last`."""
        self._check(first, last)
        return self._values[first:last]

    def take(self, places: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """The numbers at some places, ascending."""
        if len(places):
            first, last = int(places[0]) >> self._bits, int(places[-1]) >> self._bits
            if self._checked.find(0, first, last + 1) >= 0:
                used = np.zeros(last - first + 1, np.bool_)
                used[(places >> self._bits) - first] = True
                for page in (used.nonzero()[0] + first).tolist():
                    if not self._checked[page]:
                        self._check_page(page)
        return self._values.take(places)

    def items(self, first: int, last: int) -> Sequence[int]:
        """The same, each of which is an int that is quickly read."""
        self._check(first, last)
        return self._items[first:last]

    def bytes(self, first: int, last: int) -> bytes:
        """The same as bytes, for a section of bytes."""
        self._check(first, last)
        return bytes(self._items[first:last])

    def _check(self, first: int, last: int) -> None:
        if first >= last:
            return
        begin, last_page = first >> self._bits, (last - 1) >> self._bits
        if begin == last_page:  # as nearly always
            if not self._checked[begin]:
                self._check_page(begin)
        elif self._checked.find(0, begin, last_page + 1) >= 0:
            for page in range(begin, last_page + 1):
                if not self._checked[page]:
                    self._check_page(page)

    def _check_page(self, page: int) -> None:
        bits = self._page_bits
        if page_sum(self._bytes[page << bits : page + 1 << bits]) != self._sums[page]:
            raise self._file.damaged(f"in {self._name}")
        self._checked[page] = 1
