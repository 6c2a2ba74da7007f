"""The plan for articles that have all of some names, in their metadata or in their text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from whoosh import query as wq

from archive.model.fields import mentioned
from archive.query.parsed_query import HighlightTerms, ParsedQuery
from archive.query.plan import Plan

#: A facet, "person" or "venue", and a canonical name in it.
Name = tuple[str, str]


def conjunction(everything: Plan, names: Iterable[Name]) -> Plan:
    """The part of a plan without a query whose articles have every name, declared or mentioned."""
    tree = wq.And([wq.Or([wq.Term(facet, name), wq.Term(mentioned(facet), name)]) for facet, name in names])
    return replace(everything, parsed=ParsedQuery("", tree, (), (), HighlightTerms()))
