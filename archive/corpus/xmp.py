"""XMP: the RDF that programs write into pictures and beside them -> plain values.

Read are the forms of RDF/XML that the XMP specification (ISO 16684-1) allows: properties as elements or attributes,
alternatives by language, bags, sequences and structures. Entities are refused, so that no packet can grow in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.corpus.decode import InvalidArticle

#: A packet of more bytes is no description of a picture.
MAX_BYTES = 4_000_000
_MAX_DEPTH = 12
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: Namespaces and the usual prefixes of what describes photographs.
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "core",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "ext",
    "http://xmp.gettyimages.com/gift/1.0/": "getty",
    "http://www.metadataworkinggroup.com/schemas/regions/": "regions",
    "http://ns.microsoft.com/photo/1.2/": "mp",
    "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": "mpri",
    "http://ns.microsoft.com/photo/1.2/t/Region#": "mpreg",
    "http://ns.adobe.com/xap/1.0/rights/": "rights",
}

#: A value: text, a list of values, or a structure of properties.
XmpValue = str | list[Any] | dict[str, Any]


def read_xmp(data: bytes) -> dict[str, XmpValue]:
    """The properties of a packet, as `photoshop:Headline`; those of other namespaces are left out.

    Raises InvalidArticle for what is no XMP.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(data) > MAX_BYTES:
        raise InvalidArticle(f"the XMP is over {MAX_BYTES // 1_000_000} MB", "write it again without previews")
    try:
        root = fromstring(data.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except DefusedXmlException:
        raise InvalidArticle("the XMP defines entities, and is not read", "write it again without them") from None
    except (ParseError, ValueError, LookupError) as error:
        raise InvalidArticle(f"the XMP is no XML: {error}", "write it again") from None
    found: dict[str, XmpValue] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, value in _properties(description, 0):
            found.setdefault(name, value)
    return found


def texts(value: XmpValue | None) -> list[str]:
    """All texts of a value, in order: of one text, of a list; of a structure none."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []


def structures(value: XmpValue | None) -> list[Mapping[str, Any]]:
    """All structures of a value, in order."""
    if isinstance(value, dict):
        return [value]
    return [each for item in value for each in structures(item)] if isinstance(value, list) else []


def _name(tag: Any) -> str:
    """A property's name with its usual prefix, "" for one of another namespace."""
    if not isinstance(tag, str) or tag[:1] != "{":
        return ""
    namespace, _, name = tag[1:].partition("}")
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{name}" if prefix else ""


def _properties(element: Any, depth: int) -> Iterator[tuple[str, XmpValue]]:
    """The properties of a description or a structure: its attributes and its elements."""
    for attribute, value in element.attrib.items():
        if name := _name(attribute):
            yield name, value
    for child in element:
        if name := _name(child.tag):
            yield name, _value(child, depth + 1)


def _value(element: Any, depth: int) -> XmpValue:
    if depth > _MAX_DEPTH:
        return ""
    for child in element:
        if child.tag == f"{_RDF}Alt":
            items = [item for item in child if item.tag == f"{_RDF}li"]
            items.sort(key=lambda item: item.get(_LANGUAGE) != "x-default")
            return _value(items[0], depth + 1) if items else ""
        if child.tag in (f"{_RDF}Bag", f"{_RDF}Seq"):
            return [_value(item, depth + 1) for item in child if item.tag == f"{_RDF}li"]
        if child.tag == f"{_RDF}Description":
            return dict(_properties(child, depth))
    structure = dict(_properties(element, depth))
    return structure or element.text or ""
