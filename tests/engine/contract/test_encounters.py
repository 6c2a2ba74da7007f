"""The contract on people: who was seen with whom, where and when, printed alike from every engine."""

from __future__ import annotations

import dataclasses
import shlex
from typing import Any

import pytest

from archive import Archive

from ...cli import support as command
from ...cli.test_encounters import CASES
from .test_demonstration import PAIR, both

#: A certificate names the generation of the index; it is compared below.
PRINTED = sorted(case for case in CASES.values() if "--certificate" not in case)
PRINTED += [
    f"with '{PAIR[0]}'",
    f'timeline --person "{PAIR[1]}" --by month',
    "show halcyon-fire-gazette",
    "search 'has:person_mentioned' -n all",
    "search 'detected:people OR detected:venues' -n all --format jsonl",
    "search 'person_mentioned:halloran OR venue_mentioned:\"lund house\"' -n all",
    "search 'venue_mentioned:hous*' -n all",
    "seen 'Nobody At All'",
]


@pytest.mark.parametrize("case", PRINTED)
def test_the_same_is_printed(demonstrations: dict[str, Archive], case: str) -> None:
    def ask(archive: Archive) -> Any:
        ended = command.run("--root", archive.root, *shlex.split(case))
        assert "Traceback" not in ended.err
        return ended.code, ended.raw.replace(str(archive.root).encode(), b""), ended.err

    both(demonstrations, ask)


@pytest.mark.parametrize("person", ["Verity Pascoe-Lund", "ivanka trump", "Magda Wieczorek", "Marta Kovač"])
def test_the_same_rows_and_companions(demonstrations: dict[str, Archive], person: str) -> None:
    for level in ("sentence", "paragraph", "article", "declared"):
        both(demonstrations, lambda archive, level=level: archive.encounters(person, level=level, year="..2020"))
    both(demonstrations, lambda archive: archive.companions(person, limit=None))
    both(demonstrations, lambda archive: archive.companions(person, at="Halcyon Theatre"))
    both(demonstrations, lambda archive: archive.gaps(person))
    for archive in demonstrations.values():
        assert archive.encounters(person).rows
        assert archive.companions(person).rows


@pytest.mark.parametrize(
    ("person", "others", "options"),
    [
        (PAIR[0], PAIR[1], {"year": "1999..2008"}),
        ("Verity Pasco-Lund", ("Tevita Faleolo", "Zoë Amadi"), {}),
        ("Núria Ferrer", "Takumi Hoshino", {"level": "sentence", "year": "1993.."}),
    ],
)
def test_the_same_certificates(
    demonstrations: dict[str, Archive], person: str, others: Any, options: dict[str, Any]
) -> None:
    def ask(archive: Archive) -> Any:
        made = archive.certificate(person, others, **options)
        return dataclasses.replace(made, index=dataclasses.replace(made.index, generation=0))

    both(demonstrations, ask)


@pytest.mark.parametrize("facet", ["person_mentioned", "venue_mentioned"])
def test_the_same_mentions(demonstrations: dict[str, Archive], facet: str) -> None:
    for find in ("", "hallo", "infirmry", "the"):
        both(demonstrations, lambda archive, find=find: archive.facet(facet, find, limit=None))
    for archive in demonstrations.values():
        assert archive.facet(facet).values
        articles = list(archive.articles())
        assert any(article.mentions for article in articles)
        assert any(article.declared for article in articles)
        assert any(article.detected for article in articles)
