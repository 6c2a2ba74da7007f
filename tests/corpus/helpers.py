"""Files in, articles and problems out."""

from __future__ import annotations

import os
from pathlib import Path

from archive.corpus.formats.registry import ReadOptions, read
from archive.corpus.scan import Source, scan
from archive.model.article import Article, Problem

LIMIT = 10_000_000
OPTIONS = ReadOptions(LIMIT)


def put(root: Path, name: str, data: str | bytes = "Title\n\nText.\n") -> Path:
    """Write one file of the corpus of the archive in `root`."""
    file = root / "corpus" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def source(root: Path, name: str) -> Source:
    """The source that a scan finds for one file."""
    return next(found for found in scan(root / "corpus", root).sources if found.path == f"corpus/{name}")


def everything(root: Path, name: str, data: str | bytes, limit: int = LIMIT) -> list[Article | Problem]:
    """Everything that reading a file with these contents gives."""
    put(root, name, data)
    return list(read(source(root, name), ReadOptions(limit)))


def results(root: Path, name: str, data: str | bytes, limit: int = LIMIT) -> list[Article | Problem]:
    """The articles of a file with these contents, and the problems in the place of one."""
    return [each for each in everything(root, name, data, limit) if isinstance(each, Article) or not each.taken]


def warnings(root: Path, data: str | bytes, name: str = "x.md") -> list[Problem]:
    """What was not understood of the articles that are in a file with these contents; each is fit to be shown."""
    found = [each for each in everything(root, name, data) if isinstance(each, Problem) and each.taken]
    for each in found:
        assert each.what
        assert each.remedy
        assert not each.what.endswith(".")
        assert not each.remedy.endswith(".")
    return found


def article(root: Path, data: str | bytes, name: str = "x.md") -> Article:
    """The one article of a file with these contents."""
    (only,) = results(root, name, data)
    assert isinstance(only, Article), only
    return only


def problem(root: Path, data: str | bytes, name: str = "x.md", limit: int = LIMIT) -> Problem:
    """The one problem of a file with these contents; its clauses are fit to be joined."""
    (only,) = results(root, name, data, limit)
    assert isinstance(only, Problem), only
    assert only.what
    assert only.remedy
    assert not only.what.endswith(".")
    assert not only.remedy.endswith(".")
    assert only.path == f"corpus/{name}"
    return only


def minimal_pdf(lines: list[str], info: str = "") -> bytes:
    """The bytes of a one-page PDF with these lines of text and this Info dictionary."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    out, offsets = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    )
    return out.encode("latin-1")


def is_superuser() -> bool:
    """Whether permissions do not stop us."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
