"""The public door: its names are real, and opening it costs nothing."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import archive

#: What a caller pays for only when it is used.
HEAVY = ("whoosh", "numpy", "yaml", "textual", "rich", "click", "rapidfuzz", "Stemmer", "slugify", "trafilatura")


def test_all_names_are_those_that_have_a_home() -> None:
    homes = [name for names in archive._HOMES.values() for name in names]
    assert archive.__all__ == sorted(homes)
    assert len(set(homes)) == len(homes)


@pytest.mark.parametrize("name", archive.__all__)
def test_a_name_is_that_of_its_home(name: str) -> None:
    value = getattr(archive, name)
    assert value.__name__ == name
    assert value.__module__ in archive._HOMES
    assert value is getattr(import_module(value.__module__), name)
    assert value.__doc__


def test_errors_are_one_tree() -> None:
    errors = [getattr(archive, name) for name in archive.__all__ if name.endswith("Error")]
    assert len(errors) == 14
    assert all(issubclass(error, archive.ArchiveError) for error in errors)


def test_dir_lists_the_names() -> None:
    assert set(archive.__all__) <= set(dir(archive))


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'archive' has no attribute 'Nothing'"):
        archive.Nothing  # noqa: B018
    with pytest.raises(ImportError):
        exec("from archive import Nothing")


def _loaded(code: str) -> list[str]:
    """Which of the heavy packages are loaded after `code`, in a process of its own."""
    program = f"{code}\nimport sys\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_loads_nothing_heavy() -> None:
    assert _loaded("import archive") == []
    assert _loaded("from archive import Archive, SearchRequest, YearRange, Page, QueryError") == []


def test_searching_loads_no_interface(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from archive import Archive
archive = Archive.create({str(tmp_path)!r} + "/new")
Path({str(tmp_path)!r}, "new/corpus/a.md").write_text("Title")
archive.index()
assert archive.search("title").total == 1
"""
    assert not {"textual", "rich", "click", "trafilatura"} & set(_loaded(code))
