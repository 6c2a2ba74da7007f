"""The certificate of a question: what was looked for, where, and what came closest; to read, copy and export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from archive import ArchiveError, Certificate, YearRange
from archive.render import encounter_text, json_output
from archive.render.terminal import OutputStyle
from archive.tui.messages import CopyRequested, report_damage
from archive.tui.screens.export_file import export
from archive.tui.session import Session

#: Cells of a line, where there is room; and those around it.
_WIDTH, _AROUND = 100, 14


class CertificateScreen(ModalScreen[None]):
    """Shows the certificate of a question about people, venues and years."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,C", "dismiss", "Close"),
        Binding("y", "copy", "Copy"),
        Binding("e", "export", "Export"),
        Binding("j", "app.simulate_key('down')", show=False),
        Binding("k", "app.simulate_key('up')", show=False),
    ]

    def __init__(
        self,
        session: Session,
        people: Sequence[str],
        venues: Sequence[str] = (),
        years: Sequence[YearRange] = (),
    ) -> None:
        super().__init__()
        self.session = session
        self._people, self._venues, self._years = tuple(people), tuple(venues), tuple(years)
        self._certificate: Certificate | None = None

    def compose(self) -> ComposeResult:
        """The text."""
        with Vertical(classes="dialog -large"), VerticalScroll():
            yield Static("checking the index and the corpus…", id="certificate", markup=False)

    def on_mount(self) -> None:
        """Have the certificate made."""
        frame = self.query_one(".dialog")
        frame.border_title = "Certificate"
        frame.border_subtitle = "y copy · esc close" if self.session.web else "y copy · e export · esc close"
        self.query_one(VerticalScroll).focus()
        self.on_index_rebuilt()

    def on_index_rebuilt(self) -> None:
        """Make it again."""
        self.run_worker(self._certify(), exclusive=True)

    async def _certify(self) -> None:
        first, *others = self._people
        certify, shown = self.session.archive.certificate, self.query_one("#certificate", Static)
        try:
            made = await self.session.run_slow(certify, first, others, self._venues, year=self._years)
        except ArchiveError as error:
            report_damage(self, error)
            shown.update(Text(str(error), style="red"))
            return
        self._certificate = made
        width = max(20, min(_WIDTH, self.app.size.width - _AROUND))
        shown.update(Text("\n".join(encounter_text.certificate(made, OutputStyle(width)))))

    def _text(self) -> Iterator[str]:
        yield from encounter_text.certificate(self._certificate, OutputStyle(_WIDTH)) if self._certificate else ()

    def _json(self) -> Iterator[str]:
        if self._certificate is not None:
            yield from json_output.document(encounter_text.certificate_record(self._certificate))

    def action_copy(self) -> None:
        """Copy the certificate as text."""
        if self._certificate is not None:
            self.post_message(CopyRequested("\n".join(self._text()), "Copied the certificate, with its digest."))

    def action_export(self) -> None:
        """Write the certificate into a new file."""
        if self._certificate is not None:
            name = re.sub(r"\W+", "-", " ".join(self._people)).strip("-").lower() or "question"
            export(self, self.session, f"certificate-{name}.json", {".json": self._json, ".txt": self._text})
