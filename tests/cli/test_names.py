"""`archive names`, `quote` and `verify` on the demonstration archive: every row can be checked by hand.

The archive names
Wilhelmina Strake, Mabel Okafor, Perpetua Ridge, Rope Street, Gannet Steps and the Mare's Teeth
and has no record of them.
"""

import json
import shlex
import shutil
from pathlib import Path

import click
import pytest

from archive.api import Archive
from archive.cli.main import cli
from archive.names.authority.records import load_names

from .support import GOLDEN, golden, run

_FIRE = "quote halcyon-fire-gazette 'There was nobody  hurt'"
CASES = {
    "suggest.txt": "names suggest",
    "suggest-patch.yaml": "names suggest -n 3 --write -",
    **{f"suggest.{form}": f"names suggest -n 2 --format {form}" for form in ("json", "jsonl", "csv", "tsv")},
    "audit.txt": "names audit",
    "audit.json": "names audit --format json",
    "audit-patch.yaml": "names audit --write -",
    "quote.txt": "quote halcyon-fire-gazette 'The two women sat on the kerb'",
    "quote.json": "quote halcyon-fire-gazette 'went back twice for the prompt books' --format json",
}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CASES)
def test_bytes(name: str) -> None:
    assert golden(GOLDEN / "names" / name, CASES[name]).err == ""


def test_no_file_is_left_over() -> None:
    assert {path.name for path in (GOLDEN / "names").iterdir()} == set(CASES)


@pytest.mark.usefixtures("demo")
def test_the_names_that_were_left_out_are_found() -> None:
    found = json.loads(run("names", "suggest", "--format", "json").out)
    assert {each["name"] for each in found["people"]} >= {"Wilhelmina Strake", "Mabel Okafor", "Perpetua Ridge"}
    assert {each["name"] for each in found["venues"]} >= {"Rope Street", "Gannet Steps", "Mare's Teeth"}
    assert list(found["people"][0])[:6] == ["name", "variants", "count", "first", "last", "examples"]


@pytest.fixture
def own(demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demonstration archive, as the working directory."""
    root = shutil.copytree(demonstration, tmp_path / "own")
    monkeypatch.chdir(root)
    return root


def asked(*answers: str) -> bytes:
    return "".join(f"{answer}\n" for answer in answers).encode()


def test_a_review_is_carried_out_answer_by_answer(own: Path) -> None:
    before = (own / "corpus" / "people.yaml").read_text("utf-8")
    names = [each.name for each in Archive.open(own).suggest_names().people]
    answers = {
        "Wilhelmina Strake": "accept",
        "Perpetua Ridge": "a Constable Perpetua Ridge",
        "Mabel Okafor": "s",
        "Ingrid": "not 1",
        "Ayodele": "alias Ieuan ap Rhydderch",
        "Edmund": "ignore",
        "Hester": "ignore",
    }
    assert set(names) == set(answers)
    result = run("names", "review", stdin=asked(*[answers[name] for name in names], "quit"))
    assert result.code == 0
    assert "4 names added" in result.err
    after = (own / "corpus" / "people.yaml").read_text("utf-8")
    added = "- name: Wilhelmina Strake\n- name: Constable Perpetua Ridge\n  aliases: [Perpetua Ridge]\n"
    assert after.endswith(added)
    assert "Ayodele]\n" in after
    assert "# Public figures" in after
    assert len(after.splitlines()) == len(before.splitlines()) + 3
    assert (own / "names-ignored.txt").read_text("utf-8").splitlines()[1:] == ["Edmund", "Hester"]
    again = [each.name for each in Archive.open(own).suggest_names().people]
    assert again == ["Mabel Okafor"]
    assert not load_names(own).problems


def test_a_review_says_what_it_did_not_understand_and_asks_again(own: Path) -> None:
    result = run("names", "review", stdin=asked("zz", "?", "alias Nobody", "alias", "q"))
    assert result.code == 1
    assert "'zz' is not an answer" in result.err
    assert result.err.count("accept [NAME]") == 2
    assert "no record has the name 'Nobody'" in result.err
    assert result.out.count("1/14") == 1
    assert "2/14" not in result.out
    assert not (own / "names-ignored.txt").exists()
    assert run("names", "review").code == 1  # nobody answers


def test_a_name_may_be_of_the_other_kind(own: Path) -> None:
    names = [each.name for each in Archive.open(own).suggest_names().people]
    skipped = ["skip"] * names.index("Ayodele")
    assert run("names", "review", stdin=asked(*skipped, "venue", "quit")).code == 0
    assert (own / "corpus" / "venues.yaml").read_text("utf-8").endswith("- name: Ayodele\n")


def test_a_name_is_merged_into_one_that_has_no_record_yet(own: Path) -> None:
    names = [each.name for each in Archive.open(own).suggest_names().people]
    counts = [each.count for each in Archive.open(own).suggest_names().people]
    assert counts == sorted(counts, reverse=True)
    skipped = ["skip"] * names.index("Perpetua Ridge")
    result = run("names", "review", stdin=asked(*skipped, "merge", "merge Perpetua Ridge-Strake", "quit"))
    assert result.code == 0
    assert "say which name" in result.err
    text = (own / "corpus" / "people.yaml").read_text("utf-8")
    assert text.endswith("- name: Perpetua Ridge-Strake\n  aliases: [Perpetua Ridge, Constable Perpetua Ridge]\n")


def test_a_patch_is_written_reviewed_and_applied(own: Path) -> None:
    assert run("names", "suggest", "--write", "names.yaml").code == 0
    text = Path("names.yaml").read_text("utf-8")
    assert "names.yaml exists already" in run("names", "suggest", "--write", "names.yaml").err
    Path("names.yaml").write_text(text.replace("- name: Ingrid\n", "- name: Ingrid Amadi the elder\n"), "utf-8")
    result = run("names", "apply", "names.yaml")
    assert (result.code, result.out) == (0, "")
    assert "14 names added" in result.err
    assert load_names(own).people.recorded("Ingrid Amadi the elder")
    assert run("index").code == 0
    assert "Rope Street" in run("facets", "venue", "--find", "rope").out
    assert run("names", "apply", "names.yaml").code == 1  # all is said
    assert run("names", "apply", "none.yaml").code == 2


def test_an_audit_of_nothing(tmp_path: Path) -> None:
    Archive.create(tmp_path / "empty").close()
    result = run("names", "audit", "--root", tmp_path / "empty")
    assert (result.code, result.out) == (1, "0 articles, 0 independent of each other\n")
    assert run("names", "suggest", "--root", tmp_path / "empty").code == 1


@pytest.mark.usefixtures("demo")
def test_a_quotation_that_is_not_there() -> None:
    result = run(*shlex.split(_FIRE))
    assert (result.code, result.out) == (1, "")
    assert "nearest passage:\n> Nobody was hurt.\n" in result.err
    assert run("quote", "no-such-article", "x").code == 2


def test_quotations_are_verified(own: Path) -> None:
    one = run("quote", "halcyon-fire-gazette", "a semitone", "flat").raw
    two = run("quote", "halcyon-fire-gazette", "-", "--format", "json", stdin=b"Nobody  was\nhurt").raw
    Path("one.txt").write_bytes(b"My notes\n\n" + one + one)
    Path("two.json").write_bytes(two + two)
    result = run("verify", "one.txt", "two.json")
    assert (result.code, result.err) == (0, "")
    assert result.out.count("unchanged") == 4
    article = own / "corpus" / "tidewater" / "1990s" / "the-halcyon-burns.md"
    text = article.read_text("utf-8")
    article.write_text(text.replace("Magda Wieczorek watched", "It rained.\n\nMagda Wieczorek watched"), "utf-8")
    run("index")
    moved = run("verify", stdin=one)
    assert moved.code == 1
    assert moved.out.startswith("moved      halcyon-fire-gazette#p4 -> halcyon-fire-gazette#p5\n")
    article.write_text(text.replace("a semitone flat", "a tone flat"), "utf-8")
    run("index")
    gone = json.loads(run("verify", "-", "--format", "json", stdin=one).out)["verdicts"][0]
    assert (gone["status"], gone["now"]) == ("gone", None)
    assert "a tone flat" in gone["nearest"]["text"]
    assert run("verify", stdin=b"nothing").code == 2
    assert run("verify", "missing.txt").code == 2


def _examples(name: str) -> list[str]:
    group = cli.get_command(click.Context(cli), name)
    assert isinstance(group, click.Group)
    return [example for each in group.commands.values() for example in each.examples]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize("name", ["names", "saved"])
def test_the_examples_of_the_commands_within_work(name: str) -> None:
    for example in _examples(name):
        if "|" not in example:
            result = run(*shlex.split(example)[1:])
            assert result.code in (0, 1), example + result.err


@pytest.mark.parametrize("arguments", ["names", "names suggest", "saved", "saved run"])
def test_commands_within_have_help_with_examples(arguments: str) -> None:
    text = run(*arguments.split(), "--help").out
    assert "\nExamples:\n" in text
    assert "--root DIR" in text


def test_what_little_has_changed_is_indexed_before_an_answer(own: Path) -> None:
    archive = Archive.open(own)
    archive.names.accept("person", "Wilhelmina Strake")
    assert archive.pending().names
    assert json.loads(run("seen", "Wilhelmina Strake", "--format", "json", "--stance", "all").out)["rows"]
    assert not archive.pending()
    (own / "corpus" / "late.md").write_text("A zeugmatic evening.", "utf-8")
    assert archive.pending().files == 1
    assert run("search", "zeugmatic", "--output", "count").out == "1\n"
    for number in range(101):
        (own / "corpus" / f"more-{number}.md").write_text(f"A quizzical evening, number {number}.", "utf-8")
    result = run("search", "quizzical", "--output", "count")
    assert (result.out, result.err) == ("0\n", "101 files changed since the index was made; run `archive index`\n")


def test_a_saved_search_indexes_first_where_it_is_to_say_what_is_new(own: Path) -> None:
    run("saved", "add", "quizzical", "quizzical")
    run("saved", "run", "--all", "--new")
    (own / "corpus" / "late.md").write_text("A quizzical evening.", "utf-8")
    assert run("saved", "run", "--all", "--new", "--no-index").code == 1
    assert run("saved", "run", "--all", "--new").code == 0
