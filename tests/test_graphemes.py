"""Grapheme boundaries are those of `regex`, widths those of Rich, whatever shortcut is taken to them."""

import sys

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from archive.text import graphemes as module
from archive.text.graphemes import cell_width, graphemes, is_boundary, measured_graphemes

#: What texts are made of: letters with marks, emoji of every kind, flags, Hangul, Indic, Thai, controls.
_PIECES = st.sampled_from(
    [
        *"aé ’—\t\n\r\x00\x1b",
        "\r\n",
        *"\u0301\u0308\u200d\u200c\ufe0f\u20e3\U0001f3fd\u200b\u00ad\u2066",
        *"👩👨👧❤⚕🏳🌈👍🎂1#©",
        *"🇯🇵🇩🇪",
        *"한국각ᄀ까ᅩᆨᆫ가",
        "क\u094d",
        "ष",
        "त\u094d\u200d",
        "ि",
        "न",
        "ी",
        "বা",
        "ং",
        "ল\u09cd",
        *"ไทยกำ้",
        *"漢字かなガﾞ",
        *"عربي\u0600שלום",
        "\U000e0067\U000e007f",
        "🏴",
    ]
)


def test_simple_characters_stand_alone_and_take_one_cell() -> None:
    simple = [char for char in map(chr, range(sys.maxunicode + 1)) if module._SIMPLE.fullmatch(char)]
    assert len(simple) > 900
    assert {cell_len(char) for char in simple} == {1}
    assert regex.fullmatch(r"\p{Grapheme_Cluster_Break=Other}+", "".join(simple))


@settings(deadline=None, max_examples=200)
@given(st.lists(_PIECES, max_size=25).map("".join))
@example("👩‍👩‍👧‍👦🇯🇵🇩🇪🇯")
@example("क्ष्मि")
def test_boundaries_are_those_of_unicode(text: str) -> None:
    assert list(graphemes(text)) == regex.findall(r"\X", text)


@settings(deadline=None, max_examples=200)
@given(st.lists(_PIECES, max_size=25).map("".join))
@example("🇯🇵🇩🇪🇯🇵")
@example("🇯🇵" * 200)
@example("各각각")
@example("漢字" * 200)
def test_a_boundary_is_told_from_what_stands_around_it(text: str) -> None:
    boundaries = {0} | {match.end() for match in regex.finditer(r"\X", text)}
    assert {at for at in range(len(text) + 1) if is_boundary(text, at)} == boundaries


@settings(deadline=None)
@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    assert "".join(graphemes(text)) == text


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES, max_size=25).map("".join)))
def test_text_is_as_wide_as_the_toolkit_draws_it(text: str) -> None:
    assert cell_width(text) == cell_len(text)
    assert list(measured_graphemes(text)) == [(cluster, cell_len(cluster)) for cluster in graphemes(text)]


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
        ("नमस्ते", 4),
        ("“—…”", 4),
        ("ﾊﾟ", 2),
    ],
)
def test_cells(text: str, cells: int) -> None:
    assert cell_width(text) == cells


def test_long_text_is_quick() -> None:
    text = "a" + "\u0301" * 25_000 + "👩\u200d" * 10_000 + "🇯🇵" * 10_000 + "क्" * 10_000
    assert sum(map(len, graphemes(text))) == len(text)
