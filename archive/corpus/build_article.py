"""Metadata and text -> Article: what every format does the same.

Here a title is found where none was declared, credits leave the text, the name of the file may date the article, and
the article says which of all this was not declared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from archive.corpus.credits import credit_rows
from archive.corpus.decode import InvalidArticle, size_error
from archive.corpus.front_matter import declared_metadata
from archive.corpus.ids import slug_id
from archive.corpus.metadata import Metadata, read_metadata
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.corpus.written_dates import DateReading, split_name_date
from archive.model.article import Article, Problem, Value, make_article
from archive.model.frozen_dict import EMPTY
from archive.model.metadata_fields import METADATA
from archive.model.reports import NO_TEXT
from archive.text.analyzer import fold

if TYPE_CHECKING:
    from archive.corpus.formats.registry import ReadOptions

#: A first line longer than this is a paragraph, and no title.
MAX_TITLE_LINE = 80
_SHORT_TITLE = 100
#: Names of files that say nothing of what is in them: the folder's name does.
_NAMELESS = ("index", "_index", "readme")

_HEADING = re.compile(r"\A#{1,6}\s+(?=\S)")
_EMPHASIS = ("**", "__", "*", "_")
_NOTHING = Metadata()
_UNDATED = DateReading(None)

#: The attributes of an article that its metadata set as they are.
_ATTRIBUTES = tuple(each.attribute for each in METADATA if each.attribute)
_attributes_of = attrgetter(*_ATTRIBUTES)


def build_article(
    declared: Metadata,
    text: RenderedText,
    source: Source,
    line: int,
    *,
    document: Metadata = _NOTHING,
    warnings: Sequence[Problem] = (),
    is_named: bool = False,
    pictures: tuple[str, ...] = (),
) -> list[Article | Problem]:
    """The article in `source` with that text, and behind it all that was not understood of it.

    line      of the file at which the article begins
    document  what the document says of itself, for what was not declared
    warnings  what was not understood of the metadata
    pictures  see Article
    is_named  whether the name of the file is a better title than the first line of its text

    Raises InvalidArticle where it has neither a title nor a text.
    """
    text = text.stripped()
    named_date, name = (_UNDATED, "") if source.holds_many else split_name_date(_name(source))
    dated, date, date_text = _date(declared, named_date, document)
    title = declared.title or document.title
    if title:
        text = _without_title(text, title, any_line=not declared.title)
    else:
        title, text = find_title(text, name, is_named=is_named)
    title = title or _title_from_metadata(declared)
    if not title:
        raise InvalidArticle("it has neither a title nor a text", "write one, or remove the article", line)
    credits, rows = credit_rows(text.lines)
    if credits:
        text = text.only(rows).stripped()
    body = text.text
    inferred = []
    if not declared.id:
        inferred.append("id")
    if not declared.title:
        inferred.append("title")
    if not declared.date:
        inferred.append("date")
    if declared.people is None:
        inferred.append("people")
    if declared.venues is None:
        inferred.append("venues")
    if named := declared.credits or document.credits:
        credits = tuple(dict.fromkeys(named + credits))
    attributes = dict(zip(_ATTRIBUTES, _attributes_of(declared), strict=True))
    if document is not _NOTHING:
        attributes = {name: value or getattr(document, name) for name, value in attributes.items()}
    attributes["credits"] = credits
    article = make_article(
        declared.id or slug_id(title, date),
        title,
        body,
        date,
        declared.people or (),
        declared.venues or (),
        extra={**document.extra, **declared.extra} if document.extra else declared.extra or EMPTY,
        path=source.path,
        line=text.numbers[0] if text.numbers else line,
        inferred=tuple(inferred),
        date_text=date_text,
        line_by_line=text.numbers is not None,
        line_map=text.line_map(),
        blocks=text.blocks() if text.styles else (),
        links=text.placed_links() if text.links else (),
        pictures=pictures,
        **attributes,
    )
    found: list[Article | Problem] = [article, *warnings]
    found += [
        Problem(source.path, line, each.what, each.remedy, taken=True)
        for each in (*declared.warnings, *document.warnings)
    ]
    if dated is named_date and named_date.doubt:
        what = f"the date in the file's name is read as {named_date.date}: {named_date.doubt}"
        found.append(Problem(source.path, 0, what, "declare a `date:`", taken=True))
    if not body:
        found.append(_without_text(article, line))
    return found


def build_document(
    values: Mapping[str, Value | None],
    text: RenderedText,
    source: Source,
    options: ReadOptions,
    *,
    line: int = 1,
    is_named: bool = False,
    said: Metadata = _NOTHING,
) -> list[Article | Problem]:
    """The article in a document that declares `values` itself; what the file beside it declares takes precedence.

    said   what a program wrote into the document, for what nobody declared

    Raises InvalidArticle where there is no article, or too large a one.
    """
    if (size := sum(map(len, text.lines))) > options.max_article_bytes:
        raise size_error("its text", size, options.max_article_bytes)
    beside, warnings = declared_metadata(source, options)
    own = read_metadata({key: value for key, value in values.items() if value}, options.keys)
    meta = beside.or_else(own)
    return build_article(meta, text, source, line, document=said, warnings=warnings, is_named=is_named)


def _date(declared: Metadata, named: DateReading, document: Metadata) -> tuple[object, str | None, str]:
    """What dates the article, the date, and how it was written; a date declared to be unknown is unknown."""
    if declared.date or declared.date_text:
        return declared, declared.date, declared.date_text
    if named.date:
        return named, named.date, ""
    return document, document.date, document.date_text


def _without_text(article: Article, line: int) -> Problem:
    """The warning of an article that has no text, naming the key that may hold it."""
    longest = max(article.extra.items(), key=lambda item: len(item[1]) if isinstance(item[1], str) else 0, default=None)
    if longest and isinstance(longest[1], str) and len(longest[1]) > _SHORT_TITLE:
        remedy = f"if the text is under the key {longest[0]!r}, write `keys: {{body: {longest[0]}}}` into archive.yaml"
    else:
        remedy = "add its text, if there is one"
    return Problem(article.path, line, NO_TEXT, remedy, taken=True)


# -- titles ----------------------------------------------------------------------------


def _name(source: Source) -> str:
    """The name of a file without its ending, or of its folder where that says nothing."""
    if source.stem.casefold() in _NAMELESS:
        folders = source.path.split("/")[1:-1]
        return folders[-1] if folders else source.stem
    return source.stem


def date_from_filename(stem: str) -> str | None:
    """The date with which a file's name begins or ends, or None; one that does not exist is none."""
    return split_name_date(stem)[0].date


def title_from_name(name: str) -> str:
    """A file's name as a title: without the marks that stand for spaces."""
    return " ".join(name.split()) if " " in name.strip() else " ".join(re.split(r"[-_\s]+", name)).strip()


def find_title(text: RenderedText, name: str, *, is_named: bool) -> tuple[str, RenderedText]:
    """The title of a text that declares none, and the text without it.

    A heading that opens the text is the title; so is its first line, if it is short and stands alone, and the file's
    name is no better. A paragraph never leaves the text.
    """
    if not text.lines:
        return title_from_name(name), text
    first = text.lines[0]
    style = text.styles[0] if text.styles else ""
    rows = _rows_of_heading(text)
    title = strip_markdown(first) if not text.styles else " ".join(" ".join(text.lines[: rows or 1]).split())
    alone = len(text.lines) == 1 or not text.lines[1].strip()
    is_heading = bool(rows) or (not text.styles and bool(_HEADING.match(first.strip())))
    if title and (is_heading or (alone and not style and not (is_named and name) and len(title) <= MAX_TITLE_LINE)):
        return title, text[rows or 1 :].stripped()
    if name and (is_named or len(title) > MAX_TITLE_LINE):
        return title_from_name(name), text
    return (title if len(title) <= MAX_TITLE_LINE else _shortened(title)), text


def _rows_of_heading(text: RenderedText) -> int:
    """How many lines the heading has that opens a text; 0 where none does.

    A paragraph over a line of hyphens is a heading to Markdown; where it is long, nobody meant it as one.
    """
    style = text.styles[0] if text.styles else ""
    if style[:1] != "h":
        return 0
    rows = next((row for row, each in enumerate(text.styles) if each != style), len(text.lines))
    return rows if rows == 1 or len(" ".join(text.lines[:rows])) <= MAX_TITLE_LINE else 0


def _title_from_metadata(declared: Metadata) -> str:
    """What an article with neither a title nor a text can be called by."""
    names = ", ".join((*(declared.people or ()), *(declared.venues or ())))
    return declared.id or names[:_SHORT_TITLE] or declared.url


def strip_markdown(line: str) -> str:
    """A line of Markdown as plain text: without the `#` of a heading and emphasis all around."""
    text = " ".join(_HEADING.sub("", line.strip(), count=1).split())
    before = ""
    while text != before:
        before = text
        for mark in _EMPHASIS:
            inner = text[len(mark) : -len(mark)]
            if text == f"{mark}{inner}{mark}" and mark not in inner and inner.strip():
                text = inner.strip()
    return text


def repeats_title(line: str, title: str) -> bool:
    """Whether `line` is a Markdown heading that says the title again."""
    line = line.strip()
    return bool(_HEADING.match(line)) and fold(strip_markdown(line)) == fold(title)


def _without_title(text: RenderedText, title: str, *, any_line: bool) -> RenderedText:
    """`text` without a first line that repeats the title.

    Only a heading counts, unless the title is a document's own: its text has no headings.
    """
    if not text.lines:
        return text
    rows = _rows_of_heading(text)
    first = " ".join(text.lines[: rows or 1])
    if not rows and not any_line and first.lstrip()[:1] != "#":
        return text
    same = fold(strip_markdown(first)) == fold(title)
    if not (same if rows or any_line else repeats_title(first, title)):
        return text
    return text[rows or 1 :].stripped()


def _shortened(text: str) -> str:
    """The first words of `text`, some 100 characters of them."""
    head = text[: _SHORT_TITLE + 1]
    words = head.rpartition(" ")[0] if " " in head else head[:_SHORT_TITLE]
    return words.rstrip(" ,;:–—-") + ("…" if len(text) > len(words) else "")
