"""Twenty jobs with the keyboard alone, in small and in large terminals, and twelve with the mouse."""

from __future__ import annotations

import json
import shlex
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App

from archive import Archive
from archive.engine.local.write_lock import WriterLock
from archive.render.quote_text import read_quotes
from tests.tui.tmux import Terminal, sane, start

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

KIM, IVANKA = "Kim Kardashian", "Ivanka Trump"


@pytest.fixture
def job_root(own: Archive) -> Path:
    """An archive with a file that cannot be read; what is said of people is judged by rules, which takes no time."""
    with (own.root / "archive.yaml").open("a") as settings:
        settings.write("judge_seconds: 0\n")
    own = Archive.open(own.root)
    (own.root / "corpus" / "wrong.jsonl").write_text('{"title": "One", "text": "Harbour."}\n{"title":\n')
    own.index()
    return own.root


def escape(terminal: Terminal, gone: str, there: str) -> None:
    """Press Escape, and wait until what it closes is gone and what was below is there."""
    terminal.send("Escape")
    terminal.wait(lambda screen: gone not in screen and there in screen)
    time.sleep(0.1)  # a terminal tells Escape from what follows by the time that passes


def find_value(terminal: Terminal, words: str) -> None:
    """Look for a facet value, and take the first one found."""
    terminal.send("F")
    terminal.see("Choose the first")
    terminal.type(words)
    terminal.see(words)
    terminal.send("Enter")
    terminal.wait(lambda screen: "Choose the first" not in screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_with_the_keyboard_alone(tmp_path: Path, job_root: Path, size: tuple[int, int]) -> None:
    archive = Archive.open(job_root)
    editor = tmp_path / "vim"
    editor.write_text('#!/bin/sh\necho editing; read answer\nsed -i "s/written statement/zyzzyva statement/" "$2"\n')
    editor.chmod(0o755)
    terminal = Terminal(tmp_path, size)
    terminal._tmux("set-option", "-g", "set-clipboard", "on")
    try:
        _jobs(terminal, archive, job_root, editor)
    finally:
        terminal.close()


def _jobs(terminal: Terminal, archive: Archive, root: Path, editor: Path) -> None:
    def count(*arguments: object, **options: object) -> str:
        return f"{archive.search(*arguments, limit=0, **options).total} of 102 articles"  # type: ignore[arg-type]

    start(terminal, root, env=f"VISUAL={shlex.quote(str(editor))}")
    terminal.see("102 articles", "! 1", "f narrows by people")
    terminal.type("trump")  # find
    terminal.see(count("trump"))
    assert "f narrows by people" not in terminal.screen()
    terminal.send("Enter")
    terminal.see("⏎ Read")
    find_value(terminal, "ivanka")  # narrow by two people, the second one misspelt
    terminal.see(count("trump", person=IVANKA), f"{IVANKA} ✕")
    find_value(terminal, "kardashan")
    terminal.see(count("trump", person=[IVANKA, KIM]), f"{KIM} ✕")
    terminal.send("a")
    both = archive.search("trump", person=[IVANKA, KIM], all_people=True).total
    terminal.see(f"{both} of 102 articles")
    terminal.send("c")
    terminal.see(count("trump"))
    terminal.send("g", "j", "x")  # exclude
    terminal.see("not  ")
    terminal.send("c", "3")
    terminal.see("Only these years")
    terminal.send("r")  # a range of years
    terminal.see("several with commas")
    terminal.type("2016-2020")
    terminal.send("Enter")
    terminal.see(count("trump", year="2016..2020"))
    terminal.send("c")
    terminal.see(count("trump"))
    terminal.send("4", "Enter")  # read, next hit, next article
    terminal.see("article 1 of 9 · match 1 of 3")
    terminal.send("n")
    terminal.see("match 2 of 3")
    terminal.send("y")  # quote and verify
    terminal.see("archive verify")
    (quote,) = read_quotes(terminal._tmux("show-buffer"), "the clipboard")
    assert archive.verify(quote).status == "unchanged"
    terminal.send("e")  # edit and return
    terminal.see("editing")
    terminal.send("Enter")
    terminal.see("zyzzyva statement", "match 2 of 3")
    terminal.send("J")
    terminal.see("article 2 of 9")
    escape(terminal, "article 2 of 9", "9 of 102 articles")
    terminal.see("9 of 102 articles")
    terminal.send("f", "g", "j", "P")  # a person's page, and a pair's
    terminal.see("Seen ", "encounter 1 of", "y Copy")
    terminal.send("Tab")
    terminal.see("Companions ", "Open")
    terminal.send("Enter")
    terminal.see("Seen together")
    escape(terminal, "Seen together", "Seen ")
    escape(terminal, "Seen ", "9 of 102 articles")
    terminal.see("9 of 102 articles")
    terminal.send("O")  # the guest list of an evening
    terminal.see("Occasions: everywhere", "There ")
    escape(terminal, "Occasions: everywhere", "9 of 102 articles")
    terminal.send("s")  # save
    terminal.see("Save this search as")
    time.sleep(0.2)
    terminal.type("Trump's")  # in place of the name that is proposed
    terminal.see("Trump's")
    terminal.send("Enter")
    terminal.see("Saved as")
    (root / "corpus" / "new.md").write_text("---\ntitle: A New One\ndate: 2024-01-01\n---\n\nIvanka Trump again.\n")
    lock = WriterLock(root / "index", 0)  # update while another process indexes
    lock.__enter__()
    terminal.send("i")
    terminal.see("another process is indexing")
    lock.__exit__(None, None, None)
    terminal.see("10 of 103 articles")
    terminal.send("S")  # see what is new
    terminal.see("1 new")
    terminal.send("Enter")
    terminal.see("1 new (n next")
    terminal.send("4", "o")
    terminal.see("o shows all", "new A New One")
    terminal.send("o", "C-n")  # recover from nothing found, and from an error
    terminal.see("all articles")
    terminal.type("kardashan")
    terminal.see("No articles found", "kardashian")
    terminal.send("Enter")
    terminal.see("No articles found", "/ Query")
    terminal.send("Enter")
    terminal.see(f"{archive.search('kardashian', limit=0).total} of 103 articles")
    terminal.send("/")
    terminal.see("To the results")
    terminal.type("colour:red")
    terminal.see("There is no field")
    terminal.send("C-u")
    terminal.type("gala")
    terminal.see("1 of 103 articles")
    terminal.send("Enter")
    terminal.see("⏎ Read")
    terminal.send("!")  # problems
    terminal.see("wrong.jsonl:2")
    escape(terminal, "wrong.jsonl:2", "1 of 103 articles")
    terminal.send("U")  # review a name
    terminal.see("~Wilhelmina Strake")
    terminal.send("A")
    terminal.wait(lambda screen: "~Wilhelmina Strake" not in screen)
    assert archive.names.authority("person").recorded("Wilhelmina Strake")
    escape(terminal, "Unreviewed names", "1 of 103 articles")
    terminal.wait(lambda _: not any(each.unreviewed for each in archive.facet("person", "wilhelmina").values))
    terminal.send("C-t")  # theme
    terminal.see("Search for themes…")
    terminal.type("archive-light")
    terminal.send("Enter")
    state = next((terminal.folder / "state" / "archive").glob("*.json"))
    terminal.wait(lambda _: json.loads(state.read_text())["theme"] == "archive-light")
    terminal.send("?")  # help
    terminal.see("esc close")
    escape(terminal, "esc close", "1 of 103 articles")
    terminal.send("q")  # quit, and start again as it was
    terminal.see("status=0")
    sane(terminal)
    terminal.type("clear")
    terminal.send("Enter")
    start(terminal, root)
    terminal.see("1 of 103 articles", "for  gala ✕")
    assert "48;5;231m" in terminal._tmux("capture-pane", "-pe")  # the light background, of 256 colours
    terminal.send("C-q")
    terminal.see("status=0")


@pytest.fixture
def mouse(tmp_path: Path, job_root: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, (120, 40))
    start(terminal, job_root)
    terminal.see("102 articles")
    yield terminal
    terminal.close()


def test_with_the_mouse(mouse: Terminal, job_root: Path) -> None:
    archive = Archive.open(job_root)

    def total(*arguments: str, **options: str) -> str:
        return f"{archive.search(*arguments, limit=0, **options).total} of 102 articles"  # type: ignore[arg-type]

    mouse.click("? Help" if "? Help" in mouse.screen() else "f1 Help")  # a hint at the foot
    mouse.see("esc close")
    escape(mouse, "esc close", "102 articles")
    mouse.see("! 1 problem")
    mouse.click("! 1 problem")  # the warning
    mouse.see("wrong.jsonl:2")
    escape(mouse, "wrong.jsonl:2", "102 articles")
    mouse.click("Verity Pascoe-Lund")  # a facet value, and the chip that takes it away
    mouse.see(total(person="Verity Pascoe-Lund"))
    mouse.click("Lund ✕", right=5)
    mouse.see("102 articles", "all articles")
    mouse.click("no date")  # articles without a date
    mouse.see(total(missing="year"))
    mouse.click("no year ✕", right=8)
    mouse.see("all articles")
    column, row = mouse.at("1989")  # a range of years
    mouse.mouse(0, column, row - 1)
    mouse.mouse(32, column + 4, row - 1)
    mouse.mouse(0, column + 4, row - 1, release=True)
    mouse.wait(lambda screen: "year " in screen and "102 articles" not in screen.replace("of 102 articles", ""))
    mouse.click(" ✕", right=1)
    mouse.see("all articles")
    mouse.click("Seen in Miami")  # a result; twice opens it
    mouse.see("Read")
    time.sleep(1.2 * App.CLICK_CHAIN_TIME_THRESHOLD)  # or the first of the next two would be the second
    mouse.click("Seen in Miami", times=2)
    mouse.see("article 2 of 102")
    mouse.be_still(0.3)
    mouse.click("Ivanka Trump")  # a person in the article narrows the search
    mouse.see(total(person="Ivanka Trump"), "Ivanka Trump ✕")
    mouse.click("all articles" if "all articles" in mouse.screen() else "Ivanka Trump ✕", right=13)
    mouse.see("all articles")
    mouse.click("Search the archive")  # the query, a completion, and a suggestion
    mouse.type("person:odo")
    mouse.see("Siobhán O'Dowd   28")
    mouse.click("Siobhán O'Dowd   28")
    mouse.see(total(person="Siobhán O'Dowd"))
    mouse.send("C-u")
    mouse.see("102 articles")
    mouse.type("kardashan")
    mouse.see("No articles found")
    mouse.click("kardashian  ")
    mouse.see(total("kardashian"))
