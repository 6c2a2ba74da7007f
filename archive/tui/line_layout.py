"""From untrusted text to the cells of a line: made safe, cut between words, styled and padded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from archive.render.terminal import Mark, cell_width, measured_graphemes, safe, safe_marked, wrap_spans

#: The first mark of a snippet has to end within this share of the room.
_VISIBLE = 0.8


def clip(text: str, width: int) -> str:
    """`text` in at most `width` cells; if it is cut, after a whole word and with an ellipsis."""
    if cell_width(text) <= width:
        return text
    if width < 1:
        return ""
    length = _fitting_length(text, width - 1)
    kept = text[:length]
    if length < len(text) and not text[length].isspace():
        before = kept.rfind(" ")
        kept = kept[:before] if before > 0 else kept
    return kept.rstrip(" .,;:·–—-(“‘") + "…"


def _fitting_length(text: str, width: int) -> int:
    """How many characters of `text` fit in `width` cells, counted in whole graphemes."""
    if text[: width + 1].isascii():
        return width
    length = used = 0
    for cluster, cells in measured_graphemes(text):
        used += cells
        if used > width:
            break
        length += len(cluster)
    return length


def clip_safe(text: str, width: int) -> str:
    """Untrusted text made safe and clipped to `width` cells."""
    return clip(safe(text), width)


def join_people(names: Sequence[str], width: int) -> str:
    """As many whole names as fit, and how many more there are; or only how many people there are."""
    text = ", ".join(names)
    kept = len(names)
    while kept > 1 and cell_width(text) > width:
        kept -= 1
        text = f"{', '.join(names[:kept])} +{len(names) - kept}"
    if cell_width(text) <= width:
        return text
    return clip(text, width) if len(names) == 1 else clip(f"{len(names)} people", width)


def clip_parts(text: str, width: int) -> str:
    """As many of the parts between the dots as fit; at least the first, clipped if necessary."""
    while cell_width(text) > width and " · " in text:
        text = text.rpartition(" · ")[0]
    return clip(text, width)


def mark_segments(text: str, marks: Iterable[Mark], plain: Style, marked: Style) -> list[Segment]:
    """Segments of safe text, its marked parts in another style."""
    segments, done = [], 0
    for start, stop in marks:
        if start > done:
            segments.append(Segment(text[done:start], plain))
        segments.append(Segment(text[start:stop], marked))
        done = stop
    if done < len(text):
        segments.append(Segment(text[done:], plain))
    return segments


def clipped_segments(text: str, marks: Iterable[Mark], width: int, plain: Style, marked: Style) -> list[Segment]:
    """Segments of safe text clipped to `width` cells."""
    line = clip(text, width)
    last = len(line) - (not text.startswith(line))  # without the ellipsis
    return mark_segments(line, [(start, min(end, last)) for start, end in marks if start < last], plain, marked)


def snippet_lines(
    text: str, marks: Sequence[Mark], width: int, lines: int, plain: Style, marked: Style
) -> list[list[Segment]]:
    """An untrusted snippet on a fixed number of lines, begun where its first mark is visible."""
    text, marks = safe_marked(text, marks)
    text, marks = _from_first_mark(text, marks, width * lines)
    made: list[list[Segment]] = []
    for number, (start, end) in enumerate(islice(wrap_spans(text, width), lines)):
        rest = text[start:] if number == lines - 1 else text[start:end]
        inside = [(max(a, start) - start, b - start) for a, b in marks if b > start]
        made.append(clipped_segments(rest, inside, width, plain, marked))
    return made + [[] for _ in range(lines - len(made))]


def _from_first_mark(text: str, marks: Sequence[Mark], width: int) -> tuple[str, tuple[Mark, ...]]:
    """The text, without its beginning where its first mark would not be visible in `width` cells."""
    if not marks or cell_width(text[: marks[0][1]]) <= width * _VISIBLE:
        return text, tuple(marks)
    start = max(0, marks[0][0] - width // 3)
    space = text.find(" ", start, marks[0][0])
    start = space + 1 if space >= 0 else marks[0][0]
    return "…" + text[start:], tuple((a - start + 1, b - start + 1) for a, b in marks)


def padded(segments: Iterable[Segment], width: int, style: Style) -> Strip:
    """A line of exactly `width` cells."""
    return Strip(segments).adjust_cell_length(width, style)


def justified(left: list[Segment], right: list[Segment], width: int, style: Style) -> Strip:
    """A line of `width` cells with segments at both ends."""
    room = width - sum(cell_width(segment.text) for segment in (*left, *right))
    return padded([*left, Segment(" " * max(0, room), style), *right], width, style)
