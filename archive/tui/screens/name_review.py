"""Reviewing a name where it stands: recording it, merging it into another, forbidding it, saying that it is a place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from archive import Archive, ArchiveError
from archive.render.terminal import safe
from archive.tui.screens.indexing import index_when_free
from archive.tui.session import Session
from archive.tui.widgets.lists import ViOptionList
from archive.tui.widgets.status import Status

if TYPE_CHECKING:  # discovery is not loaded before it is needed
    from archive import SuggestedName

#: Names that are offered to merge into.
_OFFERED = 8


def record_answer(archive: Archive, facet: str, name: str, answer: str, into: str = "") -> str:
    """Write what was answered about a name, with its other spellings; says what was done. Raises ArchiveError."""
    names = archive.names
    found = names.unreviewed_name(facet, name)
    others = () if found is None else tuple(each for each in (found.name, *found.variants) if each != name)
    match answer:
        case "accept" if found is not None and found.known:
            names.merge(facet, name, *others, into=found.known)
            return f"{name} is another spelling of {found.known} from now on."
        case "accept":
            changed = names.accept(facet, name, *others)
            return f"{name} is recorded." if changed else f"{name} was recorded already."
        case "merge":
            names.merge(facet, name, *others, into=into)
            return f"{name} is another spelling of {into} from now on."
        case "place":
            names.mark_as_place(name, *others)
            return f"{name} is recorded as a place."
    if found is None and names.authority(facet).recorded(name):
        return f"{name} is recorded: edit {names.file(facet)} to take it out."
    names.ignore(name, *others)
    return f"{name} is not taken for a name any more."


def names_to_merge_into(archive: Archive, facet: str, name: str, words: str) -> tuple[str, ...]:
    """Names to offer: those like it, or those that the words typed find. Raises ArchiveError."""
    if words.strip():
        found = [each.value for each in archive.facet(facet, words, limit=_OFFERED).values]
        records, sought = archive.names.authority(facet).records, words.casefold()
        found += [each.name for each in records if sought in each.name.casefold()]
    else:
        about = archive.names.unreviewed_name(facet, name)
        found = [about.known, *about.duplicates] if about is not None else []
        found += archive.names.duplicates(facet, name)
    return tuple(each for each in dict.fromkeys(found) if each and each != name)[:_OFFERED]


class MergeScreen(ModalScreen[str | None]):
    """Asks which name another one is a spelling of, and returns it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, session: Session, facet: str, name: str) -> None:
        super().__init__()
        self.session, self._facet, self._merged = session, facet, name

    def compose(self) -> ComposeResult:
        """The line, and the names that are offered below it."""
        with Vertical(classes="dialog -small"):
            yield Static(Text(safe(f"{self._merged} is another spelling of:")), classes="help-purpose")
            yield Input(placeholder="the whole name, or words of it")
            yield ViOptionList(id="offered")

    def on_mount(self) -> None:
        """Set the titles of the frame, and offer names."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = "Merge into", "⏎ merge · ↑↓ choose · esc cancel"
        self.query_one(Input).focus()
        self._offer("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer names that have the words typed."""
        self._offer(event.value)

    def _offer(self, words: str) -> None:
        self.run_worker(self._find(words))

    async def _find(self, words: str) -> None:
        archive = self.session.archive
        try:
            found = await self.session.run_slow(names_to_merge_into, archive, self._facet, self._merged, words)
        except ArchiveError as error:
            self.notify(str(error), severity="warning")
            return
        if words != self.query_one(Input).value:
            return  # more was typed meanwhile
        if typed := " ".join(words.split()):
            found = (*(each for each in found if each != typed), typed)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Text(safe(each)), id=each) for each in found])
        if found:
            options.highlighted = 0

    def action_move(self, by: int) -> None:
        """Move the cursor among the names that are offered."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            options.highlighted = max(0, min(options.highlighted + by, options.option_count - 1))

    def on_input_submitted(self, _: Input.Submitted) -> None:
        """Return the name under the cursor."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the name that was clicked."""
        self.dismiss(event.option.id)


class NameReview:
    """Writes the answers of a review into the authority files, and has the index take in what is small work.

    changed  called when the index has taken it in
    answered  called with a facet and a name as soon as an answer is written
    """

    def __init__(
        self,
        screen: Screen[Any],
        session: Session,
        changed: Callable[[], None],
        answered: Callable[[str, str], None] = lambda *_: None,
        *,
        updates: bool = True,
    ) -> None:
        """Without `updates` the index is left as it is, until `take_in` is called."""
        self._screen, self._session = screen, session
        self._changed, self._answered, self._updates = changed, answered, updates

    def review(self, facet: str, name: str, answer: str) -> None:
        """Do what a key asks of a name: accept, merge, forbid or place."""
        if self._session.web:
            self._screen.notify("Names are not reviewed in a browser: that writes files.", timeout=4)
        elif answer == "merge":
            screen = MergeScreen(self._session, facet, name)
            self._screen.app.push_screen(screen, partial(self._name_given, facet, name))
        else:
            self._screen.run_worker(self._write(facet, name, answer), group="names")

    def _name_given(self, facet: str, name: str, into: str | None) -> None:
        if into:
            self._screen.run_worker(self._write(facet, name, "merge", into), group="names")

    async def _write(self, facet: str, name: str, answer: str, into: str = "") -> None:
        try:
            done = await self._session.run_slow(record_answer, self._session.archive, facet, name, answer, into)
        except ArchiveError as error:
            self._screen.notify(str(error), severity="error")
            return
        self._screen.notify(done, timeout=3)
        self._answered(facet, name)
        if self._updates:
            await self.take_in()

    async def take_in(self) -> None:
        """Bring the index up to date if that is small work; otherwise the status says which key does."""
        status = self._screen.query_one(Status)
        try:
            pending = await self._session.run_slow(self._session.archive.pending)
            if pending and not pending.is_small:
                status.notice = f"{pending} — i in the search updates it"
                return
            status.notice = "indexing…"
            await index_when_free(self._session, partial(setattr, status, "notice"))
        except ArchiveError as error:
            status.notice, status.error = "", str(error)
            return
        status.notice = ""
        self._changed()


def spelled(name: SuggestedName) -> str:
    """The other spellings of a name, and the names that may be the same one's."""
    parts = [
        f"also {', '.join(name.variants)}" if name.variants else "",
        f"recorded: {name.known}" if name.known else "",
        f"like {', '.join(name.duplicates)}" if name.duplicates else "",
    ]
    return " · ".join(filter(None, parts))
