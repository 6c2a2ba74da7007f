"""Opening an article's file in the user's editor, at a line."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from textual.app import App, SuspendNotSupported

#: Editors that take a line as `file:12`, and as `+12 file`; any other is given the file only.
_WITH_COLON = frozenset(("code", "codium", "subl", "hx", "helix", "zed", "micro"))
_WITH_PLUS = frozenset(("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "kak", "joe", "ne", "mg", "gedit"))


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
