"""A class or a module is found by its name alone: no two have one."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import archive

_PACKAGE = Path(archive.__file__).parent

#: Names that several modules have, with the reason; nothing else may be doubled.
_MODULES = {
    "__init__": "of packages",
    "engine": "of each engine, and the command",
    "writer": "of each engine",
    "search": "the command and the screen",
    "trust": "what it means, and the command for it",
}
_CLASSES: dict[str, str] = {}


def _doubled(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: places for name, places in sorted(found.items()) if len(places) > 1}


def test_no_two_modules_have_one_name() -> None:
    found = defaultdict(list)
    for path in sorted(_PACKAGE.rglob("*.py")):
        found[path.stem].append(str(path.relative_to(_PACKAGE)))
    doubled = _doubled(found)
    assert {name: places for name, places in doubled.items() if name not in _MODULES} == {}
    assert _MODULES.keys() <= doubled.keys(), "an exception that is none any more"


def test_no_two_classes_have_one_name() -> None:
    found = defaultdict(list)
    for path in sorted(_PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(f"{path.relative_to(_PACKAGE)}:{node.lineno}")
    doubled = _doubled(found)
    assert {name: places for name, places in doubled.items() if name not in _CLASSES} == {}
    assert _CLASSES.keys() <= doubled.keys(), "an exception that is none any more"
