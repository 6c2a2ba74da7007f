"""What selections leave of the matches: filters for the hits, and for each facet those around its counts.

What is chosen of one facet does not narrow its own counts (unless all of it must be there), so
choices become a filter after the query (`post_filter`) and, for each facet, a filter around its
counts made of what is chosen of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.engine.opensearch.search_client import Body, is_any, is_missing
from archive.engine.schema import facet_field
from archive.model.fields import Field
from archive.query.plan import Plan
from archive.query.request import Selection


class FacetFilters:
    """What the selections of a plan leave of what its text matches, as a whole and facet by facet.

    query   the text, what is excluded, and what is chosen of facets that are not counted
    post    the other choices, for hits and total
    """

    def __init__(self, plan: Plan, text: Body, facet: Callable[[str], Field], counted: Sequence[str]) -> None:
        self._plan = plan
        kept: list[Body] = []
        self._chosen: dict[str, Body] = {}
        without = [
            is_any(facet_field(facet(name)), selection.excluded)
            for name, selection in plan.selections.items()
            if selection.excluded
        ]
        for name, selection in plan.selections.items():
            if selection.has_filter:
                choice = _choice(facet(name), selection)
                if selection.all or name not in counted:
                    kept.append(choice)
                else:
                    self._chosen[name] = choice
        self.query: Body = {"bool": {"must" if plan.by_relevance else "filter": [text]}}
        self.query["bool"].setdefault("filter", []).extend(kept)
        if without:
            self.query["bool"]["must_not"] = without
        self.post = list(self._chosen.values())

    @property
    def whole(self) -> Body:
        """Everything as one query."""
        return _both(self.query, self.post)

    def around(self, name: str) -> list[Body]:
        """What is chosen of the other facets."""
        return [choice for other, choice in self._chosen.items() if other != name]

    def scope(self, name: str) -> Body:
        """The query over which the values of a facet are counted."""
        return _both(self.query, self.around(name))


def _both(query: Body, filters: list[Body]) -> Body:
    return {"bool": {"filter": [query, *filters]}} if filters else query


def _choice(facet: Field, selection: Selection) -> Body:
    """The articles that a selection lets through."""
    field = facet_field(facet)
    if selection.all and selection.values:
        every: list[Body] = [{"term": {field: value}} for value in selection.values]
        return {"bool": {"filter": [*every, is_missing(field)] if selection.missing else every}}
    ways: list[Body] = [is_any(field, selection.values)] if selection.values else []
    for years in selection.years:
        ends = {"gte": years.first} if years.first is not None else {}
        ways.append({"range": {facet.name: ends | ({"lte": years.last} if years.last is not None else {})}})
    if selection.missing:
        ways.append(is_missing(field))
    return {"bool": {"should": ways, "minimum_should_match": 1}}
