"""Which words that a line's end breaks a run puts together: those that stand whole in its files, or in the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from archive.corpus.broken_words import find_broken_words, find_whole_words
from archive.corpus.scan import Source
from archive.indexing.changes import Changed, to_be_read
from archive.indexing.sources import SourceTable


class WordsToJoin(NamedTuple):
    """The broken words of the files that a run reads.

    by_path  those of each file that has any, in small letters
    whole    which of them are put together
    again    files that have not changed, but in which a word is broken that stands whole now
    """

    by_path: Mapping[str, frozenset[str]]
    whole: frozenset[str]
    again: Sequence[Changed]

    def left(self, path: str) -> tuple[str, ...]:
        """The words of a file that stay broken."""
        return tuple(sorted(self.by_path.get(path, frozenset()) - self.whole))


NO_WORDS_TO_JOIN = WordsToJoin({}, frozenset(), ())


def find_words_to_join(
    changed: Sequence[Changed],
    sources: Sequence[Source],
    table: SourceTable,
    max_bytes: int,
    is_known: Callable[[str], bool],
) -> WordsToJoin:
    """Look for the broken words of a run, and for the wholes of those.

    changed    the files to be read, of `sources`, which are all there are
    table      knows which words stayed broken in the others
    max_bytes  that an article may have
    is_known   whether a word stands whole in the index
    """
    by_path = {each.source.path: find_broken_words(each.source, max_bytes) for each in changed if each.breaks_words}
    paths = {each.source.path for each in changed}
    waiting = {path: state.broken for path, state in table.sources.items() if state.broken and path not in paths}
    whole = find_whole_words(
        frozenset().union(*by_path.values(), *waiting.values()), [each.source for each in changed], max_bytes
    )
    there = {source.path: source for source in sources}
    again = [
        to_be_read(there[path], time.time_ns())
        for path, words in waiting.items()
        if path in there and not whole.isdisjoint(words)
    ]
    by_path |= {each.source.path: find_broken_words(each.source, max_bytes) for each in again}
    broken = frozenset().union(*by_path.values())
    return WordsToJoin(by_path, frozenset(word for word in broken if word in whole or is_known(word)), again)
