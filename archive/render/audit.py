"""What an audit of the names found: as text, as a record, and as YAML to review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from archive.corpus.serialize import to_yaml
from archive.names.aliases_used import FACET_KEYS
from archive.names.audit import Audit, Disagreement, DuplicateGroup
from archive.render.json_output import Record
from archive.render.terminal import OutputStyle, safe
from archive.render.text import pluralize

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


def report(found: Audit, look: OutputStyle) -> Iterator[str]:
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


def patch(found: Audit) -> str:
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
