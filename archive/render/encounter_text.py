"""Encounters, companions, silences and certificates, as text and as records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from archive.encounters.model import (
    ArticleSpan,
    Certificate,
    Companion,
    Companions,
    Encounter,
    Encounters,
    Gap,
    NearMiss,
    Occasion,
    Spelling,
)
from archive.model.sightings import PRESENT
from archive.render.json_output import Record, dumps
from archive.render.terminal import OutputStyle, fit, pad, safe
from archive.render.text import labelled, pluralize
from archive.text.graphemes import cell_width

ROW_COLUMNS = (
    "stance", "grade", "when", "when_basis", "when_text", "date", "people", "absent", "venue", "nearby", "level", "id",
    "title", "reviewed", "evidence",
)  # fmt: skip
#: Format version of the JSON of rows: 2 has the stance, the date and the venue of an occasion.
ROWS_VERSION = 2
OCCASION_COLUMNS = (
    "when",
    "when_basis",
    "when_text",
    "venue",
    "people",
    "stated",
    "absent",
    "date",
    "id",
    "title",
    "sources",
)
COMPANION_COLUMNS = ("person", "articles", "sightings", "surprise", "first", "last", "venues")
SILENCE_COLUMNS = ("after", "before", "days", "held")

#: A sign and a word for each stance; `likely` stands for a presence of that grade.
STANCES = {
    "together": "● together", "present": "● present", "likely": "◐ likely", "absent": "✕ said absent",
    "expected": "… expected", "contact": "✉ in contact", "mentioned": "○ named together",
}  # fmt: skip
UNPROVED = "(declared only: no text names them)"
_PERSON_WIDTH = 40


def asked(people: Sequence[str], venues: Sequence[str]) -> str:
    """Who was asked for, and where."""
    return safe(" + ".join(people) + "".join(f" at {venue}" for venue in venues))


def stance_word(row: Encounter) -> str:
    """The stance of a row, as a sign and a word."""
    return STANCES["likely" if row.grade == "likely" else row.stance]


def when_words(row: Encounter | Occasion) -> str:
    """When an occasion was, and who says so."""
    if row.when is None:
        return "undated" if row.date is None else f"undated, in an article of {row.date}"
    said = {"text": row.when_text, "review": "as reviewed"}.get(row.when_basis or "", "the article's date")
    return f"{row.when} ({said})"


# -- records ---------------------------------------------------------------------------


def row_record(row: Encounter) -> Record:
    """An encounter with its documented keys."""
    return {
        "stance": row.stance,
        "grade": row.grade,
        "when": row.when,
        "when_basis": row.when_basis,
        "when_text": row.when_text,
        "date": row.date,
        "people": list(row.people),
        "absent": list(row.absent),
        "venue": row.venue,
        "nearby": list(row.nearby),
        "level": row.level,
        "id": row.id,
        "title": row.title,
        "reviewed": row.reviewed,
        "evidence": str(row.evidence),
        "spans": [{"start": span.start, "end": span.end, "in_title": span.in_title} for span in row.spans],
        "sources": list(row.sources),
    }


def occasion_record(row: Occasion) -> Record:
    """An occasion with its documented keys."""
    return {
        "when": row.when,
        "when_basis": row.when_basis,
        "when_text": row.when_text,
        "venue": row.venue,
        "people": list(row.people),
        "stated": list(row.stated),
        "absent": list(row.absent),
        "date": row.date,
        "id": row.id,
        "title": row.title,
        "sources": list(row.sources),
    }


def companion_record(row: Companion) -> Record:
    """A companion with its documented keys."""
    return {
        "person": row.person,
        "articles": row.articles,
        "sightings": row.sightings,
        "surprise": round(row.surprise, 2) + 0.0,
        "first": row.first,
        "last": row.last,
        "venues": list(row.venues),
    }


def silence_record(silence: Gap) -> Record:
    """A silence with its documented keys."""
    return {"after": silence.after, "before": silence.before, "days": silence.days, "held": silence.held}


def certificate_record(made: Certificate) -> Record:
    """A certificate with its documented keys, and the SHA-256 of all of it but that at the end."""
    record = asdict(made)
    return record | {"digest": hashlib.sha256(dumps(record).encode()).hexdigest()}


# -- text ------------------------------------------------------------------------------


def rows(found: Encounters, look: OutputStyle) -> Iterator[str]:
    """How many articles have all who were asked for, then the rows that are shown, and how many others there are.

    Stated absences come after the rest, under a heading of their own.
    """
    said = [
        pluralize(found.articles, "article"),
        asked(found.people, found.venues),
        f"{pluralize(len(found.rows), 'row')}",
    ]
    yield from map(look.bold, look.wrap_styled(" · ".join(said)))
    ordered = sorted(found.rows, key=lambda row: row.stance == "absent")
    headed = any(row.stance != "absent" for row in found.rows)
    for row in ordered:
        yield ""
        if row.stance == "absent" and headed:
            headed = False
            yield look.bold("said not to have been there")
            yield ""
        yield from row_lines(row, look)
    shown = {row.stance for row in found.rows} | set(PRESENT)
    others = {stance: count for stance, count in found.counts.items() if stance not in shown}
    if others:
        yield ""
        yield from map(look.dim, look.wrap_styled(f"also {counted(others)}; list them with --stance all"))


def row_lines(row: Encounter, look: OutputStyle) -> Iterator[str]:
    """One row: the stance, when and where, who; the sentences that show it; the article's id."""
    absent = f"not there: {', '.join(row.absent)}" if row.absent else ""
    reviewed = "reviewed" if row.reviewed else ""
    about = [stance_word(row), when_words(row), row.venue or "", ", ".join(row.people), absent, reviewed]
    yield from look.wrap_styled(" · ".join(filter(None, about)))
    if row.evidence:
        yield from look.wrap_styled(row.evidence, row.evidence.marks, indent="  ")
    else:
        yield f"  {look.dim(UNPROVED)}"
    yield from (f"  {look.dim(line)}" for line in look.wrap_styled(row.id))


def by_rules(count: int) -> str:
    """How many of the articles the second judge has not seen."""
    return f"{pluralize(count, 'article')} judged by rules alone (if over 2,000,000 characters, not at all)"


def occasions(rows: Sequence[Occasion], look: OutputStyle) -> Iterator[str]:
    """The guest list of each occasion: when and where, who was there, who was said not to be, and the articles."""
    for number, row in enumerate(rows):
        if number:
            yield ""
        yield from map(look.bold, look.wrap_styled(" · ".join(filter(None, [when_words(row), row.venue or ""]))))
        signs = [f"{'●' if name in row.stated else '◐'} {name}" for name in row.people]
        yield from look.wrap_styled("  ".join([*signs, *(f"✕ {name}" for name in row.absent)]), indent="  ")
        yield from (f"  {look.dim(line)}" for line in look.wrap_styled(", ".join(row.sources)))


def counted(counts: Mapping[str, int]) -> str:
    """How many rows there are of each stance."""
    return ", ".join(f"{count:,} {stance}" for stance, count in counts.items())


def companions(found: Companions, look: OutputStyle) -> Iterator[str]:
    """A table of companions, the most surprising first."""
    said = f"{pluralize(found.articles, 'article')} · {safe(found.person)} · {pluralize(found.distinct, 'companion')}"
    yield from map(look.bold, look.wrap_styled(said))
    yield ""
    room = min(_PERSON_WIDTH, max((cell_width(safe(row.person)) for row in found.rows), default=0), look.width)
    head = f"{pad('person', room)}  articles  seen  surprise  first       last"
    yield look.bold(head)
    for row in found.rows:
        name = pad(fit(safe(row.person), room), room)
        dates = f"{row.first or '–':<10}  {row.last or '–':<10}"
        line = f"{name}  {row.articles:>8,}  {row.sightings:>4,}  {round(row.surprise, 1) + 0.0:>8.1f}  {dates}"
        venues = fit(safe(", ".join(row.venues)), look.width - len(line) - 2) if look.width > len(line) + 10 else ""
        yield f"{line}  {venues}".rstrip()


def silences(absences: Encounters, found: Sequence[Gap], undated: int, look: OutputStyle) -> Iterator[str]:
    """A table of silences, the longest first; how many sightings have no date; the absences that articles state."""
    yield from map(look.bold, look.wrap_styled(f"gaps of {asked(absences.people, absences.venues)}"))
    if found:
        yield ""
        yield look.bold(f"{'after':<10}  {'before':<10}  {'days':>7}  articles in between")
    for each in found:
        yield f"{each.after:<10}  {each.before or 'none since':<10}  {each.days:>7,}  {each.held:,}"
    if found and undated:
        yield ""
        said = f"{pluralize(undated, 'sighting')} without a date may lie in any of these"
        yield from map(look.dim, look.wrap_styled(said))
    if absences.rows:
        yield ""
        yield look.bold("said not to have been there")
    for row in absences.rows:
        yield ""
        yield from look.wrap_styled(" · ".join(filter(None, [when_words(row), row.venue, ", ".join(row.absent)])))
        yield from look.wrap_styled(row.evidence, row.evidence.marks, indent="  ")
        yield from (f"  {look.dim(line)}" for line in look.wrap_styled(row.id))


def certificate(made: Certificate, look: OutputStyle) -> Iterator[str]:
    """A certificate, to file or to print."""
    record = certificate_record(made)
    yield from map(look.bold, look.wrap_styled(f"Certificate: {asked(made.people, made.venues)}"))
    yield ""
    years = ", ".join(made.years) or "all"
    found = f"{pluralize(made.rows, 'encounter')} in {pluralize(made.articles, 'article')}"
    found = found if made.rows else "nothing found"
    yield from labelled([("level", f"{made.level} or closer"), ("years", years), ("outcome", found)], look)
    yield ""
    yield look.bold("Searched for" + (" (articles of these years)" if made.years else ""))
    for each in made.sought:
        spellings = "; ".join(f"{each.text} (printed in {each.printed:,})" for each in each.spellings)
        note = "" if each.recorded else "; in no authority file: searched as declared and as spelt here"
        note += "; discovered in texts, and not reviewed" if each.unreviewed else ""
        yield from labelled(
            [(each.facet, each.name), ("spellings", spellings + note), *_parts(each.parts), *_namesakes(each.namesakes),
             ("alone", _dated(each.found))],
            look,
        )  # fmt: skip
    yield ""
    yield look.bold("Searched in")
    held = made.coverage
    span = f"{held.first}..{held.last}" if held.first is not None else "no dated article"
    empty = ", ".join(map(str, held.empty_years)) or "none"
    dated = " of these years" if made.years else ""
    rows = [
        ("articles", f"{held.articles:,}{dated}, {held.undated:,} of them undated"),
        ("years", span),
        *([("occasions", f"sought in all {made.index.articles:,} articles, whenever printed")] if made.years else []),
        ("empty years", empty),
        ("index", f"generation {made.index.generation}, {pluralize(made.index.articles, 'article')}"),
        *([("judged", by_rules(made.by_rules))] if made.by_rules else []),
        ("corpus", made.index.corpus),
        ("names", made.index.names),
        ("state", "; ".join(made.index.differences) or "intact, and matches the corpus"),
    ]
    yield from labelled(rows, look)
    yield ""
    yield look.bold("Nearest misses")
    yield from labelled([(miss.kind, _miss(miss)) for miss in made.misses], look) if made.misses else ["none"]
    yield ""
    yield from labelled([("digest", str(record["digest"]))], look)


def _parts(parts: Sequence[Spelling]) -> list[tuple[str, str]]:
    said = "; ".join(f"{each.text} (printed in {each.printed:,})" for each in parts)
    return [("parts", said)] if parts else []


def _namesakes(names: Sequence[str]) -> list[tuple[str, str]]:
    return [("not", "; ".join(names))] if names else []


def _dated(found: ArticleSpan) -> str:
    return pluralize(found.articles, "article") + _span(found.first, found.last)


def _span(first: str | None, last: str | None) -> str:
    dates = list(dict.fromkeys(date for date in (first, last) if date))
    return f", {' to '.join(dates)}" if dates else ""


def _miss(miss: NearMiss) -> str:
    count = pluralize(miss.count, "article" if miss.kind in ("without one", "similar name") else "row")
    return f"{miss.what}: {count}{_span(miss.first, miss.last)}" if miss.what else count + _span(miss.first, miss.last)
