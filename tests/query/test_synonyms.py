"""The synonyms of an archive: what they find, and the lines that cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.query.synonyms import FILE, parse_synonyms
from archive.text.analyzer import Analyzer

from ..support import Record, ids, make_archive

SYNONYMS = """\
# words of the press
car, automobile, motor car
UN, United Nations   # the organization
Bank of England, Old Lady of Threadneedle Street
fire, blaze
fire, inferno
"""
TEXTS: list[Record] = [
    {"id": "car", "title": "A car", "body": "It was sold."},
    {"id": "autos", "title": "Automobiles", "body": "They were sold."},
    {"id": "motor", "title": "Engines", "body": "The motor car was sold; the car motor was not."},
    {"id": "apart", "title": "Engines apart", "body": "A motor. And a carriage."},
    {"id": "un", "title": "Peace", "body": "The UN met."},
    {"id": "united", "title": "Peace", "body": "The United Nations met."},
    {"id": "words", "title": "Nations", "body": "They were united."},
    {"id": "bank", "title": "Money", "body": "The Bank of England met."},
    {"id": "lady", "title": "Money", "body": "The old lady of Threadneedle Street met."},
    {"id": "blaze", "title": "Blaze", "body": "It was put out."},
    {"id": "inferno", "title": "Inferno", "body": "It was not."},
    {"id": "fire", "title": "Fire", "body": "It was."},
]


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    root = tmp_path_factory.mktemp("press")
    (root / FILE).write_text(SYNONYMS, "utf-8")
    with make_archive(root, TEXTS) as archive:
        yield archive


FINDS = {
    "car": "car autos motor",
    "CARS": "car autos motor",
    "automobile": "car autos motor",
    "motor car": "car autos motor",
    "motor-car": "car autos motor",
    "car sold": "car autos motor",
    "car OR peace": "car autos motor un united",
    "met -car": "un united bank lady",
    "sold -automobile": "",
    "title:car": "car autos",
    "UN": "un united",
    "un met": "un united",
    "united nations": "un united words",
    "united nations met": "un united",
    "nations united": "united words",
    "united nations money": "",
    "the bank of england": "bank lady",
    "met bank of england": "bank lady",
    "bank england": "bank",
    "fire": "fire blaze inferno",
    "blaze": "fire blaze",  # a group holds for its own members
    "inferno": "fire inferno",
    "met (united nations)": "un united",
    # as they are written
    '"car"': "car motor",
    "=car": "car motor",
    "car*": "car motor apart",
    '"united nations"': "united",
    "motor": "motor apart",
}


@pytest.mark.parametrize(("query", "expected"), FINDS.items(), ids=FINDS)
def test_a_query_finds_synonyms_of_its_words(press: Archive, query: str, expected: str) -> None:
    assert ids(press, query, all_words=True) == set(expected.split())


def test_any_word_is_enough_with_synonyms(press: Archive) -> None:
    assert ids(press, "car peace", any_word=True) == {"car", "autos", "motor", "un", "united"}
    page = press.search("car zzz", limit=None)
    assert page.relaxed
    assert {hit.id for hit in page.hits} == {"car", "autos", "motor"}


def test_synonyms_are_explained_and_marked(press: Archive) -> None:
    page = press.search("motor car sold", explain=True)
    assert page.explanation is not None
    assert page.explanation.expansions == {"motor car": ("car", "automobile")}
    assert press.highlight("Cars of the United Nations", "automobile un") == ((0, 4), (12, 26))


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    with make_archive(tmp_path, TEXTS) as archive:
        assert ids(archive, "blaze") == {"blaze"}
        (tmp_path / FILE).write_text("fire, blaze", "utf-8")
        assert ids(archive, "blaze") == {"fire", "blaze"}
        (tmp_path / FILE).write_text("inferno, blaze!, fire", "utf-8")
        assert ids(archive, "blaze") == {"blaze"}
        (tmp_path / FILE).unlink()
        assert ids(archive, "blaze") == {"blaze"}


BAD_LINES = {
    b"alone": "'alone' stands alone; give the group two members",
    b"car; auto": "'car; auto' stands alone",
    b"car, cars": "these are forms of one word",
    b"car, , auto": "the member '' has no word in it",
    b"car, ...": "the member '...' has no word in it",
    b"car => auto": "synonyms hold both ways; write the group without an arrow",
    b"car*, auto": "the member 'car*' is more than words",
    b'"motor car", auto': "is more than words",
    b"car AND bus, auto": "is more than words",
    b"title:car, auto": "is more than words",
    b"car\x1b[31m, auto": "is more than words",
    b"caf\xe9, bar": "this line is not UTF-8; save the file as UTF-8",
    b"a b c d e f g h i j k, l": "has more than 10 words",
    b", ".join(b"w%d" % number for number in range(33)): "33 members, over the limit of 32",
    b"x" * 1_001: "over 1,000 characters",
}


def test_a_line_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfgood, fine\r\n" + b"\n".join(BAD_LINES) + b"\n# comment\n\nfire, blaze"
    found = parse_synonyms(content, Analyzer("english"))
    assert found.others(("good",)) == ("fine",)
    assert found.others(("fire",)) == ("blaze",)
    assert len(found.problems) == len(BAD_LINES)
    for number, (problem, why) in enumerate(zip(found.problems, BAD_LINES.values(), strict=True), 2):
        assert str(problem).startswith(f"synonyms.txt:{number}: ")
        assert why in str(problem)
    (tmp_path / FILE).write_bytes(content)
    with make_archive(tmp_path, TEXTS) as archive:
        assert ids(archive, "blaze") == {"blaze", "fire"}
        (note,) = archive.search("blaze").notes
        assert note.startswith("synonyms.txt:2: 'alone' stands alone")
        assert "`archive check` lists them" in note
        assert archive.search().notes == ()
        assert len(archive.check()) == len(BAD_LINES)
        assert "synonyms.txt:2" in archive.check()[0].what


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("fire, blaze", "utf-8")
    root = tmp_path / "root"
    with make_archive(root, TEXTS) as archive:
        file = root / FILE
        file.symlink_to(outside)
        assert ids(archive, "blaze") == {"blaze"}
        assert "leads out of the archive" in archive.search("blaze").notes[0]
        file.unlink()
        os.mkfifo(file)
        assert "it cannot be read" in archive.search("blaze").notes[0]
        file.unlink()
        file.write_bytes(b"fire, blaze\n" * 100_000)
        assert "it is over 1 MB" in archive.search("blaze").notes[0]
        assert ids(archive, "blaze") == {"blaze"}
