"""What the archive promises, put to the test for as long as one likes.

    python -m tests.torture                       every experiment in its short form (as in the suite)
    python -m tests.torture --long                in the long form: some twenty minutes
    python -m tests.torture --long crash damage   only these
    python -m tests.torture fuzz --minutes 10     each fuzzing target for so many minutes

Each prints what it counted; a broken promise ends it with a traceback and status 1.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
from pathlib import Path

from .experiments import EXPERIMENTS
from .fuzz import TARGETS, fuzz


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(EXPERIMENTS)}, or fuzz; all by default")
    parser.add_argument("--long", action="store_true", help="the long form")
    parser.add_argument("--minutes", type=float, default=0.05, help="how long to fuzz each target")
    given = parser.parse_args()
    for name in given.names or (*EXPERIMENTS, "fuzz"):
        if name == "fuzz":
            for target in TARGETS:
                _tell(f"fuzz {target}", lambda folder, target=target: fuzz(target, seconds=given.minutes * 60))
        else:
            _tell(name, lambda folder, name=name: EXPERIMENTS[name](folder, given.long))


def _tell(name: str, experiment: object) -> None:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        counts = experiment(Path(folder))  # type: ignore[operator]
    print(f"{name} ({time.monotonic() - begun:.0f} s)")
    for what, number in counts.items():
        print(f"  {number:>8,} {what}")


if __name__ == "__main__":
    main()
