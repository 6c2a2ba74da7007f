"""Where a text matches a query, and the best piece of it to show."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator

from archive.analysis import Analyzer, Token
from archive.query.language import Marks
from archive.results import Snippet

#: Characters of a snippet, and the span of tokens a window of matches may cover.
SNIPPET_CHARS = 240
_WINDOW_TOKENS = 40
#: A text is read in pieces of about this many characters, and no further than needed.
_PIECE = 100_000
_ENOUGH_MATCHES = 500
_SPACE = re.compile(r"\s+")
_GLUE = re.compile(r"[\s‐-―]")

Span = tuple[int, int]


class Marker:
    """Finds the words of a text that a query asked for."""

    def __init__(self, marks: Marks, analyzer: Analyzer) -> None:
        self._marks, self._analyzer = marks, analyzer
        self._words = frozenset(marks.words)
        self._tests = list(_tests(marks))
        self._known: dict[str, bool] = {}
        self._phrase_terms = frozenset(term for terms, _ in marks.phrases for term in terms)

    def _wanted(self, term: str) -> bool:
        if term in self._words:
            return True
        if not self._tests:
            return False
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = any(test(term) for test in self._tests)
        return known

    def matches(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, Token]]:
        """The matched tokens of `text[start:end]` with their positions, in order."""
        found: dict[int, Token] = {}
        tracked: list[tuple[int, Token]] = []
        for position, token in enumerate(self._analyzer.tokens(text, start, end)):
            if self._wanted(token.term):
                found[position] = token
            if token.term in self._phrase_terms:
                tracked.append((position, token))
        for terms, slop in self._marks.phrases:
            found.update(_phrase_matches(terms, slop, tracked))
        return sorted(found.items())

    def spans(self, text: str) -> tuple[Span, ...]:
        """Start and end offsets of every matched word of `text`."""
        return tuple((token.start, token.end) for _, token in self.matches(text))

    def snippet(self, text: str) -> Snippet:
        """The piece of `text` with the most different matched words, or else its beginning.

        It begins and ends between words, so that no grapheme is ever cut.
        """
        for start in range(0, len(text), _PIECE):
            # Pieces overlap by a window, so that no neighbourhood is cut in two.
            matched = self.matches(text, start, min(len(text), start + _PIECE + SNIPPET_CHARS))
            if matched:
                window = _best_window(matched[:_ENOUGH_MATCHES])
                return _cut(text, window[0].start, window[-1].end, [(t.start, t.end) for _, t in matched])
        return _cut(text, 0, 0, [])


def _tests(marks: Marks) -> Iterator[Callable[[str], bool]]:
    if marks.prefixes:
        prefixes = tuple(marks.prefixes)
        yield lambda term: term.startswith(prefixes)
    for pattern in marks.wildcards:
        matches = re.compile(fnmatch.translate(pattern)).match
        yield lambda term, matches=matches: matches(term) is not None  # type: ignore[misc]
    if marks.fuzzy:
        from rapidfuzz.distance import Levenshtein

        for wanted, edits, prefix in marks.fuzzy:
            yield lambda term, wanted=wanted, edits=edits, prefix=prefix: (  # type: ignore[misc]
                term[:prefix] == wanted[:prefix] and Levenshtein.distance(term, wanted, score_cutoff=edits) <= edits
            )


def _phrase_matches(terms: tuple[str, ...], slop: int, tracked: list[tuple[int, Token]]) -> dict[int, Token]:
    """The tokens that make up occurrences of `terms` in order, at most `slop` apart each."""
    open_runs: list[list[tuple[int, Token]]] = []
    found: dict[int, Token] = {}
    for position, token in tracked:
        for run in list(open_runs):
            if position - run[-1][0] > slop:
                open_runs.remove(run)
            elif token.term == terms[len(run)]:
                longer = [*run, (position, token)]
                if len(longer) == len(terms):
                    found.update(longer)
                else:
                    open_runs.append(longer)
        if token.term == terms[0]:
            open_runs.append([(position, token)])
    return found


def _best_window(matched: list[tuple[int, Token]]) -> list[Token]:
    """The run of matches within `_WINDOW_TOKENS` with the most different terms; the first of equals."""
    best: list[Token] = []
    best_value = (0, 0)
    begin = 0
    for end in range(len(matched)):
        while matched[end][0] - matched[begin][0] > _WINDOW_TOKENS or (
            matched[end][1].end - matched[begin][1].start > SNIPPET_CHARS
        ):
            begin += 1
            if begin == end:
                break
        window = [token for _, token in matched[begin : end + 1]]
        value = (len({token.term for token in window}), len(window))
        if value > best_value:
            best, best_value = window, value
    return best


def _cut(text: str, first: int, last: int, spans: list[Span]) -> Snippet:
    """About SNIPPET_CHARS of `text` around [first, last), on one line, with `spans` marked."""
    room = max(0, SNIPPET_CHARS - (last - first))
    start = _gap_before(text, max(0, first - room // 3), first)
    end = _gap_after(text, min(len(text), start + SNIPPET_CHARS), last)
    before = "…" if text[:start].strip() else ""
    after = "…" if text[end:].strip() else ""
    shown, marks, position = [before], [], start
    length = len(before)
    inside = [span for span in spans if start <= span[0] and span[1] <= end]
    for begin, stop in (*inside, (end, end)):
        piece = _SPACE.sub(" ", text[position:begin])
        piece = piece.lstrip() if length == len(before) else piece
        word = _SPACE.sub(" ", text[begin:stop])
        if word:
            marks.append((length + len(piece), length + len(piece) + len(word)))
        shown += [piece, word]
        length += len(piece) + len(word)
        position = stop
    joined = "".join(shown)
    return Snippet(joined.rstrip() + after, tuple(marks))


def _gap_before(text: str, near: int, limit: int) -> int:
    """The beginning of a word at or after `near`, no later than `limit`."""
    if near == 0:
        return 0
    for index in range(near, limit):
        if _GLUE.match(text[index - 1]):
            return index
    return limit


def _gap_after(text: str, near: int, limit: int) -> int:
    """The end of a word at or before `near`, no earlier than `limit`."""
    if near >= len(text):
        return len(text)
    for index in range(near, max(limit, near - SNIPPET_CHARS), -1):
        if text[index].isspace():
            return index
    return max(limit, near) if limit else _grapheme_end(text, near)


def _grapheme_end(text: str, near: int) -> int:
    """`near` moved on past anything that belongs to the character before it."""
    import unicodedata

    while near < len(text) and (
        unicodedata.category(text[near]) in ("Mn", "Mc", "Me", "Cf", "Sk")
        or text[near - 1] == "\u200d"
        or "\U0001f1e6" <= text[near] <= "\U0001f1ff"
        or "\u1160" <= text[near] <= "\u11ff"
    ):
        near += 1
    return near
