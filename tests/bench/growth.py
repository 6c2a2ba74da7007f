"""How building and searching grow with the archive: the papers once, and repeated under new ids.

    python -m tests.bench.growth [--articles N] [--limit-gb G] [--repeat R] [--optimize] [--work DIR]

Both archives are built and searched in a process that may address G gigabytes, one process each. Prints
a JSON object for each, and how many times more time the larger one takes. Takes some five minutes.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from archive import Archive
from tests.bench.ours import build, measure, peak_mb
from tests.bench.papers import PAPERS, write_papers


def run(root: Path, repeat: int, optimize: bool) -> dict[str, Any]:
    """Build and search the archive in `root`, in this process."""
    seconds = build(root, 1)
    with Archive.open(root) as archive:
        report = archive.index(optimize=True) if optimize else None
        measured: dict[str, Any] = {
            "articles": archive.stats().articles,
            "index_s": seconds,
            "optimize_s": round(report.seconds, 2) if report else None,
            "bytes": archive.stats().index_bytes,
            "peak_mb": peak_mb(),
        }
    times = measure(root, repeat)
    return measured | {kind: times[kind] for kind in ("top10_ms", "faceted_ms")}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, default=10 * PAPERS)
    options.add_argument("--limit-gb", type=float, default=4.0)
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--optimize", action="store_true", help="search one segment instead of several")
    options.add_argument("--work", type=Path)
    options.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.root:
        limit = int(asked.limit_gb * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        print(json.dumps(run(asked.root, asked.repeat, asked.optimize)))
        return
    found = []
    with tempfile.TemporaryDirectory(dir=asked.work) as folder:
        for articles in (PAPERS, asked.articles):
            root = Path(folder) / str(articles)
            (root / "corpus").mkdir(parents=True)
            write_papers(root / "corpus" / "papers.jsonl.gz", articles)
            arguments = ["--root", str(root), "--limit-gb", str(asked.limit_gb), "--repeat", str(asked.repeat)]
            command = [sys.executable, "-m", "tests.bench.growth", *arguments, *(["--optimize"] * asked.optimize)]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            print(answer.stdout, end="", flush=True)
            found.append(json.loads(answer.stdout))
            shutil.rmtree(root)
    one, many = found
    print(f"{many['articles'] / one['articles']:.2f} times the articles")
    print(f"  building: {many['index_s'] / one['index_s']:.2f} times the time")
    for kind in ("top10_ms", "faceted_ms"):
        grown = statistics.geometric_mean(many[kind][each] / one[kind][each] for each in one[kind])
        print(f"  {kind.removesuffix('_ms')}: {grown:.2f} times the time")


if __name__ == "__main__":
    main()
