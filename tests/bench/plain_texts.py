"""What discovering names costs an archive of plain texts: `python -m tests.bench.plain_texts [--texts 10000]`.

Texts are made of the labelled passages, a few in each, without any metadata. Prints the seconds of a first index with
and without discovery, of a run after one more file, and how fast names are found in the texts on one core. With
`--no-sightings` nobody is said to have been seen with anybody, which takes time of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from archive import Archive
from archive.encounters.judging import SightingJudge
from archive.names.discovery.candidates import candidates
from tests.bench.ours import SHARED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--no-sightings", action="store_true")
    asked = parser.parse_args()
    if asked.no_sightings:
        SightingJudge.to_judge = lambda self, article: None  # type: ignore[method-assign]
    chance = random.Random(1)
    passages = [
        passage["text"]
        for path in sorted((SHARED / "sightings").glob("*.json"))
        for passage in json.loads(path.read_text("utf-8"))
    ]
    texts = ["\n\n".join(chance.sample(passages, chance.randint(1, 4))) for _ in range(asked.texts)]
    size = sum(len(text.encode()) for text in texts)
    began = time.process_time()
    for text in texts[:2_000]:
        candidates(text)
    spent = time.process_time() - began
    report: dict[str, float] = {"texts": len(texts), "mb": round(size / 1e6, 1)}
    report["found_mb_s"] = round(sum(len(text.encode()) for text in texts[:2_000]) / 1e6 / spent, 2)
    for name, line in (("without_s", "names: {discover: false}\n"), ("with_s", "")):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "archive.yaml").write_text(line, "utf-8")
            (root / "corpus").mkdir()
            for number, text in enumerate(texts):
                (root / "corpus" / f"text-{number:06}.txt").write_text(text, "utf-8")
            with Archive.open(root) as archive:
                report[name] = _seconds(archive)
                report[f"nothing_new_{name}"] = _seconds(archive)
                (root / "corpus" / "one-more.txt").write_text(texts[0] + "\n\nAda Quill, 40, met Otto Lund.", "utf-8")
                report[f"one_more_{name}"] = _seconds(archive)
    report["ratio"] = round(report["with_s"] / report["without_s"], 2)
    print(json.dumps(report))


def _seconds(archive: Archive) -> float:
    began = time.perf_counter()
    archive.index()
    return round(time.perf_counter() - began, 2)


if __name__ == "__main__":
    main()
