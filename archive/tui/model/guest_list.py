"""Occasions on the screen: those that are asked for, and the guest list of one of them as rows of a panel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive import Archive, Encounter, Occasion, Quote, YearRange
from archive.render.terminal import Mark
from archive.tui.model.person_page import RelatedRow, quote_evidence

#: Occasions that are listed at most.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class OccasionScope:
    """Which occasions are asked for: at any of some venues, in some years, with all of some people.

    people also count where an article says that they were not there
    """

    venues: tuple[str, ...] = ()
    years: tuple[YearRange, ...] = ()
    people: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [" + ".join(self.people), f"at {' or '.join(self.venues)}" if self.venues else ""]
        return " · ".join(filter(None, [*parts, ", ".join(map(str, self.years))])) or "everywhere"


def fetch_occasions(archive: Archive, scope: OccasionScope) -> tuple[Occasion, ...]:
    """The occasions in a scope, the latest first; raises what Archive.occasions does."""
    found = archive.occasions(scope.venues, year=scope.years, limit=None if scope.people else MOST)
    wanted = set(scope.people)
    return tuple(each for each in found if wanted <= {*each.people, *each.absent})[:MOST]


def guest_rows(occasion: Occasion) -> tuple[RelatedRow, ...]:
    """The rows of an occasion's guest list: who was there, who was said not to be, where, and which articles say so."""
    sections = [
        ("There", [_guest(occasion, name) for name in occasion.people]),
        ("Said absent", [RelatedRow("Said absent", "value", f"✕ {name}", (), name, name) for name in occasion.absent]),
        ("Venue", [RelatedRow("Venue", "value", occasion.venue, (), occasion.venue)] if occasion.venue else []),
        ("Sources", [RelatedRow("Sources", "value", source, (), source, source) for source in occasion.sources]),
    ]
    return tuple(
        row
        for name, rows in sections
        if rows
        for row in (RelatedRow(name, "head", f"{name} {len(rows):,}" if name != "Venue" else name), *rows)
    )


def _guest(occasion: Occasion, name: str) -> RelatedRow:
    stated = name in occasion.stated
    about = f"{name} · {'a word of the text says so' if stated else 'likely: it follows from the passage'}"
    return RelatedRow("There", "value", f"{'●' if stated else '◐'} {name}", (), name, about)


def heading(occasion: Occasion) -> str:
    """When and where an occasion was."""
    return f"{occasion.when or 'undated'} · {occasion.venue or 'no venue named'}"


def date_basis(occasion: Occasion) -> str:
    """Who says when an occasion was."""
    if occasion.when is None:
        return f"in an article of {occasion.date}" if occasion.date else ""
    if occasion.when_basis == "text":
        return f"from the text: “{occasion.when_text}”" if occasion.when_text else "from the text"
    return "as reviewed" if occasion.when_basis == "review" else "the article's date"


def proof(archive: Archive, occasion: Occasion) -> Iterator[Encounter]:
    """The rows of the article that tell of an occasion; raises what Archive.sightings does."""
    return (row for row in archive.sightings(occasion.id) if row.scene == occasion.scene)


def proof_marks(archive: Archive, occasion: Occasion) -> list[Mark]:
    """The names in the sentences that tell of an occasion, as offsets in the article's body, in order."""
    return sorted({mark for row in proof(archive, occasion) for mark in row.body_marks})


def quote_occasion(archive: Archive, occasion: Occasion) -> tuple[Quote, ...]:
    """The sentences that tell of an occasion, each once, as quotations; raises what Archive.quote does."""
    found = [quote for row in proof(archive, occasion) for quote in quote_evidence(archive, row)]
    return tuple(sorted(dict.fromkeys(found), key=lambda quote: quote.paragraph))


def names_in_rows(occasions: Sequence[Occasion]) -> int:
    """Number of people who were at any of some occasions."""
    return len({name for each in occasions for name in each.people})
