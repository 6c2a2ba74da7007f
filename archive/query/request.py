"""What is asked of an archive: one frozen value, apart from running it; and in which forms its fields may be given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias, TypedDict, get_args

from archive.errors import LimitError, UsageError, shortened
from archive.model.choices import FacetSort, Sort
from archive.query.limits import MAX_NAME, MAX_NUMBER, MAX_VALUE, MAX_VALUES, check_length, check_number

if TYPE_CHECKING:
    from typing import Unpack

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
    all_words: bool
    expand: bool
    sort: Sort
    limit: int | None
    offset: int
    facets: Texts
    facet_limit: int | None
    facet_sort: FacetSort
    explain: bool


SORTS: tuple[Sort, ...] = get_args(Sort)
FACET_SORTS: tuple[FacetSort, ...] = get_args(FacetSort)
DEFAULT_FACETS = ("person", "venue", "year")
_LISTS = ("person", "venue", "year", "not_person", "not_venue", "missing")
_PAIRS = ("where", "not_where")
_FLAGS = ("all_people", "any_word", "all_words", "expand")
_RECORD_KEYS = ("query", *_LISTS, *_PAIRS, *_FLAGS, "sort")

#: What invalid bytes on a command line become; no text in an archive has any.
SURROGATES = re.compile("[\ud800-\udfff]")
_YEAR_RANGE = re.compile(r"(\d{1,4})?(\.\.)?(\d{1,4})?")


class YearRange(NamedTuple):
    """Years from `first` to `last`, both included; None leaves that end open."""

    first: int | None
    last: int | None

    def __contains__(self, year: object) -> bool:
        assert isinstance(year, int)
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        return f"{'' if self.first is None else self.first}..{'' if self.last is None else self.last}"

    @classmethod
    def parse(cls, text: str) -> YearRange:
        """`2016`, `2016..2020`, `2016..` or `..2020`; raises UsageError for anything else."""
        match = _YEAR_RANGE.fullmatch(text.strip())
        if not match or not (match[1] or match[3]) or (match[3] and not match[2]):
            raise UsageError(f"{shortened(text)!r} is not a year", "write 2016, 2016..2020, 2016.. or ..2020")
        first = int(match[1]) if match[1] else None
        last = (int(match[3]) if match[3] else None) if match[2] else first
        if first is not None and last is not None and first > last:
            raise UsageError(f"the years {shortened(text)!r} end before they begin", f"write {last}..{first}")
        return cls(first, last)


class Selection(NamedTuple):
    """What a request says of one facet.

    values    chosen values (exact)
    excluded  values that must not be there
    missing   whether articles without any value are chosen
    all       whether every chosen value must be there (AND) instead of any (OR)
    years     chosen ranges, for the facet `year` only
    """

    values: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    missing: bool = False
    all: bool = False
    years: tuple[YearRange, ...] = ()

    @property
    def has_filter(self) -> bool:
        """Whether anything is chosen (exclusions apart)."""
        return bool(self.values or self.missing or self.years)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. Every field may be given as a single value or any iterable of them.

    query        text in the query language; "" asks for every article that passes the filters
    person, venue, not_person, not_venue    exact facet values
    year         ints, (first, last) pairs with None for an open end, or texts like "2016..2020"
    all_people   every named person must be there, not just one of them
    where, not_where    (facet, value) pairs, or a mapping of facet to value or values
    missing      facets whose value must be absent
    any_word     one of the query's words is enough
    all_words    every word is required; by default one is enough where no article has all
    expand       add the words that mark the best articles (RM3 feedback); widens what matches
    sort         relevance (newest first when the query is empty), newest, oldest or title
    limit, offset    hits on the page, and how many to pass over; limit None means all
    facets       names of the facets to count
    facet_limit  values listed a facet, though never fewer than the chosen ones; None means all
    facet_sort   count or name
    explain      say in the answer how the request was understood

    SORT_ORDERS  the values of `sort`

    Raises UsageError for a value that cannot be meant.
    """

    SORT_ORDERS = SORTS

    query: str = ""
    person: tuple[str, ...] = ()
    venue: tuple[str, ...] = ()
    year: tuple[YearRange, ...] = ()
    not_person: tuple[str, ...] = ()
    not_venue: tuple[str, ...] = ()
    all_people: bool = False
    where: tuple[tuple[str, str], ...] = ()
    not_where: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    any_word: bool = False
    all_words: bool = False
    expand: bool = False
    sort: Sort = "relevance"
    limit: int | None = 20
    offset: int = 0
    facets: tuple[str, ...] = DEFAULT_FACETS
    facet_limit: int | None = 10
    facet_sort: FacetSort = "count"
    explain: bool = False

    if TYPE_CHECKING:  # what it takes is wider than what it holds

        def __init__(self, query: str = "", **options: Unpack[Options]) -> None: ...

    def __post_init__(self) -> None:
        for name, kept, normalize in _NORMALIZED:
            given = getattr(self, name)
            if type(given) is not tuple or given not in kept:  # most are left out
                object.__setattr__(self, name, normalize(given, name))
        if sum(map(len, _lists_of(self))) > MAX_VALUES:
            self._refuse_count()
        if not isinstance(self.query, str):
            raise UsageError(f"the query must be text, not {type(self.query).__name__}")
        if self.any_word and self.all_words:
            raise UsageError("a search has either any_word or all_words", "leave one of them out")
        for name, known, order in (("sort", SORTS, self.sort), ("facet_sort", FACET_SORTS, self.facet_sort)):
            if order not in known:
                raise UsageError(f"{name} must be one of {', '.join(known)}, not {order!r}")
        for name, value in (("limit", self.limit), ("offset", self.offset), ("facet_limit", self.facet_limit)):
            if value is None and name != "offset":
                continue
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                shown = max(value, -MAX_NUMBER) if isinstance(value, int) else value
                raise UsageError(f"{name} must be a number from 0, not {shown!r}")
            check_number(name, value)

    def _refuse_count(self) -> NoReturn:
        """Say that there is more in the request than anybody can mean."""
        given = dict(zip(_COUNTED, map(len, _lists_of(self)), strict=True))
        most = max(given, key=lambda name: given[name])
        raise LimitError(
            f"the request has {sum(given.values()):,} values, over the limit of {MAX_VALUES:,}, most of them in {most}",
            "leave some out",
        )

    @property
    def selections(self) -> dict[str, Selection]:
        """What the request says of each facet that it mentions."""
        chosen: dict[str, dict[str, None]] = {}
        excluded: dict[str, dict[str, None]] = {}
        for facet, value in (*(("person", p) for p in self.person), *(("venue", v) for v in self.venue), *self.where):
            chosen.setdefault(facet, {})[value] = None
        for facet, value in (
            *(("person", p) for p in self.not_person),
            *(("venue", v) for v in self.not_venue),
            *self.not_where,
        ):
            excluded.setdefault(facet, {})[value] = None
        names = [*chosen, *excluded, *self.missing, *(["year"] if self.year else [])]
        return {
            name: Selection(
                values=tuple(chosen.get(name, ())),
                excluded=tuple(excluded.get(name, ())),
                missing=name in self.missing,
                all=name == "person" and self.all_people,
                years=self.year if name == "year" else (),
            )
            for name in dict.fromkeys(names)
        }

    def to_record(self) -> dict[str, Any]:
        """What the request asks, as plain text, lists and mappings; fields left at their defaults are omitted.

        How much of the answer is wanted (limit, offset, facets, explain) is not part of it.
        """
        record: dict[str, Any] = {"query": self.query} if self.query else {}
        for name in _LISTS:
            if values := getattr(self, name):
                record[name] = [str(value) for value in values]
        for name in _PAIRS:
            pairs: dict[str, list[str]] = {}
            for facet, value in getattr(self, name):
                pairs.setdefault(facet, []).append(value)
            if pairs:
                record[name] = pairs
        record |= {name: "true" for name in _FLAGS if getattr(self, name)}
        return record if self.sort == "relevance" else record | {"sort": self.sort}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> SearchRequest:
        """The request of a record; raises UsageError for a key or a value that it cannot have."""
        given: dict[str, Any] = {}
        for key, value in record.items():
            if key not in _RECORD_KEYS:
                raise UsageError(f"a saved search has no {key!r}", f"it has {', '.join(('name', *_RECORD_KEYS))}")
            if key in _FLAGS:
                given[key] = str(value).casefold() in ("true", "yes")
            elif key in _PAIRS and not isinstance(value, Mapping):
                raise UsageError(f"{key} must be facets with their values, as in `{key}: {{source: Gazette}}`")
            elif key in ("query", "sort") and not isinstance(value, str):
                raise UsageError(f"{key} must be one piece of text")
            elif key == "year":
                given[key] = [value] if isinstance(value, str) else list(value)
            else:
                given[key] = value
        return cls(**given)

    def replace(self, **changes: Any) -> SearchRequest:
        """The same request with some fields changed; raises UsageError for an unknown one."""
        if unknown := changes.keys() - _FIELDS.keys():
            raise UsageError(f"a search has no {', '.join(sorted(unknown))}", f"it has {', '.join(_FIELDS)}")
        return SearchRequest(**dict(zip(_FIELDS, _values_of(self), strict=True)) | changes)


#: The names of all fields, in order, and how to get what they have.
_FIELDS = dict.fromkeys(field.name for field in fields(SearchRequest))
_values_of = attrgetter(*_FIELDS)


def _texts(value: object, name: str) -> tuple[str, ...]:
    items = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, Iterable) else (value,)
    for item in items:
        if not isinstance(item, str) or not item or item.isspace():
            raise UsageError(f"{name} must be text, not {item!r}")
        check_length(f"a value of {name}", item, MAX_VALUE if "where" in name else MAX_NAME)
    return tuple(dict.fromkeys(" ".join(SURROGATES.sub("\ufffd", item).split()) for item in items))


def _pairs(value: object, name: str) -> tuple[tuple[str, str], ...]:
    if isinstance(value, Mapping):
        return tuple((facet, text) for facet, texts in value.items() for text in _texts(texts, name))
    pairs = tuple(value) if isinstance(value, Iterable) else (value,)
    if not all(isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs):
        raise UsageError(f"{name} must be pairs of a facet and a value, not {value!r}")
    for facet, _ in pairs:
        check_length(f"a facet of {name}", facet, MAX_NAME)
    return tuple((facet, text) for facet, texts in pairs for text in _texts(texts, name))


def _years(value: object, _: str = "year") -> tuple[YearRange, ...]:
    if isinstance(value, (str, int)):
        return (YearRange.parse(_year_text(value)),)
    if isinstance(value, tuple) and len(value) == 2 and all(year is None or isinstance(year, int) for year in value):
        first, last = ("" if year is None else _year_text(year) for year in value)
        return (YearRange.parse(f"{first}..{last}"),)
    if isinstance(value, Iterable):
        return tuple(dict.fromkeys(year for item in value for year in _years(item)))
    raise UsageError(f"{value!r} is not a year", "give 2016, (2016, 2020) or '2016..2020'")


def _year_text(value: str | int) -> str:
    """A year as text; a number of so many digits that Python does not write them is no year either."""
    if isinstance(value, int):
        return str(max(-10_000, min(value, 10_000)))
    check_length("a year", value, MAX_NAME)
    return value


#: Fields that are given in several forms, each with what is as it should be already, and what makes it so.
_NORMALIZED: tuple[tuple[str, tuple[object, ...], Callable[[object, str], object]], ...] = (
    *((name, ((),), _texts) for name in ("person", "venue", "not_person", "not_venue", "missing")),
    ("facets", ((), DEFAULT_FACETS), _texts),
    *((name, ((),), _pairs) for name in _PAIRS),
    ("year", ((),), _years),
)
_COUNTED = ("person", "venue", "not_person", "not_venue", "where", "not_where", "missing", "year", "facets")
_lists_of = attrgetter(*_COUNTED)
