"""Pairs of commands that change the same files at the same moment: both say that they did, and both have."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice, product
from pathlib import Path
from unittest.mock import patch

from archive import Archive

from .kills import REPOSITORY
from .world import write_corpus

#: Loads everything, says so, and runs the command when it is told to: two that are told at once meet in the middle.
_COMMAND = """
import os, sys
said, told, *arguments = sys.argv[1:]
from archive.__main__ import main
import archive.cli, archive.cli.commands.names, archive.cli.commands.saved, archive.cli.commands.review, archive.api
import archive.saved.collection, archive.names.curation, archive.names.authority.patch, archive.corpus.serialize
import ctypes, fcntl, yaml
sys.argv[1:] = arguments
os.write(int(said), b"ready")
os.read(int(told), 1)
sys.exit(main())
"""


class _Held:
    """What the files hold in the end."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.saved = {each.name for each in archive.saved.list()}
        self.people, self.venues = archive.names.authority("person"), archive.names.authority("venue")
        self.ignored = set(archive.names.ignored())


@dataclass(frozen=True)
class _Change:
    """A command that changes something, and whether the change is there."""

    arguments: tuple[str, ...]
    made: Callable[[_Held], bool]
    stdin: str = ""
    ends: tuple[int, ...] = (0,)


def _add(number: int, side: int) -> _Change:
    name = f"search {number}-{side}"
    return _Change(("saved", "add", name, "pier"), lambda held: name in held.saved)


def _remove(number: int, side: int) -> _Change:
    """Of a search that the archive had to begin with."""
    name = f"old {number}-{side}"
    return _Change(("saved", "rm", name), lambda held: name not in held.saved)


def _run(number: int, side: int) -> _Change:
    """Of one search by both: what one has told, the other one does not forget."""
    name = f"run {number}"
    ends = (0, 1)  # 1: the other one has told it all
    return _Change(("saved", "run", name, "--new"), lambda held: not held.archive.saved.run(name).changes, ends=ends)


def _apply(number: int, side: int) -> _Change:
    person, venue, noise, alias = (f"{kind} {number}-{side}" for kind in ("Person", "Pier", "Sale", "Ann"))
    text = f"people: [{{name: {person}}}, {{name: Ann Óg, aliases: [{alias}]}}]\n"
    text += f"venues: [{{name: {venue}}}]\nignore: [{noise}]\n"

    def made(held: _Held) -> bool:
        entered = held.people.recorded(person) and held.venues.recorded(venue) and noise in held.ignored
        return bool(entered) and held.people.recorded(alias) == "Ann Óg"

    return _Change(("names", "apply", "-"), made, text)


def _review(number: int, side: int) -> _Change:
    """The first name that is suggested is recorded under another one."""
    name = f"Reviewed {number}-{side}"
    answers = f"person {name}\nquit\n"
    return _Change(("names", "review", "-n", "1"), lambda held: bool(held.people.recorded(name)), answers)


_PAIRS = ((_add, _remove), (_apply, _apply), (_run, _run), (_review, _apply), (_add, _add), (_remove, _remove))
#: The searches that are there to begin with, for every pair.
_THERE = (("old", "-0"), ("old", "-1"), ("run", ""))
#: Of which names are made that nobody has recorded.
_BEGINNINGS = ("Bran", "Kel", "Mor", "Tas", "Vin", "Hol", "Dru", "Fen")
_ENDS = ("wick", "ster", "dale", "mont", "gard", "low", "ham", "ritt")


def together(folder: Path, *, pairs: int) -> dict[str, int]:
    """Run pairs of commands at the same time; returns what was counted."""
    root = folder / "together"
    with patch.dict(os.environ, {"PYTHONPATH": str(REPOSITORY), "XDG_STATE_HOME": str(folder / "state")}):
        return _together(root, pairs)


def _together(root: Path, pairs: int) -> dict[str, int]:
    write_corpus(root, 0)
    for number, (first, last) in enumerate(product(_BEGINNINGS, _ENDS)):
        text = f"Mrs {last.title()}a {first}{last} said so. Mrs {last.title()}a {first}{last} sat."
        (root / "corpus" / f"note-{number}.md").write_text(f"# Note\n\n{text}\n", "utf-8")
    names = (f"{name} {number}{side}" for number in range(pairs) for name, side in _THERE)
    (root / "saved.yaml").write_text("".join(f"- name: {name}\n  query: storm\n" for name in names), "utf-8")
    with Archive.open(root) as archive:
        archive.index()
    changes: list[_Change] = []
    for number, pair in enumerate(islice(cycle(_PAIRS), pairs)):
        both = [make(number, side) for side, make in enumerate(pair)]
        _at_once(root, both)
        changes += both
    with Archive.open(root) as archive:
        held = _Held(archive)
        lost = [change.arguments for change in changes if not change.made(held)]
    assert not lost, f"updates were lost: {lost}"
    assert not (*held.people.problems, *held.venues.problems)
    left = {path.name for path in (*root.iterdir(), *(root / "corpus").iterdir()) if path.name.startswith(".")}
    assert not left, f"files were left: {left}"
    return {"pairs of commands": pairs, "updates": len(changes), "updates lost": len(lost)}


def _at_once(root: Path, changes: list[_Change]) -> None:
    """Run commands that begin at the same moment; each must end well."""
    with ExitStack() as stack:
        told, tell = os.pipe()
        stack.callback(os.close, told)
        processes = [stack.enter_context(_started(root, change, told)) for change in changes]
        os.close(tell)  # the end of the pipe reaches both at once
        for change, process in zip(changes, processes, strict=True):
            out, err = process.communicate(change.stdin, timeout=60)
            assert process.returncode in change.ends, (change.arguments, process.returncode, out, err)


def _started(root: Path, change: _Change, told: int) -> subprocess.Popen[str]:
    """A process that has loaded the command, and waits."""
    heard, say = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, str(say), str(told), *change.arguments],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[say, told],
    )
    os.close(say)
    assert os.read(heard, 5) == b"ready", process.communicate()[1]
    os.close(heard)
    return process
