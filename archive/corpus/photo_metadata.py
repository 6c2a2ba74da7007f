"""What a photograph says of itself: IPTC (IIM), XMP and the text fields of EXIF, in the picture or beside it.

The fields are those of the IPTC Photo Metadata Standard. Where several forms have a field, XMP is taken before IIM and
IIM before EXIF, as the Metadata Working Group has it. When a file was made, digitised or changed is never a date.
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from archive.corpus.decode import InvalidArticle, clean
from archive.corpus.metadata import Metadata, read_metadata
from archive.corpus.metadata_keys import KeyNames
from archive.corpus.xmp import MAX_BYTES as MAX_XMP
from archive.corpus.xmp import XmpValue, read_xmp, structures, texts
from archive.model.article import Value
from archive.util.atomic_files import open_regular_file

#: Datasets of the application record of IIM 4.2 -> keys; of those in `_REPEATED` there may be several.
_DATASETS = {
    5: "object_name", 25: "tags", 40: "instructions", 55: "date", 80: "author", 90: "city", 92: "venue", 95: "state",
    101: "country", 105: "headline", 110: "credit", 115: "source", 116: "copyright", 120: "caption",
    122: "caption_writer",
}  # fmt: skip
_REPEATED = ("tags", "author")
_MAX_DATASETS = 5_000
_UTF8_MARK = b"\x1b%G"
_IIM_RESOURCE = 0x0404
#: Tags of TIFF and EXIF.
_XMP_TAG, _IIM_TAG, _PHOTOSHOP_TAG = 700, 33723, 34377
_EXIF = {0x010E: "caption", 0x013B: "author", 0x8298: "copyright"}
#: What cameras write as a description of every picture.
_CAMERA = re.compile(
    r"(?:olympus|minolta|sony|kodak|samsung|konica|nikon|canon)\b.*|.*digital camera|dcim.*|default|screenshot|untitled"
    r"|created with .*|cmp\d*|[\W\d_]*",
    re.IGNORECASE,
)
#: The end of a JPEG is looked for in so many last bytes.
_TAIL = 1 << 16
_AGAIN = "fetch or save it again"


@dataclass(slots=True)
class Photo:
    """A photograph's metadata and caption, and what was not understood of them: (what, remedy) pairs."""

    metadata: Metadata = field(default_factory=Metadata)
    caption: str = ""
    doubts: list[tuple[str, str]] = field(default_factory=list)


def read_photo_file(file: str, keys: KeyNames) -> Photo:
    """What is in a picture; raises InvalidArticle for a file that is none, OSError."""
    photo = Photo()
    with open_regular_file(file) as stream:
        xmp, iim, exif = _embedded(stream, photo)
    values: dict[str, Value] = {}
    if xmp:
        try:
            _add(values, _of_xmp(read_xmp(xmp)))
        except InvalidArticle as invalid:
            photo.doubts.append((invalid.what, invalid.remedy))
    _add(values, _of_iim(iim))
    _add(values, exif)
    _fill(photo, values, keys)
    return photo


def read_xmp_file(file: str, keys: KeyNames) -> Photo:
    """What an `.xmp` file says of the picture beside it; raises InvalidArticle, OSError."""
    with open_regular_file(file) as stream:
        data = stream.read(MAX_XMP + 1)
    photo = Photo()
    _fill(photo, _of_xmp(read_xmp(data)), keys)
    return photo


def _add(values: dict[str, Value], more: Mapping[str, Value]) -> None:
    for key, value in more.items():
        if value:
            values.setdefault(key, value)


def _fill(photo: Photo, values: dict[str, Value], keys: KeyNames) -> None:
    """Make metadata of the values of a photograph."""
    photo.caption = clean(str(values.pop("caption", ""))).strip()
    headline, name = values.pop("headline", ""), values.pop("object_name", "")
    if title := headline or name:
        values["title"] = title
    if headline and name and name != headline:
        values["object_name"] = name
    photo.metadata = read_metadata({"people": values.pop("people", None), "venues": values.pop("venue", None),
                                    "tags": values.pop("tags", None), "credits": values.pop("credit", None),
                                    **values}, keys)  # fmt: skip
    photo.doubts += [(warning.what, warning.remedy) for warning in photo.metadata.warnings]
    photo.metadata.warnings = []


# -- XMP -------------------------------------------------------------------------------


def _of_xmp(found: Mapping[str, XmpValue]) -> dict[str, Value]:
    """The fields of a packet by the keys that they are here."""
    shown = structures(found.get("ext:LocationShown")) or structures(found.get("ext:LocationCreated"))

    def first(*names: str) -> str:
        return next((text for name in names for text in texts(found.get(name))), "")

    def location(*names: str) -> tuple[str, ...]:
        return tuple(text for place in shown for name in names for text in texts(place.get(name))[:1])

    return {
        "headline": first("photoshop:Headline"),
        "object_name": first("dc:title"),
        "caption": first("dc:description"),
        "date": first("photoshop:DateCreated"),
        "people": tuple(dict.fromkeys(_people(found))),
        "venue": tuple(texts(found.get("core:Location")))
        or location("ext:Sublocation")
        or location("ext:LocationName"),
        "city": first("photoshop:City") or next(iter(location("ext:City")), ""),
        "state": first("photoshop:State") or next(iter(location("ext:ProvinceState")), ""),
        "country": first("photoshop:Country") or next(iter(location("ext:CountryName")), ""),
        "author": tuple(texts(found.get("dc:creator"))),
        "credit": first("photoshop:Credit"),
        "source": first("photoshop:Source"),
        "tags": tuple(texts(found.get("dc:subject"))),
        "language": first("dc:language"),
        "copyright": first("dc:rights"),
        "event": first("ext:Event"),
        "instructions": first("photoshop:Instructions"),
        "caption_writer": first("photoshop:CaptionWriter"),
    }


def _people(found: Mapping[str, XmpValue]) -> Iterator[str]:
    """Who is in the picture: as declared, then those whose faces are marked."""
    yield from texts(found.get("ext:PersonInImage"))
    for person in structures(found.get("ext:PersonInImageWDetails")):
        yield from texts(person.get("ext:PersonName"))
    yield from texts(found.get("getty:Personality"))
    for regions in structures(found.get("regions:Regions")):
        for region in structures(regions.get("regions:RegionList")):
            if region.get("regions:Type", "Face") == "Face":
                yield from texts(region.get("regions:Name"))
    for info in structures(found.get("mp:RegionInfo")):
        for region in structures(info.get("mpri:Regions")):
            yield from texts(region.get("mpreg:PersonDisplayName"))
    for region in structures(found.get("ext:ImageRegion")):
        yield from texts(region.get("ext:PersonInImage"))


# -- IIM -------------------------------------------------------------------------------


def _of_iim(data: bytes) -> dict[str, Value]:
    """The fields of IIM by the keys that they are here."""
    found: dict[str, list[bytes]] = {}
    is_utf8 = False
    for record, number, value in _datasets(data):
        if (record, number) == (1, 90):
            is_utf8 = value == _UTF8_MARK
        elif record == 2 and (key := _DATASETS.get(number)):
            found.setdefault(key, []).append(value)
    values: dict[str, Value] = {}
    for key, given in found.items():
        decoded = tuple(text for value in given if (text := _decoded(value, is_utf8)))
        if decoded:
            values[key] = decoded if key in _REPEATED else decoded[0]
    if isinstance(date := values.get("date"), str):
        values["date"] = re.sub(r"(?<=\d{4})(00)?00\Z", "", date) if date.isdigit() else date
        if values["date"] and re.fullmatch(r"\d{6}", str(values["date"])):
            values["date"] = f"{date[:4]}-{date[4:6]}"
    return values


def _datasets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(record, dataset, value) of IIM; what breaks off is left out."""
    at = 0
    for _ in range(_MAX_DATASETS):
        if len(data) < at + 5 or data[at] != 0x1C:
            return
        record, number, size = struct.unpack_from(">BBH", data, at + 1)
        at += 5
        if size & 0x8000:  # the length of the length
            width = size & 0x7FFF
            if width > 4 or len(data) < at + width:
                return
            size = int.from_bytes(data[at : at + width], "big")
            at += width
        if len(data) < at + size:
            return
        yield record, number, data[at : at + size]
        at += size


def _decoded(value: bytes, is_utf8: bool) -> str:
    """Text of IIM: UTF-8 where it says or is so; otherwise what most programs wrote."""
    value = value.strip(b"\0 \r\n")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if is_utf8 else "cp1252", "replace")


def _resource(data: bytes) -> bytes:
    """The IIM among Photoshop's image resources."""
    at = data.find(b"8BIM")
    while at >= 0 and at + 12 <= len(data):
        (number,) = struct.unpack_from(">H", data, at + 4)
        name = data[at + 6] + 1
        at += 6 + name + name % 2
        if at + 4 > len(data):
            break
        (size,) = struct.unpack_from(">I", data, at)
        if number == _IIM_RESOURCE:
            return data[at + 4 : at + 4 + size]
        at = data.find(b"8BIM", at + 4 + size)
    return b""


# -- the picture -----------------------------------------------------------------------


def _embedded(stream: BinaryIO, photo: Photo) -> tuple[bytes, bytes, dict[str, Value]]:
    """The XMP, the IIM and the texts of EXIF in a picture. None of its pixels is read."""
    with open_picture(stream) as image:
        if not _is_whole(image, stream):
            photo.doubts.append(("the picture breaks off before its end", _AGAIN))
        return _xmp(image), _iim(image), _exif(image)


@contextmanager
def open_picture(stream: BinaryIO) -> Iterator[Any]:
    """A picture (`PIL.Image.Image`) in a file of one of the formats that are read.

    Raises InvalidArticle for any other, and for whatever the parsers raise while the picture is in use.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream, formats=("JPEG", "TIFF", "PNG", "WEBP")) as image:
                yield image
    except UnidentifiedImageError:
        raise InvalidArticle("this is no JPEG, TIFF, PNG or WebP picture, or it is damaged", _AGAIN) from None
    except Image.DecompressionBombError as error:
        what = f"the picture claims to be larger than can be shown: {error}"
        raise InvalidArticle(what.partition(",")[0], "save it smaller") from None
    except (MemoryError, InvalidArticle):
        raise
    except Exception as error:  # noqa: BLE001 (the parsers are foreign, and pictures can be anything)
        raise InvalidArticle(f"the picture cannot be read: {type(error).__name__}", _AGAIN) from None


def _xmp(image: Any) -> bytes:
    data: Any = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if not data and image.format == "TIFF":
        data = image.tag_v2.get(_XMP_TAG)
    if isinstance(data, tuple):
        data = bytes(data)
    return data.encode() if isinstance(data, str) else data or b""


def _iim(image: Any) -> bytes:
    resources = image.info.get("photoshop")
    if isinstance(resources, dict):
        return bytes(resources.get(_IIM_RESOURCE, b""))
    if image.format == "TIFF":
        data = image.tag_v2.get(_IIM_TAG)
        if isinstance(data, tuple):  # declared as numbers of four bytes, which it is not
            data = struct.pack(f"{image.tag_v2._endian}{len(data)}I", *data)
        photoshop = image.tag_v2.get(_PHOTOSHOP_TAG)
        return data or (_resource(photoshop) if isinstance(photoshop, bytes) else b"")
    raw = image.info.get("Raw profile type iptc") or image.info.get("Raw profile type APP13")
    if isinstance(raw, str):
        data = bytes.fromhex("".join(raw.split("\n")[3:]))
        return _resource(data) or data
    return b""


def _exif(image: Any) -> dict[str, Value]:
    exif = image.getexif()
    found: dict[str, Value] = {}
    for tag, key in _EXIF.items():
        text = exif.get(tag)
        if isinstance(text, str) and (text := text.strip("\0 ")) and not _CAMERA.fullmatch(text):
            found[key] = text
    return found


def _is_whole(image: Any, stream: BinaryIO) -> bool:
    """Whether a file is as long as it says; nothing is decoded."""
    place = stream.tell()
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read()
    stream.seek(0)
    head = stream.read(12)
    stream.seek(place)
    if image.format in ("JPEG", "MPO"):
        return b"\xff\xd9" in tail
    if image.format == "PNG":
        return b"IEND" in tail
    if image.format == "WEBP":
        return bool(size >= struct.unpack("<I", head[4:8])[0])
    starts, counts = image.tag_v2.get(273) or image.tag_v2.get(324), image.tag_v2.get(279) or image.tag_v2.get(325)
    return not starts or not counts or max(map(sum, zip(starts, counts, strict=False))) <= size
