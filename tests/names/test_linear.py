"""Finding names takes time in proportion to the text, and finds what the slow way found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.encounters.cooccurrence import passages
from archive.model.article import Article, Mention
from archive.names.authority.records import Authority, Names, Record
from archive.names.discovery.candidates import candidates
from archive.names.entity_linker import EntityLinker, with_ad_hoc_mentions
from archive.names.gazetteer import UNLIMITED, GazetteerMatcher
from archive.names.partial_names import count_words
from archive.text.normalize import NormalizedText

from ..bench.texts import steps
from ..shapes import SHAPES
from ..support import generated
from ..timing import within
from ..work import calls, instructions
from . import quadratic, quadratic_passages

_GIVEN, _SURNAMES = ["Ada", "Kim", "Will", "Grace", "Éva"], ["Byrne", "Rose", "Lund", "van Dyck", "O'Ann", "Pas-Lund"]
_NAMES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(_GIVEN), st.sampled_from(_SURNAMES)),
    st.sampled_from(["Kim", "Rose Hall", "Mayor Rose", "Mrs Ada Rose", "Ada Kim Byrne", "Dr Lund", "Byrne Kim"]),
)


@st.composite
def authorities(draw: st.DrawFn) -> tuple[Names, list[str]]:
    """Authority files, and every name in them."""
    spellings = draw(st.lists(_NAMES, min_size=2, max_size=10, unique=True))
    people, venues, used = [], [], 0
    while used < len(spellings):
        size = draw(st.integers(1, 3))
        name, *others = spellings[used : used + size]
        used += size
        shared = draw(st.lists(st.sampled_from(spellings), max_size=1))
        aliases = tuple(other for other in dict.fromkeys((*others, *shared)) if other != name)
        namesakes = tuple(draw(st.lists(st.sampled_from([f"{name} Prize", f"{name} Jr.", f"Mrs {name}"]), max_size=2)))
        (venues if draw(st.integers(0, 4)) == 0 else people).append(Record(name, aliases, namesakes))
    return Names(Authority(tuple(people), (), ""), Authority(tuple(venues), (), ""), ""), spellings


_WORDS = [
    *_GIVEN, "Byrne", "Rose", "Lund", "Dyck", "van", "Ann", "Pas", "Prize", "Jr.", "Mr", "Mrs", "Mayor", "President",
    "Dr.", "the", "The", "In", "rose", "will", "grace", "kim", "BBC", "Novak", "Novak-Ann", "novak", "2024", "said",
]  # fmt: skip
_GAPS = [
    *[" "] * 8, ". ", ".\n\n", "\n", ", ", "’s ", "'s ", "-", " “", "” ", " (", "; ", "\n\n", "  ", " '", "\u0301 ",
]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn, spellings: list[str]) -> str:
    words = st.one_of(st.sampled_from(spellings), st.sampled_from(_WORDS))
    pieces = draw(st.lists(st.tuples(words, st.sampled_from(_GAPS)), max_size=30))
    return "".join(word + gap for word, gap in pieces)


@given(st.data(), authorities())
@generated(200)
def test_mentions_are_those_of_the_slow_way(data: st.DataObject, about: tuple[Names, list[str]]) -> None:
    names, spellings = about
    article = Article("a", data.draw(texts(spellings)).replace("\n", " ")[:60], data.draw(texts(spellings)))
    people = tuple(data.draw(st.lists(st.sampled_from([*spellings, "Kim Novak"]), max_size=2)))
    assert EntityLinker(names).mentions(article, people) == quadratic.mentions(names, article, people)


@given(st.data(), authorities())
@generated(120)
def test_passages_are_those_of_the_slow_way(data: st.DataObject, about: tuple[Names, list[str]]) -> None:
    names, spellings = about
    declared = {key: tuple(data.draw(st.lists(st.sampled_from(spellings), max_size=2))) for key in ("people", "venues")}
    inferred = tuple(key for key in declared if not declared[key])
    text = " and ".join(data.draw(st.lists(texts(spellings), min_size=2, max_size=2)))
    article = EntityLinker(names).resolve(Article("a", "Ada", text, "2020", **declared, inferred=inferred))
    assert with_ad_hoc_mentions(article) == quadratic.with_ad_hoc_mentions(article)
    known = [*(("person", name) for name in article.people), *(("venue", name) for name in article.venues)]
    known += [(mention.facet, mention.name) for mention in article.mentions] or [("person", "Kim")]
    asked = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
    found = list(passages(article, asked))
    for each in found:
        for span in each.spans:
            sentence = (article.title if span.in_title else article.body)[span.start : span.end]
            assert each.evidence[span.offset :].startswith(sentence.replace("\n", " "))
    assert [(each.level, each.evidence, each.evidence.marks, each.mentions, each.venues) for each in found] == [
        (each.level, each.evidence, each.evidence.marks, each.mentions, _venues(each.around))
        for each in quadratic_passages.passages(article, asked)
    ]


def _venues(mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.name for mention in mentions if mention.facet == "venue"))


@given(st.text(alphabet="aA'- .bİß’_\u0301", max_size=60), st.data())
@generated(200)
def test_words_are_counted_as_a_search_for_each_counts_them(text: str, data: st.DataObject) -> None:
    pieces = st.builds(lambda start, size: text[start : start + size], st.integers(0, 60), st.integers(1, 8))
    asked = {word for word in data.draw(st.lists(pieces, max_size=8)) if any(map(str.isalpha, word))}
    asked |= {word.lower() for word in asked}
    counts = count_words(text, asked)
    for word in asked:
        assert counts[word] == len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text)), word


_STEPS = ("names", "encounters", "suggest", "audit")


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_takes_twice_the_work(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # So many names with a word in common are compared each with each, and so short a text has no more.
    monkeypatch.setattr("archive.names.discovery.clustering._PAIRWISE", 8)
    work = steps(SHAPES[shape])
    assert tuple(work) == _STEPS
    articles = [SHAPES[shape].article(size) for size in (3_000, 6_000)]
    for step, do in work.items():
        do(articles[1])  # what is remembered of words and patterns is known from now on
        once, twice = (calls(partial(do, article)) for article in articles)
        assert twice < 2.2 * once + 500, f"{step}: {once:,} calls, then {twice:,}"
        if step == "names":
            articles = [work["names"](article) for article in articles]


_NAMES_ALONE = ["many names", "names nobody knows", "initials of one surname", "small words with capitals", "headlines"]


@pytest.mark.parametrize("shape", _NAMES_ALONE)
def test_twice_the_names_take_twice_the_work_to_discover(shape: str) -> None:
    texts = [SHAPES[shape].text(size) for size in (6_000, 12_000)]
    candidates(texts[1])  # what is remembered of words and patterns is known from now on
    once, twice = (instructions(partial(candidates, text)) for text in texts)
    assert twice < 2.2 * once, f"{once:,} instructions, then {twice:,}"


@pytest.mark.parametrize("shape", ["white space", "deep abbreviations", "credits", "late dates", "one long word"])
def test_no_pattern_goes_back_over_a_text(shape: str) -> None:
    article = SHAPES[shape].article(80_000)
    with within(3.0):  # what goes back takes minutes
        for do in steps(SHAPES[shape]).values():
            do(article)


class _Read(str):
    """A text that counts its characters as often as they are sliced or searched backwards."""

    count = 0

    def __getitem__(self, key: Any) -> str:
        part = super().__getitem__(key)
        self.count += len(part)
        return part

    def rfind(self, *asked: Any) -> int:
        _, start, end = asked
        found = super().rfind(*asked)
        self.count += end - max(start, found)
        return found


class _Reading:
    """An automaton that counts the characters given to it."""

    def __init__(self, automaton: Any) -> None:
        self._automaton = automaton
        self.count = 0

    def iter(self, text: str) -> Iterator[tuple[int, str]]:
        self.count += len(text)
        return iter(self._automaton.iter(text))


def _characters_read(written: str, size: int) -> int:
    """How many characters are looked at to find the names in a text of so many, repeats of what is written."""
    text = (written * size)[:size]
    longest = Record(f"Ada {text}")  # no shorter than anything that it may be looked for in
    matcher = GazetteerMatcher(Authority((Record("Ada Byrne"), longest), (), ""), Authority((), (), ""))
    automaton = matcher._automaton = _Reading(matcher._automaton)
    normalized = NormalizedText(text)
    read = normalized.text = _Read(normalized.text)
    matcher.find(normalized, UNLIMITED)
    return automaton.count + read.count


@pytest.mark.parametrize("written", ["pro-ada", "word.", "d'ada", "ex-d'word.", "word.ada byrne "])
def test_names_joined_to_a_word_are_looked_for_in_proportion_to_the_text(written: str) -> None:
    once, twice = (_characters_read(written, size) for size in (4_000, 8_000))
    assert once > 4_000
    assert twice < 2.1 * once, f"{once:,} characters read, then {twice:,}"
