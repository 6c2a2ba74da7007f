"""What indexing, `stats` and `check` found out, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archive.model.article import Problem
from archive.model.reports import CheckIssue, IndexReport, Stats
from archive.render.terminal import OutputStyle, safe
from archive.render.text import labelled, pluralize

_LISTED = 20


def summary(report: IndexReport) -> str:
    """One line: what an indexing run did."""
    counts = [
        (report.added, "added"),
        (report.updated, "updated"),
        (report.removed, "removed"),
        (report.unchanged, "unchanged"),
    ]
    said = [f"{count:,} {what}" for count, what in counts if count] or ["no articles"]
    if report.problems:
        said.append(pluralize(len(report.problems), "problem"))
    if report.warnings:
        said.append(pluralize(len(report.warnings), "warning"))
    return f"{', '.join(said)} in {report.seconds:.1f} s"


def problems(found: tuple[Problem, ...]) -> Iterator[str]:
    """The first problems or warnings, one a line, and how many more there are."""
    yield from (("warning: " if each.taken else "") + safe(str(each)) for each in found[:_LISTED])
    if len(found) > _LISTED:
        yield f"… and {len(found) - _LISTED:,} more (--json lists all)"


def skipped(endings: Mapping[str, int] | None) -> Iterator[str]:
    """The files of kinds that are not read."""
    if endings:
        named = [f"{safe(ending) or 'no extension'} ({count:,})" for ending, count in sorted(endings.items())]
        yield f"not read, by extension: {', '.join(named)}"


def stats(numbers: Stats, look: OutputStyle) -> Iterator[str]:
    """The archive in numbers."""
    span = " to ".join(dict.fromkeys(filter(None, (numbers.first, numbers.last))))
    rows = [
        ("archive", numbers.name),
        ("language", numbers.language),
        ("articles", f"{numbers.articles:,}"),
        ("files", f"{numbers.sources:,}"),
        ("problems", f"{numbers.problems:,}"),
        ("warnings", f"{numbers.warnings:,}"),
        ("dates", span or "none"),
        ("undated", f"{numbers.undated:,}"),
        *((f"{safe(name)} values", f"{count:,}") for name, count in numbers.distinct.items()),
        ("index size", _size(numbers.index_bytes)),
    ]
    yield from labelled(rows, look)


def findings(found: tuple[CheckIssue, ...], look: OutputStyle) -> Iterator[str]:
    """What `check` found, one finding a paragraph."""
    for finding in found:
        yield from look.wrap_styled(f"{'damaged' if finding.damage else 'differs'}: {finding}")
    if not found:
        yield "ok: the index opens, is consistent and matches the corpus"


def _size(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
