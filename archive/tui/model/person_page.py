"""What a page tells of one or two people, and the rows of the list beside their encounters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.api import Archive
from archive.encounters.model import Companions, Encounter, Encounters, Gap
from archive.model.results import FacetCount, FacetResult
from archive.query.request import SearchRequest
from archive.render.article import NOT_DECLARED
from archive.render.text import pluralize

#: Encounters that are fetched before anything is shown, and the most that are fetched at all.
FIRST, MOST = 60, 2_000
#: Companions and venues that are listed before anybody asks for more.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Sightings:
    """Where people were seen together.

    found     their encounters, the newest first
    declared  the articles that declare all of them; in the others somebody is only found in the text
    silences  the times between, the longest first; none if there are more encounters than are fetched
    whole     whether these are all encounters
    """

    found: Encounters
    declared: frozenset[str] = frozenset()
    silences: tuple[Gap, ...] = ()
    whole: bool = False

    @property
    def undeclared(self) -> int:
        """How many of the articles do not declare all of them."""
        return len({row.id for row in self.found.rows} - self.declared)

    @property
    def gaps(self) -> Mapping[int, Gap]:
        """The silence that came before an encounter, by the number of its row."""
        last = {row.date: number for number, row in enumerate(self.found.rows)}
        return {last[each.before]: each for each in self.silences if each.before in last}


def asked(people: Sequence[str]) -> SearchRequest:
    """The articles of these people together."""
    return SearchRequest(person=tuple(people), all_people=len(people) > 1)


def sightings(archive: Archive, people: Sequence[str], limit: int) -> Sightings:
    """The newest encounters of people; raises what Archive.encounters does."""
    found = archive.encounters(people[0], people[1:], limit=limit)
    request = asked(found.people).replace(limit=limit, facets=(), sort="newest")
    declared = frozenset(each.id for each in archive.articles(request) if "people" not in each.detected)
    whole = len(found.rows) < limit
    return Sightings(found, declared, archive.gaps(people[0], people[1:]) if whole else (), whole)


@dataclass(frozen=True, slots=True)
class Around:
    """Who and what is around people: companions (of one person alone), and venues with their articles."""

    companions: Companions | None = None
    venues: FacetResult = field(default_factory=lambda: FacetResult((), 0, 0))


def around(archive: Archive, people: Sequence[str], limits: Mapping[str, int]) -> Around:
    """So many of both as `limits` says by the names of their sections."""
    alone = len(people) == 1
    companions = archive.companions(people[0], limit=limits.get("Companions", LISTED)) if alone else None
    return Around(companions, archive.facet("venue", request=asked(people), limit=limits.get("Venues", LISTED)))


def years(rows: Sequence[Encounter]) -> FacetResult:
    """In how many articles of each year the encounters are."""
    dates = {row.id: row.date for row in rows}.values()
    counts = Counter(date[:4] for date in dates if date)
    values = tuple(FacetCount(year, counts[year]) for year in sorted(counts))
    return FacetResult(values, len(counts), sum(date is None for date in dates))


def summary(shown: Sightings) -> tuple[str, str]:
    """Two lines about the encounters: how many from when to when, and the last of them."""
    found = shown.found
    dated = [row.date for row in found.rows if row.date]
    said = [pluralize(found.articles, "article")]
    if len(found.people) > 1:
        said.append(pluralize(len(found.rows), "encounter"))
    if not shown.whole:
        said.append(f"the newest {len(found.rows):,} are shown")
    elif dated:
        said.append(_span(min(dated), max(dated)))
    if shown.undeclared:
        said.append(f"{shown.undeclared:,} {NOT_DECLARED}")
    return " · ".join(said), " · ".join(_last(shown))


def _last(shown: Sightings) -> Iterator[str]:
    last = next((row for row in shown.found.rows if row.date), None)
    if last is None:
        yield "no date is known" if shown.found.rows else "not found together in any article"
        return
    yield f"last seen {last.date}{' at ' if last.venues else ''}{', '.join(last.venues)}"
    for each in shown.silences:
        if each.before is None:
            yield f"nothing in the {pluralize(each.days, 'day')} since"


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


# -- the list beside the encounters ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list: a heading, a value, or that there are more.

    section  the name of its section
    kind     "head", "value" or "more"
    text     what it is called
    numbers  what stands at the right, the least important first
    value    what it stands for: a name, or the date after which a silence begins
    about    the same in a sentence
    brief    what it is called where there is little room
    """

    section: str
    kind: str
    text: str
    numbers: tuple[str, ...] = ()
    value: str = ""
    about: str = ""
    brief: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """The same row has the same key whatever its numbers."""
        return self.section, self.kind, self.value


def rows(people: Sequence[str], beside: Around, silences: Sequence[Gap]) -> tuple[Row, ...]:
    """The rows of every section that has any."""
    companions = beside.companions
    sections = [
        ("People", len(people), (), _people(people) if len(people) > 1 else ()),
        ("Companions", companions.distinct if companions else 0, ("surprise", "articles"), _companions(companions)),
        ("Venues", beside.venues.distinct, ("articles",), _venues(beside.venues)),
        ("Silences", len(silences), ("days",), _silences(silences)),
    ]
    return tuple(row for name, count, columns, made in sections for row in _section(name, count, columns, tuple(made)))


def _section(name: str, count: int, columns: tuple[str, ...], made: Sequence[Row]) -> Iterator[Row]:
    if made:
        yield Row(name, "head", f"{name} {count:,}", columns)
        yield from made
        if count > len(made):
            yield Row(name, "more", f"{count - len(made):,} more")


def _people(people: Sequence[str]) -> Iterator[Row]:
    for name in people:
        yield Row("People", "value", name, (), name, name)


def _companions(found: Companions | None) -> Iterator[Row]:
    for row in found.rows if found else ():
        when = _span(row.first, row.last) if row.first and row.last else "undated"
        surprise = f"{round(row.surprise, 1) + 0.0:,.1f}"
        said = [row.person, pluralize(row.articles, "article"), when, f"surprise {surprise}", ", ".join(row.venues)]
        about = " · ".join(filter(None, said))
        yield Row("Companions", "value", row.person, (surprise, f"{row.articles:,}"), row.person, about)


def _venues(found: FacetResult) -> Iterator[Row]:
    for each in found.values:
        if each.count:
            about = f"{each.value} · {pluralize(each.count, 'article')}"
            yield Row("Venues", "value", each.value, (f"{each.count:,}",), each.value, about)


def _silences(silences: Sequence[Gap]) -> Iterator[Row]:
    for each in silences:
        text = f"{each.after} → {each.before}" if each.before else f"since {each.after}"
        brief = f"{each.after[:7]} → {each.before[:7]}" if each.before else text
        yield Row("Silences", "value", text, (f"{each.days:,}",), each.after, silence_text(each), brief)


def silence_text(silence: Gap) -> str:
    """A silence in words."""
    held = pluralize(silence.held, "article") if silence.held else "none"
    when = f"{silence.after} to {silence.before}" if silence.before else f"since {silence.after}"
    return f"{pluralize(silence.days, 'day')} without, {when} · {held} held from then"
