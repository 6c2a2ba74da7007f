"""The article: what the corpus holds, the index stores and every front end shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from archive.model.dates import year_of
from archive.model.fast_constructor import fast_constructor
from archive.model.frozen_dict import EMPTY, FrozenDict, freeze_fields
from archive.model.sightings import Sighting
from archive.text.analyzer import fold
from archive.util.quoting import quote_path

#: A front-matter value: text, a list, or a mapping of these. Every scalar is text.
Value = str | tuple["Value", ...] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in an article's text that names somebody, or some venue.

    facet     "person" or "venue"
    name      canonical name
    text      as written there
    start, end   character offsets in the body, or in the title where `in_title`
    discovered   whether no authority file has the name: it was found in the text, and nobody has reviewed it
    """

    facet: str
    name: str
    text: str
    start: int
    end: int
    in_title: bool = False
    discovered: bool = False

    def __reduce__(self) -> tuple[type[Mention], tuple[object, ...]]:
        return make_mention, values_of_mention(self)


class Block(NamedTuple):
    """Lines of an article's body that are something else than a plain paragraph.

    style   "h1" … "h6" (a heading), "item" (of a list), "quote", "code", "row" (of a table), "caption"
    first_row, last_row   of its lines, counted from 0
    """

    style: str
    first_row: int
    last_row: int


class Link(NamedTuple):
    """A part of a line of an article's body that leads elsewhere.

    row         of its line, counted from 0
    start, end  offsets in the line
    target      the address, as written
    """

    row: int
    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article.

    id        slug, unique in the archive
    title     one line
    body      the readable text, NFC, with "\\n" line ends; credit lines taken out
    date      EDTF (see archive.model.dates), as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: only as much as is known; or None
    people, venues, authors, tags   in the order given, without repeats; people and venues
              under their canonical names, and found in the text where `inferred` says so
    extra     every other front-matter key, as text
    credits   photo credits and the like that stood on lines of their own
    path      file, relative to the archive's root, with "/" on every system
    line      1-based line of the file at which the body (or the JSON line) begins
    inferred  which of id, title, date, people, venues were not declared
    mentions  where the text names people and venues of the authority files, and discovered ones; title first, in order
    declared  "people" and "venues" -> name as declared -> canonical name of its authority record,
              "" if it has none; a key is left out where none has one
    date_text  the date as it was written, where that is something else
    line_by_line  whether lines of the body are lines of the file; otherwise all of it is on `line`
    line_map  (row, skipped): from that row of the body on, so many lines of the file are not seen in it
    kind      "photo", or as declared; "" for any other article
    pictures  paths of the photographs that are part of it, as `path`; they need not exist
    picture_rows  of each picture the row of the body behind which it is, its caption's if it has one; -1 at the
              beginning; empty for a photograph, which is a picture itself
    blocks    headings, lists, quotes and the like in the body, in order
    links     its links, in order: what they lead to is no text, and is not found
    sightings  what the text says of people together, and of people at venues
    by_rules  whether these are by the rules alone, and a judge of pairs has not seen them
    """

    id: str
    title: str
    body: str
    date: str | None = None
    people: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    source: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    extra: Mapping[str, Value] = EMPTY
    credits: tuple[str, ...] = ()
    path: str = ""
    line: int = 1
    inferred: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    declared: Mapping[str, Mapping[str, str]] = EMPTY
    date_text: str = ""
    kind: str = ""
    pictures: tuple[str, ...] = ()
    line_by_line: bool = field(default=True, compare=False)
    line_map: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    blocks: tuple[Block, ...] = field(default=(), compare=False)
    picture_rows: tuple[int, ...] = field(default=(), compare=False)
    links: tuple[Link, ...] = field(default=(), compare=False)
    sightings: tuple[Sighting, ...] = ()
    by_rules: bool = False

    @property
    def detected(self) -> tuple[str, ...]:
        """Which of people and venues were found in the text, as none were declared."""
        if not self.inferred:
            return ()
        return tuple(key for key in ("people", "venues") if key in self.inferred and getattr(self, key))

    def discovered(self, facet: str) -> tuple[str, ...]:
        """Names of a facet, "person" or "venue", that no record has and the text alone shows; nobody reviewed them."""
        if not self.mentions:
            return ()
        return tuple(dict.fromkeys([each.name for each in self.mentions if each.discovered and each.facet == facet]))

    @property
    def provenance(self) -> FrozenDict[str, FrozenDict[str, str]]:
        """Where each of `people` and `venues` is from: "declared", "detected" or "discovered", by key and name."""
        found = {}
        for facet, key in FACET_KEYS.items():
            names: tuple[str, ...] = getattr(self, key)
            sources = dict.fromkeys(names, "detected" if key in self.inferred else "declared")
            if key in self.inferred:
                unreviewed = self.discovered(facet)
                sources |= {name: "discovered" for name in names if name in unreviewed}
            found[key] = FrozenDict(sources)
        return FrozenDict(found)

    def mentioned(self, facet: str) -> tuple[str, ...]:
        """Names of a facet, "person" or "venue", that the text has beyond `people` or `venues`."""
        if not self.mentions:
            return ()
        known = self.people if facet == "person" else self.venues
        names = dict.fromkeys(mention.name for mention in self.mentions if mention.facet == facet)
        return tuple(name for name in names if name not in known)

    def __reduce__(self) -> tuple[Callable[..., Article], tuple[object, ...]]:
        values = _values_of(self)
        if not self.mentions:
            return make_article, values
        mentions = tuple(map(values_of_mention, self.mentions))  # twenty times faster than objects
        return _with_mentions, (*values[:_MENTIONS], mentions, *values[_MENTIONS + 1 :])

    def __post_init__(self) -> None:
        freeze_fields(self, "extra", "declared")

    @property
    def location(self) -> str:
        """The file, with the line of the article where a file holds many."""
        return location(self.path, self.line)

    @property
    def year(self) -> int | None:
        """The year of `date`, or None when the article is undated or may be of several."""
        return year_of(self.date) if self.date else None

    def line_at(self, offset: int) -> int:
        """The 1-based line of the file on which a place of the body stands."""
        if not self.line_by_line:
            return self.line
        row = self.body.count("\n", 0, offset)
        return self.line + row + next((skipped for first, skipped in reversed(self.line_map) if first <= row), 0)


_RECORD_FILE = re.compile(r"\.(?:jsonl|ndjson|json|csv|tsv)(?:\.gz)?$", re.IGNORECASE)


def location(path: str, line: int) -> str:
    """`corpus/notes.jsonl:12` of a file that holds an article a record; of any other the path alone."""
    return f"{path}:{line}" if _RECORD_FILE.search(path) else path


#: The values of a mention's fields, of which `make_mention` makes it again.
values_of_mention = attrgetter(*Mention.__slots__)
_values_of = attrgetter(*Article.__slots__)
_FIELD_AT = {name: at for at, name in enumerate(Article.__slots__)}
_MENTIONS = _FIELD_AT["mentions"]


def article_with(article: Article, **changes: object) -> Article:
    """The same as `dataclasses.replace`, several times faster."""
    values = list(_values_of(article))
    for name, value in changes.items():
        values[_FIELD_AT[name]] = value
    return make_article(*values)


def _with_mentions(*values: Any) -> Article:
    """An article of its values, among which mentions are tuples of theirs."""
    made = list(values)
    made[_MENTIONS] = tuple([make_mention(*each) for each in values[_MENTIONS]])
    return make_article(*made)


if TYPE_CHECKING:
    make_article = Article
    make_mention = Mention
else:
    #: The same as `Article(…)`, ten times faster: reading a corpus and unpickling make one of every record.
    make_article = fast_constructor(Article, "make_article", "extra", "declared")
    #: The same as `Mention(…)`, four times faster: there are some twenty in every article.
    make_mention = fast_constructor(Mention, "make_mention")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in the corpus that could not be taken or understood, and what to do about it.

    path    file, relative to the archive's root
    line    1-based, or 0 where no line can be named
    what    what is wrong; remedy: what to do; both without a full stop
    taken   whether the article was taken all the same: this is only a warning
    """

    path: str
    line: int
    what: str
    remedy: str
    taken: bool = False

    def __str__(self) -> str:
        path = quote_path(self.path)
        where = f"{path}:{self.line}" if self.line else path
        return f"{where}: {self.what}; {self.remedy}"


#: The keys of an article that hold names, by facet.
FACET_KEYS = {"person": "people", "venue": "venues"}


def aliases_used(article: Article) -> Mapping[str, str]:
    """Names of an article that it writes otherwise: canonical name -> as declared, or as first found."""
    if not (article.declared or article.mentions):
        return EMPTY
    written: dict[str, str] = {}
    for key in FACET_KEYS.values():
        for name, canonical in article.declared.get(key, {}).items():
            written.setdefault(canonical, name)
    if detected := article.detected:
        for mention in article.mentions:
            if FACET_KEYS[mention.facet] in detected:
                written.setdefault(mention.name, mention.text)
    named = (*article.people, *article.venues)
    return {name: written[name] for name in named if name in written and fold(written[name]) != fold(name)}
