"""The app in a browser: types, narrows and reads; and a server that answers nobody else's page."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import free_port
from tests.tui.support import CORPUS

pytest.importorskip("textual_serve")

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="module")
def address(demo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    state = str(tmp_path_factory.mktemp("served"))
    environment = {**os.environ, "PYTHONPATH": str(CORPUS.parent), "XDG_STATE_HOME": state}
    command = [sys.executable, "-m", "archive", "serve", "--root", str(demo_root), "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for every visitor."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Visitor:
    """A page of a browser on the served app, and what the app has sent to it since it was last forgotten."""

    def __init__(self, browser: Any, address: str) -> None:
        self.page = browser.new_page(viewport={"width": 1200, "height": 800})
        self.sent = bytearray()
        self.has_left = False
        self.page.on("websocket", self._listen)
        self.page.goto(address)

    def _listen(self, connection: Any) -> None:
        connection.on(
            "framereceived", lambda frame: self.sent.extend(frame if isinstance(frame, bytes) else frame.encode())
        )
        connection.on("close", self._leave)

    def _leave(self, _: Any) -> None:
        self.has_left = True

    def until(self, condition: Callable[[], bool], what: str) -> None:
        for _ in range(600):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{what} was never so")

    def see(self, *texts: str) -> None:
        """Wait until the app has sent some texts."""
        self.until(lambda: all(text.encode() in self.sent for text in texts), f"{texts!r} shown")

    def press(self, key: str, *texts: str) -> None:
        """Press a key, and wait for texts that show that it had its effect: the next one is for what is there then."""
        self.sent.clear()
        self.page.keyboard.press(key)
        self.see(*texts)

    def search(self, words: str) -> None:
        self.page.mouse.click(300, 30)
        self.page.keyboard.type(words, delay=20)


def test_who_is_allowed() -> None:
    from archive.tui.serving import Access

    def allowed(host: str, origin: str | None, bound: str, *names: str) -> bool:
        return Access.to(bound, names).allows(host, origin)

    assert allowed("127.0.0.1:8000", None, "127.0.0.1")
    assert allowed("localhost:8000", "http://localhost:8000", "127.0.0.1")
    assert allowed("[::1]:8000", "http://[::1]:8000", "::1")
    assert not allowed("rebound.example:8000", "http://rebound.example:8000", "127.0.0.1")
    assert not allowed("192.168.1.5:8000", "http://192.168.1.5:8000", "127.0.0.1")
    assert not allowed("127.0.0.1:8000", "http://127.0.0.1:9000", "127.0.0.1")
    assert not allowed("127.0.0.1:8000", "null", "127.0.0.1")
    assert not allowed("archive.example", "http://archive.example", "0.0.0.0")
    assert allowed("archive.example", "http://archive.example", "0.0.0.0", "Archive.Example")
    assert allowed("192.168.1.5:8000", "http://192.168.1.5:8000", "0.0.0.0")
    assert allowed(f"{socket.gethostname()}:8000", None, "::")
    assert allowed("archive.example:8000", None, "archive.example")
    assert not allowed("127.0.0.1:port", None, "127.0.0.1")


@pytest.mark.parametrize("bound", ["127.0.0.1", "127.0.0.9", "localhost", "::1"])
def test_this_machine_alone_needs_no_token(bound: str) -> None:
    from archive.tui.serving import Access

    access = Access.to(bound)
    assert access.has_token(None)
    assert "token" not in access.link(8000)


@pytest.mark.parametrize("bound", ["0.0.0.0", "::", "192.168.1.5", "archive.example"])
def test_everybody_else_needs_the_token_of_the_link(bound: str) -> None:
    from archive.tui.serving import Access

    access, other = Access.to(bound), Access.to(bound)
    token = access.link(8000).partition("/?token=")[2]
    assert len(token) >= 20
    assert access.has_token(token)
    assert not other.has_token(token)
    assert not any(access.has_token(wrong) for wrong in (None, "", token[:-1], "é"))


def test_links() -> None:
    from archive.tui.serving import Access

    assert Access.to("::1").link(8000) == "http://[::1]:8000"
    assert Access.to("fe80::1").link(8000).startswith("http://[fe80::1]:8000/?token=")
    assert Access.to("0.0.0.0").link(80).startswith(f"http://{socket.gethostname()}:80/?token=")


def test_a_browser_types_narrows_and_reads(browser: Any, address: str, tmp_path: Path) -> None:
    visitor = Visitor(browser, address)
    visitor.see("101 articles")
    visitor.search("trump")
    visitor.see("9 of 101 articles")
    visitor.press("ArrowDown", " Read")
    visitor.press("f", " Choose")
    visitor.press("j", "Ivanka Trump")
    visitor.press("Space", "● ")
    narrowed = visitor.page.screenshot(path=tmp_path / "narrowed.png")
    visitor.press("4", " Read")
    visitor.press("Enter", "article 1 of 9 · match 1 of 3", "put out a written statement")
    visitor.page.wait_for_timeout(300)
    assert visitor.page.screenshot(path=tmp_path / "reading.png") != narrowed
    visitor.page.close()


def test_two_visitors_do_not_disturb_each_other(browser: Any, address: str) -> None:
    one, two = Visitor(browser, address), Visitor(browser, address)
    one.see("101 articles")
    two.see("101 articles")
    two.sent.clear()
    one.search("trump")
    one.see("9 of 101 articles")
    one.press("Enter", " Read")
    one.press("Enter", "article 1 of 9")
    assert b"9 of 101" not in two.sent
    two.search("regatta")
    two.see("5 of 101 articles")
    two.press("Enter", " Read")
    two.press("O", "Occasions: everywhere")
    assert b"article 1 of" not in two.sent
    one.press("Escape", " Read")
    one.page.keyboard.press("q")  # one of them leaves
    one.until(lambda: one.has_left, "that one has left")
    two.page.mouse.click(600, 300)  # the other one goes on, with the mouse
    two.press("j", "occasion ")
    one.page.close()
    two.page.close()
