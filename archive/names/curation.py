"""The names of an archive, as its public object offers them: `Archive.names`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from archive.errors import NotFoundError, UsageError
from archive.model.article import Article
from archive.model.reports import Progress
from archive.names.authority.authority_files import FILES
from archive.names.authority.authority_writer import AuthorityEntry, authority_file, enter, ignored
from archive.names.authority.records import Authority, Names

if TYPE_CHECKING:
    from archive.names.audit import Audit
    from archive.names.authority.patch import Patch
    from archive.names.discovery.suggestions import NameDiscovery, SuggestedName, SuggestedNames


class NameCuration:
    """The authority files of an archive: what they lack, and entering it.

    A `facet` is "person" or "venue". Every change is made to what the file holds at that moment, with all
    that people wrote in it kept, and raises SettingsError, with nothing written, if that cannot be done.
    The index takes a change in with `Archive.index`.
    """

    def __init__(
        self,
        root: Path,
        links_outside: bool,
        load: Callable[[], Names],
        articles: Callable[[], Iterator[Article]],
        count: Callable[[], int],
        article: Callable[[str], Article | None],
        folder: Path,
    ) -> None:
        self._root, self._links_outside = root, links_outside
        self._article, self._folder = article, folder
        self._load, self._articles, self._count = load, articles, count
        self._lock = Lock()
        self._snapshot: tuple[object, NameDiscovery] | None = None

    def close(self) -> None:
        """Let go of what is kept of the names in the texts."""
        snapshot, self._snapshot = self._snapshot, None
        if snapshot is not None:
            snapshot[1].close()

    # -- looking -----------------------------------------------------------------------

    def authority(self, facet: str) -> Authority:
        """The records of a facet, as they are written now."""
        names = self._load()
        return names.people if _known(facet) == "person" else names.venues

    def file(self, facet: str) -> Path:
        """Where the records of a facet are written, relative to the archive's root."""
        return authority_file(self._root, _known(facet)).relative_to(self._root)

    def suggest(
        self, limit: int | None = None, *, spacy: str = "", progress: Callable[[Progress], None] | None = None
    ) -> SuggestedNames:
        """Names in the texts that no authority file has, those of most articles first; at most `limit` of each kind.

        Every article is read, which takes about a second for a megabyte; `progress` is called after each.
        `spacy` names a spaCy pipeline that is asked as well; raises MissingExtraError without
        the extra `spacy`. Names that are ignored are left out.
        """
        return self._discovery(spacy, progress).suggestions(limit)

    def unreviewed(self, facet: str, limit: int | None = None) -> tuple[SuggestedName, ...]:
        """The discovered names of a facet that nobody has reviewed, those of most articles first.

        Each has its spellings, sentences with the ids of their articles, and in `known` the recorded name that it
        may be a spelling of; `duplicates` has more of these. Only what indexing has kept of the texts is looked at.
        """
        with self._lock:
            found = self._kept().suggestions(limit)
        return found.people if _known(facet) == "person" else found.venues

    def unreviewed_name(self, facet: str, name: str) -> SuggestedName | None:
        """The discovered name of a facet that has a spelling, as `unreviewed` lists it; None if none has."""
        with self._lock:
            return self._kept().suggestion(_known(facet), name)

    def duplicates(self, facet: str, name: str, limit: int = 5) -> tuple[str, ...]:
        """Recorded and unreviewed names of a facet that `name` may be another spelling of, the most similar first."""
        with self._lock:
            return self._kept().duplicates(_known(facet), name, limit)

    def _kept(self) -> NameDiscovery:
        """The discovery by what indexing has kept, read once until the index or an authority file changes."""
        from archive.names.discovery.evidence_store import FILE, read_store
        from archive.names.discovery.suggestions import NameDiscovery

        names, ignored = self._load(), self.ignored()
        stamp = (_stamp(self._folder / FILE), names.digest, ignored)
        if self._snapshot is None or self._snapshot[0] != stamp:
            self.close()
            store = read_store(self._folder)
            discovery = NameDiscovery(names, ignored, None, store, self._article, decided=store is not None)
            self._snapshot = stamp, discovery
        return self._snapshot[1]

    def _discovery(self, spacy: str, progress: Callable[[Progress], None] | None) -> NameDiscovery:
        """The discovery of names over the archive, by the evidence that indexing has kept as far as there is any."""
        from archive.names.discovery.evidence_store import read_store
        from archive.names.discovery.spacy_ner import SpacyNer
        from archive.names.discovery.suggestions import NameDiscovery

        recognizer = SpacyNer(spacy) if spacy else None
        store = None if spacy else read_store(self._folder)
        kept = {article_id for article_id, _ in store.digests()} if store is not None else set()
        discovery = NameDiscovery(self._load(), self.ignored(), recognizer, store, self._article)
        for article in self._read(progress):
            if article.id not in kept:
                discovery.add(article)
        return discovery

    @staticmethod
    def patch(found: SuggestedNames) -> str:
        """Suggestions as YAML for a person to edit, and for `apply`."""
        from archive.names.authority.patch import patch_text

        return patch_text(found)

    def similar(self, facet: str, name: str, limit: int = 5) -> tuple[str, ...]:
        """Recorded names that `name` may be another spelling of, the most similar first."""
        from rapidfuzz import fuzz, process

        known = [each.name for each in self.authority(facet).records]
        found = process.extract(name, known, scorer=fuzz.token_set_ratio, score_cutoff=60, limit=limit)
        return tuple(each for each, _, _ in found)

    def ignored(self) -> tuple[str, ...]:
        """The names that are not to be suggested."""
        return ignored(self._root)

    def audit(self, progress: Callable[[Progress], None] | None = None) -> Audit:
        """Where declared names, dates and texts do not agree, and which articles are nearly the same.

        `progress` is called after each article.
        """
        from archive.names.audit import audit

        return audit(self._read(progress))

    def _read(self, progress: Callable[[Progress], None] | None) -> Iterator[Article]:
        """Every article, and how far the reading has come."""
        began, total = time.perf_counter(), max(1, self._count())
        for number, article in enumerate(self._articles(), 1):
            yield article
            if progress is not None:
                progress(Progress(number, min(1.0, number / total), time.perf_counter() - began))

    # -- entering ----------------------------------------------------------------------

    def accept(self, facet: str, name: str, *aliases: str) -> bool:
        """Record a name, or give the record that has it these aliases; returns whether anything changed."""
        return self._enter(facet, AuthorityEntry(name, aliases))

    def alias(self, facet: str, name: str, *aliases: str) -> bool:
        """Give the record that has `name` more aliases; raises NotFoundError where there is none."""
        return self._enter(facet, AuthorityEntry(self._recorded(facet, name), aliases))

    def forbid(self, facet: str, name: str, *namesakes: str) -> bool:
        """Say who is not meant by the record that has `name`; raises NotFoundError where there is none."""
        return self._enter(facet, AuthorityEntry(self._recorded(facet, name), (), namesakes))

    def merge(self, facet: str, name: str, *aliases: str, into: str) -> bool:
        """Record `name`, and its `aliases`, as other spellings of `into`, which gets a record where it has none."""
        owner = self.authority(facet).recorded(into) or into
        return self._enter(facet, AuthorityEntry(owner, tuple(each for each in (name, *aliases) if each != owner)))

    def mark_as_place(self, name: str, *aliases: str) -> bool:
        """Record a name as that of a venue."""
        return self.accept("venue", name, *aliases)

    def ignore(self, *names: str) -> int:
        """Suggest these names no more; returns how many of them are new."""
        return enter(self._root, {}, names, links_outside=self._links_outside)

    def apply(self, patch: Patch | str, file: str = "the patch") -> int:
        """Enter everything in a reviewed patch, or nothing; returns how many names that changed.

        `patch` may be its text; `file` is what errors call it. Raises SettingsError naming the line.
        """
        from archive.names.authority.patch import apply_patch, read_patch

        patch = read_patch(patch, file) if isinstance(patch, str) else patch
        return apply_patch(self._root, patch, links_outside=self._links_outside)

    def _enter(self, facet: str, entry: AuthorityEntry) -> bool:
        return bool(enter(self._root, {_known(facet): [entry]}, links_outside=self._links_outside))

    def _recorded(self, facet: str, name: str) -> str:
        recorded = self.authority(facet).recorded(name)
        if not recorded:
            raise NotFoundError(f"no record has the name {name!r}" if name else "say whose name is meant")
        return recorded


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Tells one state of a file from another; None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _known(facet: str) -> str:
    if facet not in FILES:
        raise UsageError(f"names are those of a {' or a '.join(FILES)}, not of {facet!r}")
    return facet
