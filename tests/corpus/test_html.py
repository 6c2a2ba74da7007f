import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.corpus.formats import html, registry

from .helpers import article, problem, put

PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The Ball | Gazette</title>
<meta name="author" content="Mo Lind"><meta property="og:site_name" content="Gazette">
<meta property="article:published_time" content="2016-10-23T10:00:00Z">
<link rel="canonical" href="https://gazette.example/ball"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>The Ball</h1>
<p>The lantern ball drew half the town to the Pier Pavilion, and Ada Quill danced until the lamps went out.</p>
<p>Getty Images</p>
<p>Bruno Marsh, who had sworn never to dance again, danced twice; nobody left before the café closed.</p>
</article><footer>© 2016 Gazette. All rights reserved.</footer></body></html>
"""
BODY = (
    "The lantern ball drew half the town to the Pier Pavilion, and Ada Quill danced until the lamps went out.\n\n"
    "Bruno Marsh, who had sworn never to dance again, danced twice; nobody left before the café closed."
)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    registry._missing.cache_clear()
    yield
    registry._missing.cache_clear()


def needs_trafilatura() -> None:
    pytest.importorskip("trafilatura", exc_type=ImportError)


def test_the_article_is_found_in_the_page(tmp_path: Path) -> None:
    needs_trafilatura()
    found = article(tmp_path, PAGE, "x.html")
    assert (found.title, found.body) == ("The Ball", BODY)
    assert (found.date, found.source, found.authors) == ("2016-10-23", "Gazette", ("Mo Lind",))
    assert found.url == "https://gazette.example/ball"
    assert found.credits == ("Getty Images",)
    assert found.inferred == ("id", "title", "date", "people", "venues")


def test_a_sidecar_and_the_file_name_come_before_the_page(tmp_path: Path) -> None:
    needs_trafilatura()
    put(tmp_path, "2015 x.yaml", "title: Declared\npeople: [Ada Quill]\n")
    found = article(tmp_path, PAGE, "2015 x.htm")
    assert (found.title, found.date, found.people) == ("Declared", "2015", ("Ada Quill",))


def test_a_short_page_keeps_its_paragraphs(tmp_path: Path) -> None:
    needs_trafilatura()
    found = article(tmp_path, "<html><body><p>One.</p><p>Two.</p><p>Three.</p></body></html>", "x.html")
    assert (found.title, found.body) == ("One.", "Two.\n\nThree.")


@pytest.mark.parametrize("page", ["plain words", "<html></html>", "<div>" * 100_000 + "x", "<!-- -->"])
def test_a_page_without_an_article_is_a_problem(tmp_path: Path, page: str) -> None:
    needs_trafilatura()
    assert problem(tmp_path, page, "x.html").remedy == "save its text as .txt"


@pytest.mark.parametrize("charset", ["windows-1252", "ISO-8859-1", "latin1"])
def test_a_declared_encoding_is_honoured(charset: str) -> None:
    page = PAGE.replace("utf-8", charset).replace("café", "“café”")
    assert html._decoded(page.encode("cp1252")) == page
    cyrillic = f"<meta charset='koi8-r'>{'Бал'}"
    assert html._decoded(cyrillic.encode("koi8-r")) == cyrillic


@pytest.mark.parametrize("charset", ["utf-8", "", "no-such", "rot13", "unicode_escape", "undefined", "cp1252"])
def test_other_encodings_must_be_utf8(tmp_path: Path, charset: str) -> None:
    page = f'<meta charset="{charset}">caf'.encode()
    assert html._decoded(page + "é".encode() if charset != "cp1252" else page + b"\xe9").endswith("café")
    found = problem(tmp_path, page + b"\x81\x8d", "x.html")
    assert "is not UTF-8" in found.what


def test_an_empty_page_is_a_problem(tmp_path: Path) -> None:
    assert problem(tmp_path, " \n", "x.html").what == "the file is empty"


def test_a_large_page_is_refused(tmp_path: Path) -> None:
    assert "over the limit" in problem(tmp_path, "x" * 2_000, "x.html", 1_000).what


def test_whatever_the_parser_raises_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(page: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(html, "_extract", fail)
    assert problem(tmp_path, PAGE, "x.html").what == "the page cannot be parsed: ZeroDivisionError"


def test_without_the_extra_the_problem_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    assert "pip install 'searchable-archive[html]'" in str(problem(tmp_path, PAGE, "x.html"))
