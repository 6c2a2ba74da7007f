"""How the corpus was read: what the articles of each folder and format have, and what was not understood of them.

A corpus that is read wrongly is read without an error: titles made of file names, dates and texts under keys that
nobody looked at. Numbers side by side show it at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from pathlib import Path

from archive.config.settings import CORPUS_DIR, Settings
from archive.corpus.formats.registry import format_of
from archive.corpus.scan import scan
from archive.corpus.written_dates import read_date
from archive.indexing.sources import SourceTable
from archive.model.article import Article, Value
from archive.model.reports import CorpusReport, OtherKey, ShortArticle, SourceGroup

_SHORTEST = 10
_OTHER_KEYS = 20
_EXAMPLE = 60
#: Of so many values of a key it is seen whether they are dates.
_SAMPLE = 20


def report_corpus(articles: Iterable[Article], table: SourceTable, root: Path, settings: Settings) -> CorpusReport:
    """What the articles of an index have, by folder and format, and what its table of sources says of their files.

    The corpus in `root` is scanned for what is skipped in it.
    """
    found = scan(root / CORPUS_DIR, root, links_outside=settings.links_outside, ignore=settings.ignore)
    groups: dict[tuple[str, str], Counter[str]] = {}
    keys = _OtherKeys()
    short: list[ShortArticle] = []
    for article in articles:
        counts = groups.setdefault(_place(article.path), Counter())
        counts.update(_what_it_has(article))
        keys.add(article.extra)
        short.append(ShortArticle(article.id, article.path, article.line, len(article.body)))
        if len(short) > 1_000:
            short = _shortest(short)
    for path, state in table.sources.items():
        counts = groups.setdefault(_place(path), Counter())
        for problem in state.problems:
            counts["warnings" if problem.taken else "problems"] += 1
    return CorpusReport(
        groups=tuple(_group(*place, counts) for place, counts in sorted(groups.items())),
        other_keys=keys.most_common(),
        skipped=dict(found.skipped),
        shortest=tuple(_shortest(short)),
    )


def _place(path: str) -> tuple[str, str]:
    """The folder and the format of a file."""
    folder, _, name = path.rpartition("/")
    found = format_of(name)
    return folder, found.name if found else ""


def _what_it_has(article: Article) -> Iterable[str]:
    yield "articles"
    declared = {name for name in ("title", "date", "people", "venues") if name not in article.inferred}
    for name in ("title", "date", "people", "venues"):
        if getattr(article, name):
            yield name
            if name not in declared:
                yield f"{name} guessed"
    if article.body:
        yield "text"


def _group(folder: str, form: str, counts: Counter[str]) -> SourceGroup:
    return SourceGroup(
        folder=folder,
        format=form,
        articles=counts["articles"],
        has={name: counts[name] for name in ("title", "date", "people", "venues", "text")},
        guessed={name: counts[f"{name} guessed"] for name in ("title", "date", "people", "venues")},
        warnings=counts["warnings"],
        problems=counts["problems"],
    )


def _shortest(articles: list[ShortArticle]) -> list[ShortArticle]:
    return nsmallest(_SHORTEST, articles, key=lambda each: (each.characters, each.id))


class _OtherKeys:
    """The keys that mean nothing here, with what their values look like."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._longest: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._dates: Counter[str] = Counter()

    def add(self, extra: Mapping[str, Value]) -> None:
        """Take the other keys of an article."""
        for key, value in extra.items():
            self._counts[key] += 1
            text = _text_of(value)
            if text:
                self._examples.setdefault(key, text)
                self._longest[key] = max(self._longest[key], len(text))
                if self._counts[key] <= _SAMPLE:
                    self._dates[key] += bool(read_date(text).date)

    def most_common(self) -> tuple[OtherKey, ...]:
        """The keys of most articles."""
        return tuple(
            OtherKey(
                key,
                count,
                self._longest[key],
                " ".join(self._examples.get(key, "").split())[:_EXAMPLE],
                self._dates[key] >= max(1, 0.8 * min(count, _SAMPLE)),
            )
            for key, count in sorted(self._counts.items(), key=lambda each: (-each[1], each[0]))[:_OTHER_KEYS]
        )


def _text_of(value: Value) -> str:
    if isinstance(value, str):
        return value
    items = value.values() if isinstance(value, Mapping) else value
    return ", ".join(item for item in items if isinstance(item, str))
