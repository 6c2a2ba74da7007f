"""When the authority files have changed: the articles of the index under their new names.

Everything that it takes is stored with the articles, so that no file of the corpus is read.
"""

from __future__ import annotations

from archive.config.settings import Settings
from archive.engine.protocol import Engine, Writer
from archive.indexing.ledger import Ledger
from archive.indexing.refused import commit
from archive.names.entity_linker import Resolver
from archive.query.plan import make_plan
from archive.query.request import SearchRequest
from archive.text.analyzer import Analyzer


def resolve_again(
    resolver: Resolver, settings: Settings, engine: Engine, writer: Writer, ledger: Ledger
) -> set[str]:
    """Write anew, and commit, the articles whose names or mentions are other ones now; returns their ids."""
    everything = make_plan(SearchRequest(limit=None, facets=()), settings.fields, Analyzer(settings.language))
    changed = set()
    for article in engine.matches(everything):
        resolved = resolver.resolve(article)
        row = ledger.get(article.id) if resolved != article else None
        if row is not None:
            writer.put(resolved, row.digest, row.base, replaces=True)
            changed.add(article.id)
    if changed:
        changed -= {row.id for row in commit(writer, ledger, final=False)}
        ledger.commit(writer.generation)
    return changed
