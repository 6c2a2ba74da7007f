"""Article -> Markdown or a JSON record: the inverse of reading.

What is written here reads back as the same article. Ids and names that were not declared
are left out, so that reading makes them anew; a date that came from the file's name is
written, as another file may not have that name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from archive.article import Article, Value
from archive.corpus.assemble import first_title, repeats_title
from archive.errors import UsageError
from archive.strictyaml import MAX_BYTES

#: Plain YAML needs no quotes if it begins with a letter and has nothing but these in it …
_PLAIN = re.compile(r"[^\W\d_](?:[\w.,'’()/&+=%@!?;–—-]|:(?=[\w/])|(?<=\w)#| (?=[^ #]))*")
#: … and is no word that YAML 1.1, which other programs read, takes for something else.
_WORDS = frozenset("y n yes no on off true false null none nan inf".split())
_SPECIAL = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def to_markdown(article: Article) -> str:
    """The article as a Markdown file with front matter.

    Raises UsageError when its metadata are more than front matter can hold.
    """
    lines, body = [], _body(article)
    if "title" not in article.inferred:
        lines.append(_pair("title", article.title))
    elif first_title(body)[0] != article.title or _starts_with_title(article):
        body = _headed(article)
        if first_title(body)[0] != article.title:
            lines.append(_pair("title", article.title))
            body = _body(article)
    if article.date:
        lines.append(f"date: {article.date}\n")
    for key, value in _metadata(article):
        lines.append(_pair(key, value))
    front = "".join(lines)
    if len(front.encode()) > MAX_BYTES:
        what = f"the metadata of {article.id} are over {MAX_BYTES // 1024} KiB, too much for front matter"
        raise UsageError(f"{what}; export it as JSON Lines")
    if not front and body.startswith("#"):
        return f"{body}\n"
    return f"---\n{front}---\n\n{body}\n" if body else f"---\n{front}---\n"
