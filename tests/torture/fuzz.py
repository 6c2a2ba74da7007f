"""Any bytes for the front-matter loader, any text for the query parser, any file for the segment reader.

Each may refuse in its own words, and do nothing else: no other exception, no second of
processor time, no memory to speak of.
"""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, Article, Problem, UsageError
from archive.corpus.reading import read
from archive.corpus.scan import Source
from archive.engine.whoosh.codec.sections import MAGIC
from archive.engine.whoosh.codec.segment import SegmentFile
from archive.errors import IndexUnusableError
from archive.indexing.check import check  # noqa: F401 (loads what a check needs before memory is counted)

from .world import write_corpus

_SECOND = 1.0
_MEMORY_KIB = 500_000

_YAML = (
    "---\n", "title: ", "people: ", "date: 1998-02-30", "- ", "[", "]", "{", "}", "&a ", "*a",
    "!!python/object:os.system ", "? ", ": ", "|\n", ">\n", "'", '"', "#", "\t", "\n", "  ", "\x00", "\u2028", "\udc80",
    "<<: *a\n", "%YAML 1.1\n", "...\n", "\ufeff", "a", "é", "0", "people:\n  - Ann\n",
)  # fmt: skip
_QUERY = (
    "pier", "storm", "AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", " ", " ", '"', "(", ")", "[", "]", "{", "}",
    " TO ", "*", "?", "~", "~2", "^", "^2", ":", "title:", "year:", "date:", "has:", "missing:", "person:", "id:", "..",
    "1990", "-", "+", "'", "\\", "<", ">", "é", "\x00", "\ud800", "\U0001f600", "venue:", "path:", "/", ",",
    "99999999999999999999",
)  # fmt: skip
_texts = st.lists(st.one_of(st.sampled_from(_QUERY), st.text(max_size=5)), max_size=40).map("".join)
_yamls = st.lists(st.one_of(st.sampled_from(_YAML), st.text(max_size=5)), max_size=60).map("".join)
_files = st.one_of(
    _yamls.map(lambda text: text.encode("utf-8", "surrogatepass")),
    _yamls.map(lambda text: f"---\n{text}\n---\nBody".encode("utf-8", "surrogatepass")),
    st.binary(max_size=300),
)
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(("<u4", "|u1", "O", "V0"))),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


@cache
def _archive() -> Archive:
    root = Path(tempfile.mkdtemp(prefix="fuzz"))
    write_corpus(root, 0)
    archive = Archive.open(root)
    archive.index()
    return archive


def front_matter(data: bytes) -> None:
    """A file of any bytes becomes an article or a problem."""
    path = _archive().root / "fuzzed.md"
    path.write_bytes(data)
    (item,) = read(Source("corpus/fuzzed.md", str(path), "text", len(data), 0), 1_000_000)
    assert isinstance(item, (Article, Problem))


def query(text: str) -> None:
    """Any text is a query, or refused as one."""
    try:
        page = _archive().search(text, explain=True)
    except UsageError:
        return
    assert page.total >= len(page.hits)


def segment(change: tuple[int, int, list[Any], Any, bool]) -> None:
    """A segment with some bytes changed, or with a header of somebody's making, is read whole, or refused."""
    at, length, path, value, sealed = change
    data = _sealed_with(path, value) if sealed else bytearray(_segment())
    if not sealed:
        at %= len(data)
        data[at : at + length % 5] = bytes((each * 37 + at) % 256 for each in range(length % 9))
    file = _archive().root / "fuzzed.seg"
    file.write_bytes(data)
    try:
        opened = SegmentFile(file)
        opened.file.damaged_sections()
        for name in opened.field_names:
            field = opened.field(name)
            for number in range(min(len(field), 50) if field else 0):
                assert field is not None
                field.term(number), field.docs(number), field.freqs(number), field.positions(number)
            opened.column(name), opened.numbers(name)
        for doc in range(min(opened.doc_count, 50)):
            opened.stored[doc]
    except IndexUnusableError:
        return


@cache
def _segment() -> bytes:
    return next((_archive().root / "index").glob("*.seg")).read_bytes()


def _sealed_with(path: list[Any], value: Any) -> bytearray:
    """The segment with one thing in its header replaced, and the digest of the header made right again."""
    data = _segment()
    offset, length = int.from_bytes(data[-40:-32], "little"), int.from_bytes(data[-32:-24], "little")
    header = json.loads(data[offset : offset + length])
    at: Any = header
    for number in path[:-1]:
        if not isinstance(at, (dict, list)) or not at:
            break
        keys = sorted(at) if isinstance(at, dict) else list(range(len(at)))
        key = keys[number % len(keys)]
        if number is path[-2] or not isinstance(at[key], (dict, list)):
            at[key] = value
            break
        at = at[key]
    written = json.dumps(header).encode()
    tail = offset.to_bytes(8, "little") + len(written).to_bytes(8, "little")
    return bytearray(data[:offset] + written + tail + hashlib.blake2b(written, digest_size=16).digest() + MAGIC)


_changes = st.tuples(
    st.integers(0, 1 << 30),
    st.integers(0, 100),
    st.lists(st.integers(0, 1_000), min_size=2, max_size=4),
    _json,
    st.booleans(),
)
#: What is fuzzed, and with what.
TARGETS: dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = {
    "front matter": (front_matter, _files),
    "query": (query, _texts),
    "segment": (segment, _changes),
}


def fuzz(name: str, *, seconds: float, at_most: int = 500) -> dict[str, int]:
    """Fuzz one target for some time, `at_most` examples a round; returns what was counted."""
    target, strategy = TARGETS[name]
    counts = {"examples": 0, "rounds": 0, "longest, ms": 0}
    target({"front matter": b"", "query": "pier", "segment": (0, 0, [0, 0], None, True)}[name])  # whatever loads late

    def timed(value: Any) -> None:
        begun = time.thread_time()
        target(value)
        taken = time.thread_time() - begun
        assert taken < _SECOND, f"it takes {taken:.1f} s"
        counts["examples"] += 1
        counts["longest, ms"] = max(counts["longest, ms"], round(taken * 1_000))

    until = time.monotonic() + seconds
    checks = list(HealthCheck)
    while counts["rounds"] == 0 or time.monotonic() < until:
        configured = settings(max_examples=at_most, database=None, deadline=None, suppress_health_check=checks)
        seed = counts["rounds"] if seconds == 0 else random.randrange(1 << 30)
        hypothesis.seed(seed)(configured(given(strategy)(timed)))()
        counts["rounds"] += 1
    return counts | {"memory, MB": _peak_kib() // 1_000}


def _peak_kib() -> int:
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert peak < _MEMORY_KIB, f"the process has grown to {peak} KiB"
    return peak
