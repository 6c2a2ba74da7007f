"""The demonstration: a hundred articles that come with the package, and the archive made of a copy of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from archive.api import Archive
from archive.config import settings
from archive.errors import ArchiveError
from archive.tui.paths import data_folder
from archive.util.atomic_files import locked
from archive.util.quoting import quote_path

_PACKAGE = Path(__file__).resolve().parents[1]


def _copy(source: Path, root: Path) -> None:
    """Make an archive of a copy; what one that was cut short has left is removed first."""
    if root.exists():
        shutil.rmtree(root)
    try:
        shutil.copytree(source, root / settings.CORPUS_DIR, copy_function=shutil.copyfile)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise


def articles() -> Path | None:
    """The folder of its articles: within the package where it is installed, beside it in a clone."""
    for folder in (_PACKAGE / "demonstration", _PACKAGE.parent / settings.CORPUS_DIR):
        if (folder / "people.yaml").is_file() and (folder / "tidewater").is_dir():
            return folder
    return None


def place() -> Path:
    """Where the archive is, or will be."""
    return data_folder() / "archive" / "demonstration"


def open_demonstration() -> Archive:
    """The demonstration's archive, made at its first use; raises ArchiveError where that cannot be."""
    root, source = place(), articles()
    if not (root / settings.CORPUS_DIR).is_dir() and source is not None:
        beside = root.with_name(f".{root.name}.archive-new")
        try:
            root.parent.mkdir(parents=True, exist_ok=True)
            with locked(root.parent):
                if not (root / settings.CORPUS_DIR).is_dir():
                    _copy(source, beside)
                    beside.rename(root)
        except OSError as error:
            raise ArchiveError(
                f"the demonstration could not be copied to {quote_path(root)} ({error.strerror or error}); "
                "XDG_DATA_HOME names another folder"
            ) from error
    return Archive.open(root)
