"""Being told to end: Ctrl-C (SIGINT) and SIGTERM end a command as an exception does, so that it tidies up.

Nothing heavy is loaded here: a signal can come while everything else is being loaded.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
#: What is true of every command, where it does not say more itself.
_KEPT = "nothing is lost; run the command again"
_AGAIN = b"archive: killed; run `archive index` to clean up\n"

#: The signals that have come; a list, as the handler can do no more than add to one.
_received: list[int] = []


class Interrupted(KeyboardInterrupt):
    """Raised where the main thread is when a signal comes; whatever tidies up after Ctrl-C does so."""


def install() -> None:
    """From now on have a signal raise Interrupted, and a second one end this process at once.

    A signal that is ignored, as by `nohup` or in the background of a script, stays so.
    """
    for number in _SIGNALS:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _handle)
    sys.unraisablehook = _unraisable


def ignore(status: int) -> int:
    """The command is done with this status, and all that Python does from now on is end: a signal changes nothing."""
    for number in _SIGNALS:
        if signal.getsignal(number) is _handle:
            signal.signal(number, signal.SIG_IGN)
    return status


def pending() -> bool:
    """Whether a signal has come: then any other error is likely to be of its making."""
    return bool(_received)


def message(interrupt: KeyboardInterrupt) -> str:
    """What happened and what was kept, which a command can say in a note to the exception."""
    kept = next(iter(getattr(interrupt, "__notes__", ())), _KEPT)
    return f"archive: {_SAID[_number()]}; {kept}"


def status() -> int:
    """The exit status, as shells have it: 130 or 143."""
    return 128 + _number()


def _number() -> signal.Signals:
    return signal.Signals(_received[0]) if _received else signal.SIGINT


def _handle(number: int, _: FrameType | None) -> None:
    _received.append(number)
    if len(_received) > 1:
        os.write(2, _AGAIN)
        os._exit(status())
    raise Interrupted


def _unraisable(event: Any) -> None:
    """An interrupt that comes where Python can raise nothing is lost, and not worth a traceback."""
    if not isinstance(event.exc_value, Interrupted):
        sys.__unraisablehook__(event)
