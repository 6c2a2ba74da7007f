"""docs/tuning.md names every file with a process-wide setting, and no other."""

import ast
import re
from collections.abc import Iterator

from .support import REPOSITORY

_CALLS = frozenset(
    f"gc.{name}" for name in ("collect", "disable", "enable", "freeze", "set_threshold", "unfreeze")
) | {"os._exit", "sys.setswitchinterval", "sys.setrecursionlimit", "resource.setrlimit", "warnings.filterwarnings",
     "warnings.simplefilter"}  # fmt: skip
_VARIABLE = re.compile(r"MALLOC_\w+|\w+_NUM_THREADS")


def _settings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _CALLS:
            yield ast.unparse(node.func)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _VARIABLE.fullmatch(node.value):
            yield node.value


def test_every_process_wide_setting_is_on_the_page() -> None:
    package = REPOSITORY / "archive"
    found = {
        path.relative_to(REPOSITORY).as_posix(): set(_settings(ast.parse(path.read_text("utf-8"))))
        for path in package.rglob("*.py")
    }
    page = (REPOSITORY / "docs" / "tuning.md").read_text("utf-8")
    rows = re.findall(r"^\| `(archive/\S+\.py)` \| (.*?) \|", page, re.MULTILINE)
    named = {file for file, _ in rows}
    assert {file for file, settings in found.items() if settings} <= named
    assert all((REPOSITORY / file).is_file() for file in named)
    for file, settings in found.items():
        text = " ".join(what for each, what in rows if each == file)
        for setting in settings - {"gc.collect", "gc.unfreeze"}:
            assert setting in text or setting.startswith("MALLOC_"), (file, setting)
