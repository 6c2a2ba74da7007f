"""`archive seen` and `archive with` on the demonstration archive: every row can be checked by hand."""

import json
from pathlib import Path

import pytest

from archive import Archive

from .support import GOLDEN, golden, run

_FEUD = "seen 'Verity Pascoe-Lund' --with \"Siobhán O'Dowd\""
_FORMS = ("json", "jsonl", "csv", "tsv")
CASES = {
    "seen.txt": "seen 'Ivanka Trump' --with 'kim kardashian'",
    **{f"seen.{form}": f"{_FEUD} --year 1996..2009 --format {form}" for form in _FORMS},
    "seen-all.txt": f"{_FEUD} -n all",
    "seen-alone.txt": "seen 'Tevita Faleolo' -n 3",
    "seen-alias.txt": "seen 'Zoë Lindqvist' --with 'chidi amadi' --at 'Sailing Club' --stance all",
    "seen-sentence.txt": f"{_FEUD} --level sentence --year ..1992",
    "seen-last.txt": "seen 'Magda Wieczorek' --at 'Halcyon Theatre' --last",
    "seen-namesakes.txt": "seen 'Marta Kovač' --with 'Dr Marta Kovač'",
    "seen-elder.txt": "seen 'Augustin Pascoe-Lund' --year 1995.. -n all",
    "seen-nothing.json": f"{_FEUD} --year 1999..2008 --format json",
    "gaps.txt": f"{_FEUD} --gaps",
    **{f"gaps.{form}": f"seen 'Tevita Faleolo' --gaps --format {form}" for form in _FORMS},
    "certificate-nothing.txt": f"{_FEUD} --year 1999..2008 --certificate",
    "certificate-nothing.json": f"{_FEUD} --year 1999..2008 --certificate --format json",
    "certificate-level.txt": "seen 'Núria Ferrer' --with 'Takumi Hoshino' --level sentence --year 1993.. --certificate",
    "certificate-stranger-nothing.txt": "seen 'Verity Pascoe' --with 'Tevita Faleolo' --with 'Zoë Amadi' --certificate",
    "with.txt": "with 'Tevita Faleolo'",
    "with-at.txt": "with 'Magda Wieczorek' --at 'Halcyon Theatre' --year ..1998",
    **{f"with.{form}": f"with 'ivanka trump' -n 3 --format {form}" for form in _FORMS},
    "show-detected.txt": "show dr-kovac-and-the-donkey",
    "show-detected.json": "show dr-kovac-and-the-donkey --format json",
    "show-alias.txt": "show 1999-06-26-pierrots-for-the-bricks",
    "timeline.txt": "timeline --person 'Tevita Faleolo'",
}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", CASES)
def test_bytes(name: str) -> None:
    assert golden(GOLDEN / "encounters" / name, CASES[name], "nothing" in name).err == ""


def test_no_file_is_left_over() -> None:
    assert {path.name for path in (GOLDEN / "encounters").iterdir()} == set(CASES)


@pytest.mark.usefixtures("demo")
def test_a_certificate_is_the_same_every_time() -> None:
    said = ("seen", "Verity Pascoe-Lund", "--certificate", "--format", "json")
    first, second = run(*said), run(*said)
    assert first.raw == second.raw
    record = json.loads(first.out)
    assert next(iter(record)) == "format_version"
    assert record["index"]["differences"] == []


@pytest.mark.usefixtures("demo")
def test_nothing_found_says_what_to_do() -> None:
    result = run("seen", "Verity Pascoe-Lund", "--with", "Siobhán O'Dowd", "--year", "1999..2008")
    assert (result.code, result.out) == (1, "")
    assert result.err.splitlines()[0] == "nothing found for Verity Pascoe-Lund + Siobhán O'Dowd"
    assert "--certificate" in result.err
    closer = run("seen", "Lionel Tremlett", "--with", "Hester Vane-Oyelaran", "--level", "sentence", "--year", "1990")
    assert (closer.code, closer.out) == (1, "")
    assert "  1 without --level sentence" in closer.err
    assert run("with", "Lionel Tremlett", "--year", "2015").code == 1
    assert run("seen", "Lionel Tremlett", "--gaps", "--year", "2015").code == 1


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("seen", "Ivana Trump"), "no article and no authority file has the person 'Ivana Trump'; similar: Ivanka T"),
        (("with", "Tevita Falolo"), "similar: Tevita Faleolo"),
        (("seen", "Tevita Faleolo", "--at", "Long Key"), "has the venue 'Long Key'; similar: Long Quay"),
        (("seen", "Tevita Faleolo", "--last", "--gaps"), "cannot be combined"),
        (("seen", "Tevita Faleolo", "--certificate", "--format", "csv"), "--certificate needs --format text or json"),
        (("seen", "Tevita Faleolo", "--year", "then"), "'then' is not a year"),
        (("seen", " "), "person must be text"),
        (("seen",), "Missing argument 'PERSON'"),
    ],
)
def test_what_cannot_be_meant(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_a_level_alone_lists_every_stance_and_whose_lawyer_it_was_is_not_company(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "own")
    archive.names.accept("person", "Ada Corran")
    archive.names.accept("person", "Jun Takeda")
    texts = {
        "wrote": "Ada Corran wrote a book on Jun Takeda.",
        "lawyer": "Ada Corran’s lawyer met Jun Takeda at the pier.",
        "daughter": "The daughter of Ada Corran dined with Jun Takeda.",
        "flat": "Jun Takeda was seen outside Ada Corran's flat.",
        "both": "Ada Corran dined with Jun Takeda.",
    }
    for name, text in texts.items():
        (tmp_path / "own" / "corpus" / f"{name}.md").write_text(f"---\nid: {name}\n---\n{text}\n", "utf-8")
    archive.index()
    archive.close()
    asked = ("seen", "Ada Corran", "--with", "Jun Takeda", "--root", tmp_path / "own", "--format", "json")

    def ids(*more: str) -> set[str]:
        return {row["id"] for row in json.loads(run(*asked, *more).out)["rows"]}

    assert ids() == {"both"}
    assert ids("--level", "sentence") == {"both", "wrote"}
    assert ids("--level", "sentence", "--stance", "together") == {"both"}
    assert ids("--level", "article") == set(texts)
