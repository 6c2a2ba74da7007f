"""A server that cannot hold an archive is told apart before anything is written to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.engine.opensearch.requirements import CAPABILITIES

from ...cli.support import run
from ...conftest import Settings
from ...support import make_archive
from .proxy import Proxy, Reply, Sent

#: What a request has in it that a server without the capability does not understand.
UNKNOWN = {
    "searches with exact totals": '"post_filter"',
    "patterns": '"regexp"',
    "phrases": '"span_near"',
    "terms aggregations": '"of":{"terms"',
    "filter, missing and cardinality aggregations": '"cardinality"',
    "composite aggregations": '"composite"',
    "points in time": "point_in_time",
    "multi-searches": "_msearch",
}


@pytest.fixture
def proxy(server_url: str) -> Iterator[Proxy]:
    with Proxy(server_url) as proxy:
        yield proxy


@pytest.fixture
def archive(tmp_path: Path, on_server: Settings) -> Iterator[Archive]:
    """An archive on the embedded engine, whose settings name a prefix on the server."""
    prefix = on_server().splitlines()[-1]
    records = [{"id": f"a{n}", "title": f"Number {n}", "body": "text", "people": ["P"]} for n in range(3)]
    with make_archive(tmp_path, records, f"{prefix}\n") as archive:
        yield archive


def refused(archive: Archive, proxy: Proxy) -> str:
    """The sentence in which a move is refused before anything was copied; all is as before."""
    settings = archive.root / "archive.yaml"
    before = settings.read_text()
    moved = run("--root", archive.root, "engine", "move", "--to", "opensearch", "--url", proxy.url)
    assert (moved.code, moved.out) == (2, "")
    assert "Traceback" not in moved.err
    assert not any(sent.is_bulk or "-articles" in sent.path for sent in proxy.sent if sent.method != "GET")
    created = [sent.path for sent in proxy.sent if sent.method == "PUT" and "/_" not in sent.path]
    deleted = [sent.path for sent in proxy.sent if sent.method == "DELETE"]
    assert all(path in deleted or path.endswith("-lock") for path in created)
    assert settings.read_text() == before
    assert run("--root", archive.root, "search", "text", "--output", "ids").out.split() == ["a0", "a1", "a2"]
    return moved.err.splitlines()[-1]


@pytest.mark.parametrize("lacking", UNKNOWN)
def test_what_a_server_does_not_know_is_named_before_anything_is_copied(
    archive: Archive, proxy: Proxy, lacking: str
) -> None:
    mark, kind = UNKNOWN[lacking], "parsing_exception"
    proxy.rule = lambda sent: (
        Reply.error(400, kind, f"Unknown {lacking}") if mark in sent.body or mark in sent.path else None
    )
    said = refused(archive, proxy)
    assert f"{proxy.url} (OpenSearch 3." in said
    assert f"lacks what an archive needs: {lacking}; nothing was written to it" in said


def test_every_capability_is_tried() -> None:
    assert UNKNOWN.keys() | {"conditional writes"} == CAPABILITIES.keys()


def test_a_server_that_answers_with_fewer_values_than_there_are(archive: Archive, proxy: Proxy) -> None:
    def rewrite(sent: Sent, answer: Any) -> Any:
        if '"composite"' in sent.body:
            answer["aggregations"]["of"] = {"buckets": []}
        return answer

    proxy.rewrite = rewrite
    assert "needs: composite aggregations;" in refused(archive, proxy)


def test_a_server_that_ignores_conditions_has_no_write_lock(archive: Archive, proxy: Proxy) -> None:
    def rule(sent: Sent) -> Sent | None:
        if sent.method == "PUT" and "/_doc/" in sent.path and "-probe" in sent.path:
            return Sent(sent.method, f"{sent.path.partition('?')[0]}?refresh=true", sent.body)
        return None

    proxy.rule = rule
    assert "needs: conditional writes;" in refused(archive, proxy)


def test_all_that_is_lacking_is_named(archive: Archive, proxy: Proxy) -> None:
    unknown = Reply.error(400, "illegal_argument_exception", "no handler found")
    proxy.rule = lambda sent: unknown if '"composite"' in sent.body or "_pit" in sent.path else None
    proxy.rewrite = lambda sent, answer: (
        answer | {"version": {"number": "6.8.0", "build_flavor": "oss"}} if "version" in answer else answer
    )
    said = refused(archive, proxy)
    assert "(Elasticsearch 6.8.0) lacks what an archive needs: composite aggregations, points in time;" in said


def test_an_index_is_not_begun_on_such_a_server_either(tmp_path: Path, proxy: Proxy, on_server: Settings) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Text\n", "utf-8")
    (tmp_path / "archive.yaml").write_text(on_server(proxy.url), "utf-8")
    proxy.rule = lambda sent: Reply.error(400, "parsing_exception", "?") if '"composite"' in sent.body else None
    indexed = run("--root", tmp_path, "index")
    assert indexed.code == 2
    assert "lacks what an archive needs: composite aggregations;" in indexed.err
    proxy.heal()
    assert run("--root", tmp_path, "index").code == 0
