"""Every experiment by its name, in a short form and a long one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.engine.local.writer import _MERGED_TOGETHER

from .adding import adding
from .crashes import crash
from .damage import damage
from .interrupts import interrupt
from .kills import full, kill
from .load import Generated, load
from .pickles import pickles
from .planted import planted
from .questions import questions, texts
from .together import together
from .trust import trust
from .visitors import visitors

Counts = dict[str, int]


def _crash(folder: Path, long: bool) -> Counts:
    return crash(folder, every=1, variants=12) if long else crash(folder, every=12, variants=2)


def _damage(folder: Path, long: bool) -> Counts:
    return damage(folder, flips=1_000, truncations=300) if long else damage(folder, flips=36, truncations=18)


def _kill(folder: Path, long: bool) -> Counts:
    return kill(folder, kills=200, size=1_500) if long else kill(folder, kills=2, size=60)


def _interrupt(folder: Path, long: bool) -> Counts:
    return interrupt(folder, signals=140) if long else interrupt(folder, signals=7, size=60)


def _full(folder: Path, long: bool) -> Counts:
    return full(folder, sizes=50, every=1) if long else full(folder, sizes=1, every=30)


def _load(folder: Path, long: bool) -> Counts:
    if long:
        return load(folder, Generated(), seconds=300, processes=4, threads=2, pause=1.0)
    return load(folder, Generated(), seconds=1.0, processes=1, threads=4)


def load_papers(folder: Path, *, minutes: float) -> Counts:
    """The load test on the papers, which must be there; segments are merged as in any archive."""
    from .papers import Papers

    about = {"seconds": 60 * minutes, "processes": 4, "threads": 2}
    return load(folder, Papers(), **about, optimize_every=30, merged_together=_MERGED_TOGETHER)  # type: ignore[arg-type]


def _questions(folder: Path, long: bool) -> Counts:
    about = {"articles": 20_000, "characters": 4_000_000} if long else {"articles": 100, "characters": 30_000}
    return questions(folder, **about)


def _texts(_: Path, long: bool) -> Counts:
    return texts(characters=1_250_000, doublings=3) if long else texts(characters=2_000, doublings=1)


#: What each of them shows stands at the head of its module.
EXPERIMENTS: dict[str, Callable[[Path, bool], Counts]] = {
    "crash": _crash,
    "damage": _damage,
    "kill": _kill,
    "interrupt": _interrupt,
    "adding": lambda folder, _: adding(folder),
    "full": _full,
    "pickles": lambda folder, _: pickles(folder),
    "planted": lambda folder, long: planted(folder, every=long),
    "visitors": lambda folder, _: visitors(folder),
    "load": _load,
    "questions": _questions,
    "texts": _texts,
    "together": lambda folder, long: together(folder, pairs=200 if long else 3),
    "trust": lambda folder, _: trust(folder),
}
