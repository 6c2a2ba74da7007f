"""`archive engine`: carried over and back, compared, and undone where anything would be lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive

from ..conftest import Settings
from ..engine.opensearch.proxy import Proxy
from .support import REPOSITORY, run


@pytest.fixture
def root(tmp_path: Path, on_server: Settings, server_url: str) -> Path:
    """The demonstration archive on Whoosh, its server named by nothing but a prefix yet."""
    shutil.copytree(REPOSITORY / "corpus", tmp_path / "corpus")
    prefix = on_server().splitlines()[-1]
    (tmp_path / "archive.yaml").write_text(f"# mine\nfacets: [source]\n{prefix}\n", "utf-8")
    return tmp_path


@pytest.fixture
def proxy(server_url: str) -> Iterator[Proxy]:
    with Proxy(server_url) as proxy:
        yield proxy


def counts(root: Path) -> object:
    with Archive.open(root) as archive:
        page = archive.search("theatre OR fire", limit=None, facet_limit=None)
        return {hit.id for hit in page.hits}, page.facets


def test_there_and_back(root: Path, server_url: str) -> None:
    before = counts_after_index(root)
    assert run("--root", root, "engine").out == "whoosh\n"
    moved = run("--root", root, "engine", "move", "--to", "opensearch", "--url", server_url)
    assert moved.code == 0, moved.err
    assert moved.out.startswith("101 articles moved from whoosh to opensearch in ")
    assert "goes back" in moved.err
    assert (root / "archive.yaml").read_text().startswith("# mine\nfacets: [source]\nindex_prefix: ")
    assert run("--root", root, "engine").out.startswith(f"opensearch at {server_url}, indices test-")
    assert counts(root) == before
    assert run("--root", root, "index").out.startswith("101 unchanged")
    assert run("--root", root, "check").code == 0
    assert run("--root", root, "engine", "move", "--to", "whoosh").code == 0
    assert counts(root) == before
    assert run("--root", root, "check").code == 0


def counts_after_index(root: Path) -> object:
    assert run("--root", root, "index").code == 0
    return counts(root)


def test_check_compares_the_two_while_neither_changed(root: Path, server_url: str) -> None:
    counts_after_index(root)
    run("--root", root, "engine", "move", "--to", "opensearch", "--url", server_url)
    with Archive.open(root) as archive:
        engine = archive._engine
        call, alias = engine._connection.call, f"/{archive.settings.remote.prefix}-articles"
        found = call("GET", f"{alias}/_doc/halcyon-fire-gazette")["_source"]
        changed = archive.get("halcyon-fire-gazette")
        document = engine._mapping.document(changed, found["article"]["digest"], found["article"]["base"])
        call("PUT", f"{alias}/_doc/halcyon-fire-gazette", document | {"date_key": 19010101}, {"refresh": "true"})
    checked = run("--root", root, "check")
    assert checked.code == 2
    assert "moved from: articles have other dates" in " ".join(checked.out.split())
    (root / "corpus" / "new.md").write_text("# New\n\nSomething else.\n", "utf-8")
    assert run("--root", root, "index").code == 0
    assert "carried over" not in run("--root", root, "check").out  # they may differ now


def test_nothing_is_changed_where_something_is_lost(root: Path, proxy: Proxy) -> None:
    counts_after_index(root)
    text = (root / "archive.yaml").read_text()

    def losing(sent: object, answer: dict[str, object]) -> dict[str, object]:
        items = answer.get("items", [])
        assert isinstance(items, list)
        for item in items:
            if item.get("index", {}).get("_id") == "halcyon-fire-gazette":
                item["index"] |= {"status": 400, "error": {"type": "x", "reason": "no such thing"}}
        return answer

    proxy.rewrite = losing
    moved = run("--root", root, "engine", "move", "--to", "opensearch", "--url", proxy.url)
    assert moved.code == 2
    assert "'halcyon-fire-gazette' (no such thing)" in moved.err
    assert (root / "archive.yaml").read_text() == text
    assert run("--root", root, "check").code == 0
    proxy.heal()
    assert run("--root", root, "engine", "move", "--to", "opensearch", "--url", proxy.url).code == 0


def test_what_cannot_be_meant(root: Path) -> None:
    counts_after_index(root)
    for arguments, why in (
        (("move",), "--to is missing"),
        (("move", "--to", "whoosh"), "this archive is on whoosh; it can be moved to opensearch"),
        (("move", "--to", "opensearch"), "needs url:"),
        (("move", "--to", "opensearch", "--url", "nowhere"), "is not an address"),
        (("--to", "whoosh"), "belong to `archive engine move`"),
    ):
        ended = run("--root", root, "engine", *arguments)
        assert ended.code == 2
        assert why in ended.err
