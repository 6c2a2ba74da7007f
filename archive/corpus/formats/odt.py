"""ODT: OpenDocument texts, as LibreOffice writes them; as accepted: without what was deleted, with what was inserted.

OpenDocument 1.3 (OASIS). Rendered by a table of its elements: libraries for it lose spaces and the ends of headings.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from archive.corpus.decode import InvalidArticle
from archive.corpus.formats.office_package import build_office, opened, part, properties
from archive.corpus.formats.registry import ReadOptions
from archive.corpus.scan import Source
from archive.corpus.xml_text import Role, first, local, render_xml, within
from archive.model.article import Article, Problem

_CONTENT = "content.xml"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LEVEL = re.compile(r"[1-6]")


def _heading(element: Element) -> str:
    level = element.get(f"{_TEXT}outline-level", "1")
    return f"h{level if _LEVEL.fullmatch(level) else 6}"


def _paragraph(element: Element) -> str:
    style = element.get(f"{_TEXT}style-name", "")
    return {"Title": "h1", "Subtitle": "h2", "Quotations": "quote"}.get(style, "p")


_UNSHOWN = """
tracked-changes annotation annotation-end forms sequence-decls variable-decls user-field-decls table-of-content
note-citation ruby-text hidden-text hidden-paragraph bookmark image object binary-data scripts
"""
_ROLES: dict[str, Role] = {
    **dict.fromkeys(_UNSHOWN.split(), "skip"),
    **dict.fromkeys(("section", "list", "table", "frame", "text-box", "index-body"), "p"),
    **dict.fromkeys(("s", "tab"), "space"),
    **dict.fromkeys(("title", "desc"), "caption"),
    "h": _heading,
    "p": _paragraph,
    "line-break": "break",
    "note": "note",
    "list-item": "item",
    "list-header": "item",
    "table-row": "row",
    "table-cell": "cell",
}


def read_odt(source: Source, options: ReadOptions) -> list[Article | Problem]:
    """The article in an OpenDocument text; raises InvalidArticle or OSError."""
    with opened(source, _CONTENT) as (package, _):
        manifest = part(package, "META-INF/manifest.xml")
        if any(True for _ in within(manifest, "encryption-data")):
            raise InvalidArticle("the document has a password", "save it without one")
        content = part(package, _CONTENT)
        about = properties(part(package, "meta.xml"))
    body = first(content, "body")
    if body is None or not any(local(each) == "text" for each in body):
        kinds = ", ".join(local(each) for each in body) if body is not None else "nothing"
        raise InvalidArticle(f"this is no OpenDocument text, but {kinds[:40]}", "save its text as .txt")
    return build_office(render_xml(body, _ROLES), about, source, options)
