"""How an article writes the names that it has."""

from __future__ import annotations

from archive.model.article import Article
from archive.text.analyzer import fold

#: The keys of an article that hold names, by facet.
FACET_KEYS = {"person": "people", "venue": "venues"}


def aliases_used(article: Article) -> dict[str, str]:
    """Names of an article that it writes otherwise: canonical name -> as declared, or as first found."""
    if not (article.declared or article.mentions):
        return {}
    written: dict[str, str] = {}
    for key in FACET_KEYS.values():
        for name, canonical in article.declared.get(key, {}).items():
            written.setdefault(canonical, name)
    if detected := article.detected:
        for mention in article.mentions:
            if FACET_KEYS[mention.facet] in detected:
                written.setdefault(mention.name, mention.text)
    named = (*article.people, *article.venues)
    return {name: written[name] for name in named if name in written and fold(written[name]) != fold(name)}
