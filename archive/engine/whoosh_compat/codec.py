"""The codec by which Whoosh reads our segments: its searchers, matchers, highlighter and spelling.

Segments are written by `archive.engine.local.writer` alone; Whoosh's own writer is refused,
as it knows nothing of doc values and stored articles. The table of contents by which Whoosh finds the
segments of a generation is a pickle, and this program never reads it: what it needs is in the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.util.numeric import byte_to_length

from archive.engine.local.manifest import NAME, IndexMeta
from archive.engine.local.segment.postings import FieldReader
from archive.engine.local.segment.segment import SegmentReader
from archive.engine.stored import decode_body, decode_meta
from archive.engine.whoosh_compat.whoosh_schema import META

EXTENSION = ".seg"


class ColumnarCodec(base.Codec):  # type: ignore[misc]
    """See `whoosh.codec.base.Codec`."""

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        raise TypeError("this index is written by `archive index`, not by Whoosh's own writer")

    field_writer = per_document_writer

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        raise TypeError("this index is written by `archive index`, not by Whoosh's own writer")

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        raise TypeError("postings are read through the terms reader")

    def terms_reader(self, storage: Any, segment: Any) -> ColumnarTerms:
        return ColumnarTerms(segment.open(storage))

    def per_document_reader(self, storage: Any, segment: Any) -> ColumnarDocuments:
        return ColumnarDocuments(segment.open(storage), segment)

    def new_segment(self, storage: Any, indexname: str) -> ColumnarSegment:
        return ColumnarSegment(indexname)


class ColumnarSegment(base.Segment):  # type: ignore[misc]
    """A segment as the table of contents names it: its file, its size, and what is deleted in it."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self.segid = self._random_id()
        self._count = 0
        self._deleted: frozenset[int] = frozenset()

    @classmethod
    def listed(cls, segment_id: str, documents: int, deleted: frozenset[int]) -> ColumnarSegment:
        """The segment that a manifest names."""
        segment = cls("MAIN")
        segment.segid, segment._count, segment._deleted = segment_id, documents, deleted
        return segment

    def codec(self, **_: Any) -> ColumnarCodec:
        return ColumnarCodec()

    @property
    def filename(self) -> str:
        """The name of its file."""
        return str(self.make_filename(EXTENSION))

    def open(self, storage: Any) -> SegmentReader:
        """Its file, mapped into memory."""
        return SegmentReader(Path(storage.folder) / self.filename)

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, dc: int) -> None:
        self._count = dc

    def doc_count_all(self) -> int:
        return self._count

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self._deleted))

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if not delete:
            raise NotImplementedError("a deleted document is added again, not restored")
        self._deleted |= {docnum}


class ColumnarDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """See `whoosh.codec.base.PerDocumentReader`."""

    def __init__(self, file: SegmentReader, segment: ColumnarSegment) -> None:
        self._file, self._segment = file, segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self._file.doc_count

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return False

    def has_column(self, fieldname: str) -> bool:
        return False

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        field = self._file.field(fieldname)
        if field is None or field.lengths is None:
            return default
        return int(byte_to_length(int(field.lengths[docnum])))

    def field_length(self, fieldname: str) -> int:
        return self._file.field_length(fieldname)

    def min_field_length(self, fieldname: str) -> int:
        return self._extreme(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        return self._extreme(fieldname, np.max)

    def _extreme(self, fieldname: str, of: Callable[[Any], Any]) -> int:
        field = self._file.field(fieldname)
        return 0 if field is None or field.lengths is None else int(byte_to_length(int(of(field.lengths))))

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        return False

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        record = self._file.stored[docnum]
        meta = decode_meta(record)
        return {"title": meta.get("title", ""), "body": decode_body(record), META: meta}


class ColumnarTerms(base.TermsReader):  # type: ignore[misc]
    """See `whoosh.codec.base.TermsReader`."""

    def __init__(self, file: SegmentReader) -> None:
        self._file = file

    def _place(self, fieldname: str, text: bytes | str) -> tuple[FieldReader, int]:
        field = self._file.field(fieldname)
        number = None if field is None else field.find(text.encode() if isinstance(text, str) else text)
        if field is None or number is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return field, number

    def __contains__(self, term: tuple[str, bytes | str]) -> bool:
        try:
            self._place(*term)
        except TermNotFound:
            return False
        return True

    def indexed_field_names(self) -> list[str]:
        return self._file.field_names

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            for term in self._file.field(name).terms():  # type: ignore[union-attr]
                yield name, term

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        field = self._file.field(fieldname)
        if field is not None:
            for term in field.terms(field.seek_ceil(prefix)):
                yield fieldname, term

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, term in self.terms():
            yield (name, term), self.term_info(name, term)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name, term in self.terms_from(fieldname, prefix):
            yield (name, term), self.term_info(name, term)

    def term_info(self, fieldname: str, text: bytes | str) -> TermInfo:
        return term_info(*self._place(fieldname, text))

    def frequency(self, fieldname: str, text: bytes | str) -> float:
        try:
            field, number = self._place(fieldname, text)
        except TermNotFound:
            return 0.0
        return float(field.frequency(number))

    def doc_frequency(self, fieldname: str, text: bytes | str) -> int:
        try:
            field, number = self._place(fieldname, text)
        except TermNotFound:
            return 0
        return field.doc_frequency(number)

    def matcher(self, fieldname: str, text: bytes | str, format_: Any, scorer: Any = None) -> ColumnarMatcher:
        field, number = self._place(fieldname, text)
        return ColumnarMatcher(field, number, (fieldname, text), scorer)

    def cursor(self, fieldname: str, fieldobj: Any) -> base.FieldCursor:
        field = self._file.field(fieldname)
        return base.EmptyCursor() if field is None else ColumnarCursor(field, fieldobj)

    def close(self) -> None:
        """Nothing to do: the map goes with the last array on it."""


def term_info(field: FieldReader, number: int) -> TermInfo:
    """What Whoosh asks of a term."""
    docs, freqs = field.docs(number), field.freqs(number)
    shortest = longest = 1
    if field.lengths is not None:
        codes = field.lengths[docs]
        shortest, longest = byte_to_length(int(codes.min())), byte_to_length(int(codes.max()))
    most = 1.0 if freqs is None else float(freqs.max())
    return TermInfo(float(field.frequency(number)), len(docs), shortest, longest, most, int(docs[0]), int(docs[-1]))


class ColumnarCursor(base.FieldCursor):  # type: ignore[misc]
    """See `whoosh.codec.base.FieldCursor`."""

    def __init__(self, field: FieldReader, fieldobj: Any) -> None:
        self._field, self._fieldobj = field, fieldobj
        self._number = 0

    def is_valid(self) -> bool:
        return self._number < len(self._field)

    def first(self) -> str | None:
        self._number = 0
        return self.text()

    def find(self, term: bytes | str) -> str | None:
        self._number = self._field.seek_ceil(term if isinstance(term, bytes) else self._fieldobj.to_bytes(term))
        return self.text()

    def next(self) -> str | None:
        self._number += 1
        return self.text()

    def text(self) -> str | None:
        return self._fieldobj.from_bytes(self._field.term(self._number)) if self.is_valid() else None

    def term_info(self) -> TermInfo:
        return term_info(self._field, self._number)


class ColumnarMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of a term, one document after the other, as Whoosh's matchers want them."""

    def __init__(self, field: FieldReader, number: int, term: tuple[str, Any], scorer: Any) -> None:
        self._field, self._number, self._term, self.scorer = field, number, term, scorer
        self._docs = field.docs(number)
        freqs = field.freqs(number)
        self._freqs = np.ones(len(self._docs), np.int64) if freqs is None else freqs.astype(np.int64)
        self._starts = np.cumsum(self._freqs) - self._freqs
        self._at = 0

    def term(self) -> tuple[str, Any]:
        return self._term

    def copy(self) -> ColumnarMatcher:
        other = ColumnarMatcher(self._field, self._number, self._term, self.scorer)
        other._at = self._at
        return other

    def is_active(self) -> bool:
        return self._at < len(self._docs)

    def reset(self) -> None:
        self._at = 0

    def id(self) -> int:
        return int(self._docs[self._at])

    def all_ids(self) -> Iterator[int]:
        return iter(self._docs[self._at :].tolist())

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return True

    def skip_to(self, targetid: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at += int(np.searchsorted(self._docs[self._at :], targetid))

    def weight(self) -> float:
        return float(self._freqs[self._at])

    def supports(self, astype: str) -> bool:
        return astype in ("frequency", "weight") or (astype == "positions" and self._field.has_positions)

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            start = int(self._starts[self._at])
            return self._field.positions(self._number)[start : start + int(self._freqs[self._at])].tolist()
        return int(self._freqs[self._at]) if astype == "frequency" else self.weight()

    def value(self) -> bytes:
        return b""

    def spans(self) -> list[Any]:
        from whoosh.query.spans import Span

        return [Span(position) for position in self.value_as("positions")]

    def supports_block_quality(self) -> bool:
        return bool(self.scorer and self.scorer.supports_block_quality())

    def max_quality(self) -> float:
        return float(self.scorer.max_quality())

    def block_quality(self) -> float:
        return self.max_quality()

    def skip_to_quality(self, minquality: float) -> int:
        """All is one block: either all may be good enough, or nothing is."""
        if self.max_quality() <= minquality:
            self._at = len(self._docs)
            return 1
        return 0

    def score(self) -> float:
        return float(self.scorer.score(self))


def write_toc(folder: Path, schema: Schema, generation: IndexMeta) -> None:
    """Write the table of contents of `generation`, which Whoosh takes for the newest from then on."""
    TOC(schema, segments_of(generation), generation.number).write(FileStorage(str(folder)), NAME)


def segments_of(generation: IndexMeta) -> list[ColumnarSegment]:
    """The segments of a generation, as Whoosh knows them."""
    return [ColumnarSegment.listed(each.id, each.documents, each.deleted) for each in generation.segments]
