"""From untrusted text to the cells of a line: made safe, cut between words, marked, padded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from archive.render.terminal import Mark, safe, safe_marked, wrap_spans
from archive.text.graphemes import cell_width, graphemes

#: The first mark of a snippet ends within this part of its room.
_SEEN = 0.8


def clip(text: str, width: int) -> str:
    """`text` in at most `width` cells, ending with a whole word and an ellipsis if it was cut."""
    if cell_width(text) <= width:
        return text
    if width < 1:
        return ""
    length = _fitting(text, width - 1)
    kept = text[:length]
    if length < len(text) and not text[length].isspace():
        before = kept.rfind(" ")
        kept = kept[:before] if before > 0 else kept
    return kept.rstrip(" .,;:·–—-(“‘") + "…"


def _fitting(text: str, width: int) -> int:
    """How many characters of `text` fit in `width` cells, ending with a whole grapheme."""
    if text[: width + 1].isascii():
        return width
    length = used = 0
    for cluster in graphemes(text):
        used += cell_width(cluster)
        if used > width:
            break
        length += len(cluster)
    return length


def listed(names: Sequence[str], width: int) -> str:
    """People with commas between, as many whole names as fit and how many more there are; or only their number."""
    text = ", ".join(names)
    kept = len(names)
    while kept > 1 and cell_width(text) > width:
        kept -= 1
        text = f"{', '.join(names[:kept])} +{len(names) - kept}"
    if cell_width(text) <= width:
        return text
    return clip(text, width) if len(names) == 1 else clip(f"{len(names)} people", width)


def whole_parts(text: str, width: int) -> str:
    """As many of the parts between the dots as fit; at least the first, cut if it must be."""
    while cell_width(text) > width and " · " in text:
        text = text.rpartition(" · ")[0]
    return clip(text, width)


def windowed(text: str, marks: Sequence[Mark], width: int) -> tuple[str, tuple[Mark, ...]]:
    """The text, begun later where its first mark could not be seen in `width` cells."""
    if not marks or cell_width(text[: marks[0][1]]) <= width * _SEEN:
        return text, tuple(marks)
    start = max(0, marks[0][0] - width // 3)
    space = text.find(" ", start, marks[0][0])
    start = space + 1 if space >= 0 else marks[0][0]
    return "…" + text[start:], tuple((a - start + 1, b - start + 1) for a, b in marks)


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
    text, marks = safe_marked(text, marks)
    text, marks = windowed(text, marks, width * lines)
    made: list[list[Segment]] = []
    for number, (start, end) in enumerate(islice(wrap_spans(text, width), lines)):
        rest = text[start:]
        line = clip(rest, width) if number == lines - 1 else text[start:end]
        last = start + len(line) - (not rest.startswith(line))
        inside = [(max(a, start) - start, min(b, last) - start) for a, b in marks if a < last and b > start]
        made.append(marked(line, inside, plain, hit))
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
