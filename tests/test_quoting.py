"""File names are quoted as `ls` quotes them, wherever a terminal could obey them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.util.quoting import quote_path

from .cli.support import run
from .support import generated

#: What `ls --quoting-style=shell-escape` prints.
LISTED = {
    "corpus/a.md": "corpus/a.md",
    "a\033b": "'a'$'\\033''b'",
    "a b": "'a b'",
    "it's": '"it\'s"',
    "it's $5": "'it'\\''s $5'",
    "\033": "''$'\\033'",
    "a\nb": "'a'$'\\n''b'",
    "\t\x07": "''$'\\t\\a'",
    "#a": "'#a'",
    "a#": "a#",
    "~a": "'~a'",
    "a~": "a~",
    "{": "'{'",
    "{a}": "{a}",
    "a=b": "'a=b'",
    "é 😀": "'é 😀'",
    "\udcff": "''$'\\377'",
    "\x7f'": "''$'\\177'\\'''",
    "": "''",
}


@pytest.mark.parametrize(("name", "listed"), LISTED.items())
def test_a_name_is_quoted_as_ls_quotes_it(name: str, listed: str) -> None:
    assert quote_path(name) == listed


def test_what_hides_or_reorders_is_written_out() -> None:
    assert quote_path("a\u202eb\u200bc\u2028") == "'a'$'\\342\\200\\256''b'$'\\342\\200\\213''c'$'\\342\\200\\250'"


_CHARACTERS = st.one_of(
    st.sampled_from("ab'\"\\$`! \n\t\r\033\x7f#~{}=*?[]é\u202e\udcff\udc80-"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@given(st.lists(st.text(_CHARACTERS, min_size=1, max_size=8), min_size=1, max_size=40))
@generated(40)
def test_a_shell_reads_every_quoted_name_back(names: list[str]) -> None:
    quoted = [quote_path(name) for name in names]
    assert all(each.isprintable() for each in quoted)
    script = os.fsencode(" ".join(("printf '%s\\0'", *quoted)))
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    out = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env=environment).stdout
    assert out.split(b"\0")[:-1] == [os.fsencode(name) for name in names]


EVIL = "evil\033[31m\nname.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "archive.yaml").touch()
    (tmp_path / "corpus" / EVIL).write_text("# Fire\n\nThe pier burned.\n", "utf-8")
    (tmp_path / "corpus" / f"bad{EVIL}").write_bytes(b"\xff\xfe\0")
    return tmp_path


def test_no_message_has_a_name_that_a_terminal_obeys(root: Path) -> None:
    quoted = quote_path(f"corpus/{EVIL}")
    said = run("--root", root, "index")
    assert quote_path(f"corpus/bad{EVIL}") in said.err
    shown = run("--root", root, "show", "fire")
    assert quoted in shown.out
    (root / "corpus" / EVIL).write_text("# Fire\n\nThe pier burned down.\n", "utf-8")
    checked = run("--root", root, "check")
    again = run("--root", root, "show", "fire")
    assert quoted in checked.out + checked.err
    assert quoted in again.err
    missing = run("--root", root, "add", root / "no\033file.md")
    assert quote_path(root / "no\033file.md") in missing.err
    for result in (said, shown, checked, again, missing, run("--root", root / "no\033root", "stats")):
        assert "\033" not in result.out + result.err


def test_paths_are_raw_in_a_pipe_and_quoted_on_a_terminal(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--root", root, "index")
    path = f"corpus/{EVIL}"
    assert run("--root", root, "search", "--output", "paths").raw == f"{path}\n".encode()
    assert run("--root", root, "search", "--output", "paths", "-0").raw == f"{path}\0".encode()
    monkeypatch.setattr("archive.cli.output.on_terminal", lambda: True)
    assert run("--root", root, "search", "--output", "paths").raw == f"{quote_path(path)}\n".encode()
    assert run("--root", root, "search", "--output", "paths", "-0").raw == f"{quote_path(path)}\0".encode()
