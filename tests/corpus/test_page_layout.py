"""The order of reading, paragraphs, headings and broken words of PDFs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from .helpers import article, everything, problem, put
from .pdf_pages import HEIGHT, MARGIN, WIDTH, Placed, by_rows, column, pdf_of, wrapped

pytest.importorskip("pypdfium2")

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def prose(seed: int, count: int) -> list[str]:
    """Words of which no two texts have any in common; every twelfth ends a sentence."""
    pick = random.Random(seed)
    words = [f"{LETTERS[seed]}{''.join(pick.choices(LETTERS, k=pick.randint(2, 8)))}" for _ in range(count)]
    return [f"{word}." if n % 12 == 11 else word for n, word in enumerate(words, 1)]


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("gutter", [10, 18, 30])
@pytest.mark.parametrize("headline", ["", "Harbour Board Refuses a Second Bell for the Pier"])
@pytest.mark.parametrize("offset", [0, 4])
def test_columns_are_read_one_after_another(
    tmp_path: Path, count: int, gutter: int, headline: str, offset: int
) -> None:
    width = (WIDTH - 2 * MARGIN - (count - 1) * gutter) / count
    texts = [prose(seed, 90 - 20 * seed) for seed in range(count)]
    columns = [
        column(wrapped(text, width, 8), MARGIN + n * (width + gutter), HEIGHT - 100 - n * offset, 8)
        for n, text in enumerate(texts)
    ]
    above = column(wrapped(headline.split(), WIDTH - 2 * MARGIN, 16), size=16) if headline else []
    found = article(tmp_path, pdf_of([above + by_rows(*columns)]), "pier bells.pdf")
    assert found.body.split() == [word for text in texts for word in text]
    assert found.title == (headline or "pier bells")


def test_text_above_and_below_columns(tmp_path: Path) -> None:
    width = (WIDTH - 2 * MARGIN - 20) / 2
    above, left, right, below = prose(0, 40), prose(1, 50), prose(2, 50), prose(3, 40)
    middle = [column(wrapped(text, width), x, 700) for text, x in ((left, MARGIN), (right, MARGIN + width + 20))]
    page = [
        *column(wrapped(above, WIDTH - 2 * MARGIN), y=780),
        *by_rows(*middle),
        *column(wrapped(below, WIDTH - 2 * MARGIN), y=min(line.y for each in middle for line in each) - 30),
    ]
    found = article(tmp_path, pdf_of([page]), "x y.pdf")
    assert found.body.split() == [*above, *left, *right, *below]


def test_one_column_with_bullets_or_wide_spaces_stays_one(tmp_path: Path) -> None:
    items = [f"Item {word} is carried to the next meeting of all" for word in prose(4, 8)]
    bullets = [Placed(MARGIN, 700 - 12 * n, 10, "1.") for n in range(8)]
    found = article(tmp_path, pdf_of([by_rows(column(items, MARGIN + 30, 700), bullets)]), "a list.pdf")
    assert found.body.split() == " ".join(f"1. {item}" for item in items).split()


def test_paragraphs_are_told_by_indents_gaps_and_short_last_lines(tmp_path: Path) -> None:
    texts = [prose(seed, 35) for seed in range(4)]
    width = WIDTH - 2 * MARGIN
    first, second, third, fourth = (wrapped(text, width) for text in texts)
    lines = [*first, "", *second]
    placed = column(lines) + column(third, y=HEIGHT - MARGIN - 12 * len(lines))
    last = column(fourth, y=HEIGHT - MARGIN - 12 * len(lines + third))
    placed += [last[0]._replace(x=MARGIN + 15), *last[1:]]
    found = article(tmp_path, pdf_of([placed]), "four texts.pdf")
    assert found.body.split("\n\n") == [" ".join(text) for text in texts]


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page(tmp_path: Path) -> None:
    words = [word.rstrip(".") for word in prose(5, 60)]
    lines = wrapped([*words[:-1], f"{words[-1]}."], WIDTH - 2 * MARGIN)
    found = article(tmp_path, pdf_of([column(lines[:3]), column(lines[3:])]), "two pages.pdf")
    assert found.body == " ".join(words) + "."
    # A sentence that ends there ends its paragraph.
    found = article(tmp_path, pdf_of([column(["It rained."]), column(["Then it stopped."])]), "two pages.pdf")
    assert found.body == "It rained.\n\nThen it stopped."


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["The keeper of the light-", "house came down to us."], "The keeper of the lighthouse came down to us."),
        (["A well-known man, a well-", "known horse, he said."], "A well-known man, a well-known horse, he said."),
        (["She met Anna Quill-", "Marsh on the pier there."], "She met Anna Quill-Marsh on the pier there."),
        (["The cost was between 3-", "4 pounds for every seat."], "The cost was between 3- 4 pounds for every seat."),
    ],
)  # fmt: skip
def test_words_broken_at_the_end_of_a_line(tmp_path: Path, lines: list[str], body: str) -> None:
    assert article(tmp_path, pdf_of([column(lines)]), "broken words.pdf").body == body


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(tmp_path: Path, rotate: int) -> None:
    lines = ["The first line is this one,", "the second line is that one,", "the third line ends here."]
    data = pdf_of([column(lines, y=400)], rotate=rotate)
    assert article(tmp_path, data, "turned page.pdf").body == " ".join(lines)


@pytest.mark.parametrize(
    ("title", "heading", "name", "expected"),
    [
        ("A Bell for the Pier", "", "x.pdf", "A Bell for the Pier"),
        ("Microsoft Word - bell.doc", "A Bell for the Pier", "pier bell.pdf", "A Bell for the Pier"),
        ("untitled", "17", "pier bell.pdf", "pier bell"),
        ("Page 1 of 9", "Page 1 of 9", "pier bell.pdf", "pier bell"),
        ("Bell", "Minutes", "pier bell.pdf", "pier bell"),
        ("", "THE HARBOUR NEWS", "pier bell.pdf", "pier bell"),
        ("", "Quill and Marsh Ltd", "pier bell.pdf", "pier bell"),
        ("", "Tel. 4418-2200, www.marsh.example", "pier bell.pdf", "pier bell"),
        ("", "THE HARBOUR NEWS", "scan0012.pdf", "THE HARBOUR NEWS"),
        ("bell", "", "scan0012.pdf", "bell"),
    ],
)
def test_a_useless_title_gives_way(tmp_path: Path, title: str, heading: str, name: str, expected: str) -> None:
    lines = column([heading], size=20) if heading else []
    lines += column(["The board heard a letter about the bell on the pier", "and put it aside."], y=700)
    assert article(tmp_path, pdf_of([lines], f"/Title ({title})"), name).title == expected


def test_headings_are_told_by_their_size(tmp_path: Path) -> None:
    body = wrapped(prose(6, 60), WIDTH - 2 * MARGIN)
    page = [*column(["A Letter"], size=20), *column(["What it said"], y=750, size=14), *column(body, y=720)]
    found = article(tmp_path, pdf_of([page], "/Title (Correspondence of the Board)"), "x.pdf")
    assert [(block.style, block.first_row) for block in found.blocks] == [("h1", 0), ("h2", 2)]


def test_keywords_are_tags_and_the_creation_date_is_no_date(tmp_path: Path) -> None:
    info = "/Keywords (bells, piers) /CreationDate (D:20161023101500) /ModDate (D:20171023101500)"
    found = article(tmp_path, pdf_of([column(["The board heard a letter."])], info), "x.pdf")
    assert (found.tags, found.date) == (("bells", "piers"), None)


def test_pages_without_text_are_named_with_the_remedy(tmp_path: Path) -> None:
    assert "ocrmypdf" in problem(tmp_path, pdf_of([[], []]), "x.pdf").remedy
    text = column(["The board heard a letter."])
    warning = everything(tmp_path, "y.pdf", pdf_of([text, [], text, []]))[-1]
    assert "no text on pages 2, 4" in str(warning)
    assert "ocrmypdf" in str(warning)
    put(tmp_path, "y.yaml", "title: Letters\n")
    assert "no text on pages 2, 4" in str(everything(tmp_path, "y.pdf", pdf_of([text, [], text, []]))[-1])
