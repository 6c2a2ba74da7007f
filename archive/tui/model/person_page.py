"""The contents of a page about one or two people: their encounters, and the rows of the panel beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive import (
    Archive,
    Companions,
    Encounter,
    Encounters,
    FacetCount,
    FacetResult,
    Gap,
    Quote,
    SearchRequest,
)
from archive.model.dates import year_of
from archive.model.sightings import PRESENT
from archive.render.encounter_text import STANCES, stance_word
from archive.render.text import NOT_DECLARED, pluralize

#: Encounters fetched before anything is shown, and fetched at most.
FIRST, MOST = 60, 2_000
#: Companions and venues listed at first.
LISTED = 20


@dataclass(frozen=True, slots=True)
class PersonEncounters:
    """The encounters of one person, or of two together.

    found     the encounters, newest first
    declared  ids of the articles that declare all of the people; in the others somebody is only found in the text
    gaps  periods without an encounter, longest first; none where not all encounters are fetched
    complete  whether these are all encounters
    """

    found: Encounters
    declared: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    complete: bool = False

    def only(self, kind: str) -> PersonEncounters:
        """The rows of one kind of stance, or all for ""; the gaps are those between the rows that place them."""
        if not kind:
            return self
        rows = tuple(row for row in self.found.rows if kind_of(row) == kind)
        return replace(self, found=replace(self.found, rows=rows), gaps=self.gaps if kind == "together" else ())

    @property
    def undeclared(self) -> int:
        """Number of articles that do not declare all of the people."""
        return len({row.id for row in self.found.rows} - self.declared)

    @property
    def gap_before(self) -> Mapping[int, Gap]:
        """The gap that ended with an encounter, by the number of its row."""
        last = {row.occasion_date: number for number, row in enumerate(self.found.rows)}
        return {last[each.before]: each for each in self.gaps if each.before in last}


#: Kinds of stances among which the rows can be filtered; "" are all.
KINDS = ("", "together", "absent", "expected", "contact", "mentioned")


def kind_of(row: Encounter) -> str:
    """The kind of a row's stance: `present` is one of `together`."""
    return "together" if row.stance in PRESENT else row.stance


def next_kind(rows: Sequence[Encounter], kind: str) -> str:
    """The kind after `kind` of which there are rows; after the last come all."""
    there = {"", *map(kind_of, rows)}
    order = [*KINDS[KINDS.index(kind) + 1 :], *KINDS]
    return next(each for each in order if each in there)


def stance_counts(rows: Sequence[Encounter]) -> Counter[str]:
    """How many rows there are under each sign of `archive.render.encounter_text.STANCES`, in its order."""
    counts = Counter(map(stance_word, rows))
    return Counter({word: counts[word] for word in STANCES.values() if counts[word]})


def date_basis(row: Encounter, *, brief: bool) -> str:
    """Who says when the occasion of a row was; "" where nobody does."""
    if row.when is None:
        return ""
    if row.when_basis == "text":
        return "from the text" if brief or not row.when_text else f"date from the text: “{row.when_text}”"
    return "as reviewed" if row.when_basis == "review" else "the article's date"


def articles_of(people: Sequence[str]) -> SearchRequest:
    """A request for the articles with all of these people."""
    return SearchRequest(person=tuple(people), all_people=len(people) > 1)


def fetch_encounters(archive: Archive, people: Sequence[str], limit: int) -> PersonEncounters:
    """The newest encounters of people; raises what Archive.encounters does."""
    found = archive.encounters(people[0], people[1:], limit=limit, stance="all")
    request = articles_of(found.people).replace(limit=limit, facets=(), sort="newest")
    declared = frozenset(each.id for each in archive.articles(request) if "people" not in each.detected)
    complete = len(found.rows) < limit
    gaps = archive.gaps(people[0], people[1:]) if complete else ()
    return PersonEncounters(found, declared, gaps, complete)


def quote_evidence(archive: Archive, encounter: Encounter) -> tuple[Quote, ...]:
    """The sentences that prove an encounter, as quotations; raises what Archive.quote does."""
    article = archive.get(encounter.id)
    texts = ((article.title if span.in_title else article.body)[span.start : span.end] for span in encounter.spans)
    return tuple(archive.quote(encounter.id, text) for text in texts)


@dataclass(frozen=True, slots=True)
class PersonContext:
    """The companions of one person (None for a pair), and the venues with their articles."""

    companions: Companions | None = None
    venues: FacetResult = field(default_factory=lambda: FacetResult((), 0, 0))


def fetch_context(archive: Archive, people: Sequence[str], limits: Mapping[str, int]) -> PersonContext:
    """The context of people; `limits` are numbers of rows by section, `LISTED` where there is none."""
    alone = len(people) == 1
    companions = archive.companions(people[0], limit=limits.get("Companions", LISTED)) if alone else None
    venues = archive.facet("venue", request=articles_of(people), limit=limits.get("Venues", LISTED))
    return PersonContext(companions, venues)


def year_of_row(row: Encounter) -> int | None:
    """The year of a row's occasion, or else of its article."""
    date = row.occasion_date or row.date
    return year_of(date) if date else None


def occasions_per_year(rows: Sequence[Encounter]) -> FacetResult:
    """Number of occasions, per year: the scenes of articles, and articles that tell of none."""
    years = list({(row.id, row.scene): year_of_row(row) for row in rows}.values())
    counts = Counter(f"{year:04}" for year in years if year)
    values = tuple(FacetCount(year, counts[year]) for year in sorted(counts))
    return FacetResult(values, len(counts), years.count(None))


def summary(shown: PersonEncounters) -> tuple[str, str]:
    """Two lines about the encounters: how many from when to when, and the last of them."""
    found = shown.found
    dated = [row.occasion_date for row in found.rows if row.occasion_date]
    parts = [pluralize(found.articles, "article")]
    if len(found.people) > 1:
        parts.append(pluralize(len(found.rows), "encounter"))
    if not shown.complete:
        parts.append(f"the newest {len(found.rows):,} are shown")
    elif dated:
        parts.append(_period(min(dated), max(dated)))
    if shown.undeclared:
        parts.append(f"{shown.undeclared:,} {NOT_DECLARED}")
    return " · ".join(parts), " · ".join(_last_seen(shown))


def _last_seen(shown: PersonEncounters) -> Iterator[str]:
    last = next((row for row in shown.found.rows if row.stance in PRESENT and row.when), None)
    if last is None:
        yield "in no dated encounter" if shown.found.rows else "not found together in any article"
        return
    yield f"last seen {last.when}{' at ' if last.venue else ''}{last.venue or ''}"
    for each in shown.gaps:
        if each.before is None:
            yield f"not seen in the {pluralize(each.days, 'day')} since"


def _period(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


# -- the panel beside the encounters ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """One row of the panel.

    section  the name of its section
    kind     "head", "value" or "more"
    text     what it says
    numbers  what stands at the right, the least important first
    value    what it stands for: a name, or the date after which a gap begins
    about    the same in a sentence
    brief    what it says where there is little room
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
        """Identifies the row, whatever its numbers."""
        return self.section, self.kind, self.value


def related_rows(people: Sequence[str], context: PersonContext, gaps: Sequence[Gap]) -> tuple[RelatedRow, ...]:
    """The rows of every section that has any."""
    companions = context.companions
    sections = [
        ("People", len(people), (), _people(people) if len(people) > 1 else ()),
        ("Companions", companions.distinct if companions else 0, ("surprise", "articles"), _companions(companions)),
        ("Venues", context.venues.distinct, ("articles",), _venues(context.venues)),
        ("Gaps", len(gaps), ("days",), _gaps(gaps)),
    ]
    return tuple(row for name, count, columns, rows in sections for row in _section(name, count, columns, tuple(rows)))


def _section(name: str, count: int, columns: tuple[str, ...], rows: Sequence[RelatedRow]) -> Iterator[RelatedRow]:
    if rows:
        yield RelatedRow(name, "head", f"{name} {count:,}", columns)
        yield from rows
        if count > len(rows):
            yield RelatedRow(name, "more", f"{count - len(rows):,} more")


def _people(people: Sequence[str]) -> Iterator[RelatedRow]:
    for name in people:
        yield RelatedRow("People", "value", name, (), name, name)


def _companions(found: Companions | None) -> Iterator[RelatedRow]:
    for row in found.rows if found else ():
        when = _period(row.first, row.last) if row.first and row.last else "undated"
        surprise = f"{round(row.surprise, 1) + 0.0:,.1f}"
        parts = [row.person, pluralize(row.articles, "article"), when, f"surprise {surprise}", ", ".join(row.venues)]
        about = " · ".join(filter(None, parts))
        yield RelatedRow("Companions", "value", row.person, (surprise, f"{row.articles:,}"), row.person, about)


def _venues(found: FacetResult) -> Iterator[RelatedRow]:
    for each in found.values:
        if each.count:
            about = f"{each.value} · {pluralize(each.count, 'article')}"
            yield RelatedRow("Venues", "value", each.value, (f"{each.count:,}",), each.value, about)


def _gaps(gaps: Sequence[Gap]) -> Iterator[RelatedRow]:
    for each in gaps:
        text = f"{each.after} → {each.before}" if each.before else f"since {each.after}"
        brief = f"{each.after[:7]} → {each.before[:7]}" if each.before else text
        yield RelatedRow("Gaps", "value", text, (f"{each.days:,}",), each.after, gap_text(each), brief)


def gap_text(gap: Gap) -> str:
    """A gap in words."""
    held = pluralize(gap.held, "article") if gap.held else "no articles"
    when = f"{gap.after} to {gap.before}" if gap.before else f"since {gap.after}"
    return f"not seen for {pluralize(gap.days, 'day')}, {when} ({held} from that period)"
