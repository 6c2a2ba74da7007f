"""Real articles: generated requests over papers, against a computation over their JSON alone.

The suite takes 1,500 of them. By hand, ARCHIVE_TEST_PAPERS=20000 (or =all, 95,562: some
minutes) takes more, and 200 requests instead of 60.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import Stemmer

from archive import Archive
from archive.query import limits
from archive.query.lowering import stop_words

from ..support import SHARED, Asked, Choice, Record, counted, found, in_order

SOURCE = SHARED / "data" / "papers.jsonl.gz"
WANTED = os.environ.get("ARCHIVE_TEST_PAPERS", "")
COUNT = 1_500 if not WANTED else sys.maxsize if WANTED == "all" else int(WANTED)
REQUESTS = 200 if WANTED else 60
FACETS = ("person", "venue", "year")

pytestmark = pytest.mark.skipif(not SOURCE.exists(), reason="the papers are not part of the repository")

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})
_STEMMER = Stemmer.Stemmer("english")


def _terms(text: str) -> list[str]:
    """Words as they should be compared; written without a look at the archive's own analysis."""
    terms = []
    for token in _TOKEN.findall(text):
        plain = unicodedata.normalize("NFKD", token.casefold().translate(_LETTERS))
        plain = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
        terms.append(sys.intern(_STEMMER.stemWord(plain.removesuffix("'s").replace("'", ""))))
    return terms


def _written_apart(text: str) -> Iterator[str]:
    """The terms that joined words of a text, or some of them in a row, are in one piece."""
    for run in re.findall(r"[^\W_]+(?:[-‐.][^\W_]+)+", text):
        parts = re.split("[-‐.]", run)
        for first, last in itertools.combinations(range(len(parts) + 1), 2):
            yield from _terms("".join(parts[first:last])) if last - first > 1 else ()


@dataclass
class Papers:
    """The papers as JSON, their terms, and an archive of them.

    apart  terms that some of them write as two words, which are found too: other tests look for those
    """

    archive: Archive
    records: list[dict[str, Any]]
    terms: list[tuple[list[str], list[str]]]
    apart: set[str]

    def docs_with_any(self, words: list[str]) -> set[int]:
        """The papers with these words as a phrase (or the one word), in the title or the text."""
        wanted = _terms(" ".join(words))
        return {at for at, parts in enumerate(self.terms) if any(_contains(part, wanted) for part in parts)}


def _contains(terms: list[str], wanted: list[str]) -> bool:
    first, rest = wanted[0], len(wanted)
    if rest == 1:
        return first in terms
    return first in terms and any(terms[at : at + rest] == wanted for at, term in enumerate(terms) if term == first)


def chosen() -> Iterator[bytes]:
    """Some papers of one place, whose authors meet again, and some of everywhere."""
    with gzip.open(SOURCE, "rb") as lines:
        near = min(COUNT, 10_000) // 2
        yield from itertools.islice(lines, near if COUNT < 90_000 else None)
        yield from itertools.islice(lines, 0, None, max(1, (95_562 - near) // max(1, COUNT - near)))


def _names(names: list[str]) -> list[str]:
    """Names as an article has them: on one line, NFC, and nothing invisible in them."""
    seen = ("".join(char for char in name if unicodedata.category(char) != "Cf") for name in names)
    return list(dict.fromkeys(unicodedata.normalize("NFC", " ".join(name.split())) for name in seen if name.strip()))


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Papers]:
    root: Path = tmp_path_factory.mktemp("papers")
    (root / "corpus").mkdir()
    lines = list(itertools.islice(chosen(), COUNT))
    (root / "corpus" / "papers.jsonl.gz").write_bytes(gzip.compress(b"".join(lines), 1))
    records = [json.loads(line) for line in lines]
    for record in records:
        record["people"], record["venues"] = _names(record["people"]), _names(record["venues"])
    with pytest.MonkeyPatch.context() as patch, Archive.open(root) as archive:
        patch.setattr(limits, "MAX_SECONDS", 600.0)  # every article is listed
        report = archive.index()
        assert report.problems == ()
        assert report.added == len(records) >= min(COUNT, 1_500)
        assert len({record["id"] for record in records}) == len(records)
        yield papers_of(archive, records)


def papers_of(archive: Archive, records: list[dict[str, Any]]) -> Papers:
    """The papers of an archive, with what is to be known of them."""
    terms = [(_terms(record["title"]), _terms(record["body"])) for record in records]
    apart = {term for record in records for part in ("title", "body") for term in _written_apart(record[part])}
    return Papers(archive, records, terms, apart)


def _words(random: Random, papers: Papers, record: Record, several: int) -> list[str]:
    stops = stop_words("english")
    words = re.findall(r"[A-Za-z]{3,}", record["body"] or record["title"]) or ["nothing"]
    telling = [word.lower() for word in words if word.lower() not in stops]
    telling = [word for word in telling if papers.apart.isdisjoint(_terms(word))] or ["nothing"]
    return [random.choice(telling) for _ in range(several)]


def _phrase(random: Random, papers: Papers, record: Record) -> list[str]:
    """Two to four words that stand beside each other."""
    pairs = re.findall(r"(?<!['’\w-])[A-Za-z]+(?: [A-Za-z]+){1,3}(?!['’\w-])", record["body"])
    pairs = [pair for pair in pairs if papers.apart.isdisjoint(_terms(pair))]
    return str(random.choice(pairs)).split() if pairs else ["nothing", "here"]


def _query(random: Random, papers: Papers, record: Record) -> tuple[str, set[int]]:
    """A query text about `record`, and the papers that it should find."""
    every = set(range(len(papers.records)))
    kind = random.choice(["none", "one", "one", "and", "and", "or", "not", "minus", "phrase", "phrase", "nested"])
    if kind == "none":
        return "", every
    if kind == "phrase":
        words = _phrase(random, papers, record)
        return f'"{" ".join(words)}"', papers.docs_with_any(words)
    words = _words(random, papers, record, 3)
    a, b, c = (papers.docs_with_any([word]) for word in words)
    match kind:
        case "one":
            return words[0], a
        case "and":
            return f"{words[0]} {words[1]}", a & b
        case "or":
            return f"{words[0]} OR {words[1]} OR {words[2]}", a | b | c
        case "not":
            return f"{words[0]} NOT {words[1]}", a - b
        case "minus":
            return f"-{words[0]}", every - a
    return f"({words[0]} OR {words[1]}) AND NOT {words[2]}", (a | b) - c


def _request(random: Random, papers: Papers) -> tuple[dict[str, Any], Asked]:
    record = random.choice(papers.records)
    other = random.choice(papers.records)
    text, hits = _query(random, papers, record)
    wanted = {papers.records[at]["id"] for at in hits}
    choices = {name: Choice() for name in FACETS}
    year = int(record["date"][:4]) if record.get("date") else 2000
    if record["people"] and random.random() < 0.25:
        choices["person"].values = [random.choice(record["people"]), *other["people"][:1]]
        choices["person"].values = list(dict.fromkeys(choices["person"].values))
    elif random.random() < 0.1:
        choices["person"].missing = True
    if random.random() < 0.25:
        choices["person"].excluded = other["people"][:2]
    if record["venues"] and random.random() < 0.35:
        choices["venue"].values = list(dict.fromkeys([*record["venues"][:1], *other["venues"][:1]]))
    elif random.random() < 0.2:
        choices["venue"].excluded = other["venues"][:1]
    match random.choice(["", "", "one", "range", "open", "mixed"]):
        case "one":
            choices["year"].values = [str(year)]
        case "range":
            choices["year"].ranges = [(year - random.randint(1, 4), year + random.randint(0, 2))]
        case "open":
            choices["year"].ranges = [random.choice([(None, year), (year, None)])]
        case "mixed":
            choices["year"].values, choices["year"].ranges = [str(year - 5)], [(year, year + 1)]
            choices["year"].missing = True
    request = {
        "query": text,
        "person": choices["person"].values,
        "not_person": choices["person"].excluded,
        "venue": choices["venue"].values,
        "not_venue": choices["venue"].excluded,
        "year": [*map(int, choices["year"].values), *choices["year"].ranges],
        "missing": [name for name, choice in choices.items() if choice.missing],
    }
    return request, Asked(lambda paper: paper["id"] in wanted, choices, FACETS, facet_limit=None)


def test_generated_requests_find_and_count_what_the_json_says(papers: Papers) -> None:
    random = Random(20_160_502)
    sizes = []
    for number in range(REQUESTS):
        request, asked = _request(random, papers)
        wanted = found(papers.records, asked)
        page = papers.archive.search(**request, limit=None, facets=FACETS, facet_limit=None)
        assert page.total == len(wanted), (number, request)
        assert {hit.id for hit in page.hits} == {record["id"] for record in wanted}, (number, request)
        for facet in FACETS:
            assert counted(papers.records, asked, facet).matches(page.facets[facet]), (number, request, facet)
        newest = papers.archive.search(**request, sort="newest", facets=(), limit=30)
        assert [hit.id for hit in newest.hits] == in_order(wanted, "newest")[:30], (number, request)
        sizes.append(len(wanted))
    assert sum(size > 0 for size in sizes) > REQUESTS / 2  # the requests say something
    assert len(set(sizes)) > REQUESTS / 5


def test_all_people_are_the_joint_papers(papers: Papers) -> None:
    random = Random(7)
    pairs = [
        tuple(random.sample(record["people"], 2))
        for record in random.choices(
            [record for record in papers.records if len(record["people"]) > 1], k=REQUESTS // 3
        )
    ]
    pairs += [(random.choice(papers.records)["people"][0], "Nobody At All") for _ in range(3)]
    for pair in pairs:
        joint = {record["id"] for record in papers.records if set(pair) <= set(record["people"])}
        page = papers.archive.search(person=pair, all_people=True, limit=None, facet_limit=None)
        assert {hit.id for hit in page.hits} == joint, pair
        beside = [row for row in page.facets["person"].values if not row.selected]
        for row in beside[:5]:
            together = {r["id"] for r in papers.records if {*pair, row.value} <= set(r["people"])}
            assert row.count == len(together), (pair, row)


def test_the_archive_is_whole(papers: Papers) -> None:
    assert papers.archive.check() == ()
    assert papers.archive.stats().articles == len(papers.records)
