"""Settings: `archive.yaml`, its errors with their lines, and where an archive is."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive, NotFoundError, SettingsError, UsageError
from archive.config.settings import Settings, create, find_root, load_settings


def _write(root: Path, text: str | bytes) -> Path:
    (root / "archive.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings(tmp_path.name)
    assert load_settings(_write(tmp_path, "")) == Settings(tmp_path.name)
    assert load_settings(_write(tmp_path, "# nothing\nname:\nfacets:\nnames:\n")) == Settings(tmp_path.name)


def test_everything_set(tmp_path: Path) -> None:
    text = (
        "\ufeffname: 'The: Archive'\nlanguage: de\nfacets: [source, tags, source]\nengine: whoosh\nmax_article_mb: 25\n"
        "names: {facets: declared, detect: false}\n"
    )
    settings = load_settings(_write(tmp_path, text))
    assert settings == Settings("The: Archive", "de", ("source", "tags"), "whoosh", 25_000_000, False, False)
    assert [facet.name for facet in settings.fields.facets][-2:] == ["source", "tags"]
    assert load_settings(_write(tmp_path, "facets: source")).facets == ("source",)


def test_the_digest_changes_with_what_changes_the_index() -> None:
    base = Settings("name")
    same = Settings("another name")
    others = [
        Settings("name", language="german"),
        Settings("name", facets=("tags",)),
        Settings("name", max_article_bytes=1),
        Settings("name", engine="other"),
        Settings("name", detect=False),
        Settings("name", detected_facets=False),
    ]
    assert base.digest == same.digest
    assert len({base.digest, *(other.digest for other in others)}) == 7


WRONG = {
    "nam: x": r"archive.yaml:1: there is no setting 'nam'; the settings are name, language, facets",
    "name: x\nname: y": r"archive.yaml:2: the key 'name' is given twice",
    "name: [a]": r":1: name must be one piece of text",
    "- name": r":1: settings must be `key: value` lines",
    "name: x\nfacets: {a: b}": r":2: a facet must be one piece of text",
    "facets:\n- a\n- [b]": r":3: a facet must be one piece of text",
    "facets:\n- a\n- a\n- b c": r":4: 'b c' cannot be a facet's name",
    "facets: [1st]": r":1: '1st' cannot be a facet's name",
    "facets:\n- has": r":2: 'has' cannot be a facet: the index uses that name itself",
    "facets:\n- source\n- title": r":3: the field 'title' cannot be a facet",
    "facets: [x_words]": r":1: 'x_words' cannot be a facet",
    "\nlanguage: klingon": r":2: there is no stemmer for 'klingon'; there are stemmers for .*english",
    "engine: tantivy": r":1: there is no engine 'tantivy'",
    "judge_seconds: -1": r":1: judge_seconds must be a number from 0 to 999999",
    "max_article_mb: 0": r":1: max_article_mb must be a number from 1 to 1000",
    "max_article_mb: 1001": r":1: max_article_mb must be a number",
    "max_article_mb: many": r":1: max_article_mb must be a number",
    "max_article_mb: " + "9" * 5_000: r":1: max_article_mb must be a number",
    "names: none": r":1: names must be `key: value` lines, as in `names: {facets: declared}`",
    "names: {facet: both}": r":1: names have no setting 'facet'; the settings are detect, facets",
    "names:\n  facets: neither": r":2: facets of names is both or declared",
    "names: {detect: [true]}": r":1: detect of names is true or false",
    "name: &a x": r":1: aliases and anchors",
    "name: [": r"archive.yaml:\d: this is not YAML",
}


@pytest.mark.parametrize(("text", "why"), WRONG.items(), ids=[text[:30] for text in WRONG])
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        Archive.open(_write(tmp_path, text))


def test_a_file_that_is_no_text_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"archive.yaml cannot be read"):
        load_settings(_write(tmp_path, b"\xff\xfe\x00"))
    (tmp_path / "b" / "archive.yaml").mkdir(parents=True)
    with pytest.raises(SettingsError, match=r"archive.yaml cannot be read"):
        load_settings(tmp_path / "b")


def test_an_archive_is_made_once(tmp_path: Path) -> None:
    root = tmp_path / "new"
    with Archive.create(root, 'The "Tide", weekly') as archive:
        assert archive.settings.name == 'The "Tide", weekly'
        assert archive.index().added == 0
        assert archive.search().total == 0
    assert Archive.create(tmp_path / "unnamed").settings.name == "unnamed"
    with pytest.raises(UsageError, match="is already an archive"):
        create(root, "again")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="the archive cannot be created in"):
        create(tmp_path / "file" / "sub", "")


def test_an_archive_is_found_from_within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARCHIVE_ROOT", raising=False)
    root = create(tmp_path / "root", "x")
    deep = root / "corpus" / "a" / "b"
    deep.mkdir(parents=True)
    other = create(tmp_path / "other", "y")
    monkeypatch.chdir(deep)
    assert find_root() == root.resolve()
    assert Archive.open().root == root.resolve()
    monkeypatch.setenv("ARCHIVE_ROOT", str(other))
    assert find_root() == other.resolve()
    assert find_root(deep) == root.resolve()
    assert Archive.open(root).root == root.resolve()


def test_where_there_is_none_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (tmp_path, tmp_path / "absent"):
        with pytest.raises(NotFoundError, match=r"is not an archive.*create one there with `archive init"):
            Archive.open(name)
    with pytest.raises(NotFoundError, match="create one with `archive init`"):
        find_root(tmp_path)
    monkeypatch.setenv("ARCHIVE_ROOT", str(tmp_path))
    with pytest.raises(NotFoundError, match="is not an archive"):
        find_root()
