"""The Whoosh schema that follows from an archive's fields, and what an article puts into it.

Every index field is of one of four kinds: words (terms with positions, ranked), values
(exact, any number of them), a number, or a key that gives an order. Values may have a column as
well: the values of each document by their numbers, for facets and sorting.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any

from whoosh import analysis, fields, formats

from archive.model.article import Article, Mention
from archive.model.dates import day_span
from archive.model.fields import DATE_FIRST, DATE_LAST, HAS, Field, Fields, Kind
from archive.text.analyzer import Analyzer, fold

#: Between the values of a field, so that no phrase (slop 100 at most) reaches across two names.
VALUE_GAP = 101

META = "meta"
TITLE_KEY = "title_key"
DATE_KEY = "date_key"


class IndexKind(Enum):
    """How the postings of an index field are made."""

    WORDS = "words"
    VALUES = "values"
    NUMBER = "number"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class IndexField:
    """One field of the index.

    put       what an article has in it: texts for words, values for values, numbers for numbers
    stemmed   whether words are stemmed in the archive's language
    column    whether the values of each document are kept by document too
    stored    whether Whoosh finds the text among the stored fields
    unique    whether the value identifies the document
    words_of  the field of values whose words, unstemmed, these are
    """

    name: str
    kind: IndexKind
    put: Callable[[Article], tuple[Any, ...]]
    stemmed: bool = False
    column: bool = False
    stored: bool = False
    unique: bool = False
    words_of: str = ""


def facet_field(facet: Field) -> str:
    """The index field whose column holds the values of a facet."""
    return f"{facet.name}_value" if facet.kind is Kind.YEAR else facet.name


def index_fields(declared: Fields) -> tuple[IndexField, ...]:
    """The fields of an index of articles with these fields, by name."""
    made = [
        IndexField(HAS, IndexKind.VALUES, _present(declared)),
        IndexField(TITLE_KEY, IndexKind.ORDER, lambda a: (title_key(a.title),)),
        IndexField(DATE_KEY, IndexKind.NUMBER, lambda a: (date_key(a.date),) if a.date else ()),
    ]
    for field in declared:
        made += _made_of(field)
    return tuple(sorted(made, key=lambda field: field.name))


def _present(declared: Fields) -> Callable[[Article], tuple[str, ...]]:
    values = [(field.name, field.values) for field in declared]
    return lambda article: tuple([name for name, of in values if of(article)])


def _made_of(field: Field) -> Iterator[IndexField]:
    match field.kind:
        case Kind.TEXT:
            yield IndexField(field.name, IndexKind.WORDS, field.values, stemmed=True, stored=True)
        case Kind.NAMES:
            yield IndexField(field.name, IndexKind.VALUES, field.values, column=field.facet)
            yield IndexField(field.words_name, IndexKind.WORDS, field.values, words_of=field.name)
        case Kind.YEAR:
            yield IndexField(field.name, IndexKind.NUMBER, lambda a: tuple(map(int, field.values(a))))
            yield IndexField(facet_field(field), IndexKind.VALUES, field.values, column=True)
        case Kind.DATE:
            yield IndexField(DATE_FIRST, IndexKind.NUMBER, lambda a: tuple(day_span(d)[0] for d in field.values(a)))
            yield IndexField(DATE_LAST, IndexKind.NUMBER, lambda a: tuple(day_span(d)[1] for d in field.values(a)))
        case Kind.EXACT:
            is_id = field.name == "id"
            yield IndexField(field.name, IndexKind.VALUES, field.values, column=is_id, unique=is_id)


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
        for term, position in placed_terms((value,) if isinstance(value, str) else value, self.analyzer.analyzer):
            positions.setdefault(term, []).append(position)
        for term, places in positions.items():
            yield term.encode(), len(places), float(len(places)), self.format.encode(places)


def placed_terms(texts: Iterable[str], analyzer: Analyzer) -> Iterator[tuple[str, int]]:
    """The terms of several texts with their positions, a gap between two texts."""
    base = 0
    for text in texts:
        position = base
        for position, term in enumerate(analyzer.terms(text), base):
            yield term, position
        base = position + VALUE_GAP


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
    for field in index_fields(declared):
        match field.kind:
            case IndexKind.WORDS:
                schema.add(field.name, Words(analyzer if field.stemmed else plain, stored=field.stored))
            case IndexKind.VALUES:
                schema.add(field.name, Values(unique=field.unique))
            case IndexKind.NUMBER:
                # One term a number: ranges are answered from the column, or by going through the terms.
                schema.add(field.name, fields.NUMERIC(int, shift_step=0))
    schema.add(META, fields.STORED())
    return schema


def title_key(title: str) -> str:
    """What titles are sorted by: folded, from the first letter or digit on."""
    return _NO_LETTERS.sub("", fold(title)) or fold(title)


_NO_LETTERS = re.compile(r"^[\W_]+")


@lru_cache(maxsize=4096)
def date_key(date: str) -> int:
    """A date as YYYYMMDD with 00 for what is not known: in the order of the dates' texts."""
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    return year * 10000 + month * 100 + day


def date_text(key: int) -> str:
    """The date of a key."""
    year, rest = divmod(key, 10000)
    month, day = divmod(rest, 100)
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


_STORED = (
    *("id", "title", "date", "people", "venues", "source", "authors", "url", "tags", "language"),
    *("credits", "path", "line", "inferred"),
)


_stored_of = attrgetter(*_STORED)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def record_of(article: Article, digest: str, base: str) -> bytes:
    """What is stored of an article: a line of JSON, then the body."""
    meta = {name: value for name, value in zip(_STORED, _stored_of(article), strict=True) if value}
    if article.extra:
        meta["extra"] = dict(article.extra)
    if article.mentions:
        meta["mentions"] = [[m.facet, m.name, m.start, m.end, int(m.in_title)] for m in article.mentions]
    if article.declared:
        meta["declared"] = {key: dict(names) for key, names in article.declared.items()}
    meta |= {"digest": digest, "base": base}
    return (_ENCODER.encode(meta) + "\n" + article.body).encode()


def meta_of(record: bytes) -> dict[str, Any]:
    """The JSON of a record: the article's metadata, its digest and the id it asked for."""
    meta: dict[str, Any] = json.loads(record[: record.index(b"\n")])
    return meta


def body_of(record: bytes) -> str:
    """The body in a record."""
    return record[record.index(b"\n") + 1 :].decode()


def article_of(record: bytes, *, first_mentions: bool = False) -> Article:
    """The article in a record; with `first_mentions` only the first mention of each name, as there may be very many."""
    meta = meta_of(record)
    del meta["digest"], meta["base"]
    for name in ("people", "venues", "authors", "tags", "credits", "inferred"):
        meta[name] = tuple(meta.get(name, ()))
    for name in ("extra", "declared"):
        if name in meta:
            meta[name] = _frozen(meta[name])
    title, body = meta.pop("title", ""), body_of(record)
    rows: Iterable[list[Any]] = meta.get("mentions", ())
    if first_mentions:
        first: dict[tuple[str, str], list[Any]] = {}
        for row in rows:
            first.setdefault((row[0], row[1]), row)
        rows = first.values()
    meta["mentions"] = tuple(
        Mention(facet, name, (title if in_title else body)[start:end], start, end, bool(in_title))
        for facet, name, start, end, in_title in rows
    )
    return Article(title=title, body=body, **meta)


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value
