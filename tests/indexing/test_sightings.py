"""Sightings are derived when an article is indexed, kept with it, and derived again by other rules without its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.encounters import judging
from archive.indexing.isolated_readers import Readers
from archive.model.sightings import Sighting, TextSpan, decode_sightings, encode_sightings

from ..test_encounters import archive_of

PEOPLE = "- name: Odile Renard\n- name: Tomas Varga\n"
TEXT = "---\ndate: 2011-06-13\n---\nA dinner\n\nOdile Renard dined with Tomas Varga at Brasserie Lune on Saturday.\n"


def asserted(archive: Archive) -> list[tuple[str, str | None, str | None]]:
    return [(row.stance, row.venue, row.when) for row in archive.encounters("Odile Renard", "Tomas Varga").rows]


def test_other_rules_judge_again_without_reading_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = archive_of(tmp_path, PEOPLE, "- name: Brasserie Lune\n", dinner=TEXT)
    assert asserted(archive) == [("together", "Brasserie Lune", "2011-06-11")]
    monkeypatch.setattr(judging, "RULES_VERSION", judging.RULES_VERSION + 1)
    monkeypatch.setattr(judging, "judge", lambda *_args, **_options: ())
    monkeypatch.setattr(Readers, "read", lambda *_args: pytest.fail("a file was read"))
    assert archive.index().updated == 1
    assert asserted(archive) == []
    assert archive.index().unchanged == 1


def test_an_article_in_another_language_is_not_judged(tmp_path: Path) -> None:
    text = TEXT.replace("---\nA", "language: de\n---\nA")
    archive = archive_of(tmp_path, PEOPLE, "- name: Brasserie Lune\n", dinner=text)
    (row,) = archive.encounters("Odile Renard", "Tomas Varga", stance="all").rows
    assert (row.stance, row.level, row.when) == ("mentioned", "sentence", None)


def test_what_is_stored_comes_back() -> None:
    spans = (TextSpan(0, 9, in_title=True), TextSpan(4, 30))
    made = (
        Sighting(
            "together", ("A", "B"), "likely", "2011", "text", "in 2011", "Hall", ("Pier",), (), "paragraph", 2, spans
        ),
        Sighting("absent", ("B",), when="2011/..", when_basis="text", when_text="2011", absent=("B",), spans=spans[:1]),
        Sighting("contact", ("B", "C")),
    )
    assert decode_sightings(encode_sightings(made)) == made
    assert decode_sightings(encode_sightings(made), "C") == made[2:]
    assert decode_sightings(encode_sightings(made), "D") == decode_sightings("") == ()


def test_a_text_that_is_too_long_is_indexed_without_sightings_and_named(tmp_path: Path) -> None:
    with Archive.create(tmp_path) as archive:
        (tmp_path / "corpus" / "people.yaml").write_text("- name: Ada Byrne\n- name: Max Cole\n", "utf-8")
        text = "Ada Byrne met Max Cole at the harbour.\n\n" + "It rained on the sea. " * 100_000
        (tmp_path / "corpus" / "long.txt").write_text(f"Title\n\n{text}", "utf-8")
        (warning,) = archive.index().warnings
        assert "who was seen together is not derived from it" in warning.what
        assert archive.search("harbour").total == 1
        assert archive.encounters("Ada Byrne", "Max Cole", stance="all").rows[0].stance == "mentioned"
