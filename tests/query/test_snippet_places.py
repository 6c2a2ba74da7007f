"""Snippets made from the places where words may be are those made by analysing whole texts, to the letter."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive import Archive, SearchRequest
from archive.model.results import Snippet
from archive.query.parsed_query import HighlightTerms
from archive.search import highlighter, tokenized_text
from archive.search.highlighter import FormsOf, Highlighter
from archive.text.analyzer import Analyzer

from ..support import REPOSITORY, generated
from .whole_text_marks import WholeTextHighlighter

QUERIES = (
    "birthday", "the birthday dinner", '"birthday dinner"', '"dinner birthday"~5', "birth*", "din* birth*", "=dinner",
    '="the dinner"', "co-operation", "cooperation", "re-opened", "reopened", '"re-opened theatre"', "US", "U.S.", "USA",
    "O'Dowd", "odowd", "Dowd", "Siobhán", "siobhan", "d'Orvane", "mayor's", "birthday~", "b*day", '"birth* dinner"',
    "NEAR(birthday dinner, 5)", "1998", "semi-detached OR seaside", "gull* NOT harbour", "halcyon -fire", "well-known",
    "ball OR dance OR dinner OR party OR theatre OR harbour OR pier OR gala",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("demo")
    shutil.copytree(REPOSITORY / "corpus", root / "corpus")
    (root / "archive.yaml").write_text("judge_seconds: 0\n", "utf-8")
    with Archive.open(root) as archive:
        archive.index()
        yield archive


def _whole(archive: Archive, query: str, body: str) -> Snippet:
    marks = archive._searcher.plan_to_answer(SearchRequest(query)).parsed.marks
    return WholeTextHighlighter(marks, archive._searcher._analyzer).snippet(body)


def test_every_snippet_of_the_demonstration_is_that_of_the_whole_text(demo: Archive) -> None:
    bodies = {article.id: article.body for article in demo.articles()}
    words = sorted({word for body in bodies.values() for word in body.split()})[::40]
    compared = 0
    for query in (*QUERIES, *(f'"{word}"' for word in words if '"' not in word)):
        for hit in demo.search(query, limit=40, facets=()).hits:
            whole = _whole(demo, query, bodies[hit.id])
            assert (hit.snippet, hit.snippet.marks) == (whole, whole.marks), (query, hit.id)
            compared += bool(whole.marks)
    assert compared > 300


def test_snippets_are_made_without_analysing_whole_texts(demo: Archive) -> None:
    cut = []
    real = tokenized_text.TokenizedText.__init__

    def counting(self: tokenized_text.TokenizedText, text: str, *more: object) -> None:
        real(self, text, *more)  # type: ignore[arg-type]
        cut.append((len(text), len(self.distinct) * 20))

    with patch.object(tokenized_text.TokenizedText, "__init__", counting):
        hits = demo.search("theatre", limit=10, facets=()).hits
    assert len(hits) == 10
    assert sum(length for length, _ in cut) > sum(len(demo.get(hit.id).body) for hit in hits)
    assert all(words < length for length, words in cut)


def test_the_articles_of_a_page_are_looked_through_as_one(demo: Archive) -> None:
    with patch.object(Highlighter, "snippet", side_effect=AssertionError):
        assert len(demo.search("theatre", limit=10, facets=()).hits) == 10


_TOKENS = st.sampled_from(
    [
        *("cat", "Cat", "cats", "CATS", "cat's", "cat’s", "cats'", "dog", "dogs", "Dog.", "dogged", "fish", "fishes"),
        *("co-operation", "cooperation", "co‑operate", "Co-Operative", "state-of-the-art", "e-mail", "email", "F-16"),
        *("U.S.", "US", "us", "u.s", "U.S.A.", "a.b.c", "3.5", "1998-99", "cat-dog", "cat-dog-fish", "dog.cat"),
        *("l'opéra", "L’Opéra", "opera", "d'Orvane", "d’Orvane", "dorvane", "O'Dowd", "odowd", "dowd", "dell'anno"),
        *("Élodie", "élodie’s", "elodie", "naïve", "cafe\u0301", "İstanbul", "ﬁsh", "ſtate", "K", "ａｂｃ"),
        *("東京", "東京の夜", "夜", "กขค", "カﾞ", "“cat”", "—dog—", "(fish)", "cat_dog", "cat\u200bdog", "cat\u00addog"),
        *("''", "cat''dog", "'cat'", "‘dog’", "the", "of", "and", "a", "…", "\u00a0", "-", "--", "."),
        *("cat…dog", "a's", "s's", "x.cat", "sub-cat", "ca-t", "do-g", "(fi-sh),", "e.g.,", "d'S", "cat's-dog", "b's"),
        *("word " * 45, "- " * 60, "x" * 260, "filler words between the others "),
    ]
)  # fmt: skip
_SPACES = st.sampled_from([" ", " ", " ", "\n", "\n\n", "  ", "\t", "", "\u2003", "\x1c"])
_TEXTS = st.lists(st.tuples(_TOKENS, _SPACES) | st.tuples(st.text(max_size=6), _SPACES), max_size=60).map(
    lambda pairs: "".join(token + space for token, space in pairs)
)
_WORDS = st.sampled_from(
    [
        *("cat", "dog", "fish", "cooper", "co", "oper", "email", "e", "mail", "us", "opera", "orvan", "dorvan"),
        "filler",
        *("elodi", "d", "odowd", "dowd", "東", "京", "夜", "the", "of", "s", "state", "f16", "16", "3", "word", "cafe"),
    ]
)
_SLOPS = st.integers(1, 50)
_PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "words": st.sets(_WORDS, max_size=3),
        "phrases": st.lists(st.tuples(st.lists(_WORDS, min_size=2, max_size=3).map(tuple), _SLOPS), max_size=2),
        "exact_words": st.sets(_WORDS, max_size=2),
        "exact_phrases": st.lists(st.tuples(st.lists(_WORDS, min_size=2, max_size=3).map(tuple), _SLOPS), max_size=2),
        "prefixes": st.lists(st.sampled_from(["ca", "dog", "co", "él", "opé", "u", "東", "filler"]), max_size=2),
        "acronyms": st.sets(st.sampled_from(["US", "USA", "ABC"]), max_size=2),
        "wildcards": st.lists(st.sampled_from(["c?t", "*g"]), max_size=1),
        "fuzzy": st.lists(st.just(("cot", 1, 1)), max_size=1),
    },
).map(lambda given: HighlightTerms(**given))  # type: ignore[arg-type]
_SLOTS = st.lists(st.tuples(st.integers(0, 3), _PLAIN), min_size=1, max_size=3).map(tuple)
_MARKS = st.builds(
    lambda plain, spans, near: HighlightTerms(
        **{name: getattr(plain, name) for name in HighlightTerms.__slots__} | {"spans": spans, "near": near}
    ),
    _PLAIN,
    st.lists(st.tuples(_SLOTS, _SLOPS), max_size=1),
    st.lists(st.tuples(_SLOTS, _SLOTS, _SLOPS), max_size=1),
)
_ANALYZERS = {language: Analyzer(language) for language in ("english", "french", "german", None)}


_FAR = "a cat. " + "filler " * 60 + "co-operation"


def _forms_of(texts: Iterable[str], analyzer: Analyzer) -> FormsOf:
    """What the index of an archive with these texts knows."""
    forms: dict[str, set[str]] = {}
    for form in analyzer.forms("\n\n".join(texts)):
        forms.setdefault(analyzer.stem(form), set()).add(form)
    return lambda terms: frozenset().union(*(forms.get(term, ()) for term in terms))


@generated(300)
@given(text=_TEXTS, marks=_MARKS, language=st.sampled_from(list(_ANALYZERS)), sparse=st.sampled_from([1, 30]))
@example(text=_FAR, marks=HighlightTerms({"cooper", "cat"}), language="english", sparse=1)
@example(text="dog co-op cat", marks=HighlightTerms(phrases=[(("dog", "cat"), 2)]), language="english", sparse=1)
@example(text="a cat's b's s", marks=HighlightTerms({"s"}), language="english", sparse=1)
@example(text="a cat's b's s", marks=HighlightTerms(prefixes=["s"]), language="english", sparse=1)
def test_a_snippet_is_that_of_the_whole_text(
    text: str, marks: HighlightTerms, language: str | None, sparse: int
) -> None:
    analyzer = _ANALYZERS[language]
    forms_of = _forms_of([text], analyzer)
    for piece, overlap in ((100_000, 2_000), (100, 30)):
        # With a place for each character a text is cut only there, however many there are.
        with (
            patch.object(tokenized_text, "_SPARSE", sparse),
            patch.multiple(highlighter, _PIECE=piece, _OVERLAP=overlap),
        ):
            whole = WholeTextHighlighter(marks, analyzer).snippet(text)
            made = Highlighter(marks, analyzer, forms_of).snippet(text)
        assert (made, made.marks) == (whole, whole.marks)
    assert WholeTextHighlighter(marks, analyzer).spans(text) == Highlighter(marks, analyzer).spans(text)


@generated(300)
@given(
    texts=st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=4),
    marks=_MARKS,
    language=st.sampled_from(list(_ANALYZERS)),
    sparse=st.sampled_from([1, 30]),
    short=st.sampled_from([100, 10_000]),
)
@example(
    texts=[("a cat", "dog"), ("", "cat"), ("dog", "fish")],
    marks=HighlightTerms(phrases=[(("cat", "dog"), 50)]),
    language="english",
    sparse=1,
    short=10_000,
)
def test_texts_looked_through_as_one_are_marked_as_each_by_itself(
    texts: list[tuple[str, str]], marks: HighlightTerms, language: str | None, sparse: int, short: int
) -> None:
    analyzer = _ANALYZERS[language]
    forms_of = _forms_of([text for pair in texts for text in pair], analyzer)
    whole = WholeTextHighlighter(marks, analyzer)
    with patch.object(tokenized_text, "_SPARSE", sparse), patch.object(highlighter, "_SHORT", short):
        marked = Highlighter(marks, analyzer, forms_of).marked(texts)
    for (title, body), (title_marks, snippet) in zip(texts, marked, strict=True):
        assert title_marks == whole.spans(title)
        expected = whole.snippet(body)
        assert (snippet, snippet.marks) == (expected, expected.marks)


_FORMS = st.text("abcdefghijklmnopqrstuvwxyz0123456789éßд東", min_size=1, max_size=12)
_ENDINGS = st.sampled_from(["", "s", "y", "ies", "ied", "ing", "eed", "edly", "ational", "iveness", "ize", "logi", "e"])


@generated(300)
@given(form=st.builds(str.__add__, _FORMS, _ENDINGS), language=st.sampled_from(["english", "porter", None]))
@example(form="y", language="english")
@example(form="dying", language="english")
def test_a_form_begins_as_is_known_of_its_term(form: str, language: str | None) -> None:
    analyzer = Analyzer(language)
    beginning = analyzer.shared_beginning(analyzer.stem(form))
    assert beginning
    assert form.startswith(beginning)
