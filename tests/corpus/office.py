"""Documents of office programs, written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">%s</cp:coreProperties>'
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text", "table", "meta", "manifest", "drawing", "svg")
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return file.getvalue()


def docx(body: str, properties: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word document with this body, in WordprocessingML with the prefix w."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/></w:style>'
        for id_, name in (("Heading1", "heading 1"), ("Heading2", "heading 2"), ("Title", "Title"))
    )
    relations = f'<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    if more and "word/footnotes.xml" in more:
        relations += f'<Relationship Id="r2" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>'
    return package({
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="a"'
        f' Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONSHIPS}">{relations}</Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        "docProps/core.xml": _CORE % properties,
        **(more or {}),
    })  # fmt: skip


def word(text: str, style: str = "") -> str:
    """A paragraph of a Word document."""
    said = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{said}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def footnotes(text: str) -> dict[str, str]:
    """The part of a Word document with its footnote 1."""
    note = f'<w:footnote w:id="1">{word(text)}</w:footnote>'
    return {"word/footnotes.xml": f'<w:footnotes xmlns:w="{_W}">{note}</w:footnotes>'}


def odt(body: str, meta: str = "", kind: str = "text", manifest: str = "") -> bytes:
    """An OpenDocument file with this body."""
    return package({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": f"<manifest:manifest {NAMESPACES}>{manifest}</manifest:manifest>",
        "content.xml": f"<office:document-content {NAMESPACES}><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>",
        "meta.xml": f"<office:document-meta {NAMESPACES} {_DC}><office:meta>{meta}</office:meta>"
        "</office:document-meta>",
    })  # fmt: skip
