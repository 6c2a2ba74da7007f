"""Parts of names: whose a surname or first name alone is, and when it is nobody's."""

from __future__ import annotations

import pytest

from archive.model.article import Article
from archive.names.authority.records import Authority, Names, Record
from archive.names.entity_linker import EntityLinker
from archive.names.surface_forms import name_parts

RECORDS = (
    Record("Ivanka Trump"),
    Record("Donald Trump", ("President Trump", "Donald J. Trump"), ("Donald Trump Jr.",)),
    Record("Kim Kardashian", ("Kimberly Kardashian",)),
    Record("Jared Kushner"),
    Record("Zoë Amadi", ("Zoë Lindqvist", "Mayor Amadi")),
    Record("Chidi Amadi"),
    Record("Noor al-Khatib"),
    Record("Ieuan ap Rhydderch"),
    Record("Núria Ferrer i Vidal"),
    Record("Marta Kovač", (), ("Dr Marta Kovač",)),
    Record("Dr Marta Kovač", ("Dr Kovač",)),
    Record("Grace Halloran"),
    Record("Will Rose"),
)


def bare(body: str, title: str = "", people: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(as written, canonical name) of the parts of names in a text."""
    resolver = EntityLinker(Names(Authority(RECORDS, (), ""), Authority((), (), ""), ""))
    spelled = {spelling for record in RECORDS for spelling in (record.name, *record.aliases)}
    found = resolver.mentions(Article("a", title, body), people)
    return [(each.text, each.name) for each in found if each.text not in spelled]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ivanka Trump came. Ivanka danced; Trump's dress shone.",
         [("Ivanka", "Ivanka Trump"), ("Trump", "Ivanka Trump")]),
        ("Jared Kushner wrote. “Kushner’s book,” said Kushner.", [("Kushner", "Jared Kushner")] * 2),
        ("Kimberly Kardashian sat. Kimberly and\nKardashian laughed.",
         [("Kimberly", "Kim Kardashian"), ("Kardashian", "Kim Kardashian")]),
        ("Noor al-Khatib drew. Miss al-Khatib left.", [("al-Khatib", "Noor al-Khatib")]),
        ("Ieuan ap Rhydderch played. Mr ap Rhydderch and Rhydderch.",
         [("ap Rhydderch", "Ieuan ap Rhydderch"), ("Rhydderch", "Ieuan ap Rhydderch")]),
        ("Núria Ferrer i Vidal opened. Miss Ferrer sold.", [("Ferrer", "Núria Ferrer i Vidal")]),
        ("Zoë Lindqvist won. Miss Lindqvist bowed.", [("Lindqvist", "Zoë Amadi")]),
        ("Mr Chidi Amadi and Mrs Zoë Amadi came. Mr Amadi sang, Mrs Amadi danced, Amadi ate.",
         [("Amadi", "Chidi Amadi"), ("Amadi", "Zoë Amadi")]),
        ("Kim Kardashian sat. HBD Kim! Later Kim slept. Then Kardashian left.",
         [("Kim", "Kim Kardashian"), ("Kim", "Kim Kardashian"), ("Kardashian", "Kim Kardashian")]),
    ],
)  # fmt: skip
def test_a_part_is_that_of_the_one_person(body: str, expected: list[tuple[str, str]]) -> None:
    assert bare(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Trump came.",  # nobody was named
        "Trump came before Ivanka Trump.",
        "Ivanka Trump met President Trump. Trump smiled.",
        "Ivanka Trump and Donald Trump Jr. spoke. Trump left.",
        "Ivanka Trump met Melania Trump, and Trump smiled.",  # one whom no record knows
        "Ivanka Trump came, then Chairman Trump. Trump left.",
        "Ivanka Trump slept in Trump Tower.",
        "Ivanka Trump opposed the Trump administration.",
        "Ivanka Trump voted in Trump 2024.",
        "Ivanka Trump is a trump. No trumps.",
        "Kim Kardashian met Kim Novak. He saw Kim.",
        "Chidi Amadi came with Zoë Amadi. Amadi sang.",
        "Mr Chidi Amadi came. Mrs Amadi sang, and Amadi left.",
        "Marta Kovač sang to Dr Marta Kovač. Kovač bowed.",
        "Grace Halloran steered. Grace is a grace, by grace.",
        "Will Rose came. Will he stay? He will, by will.",
        "Jared Kushner came. Kushner-Meyer left. O'Kushner too.",
        "Ivanka Trump. McTrump, Trumpery.",
    ],
)
def test_nobody_is_guessed_at(body: str) -> None:
    assert bare(body) == []


def test_the_title_introduces_and_what_is_declared_competes() -> None:
    assert bare("Kushner left.", title="Jared Kushner Leaves") == [("Kushner", "Jared Kushner")]
    assert bare("Ivanka Trump came. Trump left.", people=("Ivanka Trump",)) == [("Trump", "Ivanka Trump")]
    assert bare("Ivanka Trump came. Trump left.", people=("Ivanka Trump", "Tiffany Trump")) == []
    # "Mr" goes with anybody, but the authority file knows two.
    assert bare("Chidi Amadi came. Mr Amadi left.") == []


def test_the_parts_of_a_name() -> None:
    said = {
        "Madonna": [],
        "J. Smith": ["Smith"],
        "Donald Trump Jr.": ["Donald", "Trump"],
        "Augustin Pascoe-Lund the younger": ["Augustin", "Pascoe-Lund"],
        "Mrs Edmund Pascoe-Lund": ["Pascoe-Lund"],
        "Dr Marta Kovač": ["Kovač", "Marta"],
        "Mayor Amadi": ["Amadi"],
        "Ludwig van Beethoven": ["Beethoven", "Ludwig", "van Beethoven"],
        "Nguyễn Thị Hạnh": ["Hạnh", "Nguyễn"],
    }
    assert {name: sorted(part.text for part in name_parts(name)) for name in said} == said
