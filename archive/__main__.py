"""`python -m archive` and the command `archive`: signals and lack of memory end even its start in a sentence."""

import decimal  # noqa: F401 (begun, interrupted and begun again, this writes a warning of its own to standard error)
import gc
import os
import sys
import threading

from archive.errors import OUT_OF_MEMORY, is_out_of_memory
from archive.util import signals

#: Objects made between two looks for garbage while starting: what a search makes stays to its end.
_COLLECT_AFTER = 100_000


def main() -> int:
    """Run the command line with the arguments of this process."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # no matrices here; its threads take memory, and time to start
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])
    try:
        signals.install()
        from archive.cli import main as run

        return signals.ignore(run())
    except KeyboardInterrupt as interrupt:
        sys.stderr.write(f"{signals.message(interrupt)}\n")
        return signals.ignore(signals.status())
    except (MemoryError, ImportError) as error:
        if not is_out_of_memory(error):
            raise
        sys.stderr.write(f"archive: {OUT_OF_MEMORY}\n")
        return signals.ignore(2)


def command() -> None:
    """What the command `archive` runs: `main`, and out.

    Everything is written and closed by then: to take modules and objects apart one by one is a
    tenth of the time of a search.
    """
    status = main()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if threading.active_count() > 1:
        sys.exit(status)
    os._exit(status)


if __name__ == "__main__":
    command()
