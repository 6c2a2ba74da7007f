"""What only a real process shows: pipes, terminals, signals, locales, and what is loaded."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from archive.cli.output import Exit
from archive.text.graphemes import cell_width

from .support import REPOSITORY

ARCHIVE = [sys.executable, "-m", "archive"]
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]")
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    for name in ("COLUMNS", "LINES", "PAGER", "LESS", "PYTHONUTF8", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def archive(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*ARCHIVE, *arguments], capture_output=True, check=False, **options)


def on_terminal(columns: int, *arguments: str, lines: int = 500) -> tuple[int, str]:
    """Status and output of `archive …` in a terminal of that size."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    variables = {name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS")}
    process = subprocess.Popen([*ARCHIVE, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=variables)
    os.close(theirs)
    output = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        output += part
    os.close(ours)
    return process.wait(), output.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("command", ["search '' --format jsonl", "export", "--help"])
def test_a_reader_that_stops_ends_it_quietly(command: str) -> None:
    script = f'{sys.executable} -m archive {command} | head -1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=False)
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert lines[1] == b"0"
    assert done.stderr == b""


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("arguments", [["search", "ball"], ["--help"], ["index"]])
def test_a_pipe_closed_before_anything_is_written(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*ARCHIVE, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_an_error() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run([*ARCHIVE, "search", "ball"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == "archive: No space left on device\n"


@pytest.mark.usefixtures("small")
def test_neither_locale_nor_colour_settings_change_data() -> None:
    usual = archive("search", "ball", "--sort", "oldest").stdout
    for setting in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"NO_COLOR": "1"}):
        assert archive("search", "ball", "--sort", "oldest", env={**os.environ, **setting}).stdout == usual
    assert b"\x1b" not in usual
    assert "Élodie".encode() in usual


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("command", ["search ball --explain", "show hostile", "timeline ball", "facets person"])
def test_forty_columns(command: str) -> None:
    code, output = on_terminal(40, *command.split())
    assert code == 0
    lines = [_STYLE.sub("", line) for line in output.split("\n")]
    assert [line for line in lines if cell_width(line) > 40] == []
    assert not _CONTROL.search("".join(lines))


@pytest.mark.usefixtures("small")
def test_a_source_text_shown_on_a_terminal_is_not_obeyed() -> None:
    assert not _CONTROL.search(on_terminal(80, "show", "hostile", "--format", "markdown")[1])


@pytest.mark.usefixtures("small")
def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[1;31mball\x1b[0m" in on_terminal(80, "search", "ball")[1]
    monkeypatch.setenv("NO_COLOR", "")
    assert "\x1b[1;31mball\x1b[0m" in on_terminal(80, "search", "ball")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    plain = on_terminal(80, "search", "ball", "--person", "Ada Quill")[1]
    assert "\x1b" not in plain
    assert "**ball**" in plain
    assert "[x] Ada Quill" in plain


@pytest.mark.usefixtures("small")
def test_a_pager_only_for_what_is_longer_than_the_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n", "utf-8")
    pager.chmod(0o755)
    monkeypatch.setenv("PAGER", str(pager))
    ball = "1998-07-04-the-lantern-ball"
    assert "PAGED" in on_terminal(60, "show", ball, lines=10)[1]
    assert "PAGED" not in on_terminal(60, "show", ball, lines=60)[1]
    assert "PAGED" not in on_terminal(60, "show", ball, "--no-pager", lines=10)[1]


def test_progress_shows_on_a_terminal_and_goes_away(fresh: Path) -> None:
    code, output = on_terminal(80, "index")
    assert code == 0
    assert output.rstrip("\n").rsplit("\r", 1)[-1].startswith("8 added")


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [(signal.SIGINT, Exit.INTERRUPTED, b"interrupted"), (signal.SIGTERM, Exit.TERMINATED, b"terminated")],
)
def test_an_interrupt(fresh: Path, sent: int, status: int, said: bytes) -> None:
    process = subprocess.Popen(
        [*ARCHIVE, "index", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"8 added")
    process.send_signal(sent)
    _, err = process.communicate(timeout=20)
    assert process.returncode == status
    assert err == b"archive: %b; everything committed so far is kept: `archive index` continues from there\n" % said


def loaded(*arguments: str) -> set[str]:
    """The modules that `archive …` has loaded when it ends; without arguments, `import archive.cli` alone."""
    code = "import sys, archive.cli\nif sys.argv[1:]: archive.cli.main()\nprint('\\n', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.usefixtures("small")
def test_what_is_loaded() -> None:
    heavy = {"textual", "rich", "asyncio", "pydantic", "trafilatura", "pypdfium2", "watchfiles"}
    library = {"whoosh", "numpy", "yaml", "archive.api", "Stemmer", "rapidfuzz", "slugify"}
    assert not loaded() & (heavy | library)
    assert not loaded("--version") & (heavy | library)
    assert not loaded("--help") & (heavy | library)
    searched = loaded("search", "ball")
    assert "whoosh" in searched
    measured = {name for name in searched if name.startswith("rich")}  # some of the articles found are in Japanese
    assert not (searched - measured) & heavy
    assert {name for name in measured if "._unicode_data" not in name} <= {"rich", "rich.cells", "rich._extension"}
    assert not loaded("search", "ball", "--year", "1998") & heavy
