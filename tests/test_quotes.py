"""Quotations: found however they are typed, given as they stand, and verified."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import NotFoundError, UsageError
from archive.model.article import Article
from archive.quotes import NotQuotedError, Quote, digest, quote, verify
from archive.render.quote_text import quote_record, quoted, read_quotes
from archive.text.sentences import paragraphs

from .support import generated, make_archive
from .timing import within

BODY = "The pier burned.\n\n“It’s a loss—a great\none …” said Ada Byrne. Nobody was hurt.\n\nThe pier burned. Twice."
ARTICLE = Article("pier", "The Pier Burns", BODY, date="1994-07", source="Gazette", authors=("Jo Sand",))


def nothing(_: str) -> Iterator[Article]:
    return iter(())


@pytest.mark.parametrize(
    "typed",
    [
        "“It’s a loss—a great one …” said",
        '"It\'s a loss--a great one ..." said',
        "  «It`s a loss – a  great\tone…» said ".replace(" – ", "–").replace("one…", "one …"),
    ],
)
def test_typographic_marks_and_white_space_do_not_matter(typed: str) -> None:
    found = quote(ARTICLE, typed)
    assert found.text == "“It’s a loss—a great\none …” said"
    assert (found.id, found.paragraph) == ("pier", 2)


def test_letters_do() -> None:
    with pytest.raises(NotQuotedError) as error:
        quote(ARTICLE, "Nobody was hurt badly")
    assert error.value.nearest is not None
    assert error.value.nearest.text == "Nobody was hurt."
    with pytest.raises(NotQuotedError):
        quote(ARTICLE, "nobody was hurt")
    with pytest.raises(NotQuotedError) as error:
        quote(ARTICLE, "zzz qqq")
    assert error.value.nearest is None


def test_the_first_place_counts_and_the_title_is_one() -> None:
    assert quote(ARTICLE, "The pier burned.").paragraph == 1
    assert quote(ARTICLE, "The Pier Burns").paragraph == 0
    with pytest.raises(UsageError):
        quote(ARTICLE, " ”… ")


def with_body(body: str, article_id: str = "pier") -> Article:
    return Article(article_id, ARTICLE.title, body)


def test_unchanged_even_if_something_around_it_has_changed() -> None:
    given = quote(ARTICLE, "Nobody was hurt.")
    same = verify(given, lambda _: ARTICLE, nothing)
    assert (same.status, same.intact) == ("unchanged", True)
    around = verify(given, lambda _: with_body(BODY.replace("great", "small")), nothing)
    assert (around.status, around.intact) == ("unchanged", False)
    wrapped = verify(given, lambda _: with_body(BODY.replace("great\none", "great one")), nothing)
    assert (wrapped.status, wrapped.intact) == ("unchanged", True)


def test_moved_within_the_article_and_to_another() -> None:
    given = quote(ARTICLE, "Nobody was hurt.")
    lower = verify(given, lambda _: with_body(f"New.\n\n{BODY}"), nothing)
    assert lower.now is not None
    assert (lower.status, lower.now.paragraph, lower.intact) == ("moved", 3, True)
    other = with_body(BODY, "pier-2")
    gone = verify(given, lambda _: None, lambda _: iter((with_body("Not here.", "x"), other)))
    assert gone.now is not None
    assert (gone.status, gone.now.id) == ("moved", "pier-2")


def test_of_the_same_words_twice_each_stays_where_it_was() -> None:
    last = Quote("The pier burned.", "pier", 3, quote(ARTICLE, "Twice.").digest)
    assert verify(last, lambda _: ARTICLE, nothing).status == "unchanged"


def test_gone_with_what_is_nearest() -> None:
    given = quote(ARTICLE, "Nobody was hurt.")
    found = verify(given, lambda _: with_body(BODY.replace("Nobody was", "Nobody at all was")), nothing)
    assert (found.status, found.now) == ("gone", None)
    assert found.nearest is not None
    assert found.nearest.text == "Nobody at all was hurt."
    assert verify(given, lambda _: None, nothing).nearest is None


def test_an_article_that_was_renamed_is_found_by_its_words(tmp_path: Path) -> None:
    record = {"id": "pier", "title": "The Pier Burns", "body": BODY}
    with make_archive(tmp_path / "a", [record]) as archive:
        given = archive.quote("pier", "\"It's a loss")
        assert archive.verify(given).status == "unchanged"
        with pytest.raises(NotFoundError, match="there is no article"):
            archive.quote("peer", "x")
    records = [record | {"id": "new"}, {"id": "x", "title": "X", "body": "A loss."}]
    with make_archive(tmp_path / "b", records) as archive:
        found = archive.verify(given)
        assert found.now is not None
        assert (found.status, found.now.id) == ("moved", "new")


TEXT = st.text(st.sampled_from("ab é’“.-…\n[>\\*"), max_size=60)


@given(TEXT, st.integers(0, 60), st.integers(1, 60))
@generated(100)
def test_any_piece_of_a_text_is_found_printed_and_read_back(text: str, start: int, length: int) -> None:
    article = Article("a", "Ω", text.strip())
    piece = article.body[start : start + length]
    if not any(map(str.isalnum, piece)):
        return
    found = quote(article, piece)
    assert found.text in article.body
    import json

    for printed in ("\n".join(quoted(found)), json.dumps(quote_record(found))):
        (back,) = read_quotes(f"{printed}\n", "-")
        assert (back.id, back.paragraph, back.digest) == (found.id, found.paragraph, found.digest)
        assert verify(back, lambda _: article, nothing).intact


def test_a_file_of_quotations_has_other_lines_too() -> None:
    one, two = ("\n".join(quoted(quote(ARTICLE, words))) for words in ("Nobody", "It’s a loss—a great one"))
    assert [each.text for each in read_quotes(f"My notes\n\n{one}\nmore\n{two}\n", "f")] == [
        "Nobody", "It’s a loss—a great\none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "f: there is no quotation in it"),
        ("a\n> lost words\n\n", "f:2: this quotation has no line with its id"),
        ('{"text": "x"}', "f: number 1 is not a quotation"),
        ('{"text": "x"', "f:1: this is not JSON"),
        ("[1]", "f: number 1 is not a quotation"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        read_quotes(text, "f")
    assert str(error.value).startswith(said)


_TYPED = {"'": "‘’‚‛ʼ`´'", '"': '“”„‟«»"', "-": "-‐‑‒–—―−"}


def _pattern(text: str) -> re.Pattern[str]:
    """What finds a text, however its white space and typographic marks are typed; slow."""
    parts = []
    for word in unicodedata.normalize("NFC", text).split():
        plain = re.sub(r"--+", "—", word).replace("...", "…")
        parts.append("".join(map(_character, plain)))
    return re.compile(r"\s+".join(parts))


def _character(char: str) -> str:
    if char == "…":
        return r"(?:…|\.\.\.)"
    form = next((chars for chars in _TYPED.values() if char in chars), "")
    return f"[{re.escape(form)}]" + ("{1,3}" if char in _TYPED["-"] else "") if form else re.escape(char)


_PIECES = st.sampled_from(
    ["a", "b", "A.", " ", "  ", "\n\n", "\t", "’", "'", "“", '"', "-", "—", "--", "…", "...", "é"]
)
_TEXTS = (
    st.lists(_PIECES, max_size=24)
    .map("".join)
    .filter(lambda text: not re.search(r"[-‐‑‒–—―−]{3}|…[.…]|[.…]…|\.{4}", text))
)


@given(_TEXTS, st.data())
@generated(300)
def test_a_quotation_stands_where_a_pattern_for_it_finds_it(body: str, data: st.DataObject) -> None:
    start, size = data.draw(st.integers(0, len(body))), data.draw(st.integers(1, 8))
    wanted = data.draw(st.one_of(st.just(body[start : start + size]), _TEXTS)).strip()
    if not re.search(r"[^\W_]", wanted):
        return
    article = Article("a", "", body)
    match = _pattern(wanted).search(body)
    try:
        found = quote(article, wanted)
    except NotQuotedError:
        assert match is None
    else:
        assert match is not None
        assert found.text == match[0]
        spans = paragraphs(body)
        assert found.paragraph == next(at for at, (_, end) in enumerate(spans, 1) if match.start() < end)


def test_every_place_of_a_text_is_looked_at_in_time_in_proportion_to_it() -> None:
    body = "the pier, " * 20_000 + "\n\n" + "the pier. " * 10
    with within(4.0):
        given = Quote("the pier.", "a", 2, digest(("the pier. " * 10).strip()))
        now = verify(given, lambda _: Article("a", "", body), nothing)
        assert (now.status, now.intact) == ("unchanged", True)
        for text in ("the pier, " * 1_990 + "the end", "e" * 20_000, "... " * 4_999 + "x", "pier " * 4_000):
            with pytest.raises(NotQuotedError):
                quote(Article("a", "", body), text)
