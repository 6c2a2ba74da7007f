"""A disk that forgets: records what is done to a folder, and says what could be left of it after a crash.

The files of one folder are watched through the functions that the program uses (open, write,
fsync, rename, unlink). What a file was at its last fsync is there after a crash, and names are
what they were at the folder's last fsync; what came later is there, in part, out of order,
cut off, as zeros, or not at all.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

Files = dict[str, bytes]


@dataclass(frozen=True)
class Operation:
    """One thing done: `kind` is create, truncate, write, sync, rename, unlink or syncdir."""

    kind: str
    inode: int = 0
    name: str = ""
    to: str = ""
    at: int = 0
    data: bytes = b""


class DiskFullError(OSError):
    """As the system raises it."""


@dataclass
class Disk:
    """What was done to `folder`: the files before, and the operations."""

    folder: Path
    fail_at: int | None = None
    before: Files = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    _inodes: dict[int, int] = field(default_factory=dict)

    def note(self, operation: Operation) -> None:
        """Record an operation that is about to be done, or fail in its place."""
        if self.fail_at is not None and len(self.operations) >= self.fail_at and operation.kind in ("create", "write"):
            raise DiskFullError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.operations.append(operation)

    def watches(self, path: Any) -> bool:
        """Whether a file is one of the folder's."""
        return not isinstance(path, int) and Path(os.fsdecode(path)).parent == self.folder

    @contextmanager
    def watched(self) -> Iterator[Disk]:
        """Record whatever is done inside the `with` block."""
        self.before = read_files(self.folder) if self.folder.is_dir() else {}
        really = {name: getattr(os, name) for name in ("fsync", "replace", "rename", "unlink", "remove")}
        opened = builtins.open

        def open_(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if not self.watches(file) or not set(mode) & set("wxa+"):
                return opened(file, mode, *args, **kwargs)
            raw = _Watched(self, os.fspath(file), mode.replace("b", "").replace("t", ""))
            buffered = io.BufferedWriter(raw)
            return buffered if "b" in mode else io.TextIOWrapper(buffered, "utf-8")

        def fsync(descriptor: Any) -> None:
            number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
            status = os.fstat(number)
            if stat.S_ISDIR(status.st_mode):
                if status.st_ino == self.folder.stat().st_ino:
                    self.note(Operation("syncdir"))
            elif status.st_ino in self._inodes:
                self.note(Operation("sync", self._inodes[status.st_ino]))
            really["fsync"](descriptor)

        def rename(old: Any, new: Any, **kwargs: Any) -> None:
            if self.watches(old):
                self.note(Operation("rename", name=Path(old).name, to=Path(new).name))
            really["rename"](old, new, **kwargs)

        def unlink(path: Any, **kwargs: Any) -> None:
            if self.watches(path):
                self.note(Operation("unlink", name=Path(path).name))
            really["unlink"](path, **kwargs)

        with (
            mock.patch.object(builtins, "open", open_),
            mock.patch.object(io, "open", open_),
            mock.patch.multiple(os, fsync=fsync, replace=rename, rename=rename, unlink=unlink, remove=unlink),
        ):
            yield self

    def begun(self, descriptor: int, path: str, existed: bool) -> int:
        """Record that a file was opened to be written; returns its number."""
        real = os.fstat(descriptor).st_ino
        name = Path(path).name
        if existed and real in self._inodes:
            self.note(Operation("truncate", self._inodes[real]))
            return self._inodes[real]
        number = self._inodes[real] = len(self.operations) + 1
        self.note(Operation("create", number, name))
        return number

    # -- after a crash -----------------------------------------------------------------

    def after(self, done: int, chance: Random | None, how: str) -> Files:
        """The files after a crash when `done` operations had been done.

        how   "all" of them are on disk, "none" of those that were not synced, or "some"
        """
        names, data, pending_names, pending = _durable(self.before, self.operations[:done])
        if how == "all":
            return self._present(done)
        if how == "some":
            assert chance is not None
            kept = [op for op in pending_names if chance.random() < 0.5]
            ordered = pending_names[: chance.randrange(len(pending_names) + 1)]
            for operation in chance.choice((kept, ordered)):
                _rename(names, operation)
            for inode, writes in pending.items():
                data[inode] = _partly(data.get(inode, b""), writes, chance)
        return {name: data.get(inode, b"") for name, inode in names.items()}

    def _present(self, done: int) -> Files:
        names, data, pending_names, pending = _durable(self.before, self.operations[:done])
        for operation in pending_names:
            _rename(names, operation)
        for inode, writes in pending.items():
            for write in writes:
                data[inode] = _written(data.get(inode, b""), write)
        return {name: data.get(inode, b"") for name, inode in names.items()}


class _Watched(io.FileIO):
    """A file of which every write is recorded."""

    def __init__(self, disk: Disk, path: str, mode: str) -> None:
        existed = Path(path).exists()
        super().__init__(path, mode)
        self._disk = disk
        try:
            self._inode = disk.begun(self.fileno(), path, existed)
        except OSError:
            self.close()
            raise

    def write(self, data: Any) -> int:
        at = self.tell()
        self._disk.note(Operation("write", self._inode, at=at, data=bytes(data)))
        return super().write(data)


def read_files(folder: Path) -> Files:
    """Every file of a folder."""
    found = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            found[path.name] = path.read_bytes()
        except FileNotFoundError:
            continue
    return found


def write_files(folder: Path, files: Files) -> None:
    """Make a folder hold these files and no others."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)


_State = tuple[dict[str, int], dict[int, bytes], list[Operation], dict[int, list[Operation]]]


def _durable(before: Files, operations: list[Operation]) -> _State:
    """Names and contents that are on disk for certain, and the operations that may be."""
    names = {name: -number for number, name in enumerate(before, 1)}
    data = {names[name]: before[name] for name in before}
    pending_names: list[Operation] = []
    pending: dict[int, list[Operation]] = {}
    for operation in operations:
        match operation.kind:
            case "create" | "rename" | "unlink":
                pending_names.append(operation)
            case "write" | "truncate":
                pending.setdefault(operation.inode, []).append(operation)
            case "sync":
                for write in pending.pop(operation.inode, ()):
                    data[operation.inode] = _written(data.get(operation.inode, b""), write)
            case "syncdir":
                for each in pending_names:
                    _rename(names, each)
                pending_names.clear()
    return names, data, pending_names, pending


def _rename(names: dict[str, int], operation: Operation) -> None:
    match operation.kind:
        case "create":
            names[operation.name] = operation.inode
        case "unlink":
            names.pop(operation.name, None)
        case "rename":
            if operation.name in names:
                names[operation.to] = names.pop(operation.name)


def _written(data: bytes, write: Operation) -> bytes:
    if write.kind == "truncate":
        return b""
    return data[: write.at].ljust(write.at, b"\0") + write.data + data[write.at + len(write.data) :]


def _partly(data: bytes, writes: list[Operation], chance: Random) -> bytes:
    """Some of the writes, in any order, some of them as zeros, and perhaps cut off."""
    for write in chance.sample(writes, chance.randrange(len(writes) + 1)):
        zeros = Operation(write.kind, write.inode, at=write.at, data=bytes(len(write.data)))
        data = _written(data, chance.choice((write, write, zeros)))
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data
