"""Results as text for a terminal: hits, facets in columns beside each other, timelines, whole articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.model.article import Article, Value
from archive.model.article import aliases_used as aliases_used
from archive.model.metadata_fields import METADATA, Kind
from archive.model.results import Explanation, FacetCount, FacetResult, Hit, Page, Suggestion
from archive.query.request import SearchRequest
from archive.render.terminal import Mark, OutputStyle, fit, pad, safe, side_by_side
from archive.text.graphemes import cell_width
from archive.util.quoting import quote_path

if TYPE_CHECKING:
    from archive.model.reports import TimelineRow

_SEPARATOR = " · "
#: Cells a facet's column takes at the most.
_FACET_WIDTH = 36
_MAX_LABEL = 16
#: The bar of a timeline: eighths of a cell, and the cells below which it is left out.
_EIGHTHS = " ▏▎▍▌▋▊▉"
_MIN_BAR = 5


def page(answer: Page, request: SearchRequest, look: OutputStyle) -> Iterator[str]:
    """A whole answer: explanation if asked for, total, hits, facets."""
    if answer.explanation is not None:
        yield from explanation(answer.explanation, look)
        yield ""
    yield from _summary(answer, request, look)
    yield from (look.dim(line) for note in answer.notes for line in look.wrap_styled(note))
    yield from suggested(answer.suggestions)
    if answer.hits:
        yield ""
        yield from hits(answer.hits, look, first=request.offset + 1)
    if answer.facets:
        yield ""
        yield from facets(answer, request, look)


def hits(found: Sequence[Hit], look: OutputStyle, *, first: int = 1) -> Iterator[str]:
    """Numbered hits, with empty lines between."""
    digits = len(str(first + len(found) - 1))
    indent = " " * (digits + 2)
    inner = OutputStyle(look.width - len(indent), look.styled)
    for number, hit in enumerate(found, first):
        if number > first:
            yield ""
        head = list(inner.wrap_styled(hit.title, hit.title_marks, heading=True)) or [look.dim("(untitled)")]
        yield f"{number:>{digits}}. {head[0]}"
        yield from (indent + line for line in head[1:])
        about = [hit.date or "undated", ", ".join(hit.venues), ", ".join(hit.people)]
        yield from look.wrap_styled(_SEPARATOR.join(filter(None, about)), indent=indent)
        yield from look.wrap_styled(hit.snippet, hit.snippet.marks, indent=indent)
        yield from (indent + look.dim(line) for line in inner.wrap_styled(hit.id))


def _summary(answer: Page, request: SearchRequest, look: OutputStyle) -> Iterator[str]:
    """How many there are, of what, and which of them are shown."""
    said = [pluralize(answer.total, "article")]
    said += described(request)
    shown = len(answer.hits)
    if shown < answer.total:
        last = request.offset + shown
        said.append(f"{_number(request.offset + 1)}–{_number(last)} shown" if shown else "none shown")
    yield from map(look.bold, look.wrap_styled(_SEPARATOR.join(said)))


def described(request: SearchRequest) -> list[str]:
    """The query and the filters of a request, in words."""
    said = [request.query] if request.query.strip() else []
    join = " + " if request.all_people else ", "
    for name, values, between in (
        ("person", request.person, join),
        ("venue", request.venue, ", "),
        ("year", tuple(map(str, request.year)), ", "),
        ("not person", request.not_person, ", "),
        ("not venue", request.not_venue, ", "),
        ("without", request.missing, ", "),
    ):
        if values:
            said.append(f"{name}: {between.join(values)}")
    said += [f"{facet}: {value}" for facet, value in request.where]
    said += [f"not {facet}: {value}" for facet, value in request.not_where]
    return said


def nothing(request: SearchRequest, suggestions: Iterable[Suggestion], notes: Iterable[str] = ()) -> Iterator[str]:
    """What to say when nothing was found, and what would find something."""
    asked = safe(_SEPARATOR.join(described(request)))
    yield f"nothing found for {asked}" if asked else "the archive holds no articles"
    yield from map(safe, notes)
    yield from suggested(suggestions)


def suggested(suggestions: Iterable[Suggestion]) -> Iterator[str]:
    """Other queries, with what each would find."""
    for each in suggestions:
        yield f"  {_number(each.total)} for {safe(each.query) or 'no words at all'} ({safe(each.reason)})"


def explanation(said: Explanation, look: OutputStyle) -> Iterator[str]:
    """How a request was understood."""
    rows = [
        ("query", said.query),
        ("read as", said.reading),
        ("fields", ", ".join(said.fields)),
        ("filters", "; ".join(said.filters)),
        *(("expanded", f"{word} → {', '.join(terms)}") for word, terms in said.expansions.items()),
        ("ignored", ", ".join(said.ignored)),
        ("added", ", ".join(said.added)),
    ]
    yield from labelled([(label, text) for label, text in rows if text], look)


def labelled(rows: Sequence[tuple[str, str]], look: OutputStyle) -> Iterator[str]:
    """Labels and untrusted texts beside them, each text wrapped in its own column."""
    shown = [(safe(label), text) for label, text in rows]
    gutter = min(max((cell_width(label) for label, _ in shown), default=0), _MAX_LABEL) + 2
    for label, text in shown:
        lines = list(OutputStyle(look.width - gutter, look.styled).wrap_styled(text))
        for number, line in enumerate(lines):
            yield (look.dim(pad(fit(label, gutter - 2), gutter)) if number == 0 else " " * gutter) + line


def facets(answer: Page, request: SearchRequest, look: OutputStyle) -> Iterator[str]:
    """The facets of an answer in columns, as many side by side as the width allows."""
    blocks = [
        [look.bold(safe(name)), *facet_lines(name, facet, look, missing_selected=name in request.missing)]
        for name, facet in answer.facets.items()
    ]
    yield from side_by_side([block for block in blocks if len(block) > 1], look.width)


def facet_lines(
    name: str, facet: FacetResult, look: OutputStyle, *, missing_selected: bool = False, width: int = _FACET_WIDTH
) -> list[str]:
    """One value a line with its count; then the articles without one, and how many are not listed."""
    rows = list(facet.values)
    if facet.missing or missing_selected:
        rows.append(FacetCount(f"(no {name})", facet.missing, missing_selected))
    rows = [replace(row, value=f"{UNREVIEWED}{row.value}") if row.unreviewed else row for row in rows]
    mark = "● " if look.styled else "[x] "
    lead = cell_width(mark) if any(row.selected for row in rows) else 0
    counts = max((len(_number(row.count)) for row in rows), default=0)
    room = min(width, look.width) - lead - counts - 2
    room = max(1, min(room, max((cell_width(safe(row.value)) for row in rows), default=1)))
    lines = []
    for row in rows:
        value = pad(safe(row.value), room)
        start = (mark if row.selected else " " * lead) if lead else ""
        lines.append(f"{start}{look.bold(value) if row.selected else value}  {_number(row.count):>{counts}}")
    more = facet.distinct - sum(value.count > 0 for value in facet.values)
    if more > 0:
        lines.append(look.dim(f"… and {_number(more)} more"))
    return lines


def timeline(rows: Sequence[TimelineRow], look: OutputStyle) -> Iterator[str]:
    """A bar chart: hits a period, beside all that is held of it."""
    cells = [
        (safe(row.period), _number(row.hits), _number(row.held), f"{row.share:.1%}" if row.held else "–",
         "" if row.seen is None else _number(row.seen))
        for row in rows
    ]  # fmt: skip
    head = ("period", "hits", "held", "share", "seen" if any(row.seen is not None for row in rows) else "")
    period, hit, held, share, seen = (max(map(len, column)) for column in zip(head, *cells, strict=True))
    room = look.width - period - hit - held - share - 8 - (seen + 2 if seen else 0)
    most = max((row.hits for row in rows), default=0)
    if room < _MIN_BAR:
        room = 0

    def line(cell: Sequence[str], bar: str) -> str:
        middle = f"  {pad(bar, room)}" if room else ""
        last = f"  {cell[4]:>{seen}}" if seen else ""
        return f"{cell[0]:<{period}}  {cell[1]:>{hit}}{middle}  {cell[2]:>{held}}  {cell[3]:>{share}}{last}"

    yield look.bold(line(head, ""))
    for row, cell in zip(rows, cells, strict=True):
        yield line(cell, _bar(row.hits, most, room))


def _bar(count: int, most: int, room: int) -> str:
    """A bar in eighths of a cell, at least one for what is not nothing."""
    if not count or not room:
        return ""
    full, rest = divmod(max(1, round(count * room * 8 / most)), 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def pluralize(count: int, what: str) -> str:
    """A number with its noun: `1 article`, `1,200 articles`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _number(count: int) -> str:
    return f"{count:,}"


#: What is worth knowing to be detected rather than declared.
_INFERRED_LABELS = frozenset(("date", "people", "venues"))
#: Said of what was found in the text where nothing was declared.
NOT_DECLARED = "not declared"
#: Stands before a name that was discovered in texts, and that nobody has reviewed.
UNREVIEWED = "~"


def article(
    shown: Article, look: OutputStyle, marks: Sequence[Mark] = (), title_marks: Sequence[Mark] = ()
) -> Iterator[str]:
    """The article with its metadata first; `marks` are offsets of matched words in its body."""
    yield from look.wrap_styled(shown.title or "(untitled)", title_marks, heading=True)
    yield ""
    yield from labelled([(label, text) for label, text in _metadata(shown) if text], look)
    if shown.body.strip():
        yield ""
        yield from body(shown.body, look, marks)
    if shown.credits:
        yield ""
        yield from map(look.dim, look.wrap_styled("Credits: " + "; ".join(shown.credits)))


def body(text: str, look: OutputStyle, marks: Sequence[Mark] = ()) -> Iterator[str]:
    """A text wrapped line by line, so that its paragraphs, verses and lists stay what they are."""
    start = done = 0
    for line in text.split("\n"):
        end = start + len(line)
        here = []
        while done < len(marks) and marks[done][0] < end:
            first, last = marks[done]
            here.append((max(first, start) - start, min(last, end) - start))
            if last > end:  # the rest of it is on the next line
                break
            done += 1
        yield from look.wrap_styled(line, here) if line.strip() else ("",)
        start = end + 1


def _metadata(shown: Article) -> Iterator[tuple[str, str]]:
    found = _INFERRED_LABELS.intersection(shown.inferred)

    def row(label: str, text: str) -> tuple[str, str]:
        return label, f"{text} ({NOT_DECLARED})" if text and label in found else text

    yield row("date", shown.date or "")
    written = aliases_used(shown)
    for key, names in shown.provenance.items():
        marked = (
            f"{UNREVIEWED if said == 'discovered' else ''}{_as_written(name, written)}" for name, said in names.items()
        )
        yield row(key, ", ".join(marked))
    known = [each for each in METADATA if each.attribute and not each.apart and each.value(shown)]
    yield from ((each.key, ", ".join(each.values(shown))) for each in known if each.kind is not Kind.EXACT)
    for key, value in shown.extra.items():
        yield key, _flat(value)
    yield from ((each.key, ", ".join(each.values(shown))) for each in known if each.kind is Kind.EXACT)
    yield "id", shown.id
    path = quote_path(shown.path)
    yield "file", f"{path}:{shown.line}" if shown.line > 1 else path


def _as_written(name: str, written: Mapping[str, str]) -> str:
    return f"{name} (as {written[name]})" if name in written else name


def _flat(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_flat(item)}" for key, item in value.items())
    return ", ".join(map(_flat, value))
