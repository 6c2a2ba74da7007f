"""Time this project's engine as `../shared/bench/peers.py` times the others: the same corpus, queries and JSON.

python -m tests.bench.ours [--papers FILE] [--work DIR] [--repeat R] [--pages DIR]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from archive import Archive, SearchRequest
from tests.bench.papers import SHARED


def request(kind: str, query: Any, facets: bool) -> SearchRequest:
    """The request that asks what peers.py asks of the others."""
    asked = SearchRequest(limit=10, facets=("person", "venue", "year") if facets else ())
    if kind == "person":
        return asked.replace(query=query[1], person=query[0])
    if kind == "venueyear":
        return asked.replace(query=query[2], venue=query[0], year=query[1])
    return asked.replace(query=query)


def measure(root: Path, repeat: int) -> dict[str, Any]:
    """Median milliseconds by kind of query, and totals, of the archive in `root`."""
    started = time.perf_counter()
    archive = Archive.open(root)
    engine = archive._engine
    top, faceted, totals = defaultdict(list), defaultdict(list), []
    queries = json.loads((SHARED / "bench" / "queries.json").read_text())
    engine.search(archive._searcher.plan(SearchRequest("warm", limit=1)))
    opened = time.perf_counter() - started
    for run in range(repeat):
        for kind, query in queries:
            # Plans are made outside the clock, as peers.py parses outside it.
            plain, counted = (archive._searcher.plan(request(kind, query, facets)) for facets in (False, True))
            start = time.perf_counter()
            [match.id for match in engine.search(plain).matches]
            middle = time.perf_counter()
            answer = engine.search(counted)
            end = time.perf_counter()
            top[kind].append(middle - start)
            faceted[kind].append(end - middle)
            if not run:
                totals.append(answer.total)
    ms = {name: {kind: round(statistics.median(times) * 1e3, 3) for kind, times in kinds.items()}
          for name, kinds in (("top10_ms", top), ("faceted_ms", faceted))}  # fmt: skip
    return {"open_ms": round(opened * 1e3, 2), **ms, "totals": totals}


def measure_pages(root: Path) -> dict[str, dict[str, float]]:
    """Median milliseconds of a page as people get it by kind of query: the first time it is asked, and again.

    That is ten articles with a snippet each, the total and the counts of three facets, from the request to the answer.
    """
    queries = json.loads((SHARED / "bench" / "queries.json").read_text())
    report = {}
    with Archive.open(root) as archive:
        archive.search("warm", limit=1)
        for name in ("page_cold_ms", "page_warm_ms"):
            times = defaultdict(list)
            for kind, query in queries:
                start = time.perf_counter()
                archive.search(request(kind, query, True))
                times[kind].append((time.perf_counter() - start) * 1e3)
            report[name] = {kind: round(statistics.median(each), 3) for kind, each in times.items()}
    return report


def peak_mb() -> int:
    """The most memory that this process has held (`ru_maxrss` would count that of its parent, too)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def build(root: Path, jobs: int) -> float:
    """Seconds to make the index of the archive in `root` anew, from its corpus to the first search."""
    shutil.rmtree(root / "index", ignore_errors=True)
    started = time.perf_counter()
    with Archive.open(root) as archive:
        archive.index(jobs=jobs)
        archive.search("warm", limit=1)
    return round(time.perf_counter() - started, 2)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--papers", type=Path, default=SHARED / "data" / "papers.jsonl.gz", help="what to index")
    options.add_argument("--work", type=Path, help="search the archive here, which is indexed already")
    options.add_argument("--repeat", type=int, default=1)
    options.add_argument("--pages", type=Path, help="time whole pages from the archive here, which is indexed already")
    asked = options.parse_args()
    if asked.pages:
        print(json.dumps(measure_pages(asked.pages)))
        return
    if asked.work:
        report = measure(asked.work, asked.repeat)
        report["searching_rss_mb"] = peak_mb()
        print(json.dumps(report))
        return
    with tempfile.TemporaryDirectory(prefix="ours-") as folder:
        root = Path(folder)
        (root / "corpus").mkdir()
        shutil.copyfile(asked.papers, root / "corpus" / "papers.jsonl.gz")
        report = {"engine": "archive", "index_s": build(root, 1)}
        report["indexing_rss_mb"] = peak_mb()
        report["index2_s"] = build(root, 2)
        report["bytes"] = sum(path.stat().st_size for path in (root / "index").iterdir())
        # Searches have a process of their own, so that its memory is theirs; pages, so that none was asked for before.
        for arguments in (["--work", folder, "--repeat", str(asked.repeat)], ["--pages", folder]):
            command = [sys.executable, "-m", "tests.bench.ours", *arguments]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            report |= json.loads(done.stdout)
        print(json.dumps(report))


if __name__ == "__main__":
    main()
