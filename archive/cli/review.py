"""Going through suggested names: one at a time, each answer carried out before the next question."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from archive.cli.input import read_answer
from archive.cli.output import emit, look, note
from archive.errors import ArchiveError
from archive.names.authority import Authority, load_names
from archive.names.recording import Entry, authority_file, ignore, record, recorded_name
from archive.names.suggest import SuggestedName, SuggestedNames
from archive.render import names as render
from archive.render.terminal import safe

HELP = """\
accept [NAME]     record it, under NAME if that is better, with the other spellings as its aliases
person, venue     the same, as a person or as a venue
alias NAME|N      it is another spelling of a recorded name, or of number N
not NAME|N        it is somebody else than a recorded name, or number N: a namesake
ignore            never suggest it again
skip              leave it for another time (also: an empty line)
quit              end; what was answered stays
Every answer may be shortened to its first letter."""
_CLOSE = 5


class Review:
    """One review. `run` says how many names it recorded."""

    def __init__(self, root: Path, found: SuggestedNames, *, links_outside: bool) -> None:
        self._root, self._links_outside = root, links_outside
        self._queue = [("person", each) for each in found.people] + [("venue", each) for each in found.venues]
        self._recorded = 0
        self._answers: dict[str, Callable[[str, SuggestedName, str], bool]] = {
            "accept": self._accept,
            "person": lambda _, name, given: self._accept("person", name, given),
            "venue": lambda _, name, given: self._accept("venue", name, given),
            "alias": self._alias,
            "not": self._not,
            "ignore": self._ignore,
            "skip": lambda *_: True,
        }

    def run(self) -> int:
        """Ask until there is nothing left, the answers end, or it is to end."""
        for number, (facet, name) in enumerate(self._queue, 1):
            emit(self._question(number, facet, name))
            if not self._answered(facet, name):
                break
        return self._recorded

    def _question(self, number: int, facet: str, name: SuggestedName) -> list[str]:
        shown = look()
        lines = [shown.bold(f"{number}/{len(self._queue)} {facet}: {render.about(name)}")]
        for article, sentence in zip(name.articles, name.examples, strict=True):
            lines += shown.flow(f"{sentence} [{article}]", indent="    ")
        lines += (f"    {at} {safe(close)}" for at, close in enumerate(self._close(facet, name), 1))
        return lines

    def _close(self, facet: str, name: SuggestedName) -> list[str]:
        """Recorded names that it may be another spelling of."""
        from rapidfuzz import fuzz, process

        known = [each.name for each in self._authority(facet).records]
        if name.known:
            known = [name.known, *(each for each in known if each != name.known)]
        found = process.extract(name.name, known, scorer=fuzz.token_set_ratio, score_cutoff=60, limit=_CLOSE)
        return [each for each, _, _ in found]

    def _authority(self, facet: str) -> Authority:
        names = load_names(self._root, links_outside=self._links_outside)
        return names.people if facet == "person" else names.venues

    def _answered(self, facet: str, name: SuggestedName) -> bool:
        """Read answers until one is carried out; False if there are no more questions to ask."""
        while True:
            if sys.stdin is not None and sys.stdin.isatty():
                note("accept, alias, not, ignore, skip, quit (? explains)")
            line = read_answer()
            word, _, given = line.strip().partition(" ")
            if not line or (word and "quit".startswith(word)):
                return False
            if word == "?":
                note(HELP)
                continue
            answer = next((each for each in self._answers if each.startswith(word)), None) if word else "skip"
            if answer is None:
                note(f"{word!r} is no answer; these are:\n{HELP}")
                continue
            try:
                if self._answers[answer](facet, name, given.strip()):
                    return True
            except ArchiveError as error:
                note(str(error))

    def _accept(self, facet: str, name: SuggestedName, given: str) -> bool:
        title = given or name.name
        others = tuple(form for form in (name.name, *name.variants) if form != title)
        return self._record(facet, Entry(title, others))

    def _alias(self, facet: str, name: SuggestedName, given: str) -> bool:
        owner = recorded_name(self._authority(facet), self._meant(facet, name, given))
        return self._record(facet, Entry(owner, name.variants if name.known else (name.name, *name.variants)))

    def _not(self, facet: str, name: SuggestedName, given: str) -> bool:
        owner = recorded_name(self._authority(facet), self._meant(facet, name, given))
        return self._record(facet, Entry(owner, (), (name.name,)))

    def _ignore(self, _: str, name: SuggestedName, __: str) -> bool:
        ignore(self._root, (name.name, *name.variants) if not name.known else name.variants)
        return True

    def _meant(self, facet: str, name: SuggestedName, given: str) -> str:
        """The recorded name that is given, as such or by its number."""
        close = self._close(facet, name)
        if given.isdecimal() and 0 < int(given) <= len(close):
            return close[int(given) - 1]
        return given or name.known

    def _record(self, facet: str, entry: Entry) -> bool:
        self._recorded += record(self._root, facet, [entry])
        note(f"{authority_file(self._root, facet).relative_to(self._root)}: {entry.name}")
        return True
