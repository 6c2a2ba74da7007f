"""The stored record of an article gives back what was stored, and in part as in whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archive.engine.stored import decode_article, decode_shown, encode_article
from archive.model.article import Article, Mention, aliases_used

from ..support import generated

_NAMES = st.sampled_from(["Ada Fenn", "A. Fenn", "Pier Hall", "Bo", ""])
_TEXTS = st.sampled_from(["", "Ada Fenn was at the Pier Hall. Bo was not.", "ada fenn\nand “Bo”", "é"])
_KEYS = st.sampled_from(["people", "venues"])


@st.composite
def _articles(draw: st.DrawFn) -> Article:
    title, body = draw(_TEXTS), draw(_TEXTS)

    def mention(facet: str, name: str, start: int, length: int, in_title: bool, discovered: bool) -> Mention:
        text = (title if in_title else body)[start : start + length]
        return Mention(facet, name, text, start, start + length, in_title, discovered)

    mentions = st.builds(
        mention,
        *(st.sampled_from(["person", "venue"]), _NAMES, st.integers(0, 40), st.integers(0, 9)),
        *(st.booleans(), st.booleans()),
    )
    return Article(
        id=draw(st.sampled_from(["a", "b-2"])),
        title=title,
        body=body,
        date=draw(st.sampled_from([None, "2016", "2016-03-14", "201X"])),
        people=tuple(draw(st.lists(_NAMES, max_size=3, unique=True))),
        venues=tuple(draw(st.lists(_NAMES, max_size=2, unique=True))),
        tags=draw(st.sampled_from([(), ("x",)])),
        path=draw(st.sampled_from(["corpus/a.md", "corpus/a.jsonl"])),
        line=draw(st.integers(1, 9)),
        inferred=tuple(draw(st.lists(_KEYS | st.just("date"), max_size=3, unique=True))),
        mentions=tuple(draw(st.lists(mentions, max_size=6))),
        declared=draw(st.dictionaries(_KEYS, st.dictionaries(_NAMES, _NAMES, max_size=2), max_size=2)),
    )


def _shown(article: Article) -> Iterator[Any]:
    yield from (article.id, article.title, article.body, article.date, article.year, article.people, article.venues)
    yield from (article.path, article.line, article.location, article.detected, article.provenance)
    yield aliases_used(article)


@generated(200)
@given(_articles())
def test_a_record_has_the_article_and_what_is_shown_of_it(article: Article) -> None:
    record = encode_article(article, "digest", "base")
    assert decode_article(record) == article
    assert list(_shown(decode_shown(record))) == list(_shown(article))
