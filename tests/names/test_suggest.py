"""Names that nobody has recorded: found in texts of many styles, grouped, and counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.article import Article
from archive.model.reports import Progress
from archive.names import surface_forms
from archive.names.authority.records import Authority, Names, Record
from archive.names.discovery import wordlists
from archive.names.discovery.clustering import cluster, same_name
from archive.names.discovery.suggestions import NameDiscovery, SuggestedName

from ..support import SHARED, make_archive
from .passages import measured, passages

SEED = SHARED / "seed"
#: The seed's people, each with the spellings that will do.
PEOPLE = (
    ("Kim Kardashian",), ("Ivanka Trump",), ("Kourtney",), ("Hailey Bieber",), ("Jesse Jo Stark",),
    ("Stephanie Shepherd",), ("Tracy Romulus",), ("Hilary Clinton", "Hillary Clinton"), ("Joe Biden",),
    ("President Trump",), ("Alice Johnson",), ("Jared Kushner",), ("David Guetta",),
)  # fmt: skip
VENUES = ("Funke", "Met Gala", "White House", "Art Basel Miami Beach")


def discovered(*texts: str, names: Names | None = None, ignored: tuple[str, ...] = ()) -> NameDiscovery:
    """What is found in articles of these texts, one a year from 1990."""
    discovery = NameDiscovery(names, ignored)
    for number, text in enumerate(texts):
        discovery.add(Article(f"a{number}", "Notes from the week", text, date=f"{1990 + number}-05-01"))
    return discovery


def people(*texts: str, names: Names | None = None, ignored: tuple[str, ...] = ()) -> dict[str, SuggestedName]:
    found = discovered(*texts, names=names, ignored=ignored).suggestions()
    return {each.name: each for each in found.people}


def venues(*texts: str) -> dict[str, SuggestedName]:
    return {each.name: each for each in discovered(*texts).suggestions().venues}


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed article is not here")
def test_the_seed_article_in_an_empty_archive(tmp_path: Path) -> None:
    from archive import Archive

    with Archive.create(tmp_path / "seed") as archive:
        for path in SEED.glob("*.txt"):
            archive.add(path.read_bytes(), suffix=".txt")
        archive.index()
        found = archive.suggest_names()
    names = {form for each in found.people for form in (each.name, *each.variants)}
    assert sum(any(form in names for form in forms) for forms in PEOPLE) >= 12
    right = {form for forms in PEOPLE for form in forms}
    assert sum(not {each.name, *each.variants} & right for each in found.people) <= 3
    assert {each.name for each in found.venues} >= set(VENUES)
    assert not any("Loeb" in name for name in names)


def test_passages_of_many_styles_are_many() -> None:
    kept = passages()
    assert len(kept) >= 18
    assert sum(each.heldout for each in kept) >= len(kept) / 3
    assert len({each.style for each in kept}) == len(kept)
    for each in kept:
        text = each.text.casefold()
        said = each.text.casefold() if each.people else text
        assert all(name.casefold().split()[-1] in said for name in each.people | each.venues)


@pytest.mark.parametrize(
    ("heldout", "least"),
    # Precision and recall of people, and of venues: a little under what `python -m tests.bench.discovery` prints.
    [(False, ((0.95, 0.95), (0.95, 0.9))), (True, ((0.85, 0.85), (0.85, 0.8)))],
)
def test_precision_and_recall(heldout: bool, least: tuple[tuple[float, float], tuple[float, float]]) -> None:
    for counts, (precision, recall) in zip(measured(heldout), least, strict=True):
        assert counts.right > 10
        assert counts.precision >= precision
        assert counts.recall >= recall


def test_no_name_of_a_passage_is_in_the_rules() -> None:
    wordset = {word for module in (wordlists, surface_forms) for value in vars(module).values()
              if isinstance(value, frozenset) for word in value}  # fmt: skip
    names = {name for each in passages() for name in each.people}
    words = {word.casefold() for name in names for word in name.split()[1:] if not word.islower()}
    assert not {word for word in words if word in wordset}


def test_the_same_person_in_other_letters_is_one_name_with_its_dates() -> None:
    found = people(
        "Hillary Marston, 52, opened the show. “I am glad,” Hillary Marston said.",
        "Hilary Marston told the crowd that she was glad.",
        "They met Hillary B. Marston, who spoke.",
        "Hillary Marston, who wore red, danced with her husband Piers Lonsdale.",
    )
    assert set(found) == {"Hillary Marston", "Piers Lonsdale"}
    name = found["Hillary Marston"]
    assert set(name.variants) == {"Hilary Marston", "Hillary B. Marston"}
    assert (name.count, name.first, name.last) == (4, "1990-05-01", "1993-05-01")
    assert len(name.examples) == len(name.articles) == 3
    assert all("Marston" in example for example in name.examples)


def test_sister_and_brother_are_two() -> None:
    found = people("Maria Rossini, 30, and her brother Mario Rossini, 28, sang. Maria Rossini said so.")
    assert set(found) == {"Maria Rossini", "Mario Rossini"}


@pytest.mark.parametrize(
    "text",
    [
        "The dance was on Monday. Photo: Ada Lindqvist/Reuters",
        "The dance was on Monday. (Ada Lindqvist/AFP via Getty Images)",
        "By Ada Lindqvist\n\nThe dance was on Monday, and it was fine.",
        "The dance was fine. (Reporting by Ada Lindqvist; Editing by Jo Smythe)",
    ],
)
def test_a_credit_is_nobody_of_the_story(text: str) -> None:
    assert people(text) == {}


def test_titles_are_told_from_names() -> None:
    found = people("Dr. Ada Lindqvist met President Okonkwo. Mr Lindqvist, her brother, said nothing. Okonkwo laughed.")
    assert set(found) == {"Ada Lindqvist", "Okonkwo"}
    assert found["Okonkwo"].variants == ("President Okonkwo",)


def test_a_headline_alone_proves_little() -> None:
    assert people("Fresh Paint Dazzles Old Sailors\n\nThe hall was painted on Monday.") == {}
    text = "Ada Lindqvist Paints Hall\n\nThe hall was painted by Ada Lindqvist, who is nine."
    assert set(people(text)) == {"Ada Lindqvist"}


def test_works_and_bodies_are_no_people() -> None:
    text = "In his memoir Silver Linings he thanked the Harbour Trust, the Evening Chronicle and the yacht Golden Hind."
    assert people(text) == {}


def test_places_where_people_meet() -> None:
    found = venues(
        "They dined at Brackley's on Friday, at the Hotel Miramar on Saturday and outside the Museum of the Moon on "
        "Sunday, and ended in the restaurant Zephyr, near the Crown Theatre."
    )
    assert set(found) == {"Brackley's", "Hotel Miramar", "Museum of the Moon", "Zephyr", "Crown Theatre"}


def authorities(*records: Record) -> Names:
    return Names(Authority(records, (), "people.yaml"), Authority((), (), "venues.yaml"), "")


def test_a_recorded_name_is_not_suggested_but_its_new_spelling_is() -> None:
    names = authorities(Record("Hillary Marston", ("H. Marston",), ("Hillary Marston Junior",)))
    known = "Hillary Marston, 52, spoke. Hillary Marston Junior, who is 12, slept. Mrs Marston laughed."
    assert people(known, names=names) == {}
    (found,) = people(known, "Hilary Marston, 52, spoke.", names=names).values()
    assert (found.name, found.known, found.variants) == ("Hillary Marston", "Hillary Marston", ("Hilary Marston",))


def test_an_ignored_name_is_not_suggested() -> None:
    text = "Ada Lindqvist, 52, spoke. Jo Smythe, 50, slept."
    assert set(people(text, ignored=("Ada Lindqvist",))) == {"Jo Smythe"}


def test_no_article_is_kept_where_it_can_be_loaded() -> None:
    article = Article("a", "", "Ada Lindqvist, 52, spoke of gulls.")
    discovery = NameDiscovery(load={"a": article}.get)
    discovery.add(article)
    assert discovery._added == {}
    (found,) = discovery.suggestions().people
    assert found.examples == ("Ada Lindqvist, 52, spoke of gulls.",)


def test_the_limit_is_of_each_kind() -> None:
    text = "Ada Lindqvist, 52, spoke at the Crown Theatre. Jo Smythe, 50, slept at the Hotel Miramar."
    found = discovered(text).suggestions(1)
    assert len(found.people) == len(found.venues) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("maria holm", "marta holm", False),
        ("philip holm", "phillip holm", True),
        ("takumi hoshino", "hoshino takumi", True),
        ("nguyen thi hanh", "hanh nguyen", True),
        ("alice johnson", "alice marie johnson", True),
        ("nuria ferrer", "nuria ferrer i vidal", True),
        ("zoe lindqvist amadi", "zoe lindqvist-amadi", True),
        ("john f kennedy", "john fitzgerald kennedy", True),
        ("katherine brown", "catherine brown", False),
        ("stephanie shepherd", "stephanie sheperd", True),
        ("ivan petrov", "ivan petrova", False),
        ("mario rossi", "maria rossi", False),
        ("john smith", "jane smith", False),
        ("kim", "kim", False),
        ("delroy pinnock", "mirela pinnock", False),
    ],
)
def test_two_ways_to_write_one_name(one: str, other: str, same: bool) -> None:
    assert same_name(tuple(one.split()), tuple(other.split())) is same
    assert same_name(tuple(other.split()), tuple(one.split())) is same
    assert (len(cluster([tuple(one.split()), tuple(other.split())])) == 1) is same


def test_many_with_one_surname_are_grouped_all_the_same() -> None:
    words = [f"{a}{b}{c}o" for a in "bcdfghjklm" for b in "aeiou" for c in "rstvwzpn"]
    keys = [(word * 2, "smith") for word in words] + [("stephanie", "smith"), ("stephannie", "smith")]
    groups = cluster(keys)
    assert sorted(at for group in groups for at in group) == list(range(len(keys)))
    assert [len(keys) - 2, len(keys) - 1] in groups


def test_suggesting_and_auditing_say_how_far_they_have_come(tmp_path: Path) -> None:
    records = [{"id": f"a{number}", "title": "t", "body": "Ada Byrne, the mayor, spoke."} for number in range(4)]
    with make_archive(tmp_path, records) as archive:
        for run in (archive.names.suggest, archive.names.audit):
            told: list[Progress] = []
            run(progress=told.append)
            assert [(each.articles, each.fraction) for each in told] == [(1, 0.25), (2, 0.5), (3, 0.75), (4, 1.0)]
