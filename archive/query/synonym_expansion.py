"""Words of a query together with their synonyms: as alternatives in its tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import query as wq

from archive.errors import LimitError
from archive.model.metadata_fields import Kind
from archive.query.clauses import EXACT_MARK, ClauseBuilder
from archive.query.limits import MAX_EXPANSION
from archive.query.synonyms import Synonyms
from archive.text.analyzer import Analyzer


class SynonymRun(wq.And):  # type: ignore[misc]
    """Words of a query that follow each other and are together a member of a group of synonyms."""


class SynonymExpander:
    """Adds synonyms to the words of one query, and notes them in `leaves.stands_for`.

    Only plain words have synonyms, not what is in quotes, to be found as written, a pattern, or of a field of names.
    """

    def __init__(self, leaves: ClauseBuilder, synonyms: Synonyms, analyzer: Analyzer) -> None:
        self._leaves, self._synonyms, self._analyzer = leaves, synonyms, analyzer
        self._added = 0

    def runs(self, words: Any) -> Iterator[wq.Query]:
        """The parts of a group, those together that are a member of several words; the longest first."""
        parts: list[Any] = list(words)
        at = 0
        while at < len(parts):
            size = self._longest_run(parts[at : at + self._synonyms.longest])
            yield SynonymRun(parts[at : at + size]) if size > 1 else parts[at]
            at += size

    def _longest_run(self, parts: list[Any]) -> int:
        for size in range(len(parts), 1, -1):
            run = parts[:size]
            same_field = len({part.fieldname if isinstance(part, wq.Term) else object() for part in run}) == 1
            if same_field and self._synonyms.others(self._terms(run)):
                return size
        return 1

    def with_synonyms(self, words: Sequence[Any], lowered: wq.Query | None) -> wq.Query | None:
        """The lowered form of words, or any of their synonyms."""
        if lowered is None or not self._synonyms.longest or not (others := self._synonyms.others(self._terms(words))):
            return lowered
        self._added += len(others)
        if self._added > MAX_EXPANSION:
            raise LimitError(f"the words have more than {MAX_EXPANSION:,} synonyms", "use fewer words")
        self._leaves.stands_for[" ".join(word.text for word in words)] = others
        field, boost = words[0].fieldname, words[0].boost
        alternatives = (self._leaves.phrase(wq.Phrase(field, [member], boost=boost)) for member in others)
        return wq.Or([lowered, *(each for each in alternatives if each is not None)])

    def _terms(self, words: Sequence[Any]) -> tuple[str, ...]:
        """The terms of plain words; none where one of them is more than that."""
        if any(word.text.startswith(EXACT_MARK) or not self._in_text(word.fieldname) for word in words):
            return ()
        return tuple(term for word in words for term in self._analyzer.terms(word.text))

    def _in_text(self, field: str | None) -> bool:
        return field is None or (field in self._leaves.fields and self._leaves.fields.get(field).kind is Kind.TEXT)
