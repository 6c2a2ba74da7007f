"""This user's configuration folder, and the secrets that may be read from it or from the archive.

An archive may come from anywhere and names its credential files itself. So they are read only
from two places, this user's configuration folder and the archive, and only if they are what a
secret is: a small regular file of one line. No message repeats any of their content.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path

from archive.errors import SettingsError
from archive.util.atomic_files import open_regular_file
from archive.util.quoting import quote_path

#: The largest password or API key, and the largest PEM file, in bytes.
MAX_SECRET_BYTES, MAX_PEM_BYTES = 4096, 1024 * 1024


def config_folder() -> Path:
    """Where `archive` keeps this user's configuration: $XDG_CONFIG_HOME/archive, by default ~/.config/archive.

    The XDG base directory specification has relative paths in its variables ignored. Raises
    SettingsError where there is no home directory.
    """
    for variable in ("XDG_CONFIG_HOME", "APPDATA") if sys.platform == "win32" else ("XDG_CONFIG_HOME",):
        if (named := Path(os.environ.get(variable, ""))).is_absolute():
            return named / "archive"
    return home_folder("settings", "XDG_CONFIG_HOME") / ".config" / "archive"


def home_folder(what: str, variable: str) -> Path:
    """This user's home directory, to keep `what` in; raises SettingsError, naming `variable`, where there is none."""
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and a user without an entry in the password database
        home = Path()
    if os.environ.get("HOME") == "" or not home.is_absolute():
        raise SettingsError(f"this user has no home directory for {what}", f"set HOME or {variable}")
    return home


def secret_places(root: Path) -> tuple[Path, ...]:
    """The folders below which credential files may be: the archive's root, and the configuration folder if any."""
    places = [root.resolve()]
    with suppress(SettingsError):
        places.append(config_folder().resolve())
    return tuple(places)


def read_secret(path: Path) -> str:
    """The one line of a credential file; raises SettingsError, which tells nothing of what is in it."""
    data = _read(path, MAX_SECRET_BYTES)
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SettingsError(
            f"{quote_path(path)} is not UTF-8 text", "write the secret alone into it, on one line"
        ) from None
    if not text:
        raise SettingsError(f"{quote_path(path)} is empty", "write the secret into it, on one line")
    return checked_secret(text, str(path))


def checked_secret(text: str, source: str) -> str:
    """`text` if it can be a password; raises SettingsError naming where it came from."""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise SettingsError(f"{source} has a line end or another control character", "a secret is one line of text")
    return text


def checked_key(text: str, source: str) -> str:
    """`text` if it can be an API key, which goes into an HTTP header as it is."""
    if not all("!" <= char <= "~" for char in text):
        raise SettingsError(f"{source} is not an API key: it has a space, a line end or a letter beyond ASCII")
    return text


def check_pem(path: Path) -> None:
    """Raise SettingsError unless OpenSSL can be given this file without waiting for anything."""
    if b"ENCRYPTED" in _read(path, MAX_PEM_BYTES):
        raise SettingsError(f"{quote_path(path)} is encrypted, and passphrases are not supported", "store it decrypted")


def _read(path: Path, limit: int) -> bytes:
    """A small regular file that is still where it was when the settings were read."""
    try:
        if (real := path.resolve()) != path:
            raise SettingsError(f"{quote_path(path)} has become a link to {quote_path(real)}", "run the command again")
        with open_regular_file(path) as file:
            data = file.read(limit + 1)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        raise SettingsError(f"{quote_path(path)} cannot be read: {why}") from None
    if len(data) > limit:
        raise SettingsError(f"{quote_path(path)} is larger than {limit:,} bytes and cannot be what the settings name")
    return data
