"""The processes that are started: what they can import, and what becomes of their errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import archive
from archive.util.worker_process import NEUTRAL_FOLDER, Channel, Worker, WorkerDiedError, isolated_python


def run_out_of_memory(pipe: Channel) -> None:
    raise MemoryError


def fail(pipe: Channel) -> None:
    raise ValueError("unexpected")


def say_where(pipe: Channel) -> None:
    pipe.send(str(Path.cwd()))


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a module in it and in a folder below it; both are on the path of this process."""
    for folder in (tmp_path, tmp_path / "lib"):
        folder.mkdir(exist_ok=True)
        (folder / "colorsys.py").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(("", "lib", str(tmp_path / "other"))))
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(tmp_path / "lib"), str(tmp_path / "other"), *sys.path])
    return tmp_path


def found(*names: str) -> list[str]:
    """The files that an isolated interpreter imports."""
    statement = "import importlib, json; print(json.dumps([importlib.import_module(n).__file__ for n in sys.argv[1:]]))"
    done = subprocess.run(isolated_python(statement, *names), capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def test_nothing_is_imported_from_the_working_directory(hostile: Path) -> None:
    assert found("colorsys", "archive") == [f"{sysconfig.get_path('stdlib')}/colorsys.py", archive.__file__]


def test_an_absolute_entry_of_the_path_is_kept(hostile: Path) -> None:
    (hostile / "other").mkdir()
    (hostile / "other" / "only_there.py").write_text("")
    assert found("only_there") == [str(hostile / "other" / "only_there.py")]


def test_a_checkout_that_is_the_working_directory_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = Path(archive.__file__).parents[1]
    monkeypatch.chdir(checkout)
    monkeypatch.setattr(sys, "path", [each for each in sys.path if Path(each).resolve() != checkout])
    assert found("archive") == [archive.__file__]


def test_a_child_works_in_a_neutral_folder(hostile: Path) -> None:
    child = Worker(__name__, "say_where")
    assert child.receive() == NEUTRAL_FOLDER
    child.stop()


@pytest.mark.parametrize(("function", "how"), [("run_out_of_memory", "for lack of memory"), ("fail", "with status 1")])
def test_a_child_that_fails_prints_no_traceback(
    function: str, how: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARCHIVE_DEBUG", raising=False)
    child = Worker(__name__, function)
    with pytest.raises(WorkerDiedError) as died:
        child.receive()
    child.stop()
    assert str(died.value) == how
    assert capfd.readouterr().err == ""
