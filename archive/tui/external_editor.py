"""Handing an article's file to the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from textual.app import App, SuspendNotSupported

#: Editors that are told the line in another way than `+12`; others are only told the file.
_WITH_COLON = frozenset(("code", "codium", "subl", "hx", "helix", "zed", "micro"))
_WITH_PLUS = frozenset(("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "kak", "joe", "ne", "mg", "gedit"))


def command(editor: str, path: Path, line: int) -> list[str]:
    """How to open a file at a line."""
    words = shlex.split(editor)
    name = Path(words[0]).name.removesuffix(".exe")
    if name in ("code", "codium"):
        return [*words, "--wait", "--goto", f"{path}:{line}"]
    if name in _WITH_COLON:
        return [*words, f"{path}:{line}"]
    return [*words, f"+{line}", str(path)] if name in _WITH_PLUS else [*words, str(path)]


def edit(app: App[object], path: Path, line: int) -> str:
    """Let go of the terminal while the editor runs; the answer says what went wrong, if anything."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        with app.suspend():
            done = subprocess.run(command(editor, path, line), check=False)
    except SuspendNotSupported:
        return "An editor cannot be opened here."
    except (OSError, ValueError, IndexError) as error:
        return f"The editor {editor!r} could not be started ({error}); set EDITOR to another."
    return f"The editor {editor!r} ended with status {done.returncode}." if done.returncode else ""
