"""Copying an archive from one engine to another, and comparing the two: articles and counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from archive.config.settings import ENGINES, Settings, with_lines, write_lines
from archive.config.trust import named_servers, trust_also
from archive.engine.protocol import Engine
from archive.errors import IndexUnusableError, UsageError
from archive.indexing.sources import SourceTable
from archive.model.fields import Fields
from archive.model.reports import IndexReport, Progress
from archive.query.plan import Plan

_NAMED = 3


def move(root: Path, settings: Settings, to: str, url: str, copy: Callable[[Settings], IndexReport]) -> IndexReport:
    """Carry the archive in `root` over to the engine `to`, on the server at `url` if that is not empty.

    copy   copies what the index holds into that of other settings, as `migrate` does; archive.yaml changes after it

    Raises UsageError for an engine that is in use or unknown, SettingsError where archive.yaml wants more of that
    server than to be used.
    """
    if to not in ENGINES or to == settings.engine:
        others = " or ".join(engine for engine in ENGINES if engine != settings.engine)
        raise UsageError(f"this archive is on {settings.engine}", f"it can be moved to {others}, not {to!r}")
    moved = (with_lines(root, {"url": url}) if url else settings).with_engine(to)
    servers = named_servers(root, settings, moved) if url else ()
    report = copy(moved)
    if url:
        trust_also(root, servers)
    write_lines(root, {"engine": to} | ({"url": url} if url else {}))
    return report


def migrate(
    source: Engine,
    target: Engine,
    everything: Plan,
    fields: Fields,
    progress: Callable[[Progress], None] | None = None,
) -> IndexReport:
    """Make `target` hold what `source` holds, with its table of sources, and compare the two.

    The source stays as it is. Raises IndexUnusableError if its table of sources is lost, if the target
    does not take all articles, or if the two differ in the end.
    """
    started = time.perf_counter()
    total = source.article_count() or 1
    committed = source.sources()
    if committed is None:
        raise IndexUnusableError("an indexing run did not finish", "run `archive index` first")
    table = SourceTable.load(committed)
    table.mirrored_generation = source.generation()
    added = 0
    with target.writer(rebuild=True) as writer:
        writer.begin()
        for article, entry in source.documents():
            writer.add_document(article, entry.digest, entry.requested_id, replaces=False)
            added += 1
            if progress:
                progress(Progress(added, added / total, time.perf_counter() - started))
        if rejected := writer.flush():
            first = rejected[0]
            raise IndexUnusableError(
                f"{len(rejected):,} articles were rejected, such as {first.entry.id!r} ({first.why})",
                "nothing was changed here",
            )
        writer.commit(table.dump(), final=True)
    if found := differences(source, target, everything, fields):
        raise IndexUnusableError(f"the copy differs: {'; '.join(found)}", "nothing was changed here")
    return IndexReport(added=added, seconds=time.perf_counter() - started)


def differences(one: Engine, other: Engine, everything: Plan, fields: Fields) -> list[str]:
    """What `other` has otherwise than `one`: one sentence each, none if they agree.

    everything   the plan that finds all articles and lists all values of every facet
    """
    found = _entries(one, other)
    for facet in (field for field in fields if field.facet):
        here, there = (engine.facet(everything, facet.name, "") for engine in (one, other))
        if here == there:
            continue
        counts, others = ({value.value: value.count for value in result.values} for result in (here, there))
        wrong = sorted(value for value in counts.keys() | others.keys() if counts.get(value) != others.get(value))
        found.append(f"{facet.name} has other counts" + (f": {_listed(wrong)}" if wrong else ""))
    if one.histogram(everything, 10) != other.histogram(everything, 10):
        found.append("articles have other dates")
    return found


def _entries(one: Engine, other: Engine) -> list[str]:
    """Articles that only one of them has, or that differ."""
    held = {entry.id: entry.digest for entry in one.entries()}
    count, new, changed = 0, [], []
    for entry in other.entries():
        count += 1
        digest = held.pop(entry.id, None)
        if digest is None:
            new.append(entry.id)
        elif digest != entry.digest:
            changed.append(entry.id)
    said = [
        f"{len(ids):,} articles {what}: {_listed(ids)}"
        for ids, what in ((sorted(held), "are missing"), (new, "are not here"), (changed, "are of another content"))
        if ids
    ]
    if one.article_count() != other.article_count() or other.article_count() != count:
        said.append(f"{one.article_count():,} articles here are {other.article_count():,} there")
    return said


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else "")
