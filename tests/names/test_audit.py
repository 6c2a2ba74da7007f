"""The audit: names and dates that do not agree with texts, and articles that are one source."""

from __future__ import annotations

import random

import pytest

from archive.model.article import Article
from archive.names.audit import audit, late_dates
from archive.names.authority.records import Authority, Names, Record
from archive.names.entity_linker import EntityLinker
from archive.names.near_duplicates import MinHashIndex, groups

_NAMES = Names(
    Authority((Record("Ada Byrne", ("Mrs Ito",)), Record("Jun Ito")), (), "people.yaml"),
    Authority((Record("The Pier"),), (), "venues.yaml"),
    "",
)


def resolved(body: str, **metadata: tuple[str, ...]) -> Article:
    inferred = tuple(key for key in ("people", "venues") if key not in metadata)
    return EntityLinker(_NAMES).resolve(Article("a", "T", body, inferred=inferred, path="corpus/a.md", **metadata))  # type: ignore[arg-type]


def test_declared_names_and_those_in_the_text() -> None:
    article = resolved("Jun Ito came with Bo Dahl to The Pier.", people=("Mrs Ito", "Bo Dahl", "Cy Orr"))
    (found,) = audit([article]).disagreements
    assert found.facet == "person"
    assert found.declared == ("Ada Byrne", "Bo Dahl", "Cy Orr")
    assert found.unmentioned == ("Ada Byrne", "Cy Orr")
    assert found.undeclared == ("Jun Ito",)


def test_names_that_were_only_detected_disagree_with_nothing() -> None:
    assert not audit([resolved("Jun Ito came to The Pier.")])


def test_an_author_was_there_without_being_named() -> None:
    article = Article("a", "T", "I was there.", people=("Ada Byrne",), authors=("ada byrne",), inferred=("venues",))
    assert audit([article]).disagreements == ()


@pytest.mark.parametrize(
    ("date", "text", "said"),
    [
        ("1998-02-21", "She was born on 3 March 1999.", "1999-03-03"),
        ("1998-02-21", "It burned on March 3rd, 1998, they said.", "1998-03-03"),
        ("1998-02", "The fire was in July 1998.", "1998-07"),
        ("1998", "They met in 2001.", "2001"),
        ("1998", "It was signed on 1999-01-02.", "1999-01-02"),
    ],
)
def test_the_past_is_not_later_than_the_article(date: str, text: str, said: str) -> None:
    (found,) = late_dates(Article("a", "T", f"All is well. {text}", date=date))
    assert (found.date, found.sentence) == (said, text)


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("1998-02-21", "The theatre will be opened on 3 March 1999."),
        ("1998-02-21", "It was hoped to finish by July 1998."),
        ("1998-02-21", "She was a candidate in 2000."),
        ("1998-02-21", "It was 21 February 1998."),
        ("1998-02", "It burned on 3 February 1998."),
        ("1998", "It burned in March 1998."),
        ("1998-02-21", "It sold 2001 tickets, and was closed in 1997."),
        ("1998-02-21", "In 2001: A Space Odyssey, played on Friday, there are apes."),
        ("1998-02-21", "The plan for 2005 was shelved."),
        (None, "It burned on 3 March 1999."),
    ],
)
def test_what_is_to_come_is_no_contradiction(date: str | None, text: str) -> None:
    assert list(late_dates(Article("a", "T", text, date=date))) == []


def prose(seed: int, length: int = 200) -> list[str]:
    chosen = random.Random(seed)
    return ["".join(chosen.choices("abcdefghij", k=4)) for _ in range(length)]


def likes(*texts: list[str]) -> list[tuple[list[int], float]]:
    sketches = MinHashIndex()
    for text in texts:
        sketches.add(" ".join(text))
    return groups(sketches.similar_pairs(), len(texts))


def test_wire_copy_is_one_source_however_often_it_was_cut() -> None:
    wire = prose(1)
    edited = [*prose(2, 10), *wire[:150]]
    (group,) = likes(wire, prose(3), edited, wire, prose(4))
    assert group[0] == [0, 2, 3]
    assert 0.5 < group[1] < 0.95


def test_what_shares_little_or_is_short_is_not_one_source() -> None:
    wire = prose(1)
    assert likes(wire, [*wire[:40], *prose(2, 160)], prose(3)) == []
    assert likes(["born", "at", "sea"], ["born", "at", "sea"]) == []


def test_the_count_of_independent_articles() -> None:
    text = " ".join(prose(1))
    found = audit([Article(f"a{n}", "T", text if n < 3 else " ".join(prose(n)), source=f"S{n}") for n in range(5)])
    assert (found.articles, found.independent) == (5, 3)
    assert [copy.source for copy in found.duplicates[0].copies] == ["S0", "S1", "S2"]
