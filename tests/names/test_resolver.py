"""Articles under the names of the authority files, in the index and out of it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from archive import Archive, Mention
from archive.names.entity_linker import with_ad_hoc_mentions
from archive.names.gazetteer import Budget

PEOPLE = """\
- name: Hillary Clinton
  aliases: [Hilary Clinton]
- name: Kim Kardashian
"""
VENUES = "- name: Met Gala\n"
ARTICLES = {
    "declared": "---\npeople: [Hilary Clinton, Bo Li]\nvenues: [Hall]\n---\n# Title\n\n"
    "Kim Kardashian met Bo Li at the Met Gala.",
    "detected": "Hilary Clinton Speaks\n\nKim Kardashian listened. Kim clapped at the Met Gala.",
    "none": "---\npeople: []\n---\n# Third\n\nKim Kardashian was not there.",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "corpus" / f"{name}.md").write_text(text, "utf-8")
    (tmp_path / "people.yaml").write_text(PEOPLE, "utf-8")
    (tmp_path / "venues.yaml").write_text(VENUES, "utf-8")
    return tmp_path


def indexed(root: Path) -> Archive:
    archive = Archive.open(root)
    assert archive.index().warnings == ()
    return archive


def counts(archive: Archive, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in archive.facet(facet, limit=None).values}


def test_declared_and_detected_are_kept_apart(root: Path) -> None:
    archive = indexed(root)
    declared, detected, none = (archive.get(name) for name in ("title", "hilary-clinton-speaks", "third"))
    assert (declared.people, declared.venues, declared.detected) == (("Hillary Clinton", "Bo Li"), ("Hall",), ())
    assert declared.mentioned("person") == ("Kim Kardashian",)
    assert declared.mentioned("venue") == ("Met Gala",)
    assert detected.people == ("Hillary Clinton", "Kim Kardashian")
    assert detected.detected == ("people", "venues")
    assert detected.mentions == (
        Mention("person", "Hillary Clinton", "Hilary Clinton", 0, 14, in_title=True),
        Mention("person", "Kim Kardashian", "Kim Kardashian", 0, 14),
        Mention("person", "Kim Kardashian", "Kim", 25, 28),
        Mention("venue", "Met Gala", "Met Gala", 44, 52),
    )
    # An empty list declares that there is nobody; what the text says is kept all the same.
    assert (none.people, none.detected, none.mentioned("person")) == ((), (), ("Kim Kardashian",))
    assert counts(archive, "person") == {"Bo Li": 1, "Hillary Clinton": 2, "Kim Kardashian": 1}
    assert counts(archive, "person_mentioned") == {"Kim Kardashian": 2}
    assert archive.search("detected:people").total == 1
    assert archive.search("person_mentioned:kardashian").total == 2


def test_a_hit_says_what_was_detected_and_which_alias_it_has(root: Path) -> None:
    hits = {hit.id: hit for hit in indexed(root).search(person="Hillary Clinton").hits}
    assert {name: (hit.detected, hit.aliases) for name, hit in hits.items()} == {
        "title": ((), {"Hillary Clinton": "Hilary Clinton"}),
        "hilary-clinton-speaks": (("people", "venues"), {"Hillary Clinton": "Hilary Clinton"}),
    }


@pytest.mark.parametrize(
    ("settings", "people", "mentioned"),
    [
        ("names: {facets: declared}", {"Bo Li": 1, "Hillary Clinton": 1}, {"Kim Kardashian": 3, "Hillary Clinton": 1}),
        ("names: {detect: false}", {"Bo Li": 1, "Hillary Clinton": 1}, {}),
    ],
)
def test_settings_choose(root: Path, settings: str, people: dict[str, int], mentioned: dict[str, int]) -> None:
    (root / "archive.yaml").write_text(settings)
    archive = indexed(root)
    assert counts(archive, "person") == people
    assert counts(archive, "person_mentioned") == mentioned


def state(archive: Archive) -> list[object]:
    return list(archive.articles(sort="title"))


def test_changed_records_need_no_file_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles are resolved anew out of the index, and are as if the index were made anew."""
    for path in (root / "corpus").iterdir():  # long since written, so that their times tell that they are unchanged
        os.utime(path, (1, 1))
    archive = indexed(root)
    for people in (PEOPLE + "- name: Bo Li\n  aliases: [B Li]\n", "- name: Hilary Clinton\n- name: Kim\n", "", PEOPLE):
        (root / "people.yaml").write_text(people, "utf-8")
        with monkeypatch.context() as context:
            for module in ("archive.indexing.isolated_readers.read", "archive.indexing.changes.digest"):
                context.setattr(module, lambda *_: pytest.fail("a file of the corpus was read"))
            report = archive.index()
            assert archive.index().changed is False
        assert (report.added, report.removed, report.updated + report.unchanged) == (0, 0, 3)
        assert report.updated > 0
        assert archive.check() == ()
        renamed = state(archive)
        archive.index(full=True)
        assert state(archive) == renamed


def test_files_and_records_may_change_together(root: Path) -> None:
    archive = indexed(root)
    (root / "people.yaml").write_text("- name: Hilary Clinton\n", "utf-8")
    (root / "corpus" / "detected.md").unlink()
    (root / "corpus" / "none.md").write_text("Third\n\nHilary Clinton was there.", "utf-8")
    (root / "corpus" / "new.md").write_text("New\n\nNobody.", "utf-8")
    report = archive.index()
    assert (report.added, report.updated, report.unchanged, report.removed) == (1, 2, 0, 1)
    renamed = state(archive)
    assert archive.get("third").people == ("Hilary Clinton",)
    archive.index(full=True)
    assert state(archive) == renamed


def test_declared_names_without_a_record_are_found_when_asked_for(root: Path) -> None:
    article = indexed(root).get("title")
    assert [each.name for each in article.mentions] == ["Kim Kardashian", "Met Gala"]
    assert [(each.name, each.text) for each in with_ad_hoc_mentions(article)] == [
        ("Kim Kardashian", "Kim Kardashian"),
        ("Bo Li", "Bo Li"),
        ("Met Gala", "Met Gala"),
    ]


def test_a_text_over_its_budget_is_indexed_without_names_and_the_report_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = partial(Budget, -1)
    with monkeypatch.context() as context:
        context.setattr("archive.names.entity_linker.Budget", spent)
        context.setattr("archive.names.gazetteer.LOOK_EVERY", 0)  # the clock is looked at after every name
        archive = Archive.open(root)
        report = archive.index()
        assert report.added == 3
        assert [problem.path for problem in report.warnings] == [f"corpus/{name}.md" for name in ARTICLES]
        assert str(report.warnings[1]).startswith("corpus/detected.md:3: names were not detected in this text: it")
        assert archive.get("hilary-clinton-speaks").mentions == archive.get("hilary-clinton-speaks").people == ()
        assert archive.get("title").people == ("Hillary Clinton", "Bo Li")
        assert archive.index().changed is False
        (root / "people.yaml").write_text(PEOPLE + "- name: Bo Li\n", "utf-8")
        assert len(archive.index().warnings) == 3
    (root / "people.yaml").write_text(PEOPLE, "utf-8")
    assert archive.index().warnings == ()
    assert archive.get("hilary-clinton-speaks").people == ("Hillary Clinton", "Kim Kardashian")
