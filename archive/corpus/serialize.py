"""Article -> Markdown or a JSON record: the inverse of reading.

What is written here reads back as the same article. Ids and names that were not declared
are left out, so that reading makes them again; a date that came from the file's name is
written, as another file may not have that name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from archive.config.yaml_loader import MAX_BYTES
from archive.corpus.build_article import build_article, repeats_title
from archive.corpus.decode import InvalidArticle
from archive.corpus.formats.markdown import render
from archive.corpus.html_text import is_html
from archive.corpus.metadata import Metadata
from archive.corpus.metadata_keys import meaning_of
from archive.corpus.scan import Source
from archive.errors import UsageError
from archive.model.article import Article, Value
from archive.model.metadata_fields import METADATA

#: Plain YAML needs no quotes if it begins with a letter and has nothing but these in it …
_PLAIN = re.compile(r"[^\W\d_](?:[\w.,'’()/&+=%@!?;–—-]|:(?=[\w/])|(?<=\w)#| (?=[^ #]))*")
#: … and is no word that YAML 1.1, which other programs read, takes for something else.
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"))
_SPECIAL = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def to_markdown(article: Article) -> str:
    """The article as a Markdown file with front matter.

    A body that Markdown cannot say (with spaces in a row, for one) is written as it is, and the front matter says so.
    Raises UsageError when its metadata are more than front matter can hold.
    """
    written = _markdown_of(article)
    if "title" in article.inferred:
        front = _front(article, titled=False)
        for heading, body, markup in (
            (_escaped(article.title), written, "markdown"),
            (article.title, article.body, "none"),
        ):
            text = f"# {heading}\n\n{body}".rstrip()
            if _reads_back(text, article, markup, titled=False):
                return _with_front(front, text, markup)
    front = _front(article, titled=True)
    for guard in ("", f"# {_escaped(article.title)}\n\n"):  # a heading like the title is taken off once
        if _reads_back(guard + written, article, "markdown", titled=True):
            return _with_front(front, guard + written, "markdown")
    return _with_front(front, _guarded_body(article), "none")


def _with_front(front: str, text: str, markup: str) -> str:
    if markup != "markdown":
        front += f"markup: {markup}\n"
    if not front:
        return f"{text}\n"
    return f"---\n{front}---\n\n{text}\n" if text else f"---\n{front}---\n"


def _reads_back(text: str, article: Article, markup: str, *, titled: bool) -> bool:
    """Whether reading a text gives an article's title and body again."""
    declared = Metadata(title=article.title) if titled else Metadata()
    try:
        found, *_ = build_article(declared, render(text, 1, markup), Source("corpus/.md", "", "markdown", 0, 0), 1)
    except InvalidArticle:
        return False
    return isinstance(found, Article) and (found.title, found.body, found.credits) == (article.title, article.body, ())


_MARKS = re.compile(
    r"[\\`*\[\]{|]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#|\w+;)|~(?=~)|\^(?=\[)|!(?=\[)"
    r"|^(?:[#>=+:~-]|(?<![^\n])_)|(?<=\d)[.)](?=\s|$)"
)


def _escaped(line: str) -> str:
    """A line of text as Markdown that is shown as it."""
    return _MARKS.sub(r"\\\g<0>", line)


def _markdown_of(article: Article) -> str:
    """The body in Markdown, with its headings, lists, quotes and code as such."""
    lines = article.body.split("\n")
    styles = [""] * len(lines)
    underlines: dict[int, str] = {}  # of headings of several lines, by the last of these
    for block in article.blocks:
        styles[block.first_row : block.last_row + 1] = [block.style] * (block.last_row + 1 - block.first_row)
        if block.style in _UNDERLINES and block.last_row > block.first_row:
            styles[block.first_row : block.last_row + 1] = [""] * (block.last_row + 1 - block.first_row)
            underlines[block.last_row] = _UNDERLINES[block.style]
    written: list[str] = []
    fence = closing = ""
    for row, (line, style) in enumerate(zip(lines, styles, strict=True)):
        if (style == "code") != bool(fence):
            fence = "" if fence else "`" * max(3, 1 + max(map(len, re.findall("`+", article.body)), default=0))
            written.append(fence or closing)
            closing = fence
        if style == "code":
            written.append(line)
        elif not line:
            written.append("")
        elif style[:1] == "h":
            written.append(f"{'#' * int(style[1:])} {_escaped(line)}")
        elif style == "quote":
            written.append(f"> {_escaped(line)}")
        elif style == "item" and (item := _ITEM.match(line)):
            written.append(item[0] + _escaped(line[item.end() :]))
        else:
            written.append(_escaped(line))
        if row in underlines:
            written.append(underlines[row])
    return "\n".join([*written, fence] if fence else written)


_UNDERLINES = {"h1": "===", "h2": "---"}
_ITEM = re.compile(r"(?:-|\d{1,9}\.) ")


def to_front_matter(article: Article) -> str:
    """All that is known of an article but its text, as front matter with a blank line behind it."""
    return f"---\n{_front(article, titled=True)}---\n"


def _front(article: Article, *, titled: bool) -> str:
    lines = [_pair("title", article.title)] if titled else []
    if date := article.date_text or article.date:
        lines.append(f"date: {date}\n" if date == article.date and "/" not in date else _pair("date", date))
    metadata = _metadata(article)
    if len(article.authors) == 1 and ";" not in article.authors[0]:  # which would part names in one text
        metadata["author"] = article.authors[0]
    if "id" not in article.inferred:
        metadata["id"] = article.id
    if article.credits:
        metadata["credits"] = article.credits
    front = "".join(lines) + to_yaml(metadata | dict(article.extra))
    if len(front.encode()) > MAX_BYTES:
        what = f"the metadata of {article.id!r} are over {MAX_BYTES // 1024} KiB, too much for front matter"
        raise UsageError(what, "export it as JSON Lines")
    return front


def to_record(article: Article) -> dict[str, Any]:
    """The article as an object for JSON Lines: always with id, title and body."""
    record: dict[str, Any] = {"id": article.id, "title": article.title}
    if article.date:
        record["date"] = article.date
    if article.date_text:
        record["date_text"] = article.date_text
    for key, value in (*_metadata(article).items(), *article.extra.items()):
        record[key] = _json(value)
    if article.credits:
        record["credits"] = list(article.credits)
    record["body"] = _guarded_body(article)
    is_among_others = not article.body and any(meaning_of(key) == "body" for key in article.extra)
    if is_among_others or is_html(article.body):
        record["markup"] = "none"  # or one of those would be taken for the text, or the text for HTML
    return record


def to_yaml(metadata: Mapping[str, Value]) -> str:
    """Metadata as the lines of front matter or of a sidecar."""
    return "".join(_pair(key, value) for key, value in metadata.items())


def _metadata(article: Article) -> dict[str, Value]:
    """The keys from people to language, without those that are absent or only detected."""
    metadata: dict[str, Value] = {}
    if "people" not in article.inferred:
        metadata["people"] = article.people
    if "venues" not in article.inferred:
        metadata["venues"] = article.venues
    for each in METADATA:
        if each.attribute and not each.apart and (value := each.value(article)):
            metadata[each.key] = value
    return metadata


def _guarded_body(article: Article) -> str:
    """The body such that a declared title is taken off it no more than was taken before."""
    first = article.body.partition("\n")[0]
    return f"{first}\n\n{article.body}" if repeats_title(first, article.title) else article.body


def _json(value: Value) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: _json(item) for key, item in value.items()}
    return [_json(item) for item in value]


def _pair(key: str, value: Value) -> str:
    """One key of front matter with its value, as whole lines."""
    if isinstance(value, tuple) and value and all(isinstance(item, str) for item in value):
        return f"{_scalar(key)}:\n" + "".join(f"- {_scalar(str(item))}\n" for item in value)
    return f"{_scalar(key)}: {_scalar(value) if isinstance(value, str) else _flow(value)}\n"


def _flow(value: Value) -> str:
    """A nested value on one line, in the YAML that is JSON as well."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        pairs = (f"{quoted(key)}: {_flow(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    return "[" + ", ".join(_flow(item) for item in value) + "]"


def _scalar(text: str) -> str:
    """`text` as it may stand in a block of YAML: in quotes unless every program takes it for text."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """`text` in double quotes, with everything escaped that YAML does not take as it is."""
    if not _SPECIAL.search(text):
        return f'"{text}"'
    parts = []
    escaped = False
    for char in text:
        # A mark after an escape would compose with the escape's last letter under NFC.
        escaped = bool(_SPECIAL.match(char)) or (escaped and unicodedata.combining(char) > 0)
        parts.append(_escape(char) if escaped else char)
    return f'"{"".join(parts)}"'


def _escape(char: str) -> str:
    code = ord(char)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return _ESCAPES.get(char) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")
