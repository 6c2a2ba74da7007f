"""Words and ids of an archive on a server: which set articles apart, and which are spelled alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive.engine.opensearch import mapping
from archive.engine.opensearch.dictionary import Dictionary
from archive.engine.opensearch.search_client import Body, SearchClient
from archive.engine.significant_terms import nearest_words, significant_terms, surface_spellings
from archive.model.article import Article
from archive.text.analyzer import Analyzer, fold, words


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

        like = {"query": mapping.encode_terms(words(article_id)), "fuzziness": "AUTO", "minimum_should_match": "30%"}
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
        return bool(self._searcher.count(self._articles, self._having(term), up_to=1))

    def _having(self, term: str) -> Body:
        ways = [{"term": {field: mapping.encode_term(term)}} for field in self._searched]
        return {"bool": {"should": ways, "minimum_should_match": 1}}

    def similar_words(self, word: str, limit: int) -> list[str]:
        """See `archive.engine.protocol.Engine.similar_words`."""
        word = fold(word)
        term = self._analyzer.term(word)
        edits, prefix = (2 if len(term) >= 5 else 1), (0 if len(term) > 3 else 1)
        alike = {near for field in self._searched for near in self._dictionary.fuzzy(field, term, edits, prefix)}
        terms = sorted(near for near in alike if near != term and not near.isdecimal())
        alike_most = nearest_words(terms, term, 10 * limit)
        bodies = [
            {
                "size": 5,
                "query": self._having(near),
                "sort": ["id"],
                "_source": mapping.STORED,
                "track_total_hits": True,
            }
            for near in alike_most
        ]
        answers = dict(zip(alike_most, self._searcher.many(self._articles, bodies), strict=True))
        frequency = {near: int(answer["hits"]["total"]["value"]) for near, answer in answers.items()}
        nearest = nearest_words([near for near in answers if frequency[near]], term, 2 * limit, frequency)
        texts = {near: [mapping.article(hit["_source"]) for hit in answers[near]["hits"]["hits"]] for near in nearest}
        return surface_spellings(texts, word, self._analyzer)[:limit]
