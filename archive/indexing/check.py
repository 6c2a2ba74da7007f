"""Whether the index can be trusted and says what the corpus says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from archive.config.settings import CORPUS_DIR, Settings
from archive.corpus.formats.registry import digest
from archive.corpus.scan import Source, scan
from archive.engine.protocol import Engine
from archive.errors import IndexUnusableError
from archive.indexing.migrate import differences
from archive.indexing.sources import SourceState, SourceTable
from archive.model.reports import CheckIssue
from archive.names.authority.authority_files import FILES
from archive.names.authority.records import load_names
from archive.query.plan import make_plan
from archive.query.request import SearchRequest
from archive.query.synonyms import SynonymsFile
from archive.text.analyzer import Analyzer
from archive.util.quoting import quote_path

_REBUILD = "rebuild it with `archive index --full`"
_UPDATE = "run `archive index`"
_NAMED = 3


def check(
    root: Path, settings: Settings, engine: Engine, other: Engine | None = None, *, deep: bool
) -> tuple[CheckIssue, ...]:
    """What is wrong with the index, or differs from the corpus; empty when all is well.

    other  the engine that the archive was copied from, or may have been: while nothing
           has changed since, the two must agree
    deep   read every byte of the index and of the corpus, not only what it takes to open and to count
    """
    try:
        engine.generation()  # raises where there is one, and it is damaged
        if not engine.exists:
            return (CheckIssue("there is no index for this version and these settings", _UPDATE),)
        if faults := engine.verify(deep=deep):
            return tuple(CheckIssue(fault, _REBUILD, damage=True) for fault in faults)
        sources = engine.sources()
        if sources is None:
            return (CheckIssue("an indexing run did not finish, or ran on another machine", _UPDATE),)
        table = SourceTable.load(sources)
        if not _holds(engine, table, deep=deep):
            return (CheckIssue("the index and its table of sources disagree", _REBUILD, damage=True),)
    except IndexUnusableError as error:
        return (CheckIssue(error.what, _REBUILD, damage=True),)
    findings = []
    if other is not None and _is_mirrored(other, table):
        fields = settings.fields
        request = SearchRequest(facet_limit=None, limit=None)
        everything = make_plan(request, fields, Analyzer(None))
        for difference in differences(other, engine, everything, fields):
            what = f"compared with the engine it was moved from: {difference}"
            findings.append(CheckIssue(what, _REBUILD, damage=True))
    if table.names != load_names(root, links_outside=settings.links_outside).digest:
        findings.append(CheckIssue(f"{' or '.join(FILES.values())}: changed since", _UPDATE))
    synonyms = SynonymsFile(root, Analyzer(settings.language), links_outside=settings.links_outside).load()
    findings += [
        CheckIssue(f"{quote_path(each.path)}{f':{each.line}' if each.line else ''}: {each.what}", each.remedy)
        for each in synonyms.problems
    ]
    findings += _reviews(root, engine, table)
    found_now = scan(root / CORPUS_DIR, root, links_outside=settings.links_outside)
    found, known = {source.path: source for source in found_now.sources}, table.sources
    new = [path for path in found if path not in known]
    gone = [path for path in known if path not in found]
    changed = [path for path, source in found.items() if path in known and _differs(source, known[path], deep=deep)]
    for paths, what in ((new, "not indexed yet"), (gone, "indexed, but deleted since"), (changed, "changed since")):
        if paths:
            findings.append(CheckIssue(f"{_listed(sorted(paths))}: {what}", _UPDATE))
    return tuple(findings)


def _is_mirrored(other: Engine, table: SourceTable) -> bool:
    """Whether the index was copied from that of another engine, and neither has changed since."""
    generation = table.mirrored_generation
    return generation is not None and other.exists and other.generation() == generation


def _holds(engine: Engine, table: SourceTable, *, deep: bool) -> bool:
    """Whether the index has as many articles as the table says, if `deep` of every file."""
    if not deep:
        return engine.article_count() == table.article_count
    held = Counter(entry.path for entry in engine.entries())
    return held == {path: state.articles for path, state in table.sources.items() if state.articles}


def _differs(source: Source, known: SourceState, *, deep: bool) -> bool:
    """Whether a file holds something else than what was indexed; unless `deep`, an equal stamp is believed."""
    try:
        return (deep or known.stamp != source.stamp) and known.digest != digest(source)
    except OSError:
        return True


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(map(quote_path, paths[:_NAMED])) + more


def _reviews(root: Path, engine: Engine, table: SourceTable) -> Iterator[CheckIssue]:
    """What is wrong in sightings.yaml: records that cannot be read, and those of paragraphs that have changed."""
    from archive.encounters.reviews import load_reviews, verdicts_on_reviews

    reviews = load_reviews(root)
    for problem in reviews.problems:
        yield CheckIssue(f"{quote_path(problem.path)}:{problem.line}: {problem.what}", problem.remedy)
    if reviews.digest != table.reviews:
        yield CheckIssue("corpus/sightings.yaml: changed since", _UPDATE)
    for each, verdict in verdicts_on_reviews(reviews, engine.get):
        if verdict == "gone":
            yield CheckIssue(f"corpus/sightings.yaml: there is no article {each.article!r}", "remove the record")
        elif verdict == "changed":
            what = f"the paragraph of {each.article} has changed since it was reviewed"
            remedy = "review it again, and remove the old record"
            yield CheckIssue(f"corpus/sightings.yaml:{each.line}: {what}", remedy, article=each.article)
