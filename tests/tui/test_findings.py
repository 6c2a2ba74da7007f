"""The certificate of a question, what check and audit find, and a stale index, on the screen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import Archive, SearchRequest
from archive.render.encounter_text import certificate_record
from archive.tui.screens.certificates import CertificateScreen
from archive.tui.screens.findings import FindingList, FindingsScreen, audit_findings, check_findings
from archive.tui.screens.reader import ReaderScreen
from archive.tui.screens.search import SearchScreen
from tests.tui.support import Driver, drive
from tests.tui.test_people import IVANKA, TRUMP, open_person


def test_a_certificate_is_read_copied_and_exported(
    demo: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    record = certificate_record(demo.certificate(IVANKA))

    async def scenario(app: Driver) -> None:
        await app.press("escape", "C")
        assert isinstance(app.app.screen, CertificateScreen)
        assert f"Certificate: {IVANKA}" in app.text()
        await app.press("y")
        assert record["digest"] in app.app.clipboard.replace("\n", "")
        await app.press("e", "ctrl+a", "ctrl+k")
        await app.type("one.pdf")
        await app.press("enter")
        assert "Its ending has to be .json or .txt" in app.text()
        await app.press("ctrl+a", "ctrl+k")
        await app.type("one.json")
        await app.press("enter")
        assert json.loads((tmp_path / "one.json").read_text())["digest"] == record["digest"]
        await app.press("e", "ctrl+a", "ctrl+k")
        await app.type("one.json")
        await app.press("enter")
        assert "nothing is overwritten" in app.text()
        await app.press("escape", "escape")
        assert isinstance(app.app.screen, SearchScreen)
        await open_person(app)
        await app.press("C")
        assert isinstance(app.app.screen, CertificateScreen)

    drive(scenario, demo, TRUMP)


def test_nobody_is_chosen_to_be_certified(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape", "C")
        assert isinstance(app.app.screen, SearchScreen)

    drive(scenario, demo)


def test_what_is_found_leads_to_the_article(own: Archive) -> None:
    (own.root / "corpus" / "zz-new.md").write_text("Nothing much.\n")
    checked, audited = check_findings(own), tuple(audit_findings(own))
    assert any("zz-new.md" in each.what for each in checked)
    assert audited

    async def scenario(app: Driver) -> None:
        await app.press("escape", "E")
        assert isinstance(app.app.screen, FindingsScreen)
        listed = app.app.screen.query_one(FindingList)
        assert tuple(listed.items) == (*checked, *audited)
        assert "zz-new.md" in app.text()
        listed.cursor = len(checked)
        await app.press("enter")
        assert isinstance(app.app.screen, ReaderScreen)
        assert app.view.article.id == audited[0].article
        await app.press("J")
        assert app.view.article.id == audited[1].article
        await app.press("escape")
        assert isinstance(app.app.screen, FindingsScreen)

    drive(scenario, own)


def test_a_stale_index_is_said_and_updated(own: Archive) -> None:
    (own.root / "corpus" / "zz-new.md").write_text("Zyzzyva harbour.\n")

    async def scenario(app: Driver) -> None:
        await app.press("escape")
        await app.until(lambda: "1 file changed since the index was made — i updates it" in app.text())
        await app.press("i")
        await app.until(lambda: "changed since" not in app.status.notice and own.search("zyzzyva").total)
        await app.settle()
        assert "1 file changed" not in app.text()

    drive(scenario, own)


def test_what_may_be_meant_beside_any_word_answers_has_a_key(demo: Archive) -> None:
    async def scenario(app: Driver) -> None:
        await app.press("escape")
        assert app.search.controller.result is not None
        best = app.search.controller.result.page.suggestions[0]
        assert f"did you mean “{best.query}”? ({best.total:,}; d)" in app.text()
        await app.press("d")
        assert app.request.query == best.query
        assert app.total == best.total

    drive(scenario, demo, SearchRequest("kardashan birthday"))
