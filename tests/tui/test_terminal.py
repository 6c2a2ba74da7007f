"""The app in a real terminal: a whole session under tmux, and how it ends when it is made to."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from tests.tui.tmux import REPOSITORY, Terminal, has_ended, process_of, sane, start

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@pytest.fixture
def terminal(demo: Archive, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, (110, 34))
    yield terminal
    terminal.close()


def test_a_whole_session(terminal: Terminal, demo_root: Path) -> None:
    start(terminal, demo_root)
    terminal.see("101 articles", "Person", "Venue")
    terminal.type("trump")
    terminal.see("9 of 101 articles")
    terminal.send("Escape")
    time.sleep(0.2)  # a terminal tells Escape from an arrow key by the time that passes
    terminal.send("f", "j", "Space")
    terminal.see("person  Ivanka Trump")
    terminal.send("}", "j", "Space")
    terminal.see("1 of 101 articles", "Art Basel Miami Beach ✕")
    terminal.send("Space")
    terminal.see("9 of 101 articles")
    terminal.send("4", "Enter")
    terminal.see("article 1 of 9 · match 1 of 3")
    terminal.send("n")
    terminal.see("match 2 of 3")
    terminal.send("J")
    terminal.see("article 2 of 9")
    terminal.send("Escape")
    terminal.see("9 of 101 articles")
    time.sleep(0.2)
    terminal.send("f", "g", "j", "j", "x")
    terminal.see("3 of 101 articles", "not  Kim Kardashian ✕")
    terminal.send("c")
    terminal.see("9 of 101 articles")
    terminal.send("q")
    terminal.see("status=0")
    sane(terminal)


def test_the_editor_in_the_terminal(terminal: Terminal, own: Archive, tmp_path: Path) -> None:
    editor = tmp_path / "vim"
    editor.write_text(
        '#!/bin/sh\necho editing at "$1"; read answer\n'
        "sed -i 's/written statement/zyzzyva statement/' \"$2\"\n"
        'printf "\\nThe end of it.\\n" >> "$2"\n'
    )
    editor.chmod(0o755)
    start(terminal, own.root, "tui", "trump", env=f"VISUAL={shlex.quote(str(editor))}")
    terminal.see("9 of 101 articles")
    terminal.send("Enter")
    terminal.see("⏎ Read")  # the articles have the focus
    terminal.send("Enter")
    terminal.see("article 1 of 9 · match 1 of 3", "written statement")
    terminal.send("n")
    terminal.see("match 2 of 3")
    terminal.send("e")
    terminal.see("editing at +")
    terminal.send("Enter")
    terminal.see("zyzzyva statement", "match 2 of 3")
    terminal.send("G")
    terminal.see("The end of it.")
    terminal.send("q")
    terminal.see("9 of 101 articles", "zyzzyva")
    time.sleep(0.2)
    terminal.send("q")
    terminal.see("status=0")
    sane(terminal)


def test_the_terminal_after_a_termination(terminal: Terminal, demo_root: Path) -> None:
    start(terminal, demo_root)
    terminal.see("101 articles")
    os.kill(process_of(demo_root), signal.SIGTERM)
    terminal.see("status=143")
    sane(terminal)


@pytest.mark.parametrize("editor", ["/nowhere/editor", "'unclosed", "/dev/null"])
def test_an_editor_that_cannot_start(terminal: Terminal, demo_root: Path, editor: str) -> None:
    start(terminal, demo_root, "tui", "trump", env=f"VISUAL= EDITOR={shlex.quote(editor)}")
    terminal.see("9 of 101 articles")
    terminal.send("Enter")
    terminal.see("⏎ Read")  # the articles have the focus
    terminal.send("Enter")
    terminal.see("article 1 of 9 · match 1 of 3")
    terminal.send("e")
    terminal.see("could not be started", "set EDITOR")
    terminal.send("n")
    terminal.see("match 2 of 3")
    terminal.send("C-q")
    terminal.see("status=0")
    sane(terminal)


def test_stopped_and_continued(terminal: Terminal, demo_root: Path) -> None:
    start(terminal, demo_root, "tui", "trump")
    terminal.see("9 of 101 articles")
    terminal.send("C-z")
    terminal.wait(lambda screen: "9 of 101 articles" not in screen and "Stopped" in screen)
    terminal.type("clear; fg; echo status=$?")
    terminal.send("Enter")
    terminal.see("9 of 101 articles", "Person")
    terminal.send("Down")
    terminal.see("⏎ Read")
    terminal.send("C-c")
    terminal.see("Quit?")
    terminal.send("C-c")
    terminal.see("status=0")
    sane(terminal)


@pytest.mark.parametrize("ended_by", ["the window", "a signal", "kill"])
def test_a_session_whose_terminal_goes_away(terminal: Terminal, demo_root: Path, ended_by: str) -> None:
    start(terminal, demo_root)
    terminal.see("101 articles")
    terminal.type("trump")
    terminal.see("9 of 101 articles")
    pid = process_of(demo_root)
    if ended_by == "the window":
        terminal._tmux("kill-server")
    elif ended_by == "a signal":
        os.kill(pid, signal.SIGHUP)
        terminal.see("status=129")
        sane(terminal)
    else:
        state = next(terminal.folder.glob("state/archive/*.json"), None)
        for _ in range(200):
            state = next(terminal.folder.glob("state/archive/*.json"), None)
            if state is not None and "trump" in state.read_text():
                break
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        terminal._tmux("kill-server")
    for _ in range(100):
        if has_ended(pid):
            break
        time.sleep(0.05)
    assert has_ended(pid)
    again = Terminal(terminal.folder, (110, 34))
    try:
        start(again, demo_root)
        again.see("9 of 101 articles", "for  trump ✕")
    finally:
        again.close()


def test_the_terminal_after_a_fault(terminal: Terminal, demo_root: Path, tmp_path: Path) -> None:
    (tmp_path / "fault.py").write_text(
        "import sys\n"
        "from archive.tui.widgets.result_list import Results\n"
        "def fail(self): raise RuntimeError('a fault')\n"
        "Results.action_open = fail\n"
        "from archive.__main__ import main\n"
        "sys.exit(main())\n"
    )
    terminal.type(f"{shlex.join([sys.executable, 'fault.py', '--root', str(demo_root)])}; echo status=$?")
    terminal.send("Enter")
    terminal.see("101 articles")
    terminal.send("Down")
    terminal.see("⏎ Read")
    terminal.send("Enter")
    screen = terminal.see("status=2")
    assert "a fault" in screen
    assert "Traceback" not in screen
    sane(terminal)


def test_without_a_terminal_there_is_help_and_a_reason(demo_root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    alone = subprocess.run(
        [sys.executable, "-m", "archive"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert "Usage: archive" in alone.stdout
    asked = subprocess.run(
        [sys.executable, "-m", "archive", "tui", "--root", str(demo_root)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert asked.returncode == 2
    assert "needs a terminal" in asked.stderr


@pytest.mark.parametrize(
    "command",
    [["search", "trump"], ["facets", "person"], ["show", "crossing-paths-at-the-met-gala"], ["--help"], ["stats"]],
    ids=lambda command: command[0],
)
def test_nothing_but_the_ui_loads_textual(demo_root: Path, command: list[str]) -> None:
    code = (
        "import sys; from archive.cli import main; main(sys.argv[1:]); "
        "sys.exit(any(name.split('.')[0] in ('textual', 'rich') for name in sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "ARCHIVE_ROOT": str(demo_root)}
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
