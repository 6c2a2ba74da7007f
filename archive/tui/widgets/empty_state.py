"""What stands in place of the results when nothing was found: why, and what would find something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from archive.model.results import Suggestion
from archive.render.terminal import safe
from archive.tui.widgets.vi_option_list import Choices


class Nothing(Vertical):
    """A sentence, and other queries to choose from."""

    DEFAULT_CSS = """
    Nothing {
        padding: 1 2;
        & > Static { height: auto; margin-bottom: 1; }
        & > OptionList { height: auto; border: none; background: transparent; padding: 0; }
    }
    """
    HELP = "Nothing was found. Choose one of the other searches, or take away a constraint."

    @dataclass
    class Chosen(Message):
        """Another query is to be asked."""

        query: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._queries: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """The sentence and the choices."""
        yield Static(id="why")
        yield Choices(id="instead")

    def show(self, why: str, suggestions: Sequence[Suggestion]) -> None:
        """Say why, and offer what would find something."""
        self.query_one("#why", Static).update(Text(safe(why)))
        choices = self.query_one("#instead", OptionList)
        self._queries = [each.query for each in suggestions]
        choices.clear_options()
        for each in suggestions:
            words = Text(safe(each.query) or "no words at all", style="bold")
            count = f"{each.total:,} article{'' if each.total == 1 else 's'}"
            choices.add_option(Option(Text.assemble(words, f"  {count}", (f"  {safe(each.reason)}", "dim"))))
        choices.display = bool(suggestions)
        if suggestions:
            choices.highlighted = 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """That is what was meant."""
        event.stop()
        self.post_message(self.Chosen(self._queries[event.option_index]))
