"""The stored record of an article: its metadata and its body, as they were indexed.

A record is one line of JSON, then the body, in UTF-8. Besides the article, the metadata has the
digest of its content and its `base`, the id that it asked for; and its sightings as one text, which is
read only where they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress
from operator import attrgetter
from typing import Any

import orjson

from archive.engine.protocol import IndexedRef
from archive.model.article import FACET_KEYS, Article, Block, Link, Mention, make_article, make_mention
from archive.model.frozen_dict import EMPTY
from archive.model.metadata_fields import METADATA
from archive.model.sightings import decode_sightings, encode_sightings

_STORED = (
    *("id", "title", "date", "people", "venues", *(each.attribute for each in METADATA if each.attribute)),
    *("path", "line", "inferred", "date_text", "line_map", "blocks", "pictures", "picture_rows", "links"),
)


#: Those of them that are tuples of texts or numbers: lists in JSON, and left out where they are empty.
_LISTS = (
    *("people", "venues", "inferred", "pictures", "picture_rows"),
    *(each.attribute for each in METADATA if each.attribute and each.many),
)
_stored_of = attrgetter(*_STORED)


def encode_article(article: Article, digest: str, base: str) -> bytes:
    """What is stored of an article: a line of JSON, then the body."""
    values = _stored_of(article)
    meta = dict(compress(zip(_STORED, values, strict=True), values))
    if not article.line_by_line:
        meta["line_by_line"] = False
    if article.extra:
        meta["extra"] = dict(article.extra)
    if article.mentions:
        meta["mentions"] = [
            [m.facet, m.name, m.start, m.end, int(m.in_title), *([1] if m.discovered else [])] for m in article.mentions
        ]
    if article.sightings:
        meta["sightings"] = encode_sightings(article.sightings)
    if article.by_rules:
        meta["by_rules"] = True
    if article.declared:
        meta["declared"] = {key: dict(names) for key, names in article.declared.items()}
    meta |= {"digest": digest, "base": base}
    # Blocks and links are named tuples, which the library leaves to be made lists of.
    return b"%b\n%b" % (orjson.dumps(meta, default=list), article.body.encode())


def decode_meta(record: bytes) -> dict[str, Any]:
    """The JSON of a record: the article's metadata, its digest and the id it asked for."""
    meta: dict[str, Any] = orjson.loads(record[: record.index(b"\n")])
    return meta


def decode_entry(meta: dict[str, Any]) -> IndexedRef:
    """Where the article with that metadata came from."""
    return IndexedRef(meta["id"], meta["base"], meta.get("path", ""), meta["digest"], meta.get("line", 1))


def decode_body(record: bytes) -> str:
    """The body in a record."""
    return record[record.index(b"\n") + 1 :].decode()


def decode_outline(meta: dict[str, Any], person: str = "") -> Article:
    """The article with that metadata, without its body and mentions; with a `person` only sightings that name them."""
    return Article(
        id=meta["id"],
        title=meta.get("title", ""),
        body="",
        date=meta.get("date"),
        people=tuple(meta.get("people", ())),
        venues=tuple(meta.get("venues", ())),
        kind=meta.get("kind", ""),
        inferred=tuple(meta.get("inferred", ())),
        declared=meta.get("declared", {}),
        sightings=decode_sightings(meta.get("sightings", ""), person),
        by_rules=meta.get("by_rules", False),
    )


def decode_article(record: bytes) -> Article:
    """The article in a record."""
    meta = decode_meta(record)
    del meta["digest"], meta["base"]
    if sightings := meta.get("sightings"):
        meta["sightings"] = decode_sightings(sightings)
    for name in _LISTS:
        meta[name] = tuple(meta.get(name, ()))
    if "line_map" in meta:
        meta["line_map"] = tuple(map(tuple, meta["line_map"]))
    if "blocks" in meta:
        meta["blocks"] = tuple(map(Block._make, meta["blocks"]))
    if "links" in meta:
        meta["links"] = tuple(map(Link._make, meta["links"]))
    title, body = meta.pop("title", ""), decode_body(record)
    meta["mentions"] = tuple(_mentions(meta.get("mentions", ()), title, body))
    return make_article(title=title, body=body, **meta)


def decode_shown(record: bytes) -> Article:
    """The article in a record, of which it has only what an answer shows.

    That is its text, its date, where it is from, and its names: where they are from, and how they are written. Of its
    mentions, as there may be very many, these are the first of each name that is not declared.
    """
    meta = decode_meta(record)
    title, body, inferred = meta.get("title", ""), decode_body(record), meta.get("inferred", ())
    mentions: Iterable[Mention] = ()
    if rows := meta.get("mentions"):
        found = [facet for facet, key in FACET_KEYS.items() if key in inferred]
        first: dict[tuple[str, str], list[Any]] = {}
        for row in rows if found else ():
            if row[0] in found:
                first.setdefault((row[0], row[1]), row)
        mentions = _mentions(first.values(), title, body)
    return make_article(
        meta["id"],
        title,
        body,
        meta.get("date"),
        tuple(meta.get("people", ())),
        tuple(meta.get("venues", ())),
        path=meta.get("path", ""),
        line=meta.get("line", 1),
        inferred=tuple(inferred),
        mentions=tuple(mentions),
        declared=meta.get("declared", EMPTY),
    )


def _mentions(rows: Iterable[list[Any]], title: str, body: str) -> Iterator[Mention]:
    for facet, name, start, end, in_title, *discovered in rows:
        text = (title if in_title else body)[start:end]
        yield make_mention(facet, name, text, start, end, bool(in_title), bool(discovered))
