"""Photographs of one's own: tiny pictures with IPTC and XMP in them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "Getty": "http://xmp.gettyimages.com/gift/1.0/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "MP": "http://ns.microsoft.com/photo/1.2/",
    "MPRI": "http://ns.microsoft.com/photo/1.2/t/RegionInfo#",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
}
_DATASETS = {
    "object_name": 5, "keywords": 25, "date": 55, "byline": 80, "city": 90, "sublocation": 92, "country": 101,
    "headline": 105, "credit": 110, "source": 115, "caption": 120,
}  # fmt: skip


def iim(encoding: str = "utf-8", **fields: str | Sequence[str]) -> bytes:
    """The bytes of IIM with these fields; UTF-8 says that it is that."""
    out = b"\x1c\x01\x5a\x00\x03\x1b%G" if encoding == "utf-8" else b""
    for name, given in fields.items():
        for text in (given,) if isinstance(given, str) else given:
            value = text.encode(encoding)
            out += struct.pack(">BBBH", 0x1C, 2, _DATASETS[name], len(value)) + value
    return out


def text(value: str) -> str:
    return escape(value)


def alternatives(*values: str) -> str:
    """Text by language, the default last."""
    languages = ["de", "x-default"][-len(values) :]
    given = zip(languages, values, strict=True)
    items = "".join(f'<rdf:li xml:lang="{language}">{escape(value)}</rdf:li>' for language, value in given)
    return f"<rdf:Alt>{items}</rdf:Alt>"


def bag(values: Iterable[str], kind: str = "Bag") -> str:
    return f"<rdf:{kind}>{''.join(f'<rdf:li>{escape(value)}</rdf:li>' for value in values)}</rdf:{kind}>"


def regions(*faces: tuple[str, str]) -> str:
    """Faces (or other things) that are marked in a picture: names and types."""
    items = "".join(
        f'<rdf:li rdf:parseType="Resource"><mwg-rs:Name>{escape(name)}</mwg-rs:Name>'
        f"<mwg-rs:Type>{kind}</mwg-rs:Type></rdf:li>"
        for name, kind in faces
    )
    return f"<rdf:Description><mwg-rs:RegionList><rdf:Bag>{items}</rdf:Bag></mwg-rs:RegionList></rdf:Description>"


def xmp(properties: Mapping[str, str], before: str = "", attributes: str = "") -> bytes:
    """A packet of XMP with these properties."""
    spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in properties.items())
    return (
        f'{before}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces} {attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def picture(kind: str = "JPEG", *, xmp: bytes = b"", iim: bytes = b"", exif: Mapping[int, str] | None = None) -> bytes:
    """A picture of four pixels with what is said of it."""
    from PIL import Image, PngImagePlugin

    image = Image.new("RGB", (2, 2), (200, 120, 40))
    options: dict[str, Any] = {}
    if exif:
        tags = Image.Exif()
        for tag, value in exif.items():
            tags[tag] = value
        options["exif"] = tags.tobytes()
    if kind == "PNG" and xmp:
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    elif kind == "TIFF":
        options["tiffinfo"] = {tag: data for tag, data in ((700, xmp), (33723, iim)) if data}
    elif kind == "WEBP" and xmp:
        options["xmp"] = xmp
    out = io.BytesIO()
    image.save(out, kind, **options)
    if kind != "JPEG":
        return out.getvalue()
    segments = b""
    if xmp:
        segments += _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    if iim:
        resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iim)) + iim + b"\0" * (len(iim) % 2)
        segments += _segment(0xED, b"Photoshop 3.0\0" + resource)
    data = out.getvalue()
    return data[:2] + segments + data[2:]


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def huge_png(width: int, height: int) -> bytes:
    """A picture of a few bytes that claims to have so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rest = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + rest
