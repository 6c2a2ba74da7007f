"""A folder of articles becomes a searchable archive: who was seen with whom, where, and when.

The names in `__all__` are the library; they are loaded when first used, so that
`import archive` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.article import Article, Problem
    from archive.errors import (
        ArchiveError,
        IndexAccessError,
        IndexDamagedError,
        IndexLockedError,
        IndexUnusableError,
        LimitError,
        MissingExtraError,
        NotFoundError,
        QueryError,
        SettingsError,
        UsageError,
    )
    from archive.library import Archive
    from archive.query.request import SearchRequest, YearRange
    from archive.results import (
        Explanation,
        FacetCount,
        FacetResult,
        Finding,
        Hit,
        IndexReport,
        Page,
        Progress,
        Snippet,
        Stats,
        Suggestion,
        TimelineRow,
    )

__version__ = "0.1.0"

_HOMES = {
    "archive.article": ("Article", "Problem"),
    "archive.errors": (
        "ArchiveError",
        "IndexLockedError",
        "IndexAccessError",
        "IndexDamagedError",
        "IndexUnusableError",
        "LimitError",
        "MissingExtraError",
        "NotFoundError",
        "QueryError",
        "SettingsError",
        "UsageError",
    ),
    "archive.library": ("Archive",),
    "archive.query.request": ("SearchRequest", "YearRange"),
    "archive.results": (
        "Explanation",
        "FacetCount",
        "FacetResult",
        "Finding",
        "Hit",
        "IndexReport",
        "Page",
        "Progress",
        "Snippet",
        "Stats",
        "Suggestion",
        "TimelineRow",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "Explanation",
    "FacetCount",
    "FacetResult",
    "Finding",
    "Hit",
    "IndexAccessError",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexReport",
    "IndexUnusableError",
    "LimitError",
    "MissingExtraError",
    "NotFoundError",
    "Page",
    "Problem",
    "Progress",
    "QueryError",
    "SearchRequest",
    "SettingsError",
    "Snippet",
    "Stats",
    "Suggestion",
    "TimelineRow",
    "UsageError",
    "YearRange",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'archive' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
