"""What an article is called, and how to tell whether it has changed."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from operator import attrgetter

from archive.corpus.decode import InvalidArticle
from archive.model.article import Article
from archive.model.metadata_fields import METADATA

#: Longest id that may be given, and longest slug that is made of a title.
MAX_ID = 200
MAX_SLUG = 80
#: Longest text that a slug is made of: far more than a slug shows.
_MAX_TEXT = 1_000

_IS_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OTHER = re.compile(r"[^a-z0-9]+")
_TYPOGRAPHY = dict.fromkeys(map(ord, "'‘’"), "") | dict.fromkeys(map(ord, "“”–—"), "-")
_TYPOGRAPHY |= dict.fromkeys(range(0x300, 0x34F), "")  # accents, once they stand apart
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")

_metadata_of = attrgetter(*(each.attribute for each in METADATA if each.attribute and not each.default))
_defaulted_of = [(each.key, attrgetter(each.attribute)) for each in METADATA if each.attribute and each.default]


def declared_id(text: str) -> str:
    """The slug of an id that was given; raises InvalidArticle if there is none, or it is too long."""
    slug = text if len(text) <= MAX_ID and _IS_SLUG.fullmatch(text) else _slug(text[:_MAX_TEXT])
    if not slug:
        raise InvalidArticle(f"the id {text[:50]!r} has no letter or digit", "give another, or none", key="id")
    if len(slug) > MAX_ID:
        raise InvalidArticle(f"the id is over {MAX_ID} characters long", "give a shorter one, or none", key="id")
    return slug


def slug_id(title: str, date: str | None) -> str:
    """The id of an article that was given none: its date, as far as known, and its title."""
    slug = _slug(title[:_MAX_TEXT])
    if len(slug) > MAX_SLUG:
        head = slug[: MAX_SLUG + 1]
        slug = head.rpartition("-")[0] if "-" in head else slug[:MAX_SLUG]
    slug = slug or "article"
    return f"{_slug(date)}-{slug}" if date else slug


def with_suffix(base: str, n: int) -> str:
    """The id of the n-th article that would be called `base`; the first keeps the name."""
    return base if n == 1 else f"{base}-{n}"


def _slug(text: str) -> str:
    # What python-slugify would make of it, 20 times faster, for Latin letters and their accents.
    plain = text.replace("'", "-")
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(_TYPOGRAPHY)
    if plain.isascii():
        return _OTHER.sub("-", _THOUSANDS.sub("", plain.lower())).strip("-")
    from slugify import slugify

    slug: str = slugify(text, entities=False, decimal=False, hexadecimal=False)
    return slug


def article_digest(article: Article) -> str:
    """Changes whenever anything in the article does, but not when its file is moved.

    An id that was not declared does not count: it follows from the rest.
    """
    digest = hashlib.blake2b(article.body.encode("utf-8", "surrogatepass"), digest_size=16)
    extra = json.dumps(article.extra, sort_keys=True, default=dict) if article.extra else ""
    rest = (
        len(article.body),
        "" if "id" in article.inferred else article.id,
        article.title,
        article.date,
        article.people,
        article.venues,
        *_metadata_of(article),
        article.inferred,
        extra,
        article.date_text,
        article.line_map,
        article.blocks,
    )
    # What only some articles have does not change what the others are.
    if its := [(key, value) for key, value_of in _defaulted_of if (value := value_of(article))]:
        rest = (*rest, its)
    if article.pictures:
        rest = (*rest, [picture.rpartition("/")[2] for picture in article.pictures])
    if article.picture_rows:
        rest = (*rest, "picture_rows", article.picture_rows)
    if article.links:
        rest = (*rest, "links", article.links)
    digest.update(repr(rest).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
