"""Readers in processes and threads while a writer adds, updates, merges and optimizes.

Every answer must be, to the last facet count, what brute force finds for one step; and never for
a step older than one that was complete before the question was asked. The writer publishes the
answers of a step before it begins to index it, and its number when that is done; an article of
the archive itself names the step, so that every answer says of which it is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from itertools import count, cycle
from pathlib import Path
from typing import Any, Protocol
from unittest import mock

from archive import Archive
from archive.engine.local import writer

from .world import WORDS_ASKED, Answered, Question, ask, expected, question, step_of, write_corpus

REPOSITORY = Path(__file__).resolve().parents[2]
_SIZE = 120
#: Seconds between two questions of a reader: the writer is to have its share of the machine.
_BETWEEN = 0.05


class World(Protocol):
    """A corpus that changes step by step, and what is asked of it."""

    @property
    def questions(self) -> Sequence[Question]:
        """The same at every step."""

    def write(self, root: Path, step: int) -> Sequence[Answered]:
        """Make the corpus that of the next step; returns what each question should then be answered."""


class Generated:
    """The small archive of `world`."""

    questions = tuple(question(word) for word in WORDS_ASKED)

    def write(self, root: Path, step: int) -> Sequence[Answered]:
        """See `World`."""
        write_corpus(root, step, _SIZE)
        return [expected(word, step, _SIZE) for word in WORDS_ASKED]


def load(
    folder: Path,
    world: World,
    *,
    seconds: float,
    processes: int,
    threads: int,
    pause: float = 0.0,
    optimize_every: int = 5,
    merged_together: int = 3,
) -> dict[str, int]:
    """Search from so many processes of so many threads while indexing; returns what was counted.

    merged_together   segments of about the same size that become one
    """
    root = folder / "busy"
    (root / "corpus").mkdir(parents=True)
    (root / "questions.json").write_text(json.dumps(world.questions))
    merges: list[int] = []
    with Archive.open(root) as archive, mock.patch.object(writer, "_MERGED_TOGETHER", merged_together):
        _step(archive, world, 0)
        readers = _started(root, seconds, processes, threads)
        for step in count(1):
            with _noted(merges):
                _step(archive, world, step, optimize=step % optimize_every == 0)
            if all(reader.poll() is not None for reader in readers):
                break
            time.sleep(pause)  # steps of a world can grow: in minutes there must not be too many of them
        articles = archive.search(limit=0).total
    said = [reader.communicate()[0] for reader in readers]
    assert all(reader.returncode == 0 for reader in readers), "\n".join(said)
    counted = [json.loads(text.splitlines()[-1]) for text in said]
    return {
        "readers": processes * threads,
        "articles in the end": articles,
        "generations written": step,
        "merges": sum(number > 1 for number in merges),
        "most segments merged at once": max(merges, default=0),
        "questions": sum(each["questions"] for each in counted),
        "generations seen": max(each["generations"] for each in counted),
        "longest answer, ms": max(each["longest"] for each in counted),
        "errors": 0,
        "wrong or stale answers": 0,
    }


def _step(archive: Archive, world: World, step: int, *, optimize: bool = False) -> None:
    answers = world.write(archive.root, step)
    _publish(archive.root / f"answers{step}.json", answers)
    archive.index(optimize=optimize)
    _publish(archive.root / "step", step)


def _publish(path: Path, value: Any) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(json.dumps(value))
    new.replace(path)


def _noted(merges: list[int]) -> Any:
    """Note of how many segments each merge is."""
    merge = writer.WhooshWriter._merge

    def noted(self: Any, segments: Sequence[Any]) -> Any:
        merges.append(len(segments))
        return merge(self, segments)

    return mock.patch.object(writer.WhooshWriter, "_merge", noted)


# -- readers ---------------------------------------------------------------------------


def _started(root: Path, seconds: float, processes: int, threads: int) -> list[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.torture.load", str(root), str(seconds), str(threads)]
    return [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(processes)
    ]


def _read(root: Path, seconds: float, threads: int) -> dict[str, int]:
    """Ask in turn, each thread beginning with another question, until the time is up."""
    archive = Archive.open(root)
    questions = list(enumerate(json.loads((root / "questions.json").read_text())))
    until = time.monotonic() + seconds
    failures: list[BaseException] = []
    seen: set[int] = set()
    times: deque[float] = deque()

    @lru_cache(maxsize=8)
    def answers(step: int) -> Any:
        return json.loads((root / f"answers{step}.json").read_text())

    def ask_in_turn(first: int) -> None:
        try:
            for number, asked in cycle(questions[first:] + questions[:first]):
                if time.monotonic() > until or failures:
                    return
                published = json.loads((root / "step").read_text())
                begun = time.monotonic()
                answer = ask(archive, asked)
                times.append(time.monotonic() - begun)
                step = step_of(answer)
                wanted = answers(step)[number]
                assert json.loads(json.dumps(answer)) == wanted, f"{asked} at step {step}:\n{answer}\nnot\n{wanted}"
                assert step >= published, f"an answer of step {step} after {published} was there"
                seen.add(step)
                time.sleep(_BETWEEN)
        except BaseException as error:
            failures.append(error)
            raise

    every = [threading.Thread(target=ask_in_turn, args=(n % len(questions),)) for n in range(threads)]
    for thread in every:
        thread.start()
    for thread in every:
        thread.join()
    if failures:
        raise failures[0]
    return {"questions": len(times), "generations": len(seen), "longest": round(1_000 * max(times))}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_read(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))) + "\n")
    sys.stdout.flush()
    os._exit(0)
