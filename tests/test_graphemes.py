"""Grapheme boundaries, against an independent implementation of Unicode's rules."""

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.text.graphemes import cell_width, graphemes, surely_ends

#: What texts are made of: letters with marks, emoji of every kind, flags, Hangul, Indic, Thai, controls.
_PIECES = st.sampled_from(
    [
        *"aé ’—\t\n\r\x00\x1b",
        "\r\n",
        *"\u0301\u0308\u200d\u200c\ufe0f\u20e3\U0001f3fd\u200b\u00ad\u2066",
        *"👩👨👧❤⚕🏳🌈👍🎂1#©",
        *"🇯🇵🇩🇪",
        *"한국각ᄀ까ᅩᆨᆫ가",
        "क\u094d",
        "ष",
        "त\u094d\u200d",
        "ि",
        "न",
        "ी",
        "বা",
        "ং",
        "ল\u09cd",  # a virama always has its consonant
        *"ไทยกำ้",
        *"漢字かなガﾞ",
        *"عربي\u0600שלום",
        "\U000e0067\U000e007f",
        "🏴",
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(_PIECES, max_size=25).map("".join))
@example("👩‍👩‍👧‍👦🇯🇵🇩🇪🇯")
@example("क्ष्मि")
def test_boundaries_are_those_of_unicode(text: str) -> None:
    assert list(graphemes(text)) == regex.findall(r"\X", text)


@settings(deadline=None, max_examples=200)
@given(st.lists(_PIECES, max_size=25).map("".join))
@example("🇯🇵🇩🇪🇯🇵")
@example("各각각")
def test_what_surely_ends_is_a_boundary_and_words_surely_end(text: str) -> None:
    boundaries = {0} | {match.end() for match in regex.finditer(r"\X", text)}
    assert {at for at in range(len(text) + 1) if surely_ends(text, at)} <= boundaries
    assert surely_ends(f"{text} word", len(text) + 1)
    assert surely_ends("Ünïcode 漢字", 8)


@settings(deadline=None)
@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("plain", 5),
        ("naïve", 5),
        ("e\u0301", 1),
        ("港の", 4),
        ("👩‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇯🇵", 2),
        ("❤️", 2),
        ("❤", 1),
        ("1️⃣", 2),
        ("한국", 4),
        ("한", 2),
        ("\u200b\u200d\u0301", 0),
        ("नमस्ते", 3),
        ("“—…”", 4),
        ("ﾊﾟ", 1),
    ],
)
def test_cells(text: str, cells: int) -> None:
    assert cell_width(text) == cells


def test_long_text_is_quick() -> None:
    text = "a" + "\u0301" * 50_000 + "👩\u200d" * 20_000 + "🇯🇵" * 20_000 + "क्" * 20_000
    assert sum(map(len, graphemes(text))) == len(text)
