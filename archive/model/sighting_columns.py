"""The sightings of many articles as arrays: what questions about people are answered from without reading articles.

Names and dates are numbers of tables; the rows of one article follow each other, in the order in which it has them, and
`by_person` says which rows name somebody. A row has what it takes to select, count and sort; its evidence stays with
the article.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.model.article import Article
from archive.model.dates import OPEN, date_key, day_span
from archive.model.sightings import GRADES, STANCES, Sighting

Ints = NDArray[Any]

#: Of a document: judged by rules alone; a photograph with declared people; with declared venues.
BY_RULES, PHOTO, VENUES_DECLARED = 1, 2, 4
#: In a column of names or dates: none.
NONE = -1
#: Numbers of a sketch of a text (`archive.names.near_duplicates`), of which columns keep the lower half.
SKETCH = 126

#: The columns and their types; those of `_TABLES` are texts one after the other and where each begins.
TYPES: Mapping[str, str] = {
    "names": "|u1", "names_at": "<u4", "name_keys": "<u8",
    "dates": "|u1", "dates_at": "<u4", "date_keys": "<u8", "first_days": "<i4", "last_days": "<i4", "sort_keys": "<i4",
    "row_at": "<u4", "date": "<i4", "flags": "|u1", "content": "<u8", "sketch": "<i4", "sketches": "<u2",
    "stance": "|u1", "grade": "|u1", "level": "|u1", "scene": "<u4", "when": "<i4", "venue": "<i4", "one": "<i4",
    "other": "<i4", "absent": "|u1", "place": "<u4", "by_person_at": "<u4", "by_person": "<u4",
}  # fmt: skip
_OF_ROWS = ("stance", "grade", "level", "scene", "when", "venue", "one", "other", "absent", "place")
#: The levels of sightings by their number in a row.
ROW_LEVELS = ("sentence", "paragraph")


class SightingColumns:
    """The columns of some documents; everything is read from arrays, which may be mapped from a file.

    names, dates    texts of the tables; `name_keys` and `date_keys` are digests of each, the same in all columns
    first_days, last_days, sort_keys   of each date: the days that it can mean (YYYYMMDD), and its place among dates
    row_at      of each document its first row, and the end of the last
    date, flags, content   of each document: its date; see BY_RULES; `content_key` where it was judged by rules alone
    sketch, sketches   of each document the number of its sketch; the sketches, shape (sketches, SKETCH)
    stance, grade, level   of each row, numbers in STANCES, GRADES (len(GRADES): none) and ROW_LEVELS
    scene, when, venue     of each row: as in Sighting
    one, other  of each row its people; NONE where there is only one
    absent      of each row: 1 where `one` was absent, and 2 where `other` was
    place       of each row its place in its document in the order of the text; the same for the same sentences
    by_person_at, by_person   of each name where its rows begin; the rows that name it, in order
    """

    def __init__(self, columns: Mapping[str, Ints]) -> None:
        self._columns = columns
        self._loaded: dict[str, Ints] = {}

    def __getattr__(self, name: str) -> Ints:
        if name not in TYPES:
            raise AttributeError(name)
        if name not in self._loaded:
            column = self._columns[name]
            self._loaded[name] = column.reshape(-1, SKETCH) if name == "sketches" else column
        return self._loaded[name]

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self.flags)

    def name(self, number: int) -> str:
        """The name with a number."""
        return self._text("names", number)

    def day(self, number: int) -> str | None:
        """The date with a number; None for NONE."""
        return None if number < 0 else self._text("dates", number)

    def texts(self, table: str, numbers: Ints) -> list[str]:
        """The "names" or "dates" with some numbers."""
        at: list[int] = getattr(self, f"{table}_at").tolist()
        held = getattr(self, table).tobytes()
        return [held[at[n] : at[n + 1]].decode("utf-8", "surrogatepass") for n in numbers.tolist()]

    def _text(self, table: str, number: int) -> str:
        at: Ints = getattr(self, f"{table}_at")
        return bytes(getattr(self, table)[at[number] : at[number + 1]]).decode("utf-8", "surrogatepass")

    def name_number(self, name: str) -> int:
        """The number of a name; NONE where no row has it."""
        wanted = _coded(name)
        low, high = 0, len(self.name_keys)
        while low < high:
            middle = (low + high) // 2
            if bytes(self.names[self.names_at[middle] : self.names_at[middle + 1]]) < wanted:
                low = middle + 1
            else:
                high = middle
        found = low < len(self.name_keys) and self.name(low) == name
        return low if found else NONE

    def rows_of_person(self, number: int) -> Ints:
        """The rows that name a person, in order."""
        if number < 0:
            return np.empty(0, np.int64)
        return self.by_person[self.by_person_at[number] : self.by_person_at[number + 1]].astype(np.int64)

    def row_counts(self, docs: Ints) -> Ints:
        """How many rows some documents have."""
        counts: Ints = self.row_at[docs + 1].astype(np.int64) - self.row_at[docs].astype(np.int64)
        return counts

    def rows_of_docs(self, docs: Ints) -> Ints:
        """The rows of some documents."""
        first, counts = self.row_at[docs].astype(np.int64), self.row_counts(docs)
        return np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))

    def items(self) -> Iterable[tuple[str, Ints]]:
        """The columns by name, to be written: flat, and as TYPES has them."""
        return ((name, getattr(self, name).reshape(-1).astype(kind, copy=False)) for name, kind in TYPES.items())


def content_key(article: Article) -> int:
    """A digest, not 0, of all that the sightings of an article depend on."""
    mentions = [(each.facet, each.name, each.start, each.end, each.in_title) for each in article.mentions]
    said = (
        *(article.title, article.body, article.date, article.language, article.kind, mentions, article.blocks),
        *(article.people, article.venues, article.inferred),
    )
    digest = hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "little") | 1


def text_key(text: str) -> int:
    """A digest of a name or a date, the same in all columns; never 0."""
    found = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(found, "little") | 1


def _coded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class _Numbers:
    """Texts by number, in the order in which they were first met."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def of(self, text: str | None) -> int:
        return NONE if text is None else self.known.setdefault(text, len(self.known))


class SightingColumnsBuilder:
    """Collects documents, one after the other."""

    def __init__(self) -> None:
        self._names, self._dates = _Numbers(), _Numbers()
        self._rows = {name: array("q") for name in _OF_ROWS}
        self._docs = {name: array("Q") for name in ("row_at", "flags", "content")}
        self._date, self._sketch = array("q"), array("q")
        self._sketches: list[Ints] = []

    @property
    def bytes(self) -> int:
        """Roughly the memory that building will need."""
        return 160 * len(self._rows["stance"]) + 80 * len(self._date) + 2 * SKETCH * len(self._sketches)

    def add(
        self,
        article: Article,
        sketch: Ints | None = None,
        *,
        content: int = 0,
        sightings: Sequence[Sighting] | None = None,
    ) -> None:
        """Take the next document: an article, of which no body is needed.

        sketch     of its text, unless that is too short to be compared
        content    its `content_key`, if it was judged by rules alone
        sightings  if they are others than those of the article
        """
        rows = self._rows
        found = article.sightings if sightings is None else sightings
        self._docs["row_at"].append(len(rows["stance"]))
        flags = BY_RULES * article.by_rules + VENUES_DECLARED * ("venues" not in article.inferred)
        flags += PHOTO * (article.kind == "photo" and "people" not in article.inferred)
        self._docs["flags"].append(flags)
        self._docs["content"].append(content)
        self._date.append(self._dates.of(article.date))
        self._sketch.append(NONE if sketch is None else len(self._sketches))
        if sketch is not None:
            self._sketches.append(sketch.astype(np.uint16))
        if not found:
            return
        places = {spans: number for number, spans in enumerate(sorted({_spans(each) for each in found}))}
        for each in found:
            one, other = (*each.people, None)[:2]
            rows["stance"].append(STANCES.index(each.stance))
            rows["grade"].append(GRADES.index(each.grade) if each.grade else len(GRADES))
            rows["level"].append(ROW_LEVELS.index(each.level))
            rows["scene"].append(each.scene)
            rows["when"].append(self._dates.of(each.when))
            rows["venue"].append(self._names.of(each.venue))
            rows["one"].append(self._names.of(one))
            rows["other"].append(self._names.of(other))
            rows["absent"].append((one in each.absent) + 2 * (other in each.absent))
            rows["place"].append(places[_spans(each)])

    def columns(self) -> SightingColumns:
        """The columns of what was taken."""
        columns: dict[str, Ints] = {name: np.array(values, np.int64) for name, values in self._rows.items()}
        columns |= {name: np.array(values, np.uint64) for name, values in self._docs.items()}
        columns["row_at"] = np.append(columns["row_at"].astype(np.int64), len(columns["stance"]))
        columns["date"], columns["sketch"] = np.array(self._date, np.int64), np.array(self._sketch, np.int64)
        columns["sketches"] = np.array(self._sketches, np.uint16).reshape(-1)
        return _with_tables(columns, list(self._names.known), list(self._dates.known))


def _spans(sighting: Sighting) -> tuple[tuple[int, int], ...]:
    return tuple(span[:2] for span in sighting.spans)


def merged_columns(parts: Sequence[tuple[SightingColumns, NDArray[np.bool_]]]) -> SightingColumns:
    """The columns of the documents that masks keep, one after the other."""
    names, dates = _Numbers(), _Numbers()
    found: dict[str, list[Ints]] = {name: [] for name in (*_OF_ROWS, "flags", "content", "date", "sketch", "sketches")}
    counts: list[Ints] = []
    sketched = 0
    for each, kept in parts:
        rows = np.repeat(kept, _counts(each.row_at))
        name_of = np.array([*(names.of(each.name(number)) for number in range(len(each.name_keys))), NONE], np.int64)
        date_of = np.array([*(dates.of(each.day(number)) for number in range(len(each.date_keys))), NONE], np.int64)
        counts.append(_counts(each.row_at)[kept])
        for name in _OF_ROWS:
            values = getattr(each, name)[rows]
            if name in ("one", "other", "venue"):
                values = name_of[values]
            elif name == "when":
                values = date_of[values]
            found[name].append(values.astype(np.int64))
        found["flags"].append(each.flags[kept])
        found["content"].append(each.content[kept])
        found["date"].append(date_of[each.date[kept]])
        sketch = each.sketch[kept].astype(np.int64)
        having = sketch >= 0
        found["sketches"].append(each.sketches[sketch[having]].reshape(-1))
        sketch[having] = np.arange(int(having.sum())) + sketched
        sketched += int(having.sum())
        found["sketch"].append(sketch)
    columns = {name: np.concatenate([np.empty(0, TYPES[name]), *values]) for name, values in found.items()}
    columns["row_at"] = np.concatenate([[0], np.cumsum(np.concatenate([np.empty(0, np.int64), *counts]))])
    return _with_tables(columns, list(names.known), list(dates.known))


def _with_tables(columns: dict[str, Ints], names: Sequence[str], dates: Sequence[str]) -> SightingColumns:
    """Columns with numbers in the order of first use, made ones of sorted tables that are in use."""
    names, columns = _renumbered(columns, ("one", "other", "venue"), names)
    dates, columns = _renumbered(columns, ("when", "date"), dates)
    for table, texts in (("names", names), ("dates", dates)):
        coded = list(map(_coded, texts))
        columns[table] = np.frombuffer(b"".join(coded), np.uint8)
        columns[f"{table}_at"] = np.cumsum([0, *map(len, coded)])
    columns["name_keys"] = np.array([text_key(name) for name in names], np.uint64)
    columns["date_keys"] = np.array([text_key(date) for date in dates], np.uint64)
    spans = [day_span(date) for date in dates]
    columns["first_days"] = np.array([0 if d.startswith(OPEN) else s[0] for d, s in zip(dates, spans, strict=True)])
    columns["last_days"] = np.array([span[1] for span in spans])
    columns["sort_keys"] = np.array([date_key(date) for date in dates])
    people = np.concatenate([columns["one"], columns["other"]])
    rows = np.tile(np.arange(len(columns["one"])), 2)[people >= 0]
    people = people[people >= 0]
    order = np.lexsort((rows, people))
    columns["by_person"] = rows[order]
    columns["by_person_at"] = np.searchsorted(people[order], np.arange(len(names) + 1))
    return SightingColumns({name: columns[name].astype(kind) for name, kind in TYPES.items()})


def _renumbered(
    columns: dict[str, Ints], which: Sequence[str], texts: Sequence[str]
) -> tuple[list[str], dict[str, Ints]]:
    used = np.unique(np.concatenate([columns[name] for name in which]).astype(np.int64))
    kept = sorted(
        (number for number in used.tolist() if number >= 0),
        key=lambda number: texts[number].encode("utf-8", "surrogatepass"),
    )
    place = np.full(len(texts) + 1, NONE, np.int64)  # the last for NONE
    place[kept] = np.arange(len(kept))
    return [texts[number] for number in kept], columns | {name: place[columns[name].astype(np.int64)] for name in which}


def _counts(at: Ints) -> Ints:
    """How many rows each document has."""
    counts: Ints = np.diff(at.astype(np.int64))
    return counts
