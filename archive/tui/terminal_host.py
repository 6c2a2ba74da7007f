"""The terminal and the system around the app: being told to end, a terminal that is gone, and its clipboard.

Textual handles none of the signals that end a process, reads on from a terminal that has been closed, and cannot
say whether a terminal takes what is copied to it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from os import _exit

_ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")
#: Seconds for the app to end by itself after a signal; writing to a terminal that is gone may block for ever.
_PATIENCE = 3.0
#: Terminals that ignore OSC 52, by the variable that tells them and its values; "" stands for any.
_NO_CLIPBOARD = {"TERM_PROGRAM": ("Apple_Terminal",), "TERM": ("linux", "dumb", "vt100", "vt220")}
#: Programs that put standard input into the system's clipboard, and the variable without which they cannot.
_COPIERS = (
    (("pbcopy",), ""),
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
)
#: Bytes of text that terminals and tmux take at once, encoded.
_MAX_COPIED = 70_000


def on_ending_signal(end: Callable[[int], None]) -> None:
    """Call `end` in the event loop with the exit status that a signal stands for; signals that are ignored stay so."""
    for name in _ENDING_SIGNALS:
        number = getattr(signal, name, None)
        if number is None or signal.getsignal(number) == signal.SIG_IGN:
            continue
        with suppress(RuntimeError, ValueError, NotImplementedError):  # only the main thread receives signals
            asyncio.get_running_loop().add_signal_handler(number, _end, end, 128 + number)


def _end(end: Callable[[int], None], status: int) -> None:
    timer = threading.Timer(_PATIENCE, exit_at_once, (status,))
    timer.daemon = True
    timer.start()
    end(status)


def exit_at_once(status: int) -> None:
    """End this process without tidying up."""
    _exit(status)


def is_gone() -> bool:
    """Whether there was a terminal on standard input, and it has been closed."""
    if sys.platform == "win32" or sys.__stdin__ is None:
        return False
    import termios

    try:
        termios.tcgetattr(sys.__stdin__.fileno())
    except termios.error as error:
        return bool(error.args) and error.args[0] == 5  # EIO: its other end is closed
    except (OSError, ValueError):
        return False
    return False


def clipboard_failure(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Why a text that was sent to the terminal's clipboard is not there; "" where it is, as far as can be known."""
    if not _takes_copies(environment):
        if _copy_with_program(text, environment):
            return ""
        return "This terminal does not let programs copy; select the text with Shift and the mouse instead."
    size = len(text.encode("utf-8", "replace"))
    if size * 4 // 3 > _MAX_COPIED and not _copy_with_program(text, environment):
        return f"{size:,} bytes may be more than this terminal copies at once; check what you paste."
    return ""


def _takes_copies(environment: Mapping[str, str]) -> bool:
    if any(environment.get(name) in values for name, values in _NO_CLIPBOARD.items()):
        return False
    if environment.get("TMUX") and (said := _output("tmux", "show-options", "-gsv", "set-clipboard")) is not None:
        return said != "off"
    if environment.get("STY"):  # GNU screen swallows the sequence
        return False
    vte = environment.get("VTE_VERSION", "")
    return not (vte.isdecimal() and int(vte) < 7_600)


def _output(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=1, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _copy_with_program(text: str, environment: Mapping[str, str]) -> bool:
    for command, needed in _COPIERS:
        if (not needed or environment.get(needed)) and shutil.which(command[0]):
            with suppress(OSError, subprocess.SubprocessError):
                subprocess.run(
                    command, input=text.encode("utf-8", "replace"), timeout=2, check=True,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                return True
    return False
