"""Processes that index, and what becomes of the archive when they are killed or run out of disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from archive import Archive, ArchiveError

from .disk import Disk
from .world import sound_step, stray_files, write_corpus

REPOSITORY = Path(__file__).resolve().parents[2]
_SIZE = 300
#: Says when it is about to begin, so that a signal hits the indexing and not the start of Python.
_INDEX = """
import resource, sys
from archive.cli import main
import archive.indexing.run, archive.engine.whoosh.engine, archive.corpus.reading
most = int(sys.argv[1])
if most:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
print("ready", flush=True)
sys.exit(main(["index", *sys.argv[2:]]))
"""


def index_process(root: Path, *options: str, most_bytes: int = 0) -> subprocess.Popen[str]:
    """`archive index` in a process of its own, about to begin; no file can grow beyond `most_bytes`."""
    process = subprocess.Popen(
        [sys.executable, "-c", _INDEX, str(most_bytes), *options],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill(folder: Path, *, kills: int, signals: tuple[int, ...] = (signal.SIGKILL,)) -> dict[str, int]:
    """Send a signal at random moments, to runs with and without --jobs; returns what was counted."""
    root = folder / "killed"
    write_corpus(root, 0, _SIZE)
    longest = [_seconds(root), _seconds(root, "--full", "--jobs", "3") if kills > 10 else 0.3]
    counts = {"signals": 0, "hit a run": 0, "old generation": 0, "new generation": 0}
    chance = Random(9)
    held = 0
    for number in range(kills):
        step = number % 12 + 1 if number % 12 != held else held
        write_corpus(root, step, _SIZE)
        options = ("--jobs", "3") if number % 2 else ("--optimize",) if number % 4 == 2 else ()
        with index_process(root, *options) as process:
            time.sleep(chance.random() * longest[number % 2])
            sent = signals[number % len(signals)]
            process.send_signal(sent)
            _, said = process.communicate(timeout=60)
            assert "Traceback" not in said, said
        counts["signals"] += 1
        counts["hit a run"] += process.returncode != 0
        with Archive.open(root) as archive:
            found = sound_step(archive, _SIZE)
            assert found in (held, step), f"the answers are of step {found}, not {held} or {step}"
            counts["new generation" if found == step else "old generation"] += 1
            if number % 8 == 7:
                archive.index(wait=5)
                found = sound_step(archive, _SIZE)
                assert found == step
                assert archive.check(deep=True) == ()
                assert not stray_files(root / "index")
        held = found
    return counts | {"lost": 0}


def _seconds(root: Path, *options: str) -> float:
    with index_process(root, *options) as process:
        begun = time.monotonic()
        process.communicate()
        return time.monotonic() - begun


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
        with index_process(root, *options, most_bytes=most) as process:
            out, said = process.communicate(timeout=60)
        counts["sizes"] += 1
        held = _after_full(root, process.returncode, out + said, held, step)
        counts["refused"] += process.returncode == 2
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
