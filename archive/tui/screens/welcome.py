"""Before an archive is open: how to get one where there is none, and whether to trust one that asks for more."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from archive import Archive, ArchiveError, SettingsError, TrustError
from archive.render.terminal import safe
from archive.tui.widgets.lists import ViOptionList


class WelcomeScreen(Screen[Archive]):
    """Returns an archive that was created or opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.quit", "Quit"),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def compose(self) -> ComposeResult:
        """What is missing, and the choices."""
        copied = "a hundred articles"
        with suppress(SettingsError):  # without a home directory; choosing it says so
            copied += f", in {_from_home(Archive.demonstration_root())}"
        with Middle(), Center(), Vertical(classes="dialog -small"):
            yield Static(
                Text(
                    f"There is no archive in {safe(_from_home(self.folder))} or above it. "
                    "An archive is a folder of articles that can be searched by words, people, venues and years. "
                    "To open one elsewhere, run archive --root FOLDER."
                ),
                classes="help-purpose",
            )
            yield ViOptionList(
                Option(self._choice("Create an archive here", "archive.yaml, and corpus/ for your articles"), "make"),
                *(
                    [Option(self._choice("Open the demonstration", copied), "demo")]
                    if Archive.has_demonstration()
                    else []
                ),
                Option(self._choice("Quit", ""), "quit"),
            )
            yield Static(" ", id="error")

    @staticmethod
    def _choice(name: str, detail: str) -> Text:
        return Text.assemble((name, "bold"), (f"\n{safe(detail)}" if detail else "", "dim"))

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Welcome", "⏎ choose · q quit"
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Create or open an archive, or quit."""
        if event.option.id == "quit":
            self.app.exit()
            return
        try:
            demo = event.option.id == "demo"
            archive = Archive.open_demonstration() if demo else Archive.create(self.folder)
        except ArchiveError as error:
            self.query_one("#error", Static).update(Text(safe(str(error)), style="red"))
        else:
            self.dismiss(archive)


class TrustScreen(ModalScreen[Archive | None]):
    """Asks whether to trust an archive that reaches out of its folder; returns it opened, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "Quit")]

    def __init__(self, error: TrustError) -> None:
        super().__init__()
        self.error = error

    def compose(self) -> ComposeResult:
        """What the archive would do, and the two answers, the safe one first."""
        with Vertical(classes="dialog"):
            yield Static(Text(safe(f"{_from_home(self.error.root)} reaches out of its folder. It would")), id="root")
            with VerticalScroll(can_focus=False):
                for want in self.error.wants:
                    yield Static(Text(f"• {safe(want)}"), classes="want")
            yield Static(
                Text("Allow this only if you set it up yourself, or trust whoever did."), classes="help-purpose"
            )
            yield ViOptionList(Option("Do not open it", "no"), Option("Trust it from now on, and open it", "yes"))
            yield Static(" ", id="error")

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Do you trust this archive?", "⏎ choose · q quit"
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Remember a yes, and open the archive; ask again if it wants something else by now."""
        if event.option.id == "no":
            self.dismiss(None)
            return
        try:
            Archive.trust(self.error.root, self.error.wants)
            archive = Archive.open(self.error.root)
        except TrustError as error:
            self.error = error
            self.refresh(recompose=True)
            self.call_after_refresh(self.on_mount)
        except ArchiveError as error:
            self.query_one("#error", Static).update(Text(safe(str(error)), style="red"))
        else:
            self.dismiss(archive)


def _from_home(path: Path) -> str:
    """A path for display, with `~` for the home folder."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
