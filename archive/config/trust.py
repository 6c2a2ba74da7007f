"""Trust on first use: an archive reaches out of its folder only where this user has confirmed it.

An archive may come from anywhere, and its `archive.yaml` may name a server, files and links
outside its folder. What it wants is a list of phrases, and what was confirmed is that list, kept
with the archive's canonical path in the user's configuration folder. So a moved or copied
archive, or one that wants something more, is asked about again; one that wants less is not.

Almost no archive wants anything (`archive.settings.may_reach_out`); for those this module is
never loaded.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.config.server import SECRET_FILES, ServerConfig
from archive.config.settings import CORPUS_DIR, ENTRIES, Settings
from archive.config.user_config import config_folder
from archive.errors import SettingsError, TrustError
from archive.util.atomic_files import edit_text, open_regular_file
from archive.util.quoting import quote_path

_FILE = "trust.json"
_VERSION = 1
_MOST_BYTES = 16 * 1024 * 1024


def wants(root: Path, settings: Settings) -> tuple[str, ...]:
    """What an archive would do outside its folder, one phrase each; empty if it stays inside."""
    root = root.resolve()
    found = [] if settings.remote is None else _server_wants(root, settings.remote)
    if settings.links_outside:
        found.append("read whatever files and folders the links in its corpus lead to (links_outside)")
    inside = [os.path.realpath(root), os.path.realpath(root / CORPUS_DIR)]
    for entry in ENTRIES:
        path = root / entry
        bases = inside[:1] if entry == CORPUS_DIR else inside
        if path.is_symlink() and not _is_below(target := os.path.realpath(path), bases):
            found.append(f"use {target} as its {entry}")
    return tuple(found)


def _server_wants(root: Path, remote: ServerConfig) -> list[str]:
    user = f", user {remote.user!r}" if remote.user else ""
    found = [
        f"connect to {url}, log in with your credentials and keep its articles there (indices {remote.prefix}-*{user})"
        for url in remote.urls
    ]
    if not remote.verify_tls:
        found.append("accept any certificate from that server (verify_tls)")
    for key in (*SECRET_FILES, "ca_file"):
        path: Path | None = getattr(remote, key)
        if path is not None and not path.is_relative_to(root):
            found.append(f"use {path} (its {key})")
    return found


def _is_below(path: str, bases: Sequence[str]) -> bool:
    return any(path == base or path.startswith(base.rstrip(os.sep) + os.sep) for base in bases)


def named_servers(root: Path, opened: Settings, changed: Settings) -> tuple[str, ...]:
    """What an archive wants of the servers in `changed`, which this user has named: confirmed by that.

    Raises SettingsError where it would want anything else that it did not when it was opened.
    """
    wanted = wants(root, changed)
    servers = wanted[: len(changed.remote.urls)] if changed.remote is not None else ()
    if more := [want for want in wanted if want not in servers and want not in wants(root, opened)]:
        raise SettingsError(
            f"with that server, this archive would also {'; '.join(more)}",
            "write `url:` into archive.yaml, run `archive trust`, then move it without --url",
        )
    return servers


def require_trust(root: Path, settings: Settings) -> None:
    """Raise TrustError unless this user has confirmed all that the archive in `root` wants."""
    wanted = wants(root, settings)
    if wanted and not is_trusted(root, wanted):
        raise TrustError(root.resolve(), wanted)


def is_trusted(root: Path, wanted: Sequence[str]) -> bool:
    """Whether all of `wanted` was confirmed for the archive in `root`; raises SettingsError as `trusted` does."""
    return set(wanted) <= {*trusted().get(str(root.resolve()), ())}


def trusted() -> Mapping[str, tuple[str, ...]]:
    """The archives that this user trusts, by canonical path, each with what was confirmed.

    Raises SettingsError where the file cannot be read, or may be of somebody else's making.
    """
    return _read(_trust_file())


def trust(root: Path, wanted: Sequence[str]) -> None:
    """Remember that this user has confirmed `wanted`, and nothing else, for the archive in `root`."""
    _change(root, lambda _: wanted)


def trust_also(root: Path, wanted: Sequence[str]) -> None:
    """The same, beside what was confirmed before."""
    _change(root, lambda before: (*before, *wanted))


def revoke(root: Path) -> bool:
    """Forget what was confirmed for the archive in `root`, which need not exist; whether there was anything."""
    if str(root.resolve()) not in trusted():
        return False
    _change(root, lambda _: ())
    return True


# -- the file --------------------------------------------------------------------------


def _trust_file() -> Path:
    return config_folder() / _FILE


def _change(root: Path, change: Callable[[Sequence[str]], Sequence[str]]) -> None:
    """Replace what was confirmed for one archive, under the lock of the folder; nothing is left for nothing."""
    path, key = _trust_file(), str(root.resolve())
    _check_folder(path.parent)
    _read(path)  # raises for a file of somebody else's making

    def changed(text: str) -> str:
        archives = _parse(text, path)
        archives[key] = tuple(dict.fromkeys(change(archives.get(key, ()))))
        record = {
            "version": _VERSION,
            "archives": {name: archives[name] for name in sorted(archives) if archives[name]},
        }
        return json.dumps(record, indent=1) + "\n"  # ASCII, so that any file name can be in it

    edit_text(path, changed, private=True)


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        with open_regular_file(path) as file:
            _check_owner(path, os.fstat(file.fileno()))
            return _parse(file.read(_MOST_BYTES).decode("utf-8", "replace"), path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(
            f"{quote_path(path)} cannot be read: {error.strerror}", "it records which archives you trust"
        ) from None


def _parse(text: str, path: Path) -> dict[str, tuple[str, ...]]:
    """What the text of the file says, in an order of its own; nothing where there is none yet."""
    if not text:
        return {}
    try:
        found: Any = json.loads(text) if text.isascii() else None
        if found["version"] != _VERSION:
            raise SettingsError(
                f"{quote_path(path)} is of another version of archive", "use that version, or delete the file"
            )
        return {root: tuple(map(_text, wanted)) for root, wanted in found["archives"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SettingsError(
            f"{quote_path(path)} is damaged", "delete it, and you will be asked about each archive again"
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _check_owner(path: Path, status: os.stat_result) -> None:
    """Raise SettingsError where others could have written this; Windows has no such owners."""
    if not hasattr(os, "geteuid"):
        return
    mine = {os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdecimal():
        mine.add(int(os.environ["SUDO_UID"]))
    if status.st_uid not in mine:
        raise SettingsError(
            f"{quote_path(path)} belongs to another user (number {status.st_uid}), who must not decide what you trust",
            "set HOME or XDG_CONFIG_HOME to a folder of your own",
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError(
            f"{quote_path(path)} can be written by others", f"run `chmod 600 {quote_path(path)}` and see what it says"
        )


def _check_folder(folder: Path) -> None:
    """Raise SettingsError rather than leave files in another user's folder, as under a `sudo` that keeps HOME."""
    if not hasattr(os, "geteuid"):
        return
    there = next(place for place in (folder, *folder.parents) if place.exists())
    owner = there.stat().st_uid
    if owner != os.geteuid() and (there == folder or os.geteuid() == 0):
        raise SettingsError(
            f"{there} belongs to another user (number {owner}), who could not change what is written there",
            "run this as that user, or set XDG_CONFIG_HOME to a folder of your own",
        )
