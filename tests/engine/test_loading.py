"""What a search loads: each engine its own modules, and neither of them what only other Whoosh programs need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..conftest import Settings
from ..support import make_archive

#: A search with facets, a pattern and a suggestion; then the modules there are.
SEARCH = """
import sys
from archive import Archive
with Archive.open(sys.argv[1], trust=True) as archive:
    assert archive.search("alph*", facets=("person", "year")).total == 1
    assert archive.search("person:ann", sort="newest").total == 1
    assert archive.facet("person", "an").values
    assert archive.search("alpah").suggestions
print(*sys.modules)
"""


def loaded_by_a_search(root: Path, settings: str = "") -> set[str]:
    """The modules that a process has after it searched an archive in `root`."""
    record = {"id": "a", "title": "Alpha", "body": "alpha beta", "people": ["Ann Other"], "date": "1999"}
    make_archive(root, [record], settings).close()
    searched = subprocess.run([sys.executable, "-c", SEARCH, root], stdout=subprocess.PIPE, text=True, check=True)
    return set(searched.stdout.split())


def within(modules: set[str], package: str) -> set[str]:
    return {name for name in modules if name == package or name.startswith(f"{package}.")}


def test_a_search_server_needs_nothing_of_the_embedded_engine(tmp_path: Path, on_server: Settings) -> None:
    modules = loaded_by_a_search(tmp_path, on_server())
    assert "archive.engine.opensearch.engine" in modules
    for package in ("archive.engine.local", "archive.engine.whoosh_compat", "zstandard"):
        assert within(modules, package) == set()


def test_the_embedded_engine_needs_no_search_server_and_not_what_whoosh_reads_it_by(tmp_path: Path) -> None:
    modules = loaded_by_a_search(tmp_path)
    assert "archive.engine.local.engine" in modules
    assert within(modules, "archive.engine.whoosh_compat") == {"archive.engine.whoosh_compat"}  # its door alone
    for package in ("archive.engine.opensearch", "opensearchpy", "whoosh.codec.base", "whoosh.searching"):
        assert within(modules, package) == set()


def test_a_search_loads_nothing_that_writes_reports_or_discovers(tmp_path: Path) -> None:
    modules = loaded_by_a_search(tmp_path)
    for package in (
        *("archive.engine.local.writer", "archive.engine.local.segment_writer", "archive.engine.local.segment.merger"),
        *("archive.engine.local.segment.builder", "archive.indexing", "archive.saved", "archive.names.discovery"),
        *(
            "archive.names.audit",
            "archive.encounters.encounters",
            "archive.corpus.formats",
            "archive.config.user_state",
        ),
    ):
        assert within(modules, package) == set(), package
