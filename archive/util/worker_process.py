"""A Python process of our own beside this one, and objects sent to and fro.

Not `multiprocessing`: that would run the caller's main module once more.

Every process is isolated from the working directory, which is often somebody else's archive: a
`json.py` or `archive/` in it must not be imported.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from archive.errors import debugging, is_out_of_memory

#: What one process may be ahead of the other.
_PIPE_BYTES = 1 << 20
#: The exit status of a process that ran out of memory (EX_OSERR of sysexits.h).
_OUT_OF_MEMORY = 71
#: Where our processes run: a folder that is nobody's archive.
NEUTRAL_FOLDER = os.sep
#: Search modules where the parent does; `-I` alone would lose a `--target` or `--user` installation, or a checkout.
_SEARCH_PATH = (
    "import os, sys; path = sys.argv.pop(1).split(os.pathsep); "
    "sys.path[:] = path + [each for each in sys.path if each not in path]; "
)


#: More processes and threads than these have nothing to do: one process makes the segments of all.
_MOST_CORES = 8


def core_count() -> int:
    """How many processes or threads are worth starting on this machine."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        count = os.cpu_count() or 1
    return min(count, _MOST_CORES)


class WorkerDiedError(Exception):
    """The process ended by itself; the text says how ("by signal 9", "with status 1", "for lack of memory")."""


def isolated_python(statement: str, *arguments: str) -> list[str]:
    """The command line of an interpreter that runs `statement` with `arguments` as its `sys.argv[1:]`.

    It ignores PYTHONPATH and the other variables of Python, the user's site-packages and the
    working directory; modules are found where this process finds them.
    """
    flags = ["-I", "-X", f"utf8={sys.flags.utf8_mode}", *(["-B"] if sys.dont_write_bytecode else [])]
    path = os.pathsep.join(_search_path())
    return [sys.executable, *flags, "-c", _SEARCH_PATH + statement, path, *arguments]


def _search_path() -> list[str]:
    """`sys.path` without what the working directory put there: by `-m`, `-c`, or a relative entry of PYTHONPATH."""
    package = Path(__file__).resolve().parents[2]
    dropped = {each.resolve() for each in _relative_to_here()} - {package}
    path = [each for each in sys.path if Path(each).is_absolute() and Path(each).resolve() not in dropped]
    return path if any(Path(each).resolve() == package for each in path) else [*path, str(package)]


def _relative_to_here() -> list[Path]:
    """The working directory, and the relative entries of PYTHONPATH in it; none where it was deleted."""
    try:
        here = Path.cwd()
    except OSError:
        return []
    entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [here / each for each in ("", *entries) if not Path(each).is_absolute()]


class Worker:
    """Runs `function` of `module` (two dotted names) in a process, with a Channel to this one.

    The process has the environment of this one, and `variables`.
    """

    def __init__(self, module: str, function: str, variables: Mapping[str, str] = MappingProxyType({})) -> None:
        self._process = subprocess.Popen(
            isolated_python("from archive.util.worker_process import worker_main; worker_main()", module, function),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **variables},
            cwd=NEUTRAL_FOLDER,
            start_new_session=True,  # an interrupt from the keyboard is for this process to handle
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipe = Channel(self._process.stdout, self._process.stdin)

    def send(self, value: Any) -> None:
        """Send a value; raises WorkerDiedError."""
        try:
            self._pipe.send(value)
        except OSError:
            raise self._died() from None

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for a value; raises WorkerDiedError, also where none has come within so many seconds."""
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
                raise WorkerDiedError(f"after {seconds:g} seconds without an answer") from None
            raise self._died() from None
        finally:
            if timer is not None:
                timer.cancel()

    def _died(self) -> WorkerDiedError:
        status = self._process.wait()
        if status == _OUT_OF_MEMORY:
            return WorkerDiedError("for lack of memory")
        if status < 0:
            return WorkerDiedError(f"by signal {-status} ({signal.strsignal(-status)})")
        return WorkerDiedError(f"with status {status}")

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()


class Channel:
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


def worker_main() -> None:
    """What the process runs: the function that its arguments name, with standard input and output as the pipe."""
    _, module, function = sys.argv
    del sys.argv[1:]
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not get between
    try:
        getattr(import_module(module), function)(Channel(sys.stdin.buffer, out))
    except (EOFError, BrokenPipeError):
        os._exit(1)  # the other process is gone
    except KeyboardInterrupt:
        os._exit(128 + signal.SIGINT)
    except Exception as error:
        if is_out_of_memory(error):
            os._exit(_OUT_OF_MEMORY)
        if debugging():
            raise
        os._exit(1)  # the other process says so
