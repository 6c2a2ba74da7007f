"""Where names are together, found by going through all sentences for every passage: what the linear way must equal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.model.article import FACET_KEYS, Article, Mention
from archive.model.results import Snippet
from archive.text.sentences import paragraphs, sentences

from .quadratic import with_ad_hoc_mentions

#: From the closest to the widest.
LEVELS = ("sentence", "paragraph", "article", "declared")
_GAP = " … "

#: A facet, "person" or "venue", and a canonical name in it.
Name = tuple[str, str]


class Passage(NamedTuple):
    """A place where all are found. `mentions` are those in its evidence, `around` those in its paragraphs."""

    level: str
    evidence: Snippet
    mentions: tuple[Mention, ...]
    around: tuple[Mention, ...]


class _Sentence(NamedTuple):
    """A sentence with names: `paragraph` is its number, -1 for the title's."""

    paragraph: int
    number: int
    text: str
    start: int
    mentions: tuple[Mention, ...]

    def names(self) -> set[Name]:
        return {(mention.facet, mention.name) for mention in self.mentions}


def passages(article: Article, asked: Sequence[Name]) -> Iterator[Passage]:
    """Where an article has all of `asked`, in the order of its text; nothing if it lacks one.

    Every sentence that has them all is a passage. So is a paragraph whose other sentences have
    them all between them, and, failing both, the article. For a single name the first is enough.
    A place that is only mentioned, in an article that declares where it happened, proves no more
    than its paragraph does.
    """
    wanted = set(asked)
    every = list(_sentences(article, _mentions(article, asked)))
    named = [sentence for sentence in every if wanted & sentence.names()]
    found = False
    for number in dict.fromkeys(sentence.paragraph for sentence in named):
        for some in _closest([sentence for sentence in named if sentence.paragraph == number], wanted):
            found = True
            yield _passage("sentence" if len(some) == 1 else "paragraph", some, every, wanted)
            if len(asked) == 1:
                return
    if found:
        return
    present = {name for sentence in named for name in wanted & sentence.names()}
    first = {next(each for each in named if name in each.names()) for name in present}
    some = sorted(first, key=lambda sentence: sentence.number)
    elsewhere = FACET_KEYS["venue"] not in article.inferred and any(
        facet == "venue" and name not in article.venues for facet, name in asked
    )
    if elsewhere:
        return
    if present == wanted:
        yield _passage("article", some, every, wanted)
    elif all(name in present or name[1] in getattr(article, FACET_KEYS[name[0]]) for name in asked):
        yield _passage("declared", some, every, wanted)


def _closest(inside: list[_Sentence], wanted: set[Name]) -> Iterator[list[_Sentence]]:
    """The sentences of a paragraph that have all, one by one; and the others, if they do together."""
    proofs = [sentence for sentence in inside if wanted <= sentence.names()]
    others = [sentence for sentence in inside if sentence not in proofs]
    groups = [[sentence] for sentence in proofs]
    if wanted <= {name for sentence in others for name in sentence.names()}:
        groups.append(others)
    yield from sorted(groups, key=lambda group: group[0].number)


def _mentions(article: Article, asked: Iterable[Name]) -> tuple[Mention, ...]:
    """The mentions of an article; those of declared names without a record are looked for where one is asked for."""
    for facet, name in asked:
        key = FACET_KEYS[facet]
        if key not in article.inferred and name not in article.declared.get(key, {}).values():
            return with_ad_hoc_mentions(article)
    return article.mentions


def _sentences(article: Article, mentions: Sequence[Mention]) -> Iterator[_Sentence]:
    """The sentences that name anybody, the title first."""
    in_title = tuple(mention for mention in mentions if mention.in_title)
    if in_title:
        yield _Sentence(-1, -1, article.title, 0, in_title)
    in_body = [mention for mention in mentions if not mention.in_title]
    if not in_body:
        return
    starts = [start for start, _ in paragraphs(article.body)]
    spans = sentences(article.body)
    ends = [end for _, end in spans]
    by_sentence: dict[int, list[Mention]] = {}
    for mention in in_body:
        by_sentence.setdefault(min(bisect_right(ends, mention.start), len(ends) - 1), []).append(mention)
    for number, those in by_sentence.items():
        start, end = spans[number]
        paragraph = bisect_right(starts, start) - 1
        yield _Sentence(paragraph, number, article.body[start:end], start, tuple(those))


def _passage(level: str, some: Sequence[_Sentence], every: Iterable[_Sentence], wanted: set[Name]) -> Passage:
    paragraphs = {sentence.paragraph for sentence in some}
    return Passage(
        level,
        _evidence(some, wanted),
        tuple(mention for sentence in some for mention in sentence.mentions),
        tuple(mention for sentence in every if sentence.paragraph in paragraphs for mention in sentence.mentions),
    )


def _evidence(some: Sequence[_Sentence], wanted: set[Name]) -> Snippet:
    """Sentences on one line, with a gap where some are left out and the names marked."""
    text = ""
    marks: list[tuple[int, int]] = []
    before: _Sentence | None = None
    for sentence in some:
        if before is not None:
            text += " " if before.number + 1 == sentence.number and before.paragraph == sentence.paragraph else _GAP
        for mention in sentence.mentions:
            if (mention.facet, mention.name) in wanted:
                at = mention.start - sentence.start
                marks.append((len(text) + at, len(text) + min(at + len(mention.text), len(sentence.text))))
        text += sentence.text.replace("\n", " ")
        before = sentence
    return Snippet(text, tuple(marks))
