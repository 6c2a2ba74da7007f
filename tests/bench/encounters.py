"""How long questions about people take in a generated archive: `python -m tests.bench.encounters [--articles N …]`.

One person is in a fifth of the articles, and everybody else in some. Measured is the processor time of a question to an
archive that is open, from what the index keeps, in milliseconds (the median of several), and how it grows.
`--question-seconds` lets a question judge what indexing has not.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from archive import Archive

#: In how many of so many articles the person asked about is.
_FREQUENT = 5
_PEOPLE, _VENUES = 3_000, 300
_COPIES = 0.03
_SETTINGS = "judge_seconds: 0\nnames:\n  discovered: off\n"
_GIVEN, _FAMILY, _PLACES, _FILLER = (
    line.split()
    for line in (
        "Ada Bruno Carla Dario Elsa Fabio Greta Hugo Irma Jonas Karla Luca Mira Nils Olga Pavel Rosa Sven Tilda Ugo",
        "Ash Birk Coyle Dorn Egan Falk Grell Hask Ivers Jarl Koss Lund Mohr Nagle Orme Pryce Quist Rusk Stahl Thorn",
        "Hall Hotel Theatre Rooms Gallery Club House Pier Gardens Court",
        "rain harbour council bridge market price season committee garden letter window evening motor silver",
    )
)
_CLAUSES = (
    "{a} danced with {b} at {venue} on Saturday.",
    "{a} and {b} were seen at {venue}, where the band played until two.",
    "{a} dined with {b} at {venue}.",
    "{a} did not attend the dinner at {venue}, where {b} gave the speech.",
    "{a} wrote to {b} about the roof of the chapel.",
    "{a} is expected at {venue}, as is {b}.",
    "{a} and {b} were named by the committee.",
    "{a} was at {venue} for the opening.",
)


def people() -> list[str]:
    """The names of everybody; the first is the one who is in every fifth article."""
    names = [f"{given} {family}{suffix}" for suffix in _suffixes() for given in _GIVEN for family in _FAMILY]
    return names[:_PEOPLE]


def _suffixes() -> Iterator[str]:
    yield ""
    yield from ("berg", "dale", "feld", "holm", "ling", "mann", "sen", "stein", "wick")


def venues() -> list[str]:
    """The names of all places."""
    names = [f"{first}{last} {place}" for place in _PLACES for first in ("West", "East", "Old") for last in _FAMILY]
    return [name.title() for name in names[:_VENUES]]


def articles(count: int) -> Iterator[dict[str, str]]:
    """So many articles, the same whenever they are made; a few are copies of the one before."""
    chance = random.Random(18)
    names, places = people(), venues()
    last: dict[str, str] = {}
    for number in range(count):
        if last and chance.random() < _COPIES:
            yield last | {"id": f"a{number}", "title": f"{last['title']}, as printed elsewhere"}
            continue
        frequent = number % _FREQUENT == 0
        one = names[0] if frequent else names[1 + int(chance.paretovariate(0.7)) % (_PEOPLE - 1)]
        text = []
        for _ in range(chance.randint(1, 3)):
            other = names[1 + int(chance.paretovariate(0.5)) % (_PEOPLE - 1)]
            clause = chance.choice(_CLAUSES).format(a=one, b=other, venue=f"the {chance.choice(places)}")
            filler = " ".join(chance.choices(_FILLER, k=40)).capitalize()
            text.append(f"{clause} {filler}.")
        date = f"{chance.randint(1990, 2019)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        last = {"id": f"a{number}", "title": f"Notes {number}", "date": date, "text": "\n\n".join(text)}
        yield last


def make_archive(root: Path, count: int) -> Archive:
    """An indexed archive of so many generated articles."""
    (root / "corpus").mkdir(parents=True)
    (root / "archive.yaml").write_text(_SETTINGS)
    for file, names in (("people", people()), ("venues", venues())):
        (root / f"{file}.yaml").write_text("".join(f"- name: {name}\n" for name in names))
    with (root / "corpus" / "articles.jsonl").open("w") as out:
        out.writelines(json.dumps(each) + "\n" for each in articles(count))
    archive = Archive.open(root)
    assert not archive.index(jobs=2).problems
    return archive


def questions(archive: Archive) -> dict[str, Callable[[], object]]:
    """What is asked."""
    person, other, place = people()[0], people()[2], venues()[0]
    return {
        "seen A": lambda: archive.encounters(person, limit=20),
        "seen A --year": lambda: archive.encounters(person, year="2001..2004", limit=20),
        "seen A --with B": lambda: archive.encounters(person, other, limit=20),
        "seen A --at V": lambda: archive.encounters(person, at=place, limit=20),
        "seen A --gaps": lambda: archive.gaps(person),
        "with A": lambda: archive.companions(person, limit=20),
        "seen_with of A": lambda: archive.seen_facet("seen_with", person),
        "seen_at of A": lambda: archive.seen_facet("seen_at", person),
        "occasions": lambda: archive.occasions(limit=20),
        "occasions --at V": lambda: archive.occasions(place, limit=20),
        "occasions --year": lambda: archive.occasions(year=2004, limit=20),
        "facet person": lambda: archive.facet("person"),
    }


def milliseconds(ask: Callable[[], object], runs: int) -> float:
    """The median processor time of a question."""
    ask()  # what is read from the disk once
    times = []
    for _ in range(runs):
        began = time.process_time()
        ask()
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, nargs="+", default=[12_500, 25_000, 50_000, 100_000])
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--question-seconds", type=float, default=0.0)
    options.add_argument("--work", type=Path, help="a folder in which the archives are kept, and found again")
    asked = options.parse_args()
    taken: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch("archive.encounters.judging.QUESTION_SECONDS", asked.question_seconds),
    ):
        for count in asked.articles:
            root = (asked.work or Path(folder)) / str(count)
            began = time.process_time()
            with Archive.open(root) if root.exists() else make_archive(root, count) as archive:
                print(f"{count:,} articles, {time.process_time() - began:.0f} s to build", flush=True)
                for name, ask in questions(archive).items():
                    taken.setdefault(name, []).append(milliseconds(ask, asked.runs))
    print(f"{'':18}" + "".join(f"{count:>11,}" for count in asked.articles) + "   growth a doubling")
    for name, times in taken.items():
        grown = (times[-1] / times[0]) ** (1 / max(1, len(times) - 1))
        print(f"{name:18}" + "".join(f"{each:8.1f} ms" for each in times) + f"{grown:10.2f}")


if __name__ == "__main__":
    main()
