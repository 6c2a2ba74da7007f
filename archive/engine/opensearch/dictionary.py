"""The dictionary: every term of every text field, and every facet value, a document each.

It answers what an inverted index cannot be asked over the wire: which terms begin so, or are
spelled nearly so, and which names have these words in them. Entries are only ever added; that
an article still has a term or value is for the articles' index to say. `TermLookup` answers from both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from whoosh import query as wq

from archive.engine.facet_listing import words_near
from archive.engine.opensearch import mapping
from archive.engine.opensearch.mapping import Document, encode_term, encode_terms
from archive.engine.opensearch.search_client import SLIM_PAGE, Body, SearchClient
from archive.engine.schema import IndexField, IndexKind
from archive.engine.significant_terms import (
    may_be_meant,
    nearest_words,
    significant_terms,
    similar_spelling,
    surface_spellings,
)
from archive.model.article import Article
from archive.model.fields import FORMS
from archive.query.limits import FINDING, MAX_EXPANSION, current_deadline
from archive.text.analyzer import EXTRA, Analyzer, form_of, parts_of, unstemmed_terms

#: FIELD:TERM of a word, and for a word as written FIELD:TERM of its stem; or `field`, `value` and its folded words of
#: a facet value, and a `key` to sort by.
PROPERTIES = {
    "field": {"type": "keyword"},
    "term": {"type": "keyword", "ignore_above": 1_000},
    "stem": {"type": "keyword", "ignore_above": 1_000},
    "words": {"type": "text", "analyzer": "terms", "norms": False},
    "folded": {"type": "keyword", "ignore_above": 8_000},
    "value": {"type": "keyword", "index": False, "doc_values": False},
    "key": {"type": "keyword", "index": False},
}
_SPECIAL = re.compile(r"([^\w])")
_SET = re.compile(r"(\[!?+\]?+[^\]]*\])")
#: An expression that no term matches: terms have no line ends.
_NOTHING = "\n"


def entries(
    index_fields: tuple[IndexField, ...], document: Document, stem: Callable[[str], str]
) -> Iterator[tuple[str, Document]]:
    """What a document of an article puts into the dictionary, each entry with its key."""
    for field in index_fields:
        values = document.get(field.name, ())
        if field.kind is IndexKind.TEXT:
            for term in {term for text in values for term in text.split(" ") if term}:
                word = {"term": f"{field.name}:{term}"}
                if field.forms_of and not term.startswith(EXTRA):
                    word["stem"] = f"{field.forms_of}:{stem(term)}"
                yield f"{field.name}:{term}", word
        elif field.column and isinstance(values, list) and not field.unique:
            for value in values:
                folded = encode_terms(unstemmed_terms(value))
                key = f"{field.name}\0{value}"
                said = {"field": field.name, "value": value, "words": folded, "folded": folded}
                yield key, said | {"key": entry_id(key)}


def entry_id(key: str) -> str:
    """The id of the entry with that key."""
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


class Dictionary:
    """Looks things up; `stem` gives the term of a form."""

    def __init__(self, searcher: SearchClient, alias: str, stem: Callable[[str], str]) -> None:
        self._searcher, self._alias, self._stem = searcher, alias, stem

    def terms(self, q: Any) -> list[str]:
        """The first terms (one more than a pattern may stand for) that a pattern on a field of words stands for."""
        return self._terms(q.fieldname, pattern_query("term", q, f"{q.fieldname}:"))

    def fuzzy(self, field: str, text: str, edits: int, prefix: int) -> list[str]:
        """The terms with the same beginning that are at most some insertions, deletions and replacements away."""
        return self.terms(wq.FuzzyTerm(field, text, 1.0, edits, prefix))

    def compounds(self, fields: Sequence[str], forms: Sequence[str]) -> dict[str, list[tuple[str, list[str]]]]:
        """See `archive.engine.rewrite.ExtraForms`."""
        begins = {f"{field}{FORMS}:{EXTRA}{form}{EXTRA}": form for field in fields for form in forms if form}
        ways = [{"prefix": {"term": {"value": begin}}} for begin in begins]
        body: Body = {"size": MAX_EXPANSION, "query": {"bool": {"should": ways, "minimum_should_match": 1}}}
        body |= {"sort": [{"term": "asc"}], "_source": ["term"], "track_total_hits": False}
        found: dict[str, set[str]] = {}
        for hit in self._searcher.search(self._alias, body)["hits"]["hits"]:
            extra = hit["_source"]["term"].partition(":")[2]
            if "_" not in extra:  # a very long one is cut off
                found.setdefault(extra.split(EXTRA)[1], set()).add(extra)
        return {
            form: [(extra, list(map(self._stem, parts_of(extra)))) for extra in sorted(each)]
            for form, each in found.items()
        }

    def words_of(self, field: str, term: str) -> list[str]:
        """The words as written that have a term in a stemmed field, as they are on the server."""
        listed = {"terms": {"stem": [f"{field}:{term}"]}}
        body: Body = {"size": MAX_EXPANSION, "query": listed, "sort": [{"term": "asc"}], "_source": ["term"]}
        hits = self._searcher.search(self._alias, body | {"track_total_hits": False})["hits"]["hits"]
        return [hit["_source"]["term"].partition(":")[2] for hit in hits]

    def has_acronym(self, fields: Sequence[str], acronym: str) -> bool:
        """See `archive.engine.rewrite.ExtraForms`."""
        listed = {"terms": {"term": [f"{field}:{EXTRA}{acronym}" for field in fields]}}
        return bool(self._searcher.count(self._alias, listed, up_to=1))

    def _terms(self, field: str, matching: Body) -> list[str]:
        words = {"filter": [matching], "must_not": [{"prefix": {"term": {"value": f"{field}:{EXTRA}"}}}]}
        body: Body = {"size": MAX_EXPANSION + 1, "query": {"bool": words}, "_source": ["term"]}
        body |= {"sort": [{"term": "asc"}], "track_total_hits": False}
        hits = self._searcher.search(self._alias, body)["hits"]["hits"]
        return [hit["_source"]["term"].removeprefix(f"{field}:") for hit in hits]

    # -- facet values ------------------------------------------------------------------

    def same(self, field: str, value: str) -> Body:
        """The search for the values with the same words as `value`, case and accents apart."""
        return {
            "size": 100,
            "query": {
                "bool": {
                    "filter": [{"term": {"field": field}}, {"term": {"folded": encode_terms(unstemmed_terms(value))}}]
                }
            },
            "_source": ["value"],
        }

    def search_values(self, field: str, text: str) -> dict[str, int]:
        """The values that `text` describes, each with how far off it is (0 is best), summed over its words."""
        asked = unstemmed_terms(text)
        if not asked:
            return {}
        body = {
            "query": {"bool": {"filter": [{"term": {"field": field}}, *map(_like, asked)]}},
            "sort": [{"key": "asc"}],
            "_source": ["value"],
        }
        found: dict[str, int] = {}
        for hit in current_deadline().checked(self._searcher.scan(self._alias, body, page=SLIM_PAGE), 256, FINDING):
            value = hit["_source"]["value"]
            known = unstemmed_terms(value)
            distances = [min((far for _, far in words_near(word, known)), default=None) for word in asked]
            if None not in distances:
                found[value] = sum(far for far in distances if far)
        return found


def _like(word: str) -> Body:
    """A value has a word that is, begins with or is spelled like `word`."""
    sent = encode_term(word)
    ways: list[Body] = [{"prefix": {"words": {"value": sent}}}]
    if edits := 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0:
        ways.append({"fuzzy": {"words": {"value": sent, "fuzziness": edits, "max_expansions": 1_000}}})
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def pattern_query(field: str, q: Any, before: str = "") -> Body:
    """A prefix, wildcard, fuzzy word or range of words as a query on whole terms that all begin with `before`."""
    match q:
        case wq.Prefix():
            return {"prefix": {field: {"value": before + q.text}}}
        case wq.Wildcard() if "[" in q.text:
            return {"regexp": {field: {"value": _escaped(before) + _regexp(q.text), "flags": "NONE"}}}
        case wq.Wildcard():
            return {"wildcard": {field: {"value": before + q.text.replace("\\", "\\\\")}}}
        case wq.FuzzyTerm():
            kept = len(before) + q.prefixlength
            fuzzy = {"value": before + q.text, "fuzziness": q.maxdist, "prefix_length": kept, "transpositions": True}
            return {"fuzzy": {field: fuzzy | {"max_expansions": MAX_EXPANSION}}}
    ends = {"gt" if q.startexcl else "gte": before + q.start} if q.start or before else {}
    ends |= {"lt" if q.endexcl else "lte": before + q.end} if q.end else {}
    return {"range": {field: ends}} if ends else {"exists": {"field": field}}


def _regexp(pattern: str) -> str:
    """A pattern with sets of letters, as in the shell, in Lucene's regular expressions."""
    made = []
    for number, part in enumerate(_SET.split(pattern)):
        if number % 2:
            made.append(_set(part[1:-1]))
        else:
            made += [{"*": ".*", "?": "."}.get(char, _escaped(char)) for char in part]
    return "".join(made)


def _set(inside: str) -> str:
    """A set of letters; a range that ends before it begins has none."""
    members = inside.removeprefix("!")
    said = [
        f"{_escaped(low)}-{_escaped(high)}" if high else _escaped(one)
        for low, high, one in re.findall(r"(?s)(.)-(.)|(.)", members)
        if low <= high
    ]
    if members == inside:
        return f"[{''.join(said)}]" if said else _NOTHING
    return f"[^{''.join(said)}]" if said else "."


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


__all__ = ["PROPERTIES", "Dictionary", "entries", "entry_id", "pattern_query"]


class TermLookup:
    """Looks up words; `searched` are the fields in which words without a field name are looked for."""

    def __init__(
        self, searcher: SearchClient, articles: str, dictionary: Dictionary, analyzer: Analyzer, searched: Sequence[str]
    ) -> None:
        self._searcher, self._articles, self._dictionary = searcher, articles, dictionary
        self._analyzer, self._searched = analyzer, searched

    def similar_ids(self, article_id: str, limit: int) -> list[str]:
        """See `archive.engine.protocol.Engine.similar_ids`."""
        from rapidfuzz import process

        like = {
            "query": mapping.encode_terms(unstemmed_terms(article_id)),
            "fuzziness": "AUTO",
            "minimum_should_match": "30%",
        }
        body = {"size": 100, "query": {"match": {mapping.ID_WORDS: like}}, "_source": ["article.id"]}
        hits = self._searcher.search(self._articles, body)["hits"]["hits"]
        ids = sorted(hit["_source"]["article"]["id"] for hit in hits)
        return [found for found, _, _ in process.extract(article_id, ids, limit=limit, score_cutoff=60)]

    def significant_terms(self, articles: Iterable[Article], limit: int) -> list[tuple[str, float]]:
        """See `archive.engine.protocol.Engine.significant_terms`."""

        def frequencies(terms: list[str]) -> tuple[int, dict[str, int]]:
            filters = {term: {"term": {"body": mapping.encode_term(term)}} for term in terms}
            found: dict[str, int] = {}
            total = 0
            for start in range(0, max(1, len(terms)), 1_000):
                some = {str(n): filters[term] for n, term in enumerate(terms[start : start + 1_000])}
                body: Body = {"size": 0, "query": {"match_all": {}}, "track_total_hits": True}
                if some:
                    body["aggs"] = {"terms": {"filters": {"filters": some}}}
                answer = self._searcher.search(self._articles, body)
                total = int(answer["hits"]["total"]["value"])
                for n, term in enumerate(terms[start : start + 1_000]):
                    found[term] = int(answer["aggregations"]["terms"]["buckets"][str(n)]["doc_count"])
            return total, found

        return significant_terms(articles, self._analyzer, frequencies, limit)

    def term_exists(self, term: str) -> bool:
        """See `archive.engine.protocol.Engine.knows`."""
        return bool(self._searcher.count(self._articles, self._having(term, self._searched), up_to=1))

    def _having(self, term: str, fields: Iterable[str]) -> Body:
        ways = [{"term": {field: mapping.encode_term(term)}} for field in fields]
        return {"bool": {"should": ways, "minimum_should_match": 1}}

    def similar_words(self, word: str, limit: int, *, times: int = 0) -> list[str]:
        """See `archive.engine.protocol.Engine.similar_words`."""
        form = form_of(word)
        edits, prefix = similar_spelling(form, times)
        fields = [f"{field}{FORMS}" for field in self._searched]
        alike = {near for field in fields for near in self._dictionary.fuzzy(field, form, edits, prefix)} - {form}
        asked = nearest_words(sorted(alike), form, 10 * limit) + [form] * bool(times)
        bodies = [
            {
                "size": 5,
                "query": self._having(near, fields),
                "sort": ["id"],
                "_source": mapping.STORED,
                "track_total_hits": True,
            }
            for near in asked
        ]
        answers = dict(zip(asked, self._searcher.msearch(self._articles, bodies), strict=True))
        frequency = {near: int(answer["hits"]["total"]["value"]) for near, answer in answers.items()}
        nearest = nearest_words(may_be_meant(form, frequency, times), form, limit, frequency, self._analyzer)
        texts = {near: [mapping.article(hit["_source"]) for hit in answers[near]["hits"]["hits"]] for near in nearest}
        return surface_spellings(texts, self._analyzer)
