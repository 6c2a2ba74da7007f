"""Phrases with wildcards, and nearness, against brute force over generated texts."""

from __future__ import annotations

import fnmatch
from random import Random

import pytest

from archive import Archive

from ..support import ids, write_records

WORDS = ["tin", "tint", "tinder", "tarn", "orme", "ormer", "of", "the", "gala"]
PATTERNS = ["ti*", "t?n", "*r", "or*", "tin*", "?arn"]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, dict[str, list[str]]]:
    """An archive of two segments, of words no two of which have one stem, and the words of its texts."""
    root, random = tmp_path_factory.mktemp("spans"), Random(3)
    texts = {f"a{number}": random.choices(WORDS, k=random.randint(1, 25)) for number in range(120)}
    (root / "corpus").mkdir()
    archive = Archive.open(root)
    for part in (0, 1):
        records = [
            {"id": name, "title": "-", "body": " ".join(words)}
            for number, (name, words) in enumerate(texts.items())
            if number % 2 == part
        ]
        write_records(root / "corpus" / f"{part}.jsonl", records)
        archive.index()
    return archive, texts


def test_phrases_with_wildcards(held: tuple[Archive, dict[str, list[str]]]) -> None:
    archive, texts = held
    random, found = Random(4), 0
    for _ in range(150):
        asked = [random.choice([*PATTERNS, *WORDS, "*"]) for _ in range(random.randint(2, 4))]
        asked = [random.choice(PATTERNS), *asked, random.choice(WORDS)]
        expected = {name for name, words in texts.items() if _stands(asked, words)}
        assert ids(archive, f'"{" ".join(asked)}"') == expected, asked
        found += bool(expected)
    assert found > 20


def _stands(asked: list[str], words: list[str]) -> bool:
    return any(
        all(map(fnmatch.fnmatchcase, words[start : start + len(asked)], asked))
        for start in range(len(words) - len(asked) + 1)
    )


def test_nearness_in_either_order(held: tuple[Archive, dict[str, list[str]]]) -> None:
    archive, texts = held
    random = Random(5)
    for _ in range(150):
        a, b, distance = random.choice([*PATTERNS, *WORDS]), random.choice([*PATTERNS, *WORDS]), random.randint(1, 6)
        expected = {name for name, words in texts.items() if _are_near(a, b, distance, words)}
        assert ids(archive, f"{a} NEAR/{distance} {b}") == expected, (a, b, distance)


def _are_near(a: str, b: str, distance: int, words: list[str]) -> bool:
    of_a = [place for place, word in enumerate(words) if fnmatch.fnmatchcase(word, a)]
    of_b = [place for place, word in enumerate(words) if fnmatch.fnmatchcase(word, b)]
    return any(0 < abs(one - other) <= distance for one in of_a for other in of_b)
