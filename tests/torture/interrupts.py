"""Ctrl-C and SIGTERM at any moment of any command: a sentence, the status, no lock, and the archive as it was."""

from __future__ import annotations

import signal
from pathlib import Path

from archive import Archive

from .kills import Moments, running
from .world import sound_step, stray_files, write_corpus

_SIZE = 1_000
_ENDS = {signal.SIGINT: (130, "archive: interrupted; "), signal.SIGTERM: (143, "archive: terminated; ")}
#: Commands, and whether what they leave is to be of the corpus as it was or as it is.
_COMMANDS = (
    ("index",), ("index", "--full", "--jobs", "2"), ("add", "one.txt", "two.txt"), ("check", "--deep"), ("export",),
    ("search", "pier", "--facets", "person,venue"), ("names", "suggest"),
)  # fmt: skip


def interrupt(folder: Path, *, signals: int, size: int = _SIZE) -> dict[str, int]:
    """Send so many signals, in turn to each command; returns what was counted."""
    root = folder / "interrupted"
    write_corpus(root, 0, size)
    with Archive.open(root) as archive:
        archive.index()
    for name in ("one", "two"):
        (root / f"{name}.txt").write_text(f"{name.title()}\n\nSomething {name}.")
    moments = Moments(0.3)
    for arguments in _COMMANDS if signals > len(_COMMANDS) else ():
        with running(root, *arguments, loaded=False) as command:
            moments.learn(arguments, command.ended())
    counts = {"signals": 0, "hit a command": 0}
    held = 0
    for number in range(signals):
        arguments = _COMMANDS[number % len(_COMMANDS)]
        sent = (signal.SIGINT, signal.SIGTERM)[number // len(_COMMANDS) % 2]
        step = next(step for step in (number % 12 + 1, 0) if step != held)
        write_corpus(root, step, size)
        with running(root, *arguments, loaded=False) as command:
            moments.wait(arguments)
            command.process.send_signal(sent)
            seconds = command.ended()
        status, said = _ENDS[sent]
        hit = command.process.returncode == status
        moments.learn(arguments, None if hit else seconds)
        about = f"{sent.name} to {' '.join(arguments)}: {command.process.returncode}, {command.err}"
        assert hit or command.process.returncode in (0, 1), about
        lines = [line for line in command.err.splitlines() if not line.startswith(str(root))]  # `add` names its files
        assert not hit or (len(lines) == 1 and lines[0].startswith(said)), about
        counts["signals"] += 1
        counts["hit a command"] += hit
        with Archive.open(root) as archive:
            found = sound_step(archive, size)
            assert found in (held, step), f"the answers are of step {found}, not {held} or {step}"
            archive.index()  # no lock is in the way
            held = sound_step(archive, size)
            assert held == step
            assert not archive.check()
            for article_id in command.out.split() if "add" in arguments else ():
                assert "Something" in archive.get(article_id).body
        assert not stray_files(root / "index")
    return counts | {"lost": 0}
