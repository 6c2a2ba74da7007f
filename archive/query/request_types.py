"""In which forms the fields of a SearchRequest may be given: for type checkers, who alone load this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypedDict

Texts: TypeAlias = str | Iterable[str]
Year: TypeAlias = int | str | tuple[int | None, int | None]
Years: TypeAlias = Year | Iterable[Year]
Pairs: TypeAlias = Mapping[str, Texts] | Iterable[tuple[str, Texts]]


class Options(TypedDict, total=False):
    """Every field of a SearchRequest but the query."""

    person: Texts
    venue: Texts
    year: Years
    not_person: Texts
    not_venue: Texts
    all_people: bool
    where: Pairs
    not_where: Pairs
    missing: Texts
    any_word: bool
    expand: bool
    sort: str
    limit: int | None
    offset: int
    facets: Texts
    facet_limit: int | None
    facet_sort: str
    explain: bool
