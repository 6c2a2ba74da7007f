"""What the query language makes of a text: a tree, and what else is known of its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from whoosh import query as wq

from archive.model.article import Problem


class Word(NamedTuple):
    """A plain word of a query: how it was typed, where, and its term."""

    text: str
    start: int
    end: int
    term: str


class ExactValue(NamedTuple):
    """A clause on a facet value, whole: the facet's name, the value as typed, and whether it is known."""

    facet: str
    text: str
    known: bool


@dataclass(slots=True)
class HighlightTerms:
    """What to mark in a text that matched: all that the query asks for, negations apart.

    words, phrases are of terms; everything else is of words as written.
    acronyms  in capitals, with or without full stops
    spans     phrases with patterns among their words, and their slop
    near      two of these, and how far apart they may be
    """

    words: set[str] = field(default_factory=set)
    phrases: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    exact_words: set[str] = field(default_factory=set)
    exact_phrases: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    wildcards: list[str] = field(default_factory=list)
    fuzzy: list[tuple[str, int, int]] = field(default_factory=list)
    acronyms: set[str] = field(default_factory=set)
    spans: list[tuple[SpanMarks, int]] = field(default_factory=list)
    near: list[tuple[SpanMarks, SpanMarks, int]] = field(default_factory=list)


#: What to mark at each place of a phrase, and how many words before it may be any.
SpanMarks = tuple[tuple[int, HighlightTerms], ...]


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query text made into a tree.

    tree      Whoosh query on index fields; matches every article for an empty text
    relaxed   the same with any of its words and phrases instead of all; None where that is no other query
    syntax    the parser's tree, before it is lowered: as the text was read
    values    its clauses on exact facet values
    stands_for  what words of it were taken for: absolute dates for relative ones, synonyms
    synonym_problems  lines of the synonyms file that are not used
    words     its plain words in order, negated ones and ignored ones apart
    content_terms   the terms of those that are no stop words
    ignored_terms   stop words that were left out: parts of `syntax`
    marks     what to mark in a matching text
    prefixes  its beginnings of words with their *, as `words`; the term is what they begin with
    """

    text: str
    tree: wq.Query
    words: tuple[Word, ...]
    ignored_terms: tuple[wq.Term, ...]
    marks: HighlightTerms
    content_terms: tuple[str, ...] = ()
    prefixes: tuple[Word, ...] = ()
    relaxed: wq.Query | None = None
    syntax: wq.Query | None = None
    values: tuple[ExactValue, ...] = ()
    stands_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonym_problems: tuple[Problem, ...] = ()

    @property
    def ignored(self) -> tuple[str, ...]:
        """The stop words that were left out, as typed."""
        return tuple(term.text for term in self.ignored_terms)

    @property
    def matches_all(self) -> bool:
        """Whether the text asked for nothing in particular."""
        return isinstance(self.tree, wq.Every)
