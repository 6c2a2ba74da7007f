"""The app in a real terminal: a whole session under tmux, and how it ends when it is made to."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import Archive
from tests.tui.support import CORPUS

REPOSITORY = CORPUS.parent
_PATIENCE = 20.0

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """A shell in a tmux of its own."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self.folder = folder
        self.socket = f"archive-{os.getpid()}-{folder.name}"
        state = {"XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": str(REPOSITORY), "PS1": "ready> "}
        environment = {**os.environ, **state, "TERM": "xterm-256color"}
        environment.pop("TMUX", None)
        width, height = (str(side) for side in size)
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", width, "-y", height, "-c", str(folder),
            "env PS1='ready> ' sh -i", environment=environment,
        )  # fmt: skip
        self.wait(lambda screen: "ready>" in screen)

    def _tmux(self, *arguments: str, environment: dict[str, str] | None = None) -> str:
        command = ["tmux", "-L", self.socket, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=20)
        return done.stdout

    def send(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def wait(self, seen: Callable[[str], object]) -> str:
        """The screen as soon as it is as expected."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            screen = self.screen()
            if seen(screen):
                return screen
            time.sleep(0.05)
        raise AssertionError(f"never seen; the screen is:\n{screen}")

    def see(self, *texts: str) -> str:
        return self.wait(lambda screen: all(text in screen for text in texts))

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(demo: Archive, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, (110, 34))
    yield terminal
    terminal.close()


def start(terminal: Terminal, root: Path, *arguments: str, env: str = "") -> None:
    command = shlex.join([sys.executable, "-m", "archive", *arguments, "--root", str(root)])
    terminal.type(f"{env} {command}; echo status=$?")
    terminal.send("Enter")


def sane(terminal: Terminal) -> None:
    """Nothing is left of the app, and what is typed is shown and obeyed."""
    terminal.type("stty -a | tr ' ' '\\n' | grep -xe echo -e icanon | sort | tr '\\n' ' '; echo a''live")
    terminal.send("Enter")
    screen = terminal.see("\necho icanon alive\n")
    assert "articles" not in screen.split("status=")[-1]
    assert terminal._tmux("display-message", "-p", "#{alternate_on}#{mouse_any_flag}#{cursor_flag}").strip() == "001"


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
    time.sleep(0.2)
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


def process_of(root: Path) -> int:
    """The process that runs the app on an archive."""
    listed = subprocess.run(["pgrep", "-f", f"archive .*--root {root}"], capture_output=True, text=True, check=False)
    pids = [int(pid) for pid in listed.stdout.split() if _comm(int(pid)).startswith("python")]
    assert len(pids) == 1
    return pids[0]


def _comm(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def has_ended(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


@pytest.mark.parametrize("editor", ["/nowhere/editor", "'unclosed", "/dev/null"])
def test_an_editor_that_cannot_start(terminal: Terminal, demo_root: Path, editor: str) -> None:
    start(terminal, demo_root, "tui", "trump", env=f"VISUAL= EDITOR={shlex.quote(editor)}")
    terminal.see("9 of 101 articles")
    terminal.send("Enter")
    time.sleep(0.2)
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
        for _ in range(60):
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
    time.sleep(0.2)
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
