"""Where there is no archive: the ways to get one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from archive.api import Archive
from archive.errors import ArchiveError, SettingsError
from archive.render.terminal import safe
from archive.tui import demonstration
from archive.tui.paths import from_home
from archive.tui.widgets.vi_option_list import Choices


class WelcomeScreen(Screen[Archive]):
    """Answers with the archive that was made or opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.quit", "Quit"),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def compose(self) -> ComposeResult:
        """What is missing, and the choices."""
        copied = "a hundred articles"
        with suppress(SettingsError):  # there is no home directory, as the choice will say
            copied += f", in {from_home(demonstration.place())}"
        with Middle(), Center(), Vertical(classes="dialog -small"):
            yield Static(
                Text(
                    f"There is no archive in {safe(from_home(self.folder))} or above it. "
                    "An archive is a folder of articles that can be searched by words, people, venues and years. "
                    "One that is elsewhere opens with archive --root FOLDER."
                ),
                classes="help-purpose",
            )
            yield Choices(
                Option(self._choice("Make an archive here", "archive.yaml, and corpus/ for your articles"), "make"),
                *(
                    [Option(self._choice("Open the demonstration", copied), "demo")]
                    if demonstration.articles() is not None
                    else []
                ),
                Option(self._choice("Quit", ""), "quit"),
            )
            yield Static(" ", id="trouble")

    @staticmethod
    def _choice(what: str, how: str) -> Text:
        return Text.assemble((what, "bold"), (f"\n{safe(how)}" if how else "", "dim"))

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
            demo = event.option.id == "demo"
            archive = demonstration.open_demonstration() if demo else Archive.create(self.folder)
        except ArchiveError as error:
            self.query_one("#trouble", Static).update(Text(safe(str(error)), style="red"))
        else:
            self.dismiss(archive)
