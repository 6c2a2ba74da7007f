"""What networks and clusters do: nothing is lost, nothing is doubled, and a sentence says what is wrong."""

from __future__ import annotations

import json
import random
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, EngineUnavailableError, IndexLockedError, IndexUnusableError
from archive.engine.opensearch import bulk, connection, indices, lease
from archive.indexing import run
from archive.query import limits

from ...cli import support as command
from ...conftest import Settings, reopened
from ...support import ids, write_records
from .proxy import Hang, Proxy, Reply, Reset, Sent

COUNT = 60
WHOLE = {f"a{n}" for n in range(COUNT)}
BUSY = Reply.error(429, "rejected_execution_exception", "queue is full")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short pauses and small requests, so that there are many of them."""
    monkeypatch.setattr(connection, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(bulk, "_LARGEST", 6_000)
    monkeypatch.setattr(bulk, "_SMALLEST", 500)


@pytest.fixture
def proxy(server_url: str) -> Iterator[Proxy]:
    with Proxy(server_url) as proxy:
        yield proxy


@pytest.fixture
def archive(tmp_path: Path, proxy: Proxy, on_server: Settings) -> Iterator[Archive]:
    """An archive behind the proxy, not indexed yet."""
    (tmp_path / "archive.yaml").write_text(on_server(proxy.url, timeout=5), "utf-8")
    write(tmp_path)
    with Archive.open(tmp_path) as archive:
        yield archive


def write(root: Path, text: str = "text") -> None:
    records = [
        {"id": f"a{n}", "title": f"Number {n}", "body": f"{text} word{n}", "people": [f"P{n % 7}"], "date": "1990"}
        for n in range(COUNT)
    ]
    write_records(root / "corpus" / "a.jsonl", records)


def whole(archive: Archive) -> None:
    """All articles are there once, and the index says what the corpus says."""
    archive = reopened(archive)
    assert ids(archive) == WHOLE
    assert archive.search().total == COUNT
    assert sum(value.count for value in archive.search().facets["person"].values) == COUNT
    assert archive.check() == ()


def failing(archive: Archive, *arguments: str) -> str:
    """The sentence with which a command ends in status 2."""
    ended = command.run("--root", str(archive.root), *arguments)
    assert ended.code == 2
    assert ended.out == ""
    (line,) = ended.err.strip().splitlines()[-1:]
    assert line.startswith(("archive: the ", "archive: only "))
    assert "Traceback" not in ended.err
    assert "unexpected" not in ended.err
    return line


def test_connection_refused(tmp_path: Path, on_server: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "archive.yaml").write_text(on_server(f"http://127.0.0.1:{port}"), "utf-8")
    write(tmp_path)
    for arguments in (("search", "text"), ("index",), ("check",), ("stats",)):
        said = failing(Archive.open(tmp_path), *arguments)
        assert f"http://127.0.0.1:{port} refuses connections" in said
        assert "url: in archive.yaml" in said


@pytest.mark.parametrize("after", [False, True])
def test_a_reset_amid_bulk_requests(archive: Archive, proxy: Proxy, after: bool) -> None:
    chance = random.Random(3)

    def rule(sent: Sent) -> None:
        if sent.is_bulk and chance.random() < 0.4:
            raise Reset(after)

    proxy.rule = rule
    assert archive.index().added == COUNT
    proxy.heal()
    whole(archive)


def test_a_storm_of_429_passes(archive: Archive, proxy: Proxy) -> None:
    chance = random.Random(5)
    stormy = lambda sent: BUSY if sent.is_bulk and chance.random() < 0.5 else None  # noqa: E731
    proxy.rule = stormy
    assert archive.index().added == COUNT
    assert sum(sent.is_bulk for sent in proxy.sent) > 6
    proxy.heal()
    whole(archive)


def test_a_storm_that_does_not_pass_is_resumed(archive: Archive, proxy: Proxy) -> None:
    taken = iter(range(6))
    proxy.rule = lambda sent: BUSY if sent.is_bulk and next(taken, None) is None else None
    said = failing(archive, "index")
    assert "is overloaded (queue is full)" in said
    assert "again later" in said
    proxy.heal()
    assert reopened(archive).index().added == COUNT
    whole(archive)


def test_some_documents_of_a_request_have_to_wait(archive: Archive, proxy: Proxy) -> None:
    chance = random.Random(8)

    def rewrite(sent: Sent, answer: Any) -> Any:
        for item in answer.get("items", ()) if sent.is_bulk else ():
            for result in item.values():
                if chance.random() < 0.3:  # as if it had not been taken: it is sent again
                    result |= {"status": 429, "error": {"type": "rejected", "reason": "queue is full"}}
        return answer

    proxy.rewrite = rewrite
    archive.index()
    write(archive.root, "changed")
    assert archive.index().updated == COUNT
    proxy.heal()
    whole(archive)
    assert ids(archive, "changed") == WHOLE


def test_an_article_that_is_never_taken_is_named_and_tried_again(archive: Archive, proxy: Proxy) -> None:
    why = {"type": "mapper_parsing_exception", "reason": "immense term"}

    def rewrite(sent: Sent, answer: Any) -> Any:
        for item in answer.get("items", ()) if sent.is_bulk else ():
            if item.get("index", {}).get("_id") in ("a7", "a8"):
                item["index"] |= {"status": 400, "error": why}
        return answer

    proxy.rewrite = rewrite
    report = archive.index()
    assert report.added == COUNT - 2
    assert [(problem.path, problem.line) for problem in report.problems] == [
        ("corpus/a.jsonl", 8),
        ("corpus/a.jsonl", 9),
    ]
    assert "immense term" in report.problems[0].what
    assert ids(archive) == WHOLE - {"a7", "a8"}
    assert archive.check() == ()
    kept = archive.root / "index" / "refused.jsonl"
    assert [json.loads(line)["id"] for line in kept.read_text().splitlines()] == ["a7", "a8"]
    proxy.heal()
    report = archive.index()
    assert (report.added, report.updated, report.problems) == (0, 2, ())
    assert not kept.exists()
    whole(archive)


def test_no_answer_in_time(archive: Archive, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.index()
    settings = archive.root / "archive.yaml"
    settings.write_text(settings.read_text().replace("timeout: 5", "timeout: 1"))
    monkeypatch.setattr(connection, "TRIES", 2)

    def rule(sent: Sent) -> None:
        if sent.is_search:
            raise Hang

    proxy.rule = rule
    assert "did not answer within 1 seconds" in failing(archive, "search", "text")


def test_a_server_that_hangs_does_not_keep_a_question_beyond_its_time(
    archive: Archive, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.index()
    monkeypatch.setattr(limits, "MAX_SECONDS", 0.3)
    monkeypatch.setattr(connection, "_LEAST_PATIENCE", 0.1)
    hung: list[Sent] = []

    def rule(sent: Sent) -> None:
        if sent.is_search:
            hung.append(sent)
            raise Hang

    proxy.rule = rule
    assert "the answer of the search server takes longer than 0.3 seconds" in failing(archive, "search", "text")
    assert len(hung) == 1


def test_a_red_index(archive: Archive, proxy: Proxy) -> None:
    archive.index()
    proxy.rule = lambda sent: (
        Reply.error(503, "search_phase_execution_exception", "all shards failed") if sent.is_search else None
    )
    said = failing(archive, "search", "text")
    assert "all shards failed" in said
    assert "red" in said
    proxy.heal()
    proxy.rewrite = lambda sent, answer: answer | {"status": "red"} if "health" in sent.path else answer
    said = failing(archive, "check")
    assert "is red" in said
    assert "allocation/explain" in said
    proxy.heal()
    whole(archive)


def test_an_answer_of_some_of_the_shards_is_none(archive: Archive, proxy: Proxy) -> None:
    archive.index()
    failed = {"total": 2, "successful": 1, "failed": 1}
    proxy.rewrite = lambda sent, answer: answer | {"_shards": failed} if sent.is_search else answer
    assert "only some shards of" in failing(archive, "search", "text")
    proxy.rewrite = lambda sent, answer: answer | {"timed_out": True} if sent.is_search else answer
    assert "only some shards of" in failing(archive, "search", "text")
    with pytest.raises(EngineUnavailableError):
        list(archive.articles("text"))


def test_a_rebuild_that_is_cut_off_leaves_the_old_index_and_goes_on(
    archive: Archive, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.index()
    write(archive.root, "newer")
    monkeypatch.setattr(run, "_BATCH_ARTICLES", 20)
    refreshed = 0

    def rule(sent: Sent) -> Reply | None:
        nonlocal refreshed
        refreshed += "_refresh" in sent.path
        return BUSY if refreshed >= 2 and sent.is_bulk else None

    proxy.rule = rule
    failing(archive, "index", "--full")
    proxy.heal()
    assert ids(archive, "text") == WHOLE  # as before, without a moment's gap
    assert [finding.damage for finding in archive.check()] == [False]
    archive.index(full=True)
    written = [line for sent in proxy.sent if sent.is_bulk for line in re.findall(r'"index": \{[^}]*"a\d+"', sent.body)]
    assert len(written) == COUNT - 40  # two batches of twenty were kept
    whole(archive)
    assert ids(archive, "newer") == WHOLE
    assert ids(archive, "text") == set()


@pytest.mark.parametrize("full", [False, True])
def test_what_a_rebuild_that_was_cut_off_wrote_goes_by_the_names_of_now(
    archive: Archive, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    named(archive, "Before")
    archive.index()
    named(archive, "Then")
    monkeypatch.setattr(run, "_BATCH_ARTICLES", 20)
    refreshed = 0

    def rule(sent: Sent) -> Reply | None:
        nonlocal refreshed
        refreshed += "_refresh" in sent.path
        return BUSY if refreshed >= 2 and sent.is_bulk else None

    proxy.rule = rule
    failing(archive, "index", "--full")
    proxy.heal()
    if full:
        named(archive, "Now")
    archive.index(full=full)
    whole(archive)
    people = {value.value for value in archive.search().facets["person"].values}
    assert people == {"Now" if full else "Then", *(f"P{n}" for n in range(6))}


def named(archive: Archive, name: str) -> None:
    """Have one of the people go by another name."""
    (archive.root / "corpus" / "people.yaml").write_text(f"- {{name: {name}, aliases: [P6]}}\n", "utf-8")


def test_an_article_that_is_not_taken_under_its_new_names(archive: Archive, proxy: Proxy) -> None:
    archive.index()
    named(archive, "Later")

    def rewrite(sent: Sent, answer: Any) -> Any:
        for item in answer.get("items", ()) if sent.is_bulk else ():
            if item.get("index", {}).get("_id") == "a6":
                item["index"] |= {"status": 400, "error": {"type": "x", "reason": "immense term"}}
        return answer

    proxy.rewrite = rewrite
    report = archive.index()
    assert ["immense term" in problem.what for problem in report.problems] == [True]
    assert ids(archive) == WHOLE - {"a6"}
    assert archive.check() == ()
    proxy.heal()
    assert archive.index().problems == ()
    whole(archive)
    assert ids(archive, person="Later") == {f"a{n}" for n in range(6, COUNT, 7)}


def test_optimizing_takes_the_server_as_long_as_it_takes(
    archive: Archive, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indices, "_ASKED_EVERY", 0.001)
    answers = [{"completed": False}, {"completed": False}, {"completed": True}]
    proxy.rewrite = lambda sent, answer: {"task": "node:7"} if "_forcemerge" in sent.path else answer
    proxy.rule = lambda sent: Reply(200, answers.pop(0)) if sent.path.startswith("/_tasks/node") else None
    assert archive.index(optimize=True).added == COUNT
    assert answers == []
    answers = [{"completed": True, "error": {"type": "x", "reason": "no space left"}}]
    said = failing(archive, "index", "--optimize")
    assert "was not optimized (no space left)" in said
    proxy.heal()
    whole(archive)


def test_an_update_that_is_cut_off_is_finished_by_the_next(archive: Archive, proxy: Proxy) -> None:
    archive.index()
    write(archive.root, "newer")
    taken = iter(range(4))
    proxy.rule = lambda sent: BUSY if sent.is_bulk and next(taken, None) is None else None
    failing(archive, "index")
    proxy.heal()
    write(archive.root)  # and the corpus goes back to what the table of sources knew
    archive.index()
    whole(archive)
    assert ids(archive, "text") == WHOLE


def test_what_was_sent_and_is_gone_from_the_corpus_goes_with_the_next_run(archive: Archive, proxy: Proxy) -> None:
    """A run is cut off after the server took articles of a new file, and before anybody could see them."""
    archive.index()
    new = archive.root / "corpus" / "new.jsonl"
    write_records(new, [{"id": f"b{n}", "title": f"New {n}", "body": "new"} for n in range(COUNT)])
    taken = iter(range(4))
    proxy.rule = lambda sent: BUSY if sent.is_bulk and next(taken, None) is None else None
    failing(archive, "index")
    proxy.heal()
    new.unlink()
    before = len(proxy.sent)
    archive.index()
    asked = ["refresh" if "_refresh" in sent.path else "search" for sent in proxy.sent[before:]
             if "_refresh" in sent.path or sent.is_search]  # fmt: skip
    assert asked[0] == "refresh"  # the server of this test shows everything at once; others do not
    whole(archive)
    archive.index(full=True)
    whole(archive)


def test_two_machines_that_index_the_same_archive(archive: Archive, tmp_path: Path) -> None:
    """Each finds that the table of sources is the other's, reads all files, and sends nothing again."""
    archive.index()
    shutil.copytree(archive.root, tmp_path / "other", ignore=shutil.ignore_patterns("other"))
    with Archive.open(tmp_path / "other", trust=True) as other:
        assert other.check() == ()  # a table that was copied with the corpus is as good
        (other.root / "corpus" / "a.jsonl").touch()
        write_records(other.root / "corpus" / "b.jsonl", [{"id": "b", "title": "B", "body": "b"}])
        assert other.index().added == 1
        unknown = "an indexing run did not finish, or ran on another machine; run `archive index`"
        assert [str(finding) for finding in reopened(archive).check()] == [unknown]
        assert set(archive.changed_sources(archive.articles()).values()) == {"unknown"}
        assert archive.stats().sources == 2
        report = archive.index()
        assert (report.added, report.updated, report.unchanged, report.removed) == (0, 0, COUNT, 1)
        whole(archive)
        assert [str(finding) for finding in reopened(other).check()] == [unknown]
    for root in (archive.root, tmp_path / "other"):
        assert len(list((root / "index").glob("*.sources"))) == 1


def test_a_rebuild_ends_by_a_swap_although_its_answer_is_lost(archive: Archive, proxy: Proxy) -> None:
    archive.index()
    lost = iter(range(2))

    def rule(sent: Sent) -> None:
        if sent.path.startswith("/_aliases") and next(lost, None) is not None:
            raise Reset(after=True)

    proxy.rule = rule
    archive.index(full=True)
    proxy.heal()
    whole(archive)
    names = archive._engine._connection.call("GET", f"/{archive.settings.remote.prefix}-*/_alias")
    assert len(names) == 3  # articles, words and the lock: nothing is left behind


def test_a_writer_that_was_killed_is_waited_for_and_followed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_SECONDS", 0.3)
    killed = lease.Lease(archive._engine._connection)
    killed.acquire()
    killed._stopped.set()  # its thread renews nothing any more
    with pytest.raises(IndexLockedError, match="process"):
        archive.index()
    lease.time.sleep(0.4)
    assert archive.index().added == COUNT


def test_a_writer_that_lost_its_lease_stops(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_RENEWED_EVERY", 0.01)
    with archive._engine.writer(rebuild=True) as writer:
        writer.begin()
        archive._engine._connection.call("DELETE", f"/{archive.settings.remote.prefix}-lock/_doc/writer")
        lease.time.sleep(0.1)
        with pytest.raises(IndexLockedError):
            writer.commit(b"", final=True)
    assert not archive.has_index


def test_an_index_that_goes_away(archive: Archive, proxy: Proxy) -> None:
    archive.index()
    walk = archive.articles("")
    next(walk)
    gone = Reply.error(404, "index_not_found_exception", "no such index")
    proxy.rule = lambda sent: gone if sent.is_search else None
    with pytest.raises(IndexUnusableError, match="archive index"):
        archive.search("text")
    lost = Reply.error(404, "search_context_missing_exception", "No search context")
    proxy.rule = lambda sent: lost if sent.is_search else None
    with pytest.raises(IndexUnusableError, match="was replaced"):
        list(archive.articles(""))


def test_no_search_server_at_all(archive: Archive, proxy: Proxy) -> None:
    proxy.rule = lambda sent: Reply(401, None)
    ended = command.run("--root", str(archive.root), "search", "x")
    assert ended.code == 2
    assert "ARCHIVE_OPENSEARCH_PASSWORD" in ended.err
    proxy.rule = lambda sent: Reply.error(403, "security_exception", "no permissions")
    assert "does not let this user" in failing(archive, "search", "x")


def test_elasticsearch_is_spoken_to_as_it_likes(archive: Archive, proxy: Proxy) -> None:
    def rule(sent: Sent) -> Sent | Reply | None:
        if "point_in_time" in sent.path:
            return Reply.error(400, "illegal_argument_exception", "no handler found")
        if sent.path.startswith("/_pit"):
            return Sent("DELETE", "/_search/point_in_time", json.dumps({"pit_id": [json.loads(sent.body)["id"]]}))
        return Sent(sent.method, sent.path.replace("/_pit", "/_search/point_in_time"), sent.body)

    def rewrite(sent: Sent, answer: Any) -> Any:
        if "version" in answer:
            answer["version"] = {"number": "8.17.0", "build_flavor": "default"}
        return answer | {"id": answer["pit_id"]} if sent.path.endswith("keep_alive=5m") else answer

    proxy.rule, proxy.rewrite = rule, rewrite
    assert archive.index().added == COUNT
    assert {article.id for article in archive.articles("")} == WHOLE
    assert any("_pit" in sent.path for sent in proxy.sent)
    assert archive.check() == ()
