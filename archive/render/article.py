"""A whole article as text: what is known of it, its body, its credits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archive.model.article import Article, Value
from archive.names.aliases_used import aliases_used as aliases_used
from archive.render.terminal import Mark, OutputStyle
from archive.render.text import labelled
from archive.util.quoting import quote_path

#: What is worth knowing to be detected rather than declared.
_INFERRED_LABELS = frozenset(("date", "people", "venues"))
#: Said of what was found in the text where nothing was declared.
NOT_DECLARED = "not declared"


def article(shown: Article, look: OutputStyle, marks: Sequence[Mark] = ()) -> Iterator[str]:
    """The article with its metadata first; `marks` are offsets of matched words in its body."""
    yield from map(look.bold, look.wrap_styled(shown.title or "(untitled)"))
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
    yield row("people", ", ".join(_as_written(name, written) for name in shown.people))
    yield row("venues", ", ".join(_as_written(name, written) for name in shown.venues))
    yield "source", shown.source
    yield "author", ", ".join(shown.authors)
    yield "tags", ", ".join(shown.tags)
    yield "language", shown.language
    for key, value in shown.extra.items():
        yield key, _flat(value)
    yield "url", shown.url
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
