"""Whether two engines hold the same archive: the same articles, and the same counts."""

from __future__ import annotations

from archive.engine.protocol import Engine
from archive.model.fields import Fields
from archive.query.plan import Plan

_NAMED = 3


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
        found.append(f"{facet.name} is counted otherwise" + (f": {_listed(wrong)}" if wrong else ""))
    if one.histogram(everything, 10) != other.histogram(everything, 10):
        found.append("articles are dated otherwise")
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
