"""What an archive says of itself and of its runs, beside its answers: plain frozen values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from archive.model.article import Problem
from archive.model.frozen_dict import freeze_fields


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Articles of one period (or "undated"): hits of the request, and all that the archive holds of it.

    seen  sightings of the person asked for, or of the people together, by the date of the occasion; None where
          nobody, or any of several, is asked for
    """

    period: str
    hits: int
    held: int
    seen: int | None = None

    @property
    def share(self) -> float:
        """hits ÷ held; 0.0 for a period of which nothing is held."""
        return self.hits / self.held if self.held else 0.0


class Timeline(tuple[TimelineRow, ...]):
    """The periods of a timeline, in order; `by_rules` is how many articles were judged by rules alone."""

    by_rules: int

    def __new__(cls, rows: Iterable[TimelineRow] = (), by_rules: int = 0) -> Self:
        made = super().__new__(cls, rows)
        made.by_rules = by_rules
        return made


#: What is said of an article that has metadata and no text.
NO_TEXT = "the article has no text"
_QUOTED = re.compile(r"'[^']*'|\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an indexing run did.

    added, updated, unchanged, removed   articles
    problems   what could not be taken, by file and line
    skipped    files of a kind that is not read, by ending, with their number
    seconds    wall time
    warnings   what was taken with something in it that was not understood, by file and line
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    skipped: Mapping[str, int] | None = None
    seconds: float = 0.0
    warnings: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        freeze_fields(self, "skipped")

    @property
    def main_warning(self) -> str:
        """The one sentence that sums up the warnings of one kind; "" where there are not several of one."""
        without_text = Counter(each.remedy for each in self.warnings if each.what == NO_TEXT)
        if (count := without_text.total()) > 1:
            return f"{count:,} articles have no text; {without_text.most_common(1)[0][0]}"
        kinds = Counter(_QUOTED.sub("…", each.what) for each in self.warnings)
        what, count = kinds.most_common(1)[0] if kinds else ("", 0)
        return f"{count:,} warnings of one kind: {what}" if count > 1 else ""

    @property
    def changed(self) -> bool:
        """Whether the index is another one than before."""
        return bool(self.added or self.updated or self.removed)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run over all articles has come; `fraction` (0 to 1) is of the bytes to read, or of the articles."""

    articles: int
    fraction: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Stats:
    """The archive in numbers. `index_bytes` is the size of the index on disk."""

    name: str
    language: str
    articles: int
    sources: int
    problems: int
    undated: int
    first: str | None
    last: str | None
    distinct: Mapping[str, int]
    index_bytes: int
    warnings: int = 0

    def __post_init__(self) -> None:
        freeze_fields(self, "distinct")


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """The articles of one folder in one format, and how many of them have what.

    has      title, date, people, venues, text -> number of articles that have it
    guessed  title, date, people, venues -> number of those that have it without declaring it: from the name of the
             file, from the document, from the text
    """

    folder: str
    format: str
    articles: int
    has: Mapping[str, int]
    guessed: Mapping[str, int]
    warnings: int
    problems: int

    def __post_init__(self) -> None:
        freeze_fields(self, "has", "guessed")


@dataclass(frozen=True, slots=True)
class OtherKey:
    """A metadata key that means nothing to the archive, in how many articles it is, and what its values look like."""

    key: str
    articles: int
    longest: int
    example: str
    is_date: bool


@dataclass(frozen=True, slots=True)
class ShortArticle:
    """An article with little text; `characters` of it."""

    id: str
    path: str
    line: int
    characters: int


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """How the corpus was read.

    groups      by folder and format
    other_keys  metadata keys without a meaning, those of most articles first
    skipped     files that were not read, by ending, with their number
    shortest    the articles with the least text
    """

    groups: tuple[SourceGroup, ...]
    other_keys: tuple[OtherKey, ...]
    skipped: Mapping[str, int]
    shortest: tuple[ShortArticle, ...]

    def __post_init__(self) -> None:
        freeze_fields(self, "skipped")


@dataclass(frozen=True, slots=True)
class CheckIssue:
    """One thing that `check` found.

    damage   whether the index cannot be trusted
    article  the id of the article that it is about; "" where it is about no single one
    """

    what: str
    remedy: str
    damage: bool = False
    article: str = ""

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"
