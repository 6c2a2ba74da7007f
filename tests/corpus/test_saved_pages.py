"""MHTML and WARC: saved pages in, articles out."""

# ruff: noqa: E501 (pages are easier to read on few lines)

from __future__ import annotations

import tracemalloc
from email.message import EmailMessage
from gzip import compress
from pathlib import Path

import pytest

from archive.corpus.formats.registry import read
from archive.model.article import Article, Problem

from .helpers import OPTIONS, article, everything, problem, put, results, source, warnings

SENTENCES = "She said that the harbour had never been so full of boats and of people as it was on that day. " * 4
PAGE = """<html><head>%s<title>%s</title><meta property="article:published_time" content="2009-11-26T23:00:00-05:00">
</head><body><nav><a href="/">Front</a></nav><article><h1>%s</h1><p>Ada Quill sings. %s</p></article></body></html>"""


def page(title: str = "The Ball at the Pier", head: str = "", text: str = SENTENCES) -> str:
    return PAGE % (head, title, title, text)


def mhtml(content: bytes, charset: str = "utf-8", location: str = "https://x.test/ball") -> bytes:
    """A page as a browser saves it, with a picture and a frame before it."""
    parts = [
        "Content-Type: text/html\nContent-Location: https://ads.test/\n\n<p>Buy!</p>\n",
        f"Content-Type: text/html; charset={charset}\nContent-Location: {location}\nContent-Transfer-Encoding: 8bit\n\n",
        "Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Location: cid:p\n\niVBORw0KGgo=\n",
    ]
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.test/ball\nSubject: S\n"
        'Date: Fri, 3 May 2024 10:00:00 -0000\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
    )
    first, second, third = (part.encode() for part in parts)
    return b"".join([head.encode(), b"--b\n", first, b"--b\n", second, content, b"\n--b\n", third, b"--b--\n"])


def test_a_page_as_a_browser_saves_it(tmp_path: Path) -> None:
    found = article(tmp_path, mhtml(page().encode()), "x.mhtml")
    assert (found.title, found.date, found.url) == ("The Ball at the Pier", "2009-11-26", "https://x.test/ball")
    assert found.body.startswith("Ada Quill sings.")
    assert "Buy!" not in found.body


@pytest.mark.parametrize(
    ("charset", "codec"), [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("utf-8", "utf-8")]
)
def test_a_page_comes_with_its_encoding(tmp_path: Path, charset: str, codec: str) -> None:
    title = "Бал у моря" if codec == "cp1251" else "Café at the Pier"
    assert article(tmp_path, mhtml(page(title).encode(codec), charset), "x.mht").title == title


def test_a_file_beside_describes_it(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "people: [Di]\n")
    assert article(tmp_path, mhtml(page().encode()), "x.mhtml").people == ("Di",)


def plain() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "S"
    mail.set_content("Text.")
    return bytes(mail)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (plain(), "there is no page in the file"),
        (b"\0\1\2", "there is no page in the file"),
        (mhtml(b""), "the page in the file is empty"),
        (mhtml(b"<html><body></body></html>"), "there is no article text in the page"),
        (mhtml(page().encode() * 1000), "the page in the file is too large"),
    ],
)
def test_what_is_no_saved_page_is_one_named_problem(tmp_path: Path, data: bytes, what: str) -> None:
    assert what in problem(tmp_path, data, "x.mhtml", 20_000).what


class Crawl:
    """A WARC file that is being written."""

    def __init__(self, *, gzip: bool = False) -> None:
        self._gzip = gzip
        self.data = b""

    def add(
        self,
        content: bytes,
        kind: str = "text/html; charset=utf-8",
        address: str = "https://x.test/1",
        status: str = "200 OK",
        record: str = "response",
    ) -> Crawl:
        """Add what was fetched from an address."""
        if record == "response":
            content = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + content
            kind = "application/http; msgtype=response"
        head = (
            f"WARC/1.0\r\nWARC-Type: {record}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-05-03T10:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:{len(self.data):032}>\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}"
        )
        written = f"{head}\r\n\r\n".encode() + content + b"\r\n\r\n"
        self.data += compress(written) if self._gzip else written
        return self


@pytest.mark.parametrize("gzip", [False, True])
def test_a_crawl_is_an_article_a_page(tmp_path: Path, gzip: bool) -> None:
    crawl = (
        Crawl(gzip=gzip).add(page("The First of Two").encode()).add(b".a{}", "text/css").add(b"\x89PNG", "image/png")
    )
    crawl.add(b"moved", status="404 Not Found").add(page("The Second of Two").encode(), address="https://x.test/2")
    crawl.add(page("Saved as It Is").encode(), "text/html", "https://x.test/3", record="resource")
    found = everything(tmp_path, "x.warc.gz" if gzip else "x.warc", crawl.data)
    assert [each.title for each in found if isinstance(each, Article)] == [
        "The First of Two", "The Second of Two", "Saved as It Is",
    ]  # fmt: skip
    assert len(found) == 3
    assert isinstance(found[1], Article)
    assert (found[1].url, found[1].date, found[1].line) == ("https://x.test/2", "2009-11-26", 5)


def test_what_of_a_crawl_is_no_article_is_counted(tmp_path: Path) -> None:
    crawl = Crawl().add(page().encode()).add(b"%PDF", "application/pdf").add(b"<p></p>").add(b"{}", "application/json")
    (warning,) = warnings(tmp_path, crawl.data, "x.warc")
    assert "1 application/pdf, 1 pages without an article, 1 application/json" in warning.what
    none = Crawl().add(b"%PDF", "application/pdf").data
    assert "what is no article is left out" in problem(tmp_path, none, "x.warc").what


def test_a_page_over_the_limit_costs_no_other(tmp_path: Path) -> None:
    crawl = Crawl(gzip=True).add(page(text="word " * 100_000).encode()).add(page().encode())
    found = results(tmp_path, "x.warc.gz", crawl.data, 100_000)
    assert [type(each) for each in found] == [Problem, Article]
    assert found[0].line == 1


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "there is no record"),
        (b"not a crawl\n", "the archive breaks off or is damaged after record 0"),
        (Crawl(gzip=True).add(page().encode()).data[:200], "the record breaks off"),
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n", "1 answers without a page"),
    ],
)
def test_what_is_no_crawl_is_named(tmp_path: Path, data: bytes, what: str) -> None:
    *_, bad = results(tmp_path, "x.warc", data)
    assert isinstance(bad, Problem)
    assert what in bad.what


@pytest.mark.parametrize("gzip", [False, True])
def test_a_record_that_breaks_off_is_named(tmp_path: Path, gzip: bool) -> None:
    data = Crawl(gzip=gzip).add(page().encode()).data
    last = warnings(tmp_path, data[: len(data) * 9 // 10], "x.warc")[-1]
    assert (last.line, last.what) == (1, "the record breaks off")


def test_memory_does_not_grow_with_the_crawl(tmp_path: Path) -> None:
    crawl = Crawl()
    for _ in range(200):
        crawl.add(b"\0" * 50_000, "video/mp4")
    put(tmp_path, "x.warc", crawl.add(page().encode()).data)
    tracemalloc.start()
    assert len(list(read(source(tmp_path, "x.warc"), OPTIONS))) == 2
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
