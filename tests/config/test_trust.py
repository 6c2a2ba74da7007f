"""Trust on first use: what an archive wants, what was confirmed, and the file that remembers it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive, SettingsError, TrustError, UsageError
from archive.config.settings import ENTRIES, load_settings
from archive.config.trust import is_trusted, revoke, trust, trusted, wants
from archive.encounters.reviews import REVIEWS_FILE
from archive.names.authority.authority_files import FILES
from archive.names.authority.authority_writer import IGNORED_FILE
from archive.saved.searches import SAVED_FILE

from ..torture.test_hostile import _without_waiting

SERVER = "engine: opensearch\nurl: https://search.example.org:9200\nindex_prefix: gazette\n"
_POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "archive"


def make(root: Path, settings: str = SERVER) -> Path:
    (root / "corpus").mkdir(parents=True, exist_ok=True)
    (root / "archive.yaml").write_text(settings, "utf-8")
    return root


def confirm(root: Path) -> None:
    trust(root, wants(root, load_settings(root)))


def refused(root: Path) -> TrustError:
    with pytest.raises(TrustError) as error:
        Archive.open(root)
    return error.value


def test_one_sentence_names_all_that_is_wanted_and_what_to_do(config: Path, tmp_path: Path) -> None:
    (config / "password").parent.mkdir(parents=True)
    (config / "password").write_text("hunter2")
    more = f"user: ada\npassword_file: {config}/password\nca_file: /etc/ca.pem\nverify_tls: no\nlinks_outside: true\n"
    error = refused(make(tmp_path / "a", SERVER + more))
    assert str(error) == (
        f"{tmp_path / 'a'} reaches out of its folder: it would connect to https://search.example.org:9200, log in with "
        f"your credentials and keep its articles there (indices gazette-*, user 'ada'); accept any certificate from "
        f"that server (verify_tls); use {config}/password (its password_file); use /etc/ca.pem (its ca_file); read "
        f"whatever files and folders the links in its corpus lead to (links_outside); if you trust it, run "
        f"`archive trust`"
    )
    assert error.root == tmp_path / "a"
    assert len(error.wants) == 5
    assert not config.joinpath("trust.json").exists()


def test_a_program_can_vouch_for_an_archive_without_anything_being_remembered(config: Path, tmp_path: Path) -> None:
    root = make(tmp_path / "a")
    with Archive.open(root, trust=True) as archive:
        assert archive.settings.remote is not None
    refused(root)
    assert not config.exists()


@pytest.mark.parametrize(
    "changed",
    [
        SERVER.replace("9200", "9201"),
        SERVER.replace("https", "http"),
        SERVER.replace("example.org", "example.net"),
        SERVER.replace("gazette", "gazette2"),
        SERVER.replace("url: ", "url: [https://evil.example:9200, ").replace("9200\nindex", "9200]\nindex"),
        f"{SERVER}user: ada\n",
        f"{SERVER}verify_tls: no\n",
        f"{SERVER}ca_file: ../ca.pem\n",
        f"{SERVER}links_outside: true\n",
    ],
)
def test_settings_that_want_something_else_ask_again(config: Path, tmp_path: Path, changed: str) -> None:
    root = make(tmp_path / "a")
    confirm(root)
    Archive.open(root).close()
    refused(make(root, changed))
    confirm(root)
    Archive.open(root).close()
    refused(make(root, f"{SERVER}index_prefix: again\n".replace("index_prefix: gazette\n", "")))


def test_settings_that_want_the_same_or_less_do_not_ask_again(config: Path, tmp_path: Path) -> None:
    root = make(tmp_path / "a", f"{SERVER}verify_tls: no\nlinks_outside: true\n")
    confirm(root)
    for text in (SERVER, f"# mine\n{SERVER}timeout: 9\nshards: 2\nfacets: [source]\n", "links_outside: true\n", ""):
        Archive.open(make(root, text)).close()


def test_a_moved_and_a_copied_archive_ask_again(config: Path, tmp_path: Path) -> None:
    root = make(tmp_path / "a")
    confirm(root)
    (tmp_path / "link").symlink_to(root)
    Archive.open(tmp_path / "link").close()
    refused(shutil.copytree(root, tmp_path / "b"))
    refused(root.rename(tmp_path / "c"))


def test_what_an_archive_reads_by_name_is_what_is_looked_at() -> None:
    authorities = {f"{folder}{file}" for file in FILES.values() for folder in ("", "corpus/")}
    authorities.add(f"corpus/{REVIEWS_FILE}")
    assert {*ENTRIES} == {"archive.yaml", "corpus", "index", SAVED_FILE, IGNORED_FILE, *authorities}


@_POSIX
@pytest.mark.parametrize("entry", ENTRIES)
def test_a_link_out_in_the_place_of_a_file_or_folder_asks_and_one_inside_does_not(
    config: Path, tmp_path: Path, entry: str
) -> None:
    root = tmp_path / "a"
    (root / "corpus").mkdir(parents=True)
    (root / "elsewhere").mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    if entry == "corpus":
        (root / "corpus").rmdir()
        (root / "archive.yaml").write_text("name: x\n")
    inside, out = root / "elsewhere", outside
    if "." in entry:
        inside, out = root / "elsewhere" / "file", outside / "file"
        for path in (inside, out):
            path.write_text("")
    (root / entry).symlink_to(inside)
    Archive.open(root).close()
    (root / entry).unlink()
    (root / entry).symlink_to(out)
    assert refused(root).wants == (f"use {out} as its {entry}",)
    confirm(root)
    Archive.open(root).close()
    (root / entry).unlink()
    (root / entry).symlink_to(tmp_path / "nothing" / "yet")
    if entry not in ("archive.yaml", "corpus"):  # without them there may be no archive
        assert refused(root).wants == (f"use {tmp_path / 'nothing' / 'yet'} as its {entry}",)


def test_an_archive_is_made_over_no_link(config: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "archive.yaml").symlink_to(tmp_path / "precious")
    with pytest.raises(UsageError, match=r"archive\.yaml is a link"):
        Archive.create(tmp_path / "a")
    assert not (tmp_path / "precious").exists()


def test_an_archive_that_stays_inside_costs_nothing(tmp_path: Path) -> None:
    code = f"""
import sys
from archive import Archive
archive = Archive.create({str(tmp_path / "a")!r})
opened = []
sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == "open" else None)
Archive.open(archive.root).close()
unused = ("archive.config.trust", "archive.config.user_config", "archive.config.server")
assert not [name for name in sys.modules if name.startswith(unused)]
assert opened
assert not [path for path in opened if path.endswith("trust.json")]
"""
    config = tmp_path / "config" / "archive" / "trust.json"
    config.parent.mkdir(parents=True)
    config.write_text("damaged")
    subprocess.run(
        [sys.executable, "-c", code], check=True, env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    )


# -- the file --------------------------------------------------------------------------


@_POSIX
def test_the_file_is_private_and_written_whole(config: Path, tmp_path: Path) -> None:
    root = make(tmp_path / "a\udcff")
    confirm(root)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (config, config / "trust.json")] == [0o700, 0o600]
    assert sorted(path.name for path in config.iterdir()) == ["trust.json"]
    said = json.loads((config / "trust.json").read_text("ascii"))
    assert said == {"version": 1, "archives": {str(root): [*wants(root, load_settings(root))]}}
    assert revoke(root)
    assert not revoke(root)
    assert trusted() == {}
    refused(root)


def test_processes_that_confirm_at_once_lose_nothing(config: Path, tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from archive.config.trust import trust
sys.stdin.readline()
for number in range(10):
    trust(Path(sys.argv[1]) / str(number), ["something"])
"""
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / str(n))], stdin=subprocess.PIPE) for n in range(4)
    ]
    for process in started:
        process.communicate(b"\n", timeout=60)
        assert process.returncode == 0
    assert len(trusted()) == 40


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "null", '{"version": 1}', '{"version": 1, "archives": []}',
     '{"version": 1, "archives": {"/a": 3}}', '{"version": 1, "archives": {"/a": [3]}}', "[" * 100_000,
     '{"version": 2, "archives": {}}', "\udcff"],
)  # fmt: skip
def test_a_damaged_file_trusts_nothing_and_is_kept(config: Path, tmp_path: Path, text: str) -> None:
    root = make(tmp_path / "a")
    confirm(root)
    (config / "trust.json").write_text(text, "utf-8", "surrogateescape")
    for does in (lambda: Archive.open(root), lambda: confirm(root)):
        with pytest.raises(SettingsError, match=r"trust\.json is (damaged; delete it|of another version)"):
            does()
    assert (config / "trust.json").read_text("utf-8", "surrogateescape") == text


@_POSIX
def test_a_file_that_others_can_write_or_that_is_none_is_not_believed(config: Path, tmp_path: Path) -> None:
    root = make(tmp_path / "a")
    confirm(root)
    for mode in (0o620, 0o602):
        (config / "trust.json").chmod(mode)
        with pytest.raises(SettingsError, match="can be written by others; run `chmod 600"):
            Archive.open(root)
    (config / "trust.json").unlink()
    os.mkfifo(config / "trust.json")
    with _without_waiting(), pytest.raises(SettingsError, match="it is not a regular file"):
        Archive.open(root)


@_POSIX
def test_another_users_file_is_neither_believed_nor_written(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, me = make(tmp_path / "a"), os.geteuid()
    confirm(root)
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    with pytest.raises(SettingsError, match=f"belongs to another user .number {me}., who must not decide"):
        Archive.open(root)
    with pytest.raises(SettingsError, match="run this as that user, or set XDG_CONFIG_HOME"):
        confirm(root)
    monkeypatch.setattr(os, "geteuid", lambda: me)
    assert is_trusted(root, wants(root, load_settings(root)))


@_POSIX
def test_under_sudo_the_word_of_the_user_who_called_it_counts(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path / "a")
    confirm(root)
    genuine = os.fstat
    theirs = (config / "trust.json").stat().st_uid + 7
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fstat", lambda fd: os.stat_result((*genuine(fd)[:4], theirs, *genuine(fd)[5:])))
    with pytest.raises(SettingsError, match="belongs to another user"):
        Archive.open(root)
    monkeypatch.setenv("SUDO_UID", str(theirs))
    Archive.open(root).close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_root_leaves_nothing_in_the_home_of_a_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 12_345, 12_345)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME")
    with pytest.raises(SettingsError, match=r"belongs to another user .number 12345., who could not change"):
        confirm(make(tmp_path / "a"))
    assert list(home.iterdir()) == []


def test_without_a_home_only_an_archive_that_reaches_out_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setattr(Path, "home", nowhere)
    Archive.open(make(tmp_path / "plain", "")).close()
    with pytest.raises(SettingsError, match="no home directory for settings; set HOME or XDG_CONFIG_HOME"):
        Archive.open(make(tmp_path / "a"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("HOME", "")
    with pytest.raises(SettingsError, match="no home directory"):
        Archive.open(tmp_path / "a")
    monkeypatch.setenv("HOME", str(tmp_path))
    confirm(tmp_path / "a")
    assert (tmp_path / ".config" / "archive" / "trust.json").exists()
