"""Articles as rows: which columns there are, and what an article has in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from archive.errors import UsageError, shortened
from archive.model.article import Article
from archive.model.fields import Fields
from archive.model.metadata_fields import METADATA

#: Columns for metadata: as attributes of an article are called, or by their key.
_METADATA = {each.attribute or each.key: each for each in METADATA if not each.apart}
_FIRST = ("id", "title", "date", "year", "people", "venues")
#: Left out unless they are asked for.
_OTHERS = ("credits", "detected", "line", "body")
#: What else a column may be called: names of the query language.
_ALIASES = {"person": "people", "venue": "venues", "author": "authors", "tag": "tags", "text": "body"}


class ArticleColumns:
    """The columns of an archive's articles; its declared facets are among them.

    usual  those of a table of articles, in order
    known  all that can be asked for
    """

    def __init__(self, fields: Fields) -> None:
        held = {"person", "venue", "year", *_METADATA, *(each.name or each.key for each in METADATA)}
        facets = {each.name: each.values for each in fields.facets if each.name not in held}
        self._values: dict[str, Callable[[Article], Any]] = {
            **{name: _attribute(name) for name in (*_FIRST, *_OTHERS, "path")},
            **{name: each.value for name, each in _METADATA.items()},
            **facets,
        }
        self.usual = (*_FIRST, *_METADATA, *facets, "path")
        self.known = (*self.usual, *_OTHERS)

    def row(self, article: Article, names: Iterable[str]) -> dict[str, Any]:
        """What an article has in these columns."""
        return {name: self._values[name](article) for name in names}


def _attribute(name: str) -> Callable[[Article], Any]:
    return lambda article: getattr(article, name)


def chosen_columns(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The columns of these names, each once; raises UsageError naming the known ones."""
    chosen = dict.fromkeys(name if name in known else _ALIASES.get(name, name) for name in names)
    for name in chosen:
        if name not in known:
            raise UsageError(f"there is no field {shortened(name)!r} to print", f"the fields are {', '.join(known)}")
    return tuple(chosen)
