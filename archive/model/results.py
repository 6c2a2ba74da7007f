"""What an archive answers with: plain frozen values that any front end can render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model.article import location
from archive.model.fast_constructor import fast_constructor
from archive.model.frozen_dict import EMPTY, freeze_fields


class Snippet(str):
    """A piece of an article as plain text, with the matched words marked.

    It is a `str` (so it prints, compares and searches as one); `marks` holds the
    (start, end) character offsets of the matched words in it.
    """

    marks: tuple[tuple[int, int], ...]

    def __new__(cls, text: str = "", marks: tuple[tuple[int, int], ...] = ()) -> Snippet:
        self = super().__new__(cls, text)
        self.marks = marks
        return self

    def __getnewargs__(self) -> tuple[str, tuple[tuple[int, int], ...]]:  # type: ignore[override]  # for pickling
        return str(self), self.marks

    def marked(self, before: str = "**", after: str = "**") -> str:
        """The text with `before` and `after` around every matched word."""
        parts, end = [], 0
        for start, stop in self.marks:
            parts += [self[end:start], before, self[start:stop], after]
            end = stop
        return "".join([*parts, self[end:]])


@dataclass(frozen=True, slots=True)
class PicturePreview:
    """A photograph to look at: `rgb` has three bytes for each pixel, row by row."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """One article of an answer. `score` is 0.0 where the order is not by relevance.

    line      1-based line of the file at which the article's text, or its record, begins
    title_marks  (start, end) offsets of the matched words of the title; those of the snippet are `snippet.marks`
    detected  which of `people` and `venues` were found in the text, as none were declared
    provenance  where each of them is from: "declared", "detected" or "discovered", by key and name
    aliases   names that the article writes otherwise: canonical name -> as written there
    """

    id: str
    title: str
    date: str | None
    year: int | None
    people: tuple[str, ...]
    venues: tuple[str, ...]
    score: float
    snippet: Snippet
    path: str
    detected: tuple[str, ...] = ()
    provenance: Mapping[str, Mapping[str, str]] = EMPTY
    aliases: Mapping[str, str] = EMPTY
    title_marks: tuple[tuple[int, int], ...] = ()
    line: int = 1

    def __post_init__(self) -> None:
        freeze_fields(self, "provenance", "aliases")

    @property
    def location(self) -> str:
        """See `Article.location`."""
        return location(self.path, self.line)


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet and exactly how many articles one gets by choosing it.

    unreviewed  whether it is a name that was discovered in texts, and that no authority file has
    """

    value: str
    count: int
    selected: bool = False
    unreviewed: bool = False


if TYPE_CHECKING:
    make_hit = Hit
    make_facet_count = FacetCount
else:
    #: The same as `Hit(…)` and `FacetCount(…)`, three times faster: an answer has ten of one and thirty of the other.
    make_hit = fast_constructor(Hit, "make_hit", "provenance", "aliases")
    make_facet_count = fast_constructor(FacetCount, "make_facet_count")


@dataclass(frozen=True, slots=True)
class FacetResult:
    """The values of one facet under a request.

    values    selected ones first (even with count 0), then by count or name
    distinct  how many values have a count above 0
    missing   how many articles have no value
    """

    values: tuple[FacetCount, ...]
    distinct: int
    missing: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query that would find something. `reason` is "spelling" or "fewer words".

    Where a chosen value is unknown, `query` may be another value of the facet that `reason` names.
    """

    query: str
    total: int
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a request was understood; every value is text for a person to read.

    query    the query tree on index fields
    added    terms that relevance feedback added
    reading  the query as it was typed, with every operator and bracket written out
    """

    query: str
    fields: tuple[str, ...]
    filters: tuple[str, ...]
    expansions: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    added: tuple[str, ...]
    reading: str = ""

    def __post_init__(self) -> None:
        freeze_fields(self, "expansions")


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a request: one page of hits, the total, and the facets asked for.

    relaxed  whether these articles have any of the words, as no article has all of them
    ignored  words of the query that are too common to be searched for, as typed
    notes    what there is to say of how the query was understood, a sentence each
    """

    query: str
    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, FacetResult]
    suggestions: tuple[Suggestion, ...] = ()
    explanation: Explanation | None = None
    relaxed: bool = False
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze_fields(self, "facets")
