"""Modules planted in every folder of an archive, one for each name that is imported: no command runs one of them.

The names are those that every process of a genuine run asked for, found or not, children and the
app behind `serve` included.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple

from archive.cli.command_registry import COMMANDS

from ..support import REPOSITORY, free_port

_PAGE = "<html><head><title>The {}</title></head><body><p>Ann Lee came to the pier with Bo Ray.</p></body></html>"
#: Packages of other people, to find the folders that they are installed in.
_FOREIGN = ("click", "numpy", "whoosh", "yaml", "textual", "trafilatura", "pypdfium2", "textual_serve", "watchfiles")
_SCRIPT = "#!{}\nimport sys\nfrom archive.__main__ import command\nsys.exit(command())\n"
#: Put on the path of a virtual environment by a .pth file: every interpreter there writes down what it imports.
_RECORDER = """
import os, sys
_log = os.open({!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
class Recorder:
    def find_spec(self, name, path=None, target=None):
        os.write(_log, name.encode() + b"\\n")
os.write(_log, "\\n".join([*sys.modules, *sys.builtin_module_names, ""]).encode())
sys.meta_path.insert(0, Recorder())
"""
_TRAP = "with open({!r}, 'a') as marker: marker.write(__file__ + '\\n')\n"

#: Every command, with arguments that make it do its work.
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "init": ("init", "{new}"),
    "add": ("add", "{page}"),
    "index": ("index", "--full", "--jobs", "3"),
    "search": ("search", "pier"),
    "facets": ("facets", "person"),
    "seen": ("seen", "Ann Lee", "--certificate"),
    "occasions": ("occasions",),
    "with": ("with", "Ann Lee"),
    "timeline": ("timeline",),
    "similar": ("similar", "the-gala"),
    "serve": ("serve",),
    "tui": ("tui",),
    "show": ("show", "the-gala"),
    "export": ("export", "--format", "bibtex"),
    "quote": ("quote", "the-gala", "Ann Lee"),
    "verify": ("verify", "{quotes}"),
    "names": ("names", "suggest"),
    "saved": ("saved", "list"),
    "stats": ("stats",),
    "check": ("check", "--deep"),
    "engine": ("engine",),
    "trust": ("trust",),
    "completion": ("completion", "bash"),
}
#: How those end that find nothing, or no terminal.
_STATUS = {"tui": (2,), "saved": (0, 1), "names": (0, 1), "verify": (0, 1)}


class Installation(NamedTuple):
    """A way to have the program: what runs it, and the variables that this takes."""

    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str] = {}

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command with `folder` as the working directory; its standard input is empty."""
        return subprocess.run(
            [*self.command, *arguments],
            cwd=folder, env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """The variables of a person who has set none for Python or for this program."""
        usual = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ARCHIVE_"))}
        return usual | {"PYTHONDONTWRITEBYTECODE": "1", **self.variables}


def install(folder: Path, recorded: Path) -> list[Installation]:
    """Install the program into environments of its own: as a copy, as a link to the checkout, and not at all."""
    installations = []
    for kind in ("installed", "editable", "checkout"):
        site = _environment(folder / kind, recorded)
        if kind == "installed":
            shutil.copytree(REPOSITORY / "archive", site / "archive")
        if kind == "editable":
            (site / "archive.pth").write_text(f"{REPOSITORY}\n")
        python = folder / kind / "bin" / "python"
        script = python.with_name("archive")
        script.write_text(_SCRIPT.format(python))
        script.chmod(0o755)
        if kind == "checkout":
            about = {"PYTHONPATH": str(REPOSITORY)}
            installations.append(Installation(kind, (str(python), "-P", "-m", "archive"), about))
        else:
            installations.append(Installation(kind, (str(script),)))
    return installations


def _environment(folder: Path, recorded: Path) -> Path:
    """A virtual environment that has what the program depends on, and writes down what is imported; its packages."""
    venv.create(folder, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(folder), "platbase": str(folder)}))
    shared = dict.fromkeys(str(Path(importlib.import_module(name).__file__ or "").parents[1]) for name in _FOREIGN)
    (site / "zz_shared.pth").write_text("\n".join((*shared, "import record_imports", "")))
    (site / "record_imports.py").write_text(_RECORDER.format(str(recorded)))
    return site


class World:
    """An archive that is planted with modules, and all that is to be run in it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.sprung = folder / "planted", folder / "sprung"
        self._new, self._page = folder / "new", folder / "page.html"
        self._quotes = folder / "quotes.txt"
        self._page.write_text(_PAGE.format("Page"))
        self._quotes.write_text("> Ann Lee came\n  the-gala#p1 sha256:0123456789abcdef\n")
        (self.root / "corpus" / "sub").mkdir(parents=True)
        (self.root / "corpus" / "gala.html").write_text(_PAGE.format("Gala"))
        (self.root / "corpus" / "sub" / "ball.html").write_text(_PAGE.format("Ball"))
        (self.root / "corpus" / "people.yaml").write_text("- name: Ann Lee\n- name: Bo Ray\n")
        self.installations = install(folder, folder / "recorded")
        self.names = self._recorded(folder / "recorded")
        trap = folder / "trap.py"
        trap.write_text(_TRAP.format(str(self.sprung)))
        self.folders = [self.root, *(path for path in sorted(self.root.rglob("*")) if path.is_dir())]
        for place in self.folders:
            (place / "archive").mkdir()
            os.link(trap, place / "archive" / "__init__.py")
            (place / "planted.pth").write_text(f"import sys; open({str(self.sprung)!r}, 'a').write('planted.pth')\n")
            for name in self.names:
                os.link(trap, place / f"{name}.py")

    def _recorded(self, recorded: Path) -> list[str]:
        """Every name that is imported by a run with all its processes, or that an attacker would try anyway."""
        for command in ("index", "serve"):
            self.run(self.installations[0], self.root, command)
        names = {name.partition(".")[0] for name in recorded.read_text().split()}
        return sorted(name for name in names | {"sitecustomize", "usercustomize"} if name.isidentifier())

    def run(self, installation: Installation, folder: Path, name: str) -> None:
        """Run a command in a folder; it must end as it always does, and run no planted module."""
        places = {"new": str(self._new), "page": str(self._page), "quotes": str(self._quotes)}
        arguments = [each.format_map(places) for each in _ARGUMENTS[name]]
        if name == "search":
            (self.root / "index" / "archive.json").unlink(missing_ok=True)  # it builds the index first
        if name == "serve":
            asyncio.run(_serve(installation, folder))
            self._see_nothing_ran(installation, folder, name)
            return
        done = installation.run(folder, *arguments)
        self._see_nothing_ran(installation, folder, name)
        about = f"{installation.name}, {folder}: {' '.join(arguments)}: {done.returncode}, {done.stderr}"
        assert done.returncode in _STATUS.get(name, (0,)), about
        assert "Traceback" not in done.stderr, about
        shutil.rmtree(self._new, ignore_errors=True)

    def _see_nothing_ran(self, installation: Installation, folder: Path, name: str) -> None:
        ran = self.sprung.read_text() if self.sprung.exists() else ""
        assert not ran, f"{installation.name}: `archive {name}` in {folder} ran {ran}"


def planted(folder: Path, *, every: bool) -> dict[str, int]:
    """Run every command of each installation in every folder, or those that start processes in some; counts them."""
    world = World(folder)
    assert set(_ARGUMENTS) == set(COMMANDS)
    _unguarded(world)
    runs: Iterable[tuple[Installation, Path, str]]
    if every:
        runs = product(world.installations, world.folders, _ARGUMENTS)
    else:
        installed, editable, checkout = world.installations
        root, corpus, *_, index = world.folders[0], world.root / "corpus", world.root / "index"
        runs = ((installed, root, "index"), (editable, corpus, "add"), (checkout, index, "search"),
                (installed, index, "search"), (checkout, root, "add"), (editable, root, "serve"))  # fmt: skip
    count = 0
    for installation, place, name in runs:
        world.run(installation, place, name)
        count += 1
    return {"modules planted": len(world.names) * len(world.folders), "commands run": count, "code run": 0}


def _unguarded(world: World) -> None:
    """See that the modules are such that they would run."""
    subprocess.run([sys.executable, "-c", "import archive, json"], cwd=world.root, check=True)
    assert {f"{world.root}/archive/__init__.py", f"{world.root}/json.py"} <= {*world.sprung.read_text().splitlines()}
    world.sprung.unlink()


async def _serve(installation: Installation, folder: Path) -> None:
    """Start the server, and wait until the app behind it has drawn something."""
    from aiohttp import ClientSession, WSMsgType

    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *installation.command, "serve", "--port", str(port),
        cwd=folder, env=installation.environment(), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60), ClientSession() as session:
            (url,) = re.findall(r"http://\S+", (await process.stderr.readline()).decode())
            await listens(port)
            async with session.ws_connect(f"{url}/ws") as page:
                async for message in page:
                    if message.type == WSMsgType.BINARY and b"articles" in message.data:
                        return
            raise AssertionError("the app has ended")
    finally:
        process.terminate()
        await process.wait()


async def listens(port: int) -> None:
    """Wait until something listens on a port of this machine."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return
