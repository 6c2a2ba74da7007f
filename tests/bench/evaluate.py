"""How good the ranking is: nDCG@10, MAP and recall@100 on the Cranfield collection.

    python -m tests.bench.evaluate [--expand] [--data ../shared/data/cranfield]

The queries are searched as plain words of which any may match, through the library, with
the one default setting that every archive has.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from pathlib import Path

import ir_measures
from ir_measures import AP, R, nDCG

from archive import Archive

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cranfield"
MEASURES = (nDCG @ 10, AP, R @ 100)


def evaluate(data: Path, root: Path, *, expand: bool = False) -> dict[str, float]:
    """The measures over all queries of the collection in `data`, indexed in `root`."""
    archive = Archive.create(root)
    (root / "corpus" / "cranfield.jsonl").write_bytes((data / "corpus.jsonl").read_bytes())
    archive.index()
    run = []
    for line in (data / "queries.jsonl").read_text("utf-8").splitlines():
        query = json.loads(line)
        words = " ".join(re.findall(r"\w+", query["text"]))
        page = archive.search(words, any_word=True, expand=expand, limit=100, facets=())
        run += [ir_measures.ScoredDoc(query["id"], hit.id, hit.score) for hit in page.hits]
    judged = (line.split("\t") for line in (data / "qrels.tsv").read_text("utf-8").splitlines())
    qrels = [ir_measures.Qrel(query, article, int(relevance)) for query, article, relevance in judged]
    found = ir_measures.calc_aggregate(MEASURES, qrels, run)
    return {str(measure): round(found[measure], 4) for measure in MEASURES}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--data", type=Path, default=SHARED)
    options.add_argument("--expand", action="store_true", help="with relevance feedback")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(evaluate(asked.data, Path(folder) / "cranfield", expand=asked.expand)))


if __name__ == "__main__":
    main()
