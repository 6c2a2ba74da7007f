"""Where there is no archive: the ways to get one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from archive import settings
from archive.errors import ArchiveError
from archive.library import Archive
from archive.render.terminal import safe


def demonstration() -> Path | None:
    """The archive that this package comes with, if it was installed with its source."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / settings.CORPUS_DIR / "people.yaml").is_file() else None


class WelcomeScreen(Screen[Archive]):
    """Answers with the archive that was made or opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.quit", "Quit"),
        Binding("j", "app.simulate_key('down')", show=False),
        Binding("k", "app.simulate_key('up')", show=False),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def compose(self) -> ComposeResult:
        """What is missing, and the choices."""
        demo = demonstration()
        with Middle(), Center(), Vertical(classes="dialog -small"):
            yield Static(
                Text(
                    f"There is no archive in {safe(str(self.folder))} or above it. "
                    "An archive is a folder of articles that can be searched by words, people, venues and years."
                ),
                classes="help-purpose",
            )
            yield OptionList(
                Option(self._choice("Make an archive here", f"archive.yaml and corpus/ in {self.folder}"), "make"),
                *([Option(self._choice("Open the demonstration", f"{demo}"), "demo")] if demo else []),
                Option(self._choice("Quit", "and name one with `archive --root FOLDER`"), "quit"),
            )
            yield Static(" ", id="trouble")

    @staticmethod
    def _choice(what: str, how: str) -> Text:
        return Text.assemble((what, "bold"), "\n", (safe(how), "dim"))

    def on_mount(self) -> None:
        """Say where one is."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Welcome", "⏎ choose · q quit"
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do what was chosen."""
        if event.option.id == "quit":
            self.app.exit()
            return
        try:
            demo = demonstration()
            made = event.option.id == "make" or demo is None
            archive = Archive.create(self.folder) if made or demo is None else Archive.open(demo)
        except ArchiveError as error:
            self.query_one("#trouble", Static).update(Text(safe(str(error)), style="red"))
        else:
            self.dismiss(archive)
