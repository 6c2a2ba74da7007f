"""What keys mean: the known keys of an article's metadata, their synonyms, and an archive's own names for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from archive.corpus.decode import collapse_whitespace
from archive.model.metadata_fields import METADATA

#: Every key with its synonyms, best first: where several are given, a single value is taken from the first that has
#: one (the others are kept as they are), and lists are put together. Case, spaces, `-` and `_` make no difference.
SYNONYMS = {
    "title": "title headline",
    "date": "date published date_published publish_date pub_date publication_date published_at published_on"
    " published_date published_time date_time timestamp issued posted posted_at created date_created created_at"
    " creation_date",
    "year": "year",
    "people": "people person persons names",
    "venues": "venues venue location locations place places",
    **{each.key: f"{each.key} {each.synonyms}".rstrip() for each in METADATA},
    "id": "id",
    "body": "body text content content_text content_html body_text body_html content_markdown body_markdown"
    " article_body article_text full_text main_text story",
    "markup": "markup",
    "date_text": "date_text",
}


@dataclass(frozen=True, slots=True, eq=False)
class KeyNames:
    """What keys mean in one archive: the synonyms, and what its settings say. Hashed by identity.

    own      key as written there, simplified -> the key it stands for
    kept     keys, simplified, that mean nothing else here: they are facets of their own
    """

    own: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    @classmethod
    def of(cls, keys: Mapping[str, tuple[str, ...]], facets: tuple[str, ...]) -> KeyNames:
        """`keys`: a known key -> its names in the archive; `facets`: keys that were declared to be facets."""
        own = {_simplified(theirs): ours for ours, names in keys.items() for theirs in names}
        known = set(SYNONYMS)
        kept = frozenset(_simplified(facet) for facet in facets if key_name(facet) not in known)
        return cls(own, kept - own.keys())

    def meaning(self, key: str) -> tuple[str, int]:
        """The known key that `key` stands for and its rank among the synonyms; "" if for none."""
        if not self.own and not self.kept:
            return _meaning(key)
        simplified = _simplified(key)
        if ours := self.own.get(simplified):
            return ours, -1
        return ("", 0) if simplified in self.kept else _meaning(key)


#: Those of an archive that says nothing of its own.
DEFAULT_KEYS = KeyNames()


@lru_cache(maxsize=4096)
def key_name(key: str) -> str:
    """The one spelling of a key: `Photo-Credit` and `photo credit` are `photo_credit`."""
    name = collapse_whitespace(key).lower().replace("-", "_").replace(" ", "_")
    return unicodedata.normalize("NFC", name)


@lru_cache(maxsize=4096)
def _simplified(key: str) -> str:
    """A key without what tells `publishDate`, `publish-date` and `Publish Date` apart."""
    return key_name(key).replace("_", "")


_MEANINGS = {
    _simplified(name): (known, rank) for known, names in SYNONYMS.items() for rank, name in enumerate(names.split())
}


@lru_cache(maxsize=4096)
def _meaning(key: str) -> tuple[str, int]:
    return _MEANINGS.get(_simplified(key), ("", 0))


def meaning_of(key: str) -> str:
    """The known key that a key stands for everywhere; "" for none."""
    return _meaning(key)[0]
