"""Whether the index can be trusted and says what the corpus says."""

from __future__ import annotations

from pathlib import Path

from archive.config.settings import CORPUS_DIR, Settings
from archive.corpus.formats.registry import digest
from archive.corpus.scan import Source, scan
from archive.engine.protocol import Engine
from archive.errors import IndexUnusableError
from archive.indexing.compare import differences
from archive.indexing.ledger import Known, Ledger
from archive.indexing.sealed import is_sealed
from archive.model.reports import Finding
from archive.names.authority.records import FILES, load_names
from archive.query.plan import make_plan
from archive.query.request import SearchRequest
from archive.text.analyzer import Analyzer

_REBUILD = "rebuild it with `archive index --full`"
_UPDATE = "run `archive index`"
_NAMED = 3


def check(
    root: Path, settings: Settings, engine: Engine, ledger_path: Path, other: Engine | None = None, *, deep: bool
) -> tuple[Finding, ...]:
    """What is wrong with the index, or differs from the corpus; empty when all is well.

    other  the engine that the archive was carried over from, or may have been: while nothing
           has changed since, the two must agree
    deep   read every byte of the index and of the corpus, not only what it takes to open and to count
    """
    try:
        engine.generation()  # raises where there is one, and it is damaged
        if not engine.exists:
            return (Finding("there is no index of this version and these settings", _UPDATE),)
        if faults := engine.verify(deep=deep):
            return tuple(Finding(fault, _REBUILD, damage=True) for fault in faults)
        held = {entry.id: entry.digest for entry in engine.entries()} if deep else engine.article_count()
    except IndexUnusableError as error:
        return (Finding(str(error).partition("; run ")[0], _REBUILD, damage=True),)
    if deep and ledger_path.exists() and not is_sealed(ledger_path):
        return (Finding(f"{ledger_path.name} is not what the last run left", _UPDATE, damage=True),)
    with Ledger(ledger_path) as ledger:
        if ledger.generation != engine.generation():
            return (Finding("an indexing run did not finish", _UPDATE),)
        if held != (dict(ledger.ids()) if deep else ledger.indexed_count()):
            return (Finding("the index holds other articles than the last run wrote", _REBUILD, damage=True),)
        known, names, twin = ledger.sources(), ledger.names, ledger.twin
    findings = []
    if other is not None and twin is not None and other.exists and other.generation() == twin:
        fields = settings.fields
        request = SearchRequest(facet_limit=None, limit=None)
        everything = make_plan(request, fields, Analyzer(None))
        for difference in differences(other, engine, everything, fields):
            what = f"compared with the engine it was carried over from: {difference}"
            findings.append(Finding(what, _REBUILD, damage=True))
    if names != load_names(root, links_outside=settings.links_outside).digest:
        findings.append(Finding(f"{' or '.join(FILES.values())}: changed since", _UPDATE))
    found_now = scan(root / CORPUS_DIR, root, links_outside=settings.links_outside)
    found = {source.path: source for source in found_now.sources}
    new = [path for path in found if path not in known]
    gone = [path for path in known if path not in found]
    changed = [path for path, source in found.items() if path in known and _differs(source, known[path], deep=deep)]
    for paths, what in ((new, "not indexed yet"), (gone, "indexed but gone"), (changed, "changed since")):
        if paths:
            findings.append(Finding(f"{_listed(sorted(paths))}: {what}", _UPDATE))
    return tuple(findings)


def _differs(source: Source, known: Known, *, deep: bool) -> bool:
    """Whether a file holds something else than what was indexed; unless `deep`, an equal stamp is believed."""
    try:
        return (deep or known.stamp != source.stamp) and known.digest != digest(source)
    except OSError:
        return True


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more
