"""A crash at every storage operation of indexing, updating, merging and optimizing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from unittest import mock

from archive import Archive
from archive.engine.local import writer

from .disk import Disk, write_files
from .world import sound_step, stray_files, write_corpus


@dataclass(frozen=True)
class Run:
    """One recorded run: the steps before (None for no index) and after it, and what it did to the disk."""

    name: str
    before: int | None
    after: int
    disk: Disk


def recorded(root: Path) -> Iterator[Run]:
    """A first index, an update, updates until segments are merged, and an optimization."""
    (root / "corpus").mkdir(parents=True)
    step = 0
    yield _recorded("index", root, None, step, lambda archive: archive.index())
    for step in range(1, 5):
        name = "update" if step < 3 else "merge"
        run = _recorded(name, root, step - 1, step, lambda archive: archive.index())
        if step in (1, 4):
            yield run
    yield _recorded("optimize", root, step, step, lambda archive: archive.index(optimize=True))


def _recorded(name: str, root: Path, before: int | None, after: int, do: Callable[[Archive], object]) -> Run:
    write_corpus(root, after)
    disk = Disk(root / "index")
    with Archive.open(root) as archive, disk.watched(), mock.patch.object(writer, "_MERGED_TOGETHER", 3):
        do(archive)
    return Run(name, before, after, disk)


def crash(folder: Path, *, every: int, variants: int) -> dict[str, int]:
    """Crash at every so many operations, in so many ways each; returns what was counted."""
    counts: dict[str, int] = {}
    for number, run in enumerate(recorded(folder / "made")):
        counts[f"operations of {run.name}"] = len(run.disk.operations)
        root = folder / f"crashed{number}"
        write_corpus(root, run.after)
        last = len(run.disk.operations)
        for done in sorted({*range(number % every, last, every), last}):
            chance = Random(f"{run.name} {done}")
            for variant in range(variants):
                how = ("none", "some", "all")[min(variant, 1) if variant < variants - 1 else 2]
                files = run.disk.after(done, chance, how)
                old = _look(root, files, run, returned=done == last)
                counts["crashes"] = counts.get("crashes", 0) + 1
                counts["old generation"] = counts.get("old generation", 0) + old
                counts["new generation"] = counts.get("new generation", 0) + (not old)
        shutil.rmtree(root)
    return counts | {"lost": 0}


def _look(root: Path, files: dict[str, bytes], run: Run, *, returned: bool) -> bool:
    """See that the archive is as it was before the run or after it, and can be brought up to date."""
    write_files(root / "index", files)
    with Archive.open(root) as archive:
        if archive.has_index:
            step: int | None = sound_step(archive)
            assert step in (run.before, run.after), f"{run.name}: the answers are of step {step}"
        else:
            step = None
            assert run.before is None, f"{run.name}: the index is lost"
        assert step == run.after or not returned, f"{run.name} returned, and a crash took what it wrote"
        archive.index()
        assert sound_step(archive) == run.after
        assert archive.check(deep=True) == ()
    assert not stray_files(root / "index")
    return step != run.after
