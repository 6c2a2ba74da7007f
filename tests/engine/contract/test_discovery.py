"""The contract of discovered names: the same values, marks and changes on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive

from ...conftest import Settings
from .conftest import ENGINES

TEXTS = {
    "one": "Mayor Quill opened the fair at the Opal Theatre. Quill said that it was late.",
    "two": "The painter Vesna Oduya danced with Otto Brandt, 40, at the Opal Theatre.",
    "three": "---\npeople: [Ada Byrne]\n---\nVesna Oduya, 31, wrote to Ada Byrne.",
}


def write(archive: Archive, **texts: str) -> None:
    for name, text in texts.items():
        path = archive.root / "corpus" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture(params=ENGINES)
def archive(request: pytest.FixtureRequest, tmp_path: Path, on_server: Settings) -> Archive:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "archive.yaml").write_text(on_server() if request.param == "opensearch" else "name: w\n", "utf-8")
    archive = Archive.open(tmp_path)
    write(archive, **TEXTS)
    assert archive.index().added == 3
    return archive


def people(archive: Archive) -> dict[str, tuple[str, ...]]:
    return {hit.path.rpartition("/")[2].removesuffix(".md"): hit.people for hit in archive.search(limit=None).hits}


def test_discovered_names_count_and_are_marked(archive: Archive) -> None:
    assert people(archive) == {"one": ("Quill",), "two": ("Vesna Oduya", "Otto Brandt"), "three": ("Ada Byrne",)}
    page = archive.search()
    marked = {each.value: each.unreviewed for each in page.facets["person"].values}
    assert marked == {"Quill": True, "Vesna Oduya": True, "Otto Brandt": True, "Ada Byrne": False}
    (venue,) = archive.facet("venue").values
    assert (venue.value, venue.count, venue.unreviewed) == ("Opal Theatre", 2, True)
    (hit,) = archive.search(person="Vesna Oduya").hits
    assert hit.provenance["people"] == {"Vesna Oduya": "discovered", "Otto Brandt": "discovered"}
    assert archive.search("person_unreviewed:oduya").total == 1
    assert archive.encounters("Vesna Oduya", "Otto Brandt").articles == 1


def test_a_later_text_says_who_an_earlier_one_meant(archive: Archive) -> None:
    write(archive, four="Rolf Quill, the mayor, sat down. Mayor Rolf Quill was tired.")
    archive.index()
    assert people(archive)["one"] == ("Rolf Quill",)
    assert archive.search(person="Quill").total == 0
    archive.index(full=True)
    assert people(archive)["one"] == ("Rolf Quill",)
    (archive.root / "corpus" / "four.md").unlink()
    archive.index()
    assert people(archive)["one"] == ("Quill",)
    assert archive.check() == ()


def test_reviewing_promotes_merges_and_forbids(archive: Archive) -> None:
    archive.names.accept("person", "Vesna Oduya")
    archive.names.merge("person", "Quill", into="Rolf Quill")
    archive.names.ignore("Otto Brandt")
    archive.index()
    assert people(archive) == {"one": ("Rolf Quill",), "two": ("Vesna Oduya",), "three": ("Ada Byrne",)}
    assert not any(each.unreviewed for each in archive.facet("person").values)
    (hit,) = archive.search(person="Vesna Oduya").hits
    assert hit.provenance["people"] == {"Vesna Oduya": "detected"}
