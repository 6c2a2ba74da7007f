"""What an article is on the server: the mapping, its documents, and back again.

The index fields are those of the Whoosh schema. `article` and `text` are the only parts that
are stored: the article's metadata and its body, as they were indexed.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from archive.engine.protocol import IndexedRef
from archive.engine.schema import TITLE_KEY, VALUE_GAP, IndexField, IndexKind, index_fields
from archive.engine.stored import decode_article, decode_entry, encode_article
from archive.model.article import Article
from archive.model.fields import Fields
from archive.text.analyzer import Analyzer, unstemmed_terms

#: Version of what is written; indices of another one are rebuilt.
FORMAT_VERSION = 5
#: The words of an article's id, by which a mistyped one is found.
ID_WORDS = "id_words"
_LONGEST_TERM = 200
_LONGEST_TITLE = 1_000
_SPACES = re.compile(r"\s")

Document = dict[str, Any]


def encode_term(term: str) -> str:
    """A term as it is on the server: without spaces, never empty, of bounded length; one-to-one.

    (Folding makes a space of a few rare letters; Lucene cuts off what is very long.)
    """
    if not term:
        return "__"
    if len(term) > _LONGEST_TERM:
        term = f"{term[:_LONGEST_TERM]}_{hashlib.blake2b(term.encode(), digest_size=8).hexdigest()}"
    return _SPACES.sub("_", term)


def encode_terms(terms: list[str]) -> str:
    """Terms as the text of a field of words."""
    return " ".join(map(encode_term, terms))


class Mapping:
    """The fields of one archive on the server."""

    def __init__(self, fields: Fields, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.index_fields: tuple[IndexField, ...] = index_fields(fields)

    def stem(self, form: str) -> str:
        """The term of a word as written."""
        return self._analyzer.stem(form)

    @property
    def properties(self) -> dict[str, Any]:
        """The mapping's properties."""
        made: dict[str, Any] = {field.name: _property(field) for field in self.index_fields}
        made[ID_WORDS] = WORDS_PROPERTY
        made["article"] = {"type": "object", "enabled": False}
        made["text"] = {"type": "keyword", "index": False, "doc_values": False}
        return made

    def texts(self, field: IndexField, text: str) -> list[list[str]]:
        """The terms of a text in a field of words, and each of its extra terms as a text of its own."""
        if field.stemmed:
            extra = map(self._analyzer.stem, self._analyzer.extra_forms(text))
            return [self._analyzer.terms(text), *([term] for term in extra)]
        if field.forms_of:
            return [self._analyzer.forms(text), *([form] for form in self._analyzer.extra_forms(text))]
        return [unstemmed_terms(text)]

    def document(self, article: Article, digest: str, base: str) -> Document:
        """An article as a document."""
        record = encode_article(article, digest, base)
        meta, _, body = record.partition(b"\n")
        made: Document = {
            "article": json.loads(meta),
            "text": body.decode(),
            ID_WORDS: encode_terms(unstemmed_terms(article.id)),
        }
        for field in self.index_fields:
            if values := field.extract(article):
                match field.kind:
                    case IndexKind.TEXT:
                        made[field.name] = [encode_terms(each) for text in values for each in self.texts(field, text)]
                    case IndexKind.KEYWORD | IndexKind.SORT_KEY:
                        made[field.name] = list(values)
                    case IndexKind.NUMERIC:
                        made[field.name] = values[0]
        made[TITLE_KEY] = [value[:_LONGEST_TITLE] for value in made.get(TITLE_KEY, ())]
        return made

    def values(self, article: Article, names: list[str]) -> dict[str, tuple[str, ...]]:
        """What an article has in some fields of exact values."""
        return {field.name: field.extract(article) for field in self.index_fields if field.name in names}


#: A field of words: terms joined by spaces, several values apart.
WORDS_PROPERTY = {"type": "text", "analyzer": "terms", "position_increment_gap": VALUE_GAP - 1}


def _property(field: IndexField) -> dict[str, Any]:
    match field.kind:
        case IndexKind.TEXT:
            return WORDS_PROPERTY
        case IndexKind.KEYWORD | IndexKind.SORT_KEY:
            return {"type": "keyword"}
    return {"type": "integer"}


#: Analysis settings of an index: the terms come ready, one cuts at the spaces.
ANALYSIS = {
    "tokenizer": {"terms": {"type": "whitespace", "max_token_length": 4 * _LONGEST_TERM}},
    "analyzer": {"terms": {"type": "custom", "tokenizer": "terms"}},
}
STORED = ["article", "text"]
#: What of a stored article is read where its text is not needed.
OUTLINE = [
    f"article.{name}"
    for name in ("id", "title", "date", "people", "venues", "kind", "inferred", "declared", "sightings")
]
#: What of a stored article makes an `Entry`.
ENTRY = ["article.id", "article.base", "article.path", "article.digest", "article.line"]


def article(source: Document) -> Article:
    """The article in a stored document."""
    return decode_article(f"{json.dumps(source['article'], ensure_ascii=False)}\n{source['text']}".encode())


def entry(source: Document) -> IndexedRef:
    """Where the article in a stored document came from."""
    return decode_entry(source["article"])
