"""Ours beside its peers on the same corpus, in turns, as ratios.

    python -m tests.bench [--runs 5] [--peers tantivy,fts5] [--python PYTHON] [--docs N | --scale N] [--table FILE]

Each run builds and times every engine once, one after the other, in processes of their own;
the figures are medians over the runs. `--python` is an interpreter that has the peers'
packages (tantivy; whoosh3). `--scale 10` is 955,620 articles: the papers ten times, under new ids; it takes twenty
minutes. Queries under 0.3 ms count as 0.3 ms on either side. Whole pages (ten articles with snippets, total, three
facets) are timed beside Tantivy alone, cold and warm.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.papers import PAPERS, SHARED, write_papers

FLOOR_MS = 0.3
REPO = Path(__file__).resolve().parents[2]


def run(command: list[str]) -> dict[str, Any]:
    """The JSON object that a benchmark prints last."""
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def medians(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of every figure."""
    whole = reports[0]
    return {
        key: {kind: statistics.median(r[key][kind] for r in reports) for kind in value}
        if isinstance(value, dict)
        else statistics.median(r[key] for r in reports)
        for key, value in whole.items()
        if isinstance(value, (dict, int, float))
    }


def ratio(ours: float, theirs: float) -> float:
    return max(ours, FLOOR_MS) / max(theirs, FLOOR_MS)


def mean_ratio(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """The geometric mean of the ratios over all kinds of query."""
    return math.exp(statistics.fmean(math.log(ratio(ours[kind], theirs[kind])) for kind in ours))


def table(results: dict[str, dict[str, Any]], runs: int) -> str:
    """The figures as Markdown."""
    ours = results["archive"]
    lines = [
        f"Measured on {datetime.date.today()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; medians of {runs} runs; milliseconds, in brackets ours ÷ theirs.",
        "",
        "| | archive | " + " | ".join(name for name in results if name != "archive") + " |",
        "|---" * (len(results) + 1) + "|",
    ]
    for label, key, theirs, scale in (
        ("index build, s", "index_s", "index_s", 1),
        ("index build with two processes (others: one thread), s", "index2_s", "index_s", 1),
        ("index size, MB", "bytes", "bytes", 1e6),
    ):
        cells = [f"{ours[key] / scale:.1f}"]
        others = [r[theirs] for name, r in results.items() if name != "archive"]
        cells += [f"{each / scale:.1f} ({ours[key] / each:.2f})" for each in others]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    memory = f"{ours['indexing_rss_mb']:.0f}, {ours['searching_rss_mb']:.0f}"
    lines.append(f"| memory at most, indexing and searching, MB | {memory} |" + " |" * (len(results) - 1))
    for label, key in (
        ("top 10", "top10_ms"),
        ("top 10 + total + 3 facets", "faceted_ms"),
        ("page, cold", "page_cold_ms"),
        ("page, warm", "page_warm_ms"),
    ):
        others = [r.get(key) for name, r in results.items() if name != "archive"]
        for kind, mine in ours[key].items():
            cells = [f"{each[kind]:.2f} ({ratio(mine, each[kind]):.2f})" if each else "" for each in others]
            lines.append(f"| {label}: {kind} | {mine:.2f} | " + " | ".join(cells) + " |")
        means = [f"**{mean_ratio(ours[key], each):.2f}**" if each else "" for each in others]
        lines.append(f"| **{label}: geometric mean** | | " + " | ".join(means) + " |")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--peers", default="tantivy,fts5,whoosh")
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--docs", type=int, default=PAPERS, help="so many of the papers")
    options.add_argument("--scale", type=int, default=1, help="so many times the papers; beside Tantivy alone")
    options.add_argument("--table", type=Path, help="write the table here")
    asked = options.parse_args()
    peers = [name for name in asked.peers.split(",") if name]
    if asked.scale > 1 and peers != ["tantivy"]:
        options.error("more than the papers are measured beside Tantivy alone: add --peers tantivy")
    reports: dict[str, list[dict[str, Any]]] = {name: [] for name in ("archive", *peers)}
    with tempfile.TemporaryDirectory(prefix="papers-") as folder:
        papers = Path(folder) / "papers.jsonl.gz"
        write_papers(papers, asked.docs * asked.scale)
        programs = {
            "archive": [sys.executable, "-m", "tests.bench.ours", "--papers", str(papers)],
            "tantivy": [asked.python, str(REPO / "tests" / "bench" / "tantivy_pages.py"), "--papers", str(papers)],
        }
        for number in range(asked.runs):
            for name in reports:
                other = [asked.python, str(SHARED / "bench" / "peers.py"), name, "--docs", str(asked.docs)]
                reports[name].append(run(programs.get(name, other)))
                print(f"run {number + 1}: {json.dumps(reports[name][-1] | {'totals': None})}", file=sys.stderr)
    text = table({name: medians(found) for name, found in reports.items()}, asked.runs)
    print(text)
    if asked.table:
        asked.table.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
