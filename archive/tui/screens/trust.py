"""Before an archive is opened that reaches out of its folder: what it would do, and the question whether it may."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from archive.api import Archive
from archive.config.trust import trust
from archive.errors import ArchiveError, TrustError
from archive.render.terminal import safe
from archive.tui.paths import from_home
from archive.tui.widgets.vi_option_list import Choices


class TrustScreen(ModalScreen[Archive | None]):
    """Answers with the archive once it is trusted, with None if it is not to be."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "Quit")]

    def __init__(self, error: TrustError) -> None:
        super().__init__()
        self.error = error

    def compose(self) -> ComposeResult:
        """What it would do, line by line, and the two answers, of which the safe one is first."""
        with Vertical(classes="dialog"):
            yield Static(Text(safe(f"{from_home(self.error.root)} reaches out of its folder. It would")), id="root")
            with VerticalScroll(can_focus=False):
                for want in self.error.wants:
                    yield Static(Text(f"• {safe(want)}"), classes="want")
            yield Static(
                Text("Allow this only if you set it up yourself, or trust whoever did."), classes="help-purpose"
            )
            yield Choices(Option("Do not open it", "no"), Option("Trust it from now on, and open it", "yes"))
            yield Static(" ", id="trouble")

    def on_mount(self) -> None:
        """Ask."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Do you trust this archive?", "⏎ choose · q quit"
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Remember a yes, and open the archive; if it wants something else by now, ask again."""
        if event.option.id == "no":
            self.dismiss(None)
            return
        try:
            trust(self.error.root, self.error.wants)
            archive = Archive.open(self.error.root)
        except TrustError as error:
            self.error = error
            self.refresh(recompose=True)
            self.call_after_refresh(self.on_mount)
        except ArchiveError as error:
            self.query_one("#trouble", Static).update(Text(safe(str(error)), style="red"))
        else:
            self.dismiss(archive)
