"""What the last indexing run could not take, or took with a warning: a list that leads to the lines of the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from archive import ArchiveError, Problem
from archive.render.terminal import quote_path, safe
from archive.render.text import pluralize
from archive.tui import line_layout
from archive.tui.external_editor import edit
from archive.tui.screens.indexing import index_when_free
from archive.tui.session import Session
from archive.tui.widgets.lists import ItemList


def problems_text(problems: Sequence[Problem]) -> str:
    """How many there are, as "2 problems, 1 warning"; "" for none."""
    warnings = sum(each.taken for each in problems)
    parts = [(len(problems) - warnings, "problem"), (warnings, "warning")]
    return ", ".join(pluralize(count, name) for count, name in parts if count)


class ProblemList(ItemList[Problem]):
    """Problems and warnings, three lines each: where, what, and what to do."""

    HELP = "Files that could not be read, or were read with a warning. Enter opens the file at the line."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,l,right,e", "open", "Open the file", key_display="⏎")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"results--error"}
    row_heights = (4, 4)

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of a problem."""
        problem = self.items[index]
        if line == 0:
            where = f"{quote_path(problem.path)}:{problem.line}" if problem.line else quote_path(problem.path)
            kind = "warning  " if problem.taken else "not read  "
            return [
                Segment(kind, base + self.part("hit" if problem.taken else "error")),
                Segment(line_layout.clip_safe(where, room - len(kind)), base + self.part("title")),
            ]
        if line == 3:
            return []
        text, style = (problem.what, "snippet") if line == 1 else (problem.remedy, "detail")
        return [Segment(line_layout.clip(safe(text), room), base + self.part(style))]


class ProblemsScreen(ModalScreen[None]):
    """The problems and warnings of the corpus; opening one edits its file, and indexes it afterwards."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,exclamation_mark", "dismiss", "Close")]

    def __init__(self, session: Session, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.session, self._problems = session, problems

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(classes="dialog -large"):
            yield ProblemList(id="problems")

    def on_mount(self) -> None:
        """Show the problems."""
        self._show(self._problems)

    def _show(self, problems: Sequence[Problem]) -> None:
        frame = self.query_one(".dialog")
        frame.border_title = f"Problems in the corpus: {problems_text(problems) or 'none'}"
        frame.border_subtitle = "esc close" if self.session.web else "⏎ open the file · esc close"
        self.query_one(ProblemList).show(problems)
        self.query_one(ProblemList).focus()

    def on_item_list_opened(self, event: ProblemList.Opened) -> None:
        """Open a file in the user's editor; index it and list what is left of the problems."""
        if self.session.web:
            return
        self.session.save_now()
        problem = self.query_one(ProblemList).items[event.index]
        failure = edit(self.app, self.session.archive.root / problem.path, problem.line)
        if failure:
            self.notify(failure, severity="warning")
        else:
            self.run_worker(self._index(), exclusive=True)

    async def _index(self) -> None:
        frame = self.query_one(".dialog")
        frame.border_subtitle = "indexing…"
        try:
            await index_when_free(self.session, lambda text: setattr(frame, "border_subtitle", text))
            self._show(await self.session.run_quick(self.session.archive.problems))
        except ArchiveError as error:
            self.notify(str(error), severity="error")
