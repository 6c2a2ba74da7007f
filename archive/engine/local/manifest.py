"""Generations: which segments make up the index now, and how the next generation replaces them.

`archive.json` is the manifest that this program reads: settings, generation, and for each
segment its file, its size, its digest and its deleted documents, and the file with the table of
sources, all under a digest of its own. It is replaced atomically, after everything that it names is on
disk. Beside it is the table of contents that Whoosh itself reads.

An index that another user owns is not used unless that is asked for: what an index holds is shown as
what the articles say, so whoever wrote it decides what is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from archive.engine.local.segment.file import damage_mark
from archive.engine.sources_file import SourcesFile
from archive.errors import IndexAccessError, IndexDamagedError, UsageError
from archive.util.atomic_files import fsync_path, open_regular_file, replace_file
from archive.util.quoting import quote_path

#: Version of what is written into the index; another one is rebuilt, never guessed at.
FORMAT_VERSION = 17
#: A version without a table of sources, with segments as they are now: it is rebuilt with the ids that it has.
_WITHOUT_SOURCES = 6
NAME = "MAIN"
MANIFEST = "archive.json"
LOCK = f"{NAME}_WRITELOCK"
_CONTENTS = rf"_{NAME}_([0-9]+)\.toc"
_ID = re.compile(r"[0-9a-z]{1,32}")
#: Beyond every number that a manifest can hold.
_HIGHEST = 1 << 53
_OURS = (
    rf"_{NAME}_[0-9]+\.toc(\.[0-9.]+)?|{NAME}_[0-9a-z]+\.\w+|{re.escape(MANIFEST)}\.new"
    r"|ledger\.sqlite(-journal|-wal|-shm|\.sum)?"  # of version 6
)


class SegmentMeta(NamedTuple):
    """A segment in the manifest.

    deleted       the numbers of deleted documents
    size, digest  of its file, as `segment.file.SegmentFileWriter.finish` returned them
    """

    id: str
    documents: int
    deleted: frozenset[int] = frozenset()
    size: int = 0
    digest: str = ""

    @property
    def filename(self) -> str:
        """The name of its file."""
        return f"{NAME}_{self.id}.seg"

    def without(self, docs: frozenset[int]) -> SegmentMeta:
        """The same with more documents deleted."""
        return self._replace(deleted=self.deleted | docs)


class IndexMeta(NamedTuple):
    """One state of the index.

    settings  changes whenever the corpus would be indexed otherwise; "" for an index of an earlier version
    contents  digest of the table of contents that Whoosh reads
    sources   the file with the table of sources
    """

    number: int
    settings: str
    segments: tuple[SegmentMeta, ...]
    toc_digest: str = ""
    sources: SourcesFile | None = None

    @property
    def toc_file(self) -> str:
        """The name of the table of contents that Whoosh reads."""
        return f"_{NAME}_{self.number}.toc"


def max_generation(folder: Path) -> int:
    """The highest generation that any file speaks of: numbers are never used twice."""
    numbers = [int(match[1]) for path in folder.iterdir() if (match := re.fullmatch(_CONTENTS, path.name))]
    return max(numbers, default=0)


def digest_of(path: Path) -> str:
    """The digest of a file; empty where it cannot be read."""
    try:
        with open_regular_file(path) as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


def read_generation(folder: Path) -> IndexMeta | None:
    """The newest generation, or None where there is no index of this version.

    Raises IndexDamagedError for a manifest that cannot be understood, UsageError for one of another user.
    """
    check_owner(folder)
    check_owner(folder / MANIFEST)
    try:
        with open_regular_file(folder / MANIFEST) as file:
            sealed = json.loads(file.read().decode("utf-8"))
        if "format_version" in sealed:
            return None  # as the versions before this one wrote it
        _check_digest(sealed["manifest"], sealed["digest"])
        said = json.loads(sealed["manifest"])
        if said.get("format_version") == _WITHOUT_SOURCES:
            said |= {"settings": "", "sources": None}
        elif said.get("format_version") != FORMAT_VERSION:
            return None
        return _generation(said)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        what = f"{quote_path(folder / MANIFEST)} cannot be read ({error.strerror})"
        raise IndexAccessError(what, "check its permissions") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise IndexDamagedError(
            f"{quote_path(folder / MANIFEST)} cannot be read ({why})", "run `archive index --full`"
        ) from None


def _generation(said: Any) -> IndexMeta:
    """What a manifest says; raises ValueError where that cannot be: its digest proves nothing of who made it."""
    segments = tuple(
        SegmentMeta(each["id"], each["documents"], frozenset(each["deleted"]), each["size"], each["digest"])
        for each in said["segments"]
    )
    sources = SourcesFile.parse(said["sources"])
    generation = IndexMeta(said["generation"], said["settings"], segments, said["contents"], sources)
    numbers = [generation.number]
    texts = [generation.settings, generation.toc_digest]
    for each in segments:
        numbers += (each.documents, each.size, *each.deleted)
        texts += (each.id, each.digest)
    fits = (
        all(type(number) is int and 0 <= number < _HIGHEST for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and all(_ID.fullmatch(each.id) and max(each.deleted, default=-1) < each.documents for each in segments)
        and len({each.id for each in segments}) == len(segments)
    )
    if not fits:
        raise ValueError("its list of segments is invalid")
    return generation


def write_contents(folder: Path, generation: IndexMeta, write_toc: Callable[[Path, IndexMeta], None]) -> IndexMeta:
    """Write the table of contents by which Whoosh finds a generation; returns the generation with its digest."""
    write_toc(folder, generation)
    (folder / generation.toc_file).chmod(0o600)
    fsync_path(folder / generation.toc_file)
    return generation._replace(toc_digest=digest_of(folder / generation.toc_file))


def write_manifest(folder: Path, generation: IndexMeta) -> None:
    """Make `generation` the newest, and remove what it does not name."""
    fsync_path(folder)
    said = {
        "format_version": FORMAT_VERSION,
        "generation": generation.number,
        "settings": generation.settings,
        "contents": generation.toc_digest,
        "sources": generation.sources,
        "segments": [
            {
                "id": each.id,
                "documents": each.documents,
                "deleted": sorted(each.deleted),
                "size": each.size,
                "digest": each.digest,
            }
            for each in generation.segments
        ],
    }
    body = json.dumps(said, separators=(",", ":"))
    sealed = json.dumps({"digest": _digest(body), "manifest": body}) + "\n"
    replace_file(folder / MANIFEST, sealed.encode(), folder / f"{MANIFEST}.new")
    garbage_collect(folder, generation)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _check_digest(text: str, digest: str) -> None:
    if _digest(text) != digest:
        raise ValueError("its checksum does not match")


def garbage_collect(folder: Path, generation: IndexMeta | None) -> None:
    """Remove files of ours that a generation (if there is one) does not name; nothing else is touched."""
    named = {LOCK}
    if generation is not None:
        segments = {each.filename for each in generation.segments}
        named |= segments | {damage_mark(Path(name)).name for name in segments} | {generation.toc_file}
        named |= {generation.sources.name} if generation.sources else set()
    for path in folder.iterdir():
        if path.name not in named and re.fullmatch(_OURS, path.name) and (path.is_symlink() or not path.is_dir()):
            path.unlink(missing_ok=True)


#: Set to anything, it has indexes of other users used.
ANY_OWNER_VARIABLE = "ARCHIVE_ANY_OWNER"


def check_owner(path: Path) -> None:
    """Raise UsageError where `path` is there and belongs to another user; Windows has no such owners."""
    if not hasattr(os, "geteuid") or os.environ.get(ANY_OWNER_VARIABLE):
        return
    try:
        owner = path.stat().st_uid
    except OSError:
        return
    mine = {os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdecimal():
        mine.add(int(os.environ["SUDO_UID"]))
    if owner not in mine:
        raise UsageError(
            f"{quote_path(path)} belongs to another user (number {owner}), and its contents cannot be trusted",
            f"delete it and run `archive index`, or set {ANY_OWNER_VARIABLE}=1 to use it anyway",
        )
