"""A shell in a tmux of its own, to drive the app as somebody at a terminal does."""

from __future__ import annotations

import itertools
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.tui.support import CORPUS

REPOSITORY = CORPUS.parent
_PATIENCE = 12.0
_NUMBERS = itertools.count(1)


class Terminal:
    """A shell in a tmux of its own."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self.folder, self.size = folder, size
        # A server that is told to end may still be there when the next one begins.
        self.socket = f"archive-{os.getpid()}-{next(_NUMBERS)}-{folder.name}"
        state = {"XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": str(REPOSITORY), "PS1": "ready> "}
        environment = {**os.environ, **state, "TERM": "xterm-256color"}
        for name in ("TMUX", "LINES", "COLUMNS"):  # the size is the terminal's own; readline sets these two
            environment.pop(name, None)
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

    def be_still(self, seconds: float) -> None:
        """Wait until the screen has not changed for so long."""
        before, since, end = self.screen(), time.monotonic(), time.monotonic() + _PATIENCE
        while time.monotonic() - since < seconds and time.monotonic() < end:
            time.sleep(0.05)
            if (now := self.screen()) != before:
                before, since = now, time.monotonic()

    def see(self, *texts: str) -> str:
        return self.wait(lambda screen: all(text in screen for text in texts))

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], capture_output=True, check=False)

    def at(self, text: str, *, last: bool = False) -> tuple[int, int]:
        """Column and row of a text on the screen, as soon as it is there."""
        lines = self.see(text).splitlines()
        rows = [number for number, line in enumerate(lines) if text in line]
        row = rows[-1] if last else rows[0]
        return lines[row].index(text), row

    def mouse(self, button: int, column: int, row: int, *, release: bool = False) -> None:
        """Send what a terminal sends for a mouse button (0: left, 32: moved while held, 64 and 65: the wheel)."""
        self._send_bytes(_mouse_sequence(button, column, row, release))

    def click(self, text: str, *, times: int = 1, right: int = 0, last: bool = False) -> None:
        """Click a text, or so many cells to the right of where it begins; several times at once."""
        column, row = self.at(text, last=last)
        self._send_bytes("".join(_mouse_sequence(0, column + right, row, release) for release in (False, True) * times))

    def _send_bytes(self, text: str) -> None:
        self._tmux("send-keys", "-H", *(f"{ord(char):02x}" for char in text))


def _mouse_sequence(button: int, column: int, row: int, release: bool) -> str:
    return f"\x1b[<{button};{column + 1};{row + 1}{'m' if release else 'M'}"


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
