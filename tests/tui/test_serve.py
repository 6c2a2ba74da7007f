"""The app in a browser: types, narrows and reads; and a server that answers nobody else's page."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import free_port
from tests.tui.support import CORPUS

pytest.importorskip("textual_serve")

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture
def address(demo_root: Path, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(CORPUS.parent), "XDG_STATE_HOME": str(tmp_path)}
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


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_browser_types_narrows_and_reads(address: str, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        sent = bytearray()

        def listen(connection: Any) -> None:
            connection.on(
                "framereceived", lambda frame: sent.extend(frame if isinstance(frame, bytes) else frame.encode())
            )

        def see(text: str) -> None:
            """Wait until the app has sent a text to the page."""
            for _ in range(150):
                if text.encode() in sent:
                    return
                page.wait_for_timeout(100)
            raise AssertionError(f"{text!r} was never shown")

        page.on("websocket", listen)
        page.goto(address)
        see("101 articles")
        page.mouse.click(300, 30)
        page.keyboard.type("trump", delay=20)
        see("9 of 101 articles")
        for key, hint in (("ArrowDown", " Read"), ("f", " Choose"), ("j", ""), ("Space", "● ")):
            page.keyboard.press(key)
            see(hint)  # the next key is for the panel that has the focus then
        see("Ivanka Trump")
        narrowed = page.screenshot(path=tmp_path / "narrowed.png")
        for key in ("4", "Enter"):
            page.keyboard.press(key)
        see("article 1 of 9 · match 1 of 3")
        see("put out a written statement")
        page.wait_for_timeout(300)
        assert page.screenshot(path=tmp_path / "reading.png") != narrowed
        browser.close()


class Visitor:
    """A page of a browser on the served app, and what the app has sent to it since it was last forgotten."""

    def __init__(self, browser: Any, address: str) -> None:
        self.page = browser.new_page(viewport={"width": 1200, "height": 800})
        self.sent = bytearray()
        self.page.on("websocket", self._listen)
        self.page.goto(address)

    def _listen(self, connection: Any) -> None:
        connection.on(
            "framereceived", lambda frame: self.sent.extend(frame if isinstance(frame, bytes) else frame.encode())
        )

    def see(self, *texts: str) -> None:
        """Wait until the app has sent some texts."""
        for _ in range(300):
            if all(text.encode() in self.sent for text in texts):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{texts!r} were never shown")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_two_visitors_do_not_disturb_each_other(address: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        one, two = Visitor(browser, address), Visitor(browser, address)
        one.see("101 articles")
        two.see("101 articles")
        two.sent.clear()
        one.page.mouse.click(300, 30)
        one.page.keyboard.type("trump", delay=20)
        one.see("9 of 101 articles")
        one.press("Enter", "Enter")
        one.see("article 1 of 9")
        assert b"9 of 101" not in two.sent
        two.page.mouse.click(300, 30)
        two.page.keyboard.type("regatta", delay=20)
        two.see("5 of 101 articles")
        two.sent.clear()
        two.press("Enter")
        two.see(" Read")  # the next key is for the list of results then
        two.press("O")
        two.see("Occasions: everywhere")
        assert b"article 1 of" not in two.sent
        one.sent.clear()
        one.press("Escape", "q")  # one of them leaves
        two.sent.clear()
        two.page.mouse.click(600, 300)  # the other one goes on, with the mouse
        two.press("j")
        two.see("occasion ")
        browser.close()
