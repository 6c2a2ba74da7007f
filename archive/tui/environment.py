"""What the terminal UI uses of the user's system: editor, home folder, data folder and the demonstration in it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from textual.app import App, SuspendNotSupported

from archive import Archive, ArchiveError

#: Editors that take a line as `file:12`, and as `+12 file`; any other is given the file only.
_WITH_COLON = frozenset(("code", "codium", "subl", "hx", "helix", "zed", "micro"))
_WITH_PLUS = frozenset(("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "kak", "joe", "ne", "mg", "gedit"))

_PACKAGE = Path(__file__).resolve().parents[1]


# -- the editor ------------------------------------------------------------------------


def editor_command(editor: str, path: Path, line: int) -> list[str]:
    """The command that opens a file at a line."""
    words = shlex.split(editor)
    name = Path(words[0]).name.removesuffix(".exe")
    if name in ("code", "codium"):
        return [*words, "--wait", "--goto", f"{path}:{line}"]
    if name in _WITH_COLON:
        return [*words, f"{path}:{line}"]
    return [*words, f"+{line}", str(path)] if name in _WITH_PLUS else [*words, str(path)]


def edit(app: App[object], path: Path, line: int) -> str:
    """Run $VISUAL or $EDITOR on a file with the app suspended; returns what went wrong, or ""."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        with app.suspend():
            done = subprocess.run(editor_command(editor, path, line), check=False)
    except SuspendNotSupported:
        return "An editor cannot be opened here."
    except (OSError, ValueError, IndexError) as error:
        return f"The editor {editor!r} could not be started ({error}); set EDITOR to another."
    return f"The editor {editor!r} ended with status {done.returncode}." if done.returncode else ""


# -- folders ---------------------------------------------------------------------------


def data_folder() -> Path:
    """The user's folder for application data."""
    if named := os.environ.get("XDG_DATA_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path.home() / ".local" / "share"


def from_home(path: Path) -> str:
    """A path for display, with `~` for the home folder."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


# -- the demonstration -----------------------------------------------------------------


def demonstration_articles() -> Path | None:
    """The folder of the demonstration's hundred articles: in the installed package, or beside it in a clone."""
    for folder in (_PACKAGE / "demonstration", _PACKAGE.parent / "corpus"):
        if (folder / "people.yaml").is_file() and (folder / "tidewater").is_dir():
            return folder
    return None


def demonstration_root() -> Path:
    """Where the demonstration's archive is, or will be."""
    return data_folder() / "archive" / "demonstration"


def open_demonstration() -> Archive:
    """The demonstration's archive, copied from the package on first use; raises ArchiveError where that fails."""
    root, source = demonstration_root(), demonstration_articles()
    if not (root / "corpus").is_dir() and source is not None:
        copy = root.with_name(f"{root.name}.{os.getpid()}")
        try:
            shutil.copytree(source, copy / "corpus", copy_function=shutil.copyfile)
            copy.rename(root)
        except OSError as error:
            shutil.rmtree(copy, ignore_errors=True)
            raise ArchiveError(
                f"the demonstration could not be copied to {root} ({error.strerror or error}); "
                "XDG_DATA_HOME names another folder"
            ) from error
    return Archive.open(root)
