"""Readers in processes and threads while a writer adds, updates, merges and optimizes.

Every answer must be, to the last facet count, what brute force finds for one step; and never for
a step older than one that was complete before the question was asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from itertools import count, cycle
from pathlib import Path
from unittest import mock

from archive import Archive
from archive.engine.whoosh import writer

from .world import WORDS_ASKED, answered, expected, step_of, write_corpus

REPOSITORY = Path(__file__).resolve().parents[2]
_SIZE = 120


def load(folder: Path, *, seconds: float, processes: int, threads: int, pause: float = 0.0) -> dict[str, int]:
    """Search from so many processes of so many threads while indexing; returns what was counted."""
    root = folder / "busy"
    write_corpus(root, 0, _SIZE)
    archive = Archive.open(root)
    archive.index()
    _publish(root, 0)
    command = [sys.executable, "-m", "tests.torture.load", str(root), str(seconds), str(threads)]
    readers = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(processes)
    ]
    step = 0
    with archive, mock.patch.object(writer, "_MERGED_TOGETHER", 3):
        for step in count(1):
            write_corpus(root, step, _SIZE)
            archive.index(optimize=step % 5 == 0)
            _publish(root, step)
            if all(reader.poll() is not None for reader in readers):
                break
            time.sleep(pause)  # steps grow: in minutes there must not be too many of them
    said = [reader.communicate()[0] for reader in readers]
    assert all(reader.returncode == 0 for reader in readers), "\n".join(said)
    counted = [json.loads(text.splitlines()[-1]) for text in said]
    return {
        "readers": processes * threads,
        "generations written": step,
        "questions": sum(each["questions"] for each in counted),
        "generations seen": max(each["generations"] for each in counted),
        "errors": 0,
        "wrong or stale answers": 0,
    }


def _publish(root: Path, step: int) -> None:
    new = root / "step.new"
    new.write_text(str(step))
    new.replace(root / "step")


def _read(root: Path, seconds: float, threads: int) -> dict[str, int]:
    archive = Archive.open(root)
    until = time.monotonic() + seconds
    failures: list[BaseException] = []
    seen: set[int] = set()
    asked = count()

    def ask() -> None:
        try:
            for word in cycle(WORDS_ASKED):
                if time.monotonic() > until or failures:
                    return
                published = int((root / "step").read_text())
                answer = answered(archive, word)
                step = step_of(answer)
                assert answer == expected(word, step, _SIZE), f"a wrong answer for {word!r} at step {step}"
                assert step >= published, f"an answer of step {step} after {published} was there"
                seen.add(step)
                next(asked)
        except BaseException as error:
            failures.append(error)
            raise

    every = [threading.Thread(target=ask) for _ in range(threads)]
    for thread in every:
        thread.start()
    for thread in every:
        thread.join()
    if failures:
        raise failures[0]
    return {"questions": next(asked), "generations": len(seen)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_read(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))) + "\n")
    sys.stdout.flush()
    os._exit(0)
