"""Words as written: prefixes, wildcards, fuzzy words and exact forms against brute force over the texts."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from rapidfuzz.distance import OSA

from archive import Archive
from archive.text.analyzer import unstemmed_terms

from ..support import ids, write_records

STEMS = ["operat", "oper", "negoti", "parti", "univers", "run", "hop", "studi", "citi", "wom", "keep"]
ENDINGS = ["", "e", "ed", "es", "ing", "ion", "ions", "er", "or", "ate", "y", "s", "'s", "a", "an", "en", "sity"]
VOCABULARY = [stem + ending for stem in STEMS for ending in ENDINGS] + ["Élan", "élans", "O'Neill", "the", "of"]


def _records(random: Random, run: int, several: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"r{run}-{number}",
            "title": " ".join(random.choices(VOCABULARY, k=random.randint(1, 3))),
            "body": " ".join(random.choices(VOCABULARY, k=random.randint(0, 30))),
        }
        for number in range(several)
    ]


@pytest.fixture(scope="module", params=["segments", "merged"])
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, dict[str, str]]:
    """An archive of several segments with deleted articles, or all of it merged; and its texts by id."""
    root, random = tmp_path_factory.mktemp("forms"), Random(5)
    first, second = _records(random, 0, 60), _records(random, 1, 40)
    write_records(root / "corpus" / "a.jsonl", first)
    archive = Archive.open(root)
    archive.index()
    write_records(root / "corpus" / "b.jsonl", second)
    archive.index()
    write_records(root / "corpus" / "a.jsonl", first := first[:45])
    archive.index(optimize=request.param == "merged")
    assert archive.check(deep=True) == ()
    return archive, {each["id"]: f"{each['title']}\n{each['body']}" for each in (*first, *second)}


#: The terms of a text, which are asked for again and again.
_terms = cache(unstemmed_terms)


def _having(texts: dict[str, str], test: Callable[[str], bool]) -> set[str]:
    return {article for article, text in texts.items() if any(map(test, _terms(text)))}


def test_prefixes_and_wildcards_are_of_words_as_written(held: tuple[Archive, dict[str, str]]) -> None:
    archive, texts = held
    forms = sorted({form for text in texts.values() for form in _terms(text)})
    found = 0
    for prefix in sorted({form[:length] for form in forms for length in range(1, len(form) + 1)}):
        wanted = _having(texts, lambda word, begins=prefix: word.startswith(begins))  # type: ignore[misc]
        assert ids(archive, f"{prefix}*") == wanted
        found += len(wanted)
    patterns = {
        pattern
        for form in forms
        for pattern in (f"{form[0]}*{form[-1]}", f"*{form[1:]}", f"?{form[1:]}*", f"{form[0]}?{form[2:]}")
        if pattern.strip("*?") and not pattern.endswith("?")  # as a question mark at the end
    }
    for pattern in sorted(patterns):
        matches = re.compile(fnmatch.translate(pattern)).match
        assert ids(archive, pattern) == _having(texts, lambda word, m=matches: m(word) is not None)  # type: ignore[misc]
    assert found > 1_000


def test_fuzzy_words_are_of_words_as_written_and_a_swap_is_one_edit(held: tuple[Archive, dict[str, str]]) -> None:
    archive, texts = held
    for word in ("oeprate", "negotaite", "studied", "universty", "kepeer"):
        for edits in (1, 2):
            wanted = _having(
                texts,
                lambda form, w=word, e=edits: form[:1] == w[:1] and OSA.distance(form, w) <= e,  # type: ignore[misc]
            )
            assert ids(archive, f"{word}~{edits}") == wanted
    assert ids(archive, "oeprate~") >= _having(texts, lambda form: form == "operate") != set()


def test_a_word_as_written_and_a_phrase_as_written(held: tuple[Archive, dict[str, str]]) -> None:
    archive, texts = held
    forms = sorted({form for text in texts.values() for form in _terms(text)})
    for form in forms:
        assert ids(archive, f"={form}") == ids(archive, f"={form.upper()}") == _having(texts, lambda w, f=form: w == f)  # type: ignore[misc]
    for text in list(texts.values())[:40]:
        for line in text.split("\n"):
            for pair in pairwise(_terms(line)):
                wanted = {
                    article
                    for article, each in texts.items()
                    for part in map(_terms, each.split("\n"))
                    if pair in pairwise(part)
                }
                assert ids(archive, f'="{" ".join(pair)}"') == wanted
    assert ids(archive, "=operate") < ids(archive, "operate")
    assert ids(archive, "title:=operate") <= ids(archive, "=operate")
    assert ids(archive, "run -=operate") == ids(archive, "run") - ids(archive, "=operate")


def test_only_what_is_written_so_is_marked(tmp_path: Path) -> None:
    write_records(
        tmp_path / "corpus" / "a.jsonl",
        [{"id": "a", "title": "t", "body": "Woods of wood; a Tiger Woods, tiger wood."}],
    )
    archive = Archive.open(tmp_path)
    archive.index()

    def to_bitset(query: str) -> list[str]:
        snippet = archive.search(query).hits[0].snippet
        return [snippet[start:end] for start, end in snippet.marks]

    assert to_bitset("=woods") == ["Woods", "Woods"]
    assert to_bitset("woods") == ["Woods", "wood", "Woods", "wood"]
    assert to_bitset('="tiger woods"') == ["Tiger Woods"]
    assert to_bitset("woods*") == ["Woods", "Woods"]
