"""Where a server is and how to get in: settings, secrets, and what is never said aloud."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import Archive, SettingsError
from archive.config.server import credentials
from archive.config.settings import SERVER_KEYS, load_settings, write_lines

SERVER = "engine: opensearch\nurl: https://search.example.org:9200\n"


def settings(root: Path, text: str) -> Path:
    (root / "corpus").mkdir(exist_ok=True)
    (root / "archive.yaml").write_text(text, "utf-8")
    return root


def test_all_of_it(tmp_path: Path) -> None:
    said = "user: ada\npassword_file: secret\nca_file: /etc/ca.pem\nverify_tls: no\n"
    said += "shards: 6\nreplicas: 0\ntimeout: 90\n"
    root = settings(tmp_path, f"{SERVER}index_prefix: my.archive\n{said}")
    remote = load_settings(root).remote
    assert remote is not None
    assert (remote.urls, remote.prefix, remote.user) == (("https://search.example.org:9200",), "my.archive", "ada")
    assert (remote.password_file, remote.ca_file) == (root / "secret", Path("/etc/ca.pem"))
    assert (remote.verify_tls, remote.shards, remote.replicas, remote.timeout) == (False, 6, 0, 90)


def test_the_defaults(tmp_path: Path) -> None:
    remote = load_settings(settings(tmp_path, f"{SERVER}name: Ma Société\n")).remote
    assert remote is not None
    assert (remote.prefix, remote.verify_tls, remote.shards, remote.replicas) == ("ma-societe", True, 1, None)
    several = load_settings(settings(tmp_path, "url: [https://a:9200, https://b:9200/path/]\n"))
    assert several.engine == "whoosh"
    assert several.remote is not None
    assert several.remote.urls == ("https://a:9200", "https://b:9200/path")


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("engine: opensearch\n", 1, "needs url:"),
        ("engine: solr\n", 1, "there is no engine 'solr'; the engines are whoosh, opensearch"),
        ("url: search.example.org\n", 1, "is not an address"),
        ("url: ftp://search.example.org\n", 1, "is not an address"),
        ("url: https://host:port\n", 1, "is not an address"),
        ("url: https://ada:hunter2@search.example.org\n", 1, "a password does not belong in url"),
        (f"{SERVER}index_prefix: My Archive\n", 3, "cannot begin an index's name"),
        (f"{SERVER}shards: 0\n", 3, "shards must be a number from 1 to 1024"),
        (f"{SERVER}verify_tls: maybe\n", 3, "verify_tls must be yes or no"),
        (f"{SERVER}client_key: key.pem\n", 3, "client_key needs client_cert"),
        (f"{SERVER}password: hunter2\n", 3, "there is no setting 'password'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_without_the_password(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(settings(tmp_path, text))
    assert f"archive.yaml:{line}: " in str(error.value)
    assert why in str(error.value)
    assert "hunter2" not in str(error.value)


def test_secrets_come_from_the_environment_or_a_file_and_are_in_no_repr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive.open(settings(tmp_path, f"{SERVER}user: ada\npassword_file: secret\n"), trust=True)
    assert archive.settings.remote is not None
    with pytest.raises(SettingsError, match="secret cannot be read"):
        credentials(archive.settings.remote)
    (tmp_path / "secret").write_text("hunter2\n", "utf-8")
    held = credentials(archive.settings.remote)
    assert (held.user, held.password, held.api_key) == ("ada", "hunter2", "")
    assert "hunter2" not in repr(held) + repr(archive.settings) + repr(archive)
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_USER", "bo")
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_PASSWORD", "other")
    held = credentials(archive.settings.remote)
    assert (held.user, held.password) == ("bo", "other")
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_API_KEY", "key")
    held = credentials(archive.settings.remote)
    assert (held.password, held.api_key) == ("", "key")


def test_a_user_needs_a_password_and_it_is_never_sent_unencrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = load_settings(settings(tmp_path, f"{SERVER}user: ada\n")).remote
    assert remote is not None
    with pytest.raises(SettingsError, match="there is no password for 'ada'"):
        credentials(remote)
    monkeypatch.setenv("ARCHIVE_OPENSEARCH_PASSWORD", "hunter2")
    plain = load_settings(settings(tmp_path, "url: http://search.example.org:9200\nuser: ada\n")).remote
    assert plain is not None
    with pytest.raises(SettingsError, match="is never sent to http"):
        credentials(plain)
    local = load_settings(settings(tmp_path, "url: http://localhost:9200\nuser: ada\n")).remote
    assert local is not None
    assert credentials(local).password == "hunter2"


def test_lines_are_set_and_all_others_kept(tmp_path: Path) -> None:
    root = settings(tmp_path, "# mine\nname: x\nengine: whoosh   # small\n\nlanguage: german")
    write_lines(root, {"engine": "opensearch", "url": "https://h:9200"})
    text = (root / "archive.yaml").read_text()
    assert text == "# mine\nname: x\nengine: opensearch\n\nlanguage: german\nurl: https://h:9200\n"
    with pytest.raises(SettingsError):
        write_lines(root, {"engine": "nothing at all"})
    assert (root / "archive.yaml").read_text() == text


def test_the_guides_example_is_taken_and_all_settings_are_in_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    guide = (Path(__file__).resolve().parents[1] / "docs" / "opensearch.md").read_text("utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    remote = load_settings(settings(tmp_path, example)).remote
    assert remote is not None
    assert (remote.prefix, remote.user, remote.shards, remote.ca_file) == ("gazette", "archive", 3, tmp_path / "ca.pem")
    table = "".join(line for line in guide.splitlines() if line.startswith("| `"))
    assert [key for key in SERVER_KEYS if f"`{key}`" not in table] == []
