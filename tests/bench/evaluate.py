"""How good the ranking is: nDCG@10, MAP and recall@100 on test collections.

    python -m tests.bench.evaluate [COLLECTION ...] [--expand] [--data ../shared/data]

A collection is a folder with `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`; without one named, all that are there:
Cranfield, CISI, CACM and MED. The queries are searched as plain words of which any may match, through the library,
with the one default setting that every archive has.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import ir_measures
from ir_measures import AP, R, nDCG

from archive import Archive, LimitError
from archive.query.parser import parse
from archive.text.analyzer import Analyzer

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
COLLECTIONS = ("cranfield", "cisi", "cacm", "med")
MEASURES = (nDCG @ 10, AP, R @ 100)


def evaluate(data: Path, root: Path, *, expand: bool = False) -> dict[str, float]:
    """The measures over all queries of the collection in `data`, indexed in `root` unless it is there already."""
    if not root.exists():
        Archive.create(root).close()
        (root / "corpus" / "articles.jsonl").write_bytes((data / "corpus.jsonl").read_bytes())
        with (root / "archive.yaml").open("a", encoding="utf-8") as settings:
            settings.write("judge_seconds: 0\n")  # nobody is looked for here
        with Archive.open(root) as archive:
            archive.index()
    archive = Archive.open(root)
    run = []
    for line in (data / "queries.jsonl").read_text("utf-8").splitlines():
        query = json.loads(line)
        words = _within_limits(re.findall(r"\w+", query["text"]), archive)
        ranking = _ranking(archive, words, expand=expand)
        run += [ir_measures.ScoredDoc(query["id"], article, -rank) for rank, article in enumerate(ranking)]
    judged = (line.split("\t") for line in (data / "qrels.tsv").read_text("utf-8").splitlines())
    qrels = [ir_measures.Qrel(query, article, int(relevance)) for query, article, relevance in judged]
    found = ir_measures.calc_aggregate(MEASURES, qrels, run)
    return {str(measure): round(found[measure], 4) for measure in MEASURES}


def _ranking(archive: Archive, words: str, *, expand: bool) -> list[str]:
    """The ids of the best hundred articles, without marking a page of hits unless feedback is asked for."""
    if expand:
        return [hit.id for hit in archive.search(words, any_word=True, expand=True, limit=100, facets=()).hits]
    return [article.id for article in archive.articles(words, any_word=True, limit=100)]


def _within_limits(words: list[str], archive: Archive) -> str:
    """As many of the first words as one query may have."""
    for count in range(len(words), 0, -1):
        text = " ".join(words[:count])
        with suppress(LimitError):
            parse(text, archive.fields, Analyzer("english"), any_word=True)
            return text
    return ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("collections", nargs="*")
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--expand", action="store_true", help="with relevance feedback")
    asked = options.parse_args()
    for name in asked.collections or [name for name in COLLECTIONS if (asked.data / name).is_dir()]:
        with tempfile.TemporaryDirectory() as folder:
            print(name, json.dumps(evaluate(asked.data / name, Path(folder) / name, expand=asked.expand)), flush=True)


if __name__ == "__main__":
    main()
