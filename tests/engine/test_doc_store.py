"""Stored records come back as they went in, whatever dictionaries their blocks have, and after any merges."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.engine.local.segment import doc_store
from archive.engine.local.segment.doc_store import DocStore, DocStoreWriter
from archive.engine.local.segment.file import SegmentFileReader, SegmentFileWriter

from ..support import generated

_WORDS = ("birthday", "dinner", "theatre", "harbour", "pier", "gala", "the", "of", "and", "halcyon", "seaside")


def _record(number: int) -> bytes:
    words = (_WORDS[number * step % len(_WORDS)] + str(number % 7) for step in range(1, 6 + number % 90))
    return f'{{"id":"article-{number}","path":"corpus/{number}.md"}}\n{" ".join(words)}'.encode()


def _written(folder: Path, writer: DocStoreWriter) -> DocStore:
    path = folder / "made.seg"
    with path.open("wb") as file:
        out = SegmentFileWriter(file)
        writer.write(out)
        out.finish({"documents": 0, "fields": [], "lengths": {}})
    return DocStore(SegmentFileReader(path))


def _writer(folder: Path) -> DocStoreWriter:
    with (folder / "spool").open("wb") as file:
        return DocStoreWriter(SegmentFileWriter(file).spool())


#: So many records are added, or (where below 0) so many are merged from a segment of their own.
_STEPS = st.lists(st.integers(-400, 400), max_size=6)
_SMALL = {"_BLOCK_BYTES": 300, "_PLAIN_BLOCK_BYTES": 900, "_DICTIONARY_BYTES": 1_024, "_RENEWED_BYTES": 40_000}


@generated(40)
@given(steps=_STEPS, sample=st.sampled_from([0, 10_000, 10**9]))
@example(steps=[], sample=0)
@example(steps=[400, -400, 10, -400, 400], sample=10_000)
@example(steps=[10, -10], sample=0)  # too few to make a dictionary from
def test_records_come_back(tmp_path_factory: pytest.TempPathFactory, steps: list[int], sample: int) -> None:
    folder = tmp_path_factory.mktemp("stored")
    with patch.multiple(doc_store, _SAMPLE_BYTES=sample, **_SMALL):
        writer, records = _writer(folder), list[bytes]()
        for step in steps:
            some = [_record(len(records) + number) for number in range(abs(step))]
            part = writer if step >= 0 else _writer(folder)
            for record in some:
                part.add(record)
            if step < 0:
                writer.add_all(_written(folder, part).raw())
            records += some
            assert len(writer) == len(records)
        stored = _written(folder, writer)
        assert list(stored) == records
        assert [stored[doc] for doc in reversed(range(len(records)))] == records[::-1]


def test_dictionaries_are_renewed_and_kept_by_merges(tmp_path: Path) -> None:
    records = [_record(number) for number in range(1_000)]
    with patch.multiple(doc_store, _SAMPLE_BYTES=10_000, _READY=1, **_SMALL):
        first, merged = _writer(tmp_path), _writer(tmp_path)
        for record in records:
            first.add(record)
        parts = _written(tmp_path, first).raw()
        assert sum(len(dictionary) > 100 for _, dictionary in parts.dictionaries) > 3
        merged.add_all(parts)
        for record in records:
            merged.add(record)
        stored = _written(tmp_path, merged)
        assert len(stored.raw().dictionaries) > len(parts.dictionaries)
        order = [number * 7 % 2_000 for number in range(2_000)]
        with ThreadPoolExecutor(4) as pool:  # threads share no decompressor
            assert list(pool.map(stored.__getitem__, order)) == [records[number % 1_000] for number in order]
