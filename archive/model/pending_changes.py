"""What has changed in a corpus since its index was made; apart from the other reports, as every search asks for it."""

from __future__ import annotations

from dataclasses import dataclass

#: So much is indexed before a question is answered: it takes about a second.
_SMALL_FILES, _SMALL_BYTES, _SMALL_ARCHIVE = 100, 1_000_000, 2_000


@dataclass(frozen=True, slots=True)
class PendingChanges:
    """What has changed since the index was made; false if nothing.

    files, size   files that are new, changed or gone, and the bytes of those that are there
    names         whether people.yaml or venues.yaml is another
    articles      how many articles the index has
    """

    files: int = 0
    size: int = 0
    names: bool = False
    articles: int = 0

    def __bool__(self) -> bool:
        return bool(self.files or self.names)

    @property
    def is_small(self) -> bool:
        """Whether it is indexed in about a second.

        So are up to 100 files of 1 MB in all, and changed names in an archive of up to 2,000 articles.
        """
        few = self.files <= _SMALL_FILES and self.size <= _SMALL_BYTES
        return few and (not self.names or self.articles <= _SMALL_ARCHIVE)

    def __str__(self) -> str:
        said = [f"{self.files:,} file{'' if self.files == 1 else 's'}"] if self.files else []
        said += ["the recorded names"] if self.names else []
        return f"{' and '.join(said)} changed since the index was made"
