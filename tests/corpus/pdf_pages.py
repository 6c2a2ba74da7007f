"""PDFs of one's own: pages of lines at given places, in Courier, of which every letter is 0.6 of its size wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN = 595, 842, 50


class Placed(NamedTuple):
    """A line of text: its left edge and baseline, from the lower left corner of the page."""

    x: float
    y: float
    size: float
    text: str


def pdf_of(pages: Sequence[Sequence[Placed]], info: str = "", rotate: int = 0) -> bytes:
    """The bytes of a PDF that draws these lines in this order."""
    objects: dict[int, str] = {1: "<< /Type /Catalog /Pages 2 0 R >>", 4: f"<< {info} >>"}
    objects[3] = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
    kids = []
    for number, lines in enumerate(pages):
        page, stream = 5 + 2 * number, 6 + 2 * number
        kids.append(f"{page} 0 R")
        drawn = "\n".join(
            f"BT /F1 {size} Tf {_matrix(x, y, rotate)} Tm ({_escaped(text)}) Tj ET" for x, y, size, text in lines
        )
        drawn = drawn or "0 0 100 100 re f"
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {rotate} /Contents {stream} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects[stream] = f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = "%PDF-1.4\n", []
    for number in range(1, len(objects) + 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{objects[number]}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    out += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    )
    return out.encode("cp1252")


def _matrix(x: float, y: float, rotate: int) -> str:
    """Where text is drawn that stands upright at (x, y) of a page that is shown turned clockwise."""
    if rotate == 90:
        return f"0 1 -1 0 {WIDTH - y:.2f} {x:.2f}"
    if rotate == 180:
        return f"-1 0 0 -1 {WIDTH - x:.2f} {HEIGHT - y:.2f}"
    if rotate == 270:
        return f"0 -1 1 0 {y:.2f} {HEIGHT - x:.2f}"
    return f"1 0 0 1 {x:.2f} {y:.2f}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def column(lines: Iterable[str], x: float = MARGIN, y: float = HEIGHT - MARGIN, size: float = 10) -> list[Placed]:
    """Lines below one another; an empty one is a space between paragraphs."""
    return [Placed(x, y - size * 1.2 * row, size, line) for row, line in enumerate(lines) if line]


def by_rows(*columns: list[Placed]) -> list[Placed]:
    """The lines of columns in the order in which many programs draw them: row by row, across all columns."""
    return sorted((line for each in columns for line in each), key=lambda line: (-line.y, line.x))


def wrapped(words: Iterable[str], width: float, size: float = 10) -> list[str]:
    """Words as lines that are no wider than `width`."""
    most = int(width / (0.6 * size))
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
