"""What is sent: terms as they travel, phrases as spans, patterns as queries."""

from __future__ import annotations

import fnmatch
import re
import warnings

from hypothesis import given
from hypothesis import strategies as st
from whoosh import query as wq

from archive.engine.opensearch.dictionary import pattern_query
from archive.engine.opensearch.mapping import encode_term, encode_terms
from archive.engine.opensearch.query_compiler import phrase
from archive.text.analyzer import Analyzer

from ...support import generated


@generated(300)
@given(st.text(max_size=400), st.sampled_from(["english", "german", "arabic", None]))
def test_terms_arrive_as_they_are_cut_here(text: str, language: str | None) -> None:
    """The server cuts at white space: as many terms, in the same places, and none like another."""
    terms = Analyzer(language).terms(text)
    arrived = encode_terms(terms).split()
    assert len(arrived) == len(terms)
    assert len(set(arrived)) == len(set(terms))
    assert all(len(term) <= 255 for term in arrived)


def test_long_and_strange_terms_stay_apart() -> None:
    long = "x" * 500
    assert encode_term(long) != encode_term(long + "y")
    assert encode_term("") != encode_term(" ") != encode_term("_ ")
    assert encode_term("haus") == "haus"


def steps(spans: dict[str, object]) -> list[tuple[str, int]]:
    """Nested spans as the terms in order, each with the most that may lie before the next."""
    found = []
    while "span_near" in spans:
        near = spans["span_near"]
        assert isinstance(near, dict)
        assert near["in_order"]
        first, spans = near["clauses"]
        found.append((first["span_term"]["body"], near["slop"]))
    last = spans["span_term"]
    assert isinstance(last, dict)
    return [*found, (last["body"], -1)]


def test_phrases() -> None:
    plain = phrase("body", ["a", "b", "c"], 1, 2.0, lambda: True)
    assert plain == {"match_phrase": {"body": {"query": "a b c", "boost": 2.0}}}
    nested = phrase("body", ["a", "b", "c"], 5, 2.0, lambda: True)
    assert steps(nested) == [("a", 4), ("b", 4), ("c", -1)]
    assert nested["span_near"]["boost"] == 2.0
    assert steps(phrase("body", ["a", "b"], 3, 1.0, lambda: False)) == [("a", 2), ("b", -1)]
    refused = phrase("body", ["a", "b", "c"], 5, 2.0, lambda: False)["intervals"]["body"]
    assert refused["boost"] == 2.0
    assert refused["all_of"]["max_gaps"] == 4
    assert refused["all_of"]["intervals"][1]["all_of"]["max_gaps"] == 4


@generated(300)
@given(st.text("ab[]!-*?.\\", min_size=1, max_size=8), st.text("ab-.!\\]", max_size=4))
def test_sets_of_letters_mean_what_they_mean_here(pattern: str, word: str) -> None:
    """Lucene's expressions are like Python's in what is used of them: sets, `.` and `.*`, and escapes."""
    query = pattern_query("term", wq.Wildcard("term", pattern))
    if "regexp" in query:
        with warnings.catch_warnings(action="ignore"):  # of sets in sets, which Lucene has not either
            ours = bool(re.fullmatch(query["regexp"]["term"]["value"], word, re.DOTALL))
        assert ours == bool(re.match(fnmatch.translate(pattern), word))


def test_ranges_stay_within_their_field() -> None:
    assert pattern_query("term", wq.TermRange("title", "a", "c", True, False), "title:") == {
        "range": {"term": {"gt": "title:a", "lte": "title:c"}}
    }
