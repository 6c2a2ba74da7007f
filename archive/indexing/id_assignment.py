"""Which id an article has: the one that it had before, or an unused one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive.corpus.ids import with_suffix
from archive.engine.protocol import IndexedRef, Writer
from archive.indexing.sources import SourceTable


class Unseen:
    """Articles from before that a run has not met again, by the id that each asked for."""

    def __init__(self, entries: Iterable[IndexedRef] = ()) -> None:
        self._left = {entry.id: entry for entry in sorted(entries, reverse=True)}
        self._by_base: dict[str, list[IndexedRef]] = {}
        for entry in self._left.values():
            self._by_base.setdefault(entry.requested_id, []).append(entry)
        self._by_content: dict[tuple[str, str], list[IndexedRef]] = {}
        for namesakes in self._by_base.values():
            for entry in namesakes if len(namesakes) > 1 else ():
                self._by_content.setdefault((entry.requested_id, entry.digest), []).append(entry)

    def __contains__(self, article_id: str) -> bool:
        return article_id in self._left

    def take(self, base: str, content: str) -> IndexedRef | None:
        """One that asked for that id, the same content preferred: so a moved article keeps its id among namesakes."""
        if not self._left:  # as in a first run
            return None
        for candidates in (self._by_content.get((base, content)), self._by_base.get(base)):
            while candidates:
                entry = candidates.pop()
                if self._left.pop(entry.id, None) is not None:
                    return entry
        return None

    def drop(self, article_id: str) -> IndexedRef | None:
        """Take out the one that has that id."""
        return self._left.pop(article_id, None)

    def left(self) -> list[IndexedRef]:
        """What was not taken, by id."""
        return sorted(self._left.values())


class ArticleIds:
    """The ids of one run over the corpus.

    vanished  paths of files that are gone: their articles' ids can go to others
    """

    def __init__(self, writer: Writer, table: SourceTable, vanished: Sequence[str]) -> None:
        self._writer, self._table = writer, table
        self._taken: dict[str, tuple[str, int]] = {}
        self._removed: set[str] = set()
        self._last_number: dict[str, int] = {}
        self._file = Unseen()
        self.vanished = Unseen(self.articles_of(vanished))
        self._known_files = set(vanished)

    def articles_of(self, paths: Sequence[str]) -> list[IndexedRef]:
        """The articles that files had before this run, those included that the engine did not take."""
        if not paths:
            return []
        asked = set(paths)
        rejected = [entry for entry in self._table.rejected.values() if entry.path in asked]
        return [*self._writer.articles_of(paths), *rejected]

    def begin_file(self, path: str, before: Iterable[IndexedRef]) -> None:
        """A file is about to be read that had these articles."""
        self._file = Unseen(before)
        self._known_files.add(path)

    def end_file(self) -> list[IndexedRef]:
        """The articles that it has no longer."""
        return self._file.left()

    def previous(self, base: str, content: str) -> IndexedRef | None:
        """The article that one has been: in its own file, or in one that is gone."""
        return self._file.take(base, content) or self.vanished.take(base, content)

    def take(self, article_id: str, path: str, line: int) -> None:
        """The article on a line of a file has that id from now on."""
        self._taken[article_id] = path, line
        self._table.rejected.pop(article_id, None)

    def release(self, article_id: str) -> None:
        """The article that had that id is gone."""
        self._removed.add(article_id)
        self._table.rejected.pop(article_id, None)

    def owner(self, article_id: str) -> tuple[str, int] | None:
        """The file, and the line in it, of the article that has that id; None if it is unused."""
        if (taken := self._taken.get(article_id)) is not None or article_id in self._removed:
            return taken
        entry = self._table.rejected.get(article_id) or self._writer.article(article_id)
        if entry is None:
            return None
        # Of a damaged index, an article may be found by its id and not by its file: nobody will take it again.
        is_lost = entry.path in self._known_files and article_id not in self._file and article_id not in self.vanished
        return None if is_lost else (entry.path, entry.line)

    def unused(self, base: str) -> str:
        """`base`, or the first of base-2, base-3 … that no article has."""
        number = self._last_number.get(base, 0) + 1
        while self.owner(candidate := with_suffix(base, number)) is not None:
            number += 1
        if number > 1:
            self._last_number[base] = number
        return candidate
