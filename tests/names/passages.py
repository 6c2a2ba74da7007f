"""The passages on which the discovery of names is measured: texts with the names that are in them.

Those that say `heldout: yes` were not looked at while rules and weights were set.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.config.yaml_loader import load
from archive.model.article import Article
from archive.names.discovery.suggestions import NameDiscovery, SuggestedName

FOLDER = Path(__file__).with_name("passages")


@dataclass(frozen=True)
class Passage:
    """A text; `places` are towns and countries, which count neither way as venues."""

    name: str
    style: str
    heldout: bool
    people: frozenset[str]
    venues: frozenset[str]
    places: frozenset[str]
    text: str


@dataclass
class Counts:
    """Right, wrong and missed names."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: set[str], expected: frozenset[str], ignored: frozenset[str] = frozenset()) -> None:
        self.right += len(found & expected)
        self.wrong += len(found - expected - ignored)
        self.missed += len(expected - found)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


def passages() -> list[Passage]:
    """All of them, by file name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.txt"))]


def _read(path: Path) -> Passage:
    head, _, text = path.read_text("utf-8").partition("\n---\n")
    said = load(head).plain()
    assert isinstance(said, dict)

    def names(key: str) -> frozenset[str]:
        return frozenset(map(str, said.get(key) or ()))

    style, heldout = str(said["style"]), said.get("heldout") == "yes"
    return Passage(path.stem, style, heldout, names("people"), names("venues"), names("places"), text.strip())


def found_in(passage: Passage) -> tuple[set[str], set[str]]:
    """People and venues suggested for a passage that is the only article of an archive."""
    discovery = NameDiscovery()
    first, _, rest = passage.text.partition("\n\n")
    headed = "\n" not in first and len(first) < 100
    title, body = (first, rest) if headed else (passage.style, passage.text)
    discovery.add(Article(passage.name, title, body))
    found = discovery.suggestions()
    return _matched(found.people, passage.people), _matched(found.venues, passage.venues)


def _matched(found: tuple[SuggestedName, ...], expected: frozenset[str]) -> set[str]:
    """The names found, each as it is expected where one of its spellings is."""
    return {next((n for n in (each.name, *each.variants) if n in expected), each.name) for each in found}


def measured(heldout: bool) -> tuple[Counts, Counts]:
    """People and venues of all passages that are, or are not, held out."""
    people, venues = Counts(), Counts()
    for passage in passages():
        if passage.heldout == heldout:
            found = found_in(passage)
            people.add(found[0], passage.people, passage.places & frozenset())
            venues.add(found[1], passage.venues, passage.places)
    return people, venues
