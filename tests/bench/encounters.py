"""How long questions about people take in a generated archive: `python -m tests.bench.encounters [--articles N …]`.

One person is in a fifth of the articles, and everybody else in some. Measured is the processor time of a question to an
archive that is open, from what the index keeps, in milliseconds (the median of several), and how it grows. The articles
are written into the index with sightings as the rules would have them: indexing is not what is measured.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from archive import Archive
from archive.indexing.sources import SourceTable
from archive.model.article import Article, Mention
from archive.model.sightings import PRESENT, Sighting, TextSpan
from archive.query import limits

#: In how many of so many articles the person asked about is.
_FREQUENT = 5
_PEOPLE, _VENUES = 3_000, 300
_COPIES = 0.03
_GIVEN, _FAMILY, _PLACES, _FILLER = (
    line.split()
    for line in (
        "Ada Bruno Carla Dario Elsa Fabio Greta Hugo Irma Jonas Karla Luca Mira Nils Olga Pavel Rosa Sven Tilda Ugo",
        "Ash Birk Coyle Dorn Egan Falk Grell Hask Ivers Jarl Koss Lund Mohr Nagle Orme Pryce Quist Rusk Stahl Thorn",
        "Hall Hotel Theatre Rooms Gallery Club House Pier Gardens Court",
        "rain harbour council bridge market price season committee garden letter window evening motor silver",
    )
)
#: What is written of two people at a place, and what it says of them: its stance, and who was there or was not.
_CLAUSES = (
    ("{a} danced with {b} at {venue}.", "together"),
    ("{a} and {b} were seen at {venue}, where the band played until two.", "together"),
    ("{a} dined with {b} at {venue}.", "together"),
    ("{a} did not attend the dinner at {venue}, where {b} gave the speech.", "absent"),
    ("{a} wrote to {b} about the roof of {venue}.", "contact"),
    ("{a} is expected at {venue}, as is {b}.", "expected"),
    ("{a} and {b} were named by the committee of {venue}.", "mentioned"),
    ("{a} was at {venue} for the opening.", "present"),
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


def articles(count: int) -> Iterator[Article]:
    """So many articles with their sightings, the same whenever they are made; a few are copies of the one before."""
    chance = random.Random(18)
    names, places = people(), venues()
    last: Article | None = None
    for number in range(count):
        if last is not None and chance.random() < _COPIES:
            yield replace(last, id=f"a{number}", title=f"{last.title}, as printed elsewhere")
            continue
        one = names[0] if number % _FREQUENT == 0 else names[1 + int(chance.paretovariate(0.7)) % (_PEOPLE - 1)]
        date = f"{chance.randint(1990, 2019)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        body, mentions, sightings = "", [], []
        for scene in range(chance.randint(1, 3)):
            other = names[1 + int(chance.paretovariate(0.5)) % (_PEOPLE - 1)]
            venue = chance.choice(places)
            form, stance = chance.choice(_CLAUSES)
            clause = form.format(a=one, b=other, venue=venue)
            start = len(body)
            body += f"{clause} {' '.join(chance.choices(_FILLER, k=40)).capitalize()}.\n\n"
            for facet, name in (("person", one), ("person", other), ("venue", venue)):
                if (at := clause.find(name)) >= 0:
                    mentions.append(Mention(facet, name, name, start + at, start + at + len(name)))
            sightings += told(stance, one, other, venue, date, scene, TextSpan(start, start + len(clause)))
        last = Article(
            f"a{number}", f"Notes {number}", body.strip(), date, inferred=("people", "venues"),
            people=tuple(dict.fromkeys(each.name for each in mentions if each.facet == "person")),
            venues=tuple(dict.fromkeys(each.name for each in mentions if each.facet == "venue")),
            mentions=tuple(sorted(mentions, key=lambda each: each.start)), sightings=tuple(sightings),
        )  # fmt: skip
        yield last


def told(stance: str, one: str, other: str, venue: str, date: str, scene: int, span: TextSpan) -> list[Sighting]:
    """The sightings of a clause, as the rules would have them."""
    if stance == "mentioned":
        return []
    grade = "stated" if stance in PRESENT else None
    when = None if stance == "contact" else date
    about = {"when": when, "when_basis": when and "article", "scene": scene, "spans": (span,)}
    there = [Sighting("present", (each,), "stated", venue=venue, **about) for each in (one, other)]
    if stance == "present":
        return there[:1]
    absent = (one,) if stance == "absent" else ()
    place = None if stance == "contact" else venue
    pair = Sighting(stance, (one, other), grade, venue=place, absent=absent, **about)
    alone = there if stance == "together" else there[1:] if stance == "absent" else []
    return [*alone, *([Sighting("absent", absent, venue=venue, absent=absent, **about)] if absent else []), pair]


def make_archive(root: Path, count: int) -> Archive:
    """An index of so many generated articles, written as an indexing run does once it has read and judged them."""
    archive = Archive.create(root)
    engine = archive._engine
    with engine.writer(rebuild=True) as writer:
        writer.begin()
        for article in articles(count):
            writer.add_document(article, article.id, article.id, replaces=False)
        writer.commit(SourceTable().dump(), final=True)
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
    options.add_argument("--work", type=Path, help="a folder in which the archives are kept, and found again")
    asked = options.parse_args()
    limits.MAX_SECONDS = 600  # of the clock, which says little on a busy machine
    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.articles:
            root = (asked.work or Path(folder)) / str(count)
            began = time.process_time()
            with Archive.open(root) if root.exists() else make_archive(root, count) as archive:
                print(f"{count:,} articles, {time.process_time() - began:.0f} s to build", flush=True)
                for name, ask in questions(archive).items():
                    taken.setdefault(name, []).append(milliseconds(ask, asked.runs))
    print(f"{'':18}" + "".join(f"{count:>11,}" for count in asked.articles) + "   growth a doubling")
    for name, times in taken.items():
        doublings = math.log2(asked.articles[-1] / asked.articles[0])
        grown = (times[-1] / times[0]) ** (1 / (doublings or 1))
        print(f"{name:18}" + "".join(f"{each:8.1f} ms" for each in times) + f"{grown:10.2f}")


if __name__ == "__main__":
    main()
