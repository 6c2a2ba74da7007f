"""Encounters as a list: date, venue and article, the sentence that proves each, and the gap before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType

from archive import Encounter, Encounters, Gap
from archive.render.encounter_text import UNPROVED, stance_word
from archive.render.terminal import Mark, cell_width, safe
from archive.render.text import NOT_DECLARED, pluralize
from archive.tui import line_layout
from archive.tui.keys import hidden
from archive.tui.model import person_page
from archive.tui.model.person_page import PersonEncounters
from archive.tui.widgets.lists import ItemList

_LEVELS = {
    "sentence": "in one sentence", "paragraph": "in one paragraph", "article": "in the article",
    "declared": "only declared",
}  # fmt: skip
_WITH = " · with "
#: Cells from which the stance is there in words, and not as a sign only.
_STANCE_WIDTH = 38
#: Cells from which those who were absent are named beside the stance.
_WIDE = 70
#: Cells from which two lines hold most evidence.
_LONG_LINE = 100
#: Cells needed to name other people.
_MIN_NAMES_WIDTH = 8


class EncounterList(ItemList[Encounter]):
    """The encounters of one person, or of two together, newest first."""

    HELP = "Encounters with the sentences that prove them, newest first, and the gaps between them."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "Read", key_display="⏎"),
        hidden("m", "mark", "Mark, to act on several"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"results--deciding"}
    row_heights = (5, 6)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.shown = PersonEncounters(Encounters((), (), "", 0, ()))
        self._gaps: Mapping[int, Gap] = {}
        self._evidence: tuple[object, list[list[Segment]]] = (None, [])
        self._deciding: Callable[[Encounter], tuple[Mark, ...]] = lambda _: ()

    def mark_words(self, deciding: Callable[[Encounter], tuple[Mark, ...]]) -> None:
        """Mark also the words of a row's evidence that decide; `deciding` finds them."""
        self._deciding = deciding

    def show_encounters(self, shown: PersonEncounters) -> None:
        """Show other encounters, with the cursor in the same place."""
        self.shown, self._gaps = shown, shown.gap_before
        self.show(shown.found.rows)

    @property
    def lines_per_item(self) -> int:
        """Long lines hold the evidence in two."""
        return self.row_heights[0] if self.size.width >= _LONG_LINE else super().lines_per_item

    def mark_key(self, index: int) -> str:
        """What tells a row from all others."""
        row = self.items[index]
        return repr((row.id, row.scene, row.stance, row.spans))

    @property
    def marked_rows(self) -> tuple[Encounter, ...]:
        """The rows that are marked, or else the one under the cursor."""
        keys = map(self.mark_key, range(self.total)) if self.marked else ()
        marked = tuple(row for row, key in zip(self.items, keys, strict=False) if key in self.marked)
        return marked or ((self.current,) if self.current is not None else ())

    def go_to(self, index: int) -> None:
        """Move the cursor to an encounter."""
        self.cursor = index
        self.cursor_moved()

    def draw_item_line(self, index: int, line: int, room: int, base: Style) -> list[Segment]:
        """One line of an encounter, or of the gap before it."""
        row = self.items[index]
        if line == 0:
            title = f"{row.occasion_date or 'undated'}  {self._stance(row, room)}  {row.title}"
            return [Segment(line_layout.clip_safe(title, room), base + self.part("title"))]
        if line == 1:
            return [Segment(line_layout.clip(self._about(row, room), room), base + self.part("detail"))]
        if line == self.row_height - 1:
            return [Segment(self._gap(index, room), base + self.part("detail"))]
        key = (index, id(row), room, base)
        if self._evidence[0] != key:  # its lines are drawn one after the other
            self._evidence = (key, self._evidence_lines(row, room, self.row_height - 3, base))
        return self._evidence[1][line - 2]

    @staticmethod
    def _stance(row: Encounter, room: int) -> str:
        """The stance as a sign and a word, or as a sign where there is no room."""
        word = stance_word(row)
        if row.stance == "absent" and row.absent and room >= _WIDE:
            word += f": {', '.join(row.absent)}"
        return word if room >= _STANCE_WIDTH else word.split()[0]

    def _about(self, row: Encounter, room: int) -> str:
        """Level, venues and other people of an encounter."""
        others = [name for name in row.people if name not in self.shown.found.people]
        obvious = len(self.shown.found.people) == 1 and row.level in ("sentence", "paragraph")
        parts = [
            stance_word(row)[2:] if room < _STANCE_WIDTH else "",
            "reviewed" if row.reviewed else "",
            "" if row.id in self.shown.declared else NOT_DECLARED,
            safe(person_page.date_basis(row, brief=room < _WIDE)),
            "" if obvious else _LEVELS[row.level],
            line_layout.clip(safe(", ".join(row.venues)), room),
        ]
        text = " · ".join(filter(None, parts))
        left = room - cell_width(text) - len(_WITH)
        if others and left > _MIN_NAMES_WIDTH:
            text += f"{_WITH if text else _WITH[3:]}{line_layout.join_people([*map(safe, others)], left)}"
        return text

    def _evidence_lines(self, row: Encounter, room: int, lines: int, base: Style) -> list[list[Segment]]:
        if not row.evidence:
            unproved = [Segment(line_layout.clip(UNPROVED, room), base + self.part("detail"))]
            return [unproved, *([] for _ in range(lines - 1))]
        plain, marked = base + self.part("snippet"), base + self.part("hit")
        deciding = self._deciding(row)
        words = [row.evidence[start:end] for start, end in deciding]
        names = [row.evidence[start:end] for start, end in row.evidence.marks]
        text, marks = line_layout.condense(row.evidence, sorted({*row.evidence.marks, *deciding}), room * lines)
        made = line_layout.snippet_lines(text, marks, room, lines, plain, marked)
        decides = base + self.part("deciding")
        return [[self._styled(each, marked, decides, words, names) for each in line] for line in made]

    @staticmethod
    def _styled(segment: Segment, marked: Style, decides: Style, words: list[str], names: list[str]) -> Segment:
        """A marked segment in the style of a word that decides, unless it is of a name."""
        text = segment.text.rstrip("…")
        of_name = segment.style != marked or any(text in each for each in names)
        return segment if of_name or not any(text in each for each in words) else Segment(segment.text, decides)

    def _gap(self, index: int, room: int) -> str:
        gap = self._gaps.get(index)
        if gap is None:
            return ""
        text = f"┊ {gap.days:,}-day gap · {pluralize(gap.held, 'other article')}"
        return line_layout.clip_parts(text, room)
