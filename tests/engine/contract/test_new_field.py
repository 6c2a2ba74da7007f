"""A new field of metadata is one row of a table: from it, both engines index it, and every export has it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ...conftest import Settings
from .conftest import ENGINES

_ROW = """
from archive.model import metadata_fields
metadata_fields.METADATA += (
    metadata_fields.MetadataField("section", metadata_fields.Kind.NAMES, "part of the paper", "rubric", many=True,
                                  aliases=("sections",)),
    metadata_fields.MetadataField("edition", metadata_fields.Kind.EXACT, "which printing"),
)
"""
_ASK = """
import json, sys
from archive import Archive
with Archive.open(sys.argv[1]) as archive:
    report = archive.index()
    said = {
        "warnings": [str(each) for each in report.warnings + report.problems],
        "value": [hit.id for hit in archive.search('section:"Arts & Leisure"').hits],
        "word": [hit.id for hit in archive.search("sections:leisure").hits],
        "pattern": [hit.id for hit in archive.search("edition:late*").hits],
        "has": [hit.id for hit in archive.search("has:section").hits],
        "stored": archive.get("gala").extra | {},
        "unchanged": archive.index().unchanged,
        "check": [str(each) for each in archive.check(deep=True)],
    }
print(json.dumps(said))
"""
_COMMAND = """
import sys
from archive.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
_GALA = """---
id: gala
title: Gala
Rubric: [Arts & Leisure, Society]
edition: late-city
keep: this
---
Everybody came.
"""


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _ROW + program, *arguments], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_makes_a_field_searchable_stored_and_exported(engine: str, tmp_path: Path, on_server: Settings) -> None:
    settings = "facets: [section]\nkeys: {edition: printing}\n"
    (tmp_path / "archive.yaml").write_text(settings + (on_server() if engine == "opensearch" else ""), "utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/gala.md").write_text(_GALA, "utf-8")
    (tmp_path / "corpus/other.md").write_text("---\nid: other\nprinting: early\n---\nArts & Leisure.\n", "utf-8")
    if engine == "opensearch":
        _run(_COMMAND, "trust", "--yes", "--root", str(tmp_path))
    said = json.loads(_run(_ASK, str(tmp_path)))
    section = ["Arts & Leisure", "Society"]
    assert said == {
        "warnings": [],
        "value": ["gala"], "word": ["gala"], "pattern": ["gala"], "has": ["gala"],
        "stored": {"section": section, "edition": "late-city", "keep": "this"},
        "unchanged": 2,
        "check": [],
    }  # fmt: skip
    exported = [json.loads(line) for line in _run(_COMMAND, "export", "--root", str(tmp_path)).splitlines()]
    assert {each["id"]: each.get("section") for each in exported} == {"gala": section, "other": None}
    assert {each["id"]: each["edition"] for each in exported} == {"gala": "late-city", "other": "early"}
    head, *rows = _run(_COMMAND, "export", "--format", "csv", "--root", str(tmp_path)).splitlines()
    assert head == "id,title,date,year,people,venues,source,authors,url,tags,language,kind,section,edition,path"
    assert any("Arts & Leisure; Society,late-city" in row for row in rows)
    shown = _run(_COMMAND, "show", "gala", "--root", str(tmp_path))
    assert "Arts & Leisure, Society" in shown
    counted = json.loads(_run(_COMMAND, "facets", "section", "--format", "json", "--root", str(tmp_path)))
    assert [(each["value"], each["count"]) for each in counted["values"]] == [("Arts & Leisure", 1), ("Society", 1)]
