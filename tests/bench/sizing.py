"""How large a cluster has to be: measures an indexed archive, and computes a table from it.

    python -m tests.bench.sizing my-archive

Measured: text and documents per article as they are sent, the embedded index per article, and
how the dictionary grows with the articles (Heaps' law, fitted over the archive's first tenth
and all of it). Assumed: what is below in capitals.
"""

from __future__ import annotations

import json
import math
import sys
import time
from typing import NamedTuple

from archive import Archive
from archive.engine.opensearch.dictionary import entries
from archive.engine.opensearch.mapping import Mapping

#: Lucene keeps about the same structures as the embedded index; half as much again for its own
#: columns (doc values), norms, ids and sequence numbers.
DISK_FACTOR = 1.5
#: A dictionary entry on disk, with its id.
ENTRY_BYTES = 110
#: Free for merges and rebuilds: a rebuild needs the room of both indices until it takes over.
HEADROOM = 2.3
COPIES = 2
SHARD_BYTES = 30e9
NODE_DISK_BYTES = 2e12
#: Memory to choose from; half of it is heap, but never more than 31 GB, and the file system's
#: cache in the other half shall hold a tenth of the node's data.
MEMORIES_GB, LARGEST_HEAP_GB = (4, 8, 16, 32, 64), 31
CACHED = 0.1
#: Articles that one data node takes a second; one process that reads the corpus is slower than that.
NODE_RATE = 5_000


class Measured(NamedTuple):
    """Bytes per article, the dictionary's entries as factor · articles ^ exponent, and articles made ready a second."""

    articles: int
    text: float
    sent: float
    index: float
    factor: float
    exponent: float
    rate: float


def measure(archive: Archive) -> Measured:
    """Figures of an archive on the embedded engine."""
    mapping = Mapping(archive.fields, archive._analyzer)
    total = archive.stats().articles
    known: set[str] = set()
    text = sent = tenth = 0
    started = time.process_time()
    for number, article in enumerate(archive.articles("", sort="title"), 1):
        document = mapping.document(article, "0" * 32, article.id)
        text += len(article.body.encode())
        sent += len(json.dumps(document, ensure_ascii=False).encode())
        known.update(key for key, _ in entries(mapping.index_fields, document))
        if number == total // 10:
            tenth = len(known)
    rate = total / (time.process_time() - started)
    exponent = math.log(len(known) / tenth) / math.log(10)
    factor = len(known) / total**exponent
    return Measured(total, text / total, sent / total, archive.stats().index_bytes / total, factor, exponent, rate)


def _cache(memory: int) -> float:
    return max(memory / 2, memory - LARGEST_HEAP_GB)


def main(root: str) -> None:
    with Archive.open(root) as archive:
        measured = measure(archive)
    print(
        f"{measured.articles:,} articles; per article: text {measured.text:,.0f} B, sent {measured.sent:,.0f} B, "
        f"embedded index {measured.index:,.0f} B; dictionary {measured.factor:.1f} · n^{measured.exponent:.2f}; "
        f"{measured.rate:,.0f} made ready a second"
    )
    for articles in (1e6, 1e8, 1e9):
        words = measured.factor * articles**measured.exponent
        primary = articles * measured.index * DISK_FACTOR + words * ENTRY_BYTES
        shards = max(1, math.ceil(primary / SHARD_BYTES))
        disk = primary * COPIES * HEADROOM
        data = primary * COPIES / 1e9
        nodes = max(3, math.ceil(disk / NODE_DISK_BYTES), math.ceil(data * CACHED / _cache(MEMORIES_GB[-1])))
        memory = next(gb for gb in MEMORIES_GB if _cache(gb) >= data / nodes * CACHED)
        hours = articles / min(measured.rate, NODE_RATE * nodes) / 3600
        heap = memory - _cache(memory)
        print(
            f"| {articles:,.0f} | {words / 1e6:,.1f} M | {primary / 1e9:,.0f} GB | {shards} × {COPIES} "
            f"| {disk / 1e12:,.2f} TB | {nodes} × {memory} GB ({heap:.0f} GB heap) | {hours:,.1f} h |"
        )


if __name__ == "__main__":
    main(sys.argv[1])
