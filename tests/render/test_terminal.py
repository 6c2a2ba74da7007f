"""Text for terminals: nothing in it is obeyed, nothing is cut apart, nothing is too wide."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.render.terminal import OutputStyle, fit, pad, safe, safe_marked, wrap, wrap_spans
from archive.text.graphemes import cell_width, graphemes

_TEXT = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("  --–港の👩\u200d🇯🇵e\u0301\x1b\u202e\u00a0")), max_size=60
)


@settings(deadline=None)
@given(st.text(st.characters()))
@example("".join(map(chr, range(0x2100))) + "\ud800\ufeff")
def test_safe_text_holds_nothing_that_acts(text: str) -> None:
    shown = safe(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(shown) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert safe(shown) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x9b2J", "\ufffd2J"),
        ("a\x7fb\x00", "a␡b␀"),
        ("one\ntwo\tthree\u2028four", "one two three four"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("👩\u200d👧 நன்றி", "👩\u200d👧 நன்றி"),
        ("lone \udce9", "lone \ufffd"),
    ],
)
def test_safe(text: str, shown: str) -> None:
    assert safe(text) == shown


@settings(deadline=None)
@given(_TEXT, st.data())
def test_marks_move_with_their_words(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    marks = [pair for pair in zip(cuts[::2], cuts[1::2], strict=False) if pair[0] < pair[1]]
    shown, moved = safe_marked(text, marks)
    assert shown == safe(text)
    assert [shown[a:b] for a, b in moved] == [word for a, b in marks if (word := safe(text[a:b]))]


@settings(deadline=None)
@given(_TEXT.map(safe), st.integers(1, 30))
@example("港の灯籠祭り", 4)
@example("a- b", 2)
@example("  leading and  double   spaces  ", 7)
@example("extraordinarily-hyphenated-word", 10)
def test_wrapping(text: str, width: int) -> None:
    lines = list(wrap_spans(text, width))
    boundaries = {0}
    for cluster in graphemes(text):
        boundaries.add(max(boundaries) + len(cluster))
    end = 0
    for start, stop in lines:
        line = text[start:stop]
        assert start >= end
        assert not text[end:start].strip()
        assert {start, stop} <= boundaries
        assert line
        assert " " not in (next(graphemes(line)), list(graphemes(line))[-1])
        assert cell_width(line) <= width or len(list(graphemes(line))) == 1
        end = stop
    assert not text[end:].strip()


def test_wrapping_fills_lines_and_breaks_where_it_may() -> None:
    assert wrap("the quick brown fox", 10) == ["the quick", "brown fox"]
    assert wrap("well-known things", 6) == ["well-", "known", "things"]
    assert wrap("港の灯籠祭りで", 6) == ["港の灯", "籠祭り", "で"]
    assert wrap("held\u00a0together now", 9) == ["held\u00a0toge", "ther now"]
    assert wrap("abc 👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 6) == ["abc 👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"]
    assert wrap("   ", 5) == []


@settings(deadline=None)
@given(_TEXT.map(safe), st.integers(0, 30))
def test_fitting(text: str, width: int) -> None:
    assert cell_width(fit(text, width)) <= width
    assert cell_width(pad(text, width)) == width
    assert fit(text, max(width, cell_width(text))) == text


def test_fit_marks_what_it_left_out() -> None:
    assert fit("Élodie Faye", 7) == "Élodie…"
    assert fit("港の灯籠", 4) == "港…"
    assert pad("12", 5, right=True) == "   12"


def test_marked_words_are_starred_or_styled() -> None:
    text, marks = "one \x1btwo three", ((5, 8),)
    assert list(OutputStyle(80).wrap_styled(text, marks)) == ["one ␛**two** three"]
    assert list(OutputStyle(80, styled=True).wrap_styled(text, marks)) == ["one ␛\x1b[1;31mtwo\x1b[0m three"]


def test_a_style_never_runs_over_the_end_of_a_line() -> None:
    lines = list(OutputStyle(9, styled=True).wrap_styled("some long phrase here", ((5, 16),), indent="  "))
    assert lines == ["  some", "  \x1b[1;31mlong\x1b[0m", "  \x1b[1;31mphrase\x1b[0m", "  here"]
