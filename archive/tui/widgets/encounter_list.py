"""Encounters one below the other: when, where, in which article, the proving sentence, and what lies between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from archive.encounters.model import Encounter, Encounters, Gap
from archive.render.article import NOT_DECLARED
from archive.render.encounters import UNPROVED
from archive.render.terminal import safe
from archive.render.text import pluralize
from archive.text.graphemes import cell_width
from archive.tui import line_layout
from archive.tui.model.person_page import Sightings
from archive.tui.widgets.multiline_list import Cards

_LEVELS = {
    "sentence": "in one sentence", "paragraph": "in one paragraph", "article": "in the article",
    "declared": "only declared",
}  # fmt: skip
_WITH = " · with "
#: Cells below which nobody is named.
_LEAST = 8


class Seen(Cards):
    """The encounters of one or two people, the newest first."""

    HELP = "The sentences that prove who was seen, the newest first. Between them stands how long there was nothing."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "Read", key_display="⏎"),
    ]
    heights = (5, 6)

    @dataclass
    class Opened(Message):
        """The article of an encounter is to be read."""

        place: int

    @dataclass
    class Moved(Message):
        """The cursor is on another encounter."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.shown = Sightings(Encounters((), (), "", 0, ()))
        self._gaps: Mapping[int, Gap] = {}
        self._evidence: tuple[object, list[list[Segment]]] = (None, [])

    def show(self, shown: Sightings) -> None:
        """Show other encounters, with the cursor where it was."""
        self.shown, self._gaps = shown, shown.gaps
        self.fit(self.cursor)

    @property
    def total(self) -> int:
        """How many encounters there are."""
        return len(self.shown.found.rows)

    def go(self, row: int) -> None:
        """Put the cursor on an encounter."""
        self.cursor = row
        self.moved()

    def moved(self) -> None:
        """Tell that the cursor has moved."""
        self.post_message(self.Moved())

    def action_open(self) -> None:
        """Read the article under the cursor, at the sentence."""
        if self.cursor < self.total:
            self.post_message(self.Opened(self.cursor))

    def card(self, place: int, part: int, room: int, base: Style) -> list[Segment]:
        """One line of an encounter, or of the silence before it."""
        row = self.shown.found.rows[place]
        if part == 0:
            title = f"{row.date or 'undated'}  {row.title}"
            return [Segment(line_layout.shown(title, room), base + self.part("title"))]
        if part == 1:
            return [Segment(line_layout.clip(self._about(row, room), room), base + self.part("detail"))]
        if part == self.row_height - 1:
            return [Segment(self._silence(place, room), base + self.part("detail"))]
        key = (place, id(row), room, base)
        if self._evidence[0] != key:  # its lines are asked for one after the other
            self._evidence = (key, self._sentence(row, room, self.row_height - 3, base))
        return self._evidence[1][part - 2]

    def _about(self, row: Encounter, room: int) -> str:
        others = [name for name in row.people if name not in self.shown.found.people]
        alone = len(self.shown.found.people) == 1 and row.level == "sentence"  # which goes without saying
        said = [
            "" if alone else _LEVELS[row.level],
            "" if row.id in self.shown.declared else NOT_DECLARED,
            line_layout.clip(safe(", ".join(row.venues)), room),
        ]
        text = " · ".join(filter(None, said))
        left = room - cell_width(text) - len(_WITH)
        if others and left > _LEAST:
            text += f"{_WITH if text else _WITH[3:]}{line_layout.listed([*map(safe, others)], left)}"
        return text

    def _sentence(self, row: Encounter, room: int, lines: int, base: Style) -> list[list[Segment]]:
        if not row.evidence:
            unproved = [Segment(line_layout.clip(UNPROVED, room), base + self.part("detail"))]
            return [unproved, *([] for _ in range(lines - 1))]
        plain, name = base + self.part("snippet"), base + self.part("hit")
        return line_layout.snippet_lines(row.evidence, row.evidence.marks, room, lines, plain, name)

    def _silence(self, place: int, room: int) -> str:
        silence = self._gaps.get(place)
        if silence is None:
            return ""
        said = f"┊ {pluralize(silence.days, 'day')} without · {pluralize(silence.held, 'article')} held"
        return line_layout.whole_parts(said, room)
