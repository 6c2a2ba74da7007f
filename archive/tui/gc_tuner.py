"""Keeping Python's own housekeeping out of the way of the keys.

An opened index is hundreds of thousands of objects. Whenever Python looks through all of them
for garbage, nothing else happens for a tenth of a second; and a thread that searches is asked
to let others run only every 5 ms, many times for one key. Both are settings of the whole
process, which the terminal UI has to itself.
"""

from __future__ import annotations

import gc
import sys
import time

_SWITCH = 0.0005
_THRESHOLDS = (2_000, 10, 1_000_000)
#: Seconds without a key after which nobody is kept waiting.
_IDLE = 15.0


class Pace:
    """Looks for garbage among what is new, and for all of it only when nobody is there."""

    def __init__(self) -> None:
        self._before = sys.getswitchinterval(), gc.get_threshold()
        self._last = time.monotonic()
        self._rested = True
        sys.setswitchinterval(_SWITCH)
        gc.set_threshold(*_THRESHOLDS)

    def stir(self) -> None:
        """Somebody is there."""
        self._last, self._rested = time.monotonic(), False

    def rest(self) -> None:
        """Clear away what has become garbage, if nobody has been there for a while."""
        if not self._rested and time.monotonic() - self._last > _IDLE:
            self._rested = True
            gc.collect()
            gc.freeze()

    def settle(self) -> None:
        """What is held by now is kept: it need not be looked through again."""
        gc.freeze()

    def end(self) -> None:
        """Everything as it was."""
        sys.setswitchinterval(self._before[0])
        gc.set_threshold(*self._before[1])
        gc.unfreeze()
