"""What photographs say of themselves, in every form, is their articles."""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.article import Article

from ..support import generated
from .helpers import article, everything, problem, put, results
from .photos import alternatives, bag, iim, picture, regions, xmp

pytest.importorskip("PIL")
pytest.importorskip("defusedxml")

PEOPLE = ("Ada Quill", "Bo Marsh")
IIM = iim(
    headline="A Slack Sail", object_name="Regatta 7", date="19940703",
    caption="Ada Quill, left, with Bo Marsh on the mole.",
    byline=["Mo Lind"], credit="Harbour Pictures", source="The Harbour", keywords=["regatta", "wind"],
    sublocation="The Mole", city="Pennyport", country="Westland",
)  # fmt: skip
XMP = {
    "photoshop:Headline": "A Slack Sail",
    "dc:title": alternatives("Regatta 7"),
    "dc:description": alternatives("Flaute", "Ada Quill, left, with Bo Marsh on the mole."),
    "photoshop:DateCreated": "1994-07-03T15:00:00+02:00",
    "dc:creator": bag(["Mo Lind"], "Seq"),
    "photoshop:Credit": "Harbour Pictures",
    "photoshop:Source": "The Harbour",
    "dc:subject": bag(["regatta", "wind"]),
    "Iptc4xmpCore:Location": "The Mole",
    "photoshop:City": "Pennyport",
    "photoshop:Country": "Westland",
}


def fields(found: Article) -> tuple[object, ...]:
    return (found.title, found.body, found.date, found.authors, found.credits, found.source, found.tags, found.venues,
            found.extra.get("city"), found.extra.get("country"), found.extra.get("object_name"))  # fmt: skip


EXPECTED = ("A Slack Sail", "Ada Quill, left, with Bo Marsh on the mole.", "1994-07-03", ("Mo Lind",),
            ("Harbour Pictures",), "The Harbour", ("regatta", "wind"), ("The Mole",), "Pennyport", "Westland",
            "Regatta 7")  # fmt: skip


@pytest.mark.parametrize("name", ["a.jpg", "a.jpeg", "a.tif", "a.tiff", "a.png", "a.webp", "A.JPG"])
def test_every_kind_of_picture_has_xmp(tmp_path: Path, name: str) -> None:
    kinds = {"jpg": "JPEG", "jpeg": "JPEG", "tif": "TIFF", "tiff": "TIFF", "png": "PNG", "webp": "WEBP"}
    found = article(tmp_path, picture(kinds[name.lower().rpartition(".")[2]], xmp=xmp(XMP)), name)
    assert fields(found) == EXPECTED
    assert (found.kind, found.pictures) == ("photo", (f"corpus/{name}",))


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_iptc_is_read_where_there_is_no_xmp(tmp_path: Path, kind: str) -> None:
    assert fields(article(tmp_path, picture(kind, iim=IIM), "a.jpg")) == EXPECTED


def test_xmp_comes_before_iptc_and_both_before_exif(tmp_path: Path) -> None:
    data = picture(xmp=xmp({"photoshop:Headline": "New"}), iim=iim(headline="Old", byline="Mo Lind"),
                   exif={0x010E: "A mole", 0x013B: "Nobody"})  # fmt: skip
    found = article(tmp_path, data, "a.jpg")
    assert (found.title, found.authors, found.body) == ("New", ("Mo Lind",), "A mole")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_encodings_of_iptc(tmp_path: Path, encoding: str) -> None:
    data = picture(iim=iim(encoding, caption="The café “Möwe”"))
    assert article(tmp_path, data, "a.jpg").body == "The café “Möwe”"


@pytest.mark.parametrize(
    ("value", "date"),
    [("19940703", "1994-07-03"), ("19940700", "1994-07"), ("19940000", "1994"), ("00000000", None)],
)
def test_dates_of_iptc_are_as_precise_as_they_are(tmp_path: Path, value: str, date: str | None) -> None:
    assert article(tmp_path, picture(iim=iim(date=value, caption="The mole.")), "a.jpg").date == date


def test_when_a_file_was_made_is_no_date(tmp_path: Path) -> None:
    exif = {0x0132: "2019:01:02 03:04:05", 0x010E: "OLYMPUS DIGITAL CAMERA"}
    data = picture(xmp=xmp({"xmp:CreateDate": "2019-01-02", "xmp:ModifyDate": "2020"}), exif=exif)
    found = article(tmp_path, data, "Storm 12.jpg")
    assert (found.title, found.date, found.body) == ("Storm 12", None, "")
    assert article(tmp_path, data, "1953-02-01 Storm.jpg").date == "1953-02-01"


@pytest.mark.parametrize(
    "properties",
    [
        {"Iptc4xmpExt:PersonInImage": bag(PEOPLE)},
        {"Getty:Personality": bag(PEOPLE)},
        {"mwg-rs:Regions": regions((PEOPLE[0], "Face"), ("Rex", "Pet"), (PEOPLE[1], "Face"))},
        {"Iptc4xmpExt:PersonInImage": bag(PEOPLE[:1]), "mwg-rs:Regions": regions((PEOPLE[1], "Face"))},
        {"Iptc4xmpExt:PersonInImageWDetails": '<rdf:Bag>' + "".join(
            '<rdf:li rdf:parseType="Resource">'
            f"<Iptc4xmpExt:PersonName>{alternatives(name)}</Iptc4xmpExt:PersonName></rdf:li>"
            for name in PEOPLE) + "</rdf:Bag>"},
        {"MP:RegionInfo": '<rdf:Description><MPRI:Regions><rdf:Bag>' + "".join(
            f'<rdf:li><rdf:Description MPReg:PersonDisplayName="{name}"/></rdf:li>' for name in PEOPLE)
            + "</rdf:Bag></MPRI:Regions></rdf:Description>"},
    ],
)  # fmt: skip
def test_people_in_every_form(tmp_path: Path, properties: dict[str, str]) -> None:
    assert article(tmp_path, picture(xmp=xmp(properties)), "a.jpg").people == PEOPLE


def test_a_picture_without_declared_people_leaves_them_open(tmp_path: Path) -> None:
    assert "people" in article(tmp_path, picture(iim=IIM), "a.jpg").inferred


def test_places_that_are_shown_and_attributes(tmp_path: Path) -> None:
    place = ('<rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:Sublocation>The Mole</Iptc4xmpExt:Sublocation>'
             "<Iptc4xmpExt:City>Pennyport</Iptc4xmpExt:City></rdf:li></rdf:Bag>")  # fmt: skip
    data = xmp({"Iptc4xmpExt:LocationShown": place}, attributes='photoshop:Headline="A Slack Sail"')
    found = article(tmp_path, picture(xmp=data), "a.jpg")
    assert (found.venues, found.extra["city"], found.title) == (("The Mole",), "Pennyport", "A Slack Sail")


@pytest.mark.parametrize("credit", ["Photo: Mo Lind/Harbour", "(Photo by Mo Lind/Getty Images)"])
def test_a_credit_leaves_the_caption(tmp_path: Path, credit: str) -> None:
    found = article(tmp_path, picture(iim=iim(caption=f"Ada Quill on the mole. {credit}")), "a.jpg")
    assert (found.body, found.credits) == ("Ada Quill on the mole.", (credit,))


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.jpg.yaml"])
def test_a_yaml_file_beside_a_picture_wins(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, "title: Declared\ndate: 1990\npeople: [Cy Dorn]\n")
    found = article(tmp_path, picture(iim=IIM, xmp=xmp({"Iptc4xmpExt:PersonInImage": bag(PEOPLE)})), "a.jpg")
    assert (found.title, found.date, found.people) == ("Declared", "1990", ("Cy Dorn",))
    assert (found.body, found.authors) == ("Ada Quill, left, with Bo Marsh on the mole.", ("Mo Lind",))
    put(tmp_path, name, "caption: Cy Dorn mends a net.\n")
    assert article(tmp_path, picture(iim=IIM), "a.jpg").body == "Cy Dorn mends a net."


@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.xmp", "a.XMP"])
def test_an_xmp_file_beside_a_picture_wins(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, xmp({"photoshop:Headline": "Newer", "dc:description": alternatives("Bo Marsh at home.")}))
    found = article(tmp_path, picture(iim=IIM), "a.jpg")
    assert (found.title, found.body, found.date) == ("Newer", "Bo Marsh at home.", "1994-07-03")


def test_a_picture_that_says_nothing_is_taken_with_a_warning(tmp_path: Path) -> None:
    found, warning = everything(tmp_path, "The old mole.png", picture("PNG"))
    assert isinstance(found, Article)
    assert (found.title, found.body, found.kind) == ("The old mole", "", "photo")
    assert "no text" in str(warning)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("packet", "what"),
    [(xmp(XMP, before=ENTITIES), "entities"), (xmp(XMP)[:200], "no XML"), (b"\xff\xfe\x00", "no XML"),
     (xmp({"dc:description": '<!DOCTYPE x SYSTEM "file:///etc/passwd">'}), "no XML")],
)  # fmt: skip
def test_bad_xmp_costs_neither_the_picture_nor_its_iptc(tmp_path: Path, packet: bytes, what: str) -> None:
    found, *warnings = everything(tmp_path, "a.jpg", picture(iim=IIM, xmp=packet))
    assert isinstance(found, Article)
    assert fields(found) == EXPECTED
    assert what in str(warnings[0])
    put(tmp_path, "b.xmp", packet)
    found, *warnings = everything(tmp_path, "b.jpg", picture(iim=IIM))
    assert isinstance(found, Article)
    assert "corpus/b.xmp" in str(warnings[0])


def test_deep_xmp_ends(tmp_path: Path) -> None:
    deep = "<dc:x>" * 2_000 + "</dc:x>" * 2_000
    assert fields(article(tmp_path, picture(iim=IIM, xmp=xmp({"dc:relation": deep})), "a.jpg")) == EXPECTED


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"no picture", b"<html><body>hello</body></html>", b"%PDF-1.4", picture()[:15], picture("PNG")[:20],
        picture("TIFF")[:6], picture("WEBP")[:11], b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        png(100_000, 100_000),
        lambda: png(8, 8, chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b" " * 60_000_000))),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_a_problem(tmp_path: Path, data: bytes | Callable[[], bytes]) -> None:
    assert problem(tmp_path, data() if callable(data) else data, "a.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_breaks_off_is_named(tmp_path: Path, kind: str) -> None:
    found, *warnings = everything(tmp_path, "a.jpg", picture(kind, xmp=xmp(XMP))[:-12])
    if isinstance(found, Article):
        assert "breaks off" in str(warnings[0])


@pytest.mark.parametrize("size", [4, 9, 30, 60])
def test_iptc_that_breaks_off_loses_its_end_only(tmp_path: Path, size: int) -> None:
    data = picture(iim=IIM[:size], xmp=xmp({"photoshop:Headline": "A Slack Sail"}))
    assert article(tmp_path, data, "a.jpg").title == "A Slack Sail"


def test_without_the_extra_the_problem_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.corpus.formats import registry

    data = picture()
    monkeypatch.setitem(__import__("sys").modules, "defusedxml", None)
    registry._missing.cache_clear()
    try:
        assert "pip install 'searchable-archive[photos]'" in str(problem(tmp_path, data, "a.jpg"))
    finally:
        registry._missing.cache_clear()


# -- pictures of articles --------------------------------------------------------------


MOLE = "Ada Quill, left, with Bo Marsh on the mole. (Cy Dorn)"


@pytest.mark.parametrize(
    "text",
    ["# Wind\n\nIt fell.\n\n![](a.jpg)\n\nIt rose.\n", "# Wind\n\nIt fell.\n\n![It fell](./a.jpg 'x')\n\nIt rose.\n",
     "# Wind\n\nIt fell. See a.jpg for more.\n\nIt rose.\n", "# Wind\n\nIt fell.\n\n[[a.jpg]]\n\nIt rose.\n",
     '# Wind\n\nIt fell.\n\n<img src="a.jpg">\n\nIt rose.\n', "# Wind\n\n- It fell\n- a.jpg\n- and on.\n\nIt rose.\n",
     "---\nimage: a.jpg\n---\n# Wind\n\nIt fell.\n\n![](a.jpg)\n\nIt rose.\n",
     "# Wind\n\n```\nIt fell.\n\na.jpg\n```\nIt rose."],
)  # fmt: skip
def test_an_article_has_the_captions_of_its_pictures_where_they_are(tmp_path: Path, text: str) -> None:
    found = _with_mole(tmp_path, text, "x.md")
    before, caption, after = found.body.partition(f"\n\n{MOLE}\n\n")
    assert "It fell" in before
    assert (caption.strip(), after) == (MOLE, "It rose.")
    assert (found.pictures, found.credits) == (("corpus/a.jpg",), ("Harbour Pictures",))
    rows = found.body.split("\n")
    row = rows.index(MOLE)
    assert found.picture_rows == (row,)
    assert [block for block in found.blocks if block.style == "caption"] == [("caption", row, row)]
    lines = text.split("\n")
    line = max(n for n, each in enumerate(lines, 1) if "a.jpg" in each)
    assert found.line_at(found.body.index("Ada")) == line
    assert found.line_at(found.body.index("It rose")) == lines.index("It rose.") + 1
    assert found.line_at(0) == next(n for n, each in enumerate(lines, 1) if "It fell" in each)
    assert (found.kind, found.date, found.authors) == ("", None, ())


def _with_mole(folder: Path, text: str, name: str) -> Article:
    """An article that names a picture of the mole."""
    put(folder, "a.jpg", picture(iim=IIM, xmp=xmp({"Iptc4xmpExt:PersonInImage": bag(["Bo Marsh", "Cy Dorn"])})))
    return article(folder, text, name)


def test_a_picture_that_opens_the_text_stays_there(tmp_path: Path) -> None:
    found = _with_mole(tmp_path, "# Wind\n\n![](a.jpg)\n\nIt rose.\n", "x.md")
    assert (found.body, found.picture_rows) == (f"{MOLE}\n\nIt rose.", (0,))
    assert [found.line_at(at) for at in (0, found.body.index("It rose"))] == [3, 5]


def test_a_picture_of_the_metadata_alone_is_at_the_end(tmp_path: Path) -> None:
    found = _with_mole(tmp_path, "---\nimage: a.jpg\n---\n# Wind\n\nIt fell.\n\nIt rose.\n", "x.md")
    assert found.body == f"It fell.\n\nIt rose.\n\n{MOLE}"
    assert [found.line_at(found.body.index(each)) for each in ("It fell", "It rose", "Ada")] == [6, 8, 2]


def test_pictures_of_a_page_are_where_the_text_before_them_is(tmp_path: Path) -> None:
    put(tmp_path, "b.jpg", picture(iim=iim(caption="Cy Dorn at the slip.")))
    put(tmp_path, "c.jpg", picture())
    one = "The wind fell at noon, and the boats lay &amp; waited in the <i>lee</i> of the mole."
    two = "At four it rose again, and everybody who had a sail was out before five o'clock."
    page = (
        f"<html><head><meta property='og:image' content='a.jpg'></head><body><nav><a href='/'>Home</a></nav><article>"
        f"<h1>Wind</h1><p>{one}</p><p><img src='a.jpg'></p><p>{two}</p><img src='b.jpg'><img src='c.jpg'>"
        f"<p>{two.replace('four', 'six')}</p></article></body></html>"
    )
    found = _with_mole(tmp_path, page, "x.html")
    paragraphs = found.body.split("\n\n")
    assert [each[:7] for each in paragraphs] == ["The win", "Ada Qui", "At four", "Cy Dorn", "At six "]
    assert found.pictures == ("corpus/a.jpg", "corpus/b.jpg", "corpus/c.jpg")
    assert [found.body.split("\n")[row][:7] for row in found.picture_rows] == ["Ada Qui", "Cy Dorn", "Cy Dorn"]


@generated(60)
@given(
    blocks=st.lists(st.sampled_from(["One.", "Two\nlines.", "> Said.", "- a\n- b", "## Part", "```\nx\n\ny\n```",
                                     "a.jpg", "![](b.jpg)", "See [it](a.jpg) there."]), min_size=1, max_size=8),
    front=st.booleans(),
)  # fmt: skip
def test_captions_leave_all_other_lines_where_they_are(blocks: list[str], front: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = ("---\ntitle: T\nimage: c.jpg\n---\n" if front else "# T\n\n") + "\n\n".join(blocks)
        plain = article(folder, text, "x.md")
        for each in "abc":
            put(folder, f"{each}.jpg", picture(iim=iim(caption=f"Caption {each}.")))
        found = article(folder, text, "x.md")
        captions = {row for block in found.blocks if block.style == "caption" for row in range(block[1], block[2] + 1)}
        rows = found.body.split("\n")
        assert len(captions) == sum(f"{each}.jpg" in text for each in "abc")
        assert [row for n, row in enumerate(rows) if row.strip() and n not in captions] == [
            row for row in plain.body.split("\n") if row.strip()
        ]
        styles = [(block.style, rows[block.first_row]) for block in found.blocks if block.style != "caption"]
        before = plain.body.split("\n")
        assert styles == [(block.style, before[block.first_row]) for block in plain.blocks]
        for n, row in enumerate(rows):
            if row.strip():
                line = text.split("\n")[found.line_at(len("\n".join(rows[:n])) + bool(n)) - 1]
                assert ".jpg" in line if n in captions else row.strip("- ") in line or "it" in line


@pytest.mark.parametrize(
    "name", ["my%20sail.jpg", "my sail.jpg", "pictures/1.jpg", "/pictures/1.jpg", "../posts/pictures/../my sail.jpg"]
)
def test_names_with_spaces_and_folders(tmp_path: Path, name: str) -> None:
    for place in ("posts/my sail.jpg", "posts/pictures/1.jpg", "pictures/1.jpg"):
        put(tmp_path, place, picture(iim=iim(caption="Bo Marsh mends a net.")))
    found = article(tmp_path, f"# Nets\n\nA day.\n\n![]({name})\n", "posts/x.md")
    assert found.body.endswith("Bo Marsh mends a net.")


@pytest.mark.parametrize(
    "name", ["https://harbour.example/a.jpg", "../../a.jpg", "b.jpg", "a.jpg.txt", "//h.example/a.jpg"]
)
def test_other_pictures_are_none_of_an_article(tmp_path: Path, name: str) -> None:
    put(tmp_path, "a.jpg", picture(iim=IIM))
    (tmp_path / "a.jpg").write_bytes(picture(iim=IIM))
    assert "mole" not in article(tmp_path, f"# Wind\n\nIt fell.\n\n![]({name})\n", "x.md").body


def test_a_bad_picture_costs_an_article_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", b"no picture")
    (found,) = results(tmp_path, "x.md", "# Wind\n\nIt fell.\n\n![](a.jpg)\n")
    assert isinstance(found, Article)
    assert found.body.startswith("It fell.")


def test_of_two_files_beside_a_picture_the_yaml_is_read_and_the_other_named(tmp_path: Path) -> None:
    from archive.corpus.scan import scan

    put(tmp_path, "a.jpg", picture(iim=IIM))
    put(tmp_path, "a.xmp", xmp({"photoshop:Headline": "In XMP"}))
    assert article(tmp_path, picture(iim=IIM), "a.jpg").title == "In XMP"
    put(tmp_path, "a.yaml", "title: In YAML\n")
    assert article(tmp_path, picture(iim=IIM), "a.jpg").title == "In YAML"
    (found,) = scan(tmp_path / "corpus", tmp_path).problems
    assert (found.path, found.what) == ("corpus/a.xmp", "a.yaml has the same name")
