from dataclasses import fields, replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify

from archive.corpus.ids import article_digest, declared_id, slug_id, with_suffix
from archive.model.article import Article

ARTICLE = Article(
    id="x", title="T", body="B", date="2016", people=("a",), venues=("b",), source="s", authors=("c",), url="u",
    tags=("t",), language="en", extra={"k": "v", "n": {"a": ("b",)}}, credits=("d",), path="corpus/x.md", line=3,
    inferred=("title",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "date", "made"),
    [
        ("The Ball", "2016-05-03", "2016-05-03-the-ball"),
        ("The Ball", "2016", "2016-the-ball"),
        ("The Ball", None, "the-ball"),
        ("Kim Kardashian’s Party", None, "kim-kardashians-party"),
        ("Zoë’s naïve façade", None, "zoes-naive-facade"),
        ("佐藤", None, "zuo-teng"),
        ("👩‍👩‍👧", None, "article"),
        ("…", "2016", "2016-article"),
        ("1,000 dogs", None, "1000-dogs"),
        ("word " * 30, None, "-".join(["word"] * 16)),
        ("x" * 100, None, "x" * 80),
        ("word-" * 15 + "fives six", None, "word-" * 15 + "fives"),
        ("word-" * 15 + "sixsix six", None, "-".join(["word"] * 15)),
    ],
)
def test_made_ids(title: str, date: str | None, made: str) -> None:
    assert slug_id(title, date) == made


@given(st.text() | st.text(alphabet="aé’'‘“”–—…-,1 2&;#xÅßøA\u0301"))
def test_slugs_are_those_of_python_slugify(title: str) -> None:
    slug = slugify(title, entities=False, decimal=False, hexadecimal=False)
    made = slug_id(title, None)
    assert made == (slug or "article") if len(slug) <= 80 else slug.startswith(made)


@given(st.text(max_size=50))
def test_a_made_id_is_a_fixed_point_of_declaring_it(title: str) -> None:
    made = slug_id(title, None)
    assert declared_id(made) == made
    assert 0 < len(made) <= 80


def test_declared_ids_become_slugs() -> None:
    assert declared_id("3dv2025-0") == "3dv2025-0"
    assert declared_id("My Id/7") == "my-id-7"
    assert declared_id("-a--b-") == "a-b"


def test_numbered() -> None:
    assert [with_suffix("a", n) for n in (1, 2, 3)] == ["a", "a-2", "a-3"]


def test_the_digest_is_of_the_content_and_not_of_the_place() -> None:
    same = replace(ARTICLE, path="corpus/moved.md", line=9, extra=MappingProxyType({"n": {"a": ("b",)}, "k": "v"}))
    assert article_digest(same) == article_digest(ARTICLE)
    assert len(article_digest(ARTICLE)) == 32


def test_every_other_field_changes_the_digest() -> None:
    changed = {"body": "C", "date": None, "extra": {"k": "w"}, "inferred": ()}
    seen = {article_digest(ARTICLE)}
    apart = ("path", "line", "line_by_line", "mentions", "declared", "sightings", "by_rules")  # place, names
    names = [field.name for field in fields(Article) if field.name not in apart]
    for name in names:
        old = getattr(ARTICLE, name)
        new = changed.get(name, ("z",) if isinstance(old, tuple) else "z")
        seen.add(article_digest(replace(ARTICLE, **{name: new})))
    assert len(seen) == len(names) + 1


def test_an_id_that_was_not_declared_does_not_count() -> None:
    inferred = replace(ARTICLE, inferred=("id",))
    assert article_digest(inferred) == article_digest(replace(inferred, id="x-2"))


def test_text_does_not_slide_from_field_to_field() -> None:
    first = Article(id="x", title="ab", body="c")
    assert article_digest(first) != article_digest(Article(id="x", title="a", body="bc"))
    one, two = replace(first, people=("a", "b")), replace(first, people=("a, b",))
    assert article_digest(one) != article_digest(two)
    assert article_digest(replace(first, body="\ud800")) != article_digest(first)
