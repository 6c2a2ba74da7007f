"""What is wrong and what to do are two attributes of every error; nothing takes them apart again."""

from __future__ import annotations

import ast
import pickle
import tempfile
from pathlib import Path

import pytest

import archive
from archive import Archive, errors
from archive.config.settings import load_settings
from archive.errors import ArchiveError, IndexDamagedError, MissingExtraError, QueryError, SettingsError, TrustError
from archive.model.fields import Fields
from archive.query.parser import parse
from archive.text.analyzer import Analyzer

_TREE = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, ArchiveError)}


def _messages() -> list[tuple[str, str]]:
    """Every text that an error of the tree is made of alone, with where."""
    found = []
    for path in sorted(Path(archive.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TREE and node.args:
                parts = [part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)]
                found += [(f"{path.name}:{node.lineno}", part) for part in parts if isinstance(part, str)]
    return found


def test_no_message_has_its_remedy_in_it() -> None:
    messages = _messages()
    assert len(messages) > 200
    assert [each for each in messages if "; " in each[1] and each[1] != "; "] == []


def test_what_and_remedy_make_the_text() -> None:
    error = IndexDamagedError("the index is torn", "run `archive index --full`")
    assert (error.what, error.remedy) == ("the index is torn", "run `archive index --full`")
    assert str(error) == "the index is torn; run `archive index --full`"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.what, again.remedy) == (IndexDamagedError, error.what, error.remedy)
    alone = ArchiveError("there is no room")
    assert (str(alone), alone.remedy) == ("there is no room", "")


def test_errors_with_more_to_say_have_both() -> None:
    error = TrustError(Path("a"), ["connect to https://x.example"])
    assert error.what == "a reaches out of its folder: it would connect to https://x.example"
    assert error.remedy == "if you trust it, run `archive trust`"
    assert MissingExtraError("reading PDF", "pdf").what.startswith("reading PDF needs")


def test_an_error_found_on_the_way_keeps_its_remedy() -> None:
    with pytest.raises(QueryError) as caught:
        parse("year:20x6", Fields(), Analyzer("english"))
    assert caught.value.remedy.startswith("write ")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "archive.yaml").write_text("language: klingon\n", "utf-8")
        with pytest.raises(SettingsError) as wrong:
            load_settings(Path(folder))
    assert wrong.value.what.endswith("archive.yaml:1: there is no stemmer for 'klingon'")
    assert wrong.value.remedy.startswith("there are stemmers for ")


def test_a_check_says_what_is_wrong_without_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/a.md").write_text("A gala.\n", "utf-8")
    with Archive.open(tmp_path) as opened:
        opened.index()
    (tmp_path / "index/archive.json").write_text("{", "utf-8")
    with Archive.open(tmp_path) as opened:
        with pytest.raises(IndexDamagedError) as caught:
            opened.search("gala")
        (issue,) = opened.check()
    assert issue.damage
    assert issue.what == caught.value.what
    assert "; " not in issue.what
    assert issue.remedy == "rebuild it with `archive index --full`"
