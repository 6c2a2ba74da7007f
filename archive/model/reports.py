"""What an archive says of itself and of its runs, beside its answers: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive.model.article import Problem


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Articles of one period (or "undated"): hits of the request, and all that the archive holds of it."""

    period: str
    hits: int
    held: int

    @property
    def share(self) -> float:
        """hits ÷ held; 0.0 for a period of which nothing is held."""
        return self.hits / self.held if self.held else 0.0


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


@dataclass(frozen=True, slots=True)
class CheckIssue:
    """One thing that `check` found. `damage` is True where the index cannot be trusted."""

    what: str
    remedy: str
    damage: bool = False

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"
