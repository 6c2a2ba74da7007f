"""Files as an archive needs them: on disk when a call returns, whole or not there at all, and nobody else's.

An archive may come from anywhere. A link, a pipe or a device in the place of one of its files
must lead no write elsewhere and keep no reader waiting for ever.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import DEFAULT_BUFFER_SIZE, BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

from archive.errors import SettingsError
from archive.util.quoting import quote_path

#: The largest small file that people write: settings, saved searches, names.
_MOST_BYTES = 64 * 1024 * 1024
#: Seconds to wait for another process that holds the lock of a folder.
_PATIENCE = 10.0
#: How often a change is made again because somebody edits the file at that moment.
_ATTEMPTS = 20
#: Whether the system can say what this process may do, as opposed to the user who started it.
_EFFECTIVE = os.access in os.supports_effective_ids
#: What a file system answers that cannot lock a folder.
_NO_FOLDER_LOCKS = frozenset((errno.EBADF, errno.EINVAL, errno.EISDIR, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP))
#: How a file is called that is to take the place of another, or a new one, once it is complete.
_UNFINISHED = re.compile(r"\..+\.archive-new", re.DOTALL)

#: From the text of a file to its new text.
Change = Callable[[str], str]


class NotARegularFileError(OSError):
    """What should be a file is a folder, a pipe, a socket or a device."""


def open_regular_file(path: str | Path, buffering: int = DEFAULT_BUFFER_SIZE) -> BufferedReader:
    """Open a file for reading without waiting for whatever it is; raises NotARegularFileError unless it is a file."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotARegularFileError(errno.EINVAL, "it is not a regular file", str(path))
    return BufferedReader(FileIO(descriptor), buffering)


def read_small(path: Path) -> str:
    """The text of a small file that people write, or "" where there is none; raises SettingsError."""
    return _text_of(_bytes_of(path) or b"", path)


def _bytes_of(path: Path, limit: int | None = _MOST_BYTES) -> bytes | None:
    """The bytes of a file, or None where there is none; raises SettingsError."""
    try:
        with open_regular_file(path) as file:
            data = file.read(-1 if limit is None else limit + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(
            f"{quote_path(path)} cannot be read: {error.strerror}", "check what it is, and its permissions"
        ) from None
    if limit is not None and len(data) > limit:
        raise SettingsError(f"{quote_path(path)} cannot be read: it is over {limit >> 20} MB", "shorten it")
    return data


def _text_of(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{quote_path(path)} cannot be read: {error}", "save it as UTF-8 text") from None


def unlink_if_special(path: Path) -> None:
    """Remove a link, a pipe or the like from the place of a file of ours; files and folders stay."""
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            path.unlink(missing_ok=True)


def create_file(path: Path, *, private: bool = True) -> BinaryIO:
    """Open a new file in the place of what `path` is now; a `private` one can only be read by its owner."""
    path.unlink(missing_ok=True)
    return open(path, "xb", opener=_private if private else None)


def make_private(path: Path) -> None:
    """See that there is a file which only its owner can read, for a library that is to open it by its name."""
    unlink_if_special(path)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:  # an older version made it
            with suppress(OSError):
                path.chmod(0o600)
    finally:
        os.close(descriptor)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sync_file(file: BinaryIO) -> None:
    """See that what was written to an open file is on disk."""
    file.flush()
    os.fsync(file.fileno())


def fsync_path(path: Path) -> None:
    """The same for a file, or for the names in a folder where the system can do that."""
    with suppress(PermissionError, IsADirectoryError):  # Windows opens no folders
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_file(path: Path, data: bytes, beside: Path, *, private: bool = True) -> None:
    """Put `data` in the place of what the file has, by way of `beside`: a crash leaves the old or the new."""
    try:
        with create_file(beside, private=private) as file:
            file.write(data)
            sync_file(file)
        if not private and path.exists():
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        os.replace(beside, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    fsync_path(path.parent)


def edit_text(path: Path, change: Change, *, within: Sequence[Path] = (), private: bool = False) -> bool:
    """Change one text file as `edit_texts` does; returns whether its text is another one now."""
    return bool(edit_texts({path: change}, within=within, private=private))


def edit_texts(changes: Mapping[Path, Change], *, within: Sequence[Path] = (), private: bool = False) -> int:
    """Change text files that other processes, and people in their editors, change too; returns how many changed.

    changes  for each file a function from its present text ("" for no file) to its new text. All of them
             are called before anything is written, so an exception leaves every file as it is. A function
             is called again if its file was edited meanwhile by a program that does not take the lock
    within   folders that a symbolic link may not lead out of; without any, links are followed anywhere
    private  for files that only their owner may read; their folder is created if necessary

    Callers in any process take turns. Every file is replaced as a whole and is on disk on return. Symbolic
    links, modes, line endings and byte order marks are kept. Raises SettingsError if a file cannot be read
    or written, or if the lock stays taken.
    """
    edits = [_Edit(_target(path, within), change, private) for path, change in changes.items()]
    with ExitStack() as locks:
        for folder in sorted({edit.path.parent for edit in edits}):
            if private:
                _create_private(folder)
            locks.callback(os.close, _lock_of(folder))
        for edit in edits:
            edit.prepare()
        return sum(edit.publish() for edit in edits)


class _Edit:
    """The change of one file, made while the lock on its folder is held."""

    def __init__(self, path: Path, change: Change, private: bool) -> None:
        self.path, self._change, self._private = path, change, private
        self._beside = _unfinished(path)
        self._before: bytes | None = None
        self._after = b""

    def prepare(self) -> None:
        """Work out the new bytes from the present ones."""
        self._before = self._read(self.path)
        data = self._before or b""
        text = data.decode("utf-8", "replace") if self._private else _text_of(data, self.path)
        changed = self._change(text)
        if changed == text:
            self._after = data
            return
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        ending = b"\r\n" if b"\r\n" in data and data.count(b"\r\n") == data.count(b"\n") else b"\n"
        self._after = mark + changed.encode("utf-8", "replace").replace(b"\n", ending)

    def publish(self) -> bool:
        """Replace the file unless nothing is to change; returns whether it was replaced."""
        for _ in range(_ATTEMPTS):
            if self._after == (self._before or b""):
                return False
            try:
                if self._before is not None and not os.access(self.path, os.W_OK, effective_ids=_EFFECTIVE):
                    raise PermissionError(errno.EACCES, "it is read-only")
                self._write_beside()
                if self._swap():
                    fsync_path(self.path.parent)
                    return True
            except OSError as error:
                why = error.strerror or str(error)
                raise SettingsError(
                    f"{quote_path(self.path)} cannot be written: {why}", "nothing was saved in it"
                ) from None
            finally:
                with suppress(OSError):
                    self._beside.unlink(missing_ok=True)
            self.prepare()
        raise SettingsError(
            f"{quote_path(self.path)} keeps being changed by another program", "nothing was saved in it, try again"
        )

    def _read(self, path: Path) -> bytes | None:
        return _bytes_of(path, None if self._private else _MOST_BYTES)

    def _write_beside(self) -> None:
        """Write the new file, with the mode of the present one and as far as permitted its group."""
        with create_file(self._beside, private=self._private) as file:
            file.write(self._after)
            sync_file(file)
        if self._before is not None:
            status = self.path.stat()
            if sys.platform != "win32":
                with suppress(PermissionError):
                    os.chown(self._beside, status.st_uid if os.geteuid() == 0 else -1, status.st_gid)
            self._beside.chmod(stat.S_IMODE(status.st_mode))

    def _swap(self) -> bool:
        """Put the new file in place; if the present one was edited since it was read, leave it and return False."""
        if self._read(self.path) != self._before:
            return False
        if self._before is None:
            try:
                os.link(self._beside, self.path)
            except FileExistsError:
                return False
            except OSError:  # a file system without hard links
                os.replace(self._beside, self.path)  # noqa: PTH105
        elif not _exchange(self._beside, self.path):
            os.replace(self._beside, self.path)  # noqa: PTH105
        elif self._read(self._beside) != self._before:  # edited after the check above
            os.replace(self._beside, self.path)  # noqa: PTH105
            return False
        return True


def create_files(files: Mapping[Path, bytes]) -> None:
    """Write new files into one folder, all of them or none; they are on disk on return.

    A file that already has the bytes it is to have counts as written: a run that was killed left it. Every file
    appears as a whole. Raises FileExistsError, with nothing written, where a name is taken by anything
    else; SettingsError if the lock of the folder stays taken; OSError.
    """
    (folder,) = {path.parent for path in files}
    created: list[Path] = []
    with locked(folder):
        present = [path for path, data in files.items() if _has(path, data)]
        try:
            for path, data in files.items():
                if path in present:
                    fsync_path(path)
                else:
                    _create(path, data)
                    created.append(path)
        except BaseException:
            for path in created:
                path.unlink(missing_ok=True)
            raise
        fsync_path(folder)


def is_written(files: Mapping[Path, bytes]) -> bool:
    """Whether all of the files are there, with these bytes."""
    try:
        return all(_has(path, data) for path, data in files.items())
    except FileExistsError:
        return False


def _has(path: Path, data: bytes) -> bool:
    """Whether a file has these bytes; False where there is none, FileExistsError where it is another."""
    try:
        with open_regular_file(path) as file:
            if os.fstat(file.fileno()).st_size == len(data) and file.read(len(data) + 1) == data:
                return True
    except FileNotFoundError:
        return False
    except OSError:
        pass
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _create(path: Path, data: bytes) -> None:
    beside = _unfinished(path)
    try:
        with create_file(beside, private=False) as file:
            file.write(data)
            sync_file(file)
        try:
            os.link(beside, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            path.open("xb").close()
            os.replace(beside, path)  # noqa: PTH105
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _unfinished(path: Path) -> Path:
    """The file that is to become `path`; written only while the lock of the folder is held."""
    return path.with_name(f".{path.name}.archive-new")


def remove_unfinished(folder: Path) -> None:
    """Remove what processes that were killed had not finished in `folder`, unless another one is at work there."""
    with suppress(OSError), ExitStack() as locks:
        unfinished = [path for path in folder.iterdir() if _UNFINISHED.fullmatch(path.name)]
        if unfinished and (descriptor := try_lock(folder)) is not None:
            locks.callback(os.close, descriptor)
            for path in unfinished:
                path.unlink(missing_ok=True)


def _target(path: Path, within: Sequence[Path]) -> Path:
    """The file that `path` is or links to."""
    target = Path(os.path.realpath(path))
    if within and path.is_symlink() and not any(target.is_relative_to(os.path.realpath(each)) for each in within):
        raise SettingsError(
            f"{quote_path(path)} is a link that leads out of the archive, so nothing was saved in it",
            f"put the file itself there, or edit {target}",
        )
    return target


def _create_private(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"{quote_path(folder)} cannot be created: {error.strerror}") from None


def _exchange(one: Path, other: Path) -> bool:
    """Swap two files in one step, so that no edit can be missed; False where the system cannot do that."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    folder, swap = -100, 2  # AT_FDCWD of fcntl.h, RENAME_EXCHANGE of stdio.h
    return rename is not None and rename(folder, os.fsencode(one), folder, os.fsencode(other), swap) == 0


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock on the files in `folder`; raises SettingsError if it stays taken."""
    descriptor = _lock_of(folder)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock_of(folder: Path) -> int:
    """Wait for the lock on the files in `folder`; returns the descriptor that holds it until it is closed.

    The lock is the kernel's and on the folder itself: it ends with the process and leaves no file behind.
    """
    until = time.monotonic() + _PATIENCE
    try:
        while (descriptor := try_lock(folder)) is None:
            if time.monotonic() > until:
                raise SettingsError(
                    f"another process has been changing files in {folder} for {_PATIENCE:g} seconds",
                    "nothing was saved, try again",
                )
            time.sleep(0.005)
    except OSError as error:
        raise SettingsError(
            f"the folder {quote_path(folder)} cannot be locked: {error.strerror}", "nothing was saved"
        ) from None
    return descriptor


def try_lock(folder: Path) -> int | None:
    """A descriptor that holds the lock of a folder, or None while another one does."""
    if sys.platform == "win32":
        import msvcrt

        return _locked(_open_lock_file(folder), lambda file: msvcrt.locking(file, msvcrt.LK_NBLCK, 1))
    import fcntl

    def lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    try:
        return _locked(os.open(folder, os.O_RDONLY), lock)
    except OSError as error:
        if error.errno not in _NO_FOLDER_LOCKS:
            raise
        return _locked(_open_lock_file(folder), lock)


def _locked(descriptor: int, lock: Callable[[int], None]) -> int | None:
    try:
        lock(descriptor)
    except OSError as error:
        os.close(descriptor)
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return None
        raise
    return descriptor


def _open_lock_file(folder: Path) -> int:
    """A file to lock where folders cannot be (Windows, NFS). It is never removed: another may be waiting for it."""
    return os.open(folder / ".archive-lock", os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
