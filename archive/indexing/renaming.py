"""When the authority files have changed: the articles of the index under their new names.

Everything that it takes is stored with the articles, so that no file of the corpus is read.
"""

from __future__ import annotations

from archive.config.settings import Settings
from archive.engine.protocol import Engine, Writer
from archive.indexing.ledger import Ledger
from archive.indexing.refused import commit
from archive.model.article import Problem
from archive.names.entity_linker import Resolver, names_not_sought
from archive.query.plan import make_plan
from archive.query.request import SearchRequest
from archive.text.analyzer import Analyzer


def resolve_again(
    resolver: Resolver, settings: Settings, engine: Engine, writer: Writer, ledger: Ledger
) -> set[str]:
    """Write anew, and commit, the articles whose names or mentions are other ones now; returns their ids."""
    everything = make_plan(SearchRequest(limit=None, facets=()), settings.fields, Analyzer(settings.language))
    changed = set()
    problems = set(ledger.problems())
    for article in engine.matches(everything):
        said: list[Problem] = []
        resolved = resolver.resolve(article, said.append)
        if (problem := names_not_sought(article)) in problems:
            ledger.drop_problem(problem)
        for problem in said:
            ledger.add_problem(article.path, problem)
        row = ledger.get(article.id) if resolved != article else None
        if row is not None:
            writer.put(resolved, row.digest, row.base, replaces=True)
            changed.add(article.id)
    if changed:
        changed -= {row.id for row in commit(writer, ledger, final=False)}
        ledger.commit(writer.generation)
    return changed
