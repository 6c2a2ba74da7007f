"""DOCX, ODT and RTF: documents in, articles out."""

# ruff: noqa: E501 (documents are easier to read on few lines)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.model.article import Problem

from .helpers import article, problem, put, warnings
from .office import docx, footnotes, odt, package, word

TABLE = """<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>
<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"""


@pytest.mark.parametrize(
    ("body", "title", "text"),
    [
        (word("The Head", "Heading1") + word("One.") + word("Two."), "The Head", "One.\n\nTwo."),
        (word("The Title", "Title") + word("Part", "Heading2") + word("One."), "The Title", "Part\n\nOne."),
        (word("Short line") + word("One."), "Short line", "One."),
        (word("word " * 30) + word("One."), "Notes of May", f"{('word ' * 30).strip()}\n\nOne."),
        (word("H", "Heading1") + TABLE + word("One."), "H", "a | b\n\nOne."),
        (word("H", "Heading1") + "<w:p><w:r><w:t>Ad</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>a</w:t></w:r></w:p>", "H", "Ada"),
        (word("H", "Heading1") + "<w:p><w:del><w:r><w:delText>no</w:delText></w:r></w:del><w:ins><w:r><w:t>yes</w:t>"
         "</w:r></w:ins></w:p>", "H", "yes"),
        (word("H", "Heading1") + "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r></w:p>", "H", "a\nb"),
    ],
)  # fmt: skip
def test_the_text_of_a_word_document(tmp_path: Path, body: str, title: str, text: str) -> None:
    found = article(tmp_path, docx(body), "Notes of May.docx")
    assert (found.title, found.body) == (title, text)


def test_footnotes_of_a_word_document_stand_behind_its_text(tmp_path: Path) -> None:
    body = '<w:p><w:r><w:t>Ada</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t> sings.</w:t></w:r></w:p>'
    found = article(tmp_path, docx(word("H", "Heading1") + body, more=footnotes("She did.")), "x.docx")
    assert "Ada sings." in found.body
    assert "She did." in found.body
    assert "↑" not in found.body


CREATED = "<dcterms:created>2024-05-06T07:08:10Z</dcterms:created><dcterms:modified>2024-05-07</dcterms:modified>"


def test_properties_of_a_word_document(tmp_path: Path) -> None:
    said = f"""<dc:title>The Ball at the Pier</dc:title><dc:creator>Mo Ray</dc:creator><dc:subject>Balls</dc:subject>
      <cp:keywords>fog, sea; rain</cp:keywords><dc:language>en-GB</dc:language>{CREATED}"""
    found = article(tmp_path, docx(word("word " * 30), said), "x.docx")
    assert (found.title, found.authors, found.date) == ("The Ball at the Pier", ("Mo Ray",), None)
    assert (found.tags, found.language, found.extra) == (("fog", "sea", "rain"), "en-GB", {"subject": "Balls"})
    assert article(tmp_path, docx(word("Head", "Heading1") + word("One."), said), "x.docx").title == "Head"


@pytest.mark.parametrize("title", ["Microsoft Word - x.doc", "untitled", "Document 1", "letter.docx", "12"])
def test_what_nobody_wrote_is_no_title_or_author(tmp_path: Path, title: str) -> None:
    said = f"<dc:title>{title}</dc:title><dc:creator>python-docx</dc:creator>"
    found = article(tmp_path, docx(word("word " * 30), said), "Notes.docx")
    assert (found.title, found.authors) == ("Notes", ())


def test_what_lies_beside_takes_precedence(tmp_path: Path) -> None:
    for name, data in (("a.docx", docx(word("Text."))), ("b.odt", odt("<text:p>x</text:p>")), ("c.rtf", b"{\\rtf1 x}")):
        put(tmp_path, f"{name[0]}.yaml", "title: Mine\ndate: 1958-06\npeople: [Di]\n")
        found = article(tmp_path, data, name)
        assert (found.title, found.date, found.people) == ("Mine", "1958-06", ("Di",))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>One <text:span>two</text:span><text:s text:c='2'/>three</text:p><text:p>Four</text:p>", "One two three\n\nFour"),
        ("<text:p>a<text:tab/>b<text:line-break/>c</text:p>", "a b\nc"),
        ("<text:h text:outline-level='2'>Part</text:h><text:p>One</text:p>", "Part\n\nOne"),
        ("<text:list><text:list-item><text:p>a</text:p></text:list-item><text:list-item><text:p>b</text:p></text:list-item>"
         "</text:list>", "• a\n• b"),
        ("<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>"
         "<text:p>b</text:p></table:table-cell></table:table-row></table:table>", "a | b"),
        ("<text:p>Ada<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>She did.</text:p>"
         "</text:note-body></text:note> sings.</text:p><text:p>End</text:p>", "Ada sings.\n\nShe did.\n\nEnd"),
        ("<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:p>kept<office:annotation>"
         "<text:p>remark</text:p></office:annotation></text:p>", "kept"),
        ("<text:p><drawing:frame><svg:desc>A boat</svg:desc><drawing:text-box><text:p>Box</text:p></drawing:text-box>"
         "</drawing:frame></text:p>", "A boat\n\nBox"),
    ],
)  # fmt: skip
def test_the_text_of_an_opendocument(tmp_path: Path, body: str, text: str) -> None:
    found = article(tmp_path, odt(f"<text:h text:outline-level='1'>Head</text:h>{body}"), "x.odt")
    assert (found.title, found.body) == ("Head", text)


def test_properties_of_an_opendocument(tmp_path: Path) -> None:
    said = """<dc:title>The Ball at the Pier</dc:title><meta:initial-creator>Mo Ray</meta:initial-creator>
      <dc:creator>Ed</dc:creator><meta:creation-date>2024-05-06</meta:creation-date><meta:keyword>fog</meta:keyword>
      <meta:keyword>sea</meta:keyword><meta:generator>LibreOffice</meta:generator>"""
    found = article(tmp_path, odt("<text:p>" + "word " * 30 + "</text:p>", said), "x.odt")
    assert (found.title, found.authors, found.date, found.tags) == (
        "The Ball at the Pier",
        ("Mo Ray",),
        None,
        ("fog", "sea"),
    )
    assert found.extra == {}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 One caf\'e9.\par Two \u8220?so\u8221?.}", "One café.\n\nTwo “so”."),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'ee}", "По"),
        (b"{\\rtf1\\ansi\\ansicpg1252 caf\xe9}", "café"),
        (rb"{\rtf1 {\fonttbl{\f0 Times;}}{\b Ada} \i Quill\i0 sings{\deleted no} on{\v hidden} deck\line of it.}",
         "Ada Quillsings on deck\nof it."),
        (rb"{\rtf1 a{\pict\pngblip " + b"89504e47" * 500 + rb"}b{\*\bkmkstart x}c}", "abc"),
    ],
)  # fmt: skip
def test_the_text_of_rtf(tmp_path: Path, data: bytes, text: str) -> None:
    put(tmp_path, "x.yaml", "title: T\n")
    assert article(tmp_path, data, "x.rtf").body == text


def test_properties_of_rtf(tmp_path: Path) -> None:
    info = rb"{\info{\title The Ball at the Pi\'e9r}{\author Mo Ray}{\keywords fog, sea}{\creatim\yr2024\mo5\dy6}}"
    found = article(tmp_path, rb"{\rtf1\ansi" + info + b" " + b"word " * 30 + b"}", "x.rtf")
    assert (found.title, found.authors, found.date) == ("The Ball at the Piér", ("Mo Ray",), None)
    assert found.tags == ("fog", "sea")


def test_what_of_rtf_is_not_read_is_said(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, rb"{\rtf1 Ada sings.\par So.{\footnote She did.}}", "x.rtf")
    assert warning.what == "the footnotes of the document are not read"


DOCUMENT = docx(word("Text."))
ENTITY = '<!DOCTYPE x [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("x.docx", b"", "the file is empty"),
        ("x.docx", b"not a zip file", "the document is damaged"),
        ("x.docx", DOCUMENT[: len(DOCUMENT) // 2], "the document is damaged"),
        ("x.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "the document has a password"),
        ("x.docx", package({"a": "b"}), "there is no word/document.xml in it"),
        ("x.docx", docx("", more={"word/document.xml": f"{ENTITY}<x>&a;</x>"}), "declares a document type"),
        ("x.docx", docx("", more={"word/document.xml": f"{ENTITY}<x/>".encode("utf-16")}), "declares a document type"),
        ("x.docx", docx("", more={"docProps/core.xml": f"{ENTITY}<x>&a;</x>"}), "the XML defines entities"),
        ("x.docx", docx("", more={"word/document.xml": "<x>"}), "the document cannot be understood: ExpatError"),
        ("x.docx", docx("<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000), "nested too deep"),
        ("x.docx", lambda: docx("", more={"word/media.xml": b" " * 90_000_000}), "it is made to fill memory or disk"),
        ("x.odt", b"", "the file is empty"),
        ("x.odt", odt("<text:p>x</text:p>")[:300], "the document is damaged"),
        ("x.odt", DOCUMENT, "there is no content.xml in it"),
        ("x.odt", odt("", kind="spreadsheet"), "this is no OpenDocument text, but spreadsheet"),
        ("x.odt", odt("", manifest="<manifest:encryption-data/>"), "the document has a password"),
        ("x.odt", odt("<text:section>" * 500 + "</text:section>" * 500), "nested more than 150 deep"),
        ("x.odt", package({"content.xml": f"{ENTITY}<x>&a;</x>"}), "the XML defines entities"),
        ("x.odt", lambda: package({"content.xml": b" " * 90_000_000}), "it is made to fill memory or disk"),
        ("x.rtf", b"", "the file is empty"),
        ("x.rtf", b"Text.", "this is not RTF"),
        ("x.rtf", b"{\\rtf1 " + b"word " * 30_000 + b"}", "its text is"),
    ],
)
def test_what_cannot_be_read_is_one_named_problem(
    tmp_path: Path, name: str, data: bytes | Callable[[], bytes], what: str
) -> None:
    bad = problem(tmp_path, data() if callable(data) else data, name, 100_000)
    assert isinstance(bad, Problem)
    assert what in bad.what
