"""Work counted instead of timed: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

TraceFunction = Callable[[FrameType, str, Any], Any]


def calls_by_name(work: Callable[[], object]) -> Counter[str]:
    """How often a piece of work calls each function, and goes on with each generator; those of C by their own names."""
    counts: Counter[str] = Counter()

    def note(frame: object, event: str, argument: object) -> None:
        if event == "c_call":
            counts[str(getattr(argument, "__qualname__", argument))] += 1
        elif event == "call":
            counts["Python"] += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counts


def calls(work: Callable[[], object]) -> int:
    """How many calls a piece of work makes, and how often its generators go on."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def instructions(work: Callable[[], object]) -> int:
    """How many instructions of Python a piece of work takes: loops that call nothing count as well."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> TraceFunction:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
