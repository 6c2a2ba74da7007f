"""A pickle that runs a command when it is loaded, in every file that Whoosh, or anybody, would load."""

from __future__ import annotations

import pickle
import shutil
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from whoosh import query as wq

from archive import Archive, ArchiveError
from archive.cli import main
from archive.engine.local.manifest import digest_of, read_generation
from archive.engine.whoosh_compat import fallback
from archive.engine.whoosh_compat.whoosh_schema import make_schema

from .disk import read_files, write_files
from .world import sound_step, write_corpus

_COMMANDS = (["search", "pier"], ["search", "--person", "Bo Li"], ["check"], ["check", "--deep"], ["stats"],
             ["show", "marker"], ["index"], ["export"], ["similar", "marker"])  # fmt: skip
#: Files of Whoosh's own codec, which it would read if a table of contents named them.
_STOCK = ("MAIN_abcdefgh.seg", "MAIN_abcdefgh.trm", "MAIN_abcdefgh.pst", "MAIN_abcdefgh.dcz", "_MAIN_999.toc")


class _Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, sprung: Path) -> None:
        self._sprung = sprung

    def __reduce__(self) -> object:
        return Path.mkdir, (self._sprung,)


def pickles(folder: Path) -> dict[str, int]:
    """Plant the trap in each file and use the archive in every way; returns what was counted."""
    root, sprung = folder / "trapped", folder / "sprung"
    write_corpus(root, 0)
    with Archive.open(root) as archive:
        archive.index()
    index = root / "index"
    whole = read_files(index)
    trap = pickle.dumps(_Trap(sprung))
    pickle.loads(trap)  # it works
    sprung.rmdir()
    uses = 0
    for name in (*whole, *_STOCK):
        write_files(index, {**whole, name: trap})
        if name.endswith(".toc") and name in whole:
            _vouch_for(index, name)
        with Archive.open(root) as archive, suppress(ArchiveError):
            assert sound_step(archive) == 0
        _by_whoosh(root)
        for command in _COMMANDS:
            assert main(["--root", str(root), *command]) in (0, 1, 2)
            uses += 1
            assert not sprung.exists(), f"{name} was unpickled by {' '.join(command)}"
    shutil.rmtree(root)
    return {"files planted": len(whole) + len(_STOCK), "commands run": uses, "executed": 0}


def _vouch_for(index: Path, name: str) -> None:
    """Have the manifest say that the planted table of contents is the right one."""
    import json

    manifest = index / "archive.json"
    said = json.loads(json.loads(manifest.read_text())["manifest"])
    body = json.dumps({**said, "contents": digest_of(index / name)}, separators=(",", ":"))
    digest = blake2b(body.encode(), digest_size=16).hexdigest()
    manifest.write_text(json.dumps({"digest": digest, "manifest": body}) + "\n")


def _by_whoosh(root: Path) -> None:
    """A query that only Whoosh's own matchers can run."""
    with Archive.open(root) as archive, suppress(ArchiveError):
        generation = read_generation(root / "index")
        if generation is not None:
            schema = make_schema(archive.fields, archive._analyzer)
            assert len(fallback.run(root / "index", schema, generation, 0, wq.Term("id", "marker")).docs) == 1
