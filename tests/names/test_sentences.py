"""Sentences and paragraphs, as spans of the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.sentences import Span, paragraphs, sentences

PROSE = st.text(st.sampled_from("aZé.!?…。 \n\t\"”)]1-#*Jr'王"), max_size=80)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Ito met Dr. Ana Sousa at St. Ebbet's.",
        "J. K. Marsh and R.J. Poole came, as did A. Byrne.",
        "It cost $3.5 million in the U.S. Senate.",
        "Henry Poole Jr. Byrne would not have it.",
        "“Is she here?” asked the porter.",
        "She waited … and went home.",
        "No. 10 was shut at 5 p.m. and opened again.",
        "Am 3. Oktober kam sie an.",
        "See www.example.org/a.b for more",
    ],
)
def test_these_are_one_sentence(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She came. He left.", ["She came.", "He left."]),
        ("“Come in.” She did.", ["“Come in.”", "She did."]),
        ("(He left.) Then rain!", ["(He left.)", "Then rain!"]),
        ("He lives in the U.S. She does not.", ["He lives in the U.S.", "She does not."]),
        ("It was 1994. The pier burned.", ["It was 1994.", "The pier burned."]),
        ("She was 43. Kim laughed.", ["She was 43.", "Kim laughed."]),
        ("They waited… Nobody came.", ["They waited…", "Nobody came."]),
        ("It is known.[12] Others doubt it.", ["It is known.[12]", "Others doubt it."]),
        ("我在北京。他说：「好。」我们走。", ["我在北京。", "他说：「好。」", "我们走。"]),
        ("वह आई। वह गया।", ["वह आई।", "वह गया।"]),
        ("كيف حالك؟ أنا بخير.", ["كيف حالك؟", "أنا بخير."]),
        ("¿Quién es? ¡Ella!", ["¿Quién es?", "¡Ella!"]),
    ],
)
def test_a_stop_ends_a_sentence(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_headings_lists_and_captions_end_without_a_stop() -> None:
    text = (
        "# The ball\nGuests came:\n- Ada Byrne\n- Jun Ito\n1. Tea\n2. Cake\n\nAt the pier\n\n"
        "A short line\nand a long line that goes on to the width of the paragraph"
    )
    assert cut(text) == [
        "# The ball",
        "Guests came:",
        "- Ada Byrne",
        "- Jun Ito",
        "1. Tea",
        "2. Cake",
        "At the pier",
        "A short line\nand a long line that goes on to the width of the paragraph",
    ]


def test_a_name_is_not_cut_where_its_line_was_wrapped() -> None:
    text = (
        "There was a dinner at the pier in honour of Ada\nByrne, who had come home, and it was thought to be a\n"
        "fine one. Jun came."
    )
    assert [s.split()[0] for s in cut(text)] == ["There", "Jun"]


def test_a_short_line_before_a_capital_stands_alone() -> None:
    assert cut("By Jun Ito\nThe dinner at the pier began before the guests had come.") == [
        "By Jun Ito",
        "The dinner at the pier began before the guests had come.",
    ]


def test_paragraphs_stand_between_empty_lines() -> None:
    text = "\n\n One\ntwo \n \t\n\nThree\n"
    assert [text[start:end] for start, end in paragraphs(text)] == ["One\ntwo", "Three"]
    assert paragraphs(" \n ") == []


@given(PROSE)
def test_spans_cover_all_that_is_not_white_space_in_order(text: str) -> None:
    for spans in (paragraphs(text), sentences(text)):
        assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)


@given(PROSE)
def test_a_sentence_stays_within_a_paragraph(text: str) -> None:
    def holds(outer: Span, inner: Span) -> bool:
        return outer[0] <= inner[0] and inner[1] <= outer[1]

    assert all(sum(holds(paragraph, each) for paragraph in paragraphs(text)) == 1 for each in sentences(text))


@pytest.mark.parametrize(
    "text",
    [
        "She spoke to Kyung-ok. American guests left.",
        "They met in the pub. Harry paid.",
        "He said no. Geisler left.",
        "He went to mass. Piper stayed.",
        "It is modern art. Smith owns it.",
        "She asked me. Cole answered.",
    ],
)
def test_words_that_look_like_short_forms_end_a_sentence(text: str) -> None:
    assert len(sentences(text)) == 2


@pytest.mark.parametrize(
    "text", ["See art. 5 of the law.", "It is no. 12 in the list.", "Art. Fiedler led.", "Sec. Rice came."]
)
def test_short_forms_before_a_number_or_with_a_capital_do_not(text: str) -> None:
    assert len(sentences(text)) == 1
