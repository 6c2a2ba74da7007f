"""Generated articles, requests and Whoosh query trees about them.

The trees keep away from what is Whoosh's own to answer wrongly:
- an And or Or of one part forgets its boost, so boosts are for two parts and more;
- a FuzzyTerm whose word is shorter than its prefix raises IndexError;
- an And without parts cannot be estimated, and a boost of 0 is no match at all;
- trees are not normalized: `normalize` drops parts that match nothing, and makes an And with
  `*` in it match everything.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from whoosh import query as wq

from archive import Article, SearchRequest
from archive.model.fields import Fields
from archive.query.combined_fields import CombinedFields
from archive.text.analyzer import Analyzer, unstemmed_terms

FIELDS = Fields(("tags",))
ANALYZER = Analyzer("english")

WORDS = [
    *("ball", "balls", "bat", "bath", "bathe", "cat", "cot", "coat", "party", "parties", "the", "x1"),
    *("Cat's", "O’Neill", "naïve", "Ångström", "東京", "e-mail", "l'été", "don''t"),
]
PEOPLE = ["Ana Lima", "Bo Chu", "Cleo d'Or", "Émile Zo", "Ana Lima Jr.", "東 京"]
VENUES = ["Met", "Met Gala", "Pier 9", "桟橋"]
TAGS = ["ball", "a;b", "x"]
DATES = ["2014", "2015-02", "2015-02-03", "2015-11-30", "2016", "2019-07-07", "0987"]
FACETS = ("person", "venue", "year", "tags")


def _some(values: list[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


def _prose(least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*WORDS, "(cat),", "--", "\n"]), min_size=least, max_size=most).map(" ".join)


def articles(ids: st.SearchStrategy[str]) -> st.SearchStrategy[Article]:
    """Articles of few words, many of them with a lot in common."""
    return st.builds(
        Article,
        id=ids,
        title=_prose(1, 3),
        body=_prose(0, 12) | st.tuples(_prose(5, 12), st.integers(2, 40)).map(lambda of: " ".join([of[0]] * of[1])),
        date=st.none() | st.sampled_from(DATES),
        people=_some(PEOPLE, 3),
        venues=_some(VENUES, 2),
        tags=_some(TAGS, 2),
        path=st.sampled_from(["a/one.md", "a/two.md"]),
    )


_YEAR = st.integers(2013, 2020)
_CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "person": _some([*PEOPLE, "Nobody"], 2),
    "not_person": _some(PEOPLE, 1),
    "venue": _some(VENUES, 2),
    "not_venue": _some(VENUES, 1),
    "year": _YEAR | st.tuples(_YEAR, st.none()) | st.tuples(st.none(), _YEAR),
    "where": st.sampled_from(TAGS).map(lambda tag: (("tags", tag),)),
    "missing": _some(list(FACETS), 1),
    "all_people": st.booleans(),
}


@st.composite
def requests(draw: st.DrawFn, queries: st.SearchStrategy[str]) -> SearchRequest:
    """Requests that count every facet, narrowed by at most two things: by more, hardly an article would be left."""
    chosen = draw(st.lists(st.sampled_from(sorted(_CHOICES)), max_size=2, unique=True))
    return SearchRequest(draw(queries), facets=FACETS, **{name: draw(_CHOICES[name]) for name in chosen})


# -- trees -----------------------------------------------------------------------------

#: Index fields of words, the terms that they may have, and names of values beside them.
_STEMS = sorted({term for word in [*WORDS, "absent"] for term in ANALYZER.terms(word)})
_FORMS = sorted({form for word in [*WORDS, "absent"] for form in unstemmed_terms(word)})
_WORD_FIELDS = {
    "title": _STEMS,
    "body": _STEMS,
    "title_forms": _FORMS,
    "body_forms": _FORMS,
    "person_words": sorted({term for name in PEOPLE for term in unstemmed_terms(name)}),
    "tags_words": sorted({term for name in TAGS for term in unstemmed_terms(name)}),
}
_VALUE_FIELDS = {
    "person": [*PEOPLE, "Nobody"],
    "venue": VENUES,
    "year_value": ["2014", "0987"],
    "has": ["date", "person", "tags"],
    "path": ["a/one.md"],
    "id": ["a01", "a02", "a13"],
}
_ALL_FIELDS = _WORD_FIELDS | _VALUE_FIELDS
_NUMBERS = {
    "year": [987, 2014, 2015, 2016, 2020],
    "date_first": [20150203, 20160101],
    "date_last": [20150228, 20191231],
}
_BOOSTS = st.sampled_from([1.0, 1.0, 1.0, 0.5, 2.5])


@st.composite
def _term(draw: st.DrawFn) -> wq.Query:
    field = draw(st.sampled_from(["title", "body", *_ALL_FIELDS]))
    return wq.Term(field, draw(st.sampled_from(_ALL_FIELDS[field])), boost=draw(_BOOSTS))


@st.composite
def _either_field(draw: st.DrawFn) -> wq.Query:
    """A word in any of the fields that are searched unless one is named."""
    word, boost = draw(st.sampled_from(_STEMS)), draw(_BOOSTS)
    weight = draw(st.sampled_from([2.0, 1.5]))
    return CombinedFields([wq.Term("title", word, boost=weight), wq.Term("body", word)], boost=boost)


@st.composite
def _phrase_in_either_field(draw: st.DrawFn) -> wq.Query:
    terms, slop = draw(st.lists(st.sampled_from(_STEMS), min_size=2, max_size=3)), draw(st.integers(1, 5))
    parts = [wq.Phrase("title", terms, slop=slop, boost=2.0), wq.Phrase("body", terms, slop=slop)]
    return CombinedFields(parts, boost=draw(_BOOSTS))


@st.composite
def _phrase(draw: st.DrawFn) -> wq.Query:
    field = draw(st.sampled_from(["title", "body", "body", "body_forms", "person_words"]))
    terms = draw(st.lists(st.sampled_from(_WORD_FIELDS[field]), min_size=1, max_size=4))
    return wq.Phrase(field, terms, slop=draw(st.integers(1, 5)), boost=draw(_BOOSTS))


@st.composite
def _pattern(draw: st.DrawFn) -> wq.Query:
    field = draw(st.sampled_from(sorted(_ALL_FIELDS)))
    text, boost = draw(st.sampled_from(_ALL_FIELDS[field])), draw(_BOOSTS)
    cut = draw(st.integers(1, len(text)))
    match draw(st.sampled_from(["prefix", "wildcard", "fuzzy", "range"])):
        case "prefix":
            return wq.Prefix(field, text[:cut], boost=boost)
        case "wildcard":
            patterns = [f"{text[:cut]}*", f"*{text[cut:]}?", f"{text[: cut - 1]}?{text[cut:]}", "*"]
            return wq.Wildcard(field, draw(st.sampled_from(patterns)), boost=boost)
        case "fuzzy":
            return wq.FuzzyTerm(field, text, boost, draw(st.integers(1, 2)), draw(st.integers(0, min(2, len(text)))))
    ends = st.none() | st.sampled_from(_ALL_FIELDS[field])
    excluded = st.booleans()
    return wq.TermRange(field, draw(ends), draw(ends), draw(excluded), draw(excluded), boost=boost)


@st.composite
def _number(draw: st.DrawFn) -> wq.Query:
    field = draw(st.sampled_from(sorted(_NUMBERS)))
    number = st.sampled_from(_NUMBERS[field])
    if draw(st.booleans()):
        return wq.Term(field, draw(number), boost=draw(_BOOSTS))
    ends, excluded = st.none() | number, st.booleans()
    return wq.NumericRange(field, draw(ends), draw(ends), draw(excluded), draw(excluded), boost=draw(_BOOSTS))


_EVERY = st.builds(wq.Every, st.sampled_from([None, None, None, "title", "person", "has"]), _BOOSTS)
_STEM_FIELDS, _STEM = st.sampled_from(["title", "body"]), st.sampled_from(_STEMS)
#: Queries that the executor does not know: it leaves them to Whoosh's matchers. (A DisjunctionMax takes
#: scores of two different documents for the larger of one, so what it says depends on the segments.)
_UNKNOWN = st.one_of(
    st.builds(wq.Variations, _STEM_FIELDS, _STEM, _BOOSTS),
    st.lists(_STEM.map(lambda term: wq.Term("body", term)), min_size=2, max_size=3).map(wq.Sequence),
    st.builds(wq.Regex, _STEM_FIELDS, st.sampled_from(["ba.*", ".*t", "[bc].t"])).map(wq.ConstantScoreQuery),
)
_KNOWN = st.one_of(
    *(_term(), _term(), _either_field(), _either_field(), _phrase(), _phrase_in_either_field()),
    *(_pattern(), _pattern()),
    *(_number(), _number(), _EVERY | st.just(wq.NullQuery)),
)
_LEAVES = st.integers(0, 19).flatmap(lambda number: _UNKNOWN if number == 19 else _KNOWN)


@st.composite
def _compound(draw: st.DrawFn, parts: st.SearchStrategy[wq.Query]) -> wq.Query:
    kind = draw(st.sampled_from([wq.And, wq.Or, wq.Or]))
    several = draw(st.lists(parts, min_size=1, max_size=4))
    return kind(several, boost=draw(_BOOSTS) if len(several) > 1 else 1.0)


def _grown(parts: st.SearchStrategy[wq.Query]) -> st.SearchStrategy[wq.Query]:
    binary = st.sampled_from([wq.AndNot, wq.AndMaybe, wq.Require])
    return st.one_of(
        _compound(parts),
        _compound(parts),
        parts.map(wq.Not),
        st.builds(lambda kind, a, b: kind(a, b), binary, parts, parts),
        st.builds(wq.ConstantScoreQuery, parts, st.sampled_from([1.0, 3.0])),
    )


#: Trees of every kind of query that the executor runs itself, and of some that it leaves to Whoosh.
TREES = st.recursive(_LEAVES, _grown, max_leaves=8)


# -- texts -----------------------------------------------------------------------------

_TEXT_LEAVES = st.one_of(
    st.sampled_from(WORDS),
    st.builds("{}^{}".format, st.sampled_from(WORDS), st.sampled_from(["2", "0.5"])),
    st.builds('"{} {}"~{}'.format, st.sampled_from(WORDS), st.sampled_from(WORDS), st.integers(1, 4)),
    st.sampled_from(
        [
            *("ba*", "c?t", "*t", "bat~", "bathe~2", "[ball TO cat]", "parties*", "*"),
            *("title:cat", "title:(bat OR cot)"),
            *("person:ana", 'person:"ana lima"', "person:li*", "tags:ball", "id:a1*", "has:venue", "missing:date"),
            *("year:2015", "year:2014..2016", "year:[TO 2015}", "date:2015-02", "date:2015..2016-05", "date:..2015-06"),
        ]
    ),
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joiners = st.sampled_from([" ", " ", " AND ", " OR ", " ANDNOT ", " ANDMAYBE ", " REQUIRE ", " NOT "])
    return st.builds("({}{}{})".format, parts, joiners, parts) | parts.map("(NOT {})".format)


#: Query texts in the query language.
TEXTS = st.recursive(_TEXT_LEAVES, _joined, max_leaves=5)
