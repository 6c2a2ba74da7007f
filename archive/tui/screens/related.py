"""Articles similar to the one being read, to choose from."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from archive import ArchiveError, Article, Hit
from archive.render.terminal import safe
from archive.tui import line_layout
from archive.tui.messages import report_damage
from archive.tui.session import Session
from archive.tui.widgets.lists import ViOptionList


class RelatedScreen(ModalScreen[str | None]):
    """Returns the id of the chosen article."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,r", "dismiss(None)", "Close"),
    ]

    def __init__(self, session: Session, article: Article) -> None:
        super().__init__()
        self.session, self.article = session, article

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(classes="dialog"):
            yield ViOptionList(id="related")

    async def on_mount(self) -> None:
        """Look for similar articles."""
        frame = self.query_one(".dialog")
        frame.border_title = "Related articles"
        frame.border_subtitle = "⏎ read · esc close"
        self.run_worker(self._find())

    def on_index_rebuilt(self) -> None:
        """Look for them again."""
        self.run_worker(self._find())

    async def _find(self) -> None:
        options = self.query_one(OptionList)
        try:
            hits = await self.session.run_quick(self.session.archive.similar, self.article.id)
        except ArchiveError as error:
            if not report_damage(self, error):
                self.notify(str(error), severity="warning")
            return
        options.add_options([Option(self._line(hit), id=hit.id) for hit in hits])
        if hits:
            options.highlighted = 0
        else:
            self.query_one(".dialog").border_title = "No similar articles"

    def _line(self, hit: Hit) -> Text:
        width = max(20, self.query_one(OptionList).size.width - 4)
        people = line_layout.join_people([safe(name) for name in hit.people], width - 12) if hit.people else ""
        about = " · ".join(filter(None, (hit.date or "undated", people)))
        title, below = line_layout.clip_safe(hit.title, width), line_layout.clip(about, width)
        return Text.assemble((title, "bold"), "\n", (below, "dim"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Read the chosen article."""
        self.dismiss(event.option.id)
