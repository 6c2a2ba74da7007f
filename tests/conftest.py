"""What is made once for many tests: a search server in each process; archives and judged passages for all of them."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
import secrets
import shutil
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# As `archive.__main__` does: several threads that spin for a core each are slower than one. Before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A hundred commands in processes of their own need not compile the package a hundred times, nor pytest its tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import pytest
from hypothesis import settings as hypothesis_settings

from archive import Archive

from .support import REPOSITORY

sys.dont_write_bytecode = False


def _work_in_memory(memory: str = "/dev/shm", room: int = 4_000_000_000) -> None:
    """Make temporary folders where no test waits for a disk: archives are written and synced by the thousand."""
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < room:
        return
    if not os.statvfs(memory).f_flag & os.ST_NOEXEC:  # tests write small programs, too
        os.environ["TMPDIR"] = tempfile.tempdir = memory


_work_in_memory()


def pytest_collection_finish() -> None:
    """Leave the tests themselves, some hundred thousand objects, out of every collection of garbage that follows."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # most of what is made here goes without being looked for


# What is generated is checked for what it gives; on a busy machine anything may take long once.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _private_configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or changes what the person who runs it trusts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        for name in ("URL", "USER", "PASSWORD", "API_KEY"):
            patch.delenv(f"ARCHIVE_OPENSEARCH_{name}", raising=False)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, the same in each of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _judged_once(shared_folder: Path) -> Iterator[None]:
    """What the rules and the encoder say of a passage is worked out once: many tests index the same articles."""
    from archive.encounters import judging
    from archive.encounters.encoder.judge import PairEncoder, load_judge

    folder = shared_folder / "judged"
    folder.mkdir(exist_ok=True)
    answers: dict[str, Any] = {}
    judged = PairEncoder.logits

    def logits(encoder: PairEncoder, passage: Any, candidates: Any) -> Any:
        from numpy import array, float32

        judge = load_judge()
        if judge is None or encoder is not vars(judge).get("_encoder"):
            return judged(encoder, passage, candidates)  # one that a test has made
        about = [each._replace(features={}, stance="", grade=None) for each in candidates]
        key = hashlib.sha256(repr((judge.version, passage, about)).encode("utf-8", "surrogatepass")).hexdigest()
        if key not in answers:
            path = folder / key
            if not path.exists():
                rows = [each.tolist() for each in judged(encoder, passage, candidates)]
                written = folder / f"{key}.{os.getpid()}"
                written.write_text(json.dumps(rows))
                written.replace(path)
            answers[key] = [array(row, float32) for row in json.loads(path.read_text())]
        return [each.copy() for each in answers[key]]

    told: dict[object, Any] = {}
    genuine = judging.judge

    def judge(title: str, body: str, date: str | None, mentions: Any, **options: Any) -> Any:
        options["styles"] = tuple(options.get("styles", ()))
        if options.get("pair_judge") not in (None, load_judge()):
            return genuine(title, body, date, mentions, **options)  # one that a test has made
        key = (title, body, date, tuple(mentions), *sorted(options.items(), key=lambda option: option[0]))
        if key not in told:
            told[key] = genuine(title, body, date, mentions, **options)
        return told[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PairEncoder, "logits", logits)
        patch.setattr(judging, "judge", judge)
        yield


Build = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def built_once(shared_folder: Path) -> Build:
    """Has a folder filled by the first process that needs it: `built_once(name, fill)`. Nothing may change it then."""

    def built(name: str, fill: Callable[[Path], None]) -> Path:
        folder = shared_folder / "built" / name
        folder.mkdir(parents=True, exist_ok=True)
        finished = folder.with_suffix(".finished")
        with folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not finished.exists():
                fill(folder)
                finished.touch()
        return folder

    return built


@pytest.fixture(scope="session")
def indexed_demonstration(built_once: Build) -> Path:
    """A copy of the demonstration, indexed, without settings; not to be changed."""

    def fill(root: Path) -> None:
        shutil.copytree(REPOSITORY / "corpus", root / "corpus")
        with Archive.open(root) as archive:
            assert archive.index().problems == ()

    return built_once("demonstration", fill)


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
