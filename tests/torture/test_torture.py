"""The short form of every experiment; `python -m tests.torture` has the long one."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import strategies as st

from . import fuzz as fuzzing
from .experiments import EXPERIMENTS
from .fuzz import TARGETS, HangError, fuzz

_PROCESSES = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signals")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: waiting for a real disk would prove nothing."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHIVE_ROOT", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    assert os.environ.get("ARCHIVE_ANY_OWNER") is None


def test_a_crash_at_a_storage_operation_leaves_the_old_or_the_new_generation(folder: Path) -> None:
    counts = EXPERIMENTS["crash"](folder, False)
    assert counts["old generation"] > 3
    assert counts["new generation"] > 3
    assert all(counts[f"operations of {run}"] > 10 for run in ("index", "update", "merge", "optimize"))


def test_damage_is_found_and_never_answered_from(folder: Path) -> None:
    counts = EXPERIMENTS["damage"](folder, False)
    assert counts["refused"] > 5
    assert counts["found by check --deep"] > 10


@_PROCESSES
def test_a_killed_run_loses_nothing(folder: Path) -> None:
    assert EXPERIMENTS["kill"](folder, False)["kills"] == 2


@_PROCESSES
def test_an_article_whose_adding_is_killed_is_added_whole_or_not_at_all(folder: Path) -> None:
    pytest.importorskip("trafilatura")
    assert EXPERIMENTS["adding"](folder, False)["kills"] > 20


@_PROCESSES
def test_a_command_that_is_told_to_end_says_so_and_loses_nothing(folder: Path) -> None:
    counts = EXPERIMENTS["interrupt"](folder, False)
    assert counts["signals"] == 7
    assert counts["hit a command"] > 3


@_PROCESSES
def test_a_full_disk_is_said_and_loses_nothing(folder: Path) -> None:
    counts = EXPERIMENTS["full"](folder, False)
    assert counts["refused"] >= 1


def test_every_question_is_answered_or_refused_in_a_sentence(folder: Path) -> None:
    counts = EXPERIMENTS["questions"](folder, False)
    assert counts["answered"] > 50
    assert counts["refused in a sentence"] > 50


def test_no_pickle_is_ever_loaded(folder: Path) -> None:
    counts = EXPERIMENTS["pickles"](folder, False)
    assert counts["commands run"] > 50


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
def test_nothing_of_the_user_is_sent_to_the_server_of_a_hostile_archive(folder: Path) -> None:
    pytest.importorskip("textual_serve")
    counts = EXPERIMENTS["trust"](folder, False)
    assert counts["commands"] > 500
    assert counts["refused"] > 450
    assert (counts["connections made"], counts["secrets sent"]) == (0, 0)


@_PROCESSES
def test_no_module_of_an_archive_is_imported(folder: Path) -> None:
    pytest.importorskip("trafilatura")
    pytest.importorskip("textual_serve")
    counts = EXPERIMENTS["planted"](folder, False)
    assert counts["modules planted"] > 500
    assert counts["commands run"] == 6
    assert counts["code run"] == 0


@_PROCESSES
def test_only_the_served_page_is_answered(folder: Path) -> None:
    pytest.importorskip("textual_serve")
    counts = EXPERIMENTS["visitors"](folder, False)
    assert counts == {"probes refused": 140, "probes answered": 0}


def test_readers_get_right_answers_while_the_index_is_written(folder: Path) -> None:
    counts = EXPERIMENTS["load"](folder, False)
    assert counts["questions"] > 4
    assert counts["generations written"] > 1


@_PROCESSES
def test_commands_that_change_the_same_files_at_once_lose_nothing(folder: Path) -> None:
    counts = EXPERIMENTS["together"](folder, False)
    assert (counts["updates"], counts["updates lost"]) == (6, 0)


@pytest.mark.parametrize("name", TARGETS)
def test_anything_is_taken_or_refused(name: str) -> None:
    counts = fuzz(name, seconds=0, at_most=60)
    assert counts["examples"] > 40
    assert counts["replayed"] > 5


def _hang() -> None:
    while True:
        with suppress(Exception):
            sum(range(1_000))


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize(("does", "error"), [(_hang, HangError), (lambda: bytearray(2 << 30), MemoryError)])
def test_the_fuzzer_sees_what_hangs_and_what_fills_memory(
    monkeypatch: pytest.MonkeyPatch, does: Callable[[], object], error: type[BaseException]
) -> None:
    calls: list[str] = []

    def target(text: str) -> None:
        calls.append(text)
        if len(calls) > 1:  # the first is only to load what is loaded late
            does()

    monkeypatch.setitem(TARGETS, "query", (target, st.text()))
    monkeypatch.setattr(fuzzing, "_SECOND", 0.05)
    with pytest.raises(error):
        fuzz("query", seconds=0, at_most=2)
