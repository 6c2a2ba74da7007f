"""Opening an article's file in the user's editor, at a line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from textual.app import App, SuspendNotSupported

#: Editors that take a line as `file:12`, and as `+12 file`; any other is given the file only.
_WITH_COLON = frozenset(("code", "codium", "subl", "hx", "helix", "zed", "micro"))
_WITH_PLUS = frozenset(("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "kak", "joe", "ne", "mg", "gedit"))

#: Tried in this order where neither VISUAL nor EDITOR is set.
_USUAL = ("sensible-editor", "vi", "vim", "nano", "emacs", "notepad")


def editor_command(editor: str, path: Path, line: int) -> list[str]:
    """The command that opens a file at a line; raises ValueError where `editor` names no program."""
    words = shlex.split(editor)
    if not words:
        raise ValueError("it names no program")
    name = Path(words[0]).name.removesuffix(".exe")
    if name in ("code", "codium"):
        return [*words, "--wait", "--goto", f"{path}:{line}"]
    if name in _WITH_COLON:
        return [*words, f"{path}:{line}"]
    return [*words, f"+{line}", str(path)] if name in _WITH_PLUS else [*words, str(path)]


def find_editor() -> str:
    """$VISUAL or $EDITOR, or else the first usual editor that is installed; "" where there is none."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    return named or next(filter(shutil.which, _USUAL), "")


def edit(app: App[object], path: Path, line: int) -> str:
    """Run the user's editor on a file with the app suspended; returns what went wrong, or ""."""
    editor = find_editor()
    if not editor:
        return "No editor was found; set EDITOR to one."
    failure = ""
    try:
        with app.suspend():
            failure = _run(editor, path, line)  # an exception in here would leave the app suspended
    except SuspendNotSupported:
        return "An editor cannot be opened here."
    return failure


def _run(editor: str, path: Path, line: int) -> str:
    try:
        done = subprocess.run(editor_command(editor, path, line), check=False)
    except Exception as error:  # noqa: BLE001 (whatever it is, the app has to be resumed)
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"The editor {editor!r} could not be started ({why}); set EDITOR to another."
    if done.returncode < 0:
        return f"The editor {editor!r} was ended by signal {-done.returncode}."
    return f"The editor {editor!r} ended with status {done.returncode}." if done.returncode else ""
