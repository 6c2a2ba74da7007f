"""The private parts of Textual are as the terminal UI needs them; a test for each fails when Textual changes one."""

import ast
import asyncio
import importlib
import inspect
from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

import archive.tui
from archive.tui import textual_internals

_PACKAGE = Path(archive.tui.__file__).parent


class _Panel(Widget):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("a,b", "first", "First"), Binding("c", "second", "Second")]


class _Bar(ScrollBar):
    """A scroll bar of our own."""


class _View(ScrollView):
    @property
    def vertical_scrollbar(self) -> ScrollBar:
        return textual_internals.vertical_scrollbar(self, lambda: _Bar(name="vertical"))


class _App(App[None]):
    def compose(self) -> ComposeResult:
        yield Input(suggester=SuggestFromList(["harbour lights"]))
        yield _View()


def test_bindings_in_effect_are_one_per_key() -> None:
    bindings = textual_internals.bindings(_Panel())
    assert [(each.key, each.action) for each in bindings] == [("a", "first"), ("b", "first"), ("c", "second")]


def test_a_suggestion_can_be_dropped() -> None:
    async def run() -> None:
        app = _App()
        async with app.run_test() as pilot:
            field = app.query_one(Input)
            await pilot.press(*"har")
            await pilot.pause()
            assert "our lights" in _text(app)
            textual_internals.clear_suggestion(field)
            await pilot.pause()
            assert "our lights" not in _text(app)

    asyncio.run(run())


def _text(app: App[None]) -> str:
    return app.export_screenshot().replace("&#160;", " ")


def test_a_scroll_bar_of_our_own_is_used_and_made_once() -> None:
    async def run() -> None:
        app = _App()
        async with app.run_test() as pilot:
            view = app.query_one(_View)
            bar = view.vertical_scrollbar
            await pilot.pause()
            assert isinstance(bar, _Bar)
            assert view.vertical_scrollbar is bar
            assert bar.is_running
            assert bar.parent is view

    asyncio.run(run())


def test_closing_messages_ends_an_app() -> None:
    app = _App()

    async def close() -> None:
        textual_internals.close_messages(app)

    async def run() -> None:
        async with asyncio.timeout(10):
            await app.run_async(headless=True, auto_pilot=lambda _: close())

    asyncio.run(run())
    assert not app.is_running


@pytest.mark.parametrize(("module", "base", "method", "_"), textual_internals.OVERRIDDEN)
def test_what_is_overridden_is_there(module: str, base: str, method: str, _: str) -> None:
    cls = getattr(importlib.import_module(module), base)
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    assert callable(getattr(cls, method))
    assert any(isinstance(node, ast.Attribute) and node.attr == method for node in ast.walk(tree)), "is not called"


def _defined(tree: ast.AST) -> set[str]:
    """Names of functions, and whatever is assigned as a variable, a class attribute or to `self`."""
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    stored = [node for node in ast.walk(tree) if isinstance(getattr(node, "ctx", None), ast.Store)]
    names = {node.id for node in stored if isinstance(node, ast.Name)}
    attributes = {node.attr for node in stored if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self"}
    return functions | names | attributes


def test_nothing_else_of_textual_that_is_private_is_used() -> None:
    overridden = {method for _, _, method, _ in textual_internals.OVERRIDDEN}
    for path in _PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        known = _defined(tree) | overridden
        for node in ast.walk(tree) if path.name != "textual_internals.py" else ():
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                assert node.attr in known, f"{path.name}:{node.lineno}: {node.attr}"


def test_no_class_of_ours_takes_a_private_name_of_textual() -> None:
    from archive.tui.app import ArchiveApp

    allowed = {method for _, _, method, _ in textual_internals.OVERRIDDEN}
    for path in _PACKAGE.rglob("*.py"):
        if path.stem == "serving":
            continue
        module = importlib.import_module(".".join(("archive.tui", *path.relative_to(_PACKAGE).with_suffix("").parts)))
        for cls in vars(module).values():
            if inspect.isclass(cls) and cls.__module__ == module.__name__ and issubclass(cls, Widget | ArchiveApp):
                theirs = {name for base in cls.__mro__ if base.__module__.startswith("textual.") for name in vars(base)}
                private = {name for name in vars(cls) if name.startswith("_") and inspect.isfunction(vars(cls)[name])}
                private = {name for name in private if not name.startswith("__")}
                assert private & theirs <= allowed, cls
