"""What a web page declares of itself, and what is only said in its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.article import Article

from .helpers import article

pytest.importorskip("trafilatura", exc_type=ImportError)

TEXT = (
    "<p>The regatta began an hour late, for the wind had gone to look after some other harbour, and the crews ate"
    " what they had brought for the evening.</p><p>By four o'clock nobody on the mole could say who was ahead, and"
    " the steward had lost his list, his pencil and, after a while, his temper with all of them.</p>"
)


def page(root: Path, head: str = "", body: str = TEXT, html: str = "<html>", heading: str = "Late Wind") -> Article:
    data = f"<!doctype html>{html}<head>{head}</head><body><main><h1>{heading}</h1>{body}</main></body></html>"
    return article(root, data, "page.html")


@pytest.mark.parametrize(
    "name",
    ["article:published_time", "DC.date.issued", "dcterms.created", "citation_publication_date", "parsely-pub-date",
     "pubdate", "date", "datePublished"],
)  # fmt: skip
@pytest.mark.parametrize("attribute", ["name", "property", "itemprop"])
def test_meta_elements_date_a_page(tmp_path: Path, name: str, attribute: str) -> None:
    head = f'<meta {attribute}="{name}" content="1994-07-03T12:00:00Z">'
    assert page(tmp_path, head).date == "1994-07-03"


@pytest.mark.parametrize("name", ["article:modified_time", "last-modified", "dcterms.modified", "og:updated_time"])
def test_when_a_page_was_changed_is_no_date(tmp_path: Path, name: str) -> None:
    assert page(tmp_path, f'<meta name="{name}" content="1994-07-03">').date is None


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "NewsArticle", "datePublished": "1994-07-03", "author": {"@type": "Person", "name": "Ada Quill"}}',
        '[{"@type": ["Article", "Thing"], "dateCreated": "1994-07-03", "author": "Ada Quill"}]',
        '{"@graph": [{"@type": "WebPage", "datePublished": "1990"},'
        ' {"@type": "BlogPosting", "datePublished": "1994-07-03T09:00", "author": [{"name": "Ada Quill"}]}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "Report", "datePublished": "1994-07-03",'
        ' "creator": [{"name": "Ada Quill"}]}}',
    ],
)
def test_json_ld_declares_dates_and_authors(tmp_path: Path, data: str) -> None:
    found = page(tmp_path, f'<script type="application/ld+json">{data}</script>')
    assert (found.date, found.authors) == ("1994-07-03", ("Ada Quill",))


@pytest.mark.parametrize("data", ["{", "[" * 3_000, '"text"', '{"@type": "Event", "datePublished": "1994"}', "null"])
def test_other_json_ld_declares_nothing(tmp_path: Path, data: str) -> None:
    found = page(tmp_path, f'<script type="application/ld+json">{data}</script>')
    assert (found.title, found.date) == ("Late Wind", None)


@pytest.mark.parametrize(
    ("time", "date"),
    [
        ('<p><time datetime="1994-07-03T10:00">Sunday</time></p>', "1994-07-03"),
        ('<header>By Ada Quill, <time datetime="1994-07">July</time></header>', "1994-07"),
        ('<time class="updated" datetime="1999-01-01">x</time><time datetime="1994-07-03">y</time>', "1994-07-03"),
        ('<time datetime="1990">x</time><time itemprop="datePublished" datetime="1994-07-03">y</time>', "1994-07-03"),
        (f'<p>{"All of them remember the year of the storm and what it cost the town, " * 2}'
         '<time datetime="1953-02-01">that night</time>.</p>', None),
        ('<aside><time datetime="1994-07-03">x</time></aside>', None),
        ('<div class="comments"><p><time datetime="1994-07-03">x</time></p></div>', None),
        ('<time datetime="half past nine">x</time>', None),
    ],
)  # fmt: skip
def test_a_time_above_the_text_dates_it_and_one_in_a_sentence_does_not(
    tmp_path: Path, time: str, date: str | None
) -> None:
    assert page(tmp_path, body=time + TEXT).date == date


@pytest.mark.parametrize("link", ['<link rel="canonical" href="{}">', '<meta property="og:url" content="{}">',
                                  "<!-- saved from url=(0042){} -->",
                                  "<!-- Page saved with SingleFile \n url: {} -->"])  # fmt: skip
def test_the_address_may_date_a_page(tmp_path: Path, link: str) -> None:
    address = "https://harbour.example/1994/07/03/late-wind"
    found = page(tmp_path, link.format(address))
    assert (found.url, found.date) == (address, "1994-07-03")


@pytest.mark.parametrize(
    "sentence",
    ["It runs on TimingWorks 7.2.19.", "The image is REGATTA-2003-11-02.iso.", "Since 1953-02-01 nobody sails.",
     "Published 3 July 1994 in another paper.", "© 1994 The Harbour"],
)  # fmt: skip
def test_a_date_in_the_text_is_none_of_the_page(tmp_path: Path, sentence: str) -> None:
    assert page(tmp_path, body=f"{TEXT}<p>{sentence}</p>").date is None


def test_authors_are_declared_and_never_guessed(tmp_path: Path) -> None:
    assert page(tmp_path, body=f"<p class='byline author'>Username</p>{TEXT}").authors == ()
    assert page(tmp_path, '<meta name="author" content="https://harbour.example/ada">').authors == ()
    several = '<meta name="citation_author" content="Ada Quill"><meta name="citation_author" content="Bo Marsh">'
    several += '<meta name="author" content="Quill and Marsh">'
    assert page(tmp_path, several).authors == ("Ada Quill", "Bo Marsh")
    assert page(tmp_path, body=f'<p>By <a rel="author" href="/a">Ada Quill</a></p>{TEXT}').authors == ("Ada Quill",)


@pytest.mark.parametrize("separator", [" | ", " - ", " – ", " — ", ": ", " · "])
def test_the_name_of_the_site_is_no_part_of_the_title(tmp_path: Path, separator: str) -> None:
    site = '<meta property="og:site_name" content="The Harbour">'
    for title in (f"Late Wind{separator}The Harbour", f"The Harbour{separator}Late Wind"):
        for element in (f"<title>{title}</title>", f'<meta property="og:title" content="{title}">'):
            found = page(tmp_path, site + element, heading="Something Else")
            assert (found.title, found.source) == ("Late Wind", "The Harbour")
    assert page(tmp_path, f"<title>Late Wind{separator}Undeclared</title>").title == "Late Wind"
    both = f"<title>Wind{separator}or None{separator}The Harbour</title>"
    assert page(tmp_path, site + both, heading="x").title == f"Wind{separator}or None".replace("  ", " ")
    assert page(tmp_path, f"{site}<title>The Harbour</title>").title == "The Harbour"


def test_language_and_keywords(tmp_path: Path) -> None:
    found = page(tmp_path, '<meta name="keywords" content="wind, boats,wind">', html='<html lang="pt-BR">')
    assert (found.language, found.tags) == ("pt-BR", ("wind", "boats"))
    found = page(tmp_path, '<meta property="og:locale" content="de_AT"><meta property="article:tag" content="Wind">'
                           '<meta property="article:tag" content="Boote">')  # fmt: skip
    assert (found.language, found.tags) == ("de-AT", ("Wind", "Boote"))
