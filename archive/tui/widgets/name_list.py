"""Names that nobody has reviewed, as a list: how often and when each is found, its spellings, a sentence with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from archive.render.text import UNREVIEWED, pluralize
from archive.tui import line_layout
from archive.tui.widgets.lists import MultilineList

if TYPE_CHECKING:  # discovery is not loaded before it is needed
    from archive import SuggestedName


class UnreviewedNameList(MultilineList):
    """Unreviewed names, those of most articles first.

    spelled  says of a name how else it is written, and what it may be the same as
    """

    HELP = "Names found in the texts that no authority file has, the most frequent first. Nothing is recorded unasked."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "answer('accept')", "Accept", key_display="A"),
        Binding("M", "answer('merge')", "Merge into", key_display="M"),
        Binding("X", "answer('forbid')", "Forbid", key_display="X"),
        Binding("L", "answer('place')", "Is a place", key_display="L"),
        Binding("m", "mark", "Mark"),
        Binding("enter,l,right", "open", "Read", key_display="⏎"),
    ]
    row_heights = (4, 6)

    @dataclass
    class Opened(Message):
        """The article of a name's first sentence is to be read."""

        name: SuggestedName

    @dataclass
    class Answered(Message):
        """Something was answered about a name."""

        name: SuggestedName
        answer: str

    def __init__(self, spelled: Callable[[SuggestedName], str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names: Sequence[SuggestedName] = ()
        self._spelled = spelled

    def show(self, names: Sequence[SuggestedName]) -> None:
        """Show other names, with the cursor at the same place."""
        self.names = names
        self.update_items(self.cursor)

    @property
    def total(self) -> int:
        """Number of names."""
        return len(self.names)

    def action_answer(self, answer: str) -> None:
        """Answer for the marked names, or for the one under the cursor."""
        names = [each for each in self.names if each.name in self.marked] or self.names[self.cursor : self.cursor + 1]
        self.marked.clear()
        for each in names:
            self.post_message(self.Answered(each, answer))

    def mark_key(self, index: int) -> str:
        """The name."""
        return self.names[index].name

    def action_open(self) -> None:
        """Read the article of the first sentence."""
        if self.cursor < self.total and self.names[self.cursor].articles:
            self.post_message(self.Opened(self.names[self.cursor]))

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of a name."""
        name = self.names[index]
        if line == 0:
            dates = " to ".join(dict.fromkeys(filter(None, (name.first, name.last))))
            about = f"  {' · '.join(filter(None, [pluralize(name.count, 'article'), dates]))}"
            title = line_layout.clip_safe(f"{UNREVIEWED}{name.name}", max(8, room - len(about)))
            return [Segment(title, base + self.part("title")), Segment(about, base + self.part("detail"))]
        spelled = self._spelled(name)
        if line == 1 and spelled:
            return [Segment(line_layout.clip_safe(spelled, room), base + self.part("detail"))]
        first = 1 + bool(spelled)
        if line - first < len(name.examples) and line < self.row_height - 1:
            sentence = name.examples[line - first]
            marks = [
                (at, at + len(form))
                for form in (name.name, *name.variants)
                if (at := sentence.find(form)) >= 0
            ][:1]  # fmt: skip
            plain, marked = base + self.part("snippet"), base + self.part("hit")
            return line_layout.snippet_lines(sentence, marks, room, 1, plain, marked)[0]
        return []
