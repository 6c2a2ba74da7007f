"""From untrusted text to the cells of a line: made safe, cut between words, marked, padded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from archive.render.graphemes import cell_width, graphemes
from archive.render.terminal import Mark, safe, safe_marked

#: A word is cut inside only if less than this part of the line would be left without it.
_WORTH = 0.5


def clip(text: str, width: int) -> str:
    """`text` in at most `width` cells, ending with a whole word and an ellipsis if it was cut."""
    if cell_width(text) <= width:
        return text
    if width < 1:
        return ""
    length = used = 0
    for cluster in graphemes(text):
        cells = cell_width(cluster)
        if used + cells > width - 1:
            break
        length += len(cluster)
        used += cells
    kept = text[:length]
    if length < len(text) and not text[length].isspace():
        before = kept.rfind(" ")
        if before >= length * _WORTH:
            kept = kept[:before]
    return kept.rstrip(" ,;:·–—-(“‘") + "…"


def listed(names: Sequence[str], width: int) -> str:
    """Names with commas between, as many whole ones as fit, and how many more there are."""
    text = ", ".join(names)
    kept = len(names)
    while kept > 1 and cell_width(text) > width:
        kept -= 1
        text = f"{', '.join(names[:kept])} +{len(names) - kept}"
    return clip(text, width)


def windowed(text: str, marks: Sequence[Mark], width: int) -> tuple[str, tuple[Mark, ...]]:
    """A part of `text` of at most `width` cells in which the first mark can be seen."""
    if marks and cell_width(text[: marks[0][1]]) > width * 0.9:
        start = max(0, marks[0][0] - width // 3)
        space = text.find(" ", start, marks[0][0])
        start = space + 1 if space >= 0 else marks[0][0]
        text, marks = "…" + text[start:], tuple((a - start + 1, b - start + 1) for a, b in marks if a >= start)
    shown = clip(text, width)
    end = len(shown) - (shown != text)
    return shown, tuple((a, min(b, end)) for a, b in marks if a < end)


def marked(text: str, marks: Iterable[Mark], plain: Style, hit: Style) -> list[Segment]:
    """Segments of safe text with its matched words in another style."""
    segments, done = [], 0
    for start, stop in marks:
        if start > done:
            segments.append(Segment(text[done:start], plain))
        segments.append(Segment(text[start:stop], hit))
        done = stop
    if done < len(text):
        segments.append(Segment(text[done:], plain))
    return segments


def snippet_lines(
    text: str, marks: Sequence[Mark], width: int, lines: int, plain: Style, hit: Style
) -> list[list[Segment]]:
    """A snippet in a number of lines, each ending with a whole word."""
    text, shown = safe_marked(text, marks)
    text, shown = windowed(text, shown, width * lines - (lines - 1) * min(8, width // 4))
    made: list[list[Segment]] = []
    while text and len(made) < lines:
        last = len(made) == lines - 1
        end = len(text)
        if not last and cell_width(text) > width:
            end = len(clip(text, width + 1)) - 1
            space = text.rfind(" ", 0, end + 1)
            end = space if space > 0 else end
        line = clip(text, width) if last else text[:end]
        inside = [(a, min(b, len(line))) for a, b in shown if a < len(line)]
        made.append(marked(line, inside, plain, hit))
        skip = end + (text[end : end + 1] == " ")
        text, shown = text[skip:], tuple((max(a - skip, 0), b - skip) for a, b in shown if b > skip)
    return made + [[] for _ in range(lines - len(made))]


def padded(segments: Iterable[Segment], width: int, style: Style) -> Strip:
    """A line of exactly `width` cells."""
    return Strip(segments).adjust_cell_length(width, style)


def justified(left: list[Segment], right: list[Segment], width: int, style: Style) -> Strip:
    """A line with something at either end."""
    room = width - sum(cell_len(segment.text) for segment in (*left, *right))
    return padded([*left, Segment(" " * max(0, room), style), *right], width, style)


def shown(text: str, width: int) -> str:
    """Untrusted text made safe and cut to `width`."""
    return clip(safe(text), width)
