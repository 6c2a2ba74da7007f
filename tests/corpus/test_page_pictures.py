"""The captions, alternative texts and credits of a page's pictures are paragraphs of its article."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.corpus.page_pictures import split_credit
from archive.model.article import Article

from .helpers import article

pytest.importorskip("trafilatura", exc_type=ImportError)

FIRST = ("The regatta began an hour late, for the wind had gone to look after some other harbour, and the crews ate"
         " what they had brought for the evening.")  # fmt: skip
SECOND = ("By four o'clock nobody on the mole could say who was ahead, and the steward had lost his list, his pencil"
          " and, after a while, his temper with all of them.")  # fmt: skip
CAPTION = "Ada Quill, left, with Bo Marsh on the mole."


def page(root: Path, between: str = "", *, before: str = "", after: str = "", outside: str = "") -> Article:
    data = (
        f"<html><body><nav><a href='/'>Home</a></nav><article><h1>Late Wind</h1>{before}<p>{FIRST}</p>{between}"
        f"<p>{SECOND}</p>{after}</article>{outside}<footer><p>All rights reserved.</p></footer></body></html>"
    )
    return article(root, data, "page.html")


def paragraphs(found: Article) -> list[str]:
    return found.body.split("\n\n")


PICTURES = [
    f"<figure><img src='a.jpg'><figcaption>{CAPTION}</figcaption></figure>",
    f"<figure><picture><source srcset='a.webp'><img src='a.jpg'></picture>"
    f"<figcaption><p>{CAPTION}</p></figcaption></figure>",
    f"<div class='wp-caption alignright'><img src='a.jpg'><p class='wp-caption-text'>{CAPTION}</p></div>",
    f"<div class='photo'><img src='a.jpg'><div class='photo-caption'>{CAPTION}</div></div>",
    f"<div><a href='large/a.jpg'><img src='a.jpg' alt='{CAPTION}'></a></div>",
    f"<p><img src='a.jpg' alt='{CAPTION}'></p>",
    f"<figure><img src='a.jpg' alt='{CAPTION}'><figcaption>{CAPTION}</figcaption></figure>",
]


@pytest.mark.parametrize("picture", PICTURES)
def test_a_caption_stands_where_its_picture_does(tmp_path: Path, picture: str) -> None:
    assert paragraphs(page(tmp_path, picture)) == [FIRST, CAPTION, SECOND]
    assert paragraphs(page(tmp_path, before=picture)) == [CAPTION, FIRST, SECOND]
    assert paragraphs(page(tmp_path, after=picture)) == [FIRST, SECOND, CAPTION]


def test_captions_are_told_from_the_text(tmp_path: Path) -> None:
    found = page(tmp_path, PICTURES[0])
    assert [(block.style, block.first_row) for block in found.blocks] == [("caption", 2)]


def test_a_gallery_keeps_every_caption(tmp_path: Path) -> None:
    captions = [f"Crew number {n} rests." for n in range(9)]
    figures = "".join(f"<figure><img src='a.jpg'><figcaption>{each}</figcaption></figure>" for each in captions)
    found = paragraphs(page(tmp_path, f"<div class='gallery'>{figures}</div>"))
    assert found == [FIRST, *captions, SECOND]


def test_a_caption_beside_an_alternative_text(tmp_path: Path) -> None:
    figure = f"<figure><img src='a.jpg' alt='Two people in oilskins'><figcaption>{CAPTION}</figcaption></figure>"
    assert paragraphs(page(tmp_path, figure)) == [FIRST, "Two people in oilskins", CAPTION, SECOND]


def test_a_picture_within_a_paragraph(tmp_path: Path) -> None:
    data = f"<article><h1>Late Wind</h1><p>{FIRST} <img src=a.jpg alt='A slack sail'></p><p>{SECOND}</p></article>"
    assert paragraphs(article(tmp_path, data, "page.html")) == [FIRST, "A slack sail", SECOND]


@pytest.mark.parametrize(
    "credit",
    ["{} Photo: Mo Lind/Courier", "{} (Photo by Mo Lind/Courier)", "{} | Photo: Mo Lind/Courier",
     "{}<span class='credit'>Mo Lind/Courier</span>", "{}<br><small itemprop='copyrightHolder'>Mo Lind/Courier</small>",
     "{} <cite>Photograph: Mo Lind/Courier</cite>"],
)  # fmt: skip
def test_credits_leave_the_caption(tmp_path: Path, credit: str) -> None:
    figure = f"<figure><img src='a.jpg'><figcaption>{credit.format(CAPTION)}</figcaption></figure>"
    found = page(tmp_path, figure)
    assert paragraphs(found) == [FIRST, CAPTION, SECOND]
    (only,) = found.credits
    assert "Mo Lind/Courier" in only


@pytest.mark.parametrize("caption", ["The boats. Nobody paid.", "A photo by night. It rained.", "Home (again)", "x"])
def test_a_sentence_is_no_credit(caption: str) -> None:
    assert split_credit(caption) == (caption, "")


@pytest.mark.parametrize(
    "image",
    ["<img src=a.png alt=''>", "<img src=a.png alt='IMG_0312.JPG'>", "<img src=a.png alt='logo'>",
     "<img src=a.png alt='The Harbour logo'>", "<img src=a.png alt='Wind rose' width=16 height=16>",
     "<img src=a.png alt='Wind rose' role=presentation>", "<img src=a.png alt='12-34'>"],
)  # fmt: skip
def test_an_icon_says_nothing(tmp_path: Path, image: str) -> None:
    assert paragraphs(page(tmp_path, f"<p>{image}</p>")) == [FIRST, SECOND]


def test_pictures_of_other_articles_are_none_of_this_one(tmp_path: Path) -> None:
    teaser = "<a href='/other'><img src='b.jpg' alt='A horse in the surf'></a>"
    figure = "<figure><img src='b.jpg'><figcaption>A horse in the surf</figcaption></figure>"
    for outside in (
        f"<aside>{figure}</aside>",
        f"<div class='related'>{figure}</div>",
        f"<div>{teaser}<a href='/other'>Surf and horses</a></div>",
        f"<article><h2>Surf</h2>{figure}<p>More of it.</p></article>",
        f"<footer>{figure}</footer>",
    ):
        assert "horse" not in page(tmp_path, outside=outside).body
    assert "horse" not in page(tmp_path, after=f"<div class='sidebar'>{figure}</div>").body


def test_a_page_of_nothing_but_a_picture(tmp_path: Path) -> None:
    data = f"<html><head><title>On the Mole</title></head><body>{PICTURES[0]}</body></html>"
    found = article(tmp_path, data, "page.html")
    assert (found.title, found.body) == ("On the Mole", CAPTION)


def test_headings_lists_quotes_and_tables_keep_their_form(tmp_path: Path) -> None:
    found = page(tmp_path, "<h2>Who came</h2><ul><li>Ada Quill</li><li>Bo Marsh</li></ul><blockquote><p>We shall sail"
                           " at noon, and not before it.</p></blockquote>")  # fmt: skip
    assert "Who came\n\nAda Quill\nBo Marsh\n\nWe shall sail at noon" in found.body
    assert [block.style for block in found.blocks] == ["h2", "item", "quote"]
