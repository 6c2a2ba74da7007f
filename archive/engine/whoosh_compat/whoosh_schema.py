"""The index schema as a Whoosh schema, with our analysis: for Whoosh's own parser, searcher and highlighter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import analysis, fields, formats

from archive.engine.schema import VALUE_GAP, IndexKind, index_fields
from archive.model.fields import Fields
from archive.text.analyzer import Analyzer

#: The stored field with an article's metadata.
META = "meta"


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
        texts = (value,) if isinstance(value, str) else value
        for term, position in placed_terms(texts, self.analyzer.analyzer, extra=bool(self.stored)):
            positions.setdefault(term, []).append(position)
        for term, places in positions.items():
            yield term.encode(), len(places), float(len(places)), self.format.encode(places)


def placed_terms(texts: Iterable[str], analyzer: Analyzer, *, extra: bool = False) -> Iterator[tuple[str, int]]:
    """The terms of several texts with their positions, a gap between two texts.

    extra   whether the terms of their extra forms follow, each as if in a text of its own
    """
    base = 0
    for text in texts:
        position = base
        for position, term in enumerate(analyzer.terms(text), base):
            yield term, position
        base = position + VALUE_GAP
        for form in analyzer.extra_forms(text) if extra else ():
            yield analyzer.stem(form), base
            base += VALUE_GAP


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
    plain = Analyzer(None, names=True)
    for field in index_fields(declared):
        if field.forms_of:
            continue  # Whoosh knows the stems alone
        match field.kind:
            case IndexKind.TEXT:
                schema.add(field.name, Words(analyzer if field.stemmed else plain, stored=field.stored))
            case IndexKind.KEYWORD:
                schema.add(field.name, Values(unique=field.unique))
            case IndexKind.NUMERIC:
                # One term a number: ranges are answered from the column, or by going through the terms.
                schema.add(field.name, fields.NUMERIC(int, shift_step=0))
    schema.add(META, fields.STORED())
    return schema
