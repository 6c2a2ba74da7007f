"""The metadata of an article beyond its title, date, people and venues: each field declared once, here.

A new field is one row in `METADATA`. From it follow the key and its synonyms in front matter and records, `keys:` in
archive.yaml, the field of the query language, the index fields of every engine, the stored record, the digest that
tells whether an article has changed, and every export. Only what code refers to by name needs an attribute of
`Article` as well; any other field is kept in `Article.extra` under its key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from operator import attrgetter
from typing import NamedTuple

from archive.model.article import Article, Value


class Kind(Enum):
    """How a field's values are indexed and what can be asked of them."""

    TEXT = "text"  # running text: stemmed words with positions, ranked
    NAMES = "names"  # several exact values, also found by their words
    YEAR = "year"  # one number
    DATE = "date"  # ISO date of any precision
    EXACT = "exact"  # one identifier, matched whole or by wildcard


class MetadataField(NamedTuple):
    """A field of metadata.

    key        its key in front matter, records and settings
    kind       how it is indexed
    synonyms   other keys that mean it, best first
    many       whether it has a list of values, or one text
    attribute  of `Article` and of what a reader returns; "" where the value is kept in `extra` under the key
    name       what the query language calls it; "" for the key
    aliases    other names by which a query may call it
    default    what is indexed for an article that has no value
    apart      whether exports and whole articles have it in a place of its own (see `archive.corpus.serialize`)
    """

    key: str
    kind: Kind
    help: str
    synonyms: str = ""
    many: bool = False
    attribute: str = ""
    name: str = ""
    aliases: tuple[str, ...] = ()
    default: str = ""
    apart: bool = False

    def value(self, article: Article) -> Value:
        """What an article has: a tuple where `many`, otherwise one text; empty for nothing."""
        if self.attribute:
            value: Value = getattr(article, self.attribute)
            return value
        return article.extra.get(self.key, () if self.many else "")

    def values(self, article: Article) -> tuple[str, ...]:
        """The values to index, in order; of a list each on one line, and once."""
        return self.extractor()(article)

    def extractor(self) -> Callable[[Article], tuple[str, ...]]:
        """What returns `values`: every article is asked for every field, so that it does no more than necessary."""
        if not self.attribute:
            return lambda article: texts_of(self.value(article))
        value_of = attrgetter(self.attribute)
        if self.many:
            return value_of
        default: tuple[str, ...] = (self.default,) if self.default else ()
        return lambda article: (value,) if (value := value_of(article)) else default


def texts_of(value: Value | None) -> tuple[str, ...]:
    """A front-matter value as values of a field: itself, or the items of a list; each on one line, as names are."""
    if value is None or isinstance(value, Mapping):
        return ()
    items = (value,) if isinstance(value, str) else value
    texts = (" ".join(item.split()) for item in items if isinstance(item, str))
    return tuple(dict.fromkeys(text for text in texts if text))


#: In the order of exports.
METADATA = (
    MetadataField(
        "source", Kind.NAMES, "the publication", "publication publisher newspaper site_name", attribute="source"
    ),
    MetadataField(
        "author", Kind.NAMES, "who wrote it", "authors byline bylines creator creators", many=True,
        attribute="authors", aliases=("authors",),
    ),
    MetadataField(
        "url", Kind.EXACT, "where it was published", "link permalink canonical canonical_url source_url",
        attribute="url",
    ),
    MetadataField(
        "tags", Kind.NAMES, "its tags", "tag categories category keywords keyword topics", many=True,
        attribute="tags", aliases=("tag",),
    ),
    MetadataField(
        "language", Kind.NAMES, "its language", "lang in_language locale", attribute="language", aliases=("lang",)
    ),
    MetadataField("kind", Kind.NAMES, "`photo`, `article`, or as declared", attribute="kind", default="article"),
    MetadataField(
        "credits", Kind.NAMES, "photo credits", "credit", many=True, attribute="credits", name="credit",
        aliases=("credits",), apart=True,
    ),
)  # fmt: skip
