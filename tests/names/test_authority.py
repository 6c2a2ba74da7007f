"""Authority records: one name for each, and a problem for what is wrong in the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive, Article, Problem
from archive.model.article import aliases_used
from archive.names.authority.records import Names, load_names
from archive.names.entity_linker import EntityLinker

PEOPLE = """\
- name: Hillary Clinton
  aliases: [Hilary Clinton, "H. R. Clinton"]
  not: [Hillary Clinton Smith]
  note: Candidate in 2016.
  id: hillary-clinton
- name: Élodie Faye
  aliases: Elodie F
- name: Kim
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path


def _load(root: Path, people: str | bytes, file: str = "corpus/people.yaml") -> Names:
    (root / file).write_bytes(people.encode() if isinstance(people, str) else people)
    return load_names(root)


def _problems(names: Names) -> list[str]:
    return [str(problem) for problem in names.problems]


def test_aliases_spellings_and_strangers(root: Path) -> None:
    names = _load(root, PEOPLE)
    assert names.problems == ()
    resolved = {
        "Hillary Clinton": "Hillary Clinton",
        "Hilary Clinton": "Hillary Clinton",
        "HILARY  CLINTON": "Hillary Clinton",
        "h.r. clinton": "Hillary Clinton",
        "hillary clinton": "Hillary Clinton",
        "elodie faye": "Élodie Faye",
        "Elodie F": "Élodie Faye",
        "Hillary Clinton Smith": "Hillary Clinton Smith",
        "Clinton": "Clinton",
        "": "",
    }
    assert {name: names.canonical("person", name) for name in resolved} == resolved
    assert names.canonical("venue", "Hilary Clinton") == "Hilary Clinton"
    assert names.canonical("tags", "Hilary Clinton") == "Hilary Clinton"
    record = names.people.records[0]
    assert (record.namesakes, record.note, record.id, record.line) == (
        ("Hillary Clinton Smith",), "Candidate in 2016.", "hillary-clinton", 1,
    )  # fmt: skip


def test_an_article_is_put_under_the_canonical_names(root: Path) -> None:
    (root / "corpus" / "venues.yaml").write_text("- name: The Met\n  aliases: [Metropolitan Museum]")
    names = _load(root, PEOPLE)
    article = Article("a", "T", "", people=("Hilary Clinton", "Bo", "Hillary Clinton"), venues=("Metropolitan Museum",))
    resolved = EntityLinker(names).resolve(article)
    assert resolved.people == ("Hillary Clinton", "Bo")
    assert resolved.venues == ("The Met",)
    assert resolved.declared == {
        "people": {"Hilary Clinton": "Hillary Clinton", "Bo": "", "Hillary Clinton": "Hillary Clinton"},
        "venues": {"Metropolitan Museum": "The Met"},
    }
    assert aliases_used(resolved) == {"Hillary Clinton": "Hilary Clinton", "The Met": "Metropolitan Museum"}
    other = Article("b", "T", "", people=("Bo",))
    assert EntityLinker(names).resolve(other) == other


def test_without_files_nothing_is_known_and_nothing_wrong(root: Path) -> None:
    names = load_names(root)
    assert names.problems == ()
    assert names.people.records == names.venues.records == ()
    assert names.canonical("person", "Kim") == "Kim"
    assert _problems(_load(root, "")) == []
    assert _problems(_load(root, "# nothing yet\n")) == []


def test_a_file_beside_the_corpus_counts_too_but_not_both(root: Path) -> None:
    outside = _load(root, PEOPLE, "people.yaml")
    assert outside.problems == ()
    assert outside.canonical("person", "Hilary Clinton") == "Hillary Clinton"
    both = _load(root, "- name: Bo")
    assert both.canonical("person", "Hilary Clinton") == "Hilary Clinton"
    assert _problems(both) == ["people.yaml: corpus/people.yaml is used instead; keep one of the two"]


def test_the_digest_changes_with_either_file(root: Path) -> None:
    digests = [load_names(root).digest]
    for text in ("- name: A", "- name: B", "- name: B\n"):
        digests.append(_load(root, text).digest)
    digests.append(_load(root, "- name: B\n", "corpus/venues.yaml").digest)
    (root / "corpus" / "people.yaml").unlink()
    digests.append(load_names(root).digest)
    assert len(set(digests)) == len(digests)


def test_an_alias_of_two_is_nobodys(root: Path) -> None:
    names = _load(root, "- name: Kim A\n  aliases: [Kim]\n- name: Kim B\n  aliases: [KIM, Kimmy]\n")
    assert names.canonical("person", "kim") == "kim"
    assert names.canonical("person", "kimmy") == "Kim B"
    assert _problems(names) == [
        "corpus/people.yaml:3: the alias 'kim' is that of Kim A and of Kim B; "
        "keep it in one of them; until then it resolves to neither"
    ]


def test_a_person_and_a_venue_of_one_name_are_reported(root: Path) -> None:
    (root / "corpus" / "venues.yaml").write_text("- name: Pier\n- name: The Halcyon\n  aliases: [halcyon]\n")
    names = _load(root, "- name: Halcyon\n")
    assert _problems(names) == [
        "corpus/venues.yaml:2: 'halcyon' is a venue here and the person Halcyon in corpus/people.yaml; "
        "make one of them longer; until then it is not detected"
    ]


def test_a_name_is_never_anothers_alias(root: Path) -> None:
    names = _load(root, "- name: Kim\n- name: Kim B\n  aliases: [Kim]\n")
    assert names.canonical("person", "Kim") == "Kim"
    assert len(names.problems) == 1


WRONG = {
    "a: b": (1, "this is not a list of records"),
    "- name: A\n- just text\n- name: B": (2, "this is not a record"),
    "- name: A\n- aliases: [x]\n- name: B": (2, "a record has no name"),
    "- name: A\n- name: '!!'\n- name: B": (2, "a record has no name"),
    "- name: A\n- name: C\n  alias: x\n- name: B": (3, "a record has no 'alias'"),
    "- name: A\n- name: [C, D]\n- name: B": (2, "name must be text"),
    "- name: A\n- name: C\n  aliases: {a: b}\n- name: B": (3, "aliases must be a list of texts"),
    "- name: A\n- name: C\n  aliases: [[a]]\n- name: B": (3, "aliases must be a list of texts"),
    "- name: A\n- name: a\n- name: B": (2, "'a' is already recorded on line 1"),
    "- name: A\n- name: }": (2, "this is not YAML"),
    "- name: A\n- name: &x B": (2, "aliases and anchors"),
}


@pytest.mark.parametrize(("text", "problem"), WRONG.items(), ids=[text[:40] for text in WRONG])
def test_what_is_wrong_is_named_and_the_rest_taken(root: Path, text: str, problem: tuple[int, str]) -> None:
    names = _load(root, text)
    (found,) = names.problems
    assert found.path == "corpus/people.yaml"
    assert found.line == problem[0]
    assert found.what.startswith(problem[1])
    if "B" in text and "&" not in text:
        assert [record.name for record in names.people.records] == ["A", "B"]


def test_bytes_that_are_no_text(root: Path) -> None:
    assert _problems(_load(root, b"- name: A\n- name: \xff")) == [
        "corpus/people.yaml:2: this is not UTF-8; save the file as UTF-8"
    ]


def test_a_file_that_cannot_be_read_is_a_problem(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "corpus" / "people.yaml").write_text(PEOPLE)

    def unreadable(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", unreadable)
    assert load_names(root).problems == (
        Problem(
            "corpus/people.yaml", 0, "the file cannot be read: Permission denied", "check its permissions and the disk"
        ),
    )


def test_names_are_clean_text_as_everywhere(root: Path) -> None:
    """NFC, one line, nothing invisible, and nothing that could not be written into the index."""
    names = _load(root, '- name: "E\u0301lo\u00addie\\n Faye"\n  aliases: [EF]\n- name: "Kim\\0"\n  aliases: [KK]\n')
    assert names.canonical("person", "EF") == "\u00c9lodie Faye"
    (root / "corpus" / "a.md").write_text("---\npeople: [EF, KK]\n---\n# Title\n")
    with Archive.open(root) as archive:
        assert archive.index().added == 1
        assert archive.search(person="Élodie Faye").total == 1
        assert archive.get("title").people == ("Élodie Faye", "Kim\ufffd")
        assert archive.check() == ()


def test_a_long_run_of_marks_is_refused(root: Path) -> None:
    names = _load(root, f"- name: A{chr(0x301) * 300}\n- name: B")
    (problem,) = names.problems
    assert "combining marks" in problem.what
    assert [record.name for record in names.people.records] == ["B"]


def test_an_alias_is_understood_in_a_request(root: Path) -> None:
    (root / "corpus" / "a.md").write_text("---\npeople: [Hilary Clinton]\n---\n# Title\n")
    (root / "corpus" / "people.yaml").write_text(PEOPLE)
    with Archive.open(root) as archive:
        archive.index()
        page = archive.search(person="h r clinton")
        assert page.total == 1
        assert page.facets["person"].values[0].value == "Hillary Clinton"
        assert archive.search(not_person="hilary clinton").total == 0
        assert archive.search(person="Élodie").total == 0
