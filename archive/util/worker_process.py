"""A Python process of our own beside this one, and objects sent to and fro.

Not `multiprocessing`: that would run the caller's main module once more.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

#: What one process may be ahead of the other.
_PIPE_BYTES = 1 << 20


class ChildDiedError(Exception):
    """The process ended by itself; the text says how ("by signal 9", "with status 1")."""


class Child:
    """Runs `function` of `module` (two dotted names) in a process, with a Pipe to this one.

    The process has the environment of this one, and `variables`.
    """

    def __init__(self, module: str, function: str, variables: Mapping[str, str] = MappingProxyType({})) -> None:
        path = [str(Path(__file__).resolve().parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; from {module} import *; serve({function})"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), **variables},
            start_new_session=True,  # an interrupt from the keyboard is for this process to handle
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipe = Pipe(self._process.stdout, self._process.stdin)

    def send(self, value: Any) -> None:
        """Send a value; raises ChildDiedError."""
        try:
            self._pipe.send(value)
        except OSError:
            raise self._died() from None

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a value; raises ChildDiedError, also where none has come within so many seconds."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = None if seconds is None else threading.Timer(seconds, end)
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            return self._pipe.receive()
        except (EOFError, pickle.UnpicklingError):
            if late.is_set():
                raise ChildDiedError(f"after {seconds:g} seconds without an answer") from None
            raise self._died() from None
        finally:
            if timer is not None:
                timer.cancel()

    def _died(self) -> ChildDiedError:
        status = self._process.wait()
        if status < 0:
            return ChildDiedError(f"by signal {-status} ({signal.strsignal(-status)})")
        return ChildDiedError(f"with status {status}")

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()


class Pipe:
    """Values to and from the other process."""

    def __init__(self, source: IO[bytes], target: IO[bytes]) -> None:
        self._source, self._target = source, target
        with contextlib.suppress(ImportError, AttributeError, OSError):  # Linux alone can, and may refuse
            import fcntl

            fcntl.fcntl(target, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def send(self, value: Any) -> None:
        """Send a value; raises BrokenPipeError where nobody reads any more."""
        pickle.dump(value, self._target, pickle.HIGHEST_PROTOCOL)
        self._target.flush()

    def receive(self) -> Any:
        """Wait for a value; raises EOFError where nobody will send one."""
        return pickle.load(self._source)

    def close(self) -> None:
        """Let go of both ends."""
        self._source.close()
        with contextlib.suppress(OSError):  # what could not be sent is not wanted any more
            self._target.close()


def serve(function: Callable[[Pipe], None]) -> None:
    """Run `function` in the child, with its standard input and output as the pipe."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not get between
    try:
        function(Pipe(sys.stdin.buffer, out))
    except (EOFError, BrokenPipeError):
        os._exit(1)  # the other process is gone
