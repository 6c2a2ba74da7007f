"""What the archive promises, put to the test for as long as one likes.

    python -m tests.torture                       every experiment in its short form (as in the suite)
    python -m tests.torture --long                in the long form: some twenty minutes
    python -m tests.torture --long crash damage   only these
    python -m tests.torture fuzz --minutes 10     each fuzzing target for so many minutes
    python -m tests.torture load --papers         95,562 papers under load, for five minutes or --minutes

Each prints what it counted; a broken promise ends it with a traceback and status 1.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
from pathlib import Path

from ..engine.test_papers import SOURCE
from .experiments import EXPERIMENTS, load_papers
from .fuzz import TARGETS, fuzz


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(EXPERIMENTS)}, or fuzz; all by default")
    parser.add_argument("--long", action="store_true", help="the long form")
    parser.add_argument("--minutes", type=float, help="how long to fuzz each target, or to load the papers")
    parser.add_argument("--papers", action="store_true", help="load: with the papers")
    parser.add_argument("--keep", action="store_true", help="fuzz: keep inputs that reach lines nothing else reaches")
    given = parser.parse_args()
    for name in given.names or (*EXPERIMENTS, "fuzz"):
        if name == "fuzz":
            for target in TARGETS:
                about = {"seconds": 60 * (given.minutes or 0.05), "add": given.keep}
                _tell(f"fuzz {target}", lambda _, target=target, about=about: fuzz(target, **about))
        elif name == "load" and given.papers:
            if SOURCE.exists():
                _tell("load, papers", lambda folder: load_papers(folder, minutes=given.minutes or 5))
            else:
                print(f"load, papers: skipped, as {SOURCE} is not there")
        else:
            _tell(name, lambda folder, name=name: EXPERIMENTS[name](folder, given.long))


def _tell(name: str, experiment: object) -> None:
    begun = time.monotonic()
    aside = io.TextIOWrapper(io.BytesIO(), "utf-8")  # what the commands say that an experiment runs
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(aside),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        counts = experiment(Path(folder))  # type: ignore[operator]
    print(f"{name} ({time.monotonic() - begun:.0f} s)")
    for what, number in counts.items():
        print(f"  {number:>8,} {what}")


if __name__ == "__main__":
    main()
