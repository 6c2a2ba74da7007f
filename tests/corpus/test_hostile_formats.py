"""Files that are made to hurt, in every format that foreign parsers take apart: named problems, within the limits."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from archive.api import Archive
from archive.corpus.formats.registry import FORMATS
from archive.errors import UsageError

from .helpers import put
from .office import docx, odt, package, word
from .photos import huge_png

DEEP = "<a>" * 200_000
_NAMES = "abcdefghijklm"
_DEFINED = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise(_NAMES))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "ha">{_DEFINED}]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
ZIPPED = docx(word("Text."))
_PART = "Content-Type: multipart/mixed; boundary=b{0}\n\n--b{0}\n"
HOSTILE = {
    "deep.xml": f"<TEI>{DEEP}",
    "deep.rss": f"<rss><channel><item>{DEEP}",
    "deep.atom": f"<feed>{DEEP}",
    "deep.json": '{"a":' * 200_000,
    "deep.docx": lambda: docx("<w:sdt><w:sdtContent>" * 50_000 + "</w:sdtContent></w:sdt>" * 50_000),
    "deep.odt": lambda: odt("<text:section>" * 50_000 + "</text:section>" * 50_000),
    "deep.eml": "Subject: S\n" + "".join(_PART.format(n) for n in range(999)),
    "entities.xml": f"{ENTITIES}<TEI>&m;</TEI>",
    "entities.rss": f"{ENTITIES}<rss><channel><item><title>&m;</title></item></channel></rss>",
    "entities.docx": docx("", more={"word/document.xml": f"{ENTITIES}<x>&m;</x>"}),
    "entities.odt": package({"content.xml": f"{ENTITIES}<x>&m;</x>"}),
    "external.xml": EXTERNAL,
    "external.odt": package({"content.xml": EXTERNAL}),
    "bomb.docx": lambda: docx("", more={"word/media.xml": b" " * 80_000_000}),
    "bomb.odt": lambda: package({"content.xml": b" " * 80_000_000}),
    "truncated.docx": ZIPPED[: len(ZIPPED) // 2],
    "truncated.odt": ZIPPED[:100],
    "truncated.warc": b"WARC/1.0\r\nWARC-Type: response\r\n",
    "wrong.docx": b"%PDF-1.4",
    "wrong.odt": ZIPPED,
    "wrong.rtf": ZIPPED,
    "wrong.csv": ZIPPED,
    "wrong.json": ZIPPED,
    "wrong.rss": ZIPPED,
    "wrong.xml": ZIPPED,
    "wrong.mbox": ZIPPED,
    "wrong.mhtml": ZIPPED,
    "wrong.warc": ZIPPED,
    "wrong.warc.gz": b"\x1f\x8b" + bytes(range(200)),
    "huge.png": huge_png(100_000, 100_000),
    "wrong.tif": ZIPPED,
    "wrong.jpg": ZIPPED,
    "wrong.webp": b"RIFF\xff\xff\xff\xffWEBP",
    "unclosed.csv": b'title,body\nA,"' + b"never\n" * 100_000,
}  # fmt: skip
NEW = ["csv", "json", "feed", "xml", "docx", "odt", "rtf", "eml", "mbox", "mhtml", "warc", "photo"]


def test_every_hostile_file_is_a_named_problem_and_costs_no_other(tmp_path: Path) -> None:
    for name, data in HOSTILE.items():
        put(tmp_path, name, data() if callable(data) else data)
    put(tmp_path, "good.md", "Good\n\nText.\n")
    (tmp_path / "archive.yaml").write_text("name: x\nmax_article_mb: 1\n")
    with Archive.open(tmp_path) as archive:
        report = archive.index()
    assert {problem.path.removeprefix("corpus/") for problem in report.problems} == set(HOSTILE)
    assert report.added == 1
    assert not any("root:" in str(problem) for problem in report.problems)


def test_each_new_format_is_among_them() -> None:
    assert {name for name in NEW if not any(each.name == name for each in FORMATS)} == set()
    endings = {each.name: each.endings for each in FORMATS}
    for name in NEW:
        assert any(file.endswith(endings[name]) for file in HOSTILE), name


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".docx", docx(word("Text of it."))),
        (".odt", odt("<text:p>Text of it.</text:p>")),
        (".rtf", b"{\\rtf1 Text of it.}"),
        (".eml", b"From: a@x.test\nSubject: S\n\nText of it.\n"),
        (".xml", b"<TEI><text><body><p>Text of it.</p></body></text></TEI>"),
    ],
)
def test_a_document_is_added_with_what_is_declared_of_it(tmp_path: Path, suffix: str, content: bytes) -> None:
    with Archive.create(tmp_path / "new") as archive:
        added = archive.add(content, suffix=suffix, metadata={"title": "Mine", "date": "1958-06"})
        assert (added.title, added.body, added.path) == ("Mine", "Text of it.", f"corpus/1958-06-mine{suffix}")
        assert archive.index().problems == ()
        assert [hit.title for hit in archive.search().hits] == ["Mine"]


def test_a_file_of_several_articles_is_not_added(tmp_path: Path) -> None:
    item = "<item><title>A</title><description>x</description></item>"
    with Archive.create(tmp_path / "new") as archive:
        with pytest.raises(UsageError, match="several articles"):
            archive.add(f"<rss><channel>{item}{item}</channel></rss>".encode(), suffix=".xml")
        with pytest.raises(UsageError, match="cannot be added"):
            archive.add(b"title,body\nA,B\n", suffix=".csv")
