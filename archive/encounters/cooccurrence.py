"""Where in an article people, and a venue, are found together, and the text that proves it.

The closest level at which all who are asked for are found: one sentence, one paragraph, the
article's text, or only its metadata. A title is a paragraph of one sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.encounters.model import EvidenceSpan
from archive.encounters.rules.filters import says_whose
from archive.model.article import FACET_KEYS, Article, Mention
from archive.model.results import Snippet
from archive.names.entity_linker import with_ad_hoc_mentions
from archive.names.gazetteer import LOOK_EVERY, UNLIMITED, Limit
from archive.text.sentences import paragraphs, sentences

#: From the closest to the widest.
LEVELS = ("sentence", "paragraph", "article", "declared")
#: Between sentences of which some are left out.
GAP = " … "

#: A facet, "person" or "venue", and a canonical name in it.
Name = tuple[str, str]


class Cooccurrence(NamedTuple):
    """A place where all are found.

    spans     where the sentences of its evidence stand in the article
    mentions  those in its evidence
    venues    those named in its paragraphs
    """

    level: str
    evidence: Snippet
    spans: tuple[EvidenceSpan, ...]
    mentions: tuple[Mention, ...]
    venues: tuple[str, ...]


class _Sentence(NamedTuple):
    """A sentence with names: `paragraph` is its number, -1 for the title's.

    named     those asked for in it
    present   those of them whose names do not merely say whose somebody or something is
    """

    paragraph: int
    number: int
    text: str
    start: int
    mentions: tuple[Mention, ...]
    named: frozenset[Name]
    present: frozenset[Name]


def passages(article: Article, asked: Sequence[Name], limit: Limit = UNLIMITED) -> Iterator[Cooccurrence]:
    """Where an article has all of `asked`, in the order of its text; nothing if it lacks one. Linear in the text.

    Every sentence that has them all is a passage. So is a paragraph whose other sentences have
    them all between them, and, failing both, the article. For a single name the first is enough.
    Among several, one that only says whose somebody or something is ("her lawyer") is in the article alone.
    A place that is only mentioned, in an article that declares where it happened, proves no more
    than its paragraph does.
    """
    wanted = frozenset(asked)
    mentions = with_ad_hoc_mentions(article, limit) if is_unrecorded(article, asked) else article.mentions
    by_paragraph: dict[int, list[_Sentence]] = {}
    for sentence in _sentences(article, mentions, wanted, limit):
        by_paragraph.setdefault(sentence.paragraph, []).append(sentence)
    found = False
    for inside in by_paragraph.values():
        groups = _closest(inside, wanted)
        venues = _venues(inside) if groups else ()
        for some in groups:
            found = True
            yield _passage("sentence" if len(some) == 1 else "paragraph", some, venues, wanted)
            if len(asked) == 1:
                return
    if found:
        return
    first: dict[Name, _Sentence] = {}
    for inside in by_paragraph.values():
        for sentence in inside:
            for name in sentence.named:
                first.setdefault(name, sentence)
    some = sorted({sentence.number: sentence for sentence in first.values()}.values(), key=_by_number)
    elsewhere = FACET_KEYS["venue"] not in article.inferred and any(
        facet == "venue" and name not in article.venues for facet, name in asked
    )
    if elsewhere:
        return
    numbers = sorted({sentence.paragraph for sentence in some})
    venues = _venues(sentence for number in numbers for sentence in by_paragraph[number])
    if first.keys() == wanted:
        yield _passage("article", some, venues, wanted)
    elif all(name in first or name[1] in getattr(article, FACET_KEYS[name[0]]) for name in asked):
        yield _passage("declared", some, venues, wanted)


def _by_number(sentence: _Sentence) -> int:
    return sentence.number


def _closest(inside: list[_Sentence], wanted: frozenset[Name]) -> list[list[_Sentence]]:
    """The sentences of a paragraph that have all, one by one; and the others, if they do together."""
    groups = [[sentence] for sentence in inside if sentence.present == wanted]
    others = [sentence for sentence in inside if sentence.present and sentence.present != wanted]
    if wanted.issubset(name for sentence in others for name in sentence.present):
        groups.append(others)
    return sorted(groups, key=lambda group: group[0].number)


def _venues(some: Iterable[_Sentence]) -> tuple[str, ...]:
    """The venues that are named in some sentences, each once."""
    mentions = (mention for sentence in some for mention in sentence.mentions)
    return tuple(dict.fromkeys(mention.name for mention in mentions if mention.facet == "venue"))


def is_unrecorded(article: Article, asked: Iterable[Name]) -> bool:
    """Whether an article declares names of a facet of which one is asked for that no record has.

    Nobody has looked for these in its text.
    """
    keys = ((FACET_KEYS[facet], name) for facet, name in asked)
    return any(key not in article.inferred and name not in article.declared.get(key, {}).values() for key, name in keys)


def _sentences(
    article: Article, mentions: Sequence[Mention], wanted: frozenset[Name], limit: Limit
) -> Iterator[_Sentence]:
    """The sentences that name anybody, the title first."""

    def named(mentions: Iterable[Mention]) -> frozenset[Name]:
        return wanted.intersection((mention.facet, mention.name) for mention in mentions)

    def present(mentions: Sequence[Mention]) -> frozenset[Name]:
        if len(wanted) == 1:
            return named(mentions)
        return named(
            each
            for each in mentions
            if (each.facet, each.name) in wanted
            and not (
                each.facet == "person"
                and says_whose(article.title if each.in_title else article.body, each.start, each.end)
            )
        )

    in_title = tuple(mention for mention in mentions if mention.in_title)
    if in_title:
        yield _Sentence(-1, -1, article.title, 0, in_title, named(in_title), present(in_title))
    in_body = [mention for mention in mentions if not mention.in_title]
    if not in_body:
        return
    starts = [start for start, _ in paragraphs(article.body)]
    limit.check()
    spans = sentences(article.body)
    limit.check()
    ends = [end for _, end in spans]
    by_sentence: dict[int, list[Mention]] = {}
    for mention in in_body:
        by_sentence.setdefault(min(bisect_right(ends, mention.start), len(ends) - 1), []).append(mention)
    for step, (number, those) in enumerate(by_sentence.items()):
        if step & LOOK_EVERY == LOOK_EVERY:
            limit.check()
        start, end = spans[number]
        paragraph = bisect_right(starts, start) - 1
        yield _Sentence(paragraph, number, article.body[start:end], start, tuple(those), named(those), present(those))


def _passage(level: str, some: Sequence[_Sentence], venues: tuple[str, ...], wanted: frozenset[Name]) -> Cooccurrence:
    mentions = tuple(mention for sentence in some for mention in sentence.mentions)
    return Cooccurrence(level, *_evidence(some, wanted), mentions, venues)


def _evidence(some: Sequence[_Sentence], wanted: frozenset[Name]) -> tuple[Snippet, tuple[EvidenceSpan, ...]]:
    """Sentences on one line, with a gap where some are left out and the names marked; and where each stands."""
    parts: list[str] = []
    length = 0
    marks: list[tuple[int, int]] = []
    spans: list[EvidenceSpan] = []
    before: _Sentence | None = None
    for sentence in some:
        if before is not None:
            follows = before.number + 1 == sentence.number and before.paragraph == sentence.paragraph
            parts.append(" " if follows else GAP)
            length += len(parts[-1])
        for mention in sentence.mentions:
            if (mention.facet, mention.name) in wanted:
                at = mention.start - sentence.start
                marks.append((length + at, length + min(at + len(mention.text), len(sentence.text))))
        spans.append(EvidenceSpan(sentence.start, sentence.start + len(sentence.text), sentence.paragraph < 0, length))
        parts.append(sentence.text.replace("\n", " "))
        length += len(sentence.text)
        before = sentence
    return Snippet("".join(parts), tuple(marks)), tuple(spans)
