"""Any bytes for the front-matter loader, any text for the query parser, any file for the segment reader.

Each may refuse in its own words, and do nothing else: no other exception, no second of
processor time, no 500 MB of memory. What takes longer is stopped by a timer, and what wants
more is refused it by the system, so that neither goes unseen.
"""

from __future__ import annotations

import faulthandler
import hashlib
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, Article, Problem, UsageError
from archive.corpus.formats.registry import ReadOptions, read
from archive.corpus.scan import Source
from archive.engine.local.segment.file import MAGIC
from archive.engine.local.segment.segment import SegmentReader
from archive.errors import IndexUnusableError
from archive.indexing.check import check  # noqa: F401 (loads what a check needs before memory is counted)

from .inputs import keep, kept
from .world import write_corpus

_SECOND = 1.0
_MEMORY_BYTES = 500_000_000
#: Seconds after which the process ends with its traceback: a second of processor time takes longer on a busy machine.
_STUCK = 60

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
    items = list(read(Source("corpus/fuzzed.md", str(path), "markdown", len(data), 0), ReadOptions(1_000_000)))
    taken = [item for item in items if isinstance(item, Article)]
    assert len(taken) <= 1
    assert items
    assert all(item.taken == bool(taken) for item in items if isinstance(item, Problem))


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
        opened = SegmentReader(file)
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


def _altered(kept: Any, cut: tuple[int, int], more: Any) -> Any:
    """Something that is kept, with a part of it replaced."""
    begin = cut[0] % (len(kept) + 1)
    return kept[:begin] + more[: cut[1]] + kept[begin + cut[1] // 2 :]


_cuts = st.tuples(st.integers(0, 2_000), st.integers(0, 40))
_changes = st.tuples(
    st.integers(0, 1 << 30),
    st.integers(0, 100),
    st.lists(st.integers(0, 1_000), min_size=2, max_size=4),
    _json,
    st.booleans(),
)
#: What is fuzzed, and with what.
TARGETS: dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = {
    "front matter": (front_matter, _files | st.builds(_altered, st.sampled_from(kept("front matter")), _cuts, _files)),
    "query": (query, _texts | st.builds(_altered, st.sampled_from(kept("query")), _cuts, _texts)),
    "segment": (segment, _changes),
}


def fuzz(name: str, *, seconds: float, at_most: int = 500, add: bool = False) -> dict[str, int]:
    """Replay what is kept of one target, then fuzz it for some time, `at_most` examples a round.

    Returns what was counted. `add` keeps what reaches new lines of the program.
    """
    target, strategy = TARGETS[name]
    replayed = kept(name)
    counts = {"replayed": len(replayed), "examples": 0, "rounds": 0, "longest, ms": 0}
    target(replayed[0])  # whatever loads late
    grown = -_peak_bytes()
    tried: list[Any] = []

    def timed(value: Any) -> None:
        begun = time.thread_time()
        with _no_longer_than(_SECOND):
            target(value)
        counts["longest, ms"] = max(counts["longest, ms"], round((time.thread_time() - begun) * 1_000))

    def one_more(value: Any) -> None:
        timed(value)
        counts["examples"] += 1
        if add:
            tried.append(value)

    until = time.monotonic() + seconds
    with _no_more_memory_than(_MEMORY_BYTES):
        for value in replayed:
            timed(value)
        while counts["rounds"] == 0 or time.monotonic() < until:
            seed = counts["rounds"] if seconds == 0 else random.randrange(1 << 30)
            hypothesis.seed(seed)(_settings(at_most)(given(strategy)(one_more)))()
            counts["rounds"] += 1
    if add:
        counts["kept"] = keep(name, target, tried)
    return counts | {"memory, MB more": (grown + _peak_bytes()) // 1_000_000}


def _settings(at_most: int) -> settings:
    return settings(max_examples=at_most, database=None, deadline=None, suppress_health_check=list(HealthCheck))


class HangError(BaseException):
    """Not an Exception: whatever hangs may catch those."""


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    """Raise HangError after so many seconds of processor time; end the process if that is of no avail."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise HangError(f"it takes more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    faulthandler.dump_traceback_later(_STUCK, exit=True, file=sys.__stderr__)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _no_more_memory_than(more: int) -> Iterator[None]:
    """Have the system refuse memory beyond so many bytes more than there are now; only Linux says how many."""
    held = Path("/proc/self/statm")
    if not held.exists():
        yield
        return
    import resource

    pages = int(held.read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _peak_bytes() -> int:
    """The most memory that this process has had."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1_024)
