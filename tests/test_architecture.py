"""docs/ARCHITECTURE.md and docs/index-format.md name what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import Archive

from .support import REPOSITORY

PACKAGE = REPOSITORY / "archive"
PAGE = (REPOSITORY / "docs" / "ARCHITECTURE.md").read_text("utf-8")
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")

#: What someone who knows a search engine looks for first.
SOUGHT = {
    "postings format": "engine/local/segment/postings.py",
    "doc values": "engine/local/segment/doc_values.py",
    "BM25": "engine/local/inb2.py",
    "phrase matching": "engine/local/docsets.py",
    "merge policy": "engine/local/writer.py",
    "tokenizer": "text/analyzer.py",
    "highlighter": "search/highlighter.py",
    "drill-sideways counts": "engine/local/drill_sideways.py",
    "write lock": "engine/local/write_lock.py",
    "front matter": "corpus/front_matter.py",
    "a new file format": "corpus/formats/registry.py",
    "alias resolution": "names/authority/records.py",
    "sentence splitter": "text/sentences.py",
    "encounter evidence": "encounters/cooccurrence.py",
    "the search screen": "tui/screens/search.py",
    "a key binding": "tui/keys.py",
    "the JSON output": "render/json_output.py",
}


def named_paths() -> set[str]:
    return set(re.findall(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?|\w+\.(?:py|tcss))`", PAGE))


def test_what_is_named_exists() -> None:
    named = named_paths()
    assert len(named) > 100
    missing = [path for path in named if not any((base / path).exists() for base in (PACKAGE, REPOSITORY))]
    assert not [path for path in missing if path not in ("corpus/", "index/")]


def test_every_folder_is_on_the_map() -> None:
    folders = {f"{path.parent.relative_to(PACKAGE)}/" for path in MODULES} - {"./"}
    assert len(folders) > 15
    assert folders <= named_paths()


@pytest.mark.parametrize("sought", SOUGHT)
def test_what_is_looked_for_has_a_row(sought: str) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and sought in line.split("|")[1]]
    assert any(f"`{SOUGHT[sought]}`" in row for row in rows)


def test_functions_named_on_the_map_are_in_their_files() -> None:
    named = re.findall(r"`([\w/]+\.py)` \(`(\w+)`\)|raise `(\w+)` in `([\w/]+\.py)`", PAGE)
    assert named
    for file, function, constant, home in named:
        source = (PACKAGE / (file or home)).read_text("utf-8")
        assert re.search(rf"^\s*(?:def )?{function or constant}\b", source, re.MULTILINE), function or constant


def test_every_section_of_a_segment_is_in_the_format(tmp_path: Path) -> None:
    from archive.engine.local.segment.file import SegmentFileReader

    page = (REPOSITORY / "docs" / "index-format.md").read_text("utf-8")
    with Archive.create(tmp_path / "archive") as archive:
        for number, people in enumerate(("[Ann, Bo]", "[]")):
            text = f"---\ntitle: Note {number}\ndate: 1998-0{number + 1}\npeople: {people}\n---\nA note, a note.\n"
            (archive.root / "corpus" / f"{number}.md").write_text(text, "utf-8")
        archive.index()
        (segment,) = (archive.root / "index").glob("*.seg")
    sections = SegmentFileReader(segment)._sections
    for section in sections:
        field, _, part = section.partition("/")
        named = section if field in ("stored", "sums") else f"f/{part}"
        packed = re.fullmatch(r"f/(?:docs|freqs|positions|form_of)/(\w+)", named)
        assert f"`{named}`" in page or (packed and f"`s/{packed[1]}`" in page) or named == "sums", section
    assert "person/column_at" in sections
