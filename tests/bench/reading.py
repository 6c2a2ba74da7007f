"""How fast each format is read on one core: `python -m tests.bench.reading [--articles 3000] [--index]`.

Articles are made of papers' abstracts, 400 words each, in a few paragraphs; notes are Markdown with headings, a list
and a link besides. Prints articles for each second of processor time, the best of three; with `--index` those of a
whole first index in one process instead.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive import Archive
from archive.config.settings import load_settings
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.scan import scan
from archive.indexing.isolated_readers import read_source
from archive.model.article import Problem
from tests.bench.ours import SHARED

_WORDS, _PARAGRAPHS, _RUNS = 400, 4, 3


def made_articles(count: int) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The metadata of papers, each with paragraphs made of its abstract and those after it."""
    with gzip.open(SHARED / "data" / "papers.jsonl.gz", "rb") as lines:
        papers = map(json.loads, lines)
        for paper in itertools.islice(papers, count):
            words = paper.pop("body").split()
            while len(words) < _WORDS:
                words += next(papers)["body"].split()
            sentences = " ".join(words[:_WORDS]).split(". ")
            size = -(-len(sentences) // _PARAGRAPHS)
            yield paper, [". ".join(sentences[at : at + size]) for at in range(0, len(sentences), size)]


def _with_front_matter(meta: dict[str, Any], text: str) -> str:
    fields = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in meta.items())
    return f"---\n{fields}---\n\n{text}\n"


def _note(meta: dict[str, Any], paragraphs: list[str]) -> str:
    items = "- *one* with [a link](https://example.org/1)\n- another, **stressed**"
    return f"# {meta['title']}\n\n{paragraphs[0]}\n\n## Points\n\n{items}\n\n" + "\n\n".join(paragraphs[1:])


def write_files(folder: Path, ending: str, text_of: Callable[[dict[str, Any], list[str]], str], count: int) -> None:
    """One file an article."""
    for number, (meta, paragraphs) in enumerate(made_articles(count)):
        text = _with_front_matter(meta, text_of(meta, paragraphs))
        (folder / f"article-{number:06}{ending}").write_text(text, "utf-8")


def write_records(folder: Path, ending: str, count: int) -> None:
    """One file of all articles."""
    records = [meta | {"body": "\n\n".join(paragraphs)} for meta, paragraphs in made_articles(count)]
    with (folder / f"articles{ending}").open("w", encoding="utf-8", newline="") as file:
        if ending == ".csv":
            table = csv.DictWriter(file, records[0])
            table.writeheader()
            table.writerows(
                record | {key: "; ".join(record[key]) for key in ("people", "venues")} for record in records
            )
        elif ending == ".json":
            json.dump(records, file, ensure_ascii=False)
        else:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def read_all(root: Path) -> None:
    """Read all articles of the archive in `root`."""
    options = ReadOptions.of(load_settings(root))
    for source in scan(root / "corpus", root).sources:
        for item in read_source(source, options):
            assert not isinstance(item, Problem), item


def index(root: Path) -> None:
    """Index the archive in `root` anew."""
    shutil.rmtree(root / "index", ignore_errors=True)
    with Archive.open(root) as archive:
        archive.index(jobs=1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, default=3_000)
    options.add_argument("--index", action="store_true")
    asked = options.parse_args()
    formats: dict[str, Callable[[Path], None]] = {
        "Markdown": lambda folder: write_files(folder, ".md", lambda _, text: "\n\n".join(text), asked.articles),
        "Markdown notes": lambda folder: write_files(folder, ".md", _note, asked.articles),
        "text": lambda folder: write_files(folder, ".txt", lambda _, text: "\n\n".join(text), asked.articles),
        "JSON Lines": lambda folder: write_records(folder, ".jsonl", asked.articles),
        "JSON": lambda folder: write_records(folder, ".json", asked.articles),
        "tables": lambda folder: write_records(folder, ".csv", asked.articles),
    }
    work = index if asked.index else read_all
    for name, write in formats.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "corpus").mkdir()
            write(root / "corpus")
            seconds = []
            for _ in range(_RUNS):
                began = time.process_time()
                work(root)
                seconds.append(time.process_time() - began)
        print(f"{name}: {asked.articles / min(seconds):,.0f} articles a second")


if __name__ == "__main__":
    main()
