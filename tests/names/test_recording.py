"""Names entered into the authority files, beside what people wrote in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import SettingsError
from archive.names.authority.authority_writer import (
    AuthorityEntry,
    ignore,
    ignored,
    record,
    record_text,
    with_record,
    with_value,
)
from archive.names.authority.patch import Patch, apply_patch, patch_text, read_patch
from archive.names.authority.records import load_names, parse_authority
from archive.names.discovery.suggestions import SuggestedName, SuggestedNames

from ..support import generated

WRITTEN = """\
# Who is who
- name: Ada Byrne   # first
  aliases: [A. Byrne]  # known ] so
  note: x

- {name: Li Wei}
- name: Bo Dahl
  aliases:
    - B. Dahl  # b
  not:
- name: Cy Orr
  aliases: Cyrus Orr
# the end"""
NAME = st.text(st.sampled_from("aÉß'’-.,: #[]{}\"\\&*!|>%@`1"), min_size=1, max_size=12).filter(
    lambda text: any(map(str.isalnum, text)) and text == " ".join(text.split())
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "people.yaml").write_text(WRITTEN, "utf-8")
    return tmp_path


def people(root: Path) -> str:
    return (root / "corpus" / "people.yaml").read_text("utf-8")


def test_new_records_stand_at_the_end_and_nothing_else_is_touched(root: Path) -> None:
    assert record(root, "person", [AuthorityEntry("Jun Ito", ("Ito Jun",)), AuthorityEntry("No: One")]) == 2
    assert people(root) == f'{WRITTEN}\n- name: Jun Ito\n  aliases: [Ito Jun]\n- name: "No: One"\n'


def test_aliases_and_namesakes_are_put_into_every_kind_of_record(root: Path) -> None:
    entries = [
        AuthorityEntry("Ada Byrne", ("Ada, Byrn",), ("Ada Byrne Jr",)),
        AuthorityEntry("Li Wei", ("Wei Li",)),
        AuthorityEntry("Bo Dahl", ("Bo Dal",), ("Bo Dahl II",)),
        AuthorityEntry("Cyrus Orr", ("C. Orr",)),
    ]
    assert record(root, "person", entries) == 4
    assert (
        people(root)
        == """\
# Who is who
- name: Ada Byrne   # first
  not: [Ada Byrne Jr]
  aliases: [A. Byrne, "Ada, Byrn"]  # known ] so
  note: x

- {name: Li Wei, aliases: [Wei Li]}
- name: Bo Dahl
  aliases:
    - B. Dahl  # b
    - Bo Dal
  not: [Bo Dahl II]
- name: Cy Orr
  aliases: [Cyrus Orr, C. Orr]
# the end"""
    )
    assert record(root, "person", entries) == 0  # all is said


def test_a_file_that_is_wrong_is_left_alone(root: Path) -> None:
    (root / "corpus" / "people.yaml").write_text("- name: A\n- nome: B\n", "utf-8")
    with pytest.raises(SettingsError, match=r"people\.yaml.*line 2.*nome"):
        record(root, "person", [AuthorityEntry("C")])
    assert people(root) == "- name: A\n- nome: B\n"


def test_an_alias_that_is_somebody_elses_is_refused_and_nothing_is_written(root: Path) -> None:
    with pytest.raises(SettingsError, match="Ada Byrne"):
        record(root, "person", [AuthorityEntry("Jun Ito"), AuthorityEntry("Bo Dahl", ("Ada Byrne",))])
    with pytest.raises(SettingsError, match="b dahl"):
        record(root, "person", [AuthorityEntry("Ada Byrne", ("B. Dahl",))])
    assert people(root) == WRITTEN


def test_a_file_at_the_root_is_used_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "venues.yaml").write_text("", "utf-8")
    record(tmp_path, "venue", [AuthorityEntry("The Pier")])
    assert (tmp_path / "venues.yaml").read_text("utf-8") == "- name: The Pier\n"
    record(tmp_path, "person", [AuthorityEntry("Jun Ito")])
    assert (tmp_path / "corpus" / "people.yaml").is_file()


@given(NAME, st.lists(NAME, max_size=3), st.lists(NAME, max_size=2))
@generated(100)
def test_any_name_is_read_back_as_it_was_entered(name: str, aliases: list[str], namesakes: list[str]) -> None:
    text = with_record(WRITTEN, record_text(name, aliases, namesakes))
    records, problems = parse_authority(text.encode(), "people.yaml")
    assert not problems
    added = records[4]
    assert added.name == name
    assert added.namesakes == tuple(dict.fromkeys(namesakes))
    assert set(added.aliases) <= set(aliases)


@given(st.integers(0, 3), st.sampled_from(["aliases", "not"]), NAME)
@generated(100)
def test_any_value_is_added_to_any_record_and_changes_no_other(number: int, key: str, value: str) -> None:
    before, _ = parse_authority(WRITTEN.encode(), "people.yaml")
    after, problems = parse_authority(with_value(WRITTEN, number, key, value).encode(), "people.yaml")
    assert not problems
    for at, (one, other) in enumerate(zip(before, after, strict=True)):
        had, has = ((each.aliases, each.namesakes)[key == "not"] for each in (one, other))
        assert set(has) - set(had) <= ({value} if at == number else set())
        assert other.name == one.name


def test_ignored_names_are_kept_in_a_file_for_people(tmp_path: Path) -> None:
    assert ignored(tmp_path) == ()
    ignore(tmp_path, ["Spring Sale", "Best Wishes"])
    ignore(tmp_path, ["Best Wishes", "Full Steam"])
    assert (tmp_path / "names-ignored.txt").read_text("utf-8").splitlines()[1:] == [
        "Spring Sale", "Best Wishes", "Full Steam",
    ]  # fmt: skip
    assert ignored(tmp_path) == ("Spring Sale", "Best Wishes", "Full Steam")


def suggested(name: str, *variants: str, known: str = "") -> SuggestedName:
    return SuggestedName(name, variants, 2, "1990", "1991", ("She \x1b spoke.",), ("a1",), known)


def test_a_patch_says_what_it_is_about_and_is_applied_as_it_stands(root: Path) -> None:
    people = (suggested("Jun Ito", "Ito: Jun"), suggested("Ada Byrne", "Ada Byrn", known="Ada Byrne"))
    text = patch_text(SuggestedNames(people, ()))
    assert "# in 2 articles, 1990 to 1991\n  # a1: She   spoke.\n" in text
    patch = read_patch(text, "names.yaml")
    assert patch == Patch((AuthorityEntry("Jun Ito", ("Ito: Jun",)), AuthorityEntry("Ada Byrne", ("Ada Byrn",))))
    assert apply_patch(root, patch) == 2
    names = load_names(root)
    assert names.people.canonical("Ito: Jun") == "Jun Ito"
    assert names.people.canonical("Ada Byrn") == "Ada Byrne"
    assert not names.problems


def test_a_patch_can_ignore_names_too(root: Path) -> None:
    assert apply_patch(root, read_patch("ignore: [Spring Sale]\nvenues: [{name: The Pier}]\n", "p")) == 2
    assert ignored(root) == ("Spring Sale",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people: [{nome: X}]", "p:1: a record has no 'nome'"),
        ("\npersons: []", "p:2: 'persons' does not belong here"),
        ("articles:\n- path: x", "p:2: articles have to be changed by hand"),
        ("- name: X", "p:1: this is not a list of names"),
        ("people: X", "p:1: these are not records"),
        ("ignore: {a: b}", "p:1: ignore must be a list of names"),
        ("people: [x: [", "p:2: this is not YAML"),
    ],
)
def test_a_patch_that_cannot_be_read_is_named_by_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_patch(text, "p")
    assert str(error.value).startswith(said)
