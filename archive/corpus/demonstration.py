"""The demonstration: a hundred articles that come with the package, and the user's archive made of a copy of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from archive.config.settings import CORPUS_DIR
from archive.config.user_state import xdg_dir
from archive.errors import ArchiveError
from archive.util.atomic_files import locked
from archive.util.quoting import quote_path

_PACKAGE = Path(__file__).resolve().parents[1]


def demonstration_articles() -> Path | None:
    """The folder of its articles: in the installed package, or beside it in a clone; None without either."""
    for folder in (_PACKAGE / "demonstration", _PACKAGE.parent / CORPUS_DIR):
        if (folder / "people.yaml").is_file() and (folder / "tidewater").is_dir():
            return folder
    return None


def demonstration_root() -> Path:
    """The root of its archive, whether it is there yet or not; raises SettingsError without a home directory."""
    return xdg_dir("XDG_DATA_HOME", "share") / "archive" / "demonstration"


def copy_demonstration() -> Path:
    """Make the archive of a copy of the articles, unless it is there; returns its root. Raises ArchiveError."""
    root, source = demonstration_root(), demonstration_articles()
    if not (root / CORPUS_DIR).is_dir() and source is not None:
        unfinished = root.with_name(f".{root.name}.archive-new")
        try:
            root.parent.mkdir(parents=True, exist_ok=True)
            with locked(root.parent):
                if not (root / CORPUS_DIR).is_dir():
                    _copy(source, unfinished)
                    unfinished.rename(root)
        except OSError as error:
            raise ArchiveError(
                f"the demonstration could not be copied to {quote_path(root)} ({error.strerror or error})",
                "XDG_DATA_HOME names another folder",
            ) from error
    return root


def _copy(source: Path, root: Path) -> None:
    """Copy the articles into a new root; what an interrupted copy has left is removed first."""
    if root.exists():
        shutil.rmtree(root)
    try:
        shutil.copytree(source, root / CORPUS_DIR, copy_function=shutil.copyfile)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
