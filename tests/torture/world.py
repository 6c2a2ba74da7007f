"""A small archive that changes step by step, and what it should answer at each step, by brute force.

`step` n is a set of articles that follows from n alone, so that any process can tell what a
generation should answer. Every question also finds the one article that names its step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from archive import Archive, Page

from ..support import Asked, Record, counted, found, in_order, write_records

_WORDS = ("pier", "gala", "storm", "lamp", "moss", "tide", "organ", "quill", "zebra", "fjord")
_PEOPLE = ("Ann Óg", "Bo Li", "Cy Ray", "Di Fox")
_VENUES = ("Halcyon Theatre", "The Pier", "Met Gala")
_PART = 8
FACETS = ("person", "venue", "year")
#: The word of the article that names the step.
MARKER = "markeroftime"
#: What is asked: every answer has the marker in it.
WORDS_ASKED = ("pier", "storm", "zebra")
_NAMES_STEP = re.compile(r"Marker (\d+)")

#: What one question was answered: total, (id, title) in order, and each facet's values, distinct, missing.
Answered = tuple[int, list[tuple[str, str]], dict[str, Any]]
#: What is asked, as options of a search; JSON can hold it.
Question = dict[str, Any]


def records(step: int, size: int = 24) -> list[Record]:
    """The articles of a step: some come, some go, some change."""
    found: list[Record] = [{"id": "marker", "title": f"Marker {step}", "people": ["Ann Óg"], "body": MARKER}]
    for number in range(size + 2 * step):
        if (number * 31 + step) % 11 == 0:
            continue
        version = (number + step) // 7
        chance = Random(number * 1_000 + version)
        found.append(
            {
                "id": f"a{number}",
                "title": f"Article {number} as of {version}",
                "date": str(chance.randrange(1990, 2000)),
                "people": chance.sample(_PEOPLE, chance.randrange(3)),
                "venues": chance.sample(_VENUES, chance.randrange(2)),
                "body": " ".join(chance.choices(_WORDS, k=40)),
            }
        )
    return found


def write_corpus(root: Path, step: int, size: int = 24) -> None:
    """Make the corpus that of a step; an article stays in its file."""
    parts: dict[str, list[Record]] = {}
    for record in records(step, size):
        number = record["id"].removeprefix("a")
        part = f"part{int(number) // _PART}" if number.isdecimal() else "marker"
        parts.setdefault(part, []).append(record)
    for name, every in parts.items():
        write_records(root / "corpus" / f"{name}.jsonl", every)
    for path in (root / "corpus").glob("*.jsonl"):
        if path.stem not in parts:
            path.unlink()


def brute_force(records: Sequence[Record], asked: Asked, sort: str, limit: int | None = None) -> Answered:
    """What a request should be answered, of which so many hits are looked at."""
    listed = {name: counted(records, asked, name) for name in FACETS}
    titles = {record["id"]: record["title"] for record in records}
    matching = found(records, asked)
    return (
        len(matching),
        [(each, titles[each]) for each in in_order(matching, sort)[:limit]],
        {name: (each.values, each.distinct, each.missing) for name, each in listed.items()},
    )


@lru_cache(maxsize=64)
def expected(word: str, step: int, size: int = 24) -> Answered:
    """What a question should be answered at a step."""
    asked = Asked(lambda record: {word, MARKER} & set(record["body"].split()), {}, FACETS, None)
    return brute_force(records(step, size), asked, "oldest")


def question(word: str) -> Question:
    """The articles with a word, and the marker."""
    return {"query": f"{word} OR {MARKER}", "sort": "oldest", "limit": None, "facets": FACETS, "facet_limit": None}


def ask(archive: Archive, asked: Question) -> Answered:
    """What the archive answers."""
    page: Page = archive.search(**asked)
    facets = {
        name: ([(v.value, v.count, v.selected) for v in facet.values], facet.distinct, facet.missing)
        for name, facet in page.facets.items()
    }
    return page.total, [(hit.id, hit.title) for hit in page.hits], facets


def step_of(answer: Answered) -> int:
    """The step that an answer is of."""
    said = [match[1] for _, title in answer[1] if (match := _NAMES_STEP.fullmatch(title))]
    assert len(said) == 1, f"an answer without the marker: {answer}"
    return int(said[0])


def sound_step(archive: Archive, size: int = 24) -> int:
    """The step of which the archive gives every answer; AssertionError where it gives any wrong one."""
    steps = set()
    for word in WORDS_ASKED:
        answer = ask(archive, question(word))
        step = step_of(answer)
        assert answer == expected(word, step, size), f"a wrong answer for {word!r} at step {step}"
        steps.add(step)
    (step,) = steps
    for record in records(step, size)[:3]:
        assert archive.get(record["id"]).body == record["body"]
    return step


def stray_files(index: Path) -> set[str]:
    """Files in an index that its generation does not name."""
    from archive.engine.local.manifest import LOCK, MANIFEST, read_generation

    generation = read_generation(index)
    assert generation is not None
    named = {each.filename for each in generation.segments} | {generation.toc_file, LOCK, MANIFEST}
    assert generation.sources is not None
    named |= {generation.sources.name, ".gitignore", "names.sqlite3"}
    return {path.name for path in index.iterdir()} - named
