"""Processes of the command line, and what becomes of the archive when they are killed or run out of disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from archive import Archive, ArchiveError

from .disk import Disk
from .world import sound_step, stray_files, write_corpus

REPOSITORY = Path(__file__).resolve().parents[2]
_SIZE = 300
#: Says when it is about to begin, and how long it took: a signal is to hit the command, not Python's start or end.
_COMMAND = """
import os, resource, sys, time
said, most, loaded, *arguments = sys.argv[1:]
from archive.util import signals
from archive.__main__ import main
if loaded:
    import archive.cli, archive.indexing.run, archive.engine.local.engine, archive.corpus.formats.registry
if int(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
sys.argv[1:] = arguments
signals.install()
os.write(int(said), b"ready")
begun = time.monotonic()
status = main()
os.write(int(said), b" %f" % (time.monotonic() - begun))
sys.exit(status)
"""


@dataclass
class Command:
    """A command in a process of its own, about to begin."""

    process: subprocess.Popen[str]
    said: int
    out: str = ""
    err: str = ""

    def ended(self) -> float | None:
        """Wait until the process has ended; returns the seconds that the command took, None where it was cut short."""
        self.out, self.err = self.process.communicate(timeout=60)
        return float(left) if (left := os.read(self.said, 100)) else None


@contextmanager
def running(root: Path, *arguments: str, loaded: bool = True, most_bytes: int = 0) -> Iterator[Command]:
    """`archive` with these arguments; `loaded` where it is to have its modules, and no file beyond `most_bytes`."""
    heard, told = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, str(told), str(most_bytes), "loaded" * loaded, *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[told],
    ) as process:
        os.close(told)
        try:
            assert os.read(heard, 5) == b"ready"
            yield Command(process, heard)
        finally:
            process.kill()
            os.close(heard)


class Moments:
    """When to send a signal so that it hits a command at work: evenly spread over the time that it takes.

    lasts   seconds that a command is taken to last before any of its kind was seen to its end
    """

    def __init__(self, lasts: float) -> None:
        self._chance = Random(9)
        self._lasts: dict[object, float] = defaultdict(lambda: lasts)

    def wait(self, kind: object) -> None:
        """Wait for the moment of a command of that kind."""
        time.sleep(self._chance.random() * self._lasts[kind])

    def learn(self, kind: object, seconds: float | None) -> bool:
        """Take in how long one took; returns whether it was hit."""
        if seconds is not None:
            self._lasts[kind] = seconds
        return seconds is None


#: How a run that is killed is asked for.
_KINDS = ((), ("--jobs", "3"), ("--optimize",), ("--full", "--jobs", "2"))


def kill(folder: Path, *, kills: int, size: int = _SIZE) -> dict[str, int]:
    """Kill runs at random moments, with and without --jobs and --optimize; returns what was counted."""
    root = folder / "killed"
    moments = Moments(0.1)
    counts = {"kills": 0, "amid a run": 0, "old generation": 0, "new generation": 0}
    held = None
    if kills > len(_KINDS):
        for held, kind in enumerate(_KINDS):
            write_corpus(root, held, size)
            with running(root, "index", *kind) as command:
                moments.learn(kind, command.ended())
    for number in range(kills):
        step = next(step for step in (number % 12 + 1, 0) if step != held)
        write_corpus(root, step, size)
        kind = _KINDS[number % len(_KINDS)]
        with running(root, "index", *kind) as command:
            moments.wait(kind)
            command.process.kill()
            hit = moments.learn(kind, command.ended())
        counts["kills"] += 1
        counts["amid a run"] += hit
        held = _after_kill(root, held, step, size, counts)
        if number % 8 == 7 or held is None:
            with Archive.open(root) as archive:
                archive.index(wait=5)
                held = sound_step(archive, size)
                assert held == step
                assert archive.check(deep=True) == ()
            assert not stray_files(root / "index")
    return counts | {"lost": 0}


def _after_kill(root: Path, held: int | None, step: int, size: int, counts: dict[str, int]) -> int | None:
    """The step of which the archive is after a run from `held` to `step` was killed; None for no index yet."""
    with Archive.open(root) as archive:
        found = sound_step(archive, size) if archive.has_index else None
    assert found in (held, step), f"the answers are of step {found}, not {held} or {step}"
    counts["new generation" if found == step else "old generation"] += 1
    return found


def full(folder: Path, *, sizes: int, every: int) -> dict[str, int]:
    """Run out of disk: at so many sizes of file, and at every so many operations; returns what was counted."""
    root = folder / "full"
    counts = {"sizes": 0, "operations": 0, "refused": 0}
    write_corpus(root, 0, _SIZE)
    with Archive.open(root) as archive:
        archive.index()
        largest = max(path.stat().st_size for path in (root / "index").iterdir())
    held = 0
    for number in range(sizes):
        step = (held + 1) % 12
        write_corpus(root, step, _SIZE)
        most = max(1, largest * number // sizes)
        options = ("--full", "--jobs", "3") if number % 2 else ("--full",)
        with running(root, "index", *options, most_bytes=most) as command:
            command.ended()
        counts["sizes"] += 1
        held = _after_full(root, command.process.returncode, command.out + command.err, held, step)
        counts["refused"] += command.process.returncode == 2
    at, refused = 0, True
    while refused:
        step = (held + 1) % 12
        write_corpus(root, step, _SIZE)
        disk = Disk(root / "index", fail_at=at)
        said = ""
        try:
            with Archive.open(root) as archive, disk.watched():
                archive.index(optimize=True)
            refused = False
        except ArchiveError as error:
            said = f"archive: {error}\n"
        counts["operations"] += 1
        counts["refused"] += refused
        held = _after_full(root, 2 if refused else 0, said, held, step)
        at += every
    return counts | {"lost": 0}


def _after_full(root: Path, status: int, said: str, held: int, step: int) -> int:
    """See that the run ended with a sentence, or well; that nothing was lost; and that the next run mends all."""
    assert status in (0, 2), said
    if status == 2:
        sentences = [line for line in said.splitlines() if line]
        assert len(sentences) == 1, said
        assert sentences[0].startswith("archive: "), said
        assert "run `archive index`" in sentences[0], said
    with Archive.open(root) as archive:
        assert sound_step(archive, _SIZE) in ((held, step) if status else (step,))
        archive.index()  # there is no lock in the way
        assert sound_step(archive, _SIZE) == step
        assert archive.check() == ()
    assert not stray_files(root / "index")
    return step
