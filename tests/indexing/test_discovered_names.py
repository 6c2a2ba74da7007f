"""Names discovered while indexing: settings, and runs that come to what one run over everything does."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive, SettingsError
from archive.names.discovery.evidence_store import FILE

from ..support import make_archive

RECORDS = [
    {
        "id": "a",
        "title": "a",
        "date": "1990-05-01",
        "body": "The painter Vesna Oduya met Otto Brandt, 40, at Opal Hall.",
    },
    {"id": "b", "title": "b", "date": "1991-05-01", "body": "Mayor Quill spoke. Vesna Oduya left with Mr Oduya."},
    {"id": "c", "title": "c", "date": "1992-05-01", "body": "Rolf Quill, the mayor, and Mayor Rolf Quill’s dog slept."},
]


def people(archive: Archive) -> dict[str, tuple[str, ...]]:
    return {hit.id: hit.people for hit in archive.search(limit=None).hits}


def test_runs_one_by_one_come_to_the_same_as_one_over_all(tmp_path: Path) -> None:
    together = make_archive(tmp_path / "together", RECORDS)
    (tmp_path / "apart" / "corpus").mkdir(parents=True)
    apart = Archive.open(tmp_path / "apart")
    for record in RECORDS:
        text = f"---\nid: {record['id']}\ntitle: {record['title']}\n---\n{record['body']}"
        (apart.root / "corpus" / f"{record['id']}.md").write_text(text, "utf-8")
        apart.index()
    assert people(apart) == people(together)
    assert people(together)["b"] == ("Rolf Quill", "Vesna Oduya")
    (apart.root / "index" / FILE).write_bytes(b"no database")
    (apart.root / "corpus" / "c.md").unlink()
    apart.index()
    assert people(apart)["b"] == ("Quill", "Vesna Oduya")


def test_a_name_that_a_later_run_proves_is_one_in_earlier_articles_too(tmp_path: Path) -> None:
    archive = make_archive(tmp_path, [{"id": "a", "title": "a", "body": "Then there sat Zexa Quill in the hall."}])
    assert people(archive) == {"a": ()}
    more = "The painter Zexa Quill, 40, said that she was glad. Quill, who was born here, smiled."
    (tmp_path / "corpus" / "b.md").write_text(f"---\nid: b\n---\n{more}", "utf-8")
    archive.index()
    assert people(archive) == {"a": ("Zexa Quill",), "b": ("Zexa Quill",)}


@pytest.mark.parametrize(
    ("setting", "values", "mentions"),
    [("discovered: facets", True, True), ("discovered: mentions", False, True), ("discovered: 'off'", False, False),
     ("discover: false", False, False)],
)  # fmt: skip
def test_settings(tmp_path: Path, setting: str, values: bool, mentions: bool) -> None:
    archive = make_archive(tmp_path, RECORDS, f"names: {{{setting}}}\n")
    assert bool(archive.facet("person").values) is values
    assert archive.search("has:person_unreviewed").total == (3 if mentions else 0)
    assert bool(archive.get("a").mentions) is mentions
    assert [each.name for each in archive.names.suggest().people]  # what is suggested is not set here


def test_a_recognizer_needs_a_model(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="needs model"):
        make_archive(tmp_path / "a", (), "names: {recognizer: spacy}\n")
    with pytest.raises(SettingsError, match="installed spaCy pipeline"):
        make_archive(tmp_path / "b", (), "names: {recognizer: spacy, model: ../x}\n")


def test_unreviewed_names_are_listed_with_what_may_be_the_same(tmp_path: Path) -> None:
    archive = make_archive(tmp_path, [*RECORDS, {"id": "d", "title": "d", "body": "Vesna Odouya, 30, sang."}])
    archive.names.accept("person", "Otto Brand")
    first, *others = archive.names.unreviewed("person")
    assert (first.name, first.count) == ("Vesna Oduya", 3)
    assert first.variants == ("Vesna Odouya",)
    (brandt,) = (each for each in others if each.known)
    assert (brandt.known, brandt.variants) == ("Otto Brand", ("Otto Brandt",))
    assert archive.names.duplicates("person", "Otto Brandt") == ("Otto Brand",)
    assert [each.name for each in archive.names.unreviewed("venue")] == ["Opal Hall"]


def test_an_unreviewed_name_is_found_by_any_spelling(tmp_path: Path) -> None:
    more = [{"id": "d", "title": "d", "body": "Vesna Odouya, 30, sang. V. Oduya left with Mr Rolf Oduya, 44."}]
    archive = make_archive(tmp_path, [*RECORDS, *more])
    name = archive.names.unreviewed_name("person", "vesna odouya")
    assert name is not None
    assert (name.name, name.count) == ("Vesna Oduya", 3)
    assert "Rolf Oduya" not in name.duplicates
    assert archive.names.unreviewed_name("venue", "Vesna Oduya") is None
    archive.names.merge("person", "Vesna Oduya", *name.variants, into="Vesna Oduya Brandt")
    assert archive.names.unreviewed_name("person", "Vesna Odouya") is None  # seen before the next run
    assert archive.names.authority("person").recorded("Vesna Odouya") == "Vesna Oduya Brandt"


def test_a_name_may_be_a_place(tmp_path: Path) -> None:
    archive = make_archive(tmp_path, RECORDS)
    archive.names.mark_as_place("Otto Brandt")
    archive.index()
    assert "Otto Brandt" in archive.get("a").venues
    assert "Otto Brandt" not in archive.get("a").people
