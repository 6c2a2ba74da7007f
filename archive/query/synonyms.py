"""`synonyms.txt` beside `archive.yaml`: words of an archive that stand for each other in queries.

A group a line, with commas between its members; a member is a word or several. What follows a `#` is a comment:

    car, automobile, motor car
    UN, United Nations     # with the dots it is found anyway

A line that cannot be used is a problem that names it; the others are used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from archive.model.article import Problem
from archive.text.analyzer import Analyzer
from archive.util.atomic_files import open_regular_file

FILE = "synonyms.txt"
_MAX_BYTES = 1_000_000
_MAX_CHARACTERS = 1_000
_MAX_MEMBERS = 32
_MAX_WORDS = 10
#: What makes more than words of a member in a query.
_SYNTAX = re.compile(r'[*?"()\[\]{}:^~=|!]|&&|\b(?:AND|OR|NOT|ANDNOT|ANDMAYBE|REQUIRE|TO)\b')

Terms = tuple[str, ...]


class Synonyms:
    """Groups of words, each found by the terms of any of its members.

    problems  lines that are not used, and why
    longest   the most terms that a member has; 0 where there are no groups
    """

    def __init__(
        self,
        groups: Iterable[tuple[str, ...]] = (),
        problems: tuple[Problem, ...] = (),
        analyzer: Analyzer | None = None,
    ) -> None:
        self.problems = problems
        self._others: dict[Terms, dict[str, None]] = {}
        for group in groups:
            assert analyzer is not None
            by_terms = {tuple(analyzer.terms(member)): member for member in reversed(group)}
            for terms in by_terms:
                others = dict.fromkeys(member for each, member in reversed(by_terms.items()) if each != terms)
                self._others.setdefault(terms, {}).update(others)
        self.longest = max(map(len, self._others), default=0)

    def others(self, terms: Terms) -> tuple[str, ...]:
        """What else is searched for where a query has these terms."""
        return tuple(self._others.get(terms, ()))


NO_SYNONYMS = Synonyms()


class _BadLineError(Exception):
    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def parse_synonyms(content: bytes, analyzer: Analyzer) -> Synonyms:
    """The groups of a file's bytes."""
    groups: list[tuple[str, ...]] = []
    problems: list[Problem] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        try:
            if group := tuple(_members(line, analyzer)):
                groups.append(group)
        except _BadLineError as bad:
            problems.append(Problem(FILE, number, bad.what, bad.remedy, taken=True))
    return Synonyms(groups, tuple(problems), analyzer)


def _members(line: bytes, analyzer: Analyzer) -> Iterator[str]:
    """The members of a group, each once; none for a line without any."""
    try:
        text = unicodedata.normalize("NFC", line.decode()).partition("#")[0].strip()
    except UnicodeDecodeError:
        raise _BadLineError("this line is not UTF-8", "save the file as UTF-8") from None
    if not text:
        return
    if len(text) > _MAX_CHARACTERS:
        raise _BadLineError(f"this line is over {_MAX_CHARACTERS:,} characters", "shorten the group")
    if "=>" in text or "->" in text:
        raise _BadLineError("synonyms hold both ways", "write the group without an arrow, commas between its members")
    members = [" ".join(member.split()) for member in text.split(",")]
    if len(members) > _MAX_MEMBERS:
        raise _BadLineError(
            f"this group has {len(members)} members, over the limit of {_MAX_MEMBERS}", "leave some out"
        )
    for member in members:
        terms = analyzer.terms(member)
        if not terms or len(terms) > _MAX_WORDS:
            why = f"has more than {_MAX_WORDS} words" if terms else "has no word in it"
            raise _BadLineError(f"the member {member!r} {why}", "correct it, or take it out")
        if _SYNTAX.search(member) or not member.isprintable():
            raise _BadLineError(f"the member {member!r} is more than words", "write it without marks and operators")
    if len({tuple(analyzer.terms(member)) for member in members}) < 2:
        what = "these are forms of one word" if len(members) > 1 else f"{members[0]!r} stands alone"
        raise _BadLineError(what, "give the group two members or more, with commas between them")
    yield from dict.fromkeys(members)


class _Stamp(NamedTuple):
    inode: int
    modified: int
    size: int


class SynonymsFile:
    """The file of an archive, which is read again when it has changed."""

    def __init__(self, root: Path, analyzer: Analyzer, *, links_outside: bool = False) -> None:
        self._root, self._path, self._links_outside = root, root / FILE, links_outside
        self._analyzer = analyzer
        self._loaded: tuple[_Stamp, Synonyms] | None = None

    def load(self) -> Synonyms:
        """What it says now; a file that cannot be read is a problem, and none is no synonyms."""
        try:
            status = self._path.stat()
            stamp = _Stamp(status.st_ino, status.st_mtime_ns, status.st_size)
            if self._loaded is not None and self._loaded[0] == stamp:
                return self._loaded[1]
            if not self._links_outside and not self._path.resolve().is_relative_to(self._root.resolve()):
                what = "this link leads out of the archive and is not followed"
                return _unread(what, "put the file itself there, or write `links_outside: true`")
            with open_regular_file(self._path) as file:
                content = file.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return NO_SYNONYMS
        except OSError as error:
            return _unread(f"it cannot be read ({error.strerror})", "check what it is, and its permissions")
        if len(content) > _MAX_BYTES:
            return _unread(f"it is over {_MAX_BYTES / 1_000_000:g} MB", "shorten it")
        synonyms = parse_synonyms(content, self._analyzer)
        self._loaded = stamp, synonyms
        return synonyms


def _unread(what: str, remedy: str) -> Synonyms:
    return Synonyms(problems=(Problem(FILE, 0, what, remedy, taken=True),))
