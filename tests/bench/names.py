"""How fast known names are found: megabytes of text a second of one core (its own time, not the clock's).

    python -m tests.bench.names [--names 100000] [--docs 20000]

The names are those of the papers' authors, the texts their abstracts, plain and with typographic
quotes; every tenth text names one of them in full and, later, by the surname.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time

from archive.model.article import Article
from archive.names.authority.records import Authority, Names, Record
from archive.names.entity_linker import EntityLinker
from tests.bench.ours import SHARED


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--names", type=int, default=100_000)
    options.add_argument("--docs", type=int, default=20_000)
    asked = options.parse_args()
    chance = random.Random(1)
    names: set[str] = set()
    texts = []
    with gzip.open(SHARED / "data" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        for paper in map(json.loads, lines):
            names.update(paper["people"])
            if len(texts) < asked.docs:
                texts.append(paper["body"])
    chosen = chance.sample(sorted(names), min(asked.names, len(names)))
    for place in range(0, len(texts), 10):
        person = chance.choice(chosen)
        texts[place] += f" It was {person} who said so, and {person.split()[-1]} was right."
    started = time.process_time()
    resolver = EntityLinker(Names(Authority(tuple(map(Record, chosen)), (), ""), Authority((), (), ""), ""))
    resolver.mentions(Article("", "", f"{chosen[0]} came, and Mr {chosen[0].split()[-1]} left."))
    built = time.process_time() - started
    report: dict[str, float] = {"names": len(chosen), "build_s": round(built, 2)}
    for kind, said in (("plain", texts), ("typographic", [f"“{text}” — Núria" for text in texts])):
        articles = [Article("", "", text) for text in said]
        size = sum(len(text.encode()) for text in said)
        started = time.process_time()
        found = sum(len(resolver.mentions(article)) for article in articles)
        seconds = time.process_time() - started
        report |= {f"{kind}_mb": round(size / 1e6, 1), f"{kind}_mb_s": round(size / 1e6 / seconds, 1)}
        report[f"{kind}_found"] = found
    print(json.dumps(report))


if __name__ == "__main__":
    main()
