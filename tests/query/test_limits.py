"""The published limits: at each a query is answered at once, one beyond it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive import Archive, LimitError, NotFoundError, QueryError
from archive.query import limits

from ..support import make_archive
from ..timing import within

#: What the README says.
PUBLISHED = {
    "MAX_CHARACTERS": 1_000,
    "MAX_DEPTH": 50,
    "MAX_CLAUSES": 64,
    "MAX_EXPANSION": 1_024,
    "MAX_SLOP": 100,
    "MAX_EDITS": 2,
    "MAX_BOOST": 100.0,
    "MAX_VALUES": 1_000,
    "MAX_NAME": 1_000,
    "MAX_VALUE": 100_000,
    "MAX_NUMBER": 1_000_000_000,
    "MAX_NAMES": 64,
    "MAX_ID": 200,
    "MAX_QUOTE": 20_000,
    "MAX_SECONDS": 10.0,
}


#: Processor seconds of a quiet machine; what hangs takes minutes.
_NO_HANG = 1.0


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive that is unkind to queries: a long text of few words, a long word, many different words."""
    records = [{"id": "long", "title": "long", "body": "the and of cat dog " * 20_000 + "a" * 5_000}]
    for number in range(400):
        body = " ".join(f"t{(number * 7 + place) % 997}" for place in range(30))
        records.append({"id": f"r{number}", "title": f"r {number}", "body": f"common cat {body}"})
    with make_archive(tmp_path_factory.mktemp("wordy"), records) as archive:
        yield archive


def test_the_limits_are_those_published() -> None:
    assert {name: getattr(limits, name) for name in PUBLISHED} == PUBLISHED


AT_AND_BEYOND = {
    "characters": ("a" * 1_000, "a" * 1_001, "1,001 characters"),
    "characters in words": ("cat " * 63 + "^" * 748, "cat " * 63 + "^" * 749, "characters"),
    "brackets": ("(" * 50 + "cat" + ")" * 50, "(" * 51 + "cat" + ")" * 51, "nested 51 deep"),
    "brackets never closed": ("(" * 50 + "cat", "(" * 51 + "cat", "nested 51 deep"),
    "brackets after a field": ("title:" + "(" * 50 + "cat", "title:" + "(" * 51 + "cat", "nested 51 deep"),
    "brackets and a quote": ('"' + "(" * 50 + "cat", '"' + "(" * 51 + "cat", "nested 51 deep"),
    "brackets in a curly quote": ("“" + "(" * 50 + "cat", "“" + "(" * 51 + "cat", "nested 51 deep"),
    "words": (" ".join(["cat"] * 64), " ".join(["cat"] * 65), "65 clauses"),
    "different words": (" ".join(f"t{n}" for n in range(64)), " ".join(f"t{n}" for n in range(65)), "65 clauses"),
    "words in brackets": ("(cat)" * 64, "(cat)" * 65, "65 clauses"),
    "alternatives": (" OR ".join(["cat"] * 64), " OR ".join(["cat"] * 65), "65 clauses"),
    "negations": (" ".join(["-dog"] * 64), " ".join(["-dog"] * 65), "65 clauses"),
    "fuzzy words": (" ".join(["t1~2"] * 64), " ".join(["t1~2"] * 65), "65 clauses"),
    "ranges": ("[a TO b] " * 16, "[a TO b] " * 22, "66 clauses"),
    "slop": ('"cat dog"~100', '"cat dog"~101', "slop ~101 of a phrase"),
    "slop of many words": ('"the and of the cat and the dog"~100', '"the and"~99999999999', "slop ~99999999999"),
    "slop after curly quotes": ("“cat dog”~100", "“cat dog”~101", "slop ~101 of a phrase"),
    "edits": ("cet~2", "cet~3", "more than 2 edits"),
    "edits of many digits": ("cet~1", "cet~99999999999", "edits"),
    "weight": ("cat^100", "cat^100.5", "over the limit of 100"),
    "weight of many digits": ("cat^99.999999", "cat^" + "9" * 400, "over the limit of 100"),
    "words of a pattern": ("t9*", "t* OR r*", None),
}


@pytest.mark.parametrize(("at", "beyond", "why"), AT_AND_BEYOND.values(), ids=AT_AND_BEYOND)
def test_at_a_limit_and_one_beyond(wordy: Archive, at: str, beyond: str, why: str | None) -> None:
    with within(_NO_HANG):
        wordy.search(at)
    if why is None:
        return
    with within(_NO_HANG / 10), pytest.raises(LimitError, match=why):
        wordy.search(beyond)


ENDURED = {
    "a phrase of one word, said often, far apart": '"' + "the " * 200 + '"~100',
    "a phrase of all the commonest words": '"' + "the and of " * 60 + '"~100',
    "a phrase inside a word": "the-and-of-cat-dog-" * 50,
    "closing brackets": ")" * 1_000,
    "quotes": '"' * 1_000,
    "stars": "*" * 1_000,
    "question marks": "?" * 1_000,
    "alternating wildcards": "*a?" * 333,
    "wildcards that a long word almost fits": "*a" * 450 + "b",
    "hyphens": "-" * 1_000,
    "carets": "^" * 1_000,
    "tildes": "~" * 1_000,
    "a tilde after every letter": "a~/" * 333,
    "negations of negations": "NOT " * 64 + "cat",
    "words that may be there besides those that may": " ANDMAYBE ".join(["cat"] * 23),
    "words without those without others": " ANDNOT ".join(["cat"] * 23),
    "words that need those that need others": " REQUIRE ".join(["cat"] * 23),
    "open ranges": "[a TO " * 21,
    "fields of fields": "has:" * 250,
    "words in the deepest brackets": "(" * 50 + "cat " * 64 + ")" * 50,
    "brackets side by side": "()" * 500,
    "combining marks": "a" + "\u0301" * 999,
}


@pytest.mark.parametrize("query", ENDURED.values(), ids=ENDURED)
def test_what_might_hang_is_answered_or_refused_in_no_time(wordy: Archive, query: str) -> None:
    with within(_NO_HANG), suppress(QueryError):
        wordy.search(query)
        wordy.search(query, any_word=True)


def test_the_limit_of_a_pattern_is_not_that_of_the_words_it_stands_for(tmp_path: Path) -> None:
    """64 parts are a lot, but each may be a pattern."""
    body = " ".join(f"w{number:03}" for number in range(640))
    with make_archive(tmp_path, [{"id": "a", "title": "x", "body": body}]) as archive:
        assert archive.search(" ".join(f"w{number:02}*" for number in range(64))).total == 1


_NAMES = [f"Jo {number}" for number in range(1_001)]
#: A question at a limit, one beyond it, and why that is refused.
ASKED: dict[str, tuple[Callable[[Archive], object], Callable[[Archive], object], str]] = {
    "find, characters": (
        lambda a: a.facet("person", "x" * 1_000), lambda a: a.facet("person", "x" * 1_001), "1,001 characters",
    ),
    "find, words": (
        lambda a: a.facet("person", "x " * 64), lambda a: a.facet("person", "x " * 65), "65 words, over the limit",
    ),
    "a name": (
        lambda a: a.search(person="x" * 1_000), lambda a: a.search(person="x" * 1_001), "a value of person has 1,001",
    ),
    "a value": (
        lambda a: a.search(where=[("venue", "x" * 100_000)]), lambda a: a.search(where=[("venue", "x" * 100_001)]),
        "a value of where has 100,001",
    ),
    "values": (
        lambda a: a.search(person=_NAMES[:600], not_venue=_NAMES[:397]),
        lambda a: a.search(person=_NAMES[:600], not_venue=_NAMES[:398]),
        "1,001 values, over the limit of 1,000, most of them in person",
    ),
    "names asked about": (
        lambda a: a.certificate("Jo", with_=_NAMES[:63]), lambda a: a.certificate("Jo", with_=_NAMES[:64]), "65 names",
    ),
    "a limit": (
        lambda a: a.search("cat", limit=10**9), lambda a: a.search("cat", limit=10**9 + 1), "limit is over 1,000",
    ),
    "an offset": (
        lambda a: a.search("cat", offset=10**9), lambda a: a.search("cat", offset=10**40), "offset is over 1,000",
    ),
    "a limit of values": (
        lambda a: a.facet("person", limit=10**9), lambda a: a.facet("person", limit=10**40), "facet_limit is over",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("at", "beyond", "why"), ASKED.values(), ids=ASKED)
def test_a_question_at_a_limit_and_one_beyond(
    wordy: Archive, at: Callable[[Archive], object], beyond: Callable[[Archive], object], why: str
) -> None:
    at(wordy)
    with pytest.raises(LimitError, match=why):
        beyond(wordy)


def test_an_id_that_is_too_long_is_nobodys_and_not_looked_up(wordy: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFoundError, match=f"'{'x' * 200}'$"):
        wordy.get("x" * 200)
    monkeypatch.setattr("archive.engine.local.engine.WhooshEngine.similar_ids", None)
    with pytest.raises(NotFoundError, match=r"'x{100}…'; an id has at most 200 characters"):
        wordy.get("x" * 201)


def test_a_quotation_at_its_limit_and_one_beyond(wordy: Archive) -> None:
    said = wordy.get("long").body[:20_000]
    assert wordy.quote("long", said).paragraph == 1
    with pytest.raises(LimitError, match="the quotation has 20,001 characters"):
        wordy.quote("long", "x" * 20_001)


LATE: list[tuple[Callable[[Archive], object], limits.Work]] = [
    (lambda a: a.search("", limit=10**9), limits.LISTING),
    (lambda a: a.facet("person", limit=None), limits.COUNTING),
    (lambda a: a.facet("person", "jo"), limits.FINDING),
    (lambda a: a.encounters("Jo Lee"), limits.READING),
    (lambda a: a.companions("Jo Lee", limit=None), limits.ACCOMPANYING),
    (lambda a: a.quote("a", "nobody says that"), limits.COMPARING),
    (lambda a: a.highlight("a cat", "cat"), limits.MARKING),
    (lambda a: a.search("cat"), limits.MATCHING),
]


@pytest.fixture(scope="module")
def long_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one article, with a text that takes a moment."""
    root = tmp_path_factory.mktemp("long")
    record = {"id": "a", "title": "t", "people": ["Jo Lee", "Bo Li"], "body": "Jo Lee has a cat. " * 2_000}
    make_archive(root, [record]).close()
    return root


@pytest.mark.parametrize(("ask", "work"), LATE, ids=[work.what for _, work in LATE])
def test_the_error_says_what_took_so_long(
    long_text: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Archive], object], work: limits.Work
) -> None:
    with Archive.open(long_text) as archive:
        with suppress(NotFoundError):
            ask(archive)  # in time
        now = limits.time.monotonic
        genuine = limits.Deadline.check

        def check(deadline: limits.Deadline, what: limits.Work | None = None) -> None:
            with monkeypatch.context() as context:
                context.setattr(limits.time, "monotonic", lambda: now() + 1_000 * ((what or deadline.work) is work))
                genuine(deadline, what)

        monkeypatch.setattr(limits.Deadline, "check", check)
        with pytest.raises(LimitError, match=f"{work.what} takes longer than 10 seconds; {work.remedy}"):
            ask(archive)


def test_stop_words_are_no_clauses(wordy: Archive) -> None:
    asked = "what, then, is it that the cat of the cat was to have been. " * 14 + "cat " * 36
    assert len(asked.split()) > 2 * limits.MAX_CLAUSES
    assert wordy.search(asked).total
    with pytest.raises(LimitError, match="65 clauses"):
        wordy.search(asked + "cat")
