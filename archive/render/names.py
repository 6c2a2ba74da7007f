"""Suggested names and what an audit of the names found, as text and as records."""

from __future__ import annotations

from collections.abc import Iterator

from archive.names.discovery.suggestions import SuggestedName, SuggestedNames
from archive.render.json_output import Record
from archive.render.terminal import OutputStyle, safe
from archive.render.text import pluralize

COLUMNS = ("kind", "name", "variants", "count", "first", "last", "known", "examples", "articles")


def name_record(name: SuggestedName) -> Record:
    """A suggested name with its documented keys."""
    return {
        "name": name.name,
        "variants": list(name.variants),
        "count": name.count,
        "first": name.first,
        "last": name.last,
        "examples": list(name.examples),
        "articles": list(name.articles),
        "known": name.known or None,
    }


def names_record(found: SuggestedNames) -> Record:
    """All suggested names with their documented keys."""
    return {"people": list(map(name_record, found.people)), "venues": list(map(name_record, found.venues))}


def name_rows(found: SuggestedNames) -> Iterator[Record]:
    """One row for each name, with its kind."""
    for kind, names in (("person", found.people), ("venue", found.venues)):
        for name in names:
            yield {"kind": kind, **name_record(name)}


def suggested(found: SuggestedNames, look: OutputStyle) -> Iterator[str]:
    """Both kinds, each name with how often and when, and a sentence."""
    for number, (heading, names) in enumerate((("People", found.people), ("Venues", found.venues))):
        if names:
            yield from ("",) if number and found.people else ()
            yield look.bold(heading)
            for name in names:
                yield f"  {about(name)}"
                yield from look.wrap_styled(name.examples[0], _marks(name), indent="      ")


def about(name: SuggestedName) -> str:
    """A name with its spellings, count and dates, on one line."""
    said = safe(name.name)
    if name.known:
        said += ", also written " + ", ".join(map(safe, name.variants))
    elif name.variants:
        said += f" ({', '.join(map(safe, name.variants))})"
    return f"{said}: {pluralize(name.count, 'article')}{dates(name)}"


def dates(name: SuggestedName) -> str:
    """When the articles are from."""
    if not name.first:
        return ""
    return f", {name.first}" if name.first == name.last else f", {name.first} to {name.last}"


def _marks(name: SuggestedName) -> tuple[tuple[int, int], ...]:
    """Where the first example has the name."""
    for form in (name.name, *name.variants):
        if (at := name.examples[0].find(form)) >= 0:
            return ((at, at + len(form)),)
    return ()
