"""A folder of articles becomes a searchable archive: who was seen with whom, where, and when.

The names in `__all__` are the library; they are loaded when first used, so that
`import archive` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.api import Archive
    from archive.config.user_state import UserState
    from archive.encounters.model import (
        ArticleSpan,
        Certificate,
        Companion,
        Companions,
        Coverage,
        Encounter,
        Encounters,
        EvidenceSpan,
        Gap,
        Gaps,
        IndexState,
        NearMiss,
        Occasion,
        Occasions,
        SearchedName,
        SightingFacet,
        Spelling,
    )
    from archive.encounters.reviews import SightingReview
    from archive.errors import (
        ArchiveError,
        EngineUnavailableError,
        IndexAccessError,
        IndexDamagedError,
        IndexLockedError,
        IndexUnusableError,
        LimitError,
        MissingExtraError,
        NotFoundError,
        QueryError,
        SettingsError,
        TrustError,
        UnreadablePictureError,
        UsageError,
    )
    from archive.model.article import Article, Mention, Problem
    from archive.model.reports import CheckIssue, IndexReport, Progress, Stats, Timeline, TimelineRow
    from archive.model.results import (
        Explanation,
        FacetCount,
        FacetResult,
        Hit,
        Page,
        PicturePreview,
        Snippet,
        Suggestion,
    )
    from archive.names.audit import Audit
    from archive.names.curation import NameCuration
    from archive.names.discovery.suggestions import SuggestedName, SuggestedNames
    from archive.query.request import SearchRequest, Selection, YearRange
    from archive.quotes import Quote, Verdict
    from archive.saved.collection import SavedSearches
    from archive.saved.runs import SavedRun, SavedStatus
    from archive.saved.searches import SavedSearch

__version__ = "0.1.0"

_HOMES = {
    "archive.model.article": ("Article", "Mention", "Problem"),
    "archive.encounters.reviews": ("SightingReview",),
    "archive.errors": (
        "ArchiveError",
        "EngineUnavailableError",
        "IndexAccessError",
        "IndexDamagedError",
        "IndexLockedError",
        "IndexUnusableError",
        "LimitError",
        "MissingExtraError",
        "NotFoundError",
        "QueryError",
        "SettingsError",
        "TrustError",
        "UnreadablePictureError",
        "UsageError",
    ),
    "archive.api": ("Archive",),
    "archive.config.user_state": ("UserState",),
    "archive.names.audit": ("Audit",),
    "archive.names.curation": ("NameCuration",),
    "archive.names.discovery.suggestions": ("SuggestedName", "SuggestedNames"),
    "archive.quotes": ("Quote", "Verdict"),
    "archive.saved.searches": ("SavedSearch",),
    "archive.saved.runs": ("SavedRun", "SavedStatus"),
    "archive.saved.collection": ("SavedSearches",),
    "archive.query.request": ("SearchRequest", "Selection", "YearRange"),
    "archive.model.reports": ("CheckIssue", "IndexReport", "Progress", "Stats", "Timeline", "TimelineRow"),
    "archive.model.results": (
        "Explanation",
        "FacetCount",
        "FacetResult",
        "Hit",
        "Page",
        "PicturePreview",
        "Snippet",
        "Suggestion",
    ),
    "archive.encounters.model": (
        "Certificate",
        "Companion",
        "Companions",
        "Coverage",
        "ArticleSpan",
        "Encounter",
        "Encounters",
        "EvidenceSpan",
        "IndexState",
        "NearMiss",
        "Occasion",
        "Occasions",
        "SightingFacet",
        "Gap",
        "Gaps",
        "SearchedName",
        "Spelling",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "ArticleSpan",
    "Audit",
    "Certificate",
    "CheckIssue",
    "Companion",
    "Companions",
    "Coverage",
    "Encounter",
    "Encounters",
    "EngineUnavailableError",
    "EvidenceSpan",
    "Explanation",
    "FacetCount",
    "FacetResult",
    "Gap",
    "Gaps",
    "Hit",
    "IndexAccessError",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexReport",
    "IndexState",
    "IndexUnusableError",
    "LimitError",
    "Mention",
    "MissingExtraError",
    "NameCuration",
    "NearMiss",
    "NotFoundError",
    "Occasion",
    "Occasions",
    "Page",
    "PicturePreview",
    "Problem",
    "Progress",
    "QueryError",
    "Quote",
    "SavedRun",
    "SavedSearch",
    "SavedSearches",
    "SavedStatus",
    "SearchRequest",
    "SearchedName",
    "Selection",
    "SettingsError",
    "SightingFacet",
    "SightingReview",
    "Snippet",
    "Spelling",
    "Stats",
    "SuggestedName",
    "SuggestedNames",
    "Suggestion",
    "Timeline",
    "TimelineRow",
    "TrustError",
    "UnreadablePictureError",
    "UsageError",
    "UserState",
    "Verdict",
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
