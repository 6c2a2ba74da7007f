"""The Whoosh schema that follows from an archive's fields, and documents from its articles.

Whoosh indexes a value by running an analyzer that yields one token object at a time; the
field types here count terms and positions from plain lists instead, which the rest of
Whoosh (parser, matchers, highlighter) does not notice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import analysis, columns, fields, formats

from archive.analysis import Analyzer
from archive.article import Article
from archive.dates import day_span
from archive.fields import DATE_FIRST, DATE_LAST, HAS, Field, Fields, Kind

#: Between the values of a field, so that no phrase (slop 100 at most) reaches across two names.
VALUE_GAP = 101
#: Between the values in a facet's column; it cannot be part of one (white space is collapsed).
SEPARATOR = "\x1f"

META = "meta"


def facet_column(name: str) -> str:
    """The column that holds the values of a facet, joined by SEPARATOR."""
    return f"facet_{name}"


SORT_COLUMNS = {"id": "sort_id", "title": "sort_title", "date": "sort_date"}


class WhooshAnalyzer(analysis.Analyzer):  # type: ignore[misc]
    """Our analysis as a Whoosh analyzer, for Whoosh's own parser and highlighter."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **options: Any) -> Iterator[Any]:
        token = analysis.Token(positions, chars, mode=options.get("mode", ""))
        for position, found in enumerate(self.analyzer.tokens(value), options.get("start_pos", 0)):
            token.text, token.original, token.boost, token.stopped = found.term, found.term, 1.0, False
            token.pos, token.startchar, token.endchar = position, found.start, found.end
            yield token


class Words(fields.FieldType):  # type: ignore[misc]
    """Terms with positions, from one text or from several values that phrases must not join."""

    def __init__(self, analyzer: Analyzer, stored: bool = False) -> None:
        super().__init__(formats.Positions(), WhooshAnalyzer(analyzer), scorable=True, stored=stored)
        self.multitoken_query = "phrase"

    def index(self, value: str | Iterable[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        positions: dict[str, list[int]] = {}
        base = 0
        for text in (value,) if isinstance(value, str) else value:
            position = base
            for position, term in enumerate(self.analyzer.analyzer.terms(text), base):
                if term in positions:
                    positions[term].append(position)
                else:
                    positions[term] = [position]
            base = position + VALUE_GAP
        encode = self.format.encode
        for term, places in positions.items():
            yield term.encode(), len(places), float(len(places)), encode(places)


class Values(fields.FieldType):  # type: ignore[misc]
    """Exact values, several to a document, any characters in them."""

    def __init__(self, unique: bool = False) -> None:
        super().__init__(formats.Existence(), analysis.IDAnalyzer(), unique=unique)

    def index(self, value: str | Iterable[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for text in (value,) if isinstance(value, str) else value:
            yield text.encode(), 1, 1.0, b""


def make_schema(declared: Fields, analyzer: Analyzer) -> fields.Schema:
    """The schema of an index of articles with these fields."""
    schema = fields.Schema()
    plain = Analyzer(None)
    for field in declared:
        match field.kind:
            case Kind.TEXT:
                schema.add(field.name, Words(analyzer, stored=True))
            case Kind.NAMES:
                schema.add(field.name, Values())
                schema.add(field.words_name, Words(plain))
            case Kind.YEAR:
                schema.add(field.name, fields.NUMERIC(int))
            case Kind.DATE:
                schema.add(DATE_FIRST, fields.NUMERIC(int))
                schema.add(DATE_LAST, fields.NUMERIC(int))
            case Kind.EXACT:
                schema.add(field.name, Values(unique=field.name == "id"))
        if field.facet:
            schema.add(facet_column(field.name), fields.COLUMN(columns.VarBytesColumn()))
    for column in SORT_COLUMNS.values():
        schema.add(column, fields.COLUMN(columns.VarBytesColumn()))
    schema.add(HAS, Values())
    schema.add(META, fields.STORED())
    return schema


def make_document(article: Article, declared: Fields, digest: str, base: str) -> dict[str, Any]:
    """The keyword arguments of Whoosh's `add_document` for an article."""
    document: dict[str, Any] = {HAS: []}
    for field in declared:
        values = field.values(article)
        if field.facet:
            document[facet_column(field.name)] = SEPARATOR.join(values).encode()
        if values:
            document[HAS].append(field.name)
            _put(document, field, values)
    document |= {
        SORT_COLUMNS["id"]: article.id.encode(),
        SORT_COLUMNS["title"]: title_key(article.title).encode(),
        SORT_COLUMNS["date"]: (article.date or "").encode(),
        META: meta_json(article, digest, base),
    }
    return document


def _put(document: dict[str, Any], field: Field, values: tuple[str, ...]) -> None:
    match field.kind:
        case Kind.TEXT:
            document[field.name] = values[0]
        case Kind.NAMES:
            document[field.name] = values
            document[field.words_name] = values
        case Kind.YEAR:
            document[field.name] = int(values[0])
        case Kind.DATE:
            document[DATE_FIRST], document[DATE_LAST] = day_span(values[0])
        case Kind.EXACT:
            document[field.name] = values


def title_key(title: str) -> str:
    """What titles are sorted by: their words, folded."""
    return " ".join(Analyzer(None).terms(title))


#: What is stored as JSON; title and body are stored as fields of their own.
_STORED = (
    *("id", "date", "people", "venues", "source", "authors", "url", "tags", "language"),
    *("credits", "path", "line", "inferred"),
)


def meta_json(article: Article, digest: str, base: str) -> str:
    """Everything of an article but its title and body, and where it came from, as JSON."""
    meta = {name: getattr(article, name) for name in _STORED if getattr(article, name)}
    if article.extra:
        meta["extra"] = dict(article.extra)
    return json.dumps(meta | {"digest": digest, "base": base}, ensure_ascii=False, separators=(",", ":"))


def article_from(stored: dict[str, Any]) -> Article:
    """The article in a document's stored fields."""
    meta = json.loads(stored[META])
    del meta["digest"], meta["base"]
    for name in ("people", "venues", "authors", "tags", "credits", "inferred"):
        meta[name] = tuple(meta.get(name, ()))
    if "extra" in meta:
        meta["extra"] = _frozen(meta["extra"])
    # Whoosh leaves out a stored text that is empty.
    return Article(title=stored.get("title", ""), body=stored.get("body", ""), **meta)


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value
