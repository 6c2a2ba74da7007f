"""Inputs that are kept: each once reached a line of the program that none before it did.

They are in `inputs/`, one JSON value a line; the suite replays them, and fuzzing begins with them.
`python -m tests.torture fuzz --keep` adds what it finds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import whoosh

import archive

_FOLDER = Path(__file__).parent / "inputs"
_TRACED = tuple(str(Path(package.__file__).parent) for package in (archive, whoosh))
_LONGEST = 2_000

Line = tuple[str, int]


def kept(name: str) -> list[Any]:
    """The inputs of a target; bytes are written as the characters of the same numbers."""
    path = _file(name)
    if not path.exists():
        return []
    values = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [_thawed(name, value) for value in values]


def keep(name: str, target: Callable[[Any], None], values: Iterable[Any]) -> int:
    """Keep those values that reach lines which none before them reaches; returns how many."""
    seen: set[Line] = set()
    for value in kept(name):
        seen |= _reached(target, value)
    added = []
    for value in values:
        line = json.dumps(value.decode("latin-1") if isinstance(value, bytes) else value)
        if len(line) <= _LONGEST and (reached := _reached(target, value)) - seen:
            seen |= reached
            added.append(line)
    if added:
        _FOLDER.mkdir(exist_ok=True)
        with _file(name).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in added)
    return len(added)


def _file(name: str) -> Path:
    return _FOLDER / f"{name.replace(' ', '-')}.jsonl"


def _thawed(name: str, value: Any) -> Any:
    if name == "front matter":
        return value.encode("latin-1")
    return value if isinstance(value, str) else tuple(value)


def _reached(target: Callable[[Any], None], value: Any) -> set[Line]:
    reached: set[Line] = set()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        path = frame.f_code.co_filename
        if not path.startswith(_TRACED):
            return None
        if event == "line":
            reached.add((path, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        target(value)
    finally:
        sys.settrace(before)
    return reached
