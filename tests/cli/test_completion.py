"""Shell completion: commands and options without loading, facet values from the index."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.cli.bash_completion import parse_line, quoted

from ..support import REPOSITORY, make_archive
from .support import run

#: What bash has by default.
BREAKS = " \t\n\"'><=;|&(:"


def complete(monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    monkeypatch.setenv("_ARCHIVE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_LINE", line)
    monkeypatch.setenv("COMP_BREAKS", BREAKS)
    result = run()
    assert result.code == 0
    assert result.err == ""
    return [entry.partition(",")[2] for entry in result.out.splitlines() if entry]


def test_commands_options_and_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    assert complete(monkeypatch, "archive sh") == ["show"]
    assert {"search", "serve", "stats"} <= set(complete(monkeypatch, "archive s"))
    assert complete(monkeypatch, "archive search --per") == ["--person"]
    assert complete(monkeypatch, "archive search --format js") == ["json", "jsonl"]


@pytest.mark.usefixtures("small")
def test_values_of_facets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    assert r"Bruno\ Marsh" in complete(monkeypatch, "archive search --person bru")
    assert complete(monkeypatch, "archive search --person=bru") == [r"Bruno\ Marsh"]
    assert complete(monkeypatch, 'archive search --person "marsh') == ["Bruno Marsh"]
    assert complete(monkeypatch, "archive search --root /nowhere --person bru") == []


def test_values_without_an_index(monkeypatch: pytest.MonkeyPatch, fresh: Path) -> None:
    assert complete(monkeypatch, "archive search --person bru") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = run("completion", shell)
    assert printed.code == 0
    assert f"_ARCHIVE_COMPLETE={shell}_complete" in printed.out
    monkeypatch.setenv("_ARCHIVE_COMPLETE", f"{shell}_source")
    assert run().out.strip() == printed.out.strip()
    monkeypatch.delenv("_ARCHIVE_COMPLETE")
    assert "To install it:" in run("completion", "--help").out


@pytest.mark.usefixtures("small")
def test_facets_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert complete(monkeypatch, "archive search --where ") == ["person=", "venue=", "year=", "source=", "tags="]
    assert complete(monkeypatch, "archive search --not-where s") == ["source="]
    assert complete(monkeypatch, "archive search --where source=harb") == [r"Harbour\ Gazette"]
    assert complete(monkeypatch, "archive search --where 'source=harb") == ["source=Harbour Gazette"]
    assert complete(monkeypatch, "archive search --where colour=") == []
    assert complete(monkeypatch, "archive search --missing v") == ["venue"]
    assert complete(monkeypatch, "archive facets p") == ["person"]
    assert complete(monkeypatch, "archive search --facets person,t") == ["person,tags"]


def test_saved_searches_are_completed(monkeypatch: pytest.MonkeyPatch, fresh: Path) -> None:
    for name in ("fires", "Fires of '98", "gulls"):
        assert run("saved", "add", name, "ball").code == 0
    assert complete(monkeypatch, "archive saved run f") == ["fires", r"Fires\ of\ \'98"]
    assert complete(monkeypatch, "archive saved rm g") == ["gulls"]
    (fresh / "saved.yaml").write_text("- [", "utf-8")
    assert complete(monkeypatch, "archive saved rm g") == []


LINES = {
    "archive search ": (("archive", "search"), "", "", 0),
    "archive search --person Kim\\ K": (("archive", "search", "--person"), "Kim K", "", 0),
    "archive search --person 'Kim K": (("archive", "search", "--person"), "Kim K", "'", 0),
    "archive 'Kim K' \"O'D": (("archive", "Kim K"), "O'D", '"', 0),
    r'archive "a\"b\c': (("archive",), r'a"b\c', '"', 0),
    "archive --where source=Gaz": (("archive", "--where"), "source=Gaz", "", 7),
    "archive --where source='Gaz": (("archive", "--where"), "source=Gaz", "'", 7),
    "archive  '' x\\": (("archive", ""), "x", "", 0),
}


@pytest.mark.parametrize(("line", "expected"), LINES.items(), ids=LINES)
def test_a_line_is_taken_apart_as_bash_does(line: str, expected: tuple[tuple[str, ...], str, str, int]) -> None:
    assert parse_line(line, BREAKS) == expected


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1))
def test_what_is_quoted_is_read_back(text: str) -> None:
    for quote in ("", "'", '"'):
        line = f"archive {quote}{quoted(text, quote)}{quote}"
        assert parse_line(line, "").last == text
        shown = subprocess.run(["bash", "-c", f"printf %s {line.partition(' ')[2]}"], capture_output=True, check=True)
        assert shown.stdout.decode() == text


def test_bash_takes_the_script() -> None:
    script = run("completion", "bash").out
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


NAMES = ["Siobhán O'Dowd", "Kim Kardashian", 'Ada "Bo" Quill', "Cash $ Carry"]
TYPED = {
    "archive search --person siob": "search|--person|Siobhán O'Dowd",
    "archive search --person 'siob": "search|--person|Siobhán O'Dowd",
    "archive search --person=kard": "search|--person=Kim Kardashian",
    'archive search --person "quill': 'search|--person|Ada "Bo" Quill',
    'archive search --person "cash': "search|--person|Cash $ Carry",
    "archive search --where desk=city": "search|--where|desk=City & Crime",
    "archive search --where 'desk=city": "search|--where|desk=City & Crime",
    "archive search --where des": "search|--where|desk=",
    "archive search --where desk=City\\ \\&\\ C": "search|--where|desk=City & Crime",
    "archive search --person 'kim k": "search|--person|Kim Kardashian",
    "archive search --person kim\\ k": "search|--person|Kim Kardashian",
    "archive search --person \"Siobhán O'": "search|--person|Siobhán O'Dowd",
    "archive saved run o": "saved|run|O'Dowd's fires",
    "archive sea": "search",
}


def test_completed_in_a_real_bash(tmp_path: Path) -> None:
    """A line is typed, completed with Tab, and run; the program prints its arguments."""
    root, programs = tmp_path / "root", tmp_path / "bin"
    records = [{"title": name, "people": [name], "desk": "City & Crime", "body": "ball"} for name in NAMES]
    with make_archive(root, records, "facets: [desk]\n") as archive:
        archive.saved.add("O'Dowd's fires", "ball")
    programs.mkdir()
    program = programs / "archive"
    program.write_text(
        "#!/bin/bash\n"
        f'[ -n "$_ARCHIVE_COMPLETE" ] && exec {sys.executable} -m archive\n'
        "IFS='|'; printf '<<%s>>\\n' \"$*\"\n",
        "utf-8",
    )
    program.chmod(0o755)
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").out, "utf-8")
    setup = f"bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; source {script}\n"
    environment = {
        **os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY),
        "ARCHIVE_ROOT": str(root), "TERM": "dumb", "PS1": "",
        "HISTFILE": "/dev/null", "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }  # fmt: skip
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 300, 0, 0))
    bash = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=root,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    printed = b""
    try:
        os.write(ours, setup.encode())
        for number, line in enumerate(TYPED, 1):
            os.write(ours, f"{line}\t\n".encode())
            while printed.count(b"<<") < number and (read := _read(ours)):
                printed += read
        os.write(ours, b"exit\n")
    finally:
        os.close(ours)
        bash.wait(timeout=10)
    assert dict(zip(TYPED, re.findall(r"<<(.*?)>>", printed.decode()), strict=True)) == TYPED


def _read(descriptor: int) -> bytes:
    """What a terminal prints next; nothing if it takes too long."""
    ready, _, _ = select.select([descriptor], [], [], 20)
    return os.read(descriptor, 65_536) if ready else b""
