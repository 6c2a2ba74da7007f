"""Results as JSON: the documented keys in the documented order, the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from archive.model.article import Article
from archive.model.results import Explanation, FacetResult, Hit, Page

if TYPE_CHECKING:
    from archive.model.reports import CheckIssue, CorpusReport, IndexReport, Stats, TimelineRow

FORMAT_VERSION = 1

Record = dict[str, Any]

#: Valid in JSON, but not fit to print or for UTF-8: DEL, C1, bidi controls, U+2028/9, lone surrogates.
_ESCAPED = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def dumps(value: object, indent: int | None = None) -> str:
    """`value` as JSON in plain UTF-8, with every control character escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return text if text.isascii() and "\x7f" not in text else _ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _plain(value: object) -> object:
    """What `json` does not know: read-only mappings."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def versioned(record: Mapping[str, Any], version: int = FORMAT_VERSION) -> Record:
    """The record with the format's version first."""
    return {"format_version": version, **record}


def document(record: Mapping[str, Any], version: int = FORMAT_VERSION) -> Iterator[str]:
    """One JSON object for a program and a curious person, its format version first."""
    yield dumps(versioned(record, version), indent=2)


def json_lines(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """JSON Lines: one object a line."""
    return (dumps(record) for record in records)


HIT_KEYS = (
    "id", "title", "date", "year", "people", "venues", "score", "snippet", "path", "detected", "provenance", "aliases",
    "title_marks", "snippet_marks", "line",
)  # fmt: skip


def hit_record(hit: Hit) -> Record:
    """A hit with its documented keys."""
    return {
        "id": hit.id,
        "title": hit.title,
        "date": hit.date,
        "year": hit.year,
        "people": list(hit.people),
        "venues": list(hit.venues),
        "score": round(hit.score, 4),
        "snippet": hit.snippet.marked(),
        "path": hit.path,
        "detected": list(hit.detected),
        "provenance": {key: dict(names) for key, names in hit.provenance.items()},
        "aliases": dict(hit.aliases),
        "title_marks": [list(mark) for mark in hit.title_marks],
        "snippet_marks": [list(mark) for mark in _shifted(hit.snippet.marks)],
        "line": hit.line,
    }


def _shifted(marks: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Marks of a plain snippet in the same with `**` around each."""
    for number, (start, end) in enumerate(marks):
        shift = 4 * number + 2
        yield start + shift, end + shift


def article_record(article: Article) -> Record:
    """A whole article as it is exported, with the names found in it.

    detected  people and venues found in the text, where none are declared
    provenance  where each name is from: "declared", "detected" or "discovered" (in no record, and unreviewed)
    aliases   names that the article writes otherwise: canonical name -> as written
    mentions  where its text names somebody; `in_title` says whether offsets are the title's or the body's
    """
    from archive.corpus.serialize import to_record
    from archive.model.article import aliases_used

    return {
        **to_record(article),
        "detected": {key: list(getattr(article, key)) for key in article.detected},
        "provenance": article.provenance,
        "aliases": aliases_used(article),
        "mentions": [asdict(mention) for mention in article.mentions],
    }


def source_status(article: Article, changed: Mapping[str, str]) -> Record:
    """What an article's record says besides if its file is not as it was indexed; see `Archive.changed_sources`."""
    return {"file_status": changed[article.path]} if article.path in changed else {}


def facet_record(facet: FacetResult) -> Record:
    """A facet with its documented keys."""
    return {
        "values": [
            {
                "value": v.value,
                "count": v.count,
                "selected": v.selected,
                "provenance": "discovered" if v.unreviewed else None,
            }
            for v in facet.values
        ],
        "distinct": facet.distinct,
        "missing": facet.missing,
    }


def facets_record(page: Page) -> Record:
    """The facets of a page, by name."""
    return {name: facet_record(facet) for name, facet in page.facets.items()}


def page_record(page: Page, of_hit: Callable[[Hit], Record] = hit_record) -> Record:
    """A whole answer with its documented keys; `of_hit` makes the records of hits."""
    record: Record = {
        "query": page.query,
        "total": page.total,
        "took_ms": round(page.took_ms, 2),
        "hits": [of_hit(hit) for hit in page.hits],
        "facets": facets_record(page),
        "suggestions": [{"query": s.query, "total": s.total, "reason": s.reason} for s in page.suggestions],
        "relaxed": page.relaxed,
        "ignored": list(page.ignored),
        "notes": list(page.notes),
    }
    if page.explanation is not None:
        record["explanation"] = _explanation_record(page.explanation)
    return record


def _explanation_record(explanation: Explanation) -> Record:
    return {
        "query": explanation.query,
        "fields": list(explanation.fields),
        "filters": list(explanation.filters),
        "expansions": {word: list(terms) for word, terms in explanation.expansions.items()},
        "ignored": list(explanation.ignored),
        "added": list(explanation.added),
        "reading": explanation.reading,
    }


def timeline_record(row: TimelineRow) -> Record:
    """One period."""
    seen = {} if row.seen is None else {"seen": row.seen}
    return {"period": row.period, "hits": row.hits, "held": row.held, "share": round(row.share, 4), **seen}


def report_record(report: IndexReport) -> Record:
    """What an indexing run did."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "problems": [{"path": p.path, "line": p.line, "what": p.what, "remedy": p.remedy} for p in report.problems],
        "warnings": [{"path": w.path, "line": w.line, "what": w.what, "remedy": w.remedy} for w in report.warnings],
        "skipped": dict(sorted((report.skipped or {}).items())),
        "seconds": round(report.seconds, 3),
    }


def stats_record(stats: Stats) -> Record:
    """The archive in numbers."""
    return {
        "name": stats.name,
        "language": stats.language,
        "articles": stats.articles,
        "sources": stats.sources,
        "problems": stats.problems,
        "warnings": stats.warnings,
        "undated": stats.undated,
        "first": stats.first,
        "last": stats.last,
        "distinct": dict(stats.distinct),
        "index_bytes": stats.index_bytes,
    }


def corpus_record(report: CorpusReport) -> Record:
    """How the corpus was read."""
    return {
        "groups": [
            {
                "folder": group.folder,
                "format": group.format,
                "articles": group.articles,
                "has": dict(group.has),
                "guessed": dict(group.guessed),
                "warnings": group.warnings,
                "problems": group.problems,
            }
            for group in report.groups
        ],
        "other_keys": [
            {
                "key": each.key,
                "articles": each.articles,
                "longest": each.longest,
                "example": each.example,
                "is_date": each.is_date,
            }
            for each in report.other_keys
        ],
        "skipped": dict(report.skipped),
        "shortest": [
            {"id": each.id, "path": each.path, "line": each.line, "characters": each.characters}
            for each in report.shortest
        ],
    }


def finding_record(finding: CheckIssue) -> Record:
    """One finding of `check`."""
    return {"what": finding.what, "remedy": finding.remedy, "damage": finding.damage}
