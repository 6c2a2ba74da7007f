"""Finding known names in texts, within a budget of processor time.

All names, aliases and namesakes of the authority files are looked for at once with an
Aho-Corasick automaton (Aho and Corasick, "Efficient string matching", CACM 18, 1975) over the
folded text. Only where it hits is the text itself looked at: whether a name begins and ends
there, and whether it is written as a name, with capitals. Of names that overlap the longest counts.

Every step is linear in the text, so that no article of the corpus comes near its `Budget`. That is there for
a text, or an authority file, made to keep an indexing run busy for hours.
"""

from __future__ import annotations

import math
import re
import time
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple, Protocol

from archive.names.authority.records import Authority, Record
from archive.names.surface_forms import surface_forms
from archive.text.elision import BEFORE_NAMES
from archive.text.normalize import NormalizedText, folded_name, is_unspaced

#: Processor seconds of the thread that indexes; the hardest article of 10 MB known takes a fifth of it.
MAX_SECONDS = 120.0
#: Steps of a loop between two looks at the clock, less one: a mask for the number of the step.
LOOK_EVERY = 1_023


class OverBudgetError(Exception):
    """Finding the names of an article takes longer than its budget."""


class Limit(Protocol):
    """What ends a long loop: a budget, or the deadline of a question."""

    def check(self) -> None:
        """Raise if it is over."""


class Budget:
    """Processor time from now on, of the thread that asks."""

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._began = time.thread_time()

    def check(self) -> None:
        """Raise OverBudgetError if it is used up."""
        if time.thread_time() - self._began > self._seconds:
            raise OverBudgetError


#: For where a person waits for all of it.
UNLIMITED = Budget(math.inf)


_SEPARATOR = re.compile(r"[\s\u200b\u2010\u2011-]+")
#: What stands in no name, unless its record has it or it cannot be seen.
_PASSED = ("Mn", "Mc", "Cf")
_STRANGE = re.compile(r"[^\w\s'’ʼ＇\u2010\u2011.&-]")


#: What may join a name to a further part of it.
_JOINS_MORE = frozenset("-'’ʼ\u2010\u2011")
#: What joins a name to the word before it: a hyphen, a full stop without a space, an elided article's apostrophe.
_JOINT = re.compile(r"[-.'](?=\w)")
#: A word before a hyphen that is no part of the name after it.
_BEFORE_HYPHEN = frozenset(
    ("anti", "arch", "ex", "inter", "mid", "neo", "non", "now", "post", "pre", "pro", "pseudo", "then", "ultra", "un")
)
#: No word before a joint is looked at further back.
_LONGEST_BEFORE = 30
#: Nor a longer name after one.
_LONGEST_JOINED = 200


class SurfaceForm(NamedTuple):
    """One way of writing a name: `spelling` as recorded, `name` the canonical one, "" for nobody's.

    A namesake has the name of the record that it is not, and `blocks`.
    """

    facet: str
    name: str
    spelling: str
    blocks: bool = False


class Match(NamedTuple):
    """A name in a text, by character offsets."""

    start: int
    end: int
    form: SurfaceForm


#: Makes a match of a tuple, in half the time: there are many.
new_match = partial(tuple.__new__, Match)


class GazetteerMatcher:
    """Finds the names of some authority records; used by any number of threads."""

    def __init__(self, people: Authority, venues: Authority) -> None:
        self._forms: dict[str, list[SurfaceForm]] = {}
        for facet, authority in (("person", people), ("venue", venues)):
            for record in authority.records:
                for form in _forms(facet, record, authority):
                    for pattern in surface_forms(form.spelling):
                        self._forms.setdefault(pattern, []).append(form)
        self._automaton = _automaton(self._forms)
        self._longest = max(map(len, self._forms), default=0)
        #: Whether any record is that of a person.
        self.has_people = bool(people.records)

    def find(self, text: NormalizedText, limit: Limit) -> list[Match]:
        """The whole names in a text, none overlapping another, in order. Linear in the text.

        A place that is nobody's (an ambiguous alias, a namesake) is found too, under the name "".
        """
        if self._automaton is None or not text.original:
            return []
        hits: list[Match] = []
        for hit in self._hits(text, limit):
            hits.append(hit)
            if len(hits) & LOOK_EVERY == LOOK_EVERY:
                limit.check()
        return _longest(hits, len(text.original)) if hits else []

    def knows(self, pattern: str) -> bool:
        """Whether a folded text is itself a name."""
        return pattern in self._forms

    def form(self, name: str) -> SurfaceForm | None:
        """Whose a whole name is; None where no record has it."""
        forms = self._forms.get(folded_name(name))
        return _disambiguate(forms) if forms else None

    def _hits(self, text: NormalizedText, limit: Limit = UNLIMITED) -> Iterator[Match]:
        folded = text.text
        for start, pattern in self._starts(text, limit):
            end = start + len(pattern)
            following = folded[end : end + 1]
            if (following.isalnum() or following == "_") and not is_unspaced(pattern[-1]):
                continue
            first, after = text.original_span(start, end)
            written = text.original[first:after]
            if not is_right_boundary(text.original, after):
                continue
            for form in self._forms[pattern]:
                if matches_casing(form.spelling, written):
                    yield Match(first, after, form)

    def _starts(self, text: NormalizedText, limit: Limit) -> Iterator[tuple[int, str]]:
        """Where patterns begin in a folded text, and which."""
        for last, pattern in self._automaton.iter(text.text):
            yield last + 1 - len(pattern), pattern
        reach = min(self._longest, _LONGEST_JOINED)
        for number, at in enumerate(_joined_starts(text)):
            if number & LOOK_EVERY == LOOK_EVERY:
                limit.check()
            for last, pattern in self._automaton.iter(f" {text.text[at : at + reach]}"):
                if last == len(pattern) and not is_unspaced(pattern[0]):
                    yield at, pattern


def _joined_starts(text: NormalizedText) -> Iterator[int]:
    """Where a name may begin without a space before it: "pro-Castellan", "left.Mirela", "d'Orvane"."""
    folded = text.text
    for match in _JOINT.finditer(folded):
        at = match.start()
        start = folded.rfind(" ", max(0, at - _LONGEST_BEFORE), at) + 1
        if not start:
            continue
        before, joint = folded[start:at], folded[at]
        if joint == "-":
            begins = before in _BEFORE_HYPHEN
        elif joint == "'":
            begins = before in BEFORE_NAMES
        else:
            begins = len(before) > 1 and before.isalpha()
        # The end of a name, as in "D'Angelo" and "Mr.Smith", is a part of it.
        if begins and (joint == "-" or text.original[text.original_offset(start)].islower()):
            yield at + 1


def _forms(facet: str, record: Record, authority: Authority) -> Iterator[SurfaceForm]:
    for spelling in (record.name, *record.aliases):
        owner = record.name if authority.canonical(spelling) == record.name else ""
        yield SurfaceForm(facet, owner, spelling)
    for namesake in record.namesakes:
        yield SurfaceForm(facet, record.name, namesake, blocks=True)


def _automaton(names: Iterable[str]) -> Any:
    """An automaton of the folded names, each with the space before it; None where there are none."""
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for pattern in names:
        automaton.add_word(pattern if is_unspaced(pattern[0]) else f" {pattern}", pattern)
    automaton.make_automaton()
    return automaton if len(automaton) else None


def is_right_boundary(text: str, at: int) -> bool:
    """Whether a name can end at an offset: not before a further part of it, as in "Pascoe-Lund" or "D'Arcy"."""
    following = text[at : at + 1]
    if following in _JOINS_MORE:
        return not text[at + 1 : at + 2].isupper()
    return following.isascii() or not unicodedata.combining(following)


def matches_casing(spelling: str, written: str) -> bool:
    """Whether a text that reads like `spelling` is written as that name.

    A word that has a capital in the record must have one; no mark may stand inside that the record lacks.
    """
    if written == spelling:
        return True
    if any(char not in spelling and unicodedata.category(char) not in _PASSED for char in _STRANGE.findall(written)):
        return False
    recorded, words = _words_of_record(spelling), _words(written)
    return len(recorded) == len(words) and all(
        not first.isupper() or begins.isupper() for first, begins in zip(recorded, words, strict=True)
    )


@lru_cache(maxsize=4096)
def _words_of_record(spelling: str) -> list[str]:
    return _words(spelling)


def _words(name: str) -> list[str]:
    """The first letter of each word."""
    words = _SEPARATOR.split(name.strip())
    return [next((char for char in word if char.isalnum()), "") for word in words]


def _longest(hits: list[Match], length: int) -> list[Match]:
    """Hits without those inside a namesake; of those that overlap, the longest. `length` is the text's."""
    is_blocked = _blocking([hit for hit in hits if hit.form.blocks])
    spans: dict[tuple[int, int], list[SurfaceForm]] = {}
    for hit in hits:
        if hit.form.blocks or not is_blocked(hit):
            spans.setdefault((hit.start, hit.end), []).append(hit.form)
    if len(spans) == 1:
        ((start, end), forms) = spans.popitem()
        return [Match(start, end, _disambiguate(forms))]
    taken = OccupiedSpans(length)
    kept: list[Match] = []
    for (start, end), forms in sorted(spans.items(), key=lambda span: (span[0][0] - span[0][1], span[0])):
        if not taken.overlaps(start, end):
            taken.add(start, end)
            kept.append(Match(start, end, _disambiguate(forms)))
    return sorted(kept)


class OccupiedSpans:
    """Which characters of a text are part of some span; time grows with the spans' lengths, not with their number."""

    def __init__(self, length: int, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._occupied = bytearray(length)
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        self._occupied[start:end] = b"\1" * (end - start)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any character of a span is occupied."""
        return self._occupied.find(1, start, end) >= 0


def _blocking(blocks: list[Match]) -> Callable[[Match], bool]:
    """What tells whether a hit is that of a record inside one of its namesakes."""
    if not blocks:
        return lambda _: False
    by_record: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for block in sorted(blocks):
        starts, is_right_boundary = by_record.setdefault((block.form.facet, block.form.name), ([], []))
        starts.append(block.start)
        is_right_boundary.append(
            max(block.end, is_right_boundary[-1]) if is_right_boundary else block.end
        )  # the furthest so far

    def is_blocked(hit: Match) -> bool:
        starts, is_right_boundary = by_record.get((hit.form.facet, hit.form.name), ((), ()))
        at = bisect_right(starts, hit.start) - 1
        return at >= 0 and hit.end <= is_right_boundary[at]

    return is_blocked


def _disambiguate(forms: list[SurfaceForm]) -> SurfaceForm:
    """The form that is meant where several are the same text; it is nobody's unless one record alone has it."""
    if len(forms) == 1 and not forms[0].blocks:
        return forms[0]
    owners = {(form.facet, form.name) for form in forms if not form.blocks}
    form = min(forms, key=lambda form: (form.blocks, form))
    return form if len(owners) == 1 else form._replace(name="", blocks=False)
