"""README and docs/ are true: every command and example in them is run, on copies of the demonstration archive."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from .cli.support import run as archive_command

REPO = Path(__file__).resolve().parents[1]
PAGES = {path.name: path.read_text("utf-8") for path in (REPO / "README.md", *sorted((REPO / "docs").glob("*.md")))}
README = PAGES["README.md"]
#: The server that the docs name, and the command that asks at a terminal (tests/cli/test_trust.py runs it).
SERVER = "https://search.example.org:9200"
ASKS = "$ archive trust\n"


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of that language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGES[page], re.MULTILINE | re.DOTALL)


def with_blocks(language: str) -> list[str]:
    return [page for page in PAGES if blocks(page, language)]


def prose(page: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def clone(indexed_demonstration: Path, tmp_path: Path) -> Path:
    """A folder like a clone's, indexed, with `archive` on the path."""
    folder = tmp_path / "clone"
    shutil.copytree(indexed_demonstration, folder)
    tool = folder / "bin" / "archive"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m archive "$@"\n')
    tool.chmod(0o755)
    return folder


def environment(clone: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
    path = f"{clone / 'bin'}:{os.environ['PATH']}"
    return kept | {"PATH": path, "PYTHONPATH": str(REPO), "XDG_STATE_HOME": str(clone / "state")}


@pytest.mark.parametrize("page", with_blocks("console"))
def test_every_console_command_runs_and_prints_what_is_shown(
    page: str, clone: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in set(os.environ) - set(environment(clone)):
        monkeypatch.delenv(name)
    for name, value in environment(clone).items():
        monkeypatch.setenv(name, value)
    for block in blocks(page, "console"):
        if SERVER in block and not block.startswith(ASKS):
            block = block.replace(SERVER, request.getfixturevalue("server_url"))
            *_, prefix = request.getfixturevalue("on_server")().splitlines()
            (clone / "archive.yaml").write_text(f"{prefix}\n", "utf-8")
        assert block.startswith("$ "), block
        monkeypatch.chdir(clone)
        for said in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = said.splitlines()
            if f"$ {command}\n" == ASKS:
                continue
            if command.startswith("cd "):
                monkeypatch.chdir(command.removeprefix("cd "))
                continue
            code, out, err = execute(command)
            assert "archive: " not in err, f"{command}\n{err}"
            nothing = any("nothing found" in line for line in shown)
            assert code == (1 if nothing else 0), f"{command}\n{out}{err}"
            for line in shown:
                assert line in (out + err).splitlines(), f"{command} does not print {line!r} but\n{out}{err}"


def execute(command: str) -> tuple[int, str, str]:
    """What a command line ends with and prints; one without pipes needs no process of its own."""
    words = shlex.split(command)
    if words[0] == "archive" and not set(command) & set("|>$"):
        result = archive_command(*words[1:])
        return result.code, result.out, result.err
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout, ended.stderr


def test_readme_has_a_tour() -> None:
    assert len(blocks("README.md", "console")) >= 5
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("page", with_blocks("python"))
def test_the_library_examples_run(page: str, clone: Path) -> None:
    for example in blocks(page, "python"):
        ended = subprocess.run(
            [sys.executable, "-c", example],
            cwd=clone, env=environment(clone), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, f"{example}\n{ended.stderr}"
        if 'search("birthday"' in example:
            assert "Forty-Three Candles" in ended.stdout
        else:
            assert "Wilhelmina Strake" in ended.stdout
            assert "['gulls']" in ended.stdout


def test_the_yaml_examples_are_read(tmp_path: Path) -> None:
    from archive import Archive

    (readme,) = blocks("README.md", "yaml")
    records, name_settings = blocks("names.md", "yaml")
    front_matter, settings = blocks("formats.md", "yaml")
    with Archive.create(tmp_path / "yaml") as archive:
        root = archive.root
    (root / "archive.yaml").write_text(name_settings, "utf-8")
    assert Archive.open(root).settings.recognizer == "en_core_web_md"
    (root / "archive.yaml").write_text(settings, "utf-8")
    (root / "corpus" / "fire.md").write_text(front_matter + "The theatre burned.\n", "utf-8")
    (root / "corpus" / "short.md").write_text(readme + "The theatre burned.\n", "utf-8")
    (root / "corpus" / "people.yaml").write_text(records, "utf-8")
    with Archive.open(root) as archive:
        report = archive.index()
        assert not report.problems
        assert not report.warnings
        article = archive.get("halcyon-fire")
        assert article.people == ("Siobhán O'Dowd", "Magda Wieczorek")
        assert archive.get("1998-02-21-the-halcyon-burns").people == article.people
        assert archive.settings.facets == ("source", "tags")


def test_the_checks_run_readmes_first_two_commands_to_the_letter() -> None:
    install, test = blocks("README.md", "sh")
    assert "archive search" in install
    assert "pytest" in test
    checks = (REPO / ".ci" / "run").read_text("utf-8")
    for number in (1, 2):
        assert f'bash -euxc "$(readme_command {number})"' in checks


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    folder = REPO if page == "README.md" else REPO / "docs"
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = folder / path if path else folder / page
        assert target.is_file(), f"{page}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
            assert anchor in anchors, f"{page}: {link}"


def test_every_page_is_in_the_table_of_contents() -> None:
    linked = set(re.findall(r"\(docs/([\w-]+\.md)\)", README))
    assert linked == {name for name in PAGES if name != "README.md"}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_in_the_prose_has_the_options_it_is_given(page: str) -> None:
    from archive.cli.main import cli

    for span in re.findall(r"`(archive [^`]+)`", " ".join(prose(page).split())):
        words = shlex.split(span.partition(" && ")[0].partition(" | ")[0])[1:]
        command: click.Command = cli
        while isinstance(command, click.Group) and words and not words[0].startswith("-"):
            found = command.get_command(click.Context(command), words.pop(0).rstrip(","))
            if found is None:
                assert span.endswith("COMMAND --help"), f"{page}: {span}"
                return
            command = found
        known = {option for each in command.params for option in each.opts} | {"--help"}
        for word in words:
            if word.startswith("-") and len(word) > 1:
                assert word.partition("=")[0] in known, f"{page}: {span}"


def test_every_key_in_the_docs_is_bound() -> None:
    bound = set()
    for path in (REPO / "archive" / "tui").rglob("*.py"):
        for keys in re.findall(r'(?:Binding|hidden)\(\s*"([^"]+)"', path.read_text("utf-8")):
            bound.update(keys.split(","))
    (table,) = re.findall(r"^\| key \| \|\n(.*?)\n\n", PAGES["terminal-ui.md"], re.MULTILINE | re.DOTALL)
    named = [key for row in table.splitlines() for key in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(named) > 20
    names = {"?": "question_mark", "/": "slash", "Esc": "escape", "!": "exclamation_mark", ".": "full_stop"}
    for key in named:
        assert names.get(key, key if len(key) == 1 else key.lower()) in bound, key


def test_every_command_is_in_the_docs() -> None:
    from archive.cli.command_registry import COMMANDS

    for command in COMMANDS:
        assert f"`archive {command}`" in PAGES["cli.md"], command


def test_every_format_and_setting_is_in_the_docs() -> None:
    from archive.config import settings
    from archive.corpus.formats.registry import FORMATS

    for each in FORMATS:
        for ending in each.endings:
            assert f"`{ending}`" in PAGES["formats.md"], ending
        assert not each.extra or f"'searchable-archive[{each.extra}]'" in PAGES["formats.md"]
    for key in settings._KEYS:
        page = "opensearch.md" if key in settings.SERVER_KEYS else "formats.md"
        assert re.search(rf"^{key}:|`{key}`", PAGES[page], re.MULTILINE), key


@pytest.mark.parametrize("page", PAGES)
def test_every_extra_that_is_to_be_installed_is_there(page: str) -> None:
    extras = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for named in re.findall(r"searchable-archive\[([\w,]+)\]", PAGES[page]):
        assert set(named.split(",")) <= set(extras), named


@pytest.mark.parametrize("page", PAGES)
def test_every_test_and_benchmark_that_is_named_is_there(page: str) -> None:
    for path in re.findall(r"`(?:python )?(tests/[\w/.-]+)`", PAGES[page]):
        assert (REPO / path).exists(), path
    for module in re.findall(r"python -m (tests[\w.]*)", PAGES[page]):
        path = REPO / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


def test_the_limits_are_those_that_are_checked() -> None:
    from archive.query import limits

    (said,) = re.findall(r"^Limits, .*?\n\n", PAGES["query-language.md"], re.MULTILINE | re.DOTALL)
    for limit in (
        f"{limits.MAX_CHARACTERS:,} characters",
        f"{limits.MAX_DEPTH} levels",
        f"{limits.MAX_CLAUSES} words",
        f"expand to {limits.MAX_EXPANSION:,} words",
        f"slop {limits.MAX_SLOP}",
        f"boost {limits.MAX_BOOST:g}",
        f"{limits.MAX_SECONDS:g} seconds",
    ):
        assert limit in " ".join(said.split())


def test_every_promise_names_a_test_that_is_there() -> None:
    promises = re.findall(r"^- .*?(?=^- |^$)", PAGES["promises.md"], re.MULTILINE | re.DOTALL)
    assert len(promises) >= 10
    for promise in promises:
        named = re.findall(r"`(\w+\.py)`", promise)
        assert named or "`tests/" in promise, promise
        assert all((REPO / "tests" / "torture" / name).is_file() for name in named), promise


def test_what_a_file_may_take_is_what_is_checked() -> None:
    from archive.corpus.formats import json_lines
    from archive.engine.local.manifest import ANY_OWNER_VARIABLE
    from archive.indexing import isolated_readers

    said = " ".join(PAGES["promises.md"].split())
    assert f"within {isolated_readers._CPU_SECONDS} s of processor time, {isolated_readers._SECONDS:g} s in all" in said
    assert f"and {isolated_readers._MEMORY_BYTES // 1_000_000_000} GB" in said
    assert f"{json_lines._MAX_RATIO} times its size" in said
    assert f"`{ANY_OWNER_VARIABLE}=1`" in said
