"""Several at once, and output that nobody takes: nothing that was said to be saved, and no news, is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive, ArchiveError
from archive.errors import SettingsError
from archive.names.authority.records import load_names
from archive.names.curation import NameCuration

from .support import REPOSITORY, run

COMMAND = [sys.executable, "-m", "archive"]


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def start(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    about = {"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe} | options
    return subprocess.Popen([*COMMAND, *arguments], **about)  # type: ignore[call-overload,no-any-return]


def end(process: subprocess.Popen[bytes], stdin: bytes | None = None) -> tuple[int, str]:
    """Status of a process, and what it said beside its output."""
    _, said = process.communicate(stdin, timeout=60)
    return process.returncode, said.decode()


# -- side by side ----------------------------------------------------------------------


def test_searches_that_are_saved_side_by_side_are_all_there(fresh: Path) -> None:
    (fresh / "saved.yaml").write_text("# Mine\n- name: First\n  query: ball\n", "utf-8")
    processes = [start("saved", "add", f"Search {number}", "ball") for number in range(12)]
    assert [end(process)[0] for process in processes] == [0] * 12
    names = {each["name"] for each in json.loads(run("saved", "list", "--format", "json").out)["searches"]}
    assert names == {"First", *(f"Search {number}" for number in range(12))}
    assert (fresh / "saved.yaml").read_text("utf-8").startswith("# Mine\n- name: First\n")
    assert {path.name for path in fresh.iterdir() if path.name.startswith(".")} <= {".gitignore"}


def test_names_that_are_entered_side_by_side_are_all_there(fresh: Path) -> None:
    for number in range(6):
        people = f"people:\n- name: Ada Byrne\n  aliases: [Ada {number}]\n"
        Path(f"{number}.yaml").write_text(
            f"{people}venues: [{{name: Pier {number}}}]\nignore: [Sale {number}]\n", "utf-8"
        )
    processes = [start("names", "apply", f"{number}.yaml") for number in range(6)]
    assert [end(process)[0] for process in processes] == [0] * 6
    names = load_names(fresh)
    assert not names.problems
    assert {*names.record("person", "Ada Byrne").aliases} >= {f"Ada {number}" for number in range(6)}
    assert {each.name for each in names.venues.records} >= {f"Pier {number}" for number in range(6)}
    assert {*Archive.open(fresh).names.ignored()} == {f"Sale {number}" for number in range(6)}


def test_of_a_patch_that_cannot_be_entered_nothing_is(fresh: Path) -> None:
    with Archive.open(fresh) as archive:
        archive.names.accept("venue", "The Pier", "Long Pier")
        before = (fresh / "corpus" / "venues.yaml").read_bytes()
        with pytest.raises(SettingsError):
            archive.names.apply(
                "people: [{name: Jun Ito}]\nvenues: [{name: Quay, aliases: [The Pier]}]\nignore: [Sale]\n"
            )
        assert (fresh / "corpus" / "venues.yaml").read_bytes() == before
        assert not archive.names.authority("person").recorded("Jun Ito")
        assert archive.names.ignored() == ()


# -- a review beside an editor ---------------------------------------------------------


@pytest.fixture
def own(fresh: Path) -> Path:
    """An archive in which three people are to be reviewed."""
    for number in range(3):
        text = "Mrs Wilma Strake came. Mrs Wilma Strake sat. Mr Orville Tansy said no. Mr Edmund Pascoe stood."
        (fresh / "corpus" / f"n{number}.md").write_text(f"# Note {number}\n\n{text}\n", "utf-8")
    assert run("index").code == 0
    return fresh


def asked(process: subprocess.Popen[bytes]) -> str:
    """The next question of a review."""
    assert process.stdout is not None
    while True:
        line = process.stdout.readline().decode()
        assert line
        if " person: " in line or " venue: " in line:
            return line


def answer(process: subprocess.Popen[bytes], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{text}\n".encode())
    process.stdin.flush()


def test_a_review_keeps_what_is_edited_by_hand_meanwhile(own: Path) -> None:
    people = own / "corpus" / "people.yaml"
    people.write_text("- name: Wilma Stone\n", "utf-8")
    names = [each.name for each in Archive.open(own).names.suggest().people]
    assert set(names) >= {"Wilma Strake", "Edmund Pascoe", "Orville Tansy"}
    process = start("names", "review", stdin=subprocess.PIPE)
    for name in names:
        question = asked(process)
        assert name in question
        people.write_text(f"- name: By Hand {name}\n" + people.read_text("utf-8"), "utf-8")
        answer(process, "accept")
    assert end(process, b"quit\n")[0] == 0
    records = [each.name for each in load_names(own).people.records]
    assert {*records} >= {*names, *(f"By Hand {name}" for name in names), "Wilma Stone"}


def test_a_number_means_what_the_question_showed(own: Path) -> None:
    people = own / "corpus" / "people.yaml"
    people.write_text("- name: Wilma Stone\n", "utf-8")
    names = [each.name for each in Archive.open(own).names.suggest().people]
    process = start("names", "review", stdin=subprocess.PIPE)
    for name in names:
        asked(process)
        if name == "Wilma Strake":
            # closer to it, so that it would now be the first
            people.write_text("- name: Wilma Strak\n- name: Wilma Stone\n", "utf-8")
            answer(process, "alias 1")
            break
        answer(process, "skip")
    assert end(process, b"quit\n")[0] == 0
    assert load_names(own).record("person", "Wilma Stone").aliases == ("Wilma Strake",)


def test_an_answer_that_cannot_be_written_fails_the_review_and_is_not_the_next_names(own: Path) -> None:
    people = own / "corpus" / "people.yaml"
    names = [each.name for each in Archive.open(own).names.suggest().people]
    people.write_text("- nome: wrong\n", "utf-8")
    result = run("names", "review", stdin=b"accept\nignore\nquit\n")
    assert result.code == 2
    assert "nothing can be added until this is fixed" in result.err
    assert "1 answer could not be saved" in result.err
    assert people.read_text("utf-8") == "- nome: wrong\n"
    assert names[1] in Archive.open(own).names.ignored()
    assert names[0] not in Archive.open(own).names.ignored()


# -- news ------------------------------------------------------------------------------


@pytest.fixture
def news(fresh: Path) -> Path:
    """An archive with a saved search that has found one article more since its last run."""
    assert run("saved", "add", "Balls", "ball").code == 0
    assert run("saved", "run", "Balls").code == 0
    (fresh / "corpus" / "x.md").write_text("---\nid: x\ntitle: X\n---\nA ball.\n", "utf-8")
    assert run("index").code == 0
    return fresh


def told() -> list[str]:
    """What the next run tells."""
    return [line for line in run("saved", "run", "--all", "--new").out.splitlines() if line.startswith("+")]


@pytest.mark.usefixtures("news")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_news_that_could_not_be_written_is_told_again(form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        assert end(start("saved", "run", "--all", "--new", "--format", form, stdout=full)) == (
            2, "archive: No space left on device\n",
        )  # fmt: skip
    assert told() == ["+ x: X (new article)"]
    assert told() == []


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize("when", ["before", "after"])
def test_news_for_a_reader_that_has_gone_is_told_again(when: str) -> None:
    reader, writer = os.pipe()
    if when == "before":
        os.close(reader)
    process = start("saved", "run", "--all", "--new", stdout=writer)
    os.close(writer)
    if when == "after":  # all of it is in the pipe, and nobody ever takes it out
        import select

        assert select.select([reader], [], [], 60)[0]
        os.close(reader)
    assert end(process) == (0, "")
    assert told() == ["+ x: X (new article)"]
    assert told() == []


@pytest.mark.usefixtures("news")
def test_news_is_remembered_once_it_is_taken_even_late(monkeypatch: pytest.MonkeyPatch) -> None:
    process = start("saved", "run", "--all", "--new")
    assert process.stdout is not None
    import time

    time.sleep(0.7)
    assert b"+ x: X" in process.stdout.read()
    assert process.wait(60) == 0
    process.stdout.close()
    assert process.stderr is not None
    process.stderr.close()
    assert told() == []


@pytest.mark.usefixtures("news")
def test_news_that_was_read_is_remembered_though_the_reader_goes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # all of it is written at once
    reader, writer = os.pipe()
    process = start("saved", "run", "--all", stdout=writer)
    os.close(writer)
    assert b"+ x: X" in os.read(reader, 65536)
    os.close(reader)
    assert end(process) == (0, "")
    assert told() == []


@pytest.mark.usefixtures("news")
def test_a_run_into_a_closed_output_is_an_error_and_remembers_nothing() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m archive saved run --all --new >&-"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, b"archive: standard output is closed, so nothing could be printed\n")
    assert told() == ["+ x: X (new article)"]


@pytest.mark.usefixtures("news")
def test_a_run_that_is_ended_before_it_was_heard_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("archive.cli.commands.saved.check_taken", interrupted)
        assert run("saved", "run", "--all", "--new").code == 130
    assert told() == ["+ x: X (new article)"]


def test_of_several_searches_one_that_fails_keeps_no_other_from_being_told(news: Path) -> None:
    with (news / "saved.yaml").open("a", encoding="utf-8") as file:
        file.write("- name: Wrong\n  query: colour:red\n")
    result = run("saved", "run", "--all", "--new")
    assert result.code == 2
    assert "+ x: X (new article)" in result.out
    assert result.err.startswith("archive: Wrong: ")
    assert told() == []


def test_an_older_run_that_is_told_later_forgets_no_newer_one(news: Path) -> None:
    with Archive.open(news) as archive:
        older = archive.saved.run("Balls")
        newer = archive.saved.run("Balls")
        archive.saved.remember(newer)
        (news / "corpus" / "y.md").write_text("---\nid: y\ntitle: Y\n---\nA ball.\n", "utf-8")
        archive.index()
        archive.saved.remember(archive.saved.run("Balls"))
        archive.saved.remember(older)
        assert archive.saved.run("Balls").changes == ()


# -- the public door -------------------------------------------------------------------


def test_saved_searches_through_the_library(fresh: Path) -> None:
    with Archive.open(fresh) as archive:
        archive.index()
        saved = archive.saved.add("Balls", "ball", year="..2011")
        assert archive.saved.list() == (saved,)
        assert archive.saved.get("Balls") == saved
        first = archive.saved.run("Balls")
        assert {change.why for change in first.changes} == {"first run"}
        assert archive.saved.run(saved) == first
        assert archive.run_saved(saved) == first
        assert archive.saved.run(saved).changes == ()
        archive.saved.add("Balls", "ball", year="..2012")
        assert archive.saved.run("Balls").since is None  # it asks something else now
        with pytest.raises(ArchiveError, match="no field"):
            archive.saved.add("Wrong", "colour:red")
        with pytest.raises(ArchiveError, match="no saved search 'None'"):
            archive.saved.remove("Balls", "None")
        assert len(archive.saved.list()) == 1
        archive.saved.remove("Balls")
        assert archive.saved.list() == ()


def test_a_file_in_another_style_is_not_spoilt(fresh: Path) -> None:
    (fresh / "saved.yaml").write_text("[{name: One, query: ball}, {name: Two}]\n", "utf-8")
    with Archive.open(fresh) as archive:
        for change in (lambda: archive.saved.add("Three"), lambda: archive.saved.remove("One")):
            with pytest.raises(ArchiveError, match=r"saved\.yaml cannot be changed line by line"):
                change()
        assert [each.name for each in archive.saved.list()] == ["One", "Two"]


def test_names_through_the_library(own: Path) -> None:
    with Archive.open(own) as archive:
        names = archive.names
        assert isinstance(names, NameCuration)
        found = names.suggest()
        assert archive.suggest_names() == found
        assert names.accept("person", "Wilma Strake", "W. Strake")
        assert not names.accept("person", "Wilma Strake")
        assert names.alias("person", "W. Strake", "Mrs Strake")
        assert names.forbid("person", "Wilma Strake", "Wilma Strake Jr")
        record = load_names(own).record("person", "Wilma Strake")
        assert (record.aliases, record.namesakes) == (("W. Strake", "Mrs Strake"), ("Wilma Strake Jr",))
        assert names.similar("person", "Wilma Straker")[0] == "Wilma Strake"
        assert names.ignore("Edmund Pascoe", "Edmund Pascoe") == 1
        assert names.ignored() == ("Edmund Pascoe",)
        assert names.file("person") == Path("corpus", "people.yaml")
        left = {each.name for each in names.suggest().people}
        assert left == {each.name for each in found.people} - {"Wilma Strake", "Edmund Pascoe"}
        assert names.apply(names.patch(names.suggest())) == len(left) + len(found.venues)
        assert names.suggest().people == ()
        with pytest.raises(ArchiveError, match="no record has the name 'Nobody'"):
            names.alias("person", "Nobody", "X")
        with pytest.raises(ArchiveError, match="not of 'year'"):
            names.accept("year", "1990")
        with pytest.raises(ArchiveError, match="begins with # is a comment"):
            names.ignore("#1")
