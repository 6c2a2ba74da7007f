"""Quotations as text that can be read back, as records, and what became of them.

A quotation is printed as its lines behind "> ", its citation, and its anchor: the article's id,
"#p" and the paragraph's number, and the paragraph's digest.

    > I shall come back and do it again
      Three in a Row for Faleolo. The Tidewater Packet, 1995-08-10
      1995-08-10-three-in-a-row-for-faleolo#p4 sha256:0123456789abcdef
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.quotes import Quote, Verdict
from archive.render.json_output import Record
from archive.render.terminal import OutputStyle, safe
from archive.text.sentences import paragraphs as paragraphs

if TYPE_CHECKING:  # what is rendered need not be loaded for it
    from archive.encounters.reviews import SightingReview

_SOMETHING = re.compile(r"\S")
_ANCHOR = re.compile(r"\s*(\S+)#p(\d{1,9}) sha256:([0-9a-f]{16})\s*")


def citation(quote: Quote) -> str:
    """Who wrote it, what it is, where and when it appeared."""
    by = f"{', '.join(quote.authors)}: " if quote.authors else ""
    place = ", ".join(part for part in (quote.source, quote.date) if part)
    title = f"{quote.title.rstrip('.')}." if quote.title[-1:] not in "?!" else quote.title
    return " ".join(part for part in (f"{by}{title}", place, quote.url) if part)


def anchor(quote: Quote) -> str:
    """Where it stands, and the digest of that place."""
    return f"{quote.id}#p{quote.paragraph} sha256:{quote.digest}"


def quoted(quote: Quote) -> Iterator[str]:
    """A quotation as text, one line for each of its lines."""
    for line in quote.text.split("\n"):
        yield f"> {safe(line)}".rstrip()
    yield f"  {safe(citation(quote))}"
    yield f"  {anchor(quote)}"


def quote_record(quote: Quote) -> Record:
    """A quotation with its documented keys."""
    return {
        "text": quote.text,
        "id": quote.id,
        "paragraph": quote.paragraph,
        "digest": f"sha256:{quote.digest}",
        "citation": citation(quote),
        "title": quote.title,
        "date": quote.date,
        "source": quote.source,
        "authors": list(quote.authors),
        "url": quote.url,
    }


def read_quotes(text: str, name: str) -> list[Quote]:
    """The quotations in a text or in JSON, as they were printed; other lines of a text are passed over.

    Raises UsageError, naming `name` and the line, for a quotation that cannot be read.
    """
    found = _from_json(text, name) if text.lstrip()[:1] in ("{", "[") else _from_text(text, name)
    if not found:
        raise UsageError(f"{name}: there is no quotation in it", "use the output of `archive quote`")
    return found


def _from_text(text: str, name: str) -> list[Quote]:
    found = []
    lines: list[str] = []
    begun = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(">"):
            begun = begun or number
            lines.append(line[1:].removeprefix(" "))
        elif (match := _ANCHOR.fullmatch(line)) and lines:
            found.append(Quote("\n".join(lines), match[1], int(match[2]), match[3]))
            lines, begun = [], 0
    if lines:
        raise UsageError(f"{name}:{begun}: this quotation has no line with its id, paragraph and digest below it")
    return found


def _from_json(text: str, name: str) -> list[Quote]:
    decoder = json.JSONDecoder()
    values: list[Any] = []
    at = 0
    while (match := _SOMETHING.search(text, at)) is not None:
        at = match.start()
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise UsageError(f"{name}:{text.count(chr(10), 0, at) + 1}: this is not JSON") from None
        values += value if isinstance(value, list) else [value]
    return [_from_record(value, name, number) for number, value in enumerate(values, 1)]


def _from_record(value: object, name: str, number: int) -> Quote:
    if isinstance(value, Mapping):
        text, where, paragraph, digest = (value.get(key) for key in ("text", "id", "paragraph", "digest"))
        if isinstance(text, str) and isinstance(where, str) and type(paragraph) is int and isinstance(digest, str):
            return Quote(text, where, paragraph, digest.removeprefix("sha256:"))
    raise UsageError(f"{name}: number {number} is not a quotation", "a quotation has text, id, paragraph and digest")


def verdict_record(verdict: Verdict) -> Record:
    """A verdict with its documented keys."""
    return {
        "status": verdict.status,
        "intact": verdict.intact,
        "quote": {"text": verdict.quote.text, "id": verdict.quote.id, "paragraph": verdict.quote.paragraph},
        "now": quote_record(verdict.now) if verdict.now else None,
        "nearest": quote_record(verdict.nearest) if verdict.nearest else None,
    }


def verdict_lines(verdict: Verdict, look: OutputStyle) -> Iterator[str]:
    """A verdict as text: the status, where, and the words."""
    where = f"{verdict.quote.id}#p{verdict.quote.paragraph}"
    said = f"{verdict.status:9}  {safe(where)}"
    if verdict.status == "moved" and verdict.now:
        said += f" -> {verdict.now.id}#p{verdict.now.paragraph}"
    elif verdict.status == "unchanged" and not verdict.intact:
        said += "  (its paragraph has changed around it)"
    yield said
    yield from look.wrap_styled(" ".join(verdict.quote.text.split()), indent="    ")
    if verdict.nearest:
        yield from look.wrap_styled(f"nearest, p{verdict.nearest.paragraph}: {verdict.nearest.text}", indent="    ")


def review_record(review: SightingReview, status: str) -> Record:
    """What became of the paragraph of a reviewed sighting, with its documented keys."""
    about = {"id": review.article, "paragraph": review.paragraph, "people": list(review.people), "venue": review.venue}
    return {"status": status, **about, "stance": review.stance, "line": review.line}


def review_lines(review: SightingReview, status: str, look: OutputStyle) -> Iterator[str]:
    """The same as text."""
    yield f"{status:9}  {safe(review.article)}"
    said = [review.stance, ", ".join(review.people), review.venue or ""]
    yield from look.wrap_styled(" · ".join(filter(None, said)), indent="    ")
