"""A passage as an encoder takes it: windows of tokens, and where each pair of candidates stands in them.

Every person gets a surname from a list instead of the own name, the same for full names, parts of names and
roles, so that the encoder learns and judges nothing by heart: not that one actress is always at parties, nor
that two names belong together. Venues stay as they are written; so do pronouns, which count as mentions.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import NamedTuple

from archive.encounters.encoder.wordpiece import WordPiece
from archive.encounters.pair_judge import PairCandidate, Passage
from archive.names.surface_forms import TITLES, normalize_token
from archive.text.sentences import paragraphs, sentences

Span = tuple[int, int]
#: Tokens in a window, special ones included; the model has positions for 512.
MAX_TOKENS = 510
_MAX_TITLE = 64
#: Sentences of a candidate that are looked at one by one.
_MAX_SENTENCES = 6
_WORD = re.compile(r"\w+")
#: Number of the title among the sentences.
_TITLE = -1


class PairInstance(NamedTuple):
    """One place where a candidate stands: a sentence that has both, or all of a paragraph's mentions.

    first, second   token spans of the mentions of each
    context   token spans of the sentences with them
    traits    see TRAITS
    """

    candidate: int
    first: tuple[Span, ...]
    second: tuple[Span, ...]
    context: tuple[Span, ...]
    traits: tuple[float, ...]


#: What is told of an instance beside its tokens: that it is more than one sentence, that the first
#: (the second) is there by a pronoun or role alone, and that it is in the title.
TRAITS = ("several_sentences", "first_unnamed", "second_unnamed", "in_title")


class TokenWindow(NamedTuple):
    """Tokens, and the instances of some candidates in them."""

    tokens: tuple[int, ...]
    instances: tuple[PairInstance, ...]


class _Piece(NamedTuple):
    """Part of a sentence: tokens of its text, and the mention that it is, or -1."""

    tokens: tuple[int, ...]
    mention: int


class PassageWindows:
    """The windows of a passage; made once, filled with any surnames.

    A window is as many paragraphs as fit, with one of overlap; a candidate is in the first that has all of its
    mentions. Of a candidate that fits in none, the two sentences with the closest mentions are a window.
    """

    def __init__(self, passage: Passage, candidates: Sequence[PairCandidate], wordpiece: WordPiece) -> None:
        self._passage, self._candidates, self._wordpiece = passage, candidates, wordpiece
        self._sentences, self._paragraph_of, self._sentence_of = _cut(passage)
        self._mentions_of: dict[int, list[int]] = defaultdict(list)  # by sentence
        for index, sentence in enumerate(self._sentence_of):
            self._mentions_of[sentence].append(index)
        self._pieces = {number: self._pieces_of(number) for number in (_TITLE, *range(len(self._sentences)))}
        self._lengths = {number: _length(pieces) for number, pieces in self._pieces.items()}
        self._plans = list(self._planned()) if candidates else []

    def __len__(self) -> int:
        return len(self._plans)

    def surnames(self) -> list[str]:
        """Surnames for the people of the passage, those first on the list that are no words of its text."""
        free = self.free_surnames()
        return [free[number % len(free)] for number in range(len(self._passage.people))]

    def free_surnames(self) -> list[str]:
        """The surnames that are no words of the text."""
        used = {word.casefold() for word in _WORD.findall(f"{self._passage.title} {self._passage.body}")}
        return [name for name in surnames() if name not in used] or list(surnames())

    def window(self, number: int, names: Sequence[str]) -> TokenWindow:
        """A window in which each person bears one of `names`."""
        numbers, inside = self._plans[number]
        coded = [self._wordpiece.encode(name) for name in names]
        tokens: list[int] = [self._wordpiece.cls]
        spans: dict[int, Span] = {}
        mentions: dict[int, Span] = {}
        for sentence in (_TITLE, *numbers):
            room = (_MAX_TITLE if sentence == _TITLE else MAX_TOKENS - 1) - len(tokens)
            begin = len(tokens)
            for piece in self._pieces[sentence]:
                some = self._filled(piece, coded)[: max(0, room - (len(tokens) - begin))]
                if piece.mention >= 0 and some:
                    mentions[piece.mention] = (len(tokens), len(tokens) + len(some))
                tokens += some
            if len(tokens) > begin:
                spans[sentence] = (begin, len(tokens))
            if sentence == _TITLE:
                tokens.append(self._wordpiece.sep)
        tokens.append(self._wordpiece.sep)
        return TokenWindow(tuple(tokens), tuple(self._instances(inside, spans, mentions)))

    # -- cutting ------------------------------------------------------------------------

    def _pieces_of(self, number: int) -> list[_Piece]:
        in_title = number == _TITLE
        text = self._passage.title if in_title else self._passage.body
        start, end = (0, len(text)) if in_title else self._sentences[number]
        pieces: list[_Piece] = []
        at = start
        for index in self._mentions_of[number]:
            mention = self._passage.mentions[index]
            if mention.start < at:
                continue
            begin = mention.start + (
                _title_length(text[mention.start : mention.end]) if mention.facet == "person" else 0
            )
            self._add(pieces, text[at:begin], -1)
            self._add(pieces, text[begin : mention.end], index)
            at = mention.end
        self._add(pieces, text[at:end], -1)
        return pieces

    def _add(self, pieces: list[_Piece], text: str, mention: int) -> None:
        if text:
            pieces.append(_Piece(tuple(self._wordpiece.encode(text)), mention))

    def _filled(self, piece: _Piece, coded: Sequence[Sequence[int]]) -> Sequence[int]:
        if piece.mention < 0:
            return piece.tokens
        mention = self._passage.mentions[piece.mention]
        if mention.facet != "person" or mention.how == "pronoun":
            return piece.tokens
        return coded[mention.number]

    # -- windows ------------------------------------------------------------------------

    def _planned(self) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """(sentences, candidates) of each window that has candidates."""
        wanted = {
            number: {
                self._sentence_of[mention]
                for mention in (*candidate.first_mentions, *candidate.second_mentions)
                if self._sentence_of[mention] != _TITLE
            }
            for number, candidate in enumerate(self._candidates)
        }
        for numbers in self._runs():
            inside = [number for number, needed in wanted.items() if needed.issubset(numbers)]
            for number in inside:
                del wanted[number]
            if inside:
                yield numbers, tuple(inside)
        for number in wanted:
            yield self._closest(self._candidates[number]), (number,)

    def _runs(self) -> Iterator[tuple[int, ...]]:
        """Runs of sentences that fit: whole paragraphs where one fits, each run with the paragraph before it."""
        budget = MAX_TOKENS - min(_MAX_TITLE, self._lengths[_TITLE]) - 3
        blocks: list[list[int]] = []
        for number, paragraph in enumerate(self._paragraph_of):
            new = not blocks or self._paragraph_of[blocks[-1][0]] != paragraph
            if new or self._total(blocks[-1]) + self._lengths[number] > budget:
                blocks.append([])
            blocks[-1].append(number)
        run: list[list[int]] = []
        for block in blocks:
            if run and self._total(chain(*run)) + self._total(block) > budget:
                yield tuple(chain(*run))
                run = [run[-1]] if self._total(run[-1]) + self._total(block) <= budget else []
            run.append(block)
        yield tuple(chain(*run))

    def _total(self, numbers: Iterable[int]) -> int:
        return sum(self._lengths[number] for number in numbers)

    def _closest(self, candidate: PairCandidate) -> tuple[int, ...]:
        """The sentences of the two mentions that are closest to each other; of several such pairs the first."""
        first, second = (
            list(dict.fromkeys(self._sentence_of[mention] for mention in side))
            for side in (candidate.first_mentions, candidate.second_mentions)
        )
        place = {sentence: number for number, sentence in enumerate(second)}
        ordered = sorted(second)
        pairs = (
            (sentence, other)
            for sentence in first
            for at in (bisect_left(ordered, sentence),)
            for other in sorted(ordered[max(0, at - 1) : at + 1], key=place.__getitem__)
        )
        closest = min(pairs, key=lambda pair: abs(pair[0] - pair[1]))
        return tuple(sorted({*closest} - {_TITLE}))

    # -- instances ------------------------------------------------------------------------

    def _instances(
        self, inside: Iterable[int], spans: dict[int, Span], mentions: dict[int, Span]
    ) -> Iterator[PairInstance]:
        for number in inside:
            candidate = self._candidates[number]
            first, second = (
                self._by_sentence(candidate.first_mentions, mentions),
                self._by_sentence(candidate.second_mentions, mentions),
            )
            both = [sentence for sentence in sorted(first) if sentence in second][:_MAX_SENTENCES]
            for sentence in both:
                yield self._instance(number, first[sentence], second[sentence], [sentence], spans, mentions)
            involved = sorted({*first, *second})
            if first and second and involved != both:
                every = [list(chain(*(side[sentence] for sentence in sorted(side)))) for side in (first, second)]
                yield self._instance(number, every[0], every[1], involved, spans, mentions)

    def _by_sentence(self, those: Iterable[int], mentions: dict[int, Span]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for mention in those:
            if mention in mentions:
                found[self._sentence_of[mention]].append(mention)
        return dict(found)

    def _instance(
        self,
        number: int,
        first: list[int],
        second: list[int],
        where: list[int],
        spans: dict[int, Span],
        mentions: dict[int, Span],
    ) -> PairInstance:
        traits = (len(where) > 1, self._unnamed(first), self._unnamed(second), where[0] == _TITLE)
        return PairInstance(
            number,
            tuple(mentions[mention] for mention in first),
            tuple(mentions[mention] for mention in second),
            tuple(spans[sentence] for sentence in where),
            tuple(map(float, traits)),
        )

    def _unnamed(self, those: Iterable[int]) -> bool:
        return all(self._passage.mentions[mention].how == "pronoun" for mention in those)


def _title_length(mention: str) -> int:
    """How much of a mention is titles, which stay in the text: they tell whom "she" means."""
    last = 0
    for word in re.finditer(r"(\S+)\s+", mention):
        if normalize_token(word[1]) not in TITLES:
            break
        last = word.end()
    return last


def _length(pieces: Iterable[_Piece]) -> int:
    return sum(len(piece.tokens) for piece in pieces)


def _cut(passage: Passage) -> tuple[list[Span], list[int], list[int]]:
    """Spans of the sentences, the paragraph of each, and the sentence of each mention; no mention is cut in two."""
    body = passage.body
    inner = {at for mention in passage.mentions if not mention.in_title for at in range(mention.start + 1, mention.end)}
    cuts = [start for start, _ in sentences(body) if start not in inner]
    spans = [*pairwise(cuts), (cuts[-1], len(body))] if cuts else []
    starts = [start for start, _ in paragraphs(body)]
    of_sentence = [bisect_right(starts, start) - 1 for start in cuts]
    of_mention = [
        _TITLE if mention.in_title else max(0, bisect_right(cuts, mention.start) - 1) for mention in passage.mentions
    ]
    return spans, of_sentence, of_mention


@lru_cache(maxsize=1)
def surnames() -> tuple[str, ...]:
    """Surnames in small letters, each one token of the vocabulary and hardly any other word."""
    return tuple(files(__package__).joinpath("surnames.txt").read_text("utf-8").split())
