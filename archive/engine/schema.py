"""The index schema that follows from an archive's fields: what an article puts into every engine's index.

Every index field is of one of four kinds: text (terms with positions, ranked), keywords (exact
values, any number of them), a number, or a sort key. Keywords may have doc values as well: the
values of each document, for facets and sorting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from typing import Any

from archive.model.article import Article
from archive.model.dates import date_key, day_span
from archive.model.fields import DATE_FIRST, DATE_LAST, FORMS, HAS, Field, Fields
from archive.model.metadata_fields import Kind
from archive.text.analyzer import fold

#: Between the values of a field, so that no phrase (slop 100 at most) reaches across two names.
VALUE_GAP = 101

TITLE_KEY = "title_key"
DATE_KEY = "date_key"


class IndexKind(Enum):
    """How the postings of an index field are made."""

    TEXT = "text"
    KEYWORD = "keyword"
    NUMERIC = "numeric"
    SORT_KEY = "sort key"


@dataclass(frozen=True, slots=True)
class IndexField:
    """One field of the index.

    extract   what an article has in it: texts, exact values, or numbers
    stemmed   whether words are stemmed in the archive's language
    column    whether there are doc values: the values of each document, by document
    stored    whether Whoosh finds the text among the stored fields
    unique    whether the value identifies the document
    text_of   the keyword field whose words, unstemmed, these are
    forms_of  the stemmed field whose words, as written, these are
    weight    how often it counts among the fields that a word without a field is looked for in; 0.0: not at all
    """

    name: str
    kind: IndexKind
    extract: Callable[[Article], tuple[Any, ...]]
    stemmed: bool = False
    column: bool = False
    stored: bool = False
    unique: bool = False
    text_of: str = ""
    forms_of: str = ""
    weight: float = 0.0


def facet_field(facet: Field) -> str:
    """The index field whose column holds the values of a facet."""
    return f"{facet.name}_value" if facet.kind is Kind.YEAR else facet.name


def form_source(name: str) -> str | None:
    """The stemmed field whose words as written an index field has; None for any other field."""
    return name.removesuffix(FORMS) if name.endswith(FORMS) else None


def index_fields(declared: Fields) -> tuple[IndexField, ...]:
    """The fields of an index of articles with these fields, by name."""
    made = [
        IndexField(HAS, IndexKind.KEYWORD, _present(declared)),
        IndexField(TITLE_KEY, IndexKind.SORT_KEY, lambda a: (title_key(a.title),)),
        IndexField(DATE_KEY, IndexKind.NUMERIC, lambda a: (date_key(a.date),) if a.date else ()),
    ]
    for field in declared:
        made += _made_of(field)
    return tuple(sorted(made, key=lambda field: field.name))


def _present(declared: Fields) -> Callable[[Article], tuple[str, ...]]:
    """What names the fields that an article has; every article is asked of every field."""
    plain = [field for field in declared if field.attribute]
    others = [field for field in declared if not field.attribute and not field.of_mentions]
    of_mentions = [field for field in declared if field.of_mentions]
    names = [field.name for field in (*plain, *others, *of_mentions)]
    attributes_of, values_of = attrgetter(*(field.attribute for field in plain)), [field.values for field in others]

    def present(article: Article) -> tuple[str, ...]:
        has = [*attributes_of(article), *[values(article) for values in values_of]]
        if article.mentions:
            has += [field.values(article) for field in of_mentions]
        return tuple(compress(names, has))

    return present


def _made_of(field: Field) -> Iterator[IndexField]:
    match field.kind:
        case Kind.TEXT:
            yield IndexField(field.name, IndexKind.TEXT, field.values, stemmed=True, stored=True, weight=field.boost)
            yield IndexField(field.forms_name, IndexKind.TEXT, field.values, forms_of=field.name)
        case Kind.NAMES:
            yield IndexField(field.name, IndexKind.KEYWORD, field.values, column=field.facet)
            yield IndexField(field.words_name, IndexKind.TEXT, field.values, text_of=field.name, weight=field.boost)
        case Kind.YEAR:
            yield IndexField(field.name, IndexKind.NUMERIC, lambda a: _numbers_of(field.values(a)))
            yield IndexField(facet_field(field), IndexKind.KEYWORD, field.values, column=True)
        case Kind.DATE:
            yield IndexField(DATE_FIRST, IndexKind.NUMERIC, lambda a: _days_of(field.values(a))[0])
            yield IndexField(DATE_LAST, IndexKind.NUMERIC, lambda a: _days_of(field.values(a))[1])
        case Kind.EXACT:
            is_id = field.name == "id"
            yield IndexField(field.name, IndexKind.KEYWORD, field.values, column=is_id, unique=is_id)


@lru_cache(maxsize=4096)
def _numbers_of(texts: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(map(int, texts))


@lru_cache(maxsize=4096)
def _days_of(dates: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first and the last day of each date."""
    spans = list(map(day_span, dates))
    return tuple([first for first, _ in spans]), tuple([last for _, last in spans])


def ranked_as_one(fields: Iterable[IndexField]) -> dict[str, float]:
    """The fields that a word without a field is looked for in, and the weight of each."""
    return {field.name: field.weight for field in fields if field.weight}


def title_key(title: str) -> str:
    """What titles are sorted by: folded, from the first letter or digit on."""
    return _NO_LETTERS.sub("", fold(title)) or fold(title)


_NO_LETTERS = re.compile(r"^[\W_]+")
