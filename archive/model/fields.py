"""What a field is, and which of them are facets: declared once, here.

The index schema, the query language, the CLI's options and the terminal UI's panels
all follow from a `Fields` value. A new field of metadata is one row in `archive.model.metadata_fields`, and a
declared facet is one key in `archive.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from archive.errors import QueryError, UsageError, shortened
from archive.model.article import Article
from archive.model.dates import year_of
from archive.model.metadata_fields import METADATA, Kind, texts_of


class Field(NamedTuple):
    """One field of an article.

    values   what an article has in it, as text, in order
    boost    weight in an unfielded query; 0.0 means not searched unless named
    aliases  other names by which a query may call it
    listed   False for a facet that is counted only where it is asked for by name
    attribute  of `Article`, empty where there are no values; "" where only `values` tells
    of_mentions  whether an article without mentions has no values
    """

    name: str
    kind: Kind
    help: str
    values: Callable[[Article], tuple[str, ...]]
    boost: float = 0.0
    facet: bool = False
    aliases: tuple[str, ...] = ()
    listed: bool = True
    attribute: str = ""
    of_mentions: bool = False

    @property
    def words_name(self) -> str:
        """The index field that holds its words; names keep theirs beside the exact values."""
        return f"{self.name}_words" if self.kind is Kind.NAMES else self.name

    @property
    def forms_name(self) -> str:
        """The index field that holds its words as written, where `words_name` has them stemmed."""
        return f"{self.name}{FORMS}" if self.kind is Kind.TEXT else self.words_name


#: What the name of an index field of words as written ends with.
FORMS = "_forms"
#: Index fields that are not fields of an article: which fields it has, and the first
#: and last day (YYYYMMDD) that its date can mean.
HAS = "has"
DATE_FIRST, DATE_LAST = "date_first", "date_last"


def _one(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


@lru_cache(maxsize=4096)
def _year(date: str) -> tuple[str, ...]:
    return (f"{year:04}",) if (year := year_of(date)) else ()


def _from_mentions(name: str, help: str, values: Callable[[Article], tuple[str, ...]]) -> Field:
    """A facet that is counted only where it is asked for, and has nothing where an article mentions nobody."""
    return Field(
        name, Kind.NAMES, help, lambda article: values(article) if article.mentions else (), facet=True, listed=False,
        of_mentions=True,
    )  # fmt: skip


def _mentioned(facet: str, help: str) -> Field:
    return _from_mentions(mentioned(facet), help, lambda article: article.mentioned(facet))


def mentioned(facet: str) -> str:
    """The field beside a facet: names that an article's text has, and its `people` or `venues` lack."""
    return f"{facet}_mentioned"


def _unreviewed(facet: str, help: str) -> Field:
    return _from_mentions(unreviewed(facet), help, lambda article: article.discovered(facet))


def unreviewed(facet: str) -> str:
    """The field beside a facet: names that were discovered in an article's text, and that no record has."""
    return f"{facet}_unreviewed"


#: A title counts as if it stood in the text twice.
_TITLE_BOOST = 2.0

_STANDARD = (
    Field("title", Kind.TEXT, "the headline", lambda a: _one(a.title), boost=_TITLE_BOOST, attribute="title"),
    Field("body", Kind.TEXT, "the text", lambda a: _one(a.body), boost=1.0, aliases=("text",), attribute="body"),
    Field(
        "person", Kind.NAMES, "people in the article", attrgetter("people"), facet=True, aliases=("people",),
        attribute="people",
    ),
    Field(
        "venue", Kind.NAMES, "where it happened", attrgetter("venues"), facet=True, aliases=("venues",),
        attribute="venues",
    ),
    Field("year", Kind.YEAR, "the year of its date", lambda a: _year(a.date) if a.date else (), facet=True),
    Field("date", Kind.DATE, "its date, as far as known", lambda a: _one(a.date), attribute="date"),
    *(
        Field(
            each.name or each.key, each.kind, each.help, each.extractor(), aliases=each.aliases,
            attribute="" if each.default else each.attribute,
        )
        for each in sorted(METADATA, key=lambda each: each.kind is Kind.EXACT)
    ),
    Field("id", Kind.EXACT, "its identifier", lambda a: (a.id,), attribute="id"),
    Field("path", Kind.EXACT, "its file", lambda a: (a.path,)),
    _mentioned("person", "people whom only its text names"),
    _mentioned("venue", "venues that only its text names"),
    _unreviewed("person", "people found in its text whom nobody has reviewed"),
    _unreviewed("venue", "venues found in its text that nobody has reviewed"),
    Field("detected", Kind.EXACT, "`people` or `venues` where these come from its text", attrgetter("detected"),
          attribute="detected"),
)  # fmt: skip

#: Names with a meaning in the query language that no declared facet may take.
PSEUDO_FIELDS = (HAS, "missing")
#: Nor may it take those of the index's own fields.
_RESERVED = re.compile(
    r"has|missing|meta|date_(first|last|key)|title_key|year_value|.*_words|.*_forms|.*_mentioned|.*_unreviewed|detected"
)


def _extra(key: str) -> Field:
    kept = key.lower().replace("-", "_")  # as the corpus reader writes every key
    return Field(key, Kind.NAMES, f"front matter: {key}", lambda a: texts_of(a.extra.get(kept)), facet=True)


class Fields:
    """The fields of one archive; `declared` are the facets named in its settings.

    Raises UsageError if a declared facet has no possible values.
    """

    def __init__(self, declared: tuple[str, ...] = ()) -> None:
        self.declared = declared
        fields = {field.name: field for field in _STANDARD}
        aliases = {alias: field.name for field in _STANDARD for alias in field.aliases}
        for name in declared:
            known = fields.get(aliases.get(name, name))
            if _RESERVED.fullmatch(name):
                raise UsageError(f"{name!r} cannot be a facet: the index uses that name itself", "rename the key")
            if known is None:
                fields[name] = _extra(name)
            elif known.kind in (Kind.NAMES, Kind.YEAR):
                fields[known.name] = known._replace(facet=True, listed=True)
            else:
                raise UsageError(f"the field {name!r} cannot be a facet: its values hardly ever repeat")
        self._fields = fields
        self._aliases = aliases

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def __contains__(self, name: str) -> bool:
        return self._aliases.get(name, name) in self._fields

    @property
    def facets(self) -> tuple[Field, ...]:
        """Every facet: person, venue and year first, then the declared ones."""
        return tuple(field for field in self if field.facet and field.listed)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields in which words without a field name are looked for."""
        return tuple(field for field in self if field.boost)

    def get(self, name: str) -> Field:
        """The field of that name or alias; raises QueryError naming the known ones."""
        field = self._fields.get(self._aliases.get(name, name))
        if field is None:
            import difflib

            known = ", ".join([*self._fields, *PSEUDO_FIELDS])
            close = difflib.get_close_matches(name, [*self._fields, *self._aliases], 1)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            raise QueryError(
                f"there is no field {shortened(name)!r}{hint}",
                f"the fields are {known}. To find a word with a colon in it, put it in quotes",
            )
        return field

    def facet(self, name: str) -> Field:
        """The facet of that name or alias; raises UsageError naming the known ones."""
        field = self._fields.get(self._aliases.get(name, name))
        if field is None or not field.facet:
            known = ", ".join(facet.name for facet in self.facets)
            raise UsageError(
                f"there is no facet {shortened(name)!r}",
                f"the facets are {known}. Declare more in archive.yaml, as in `facets: [source]`",
            )
        return field
