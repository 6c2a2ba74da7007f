"""The app in a browser: types, narrows and reads; and a server that answers nobody else's page."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
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


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_it_answers_its_own_page_only(address: str) -> None:
    assert status(address) == 200
    assert status(address, Host="evil.example") == 403
    assert status(f"{address}/ws", Origin="http://evil.example") == 403
    assert status(address, Origin=address) == 200


def test_who_is_allowed() -> None:
    from archive.tui.serving import allowed

    assert allowed("127.0.0.1:8000", None, "127.0.0.1")
    assert allowed("localhost:8000", "http://localhost:8000", "127.0.0.1")
    assert allowed("[::1]:8000", "http://[::1]:8000", "::1")
    assert not allowed("rebound.example:8000", "http://rebound.example:8000", "127.0.0.1")
    assert not allowed("127.0.0.1:8000", "http://127.0.0.1:9000", "127.0.0.1")
    assert not allowed("127.0.0.1:8000", "null", "127.0.0.1")
    assert allowed("archive.example", "http://archive.example", "0.0.0.0")


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
        see("article 1 of 9 · hit 1 of 3")
        see("put out a written statement")
        page.wait_for_timeout(300)
        assert page.screenshot(path=tmp_path / "reading.png") != narrowed
        browser.close()
