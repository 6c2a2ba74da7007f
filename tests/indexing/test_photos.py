"""Photographs in a corpus: as articles of their own, and as parts of the articles that show them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive

from ..corpus.helpers import put
from ..corpus.photos import alternatives, bag, iim, picture, xmp

pytest.importorskip("PIL")
pytest.importorskip("defusedxml")

NAMES = ("Ada Quill", "Bo Marsh", "Cy Dorn", "Dee Arkwright", "Eli Vance")
PLACES = ("The Mole", "Lantern Hall", "The Slip")
PEOPLE = "".join(f"- name: {name}\n" for name in NAMES)


SHOWN = "---\ntitle: Nets\nimage: a.jpg\n---\n\nA day at the slip.\n"


def photo(caption: str, **fields: str) -> bytes:
    return picture(iim=iim(caption=caption, **fields))


def bodies(archive: Archive) -> dict[str, str]:
    return {article.path: article.body for article in archive.articles()}


def test_two_hundred_photographs_answer_as_articles_do(tmp_path: Path) -> None:
    photos, texts = tmp_path / "photos", tmp_path / "texts"
    for root in (photos, texts):
        put(root, "people.yaml", PEOPLE)
    for n in range(200):
        one, other = NAMES[n % 5], NAMES[(n // 5 + n + 1) % 5]
        people = list(dict.fromkeys((one, other)))
        date, place = f"{1950 + n % 40}-{n % 12 + 1:02}-{n % 28 + 1:02}", PLACES[n % 3]
        caption = f"{one}, left, and {other} at the supper of {n}." if n % 4 else f"Supper number {n}."
        fields = {"Iptc4xmpExt:PersonInImage": bag(people), "photoshop:DateCreated": date}
        if n % 2:
            data = picture(xmp=xmp(fields), iim=iim(headline=f"Supper {n}", caption=caption, sublocation=place))
        else:
            fields |= {"photoshop:Headline": f"Supper {n}", "dc:description": alternatives(caption),
                       "Iptc4xmpCore:Location": place}  # fmt: skip
            data = picture(xmp=xmp(fields))
        put(photos, f"box {n % 7}/{n}.jpg", data)
        front = f"title: Supper {n}\ndate: {date}\npeople: [{', '.join(people)}]\nvenues: [{place}]"
        put(texts, f"box {n % 7}/{n}.md", f"---\n{front}\n---\n\n{caption}\n")
    one, two = Archive.open(photos), Archive.open(texts)
    for each in (one, two):
        report = each.index()
        assert (report.added, report.problems, report.warnings) == (200, (), ())
    for name, other in ((NAMES[0], NAMES[1]), (NAMES[2], NAMES[0]), (NAMES[3], NAMES[4])):
        found, same = (each.encounters(name, other, limit=None, stance="all").rows for each in (one, two))
        assert {(row.id, row.level) for row in found} == {(row.id, row.level) for row in same}
        assert {row.level for row in found} == {"sentence", "declared"}
        # Whom a photograph declares, it shows; an article that declares people may only be about them.
        assert {row.stance for row in found if row.level == "declared"} == {"together"}
        assert {row.stance for row in same if row.level == "declared"} == {"mentioned"}
    for query in ("", "supper", f'person:"{NAMES[2]}"', "date:[1960 TO 1969]"):
        pages = [each.search(query, facets=("person", "venue", "year"), limit=None) for each in (one, two)]
        assert pages[0].total == pages[1].total > 0
        assert pages[0].facets == pages[1].facets
        assert [hit.id for hit in pages[0].hits] == [hit.id for hit in pages[1].hits]
        assert one.timeline(query) == two.timeline(query)
    assert (one.search("kind:photo").total, one.search("kind:article").total) == (200, 0)
    assert (two.search("kind:photo").total, two.search("kind:article").total) == (0, 200)


@pytest.mark.parametrize(
    "caption",
    ["L-R: Cy Dorn, Ada Quill and Bo Marsh at the pier.", "(L–R) Cy Dorn, Ada Quill, Bo Marsh.",
     "From left, Cy Dorn, Ada Quill (center) and Bo Marsh at the gala.",
     "Cy Dorn (left), Ada Quill (center), Bo Marsh (right)", "Left to right: Cy Dorn; Ada Quill; Bo Marsh",
     "Cy Dorn, l., with Ada Quill, c., and Bo Marsh, r.", "L to R, Cy Dorn/Ada Quill/Bo Marsh"],
)  # fmt: skip
def test_people_are_in_the_order_of_the_caption(tmp_path: Path, caption: str) -> None:
    for number in range(3):
        put(tmp_path, f"{number}.jpg", photo(caption, headline=f"Gala {number}"))
    put(tmp_path, "people.yaml", PEOPLE)
    archive = Archive.open(tmp_path)
    archive.index()
    for article in archive.articles():
        assert (article.body, article.people) == (caption, ("Cy Dorn", "Ada Quill", "Bo Marsh"))
    rows = archive.encounters("Cy Dorn", "Bo Marsh", limit=None).rows
    assert [row.level for row in rows] == ["sentence"] * 3


def test_a_photograph_is_an_article_or_part_of_one(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", photo("Ada Quill mends a net."))
    put(tmp_path, "x.md", "# Nets\n\nA day at the slip.\n")
    archive = Archive.open(tmp_path)
    assert archive.index().added == 2
    assert archive.search("kind:photo").total == 1

    put(tmp_path, "x.md", SHOWN)
    report = archive.index()
    assert (report.updated, report.removed) == (1, 1)
    assert bodies(archive) == {"corpus/x.md": "A day at the slip.\n\nAda Quill mends a net."}
    assert archive.search("kind:photo").total == 0
    again = archive.index()
    assert (again.added, again.updated, again.removed, again.unchanged) == (0, 0, 0, 1)

    put(tmp_path, "a.jpg", photo("Bo Marsh mends a net."))  # the picture changes, the text does not
    assert archive.index().updated == 1
    assert bodies(archive) == {"corpus/x.md": "A day at the slip.\n\nBo Marsh mends a net."}

    put(tmp_path, "a.yaml", "caption: Cy Dorn mends a net.\n")
    assert archive.index().updated == 1
    assert bodies(archive)["corpus/x.md"].endswith("Cy Dorn mends a net.")

    put(tmp_path, "x.md", "# Nets\n\nA day at the slip.\n")  # shown no longer
    report = archive.index()
    assert (report.updated, report.added) == (1, 1)
    assert bodies(archive) == {"corpus/x.md": "A day at the slip.", "corpus/a.jpg": "Cy Dorn mends a net."}
    assert archive.index().unchanged == 2


def test_a_picture_may_come_after_its_text_and_go_before_it(tmp_path: Path) -> None:
    put(tmp_path, "x.md", SHOWN.replace("a.jpg", "pictures/my%20net.jpg"))
    put(tmp_path, "y.jpg", photo("Another."))  # an archive that has photographs at all
    archive = Archive.open(tmp_path)
    archive.index()
    file = put(tmp_path, "pictures/my net.jpg", photo("Ada Quill mends a net."))
    report = archive.index()
    assert (report.added, report.updated) == (0, 1)
    assert bodies(archive)["corpus/x.md"].endswith("Ada Quill mends a net.")
    file.unlink()
    assert archive.index().updated == 1
    assert bodies(archive)["corpus/x.md"] == "A day at the slip."


def test_the_first_and_the_last_photograph_of_an_archive(tmp_path: Path) -> None:
    put(tmp_path, "x.md", SHOWN)
    archive = Archive.open(tmp_path)
    archive.index()
    file = put(tmp_path, "a.jpg", photo("Ada Quill mends a net."))
    archive.index()
    assert bodies(archive) == {"corpus/x.md": "A day at the slip.\n\nAda Quill mends a net."}
    file.unlink()
    archive.index()
    assert bodies(archive) == {"corpus/x.md": "A day at the slip."}


def test_a_full_run_makes_the_same(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", photo("Ada Quill mends a net."))
    put(tmp_path, "b.jpg", photo("Bo Marsh mends a net."))
    text = "A day at the slip, as there are many of them in a year, and none of them is like another."
    put(tmp_path, "x.html", f"<html><body><article><h1>Nets</h1><p>{text}</p><img src='a.jpg'></article></body></html>")
    archive = Archive.open(tmp_path)
    archive.index()
    before = bodies(archive)
    assert before.keys() == {"corpus/x.html", "corpus/b.jpg"}
    assert before["corpus/x.html"].endswith("Ada Quill mends a net.")
    assert archive.index(full=True).added == 0
    assert bodies(archive) == before


@pytest.mark.parametrize("data", [b"", b"no picture", photo("x")[:60]])
def test_a_bad_photograph_is_a_problem_and_costs_no_other(tmp_path: Path, data: bytes) -> None:
    put(tmp_path, "a.jpg", data)
    put(tmp_path, "b.jpg", photo("Bo Marsh mends a net."))
    put(tmp_path, "x.md", "# Nets\n\nA day at the slip.\n")
    archive = Archive.open(tmp_path)
    report = archive.index()
    assert report.added == 2
    assert [problem.path for problem in report.problems] == ["corpus/a.jpg"]
    put(tmp_path, "x.md", SHOWN)
    assert archive.index().updated == 1


def test_raw_pictures_and_their_xmp_are_passed_over_together(tmp_path: Path) -> None:
    put(tmp_path, "a.nef", b"raw")
    put(tmp_path, "a.xmp", xmp({}))
    put(tmp_path, "b.jpg", photo("Bo Marsh mends a net."))
    report = Archive.open(tmp_path).index()
    assert (report.added, report.problems, dict(report.skipped)) == (1, (), {".nef": 1, ".xmp": 1})


def test_kind_may_be_declared_and_be_a_facet(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", photo("Ada Quill mends a net."))
    put(tmp_path, "x.md", "---\ntitle: Nets\nkind: review\n---\n\nA day at the slip.\n")
    put(tmp_path, "y.md", "# Ropes\n\nA day at the slip.\n")
    (tmp_path / "archive.yaml").write_text("facets: [kind]\n")
    archive = Archive.open(tmp_path)
    archive.index()
    facet = archive.search("", facets=("kind",)).facets["kind"]
    assert {value.value: value.count for value in facet.values} == {"photo": 1, "review": 1, "article": 1}
    assert archive.search("kind:review").total == 1
