"""A search server for the tests that need one, started once a process."""

from __future__ import annotations

import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# As `archive.__main__` does: several threads that spin for a core each are slower than one. Before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

from archive import Archive


@pytest.fixture(scope="session", autouse=True)
def _private_configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or changes what the person who runs it trusts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        for name in ("URL", "USER", "PASSWORD", "API_KEY"):
            patch.delenv(f"ARCHIVE_OPENSEARCH_{name}", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _judged_once() -> Iterator[None]:
    """What the encoder says of a passage is worked out once a process: many tests index the same articles."""
    from archive.encounters.encoder.judge import PairEncoder

    answers: dict[str, Any] = {}
    judged = PairEncoder.logits

    def logits(encoder: PairEncoder, passage: Any, candidates: Any) -> Any:
        about = [each._replace(features={}, stance="", grade=None) for each in candidates]
        key = repr((id(encoder), passage, about))
        if key not in answers:
            answers[key] = judged(encoder, passage, candidates)
        return [each.copy() for each in answers[key]]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PairEncoder, "logits", logits)
        yield


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A server of the OpenSearch protocol: the one ARCHIVE_TEST_OPENSEARCH_URL names, or one in memory."""
    if named := os.environ.get("ARCHIVE_TEST_OPENSEARCH_URL"):
        yield named
        return
    server = pytest.importorskip("osmem_server").OsmemServer.start()
    yield server.url
    server.close()
    server.process.stdout.close()


Settings = Callable[..., str]


@pytest.fixture(scope="session")
def on_server(server_url: str) -> Iterator[Settings]:
    """Makes `archive.yaml` lines for indices of their own, which are gone in the end: `on_server(url, **more)`."""
    prefixes = []

    def settings(url: str = server_url, **more: object) -> str:
        prefixes.append(f"test-{secrets.token_hex(6)}")
        lines = {"engine": "opensearch", "url": url, "index_prefix": prefixes[-1], **more}
        return "".join(f"{key}: {value}\n" for key, value in lines.items())

    yield settings
    for prefix in prefixes:
        for name in _get(f"{server_url}/{prefix}-*/_alias"):
            urllib.request.urlopen(urllib.request.Request(f"{server_url}/{name}", method="DELETE")).close()


def _get(url: str) -> dict[str, object]:
    try:
        with urllib.request.urlopen(url) as answer:
            found: dict[str, object] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        error.close()
        return {}


def reopened(archive: Archive) -> Archive:
    """The same archive, as another process sees it."""
    archive.close()
    return Archive.open(Path(archive.root))
