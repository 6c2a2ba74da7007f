"""How well people are found by rules in the labelled passages of sightings: `python -m tests.bench.people [SET…]`.

Prints precision and recall for each set and for all, over the names of each passage by itself; `--errors` lists what
was wrong or missed. A title before a labelled name makes no difference, and a label of one word is the whole name
that has it.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from archive.model.article import Article
from archive.names.discovery.suggestions import NameDiscovery
from archive.names.discovery.wordlists import OFFICES
from archive.text.normalize import folded_name
from tests.bench.ours import SHARED


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", help="names of sets, such as plain")
    parser.add_argument("--errors", action="store_true", help="list what was wrong or missed")
    asked = parser.parse_args()
    total = [0, 0, 0]
    for path in sorted((SHARED / "sightings").glob("*.json")):
        if asked.sets and path.stem not in asked.sets:
            continue
        counts = [0, 0, 0]
        for passage in json.loads(path.read_text("utf-8")):
            right, wrong, missed = compared(passage)
            counts = [counts[0] + len(right), counts[1] + len(wrong), counts[2] + len(missed)]
            if asked.errors and (wrong or missed):
                print(f"{path.stem} {passage['id']}: wrong {sorted(wrong)}, missed {sorted(missed)}")
        report(path.stem, counts)
        total = [one + other for one, other in zip(total, counts, strict=True)]
    report("all", total)


def report(name: str, counts: list[int]) -> None:
    right, wrong, missed = counts
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    print(f"{name:9} precision {precision:.3f} recall {recall:.3f}  ({right} right, {wrong} wrong, {missed} missed)")


def compared(passage: dict[str, Any]) -> tuple[set[str], set[str], set[str]]:
    """The labelled names that were found, the names that nobody labelled, and those that were missed."""
    discovery = NameDiscovery()
    discovery.add(Article(passage["id"], passage["title"] or "", passage["text"], date=passage["date"]))
    found = {plain(each.name) for each in discovery.suggestions().people}
    labelled = {plain(name) for name in passage["people"]}
    whole = {plain(short): plain(name) for short, name in passage.get("canonical", {}).items()}

    def is_same(label: str, name: str) -> bool:
        if label == name or name in (whole.get(label), whole.get(name)) or label == whole.get(name):
            return True
        one, other = label.split(), name.split()
        alone = len(other) == 1 and sum(name in each.split() for each in labelled) == 1
        return (len(one) == 1 and label in other) or (alone and name in one)

    right = {label for label in labelled if any(is_same(label, name) for name in found)}
    wrong = {name for name in found if not any(is_same(label, name) for label in labelled)}
    return right, wrong, labelled - right


def plain(name: str) -> str:
    """A name folded, without stops and without a title before it."""
    words = folded_name(name).replace(".", " ").split()
    while len(words) > 1 and words[0] in OFFICES:
        del words[0]
    return " ".join(words)


if __name__ == "__main__":
    main()
