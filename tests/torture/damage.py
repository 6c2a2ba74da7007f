"""Flipped bits and cut-off files, in every kind of file that an index has."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

from archive import Archive, IndexDamagedError, IndexUnusableError

from .disk import read_files, write_files
from .world import sound_step, write_corpus

#: What `check --deep` has no need to find damaged: the lock says who writes, and the evidence for names is made anew.
_UNCHECKED = ("MAIN_WRITELOCK", "names.sqlite3")


def damage(folder: Path, *, flips: int, truncations: int) -> dict[str, int]:
    """Damage one file at a time, in so many places; returns what was counted."""
    root = folder / "damaged"
    (root / "corpus").mkdir(parents=True)
    for step in range(3):
        write_corpus(root, step)
        with Archive.open(root) as archive:
            archive.index()
    index = root / "index"
    whole = read_files(index)
    kinds = sorted(whole)
    counts = dict.fromkeys(("flips", "truncations", "right answers", "refused", "found by check --deep", "mended"), 0)
    chance = Random(6)
    for number in range(flips + truncations):
        flip = number < flips
        name = kinds[number % len(kinds)]
        data = whole[name]
        hurt = _flipped(data, chance) if flip else data[: chance.randrange(len(data))]
        write_files(index, {**whole, name: hurt})
        counts["flips" if flip else "truncations"] += 1
        refused = _ask(root)
        counts["refused" if refused else "right answers"] += 1
        if name not in _UNCHECKED:
            with Archive.open(root) as archive:
                found = archive.check(deep=True)
            assert found, f"check --deep does not see that {name} is damaged"
            assert any(finding.damage for finding in found), found
            counts["found by check --deep"] += 1
        is_sources = name.endswith(".sources")
        if refused or number % 5 == 0 or is_sources:
            with Archive.open(root) as archive:
                archive.index(full=number % 2 == 0)
                assert sound_step(archive) == 2
                assert archive.check(deep=is_sources) == ()
            counts["mended"] += 1
    shutil.rmtree(root)
    return counts | {"wrong answers": 0}


def _flipped(data: bytes, chance: Random) -> bytes:
    hurt = bytearray(data)
    hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
    return bytes(hurt)


def _ask(root: Path) -> bool:
    """Whether the archive refuses to answer; AssertionError for a wrong answer."""
    with Archive.open(root) as archive:
        try:
            if not archive.has_index:
                archive.generation  # noqa: B018 (raises for a manifest that is damaged)
                return True
            assert sound_step(archive) == 2
        except (IndexDamagedError, IndexUnusableError):
            return True
    return False
