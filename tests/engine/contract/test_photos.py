"""Photographs on every engine: what they are found by."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive

from ...conftest import Settings
from ...corpus.helpers import put
from ...corpus.photos import bag, iim, picture, xmp
from .conftest import ENGINES

pytest.importorskip("PIL")
pytest.importorskip("defusedxml")


@pytest.mark.parametrize("engine", ENGINES)
def test_photographs_are_found_by_their_kind_and_people(tmp_path: Path, engine: str, on_server: Settings) -> None:
    for n in range(3):
        people = xmp({"Iptc4xmpExt:PersonInImage": bag(["Ada Quill", f"Guest {n}"])})
        put(tmp_path, f"{n}.jpg", picture(xmp=people, iim=iim(caption="Ada Quill at the supper.", date=f"199{n}0000")))
    put(tmp_path, "x.md", "---\ntitle: Supper\npeople: [Ada Quill, Guest 1]\nimage: 2.jpg\n---\n\nA supper.\n")
    put(tmp_path, "y.md", "---\ntitle: Review\nkind: review\n---\n\nA play.\n")
    (tmp_path / "archive.yaml").write_text(on_server() if engine == "opensearch" else "engine: whoosh\n")
    with Archive.open(tmp_path) as archive:
        assert archive.index().added == 4
        found = {query: archive.search(query).total for query in ("kind:photo", "kind:article", "kind:re*", "has:kind")}
        assert found == {"kind:photo": 2, "kind:article": 1, "kind:re*": 1, "has:kind": 4}
        rows = archive.encounters("Ada Quill", "Guest 1", stance="all").rows
        assert [(row.level, row.stance) for row in rows] == [("declared", "together"), ("declared", "mentioned")]
        assert archive.get("supper").pictures == ("corpus/2.jpg",)
        assert archive.get("supper").body.endswith("Ada Quill at the supper. (Guest 2)")
        assert archive.index().unchanged == 4
