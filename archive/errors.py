"""Everything that can go wrong, as one tree.

::

    ArchiveError                 the root: `except ArchiveError` catches all below
    ├── UsageError               a request that cannot be carried out as asked
    │   └── QueryError           the text of a query: a bad field, date, range …
    │       └── LimitError       … or one of the published limits
    ├── NotFoundError            no archive here, or no article with that id
    ├── SettingsError            archive.yaml or an authority file is wrong
    ├── TrustError               the archive reaches out of its folder, and nobody has confirmed that
    ├── IndexUnusableError       the index is foreign or outdated …
    │   └── IndexDamagedError    … or damaged: it is never answered from
    ├── IndexLockedError         somebody else is writing the index
    ├── EngineUnavailableError   the search server cannot be reached, or cannot answer now
    ├── IndexAccessError         the system does not let us read or write it: a full disk, …
    └── MissingExtraError        an optional part is not installed

Every error says what is wrong (`what`) and what to do next (`remedy`), one sentence together.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: How many wishes of an archive one sentence names, and how many characters of each.
_MOST, _SHOWN = 12, 320

#: What is said where memory runs out, in whatever part of the program.
OUT_OF_MEMORY = "there is not enough memory; nothing is lost: ask for less, or close other programs"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that the system gives no more memory: a library that is not loaded says so as well."""
    if isinstance(error, ImportError):
        return any(why in str(error) for why in ("failed to map segment", "annot allocate memory"))
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)


def debugging() -> bool:
    """Whether somebody wants to see where an unexpected error comes from."""
    return os.environ.get("ARCHIVE_DEBUG", "") not in ("", "0")


def shortened(text: str, most: int = 100) -> str:
    """A text that was given, as a message repeats it: its beginning, if it is long."""
    return text if len(text) <= most else f"{text[:most]}…"


class ArchiveError(Exception):
    """The root of the tree; its text, "what; remedy", is fit to show to a user.

    what    what is wrong
    remedy  what to do next; "" where nothing but the request is at fault
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}" if self.remedy else self.what


class UsageError(ArchiveError):
    """A request that cannot be carried out as asked."""


class QueryError(UsageError):
    """The text of a query is not in the query language."""


class LimitError(QueryError):
    """A query goes beyond one of the limits published in docs/query-language.md."""


class NotFoundError(ArchiveError):
    """There is no such archive or article."""


class SettingsError(ArchiveError):
    """archive.yaml or an authority file cannot be used as it stands."""


class TrustError(ArchiveError):
    """The archive reaches out of its folder, to a server or to files, and this user has not confirmed that.

    root   the archive
    wants  what it would do, one phrase each, as in "connect to https://search.example.org:9200"
    """

    def __init__(self, root: Path, wants: Sequence[str]) -> None:
        self.root, self.wants = root, tuple(wants)
        shown = [want if len(want) <= _SHOWN else f"{want[:_SHOWN]}…" for want in self.wants[:_MOST]]
        if more := len(self.wants) - len(shown):
            shown.append(f"{more:,} more")
        super().__init__(
            f"{root} reaches out of its folder: it would {'; '.join(shown)}", "if you trust it, run `archive trust`"
        )


class IndexUnusableError(ArchiveError):
    """The index cannot be read by this version; it can always be rebuilt."""


class IndexDamagedError(IndexUnusableError):
    """Part of the index is not as it was written; `archive index --full` rebuilds it."""


class IndexLockedError(ArchiveError):
    """Another process is writing the index."""


class EngineUnavailableError(ArchiveError):
    """The server of a distributed engine cannot be reached or cannot answer; nothing is lost by trying again."""


class IndexAccessError(ArchiveError):
    """The system does not let the index be read or written; what it holds is as it was."""


class UnreadablePictureError(ArchiveError):
    """A photograph of an article cannot be shown."""


class MissingExtraError(ArchiveError):
    """A feature needs an optional dependency."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional dependency: pip install 'searchable-archive[{extra}]'")
        self.extra = extra
