"""Mail: single messages (EML, RFC 5322) and mailboxes (mbox, RFC 4155).

A message is an article: its subject, sender, date and text. Mailboxes are read a message at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses
from typing import BinaryIO

from archive.corpus.build_article import build_document
from archive.corpus.decode import InvalidArticle, clean, read_bounded
from archive.corpus.formats.registry import ReadOptions, format_named
from archive.corpus.html_text import render_html
from archive.corpus.rendered_text import RenderedText
from archive.corpus.scan import Source
from archive.model.article import Article, Problem, Value
from archive.util.atomic_files import open_regular_file

#: Headers that are kept as they are, beside those that are an article's own; and those of addresses.
_KEPT = ("Message-ID", "In-Reply-To", "Reply-To", "Organization", "Newsgroups", "List-Id")
_ADDRESSES = ("From", "To", "Cc", "Bcc")
#: The line before a message: with a time, as nearly all programs write it; in the mailboxes of others, any.
_DATED_FROM = re.compile(rb"From .*\d:\d\d.*\b\d{4}\b")
_ANY_FROM = re.compile(rb"From \S")
_QUOTED_FROM = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_TOLD_EVERY = 64
_FETCH = "fetch it again, or save its text as .txt"


def read_eml(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article that a message is; raises InvalidArticle or OSError."""
    data = read_bounded(source.file, format_named("eml").max_bytes or 0)
    if not data.strip():
        raise InvalidArticle("the file is empty", "fetch it again, or delete it")
    return _article(data, source, options, 1)


def read_mbox(source: Source, options: ReadOptions) -> Iterator[Article | Problem]:
    """The articles of a mailbox, a message each."""
    limit = format_named("eml").max_bytes or 0
    count = 0
    with open_regular_file(source.file) as stream:
        for line, data in _messages(stream, limit):
            count += 1
            if count % _TOLD_EVERY == 0:
                options.progress(stream.tell())
            try:
                if data is None:
                    what = f"the message is over {limit // 1_000_000} MB"
                    yield Problem(source.path, line, what, "save it as .eml without what is attached")
                else:
                    yield from _article(_QUOTED_FROM.sub(b"", data), source, options, line)
            except InvalidArticle as invalid:
                yield Problem(source.path, line, invalid.what, invalid.remedy)
    if not count:
        yield Problem(source.path, 0, "there is no message in the mailbox", "fetch it again, or delete it")


def _messages(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """The messages with the lines on which they begin; None for one that is over the limit."""
    parts: list[bytes] = []
    begin = size = 0
    from_line = _ANY_FROM
    is_blank = True
    number = 0
    while line := stream.readline(limit):
        number += 1
        if is_blank and from_line.match(line):
            if not begin and _DATED_FROM.match(line):
                from_line = _DATED_FROM
            if begin:
                yield begin, b"".join(parts) if size <= limit else None
            begin, size, parts = number, 0, []
        elif begin:
            size += len(line)
            if size <= limit:
                parts.append(line)
            else:
                parts.clear()
        elif line.strip():
            raise InvalidArticle("this is no mailbox: it does not begin with `From `", "give it the ending .eml", 1)
        is_blank = not line.strip()
    if begin:
        yield begin, b"".join(parts) if size <= limit else None


def parse_message(data: bytes) -> EmailMessage:
    """A message with all its parts; raises InvalidArticle."""
    try:
        return BytesParser(policy=policy.default).parsebytes(data)
    except RecursionError:
        raise InvalidArticle("the parts of the message are nested too deep", _FETCH) from None
    except (MessageError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise InvalidArticle(f"the message cannot be understood: {error}", _FETCH) from None


def _article(data: bytes, source: Source, options: ReadOptions, line: int) -> list[Article | Problem]:
    message = parse_message(data)
    if not message.keys():
        raise InvalidArticle("this is no message: it has no header lines", "give the file the ending of what it is")
    addresses = {name: header(message, name) for name in _ADDRESSES}
    values: dict[str, Value | None] = {name.lower(): value for name, value in addresses.items()}
    values |= {
        "title": header(message, "Subject"),
        "date": header(message, "Date"),
        "author": people_in(addresses["From"]),
        "keywords": header(message, "Keywords"),
        "language": header(message, "Content-Language").partition(",")[0],
        "attachments": tuple(_attachments(message)),
    }
    values |= {name.lower().replace("-", "_"): header(message, name) for name in _KEPT}
    return build_document(values, _text(message), source, options, line=line)


def header(message: EmailMessage, name: str) -> str:
    """A header as text on one line, as it is written where it cannot be decoded; "" for none."""
    try:
        value = str(message.get(name, ""))
    except Exception:  # noqa: BLE001 (the library's parser of headers fails on some that are malformed)
        value = next((str(text) for key, text in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(clean(value).split())


def people_in(addresses: str) -> tuple[str, ...]:
    """The names of those whose addresses of mail these are; the address of whoever is not named."""
    try:
        found = [name or address for name, address in getaddresses([addresses])]
    except (RecursionError, ValueError, IndexError):
        found = []
    return tuple(filter(None, found)) or ((addresses,) if addresses else ())


def _attachments(message: EmailMessage) -> dict[str, None]:
    """The names of the files that are attached, and the subjects of messages."""
    found: dict[str, None] = {}
    for each in message.walk():
        if each is message or (each.is_multipart() and each.get_content_type() != "message/rfc822"):
            continue
        try:
            name = each.get_filename()
        except Exception:  # noqa: BLE001 (as above)
            name = None
        if name:
            found[" ".join(clean(name).split())] = None
        elif each.get_content_type() == "message/rfc822" and isinstance(inner := each.get_payload(0), EmailMessage):
            found[header(inner, "Subject") or "a message"] = None
    return found


def _text(message: EmailMessage) -> RenderedText:
    """The text of a message: the plain one, else the HTML as it is seen."""
    try:
        body = message.get_body(("plain", "html"))
    except Exception:  # noqa: BLE001 (as above)
        body = None
    if body is None:
        return RenderedText([])
    text = part_text(body)
    if body.get_content_type() == "text/html":
        return render_html(text)
    if str(body.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text, is_glued=str(body.get_param("delsp", "")).lower() == "yes")
    return RenderedText.unplaced(text)


def part_text(body: MIMEPart) -> str:
    """The text of a part, by the encoding that it names; where that is unknown, as UTF-8 or Latin-1."""
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(payload).encode("utf-8", "surrogateescape")
    for encoding in (body.get_content_charset() or "utf-8", "utf-8"):
        try:
            return clean(data.decode(encoding))
        except (LookupError, UnicodeDecodeError):
            continue
    return clean(data.decode("cp1252", "replace"))


def _unflowed(text: str, *, is_glued: bool) -> str:
    """Text whose paragraphs were broken into lines that end with a space (RFC 3676), as paragraphs."""
    found = ""
    for line in text.split("\n"):
        line = line.removeprefix(" ")  # stuffing
        is_soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        found += (line[:-1] if is_glued else line) if is_soft else f"{line}\n"
    return found
