"""Queries made from articles: relevance feedback, and articles like one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from whoosh import query as wq

from archive.model.fields import Fields
from archive.query.combined_fields import in_any_field
from archive.query.parsed_query import HighlightTerms, ParsedQuery
from archive.query.plan import Plan

Weighted = Sequence[tuple[str, float]]


def feedback_plan(plan: Plan, articles: int) -> Plan:
    """The plan that finds the best articles for feedback: the first so many, by relevance."""
    return replace(plan, request=plan.request.replace(sort="relevance", limit=articles, offset=0, facets=()), facets=())


def expanded_plan(plan: Plan, terms: Weighted, weight: float, fields: Fields) -> Plan:
    """`plan`, also matching `terms`; the highest of their weights counts `weight` of a word of the query."""
    parsed = plan.parsed
    widened = wq.Or([parsed.tree, _any_of(terms, weight, fields)]) if terms else parsed.tree
    marks = replace(parsed.marks, words=parsed.marks.words | {term for term, _ in terms})
    return replace(plan, parsed=replace(parsed, tree=widened, marks=marks))


def similar_plan(everything: Plan, terms: Weighted, article_id: str, fields: Fields) -> Plan:
    """The plan that finds articles with `terms`, the article they come from apart."""
    tree = wq.And([_any_of(terms, 1.0, fields), wq.Not(wq.Term("id", article_id))])
    return replace(everything, parsed=ParsedQuery("", tree, (), (), HighlightTerms(words={term for term, _ in terms})))


def _any_of(terms: Weighted, share: float, fields: Fields) -> wq.Query:
    return wq.Or(
        [
            in_any_field([wq.Term(field.name, term, boost=field.boost) for field in fields.searched], share * weight)
            for term, weight in terms
        ]
    )
