"""`archive seen … --review`: going through rows, one at a time, each answer written before the next question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from archive import ArchiveError, UsageError
from archive.cli.input import ask
from archive.cli.output import Exit, emit, output_style, print_status
from archive.model.sightings import PRESENT
from archive.render import encounter_text
from archive.render.text import pluralize

if TYPE_CHECKING:
    from archive import Archive, Encounter, Encounters

HELP = """\
confirm [DATE]    it is as the row says; with DATE (2016-05-21, 2016-05, 2016), then
together [DATE]   they were there (for one person and a venue: present)
absent            one of them was said not to have been there
expected          it was planned, rumoured, denied or invented
contact           they only wrote, telephoned, sued, praised each other
reject            the text only names them
skip              decide another time (also: an empty line)
quit              stop; earlier answers are kept
Answers can be abbreviated to their first letter."""

_ANSWERS = ("confirm", "together", "absent", "expected", "reject", "contact")
_PROMPT = "confirm, together, absent, expected, contact, reject, skip, quit"
_DATED = ("confirm", "together")


def review_rows(archive: Archive, found: Encounters) -> Exit:
    """Ask about every row that a text shows, and index the archive anew if anything was answered."""
    people = found.people
    if not (len(people) == 2 or (len(people) == 1 and len(found.venues) == 1)):
        raise UsageError("--review needs two people, or one person and --at one venue", "add --with or --at")
    rows = [row for row in found.rows if row.spans]
    written = 0
    for number, row in enumerate(rows, 1):
        look = output_style()
        emit([look.bold(f"{number}/{len(rows)}"), *encounter_text.row_lines(row, look)])
        answered = ask(_ANSWERS, _PROMPT, HELP, partial(_write, archive, found, row), ArchiveError)
        if answered is None:
            break
        written += answered not in ("", "skip")
    if written:
        archive.index()
    print_status(f"{pluralize(written, 'row')} reviewed")
    return Exit.of(found.rows)


def _write(archive: Archive, found: Encounters, row: Encounter, answer: str, date: str) -> None:
    if date and answer not in _DATED:
        raise UsageError(f"{answer} takes no date", f"answer {' or '.join(_DATED)} DATE")
    is_pair = len(found.people) == 2
    stance = row.stance if answer == "confirm" else "mentioned" if answer == "reject" else answer
    if stance in PRESENT:
        stance = "together" if is_pair else "present"
    first = row.spans[0]
    archive.review_sighting(
        row.id,
        found.people,
        stance,
        (first.start, first.end),
        in_title=first.in_title,
        venue=row.venue if is_pair else found.venues[0],
        when=date or None,
    )
