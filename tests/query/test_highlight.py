"""Marks and snippets: what is marked was asked for, and nothing visible is cut in two."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st

from archive import Archive
from archive.model.results import Snippet
from archive.query.parsed_query import HighlightTerms
from archive.search import highlighter
from archive.search.highlighter import SNIPPET_CHARS, Highlighter
from archive.text.analyzer import Analyzer

from ..support import generated, make_archive
from ..timing import within

ANALYZER = Analyzer("english")


def _marker(**marks: object) -> Highlighter:
    return Highlighter(HighlightTerms(**marks), ANALYZER)  # type: ignore[arg-type]


def _words(marker: Highlighter, text: str) -> list[tuple[int, int]]:
    """Every single word that matches."""
    matches = marker.matches(text)
    return list(zip(matches.starts, matches.ends, strict=True))


def _marked(archive: Archive, text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in archive.highlight(text, query)]


TEXT = "Parties: the party’s over. A birthday party, Élodie’s; the PARTY of prison reform. Reform the prison! 東京の夜"

MARKED = {
    "party": ["Parties", "party’s", "party", "PARTY"],
    "elodie": ["Élodie’s"],
    "birthday NOT party": ["birthday"],
    "birthday -reform": ["birthday"],
    '"prison reform"': ["prison reform"],
    "prison reform": ["prison reform", "Reform", "prison"],
    '"reform prison"': [],
    '"reform prison"~2': ["Reform", "prison"],
    '"the party"': ["the party’s", "the PARTY"],
    '"party party"~9': ["Parties", "party’s", "party", "PARTY"],
    '"birthday party party"~9': ["birthday party", "PARTY"],
    "prison-reform": ["prison reform"],
    '"reform reform"~1': ["reform. Reform"],
    "birthday party NOT zzz": ["Parties", "party’s", "birthday party", "PARTY"],
    "part*": ["Parties", "party’s", "party", "PARTY"],
    "parties*": ["Parties"],
    "=party": ["party’s", "party", "PARTY"],
    '="birthday party"': ["birthday party"],
    "b*day": ["birthday"],
    "?irthday": ["birthday"],
    "berthday~": ["birthday"],
    "birthday~2/5": ["birthday"],
    "東京": ["東京"],
    "京 OR 東": ["東京"],
    "夜": ["夜"],
    "the birthday": ["birthday"],  # a stop word that was left out is not marked
    "title:party": ["Parties", "party’s", "party", "PARTY"],
    "person:party": [],
    "year:2016": [],
    "": [],
    "*": [],
    "[birth TO over]": [],
    "(prison OR zzz) ANDMAYBE birthday": ["birthday", "prison", "prison"],
}


@pytest.mark.parametrize(("query", "expected"), MARKED.items(), ids=MARKED)
def test_what_was_asked_for_is_marked(six: Archive, query: str, expected: list[str]) -> None:
    assert _marked(six, TEXT, query) == expected


def test_a_hit_shows_its_words(six: Archive) -> None:
    (hit,) = six.search('"prison reform" courts').hits
    assert isinstance(hit.snippet, Snippet)
    assert hit.snippet.marked() == "They discussed **prison reform** and, at length, the reform of the **courts**."
    assert [hit.title[start:end] for start, end in hit.title_marks] == ["Prison reform"]
    (hit,) = six.search("person:佐藤").hits
    assert hit.title_marks == ()


def test_a_blank_line_or_a_mark_parts_what_is_marked(six: Archive) -> None:
    assert _marked(six, "kim\nkim  kim\n\nkim, kim kim", "kim") == ["kim\nkim  kim", "kim", "kim kim"]
    assert _marked(six, "state of\n\nthe art", '"state of the art"') == ["state of\n\nthe art"]  # found as one


def test_the_richest_place_is_shown() -> None:
    text = "cat " * 30 + "filler " * 300 + "a cat met a dog and a fish. " + "filler " * 300 + "cat dog " * 20
    snippet = _marker(words={"cat", "dog", "fish"}).snippet(text)
    assert "met a dog and a fish" in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert len(snippet) <= SNIPPET_CHARS + 2


def test_without_a_match_the_beginning_is_shown() -> None:
    text = "First words.\n\nThen \t more " + "words " * 100
    snippet = _marker(words={"absent"}).snippet(text)
    assert snippet.startswith("First words. Then more words words")
    assert snippet.endswith("words…")
    assert snippet.marks == ()
    assert _marker().snippet("") == ""
    assert _marker().snippet(" \n ") == ""
    assert _marker(words={"b"}).snippet("a b") == "a b"


# -- generated texts -------------------------------------------------------------------

_VOCABULARY = ["cat", "cats", "dog", "dog’s", "fish", "caterpillar", "scat", "the"]
_JOINTS = [" ", "  ", "\n", ", ", "—", "-", " (", f" {'x' * 70} "]
_prose = st.lists(st.tuples(st.sampled_from(_VOCABULARY), st.sampled_from(_JOINTS))).map(
    lambda parts: "".join(word + joint for word, joint in parts)
)


def _small_pieces() -> object:
    """Pieces so small that the generated texts have many."""
    return patch.multiple(highlighter, _PIECE=40, _OVERLAP=600)


@generated(150)
@given(text=_prose, words=st.sets(st.sampled_from(["cat", "dog", "fish"]), min_size=1))
@example(text=f"{'cat ' * 11}{'x' * 70} cats {'x' * 70} {'dog’s  ' * 4}caterpillar  cats  cat ", words={"cat"})
def test_marks_are_the_matched_words_and_whole(text: str, words: set[str]) -> None:
    marker = _marker(words=words)
    wanted = [
        match.span()
        for match in re.finditer(r"\w+(’s)?", text)
        if match[0].removesuffix("’s").removesuffix("s") in words
    ]
    assert _words(marker, text) == wanted
    for start, end in marker.spans(text):
        assert [(start + a, start + b) for a, b in _words(marker, text[start:end])] == [
            span for span in wanted if start <= span[0] and span[1] <= end
        ]
        assert not text[start:end].startswith(" ")
    with _small_pieces():  # type: ignore[attr-defined]
        snippet = marker.snippet(text)
    assert bool(snippet.marks) == bool(wanted)
    for start, end in snippet.marks:
        assert set(snippet[start:end].split()) <= {text[a:b] for a, b in wanted}
        around = snippet[max(0, start - 1) : start] + snippet[end : end + 1]
        assert not re.search(r"\w", around)
    shown = {
        span for span in re.finditer(r"\w+(’s)?", snippet) if span[0].removesuffix("’s").removesuffix("s") in words
    }
    assert len(shown) == sum(len(snippet[a:b].split()) for a, b in snippet.marks)  # and none is shown without its mark


def test_a_word_that_lies_across_two_pieces_is_one_word() -> None:
    for before in range(60):
        text = f"{'y' * before} scat, caterpillar; {'y ' * 200}"
        with _small_pieces():  # type: ignore[attr-defined]
            assert _marker(words={"cat", "erpillar"}).snippet(text).marks == ()


def _runs(words: list[str], phrase: list[str], slop: int) -> set[int]:
    """The places that belong to an occurrence of a phrase, by trying all of them."""
    chains = [[at] for at, word in enumerate(words) if word == phrase[0]]
    for wanted in phrase[1:]:
        chains = [
            [*chain, at]
            for chain in chains
            for at in range(chain[-1] + 1, min(len(words), chain[-1] + slop + 1))
            if words[at] == wanted
        ]
    return {at for chain in chains for at in chain}


@generated(200)
@given(
    words=st.lists(st.sampled_from(["a", "b", "c"]), max_size=14),
    phrase=st.lists(st.sampled_from(["a", "b", "c"]), min_size=2, max_size=4),
    slop=st.integers(1, 4),
)
def test_only_occurrences_of_a_phrase_are_marked(words: list[str], phrase: list[str], slop: int) -> None:
    spans = _words(_marker(phrases=[(tuple(phrase), slop)]), " ".join(words))
    assert {start // 2 for start, _ in spans} == _runs(words, phrase, slop)


#: Things that a cut could split, and that a snippet could begin or end with.
_PIECES = [
    *(
        "cat",
        "dog",
        " ",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u3000",
        "\x1c",
        "\u2028",
        "—",
        "‐",
        "’",
        "^",
        "`",
        "x" * 90,
        "\x00",
    ),
    *("e\u0301", "\u0301", " \u0301", "👩\u200d👩\u200d👧", "👍🏽", "🇯🇵", "🇯", "1\ufe0f\u20e3", "\ufe0f", "\U000e0101"),
    *("각", "\u1100\u1161\u11a8", "\u1100", "\u11a8", "ก", "\u0e34", "\u0e33", "\u0915\u094d\u0937", "\u094d"),
    *(
        "\u0928\u093f",
        "\u0b95",
        "\u0d3f",
        "東",
        "京",
        "、",
        "ｶ\uff9e",
        "\u0600",
        "\u0d4e",
        "\u200d",
        "\u200c",
        "\u00ad",
    ),
    *("\ufeff", "\u202e", "a\u200d", "\u17d2", "\u1780", "\u180b"),
]
_nasty = st.lists(st.sampled_from(_PIECES) | st.characters(), max_size=300).map("".join)
_long = st.tuples(st.sampled_from(_PIECES), st.integers(1, 400)).map(lambda pair: pair[0] * pair[1])


@generated(250)
@given(parts=st.lists(_nasty | _long, min_size=1, max_size=4))
@example(parts=["🇯🇵" * 300 + "cat" + "🇯🇵" * 300])
@example(parts=["cat" + "e\u0301" * 300])
@example(parts=["🇯🇵" * 121, "\u0e34"])
@example(parts=["—", "\u0600" * 238, " \u0301"])
@example(parts=["cat", "\u0600" * 236, "\n\u0301"])
def test_no_snippet_cuts_a_grapheme_or_has_a_line_end(parts: list[str]) -> None:
    text = re.sub(r"(\s)\s+", r"\1", "".join(parts).replace("…", ".").strip())
    flat = " ".join(text.split())
    starts, ends = {0}, {0}
    for cluster in regex.finditer(r"\X", flat):
        starts.add(cluster.start())
        ends |= {cluster.end(), cluster.start() + len(cluster[0].rstrip())}  # space at the end is not shown
    for marker in (_marker(words={"cat"}), _marker(words={"東", "ก", "ิ"}), _marker(words={"absent"})):
        with _small_pieces():  # type: ignore[attr-defined]
            snippet = marker.snippet(text)
        assert not re.search(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", snippet)
        core = snippet.removeprefix("…").removesuffix("…").rstrip()
        places = [match.start() for match in re.finditer(f"(?={re.escape(core)})", flat)]
        assert any(at in starts and at + len(core) in ends for at in places), (snippet, flat)


def test_a_long_word_is_shown_from_its_beginning() -> None:
    word = "x" * 1_000
    assert _marker(words={"tail"}).snippet(word + " tail") == "…tail"
    assert _marker(prefixes=["xx"]).snippet(f"a {word} b").marked() == f"…**{word}**…"
    assert _marker(words={"absent"}).snippet(word) == "x" * SNIPPET_CHARS + "…"


def test_a_long_text_is_quick() -> None:
    text = "the and of a cat or so, " * 90_000
    assert len(text) > 2_000_000
    markers = {
        "at the end": _marker(words={"tail"}),
        "nowhere": _marker(words={"absent"}),
        "everywhere": _marker(words={"cat"}),
        "a phrase of common words": _marker(phrases=[(("the", "and", "the", "of", "the"), 100)]),
        "a phrase of one word": _marker(phrases=[(("the",) * 100, 100)]),
        "a phrase nowhere": _marker(phrases=[(("the", "tail", "and"), 100)]),
        "patterns": _marker(prefixes=["tai"], wildcards=["*q*"], fuzzy=[("tajl", 1, 1)]),
    }
    for name, marker in markers.items():
        with within(0.5, name):
            snippet = marker.snippet(f"{text} tail")
        assert bool(snippet.marks) == ("nowhere" not in name), name
    with within(3):
        assert len(_words(_marker(phrases=[(("the", "and", "the", "of", "the"), 100)]), text)) > 200_000


def test_a_search_over_a_long_text_is_quick(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = "the and of a cat or so, " * 90_000
    records = [{"id": "a", "title": "zebra", "body": text}, {"id": "b", "title": "zebra"}]
    with make_archive(tmp_path_factory.mktemp("long"), records) as archive:
        for query, total in (("zebra", 2), ("cat", 1), ('"the of the"~100', 1), ("", 2)):
            with within(0.5, query):
                assert archive.search(query).total == total
