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


# -- names and evidence, of which every part counts --------------------------------------


def clip_name(name: str, width: int, others: Iterable[str] = ()) -> str:
    """A name in at most `width` cells, cut by the letter, and so that it does not look like one of the others."""
    if cell_width(name) <= width:
        return name
    rivals = [each for each in others if each != name]
    for tail in range(max(1, width - 1)):
        cut = _cut_middle(name, width, tail)
        if not any(cut.rstrip("… ") == each or _cut_middle(each, width, tail) == cut for each in rivals):
            return cut
    return _cut_middle(name, width, 0)


def _cut_middle(text: str, width: int, tail: int) -> str:
    """The text in `width` cells, with an ellipsis before its last `tail` cells."""
    if cell_width(text) <= width:
        return text
    end = _last_cells(text, tail)
    kept = text[: _fitting_length(text, max(0, width - 1 - cell_width(end)))]
    return f"{kept.rstrip()}…{end.lstrip()}"


def _last_cells(text: str, width: int) -> str:
    """As much of the end of a text as fits in `width` cells."""
    start, used = len(text), 0
    for cluster, cells in reversed(list(measured_graphemes(text))):
        used += cells
        if used > width:
            break
        start -= len(cluster)
    return text[start:]


#: Names in a piece of evidence that are kept in sight, and cells of what is left out between them.
_NAMES_IN_SIGHT, _BETWEEN = 3, 3


def condense(text: str, marks: Sequence[Mark], cells: int) -> tuple[str, tuple[Mark, ...]]:
    """A text cut to about `cells` cells so that the first mark of every name shows, names being told by their words.

    What is left out is an ellipsis.
    """
    firsts = list({text[start:end].casefold(): (start, end) for start, end in reversed(marks)}.values())
    firsts = sorted(firsts)[:_NAMES_IN_SIGHT]
    if len(firsts) < 2 or cell_width(text[: firsts[-1][1]]) <= cells - _BETWEEN:
        return text, tuple(marks)
    if cell_width(text[firsts[0][0] : firsts[-1][1]]) <= cells - 2 * _BETWEEN:
        pieces = [(_word_start(text, max(0, firsts[-1][1] - cells + 2 * _BETWEEN), firsts[0][0]), len(text))]
    else:
        room = max(8, cells // len(firsts) - _BETWEEN)
        pieces = []
        for start, end in firsts:
            before = max(0, room - (end - start)) // 3
            first = _word_start(text, max(0, start - before), start)
            last = max(end, _word_end(text, min(len(text), first + room), end))
            if pieces and first <= pieces[-1][1] + 1:
                pieces[-1] = (pieces[-1][0], max(last, pieces[-1][1]))
            else:
                pieces.append((first, last))
    made, moved = "", list[Mark]()
    for first, last in pieces:
        made += "… " if made else "…" if first else ""
        moved += [(a - first + len(made), b - first + len(made)) for a, b in marks if first <= a and b <= last]
        made += text[first:last] + (" " if last < len(text) and pieces[-1] != (first, last) else "")
    return (made if pieces[-1][1] == len(text) else f"{made}…"), tuple(moved)


def _word_start(text: str, start: int, before: int) -> int:
    """The first beginning of a word from `start` on, `before` at the latest."""
    if start == 0 or text[start - 1].isspace():
        return start
    space = text.find(" ", start, before)
    return space + 1 if space >= 0 else before


def _word_end(text: str, end: int, after: int) -> int:
    """The last end of a word up to `end`, `after` at the earliest."""
    if end == len(text) or text[end].isspace():
        return end
    return max(after, text.rfind(" ", after, end))
