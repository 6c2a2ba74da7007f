"""Reports in words: what an indexing run did, `stats`, `check`, suggested names, audits; also as records and YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from archive.corpus.serialize import to_yaml
from archive.model.article import FACET_KEYS, Problem
from archive.model.reports import CheckIssue, CorpusReport, IndexReport, OtherKey, Stats
from archive.render.json_output import Record
from archive.render.terminal import OutputStyle, safe
from archive.render.text import labelled, pluralize

if TYPE_CHECKING:
    from archive.names.audit import Audit, Disagreement, DuplicateGroup
    from archive.names.discovery.suggestions import SuggestedName, SuggestedNames

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


def corpus(report: CorpusReport, look: OutputStyle) -> Iterator[str]:
    """How the corpus was read: its folders and formats, its other keys, the articles with the least text."""
    for group in report.groups:
        counts = ((group.articles, "article"), (group.problems, "problem"), (group.warnings, "warning"))
        said = ", ".join(pluralize(count, what) for count, what in counts if count)
        yield from map(look.bold, look.wrap_styled(f"{group.folder} ({group.format or 'unknown format'}): {said}"))
        guessed = {name: f" ({count:,} guessed)" for name, count in group.guessed.items() if count}
        has = (f"{name} {count:,}{guessed.get(name, '')}" for name, count in group.has.items())
        yield from (f"  {line}" for line in OutputStyle(look.width - 2, look.styled).wrap_styled(" · ".join(has)))
    yield from skipped(report.skipped)
    if report.other_keys:
        yield from ("", look.bold("keys without a meaning (`keys:` in archive.yaml gives them one)"))
        yield from labelled([(each.key, _key_text(each)) for each in report.other_keys], look)
    if report.shortest:
        yield from ("", look.bold("least text"))
        for each in report.shortest:
            size = pluralize(each.characters, "character")
            yield from look.wrap_styled(f"{size}: {each.id}, {each.path}:{each.line}")


def _key_text(each: OtherKey) -> str:
    looks = "dates" if each.is_date else f"up to {each.longest:,} characters"
    return f"{pluralize(each.articles, 'article')}, {looks}: {each.example}"


def _size(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"


NAME_COLUMNS = ("kind", "name", "variants", "count", "first", "last", "known", "examples", "articles", "duplicates")


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
        "duplicates": list(name.duplicates),
    }


def names_record(found: SuggestedNames) -> Record:
    """All suggested names with their documented keys."""
    return {"people": list(map(name_record, found.people)), "venues": list(map(name_record, found.venues))}


def name_rows(found: SuggestedNames) -> Iterator[Record]:
    """One row for each name, with its kind."""
    for kind, names in (("person", found.people), ("venue", found.venues)):
        for name in names:
            yield {"kind": kind, **name_record(name)}


def suggested_lines(found: SuggestedNames, look: OutputStyle) -> Iterator[str]:
    """Both kinds, each name with how often and when, and a sentence."""
    for number, (heading, names) in enumerate((("People", found.people), ("Venues", found.venues))):
        if names:
            yield from ("",) if number and found.people else ()
            yield look.bold(heading)
            for name in names:
                yield f"  {name_line(name)}"
                if similar := [each for each in name.duplicates if each != name.known]:
                    yield from look.wrap_styled(f"may also be {', '.join(similar)}", indent="      ")
                yield from look.wrap_styled(name.examples[0], _marks(name), indent="      ")


def name_line(name: SuggestedName) -> str:
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


_HEADING = """\
# Metadata of these articles as their texts suggest it. Nothing applies this file: copy what is right
# into the front matter of each article.
"""
_DISAGREEMENTS = (("Declared, but not in the text", "unmentioned"), ("In the text, but not declared", "undeclared"))


def audit_record(found: Audit) -> Record:
    """An audit with its documented keys."""
    return {
        "articles": found.articles,
        "independent": found.independent,
        "disagreements": [asdict(each) for each in found.disagreements],
        "contradictions": [
            {"id": each.id, "path": each.path, "date": each.date, "text_date": each.late.date,
             "sentence": each.late.sentence}
            for each in found.contradictions
        ],
        "duplicates": [
            {"share": round(each.share, 2), "copies": [asdict(copy) for copy in each.copies]}
            for each in found.duplicates
        ],
    }  # fmt: skip


def audit_lines(found: Audit, look: OutputStyle) -> Iterator[str]:
    """An audit as text: a heading for each kind of finding, and the count of independent articles."""
    for heading, which in (
        ("Declared, but not in the text", "unmentioned"),
        ("In the text, but not declared", "undeclared"),
    ):
        rows = [(each.id, getattr(each, which)) for each in found.disagreements if getattr(each, which)]
        if rows:
            yield look.bold(f"{heading}: {len(rows)}")
            for article, names in rows:
                yield f"  {safe(article)}: {', '.join(map(safe, names))}"
            yield ""
    if found.contradictions:
        yield look.bold(f"Dates later than the article's: {len(found.contradictions)}")
        for each in found.contradictions:
            yield f"  {safe(each.id)} is of {each.date}, its text of {each.late.date}"
            yield from look.wrap_styled(each.late.sentence, indent="      ")
        yield ""
    if found.duplicates:
        yield look.bold(f"Near-duplicates: {len(found.duplicates)}")
        for group in found.duplicates:
            yield f"  {group.share:.0%}  {', '.join(_copies(group))}"
        yield ""
    yield f"{pluralize(found.articles, 'article')}, {found.independent:,} independent of each other"


def _copies(group: DuplicateGroup) -> Iterator[str]:
    for copy in group.copies:
        said = ", ".join(part for part in (copy.source, copy.date) if part)
        yield f"{safe(copy.id)} ({safe(said)})" if said else safe(copy.id)


def audit_patch(found: Audit) -> str:
    """An audit as YAML to review: for each article its metadata as the text would have them."""
    lines = [_HEADING, f"articles:{'' if found.disagreements or found.contradictions else ' []'}\n"]
    for each in found.disagreements:
        lines += (f"- path: {_scalar(each.path)}\n", *_reasons(each))
        names = tuple(name for name in each.declared if name not in each.unmentioned) + each.undeclared
        lines += (f"  {line}\n" for line in to_yaml({FACET_KEYS[each.facet]: names}).splitlines())
    for late in found.contradictions:
        lines += f"- path: {_scalar(late.path)}\n", f"  # dated {late.date}; its text: {_comment(late.late.sentence)}\n"
        lines.append(f"  date: {late.late.date}\n")
    lines.append(f"one-source:{'' if found.duplicates else ' []'}\n")
    for group in found.duplicates:
        lines.append(f"- [{', '.join(copy.id for copy in group.copies)}]  # {group.share:.0%} in common\n")
    return "".join(lines)


def _reasons(each: Disagreement) -> Iterator[str]:
    for names, said in ((each.unmentioned, "not in the text"), (each.undeclared, "in the text")):
        if names:
            yield f"  # {said}: {_comment(', '.join(names))}\n"


def _scalar(text: str) -> str:
    return to_yaml({"k": text})[3:].rstrip("\n")


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
