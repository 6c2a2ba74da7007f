"""Going through suggested names: one at a time, each answer carried out before the next question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from archive import SettingsError, SuggestedName, SuggestedNames, UsageError
from archive.cli.input import ask
from archive.cli.output import emit, output_style, print_status
from archive.render import report_text
from archive.render.terminal import safe

if TYPE_CHECKING:
    from archive import NameCuration, SuggestedName, SuggestedNames

HELP = """\
accept [NAME]     record it (under NAME, if given), with the other spellings as aliases
person, venue     record it as a person, or as a venue (also: place)
alias NAME|N      record it as another spelling of a recorded name, or of number N
merge NAME|N      the same, where NAME need not be recorded yet
not NAME|N        record it as a namesake of a recorded name, or of number N: someone else
ignore            never suggest it again
skip              decide another time (also: an empty line)
quit              stop; earlier answers are kept
Answers can be abbreviated to their first letter."""

_PROMPT = "accept, merge, place, not, ignore, skip, quit"
#: Names that a name may be another spelling of, as many as are listed.
_CLOSE = 5


class Done(NamedTuple):
    """What came of a review: how many names were recorded, and for how many the answer could not be written."""

    recorded: int
    failed: int


class _Question(NamedTuple):
    """A name to decide on; `close` are the names that the question lists, by number."""

    facet: str
    name: SuggestedName
    close: tuple[str, ...]

    def meant(self, given: str) -> str:
        """The name that is given, as such or by its number in the question."""
        if given.isdecimal() and 0 < int(given) <= len(self.close):
            return self.close[int(given) - 1]
        return given or self.name.known


class Review:
    """One review of suggested names."""

    def __init__(self, names: NameCuration, found: SuggestedNames) -> None:
        self._names = names
        self._queue = [("person", each) for each in found.people] + [("venue", each) for each in found.venues]
        self._recorded, self._failed = 0, set[int]()
        self._answers: dict[str, Callable[[_Question, str], None]] = {
            "accept": self._accept,
            "person": lambda question, given: self._accept(question._replace(facet="person"), given),
            "venue": lambda question, given: self._accept(question._replace(facet="venue"), given),
            "place": lambda question, given: self._accept(question._replace(facet="venue"), given),
            "alias": self._alias,
            "merge": self._merge,
            "not": self._not,
            "ignore": self._ignore,
        }

    def run(self) -> Done:
        """Ask until there is nothing left, the answers end, or it is to end."""
        for number, (facet, name) in enumerate(self._queue, 1):
            question = _Question(facet, name, self._close(facet, name))
            emit(self._lines(number, question))
            answer = ask(tuple(self._answers), _PROMPT, HELP, partial(self._carry_out, number, question))
            if answer is None:
                break
        return Done(self._recorded, len(self._failed))

    def _lines(self, number: int, question: _Question) -> list[str]:
        shown, name = output_style(), question.name
        lines = [shown.bold(f"{number}/{len(self._queue)} {question.facet}: {report_text.name_line(name)}")]
        for article, sentence in zip(name.articles, name.examples, strict=True):
            lines += shown.wrap_styled(f"{sentence} [{article}]", indent="    ")
        return [*lines, *(f"    {at} {safe(close)}" for at, close in enumerate(question.close, 1))]

    def _close(self, facet: str, name: SuggestedName) -> tuple[str, ...]:
        """Names that it may be another spelling of: the recorded ones that are like it, then those to review."""
        found = self._names.similar(facet, name.name)
        listed = dict.fromkeys((*((name.known,) if name.known else ()), *found, *name.duplicates))
        return tuple(listed)[:_CLOSE]

    def _carry_out(self, number: int, question: _Question, answer: str, given: str) -> None:
        try:
            self._answers[answer](question, given)
        except SettingsError:
            self._failed.add(number)
            raise
        self._failed.discard(number)

    def _accept(self, question: _Question, given: str) -> None:
        title = given or question.name.name
        others = (form for form in (question.name.name, *question.name.variants) if form != title)
        self._note(question, title, self._names.accept(question.facet, title, *others))

    def _alias(self, question: _Question, given: str) -> None:
        owner, name = question.meant(given), question.name
        others = name.variants if name.known else (name.name, *name.variants)
        self._note(question, owner, self._names.alias(question.facet, owner, *others))

    def _merge(self, question: _Question, given: str) -> None:
        owner, name = question.meant(given), question.name
        if not owner:
            raise UsageError("say which name it is to be merged into")
        first, *others = name.variants if name.known else (name.name, *name.variants)
        self._note(question, owner, self._names.merge(question.facet, first, *others, into=owner))

    def _not(self, question: _Question, given: str) -> None:
        owner = question.meant(given)
        self._note(question, owner, self._names.forbid(question.facet, owner, question.name.name))

    def _ignore(self, question: _Question, _: str) -> None:
        name = question.name
        self._names.ignore(*(name.variants if name.known else (name.name, *name.variants)))

    def _note(self, question: _Question, name: str, changed: bool) -> None:
        self._recorded += changed
        print_status(f"{self._names.file(question.facet)}: {self._names.authority(question.facet).canonical(name)}")
