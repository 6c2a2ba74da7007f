"""docs/json.md names every key of every command's JSON, in order."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .support import REPOSITORY, run

#: What shows all keys of each heading in the document.
COMMANDS = {
    "archive search": ["search ball --explain -n 2", "search brithday"],
    "archive facets": ["facets person ball"],
    "archive facets --seen": ["facets person --seen 'Ivanka Trump'"],
    "archive similar": ["similar halcyon-fire-gazette -n 2"],
    "archive show": ["show halcyon-fire-gazette"],
    "archive timeline": ["timeline ball"],
    "archive timeline --person": ["timeline --person 'Ivanka Trump'"],
    "archive seen": ["seen 'Ivanka Trump' --with 'Kim Kardashian'"],
    "archive occasions": ["occasions --at Funke"],
    "archive seen --gaps": ["seen 'Tevita Faleolo' --gaps"],
    "archive seen --certificate": ["seen 'Tevita Faleolo' --with 'Zoë Amadi' --level sentence --certificate"],
    "archive with": ["with 'Ivanka Trump' -n 2"],
    "archive names suggest": ["names suggest"],
    "archive names audit": ["names audit"],
    "archive quote": ["quote halcyon-fire-gazette 'a semitone flat'"],
    "archive verify": ["verify quotes.txt"],
    "archive verify sightings.yaml": ["verify corpus/sightings.yaml"],
    "archive saved list": ["saved list"],
    "archive saved run": ["saved run gulls"],
    "archive stats": ["stats"],
    "archive check": ["check"],
    "archive check --corpus": ["check --corpus"],
    "archive index --json": ["index --json"],
}
_SECTION = re.compile(r"^\| `(archive [^`]+)` \| \|\n\|---\|---\|\n((?:\|.*\|\n?)+)", re.MULTILINE)


def documented() -> dict[str, dict[str, list[str]]]:
    """Of each command the keys of each object, by its path."""
    found: dict[str, dict[str, list[str]]] = {}
    for command, rows in _SECTION.findall((REPOSITORY / "docs" / "json.md").read_text("utf-8")):
        cells = [row.strip("|").split("|") for row in rows.splitlines()]
        found[command] = {path.strip().strip("`"): re.findall(r"`([a-z_]+)`", keys) for path, keys in cells}
    return found


def objects(value: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every object within a value: where it stands, and its keys."""
    if isinstance(value, dict):
        yield path, list(value)
        for key, part in value.items():
            yield from objects(part, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for part in value:
            yield from objects(part, f"{path}[]")


@pytest.fixture(scope="module")
def answers(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What each command prints, on a copy of the demonstration archive with one broken file and one moved quotation."""
    root = shutil.copytree(demonstration, tmp_path_factory.mktemp("json") / "own", symlinks=False)
    late = "---\ndate: 1990\nmood: grey\n---\nLate\n\nIt was on 5 June 2003 that she left.\n"
    (root / "corpus" / "late.md").write_text(late)
    (root / "corpus" / "broken.md").write_text("---\ndate: soon\n---\nx\n")
    (root / "corpus" / "empty.md").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("XDG_STATE_HOME", str(root / "state"))
        report = json.loads(run("index", "--json").out)
        quoted = run("quote", "halcyon-fire-gazette", "a semitone flat").out
        Path("quotes.txt").write_text(quoted + quoted.replace("semitone", "sermon"), "utf-8")
        run("saved", "add", "gulls", "gull")
        run("seen", "Ivanka Trump", "--with", "Kim Kardashian", "--review", stdin=b"confirm\n")
        printed = {
            heading: [json.loads(run(*shlex.split(command), "--format", "json").out) for command in commands]
            for heading, commands in COMMANDS.items()
            if "--json" not in heading
        }
        (root / "corpus" / "late.md").unlink()
        printed["archive check"].append(json.loads(run("check", "--format", "json").out))
    return printed | {"archive index --json": [report]}


def test_every_command_is_documented() -> None:
    assert set(documented()) == set(COMMANDS)


@pytest.mark.parametrize("heading", COMMANDS)
def test_the_keys_are_those_of_the_document_in_its_order(heading: str, answers: dict[str, list[Any]]) -> None:
    known = documented()[heading]
    seen = set()
    for answer in answers[heading]:
        assert next(iter(answer)) == "format_version"
        for path, keys in objects({key: answer[key] for key in list(answer)[1:]}):
            said = known.get(path) or known.get(re.sub(r"^facets\.\w+", "facets.*", path))
            if said is None:  # named by what is in the archive
                free = ("facets", "aliases", "expansions", "distinct", "skipped", "detected", "searches[]")
                assert ".provenance." in f".{path}" or path.rpartition(".")[2] in free, path
                continue
            seen.add(re.sub(r"^facets\.\w+", "facets.*", path))
            optional = heading == "archive show" or path in ("", "counts")
            assert keys == [key for key in said if key in keys] if optional else keys == said, path
    assert seen == set(known)
