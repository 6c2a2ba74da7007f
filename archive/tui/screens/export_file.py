"""Writing what is on the screen into a new file, in the form that the file's ending names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from archive import ArchiveError
from archive.render.terminal import quote_path, safe
from archive.tui.session import Session

#: What writes the lines of a file, by its ending.
Writers = Mapping[str, Callable[[], Iterable[str]]]


class ExportScreen(ModalScreen[Path | None]):
    """Asks for the file to write, and returns it once that ending is known and no such file is there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, proposed: str, endings: Iterable[str]) -> None:
        super().__init__()
        self._proposed, self._endings = proposed, tuple(endings)

    def compose(self) -> ComposeResult:
        """The line, and what is wrong with it."""
        with Vertical(classes="dialog -small"):
            where = f"A new file, in {quote_path(Path.cwd())}: {', '.join(self._endings)}"
            yield Static(Text(where), classes="help-purpose")
            yield Input(self._proposed)
            yield Static(" ", id="error")

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Export to", "⏎ write · esc cancel"
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the file, or say why it cannot be that one."""
        path = Path(event.value.strip()).expanduser()
        if path.suffix not in self._endings:
            self._say(f"Its ending has to be {' or '.join(self._endings)}.")
        elif path.exists():
            self._say("There is such a file already; nothing is overwritten.")
        elif not path.parent.is_dir():
            self._say(f"There is no folder {quote_path(path.parent)}.")
        else:
            self.dismiss(path)

    def _say(self, what: str) -> None:
        self.query_one("#error", Static).update(Text(safe(what), style="red"))


def export(screen: Screen[Any], session: Session, proposed: str, writers: Writers) -> None:
    """Ask for a file and write it; not in a browser, where it would be written on another machine."""
    if session.web:
        screen.notify("Nothing is exported from a browser: that writes files.", timeout=4)
        return

    def chosen(path: Path | None) -> None:
        if path is not None:
            screen.run_worker(_write(screen, session, path, writers[path.suffix]), group="export")

    screen.app.push_screen(ExportScreen(proposed, writers), chosen)


async def _write(screen: Screen[Any], session: Session, path: Path, lines: Callable[[], Iterable[str]]) -> None:
    def write() -> None:
        with path.open("x", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines())

    try:
        await session.run_slow(write)
    except (ArchiveError, OSError) as error:
        screen.notify(f"{quote_path(path)} could not be written: {error}", severity="error")
    else:
        screen.notify(f"Wrote {quote_path(path)}.", timeout=3)
