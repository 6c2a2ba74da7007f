"""Confirming, rejecting and re-dating rows of a person's page: what a person says wins over what the text seemed to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from archive import ArchiveError, Encounter
from archive.model.dates import parse_date
from archive.model.sightings import PRESENT
from archive.render.terminal import safe
from archive.tui.screens.indexing import index_when_free
from archive.tui.session import Session
from archive.tui.widgets.status import Status


class TypedDateScreen(ModalScreen[str | None]):
    """Returns the date of an occasion that was typed, as EDTF."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, date: str) -> None:
        super().__init__()
        self._date = date

    def compose(self) -> ComposeResult:
        """The line, and what is wrong with it."""
        with Vertical(classes="dialog -small"):
            yield Static(
                Text("When it was: 2016-05-21 · 2016-05 · 2016 · 2016-05-21/2016-05-23"), classes="help-purpose"
            )
            yield Input(self._date, placeholder="date of the occasion")
            yield Static(" ", id="error")

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Date of the occasion", "⏎ keep · esc cancel"
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the date, or say what is wrong with it."""
        try:
            self.dismiss(parse_date(event.value.strip()))
        except ValueError as error:
            self.query_one("#error", Static).update(Text(safe(str(error)), style="red"))


def subjects(names: Sequence[str], row: Encounter) -> list[tuple[tuple[str, ...], str | None]]:
    """What a review of a row is about: people (two, or one at a venue) and the venue; empty where it cannot be said.

    Of one person without a venue these are the pairs with everybody else whom the row places.
    """
    if not row.spans:
        return []  # no text says it
    if len(names) == 2:
        return [(tuple(names), row.venue)]
    others = [each for each in row.people if each not in names]
    if len(names) == 1 and row.venue and (row.stance in PRESENT or row.stance == "absent"):
        return [(tuple(names), row.venue)]
    return [((name, other), row.venue) for name, other in product(names, others)] if len(names) == 1 else []


class RowReview:
    """Records in sightings.yaml what the user says of rows, and has the index take it in.

    changed  called when it has
    """

    def __init__(self, screen: Screen[Any], session: Session, changed: Callable[[], None]) -> None:
        self._screen, self._session, self._changed = screen, session, changed

    def review(self, names: Sequence[str], row: Encounter | None, answer: str) -> None:
        """Do what a key asks of a row: "confirm", "reject" or "date"."""
        if row is None:
            return
        if not subjects(names, row):
            self._screen.notify(
                "No text shows this row." if not row.spans else "A review is about two people, or one at a venue.",
                timeout=4,
            )
        elif answer == "date":
            date = row.when or ""
            self._screen.app.push_screen(TypedDateScreen(date), partial(self._date_given, names, row))
        else:
            self._write(names, row, answer, None)

    def _date_given(self, names: Sequence[str], row: Encounter, date: str | None) -> None:
        if date is not None:
            self._write(names, row, "confirm", date)

    def _write(self, names: Sequence[str], row: Encounter, answer: str, date: str | None) -> None:
        self._screen.run_worker(self._record(names, row, answer, date), group="review")

    async def _record(self, names: Sequence[str], row: Encounter, answer: str, date: str | None) -> None:
        status, review = self._screen.query_one(Status), self._session.archive.review_sighting
        first = row.spans[0]
        try:
            for people, venue in subjects(names, row):
                stance = "mentioned" if answer == "reject" else row.stance
                if stance in PRESENT:
                    stance = "together" if len(people) == 2 else "present"
                await self._session.run_quick(
                    review, row.id, people, stance, (first.start, first.end),
                    in_title=first.in_title, venue=venue, when=date,
                )  # fmt: skip
            status.notice = "indexing…"
            await index_when_free(self._session, partial(setattr, status, "notice"))
        except ArchiveError as error:
            status.notice, status.error = "", str(error)
            return
        status.notice = ""
        done = {"confirm": "Confirmed", "reject": "Rejected"}[answer] if date is None else f"Dated {date}"
        self._screen.notify(f"{done}; sightings.yaml says so from now on.", timeout=3)
        self._changed()
