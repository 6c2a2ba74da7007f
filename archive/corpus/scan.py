"""Which files are the corpus: the walk over the folder, before any of them is opened.

Whatever is not taken is either counted by its ending or named as a Problem, so that no
file is passed over in silence, and nothing outside the archive's root is ever read.
"""

# A Path for each file would take longer than the walk:
# ruff: noqa: PTH100, PTH110, PTH116, PTH117, PTH118, PTH119, PTH122

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.corpus.formats.registry import PHOTO, SIDECAR_ENDINGS, Format, format_named, format_of
from archive.model.article import Problem

#: Files that only describe pictures.
_FOR_PICTURES = (".xmp",)
#: Files with a meaning of their own at the top of the corpus.
_RESERVED = ("people.yaml", "venues.yaml", "sightings.yaml", "saved.yaml")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the corpus.

    path      relative to the archive's root, with "/" on every system
    file      the same, absolute: what to open
    format    what it is read as, by the name of a Format
    size, mtime_ns   of the file
    file_stamp   see `file_stamp`
    sidecar   absolute path of the file that describes it, or None; with its size and stamp
    may_have_pictures   whether it is one article, and there are photographs in the corpus that may be part of it
    """

    path: str
    file: str
    format: str
    size: int
    mtime_ns: int
    file_stamp: str = ""
    sidecar: str | None = None
    sidecar_size: int = 0
    sidecar_stamp: str = ""
    may_have_pictures: bool = False

    @property
    def stamp(self) -> str:
        """Changes whenever the file or its sidecar is written, replaced, added or removed."""
        if self.sidecar is None:
            return self.file_stamp
        return f"{self.file_stamp}+{self.sidecar_path}-{self.sidecar_stamp}"

    @property
    def sidecar_path(self) -> str:
        """The sidecar, as `path` is: relative to the root; empty where there is none."""
        if self.sidecar is None:
            return ""
        folder, slash, _ = self.path.rpartition("/")
        return f"{folder}{slash}{os.path.basename(self.sidecar)}"

    @property
    def holds_many(self) -> bool:
        """Whether it holds any number of articles, so that its name says nothing of one."""
        return format_named(self.format).many

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return os.path.splitext(self.path.rpartition("/")[2])[0]


def file_stamp(status: os.stat_result) -> str:
    """What changes whenever a file is written or replaced.

    Size and modification time can be set to what they were; the inode number and the time of the
    inode's last change cannot.
    """
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}"


@dataclass(frozen=True, slots=True)
class Scan:
    """What the corpus holds: sources by path, the number of files skipped by ending, problems."""

    sources: tuple[Source, ...]
    skipped: Mapping[str, int]
    problems: tuple[Problem, ...]


def scan(corpus: Path, root: Path, *, links_outside: bool = False, ignore: Sequence[str] = ()) -> Scan:
    """Everything in `corpus`, of the archive in `root`, in the order of the paths.

    Links that lead out of the root are followed only with `links_outside`. `ignore` are patterns of the shell: one
    with a slash is for paths below the corpus, one without for the name of any file or folder.
    """
    walk = _Walk(corpus, root, links_outside, _ignored(ignore))
    walk.run()
    if any(source.format == PHOTO for source in walk.sources):
        walk.sources = [
            source if source.format == PHOTO or source.holds_many else replace(source, may_have_pictures=True)
            for source in walk.sources
        ]
    return Scan(
        tuple(sorted(walk.sources, key=lambda source: source.path)),
        dict(sorted(walk.skipped.items())),
        tuple(sorted(walk.problems)),
    )


def _ignored(patterns: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether a name, and its path below the corpus, fit one of the patterns."""
    names = [re.compile(fnmatch.translate(each.rstrip("/"))) for each in patterns if "/" not in each.rstrip("/")]
    paths = [re.compile(fnmatch.translate(each.strip("/"))) for each in patterns if "/" in each.rstrip("/")]
    return lambda name, path: any(each.match(name) for each in names) or any(each.match(path) for each in paths)


def scan_file(path: str, corpus: Path, root: Path, *, links_outside: bool = False) -> Source | None:
    """The source that `scan` would find at `path`, relative to the root; None if none. Lists its own folder only."""
    folder, _, _ = path.rpartition("/")
    walk = _Walk(corpus, root, links_outside, _ignored(()))
    place = os.path.join(os.path.abspath(root), folder)
    if os.path.isabs(path) or ".." in path.split("/") or not walk.is_allowed(os.path.realpath(place)):
        return None
    walk.list_folder(place, folder)
    return next((source for source in walk.sources if source.path == path), None)


def has_stamp(path: str, root: Path, stamp: str) -> bool:
    """Whether the file at `path`, relative to the root, and its sidecar have the stamp of a source; reads no folder.

    Of sidecars that have been added, those with an ending in lower case are noticed.
    """
    own, _, sidecar = stamp.partition("+")
    stamps = {path: own}
    if sidecar:
        name, *numbers = sidecar.rsplit("-", 4)
        stamps[name] = "-".join(numbers)
    stem = os.path.splitext(os.path.join(root, path))[0]
    try:
        if any(file_stamp(os.stat(os.path.join(root, name))) != known for name, known in stamps.items()):
            return False
    except (OSError, ValueError):
        return False
    found = format_of(path)
    beside = found.sidecars if found else ()
    names = (stem, os.path.join(root, path))
    return bool(sidecar) or not any(os.path.exists(name + other) for other in beside for name in names)


class _Walk:
    """The state of one walk. Folders are queued, so that no depth can exhaust the stack."""

    def __init__(self, corpus: Path, root: Path, links_outside: bool, ignored: Callable[[str, str], bool]) -> None:
        self._links_outside, self._ignored = links_outside, ignored
        self.sources: list[Source] = []
        self.skipped: Counter[str] = Counter()
        self.problems: list[Problem] = []
        relative = os.path.relpath(corpus, root).replace(os.sep, "/")
        self._top = "" if relative == "." else relative
        self._queue = deque([(os.path.abspath(corpus), self._top)])
        self._links: list[tuple[str, str]] = []
        self._seen: set[tuple[int, int]] = set()
        self._allowed = (os.path.realpath(root), os.path.realpath(corpus))

    def run(self) -> None:
        while self._queue or self._links:
            if not self._queue:  # links come last: a folder's own place names it, not a link to it
                self._links.sort(key=lambda link: link[1])
                self._queue.append(self._links.pop(0))
            self.list_folder(*self._queue.popleft())

    def _problem(self, path: str, what: str, remedy: str) -> None:
        shown = path.encode("utf-8", "replace").decode()
        self.problems.append(Problem(shown, 0, what, remedy))

    def list_folder(self, folder: str, relative: str) -> None:
        """Take the files of one folder, and queue the folders in it."""
        try:
            status = os.stat(folder)
            place = (status.st_dev, status.st_ino)
            if place in self._seen:
                what = "this link leads to a directory that is already read under another name"
                return self._problem(relative, what, "remove the link")
            self._seen.add(place)
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            what = f"the directory cannot be read: {error.strerror or error}"
            return self._problem(relative, what, "make it readable, or move it out of the corpus")
        files = _Files(relative)
        for entry in entries:
            path = f"{relative}/{entry.name}" if relative else entry.name
            try:
                self._entry(entry, path, files)
            except OSError as error:
                what = f"this cannot be accessed: {error.strerror or error}"
                self._problem(path, what, "check its permissions, or remove it")
        self._pair(files)
        return None

    def _entry(self, entry: os.DirEntry[str], path: str, files: _Files) -> None:
        """Put one entry where it belongs: a queue, the folder's files, or the report."""
        name = entry.name
        if name.startswith("."):
            self.skipped["hidden files"] += 1
        elif not _is_unicode(name):
            self._problem(path, "the name is not UTF-8", "rename it")
        elif self._ignored(name, path[len(self._top) + 1 :] if self._top else path):
            self.skipped["ignored"] += 1
        elif entry.is_symlink():
            self._link(entry, path, files)
        elif entry.is_dir(follow_symlinks=False):
            self._queue.append((entry.path, path))
        elif entry.is_file(follow_symlinks=False):
            self._file(entry, path, files)
        else:
            self._special(path)

    def _link(self, entry: os.DirEntry[str], path: str, files: _Files) -> None:
        try:
            real = os.path.realpath(entry.path, strict=True)
            mode = os.stat(real).st_mode
        except OSError as error:
            what = f"this link is broken: {error.strerror or error}"
            return self._problem(path, what, "fix it, or remove it")
        if not self.is_allowed(real):
            what = "this link leads out of the archive and is not followed"
            remedy = "put the file itself into the corpus, or write `links_outside: true` into archive.yaml"
            return self._problem(path, what, remedy)
        if stat.S_ISDIR(mode):
            self._links.append((entry.path, path))
        elif stat.S_ISREG(mode):
            self._file(entry, path, files)
        else:
            self._special(path)
        return None

    def is_allowed(self, real: str) -> bool:
        """Whether what is really in that place may be read."""
        inside = (real == base or real.startswith(base.rstrip(os.sep) + os.sep) for base in self._allowed)
        return self._links_outside or any(inside)

    def _special(self, path: str) -> None:
        what = "this is a pipe, a socket or a device, and is not opened"
        self._problem(path, what, "move it out of the corpus")

    def _file(self, entry: os.DirEntry[str], path: str, files: _Files) -> None:
        name = entry.name
        if name in _RESERVED and files.folder == self._top:
            return
        ending = os.path.splitext(name.lower())[1]
        found = format_of(name)
        if found is None and ending not in SIDECAR_ENDINGS:
            self.skipped[ending if len(ending) > 1 else "(no extension)"] += 1
            return
        status = entry.stat()
        if found is None:
            files.sidecars.setdefault(_stem(name), []).append((path, entry, status))
        else:
            files.articles.append((path, entry, status, found))

    def _pair(self, files: _Files) -> None:
        """Make the sources of one folder, each with the sidecar that has its stem."""
        for path, entry, status, found in files.articles:
            stem = _stem(entry.name)
            if entry.name in files.sidecars:  # `027.jpg.xmp` beside `027.jpg`
                stem = entry.name
            beside = [each for each in files.sidecars.get(stem, ()) if _ending(each[0]) in found.sidecars]
            beside.sort(key=lambda each: found.sidecars.index(_ending(each[0])))
            if not beside:
                source = Source(path, entry.path, found.name, status.st_size, status.st_mtime_ns, file_stamp(status))
            else:
                name, sidecar, its = beside[0]
                files.paired.setdefault(stem, set()).add(name)
                source = Source(
                    path, entry.path, found.name, status.st_size, status.st_mtime_ns, file_stamp(status),
                    sidecar.path, its.st_size, file_stamp(its),
                )  # fmt: skip
            self.sources.append(source)
        for stem, sidecars in files.sidecars.items():
            used = files.paired.get(stem, set())
            if not used:
                for path, _, _ in sidecars:
                    if _ending(path) in _FOR_PICTURES:  # of raw pictures, which are not read
                        self.skipped[_ending(path)] += 1
                        continue
                    what = "there is no file for it to describe"
                    self._problem(path, what, "name it after the file that it describes")
            for path, _, _ in sidecars:
                if used and path not in used:
                    self._problem(path, f"{os.path.basename(min(used))} has the same name", "keep one of the two")


class _Files:
    """The files of one folder that matter, until sidecars have found their partners."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.articles: list[tuple[str, os.DirEntry[str], os.stat_result, Format]] = []
        self.sidecars: dict[str, list[tuple[str, os.DirEntry[str], os.stat_result]]] = {}
        self.paired: dict[str, set[str]] = {}  # stem -> the sidecars of that stem that describe a file


def _stem(name: str) -> str:
    return os.path.splitext(name)[0]


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _is_unicode(name: str) -> bool:
    """Whether a name came from valid bytes: others hold the surrogates of os.fsdecode."""
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
