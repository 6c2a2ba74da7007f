"""`archive export`: every article that matches a request, streamed, with no ceiling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from archive import SearchRequest, UsageError
from archive.cli.archive_context import open_indexed, print_notes
from archive.cli.command_registry import Command
from archive.cli.options import Names, fields_option, format_option, request_options, sort_option
from archive.cli.output import Exit, emit, print_status, tabled
from archive.model.sightings import stances_named
from archive.render import bibtex, json_output, ris
from archive.render.article_columns import ArticleColumns, chosen_columns
from archive.render.terminal import quote_path
from archive.render.text import nothing, pluralize

if TYPE_CHECKING:
    from archive import Archive
    from archive.model.article import Article


#: Formats of sightings, not of articles.
_NETWORKS = ("gexf", "graphml", "edges.csv", "timelinejs", "ftm")


@click.command(
    cls=Command,
    examples=(
        "archive export --person 'Kim Kardashian' > kim.jsonl",
        "archive export --format csv --to all.csv",
        "archive export birthday --format markdown --to birthday-articles",
        "archive export --year 2023 --format bibtex --sort oldest",
        "archive export --format csv --fields date,title,people,source",
        "archive export --format gexf --stance all --to network.gexf",
    ),
    interrupted="the export is incomplete: a partial file is removed, a folder keeps the articles already written",
)
@request_options
@sort_option
@format_option("jsonl", "csv", "markdown", "bibtex", "ris", *_NETWORKS)
@fields_option
@click.option("--stance", metavar="STANCES",
              help="Sightings of a network: together (default), absent, expected, contact or all.")  # fmt: skip
@click.option("--to", metavar="PATH", type=click.Path(path_type=Path), help="File or folder to create.")
@click.pass_context
def export(
    context: click.Context, request: SearchRequest, sort: str, form: str, columns: Names, stance: str | None,
    to: Path | None,
) -> Exit:  # fmt: skip
    """Export matching articles, or the network of who was seen with whom.

    Articles go to standard output or to the new file --to. jsonl has whole articles; csv everything
    but the text, with a column for every declared facet; bibtex and ris references; markdown writes
    one file per article into the new folder --to. Existing files are not overwritten.

    gexf, graphml and edges.csv have the people and venues of these articles as nodes and their
    sightings as edges; timelinejs the dated occasions; ftm entities of FollowTheMoney.
    """
    if stance is not None and form not in _NETWORKS:
        raise click.UsageError(f"--stance needs a network: --format {', '.join(_NETWORKS)}", context)
    if columns and form not in _WITH_FIELDS:
        raise click.UsageError(f"--fields needs --format {' or '.join(_WITH_FIELDS)}", context)
    if form == "markdown" and to is None:
        raise click.UsageError("--format markdown needs a folder: --to DIR", context)
    stances = stances_named(map(str.strip, (stance or "together").split(",")))
    request = request.replace(sort=sort, limit=None, facets=())
    with open_indexed() as archive:
        print_notes(archive, request)
        count = _Count()
        if form == "markdown":
            assert to is not None
            _check_free(to, (article.id for article in archive.articles(request)))
            _write_folder(to, count.of(archive.articles(request)))
        else:
            articles = archive.articles(request)
            if form in _NETWORKS:
                lines = _network(form, articles, stances, count)
            else:
                lines = _lines(archive, form, columns, count.of(articles))
            if to is None:
                emit(lines)
            else:
                _write_file(to, lines)
    if form in _NETWORKS and not count.total:
        print_status("no sightings of these stances; --stance all has every one")
    elif not count.total:
        print_status("\n".join(nothing(request, ())))
    elif to is not None:
        written = pluralize(count.total, "sighting" if form in _NETWORKS else "article")
        print_status(f"{written} written to {quote_path(to)}")
    return Exit.of(count.total)


_T = TypeVar("_T")


class _Count:
    """Counts what passes."""

    total = 0

    def of(self, counted: Iterable[_T]) -> Iterator[_T]:
        for each in counted:
            self.total += 1
            yield each


def _lines(archive: Archive, form: str, columns: Names, articles: Iterable[Article]) -> Iterator[str]:
    """Articles in a format; in those of `_WITH_FIELDS` with these columns only, if any are named."""
    from archive.corpus.serialize import to_record

    if form in _REFERENCES:
        return _REFERENCES[form](articles)
    known = ArticleColumns(archive.fields)
    names = chosen_columns(columns, known.known) or known.usual
    if form == "csv" or columns:
        return tabled(form, names, (known.row(article, names) for article in articles))
    return json_output.json_lines(map(to_record, articles))


def _bibtex(articles: Iterable[Article]) -> Iterator[str]:
    for number, article in enumerate(articles):
        yield from chain([""] if number else [], bibtex.entry(article))


def _ris(articles: Iterable[Article]) -> Iterator[str]:
    return chain.from_iterable(map(ris.entry, articles))


_REFERENCES: Mapping[str, Callable[[Iterable[Article]], Iterator[str]]] = {"bibtex": _bibtex, "ris": _ris}
_WITH_FIELDS = ("jsonl", "csv")


def _network(form: str, articles: Iterable[Article], stances: Sequence[str], count: _Count) -> Iterator[str]:
    """The sightings of articles, of the stances asked for."""
    from archive.render import encounter_text, sighting_network

    by_rules: list[str] = []

    def noted() -> Iterator[Article]:
        for article in articles:
            if article.by_rules:
                by_rules.append(article.id)
            yield article

    found = count.of(sighting_network.edges(noted(), stances))
    if form == "edges.csv":
        yield from tabled("csv", sighting_network.EDGE_COLUMNS, map(sighting_network.edge_record, found))
    elif form == "timelinejs":
        undated: list[int] = []
        yield from sighting_network.timeline_lines(found, undated)
        if undated[0]:
            print_status(f"{pluralize(undated[0], 'occasion')} without a date left out; --format edges.csv has them")
    elif form == "ftm":
        yield from sighting_network.ftm_lines(found)
    else:
        yield from sighting_network.graph_lines(form, found)
    if by_rules:
        print_status(encounter_text.by_rules(len(by_rules)))


def _write_file(path: Path, lines: Iterator[str]) -> None:
    """Write a new file; one that could not be written to its end is taken away again."""
    try:
        with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
            try:
                file.writelines(line + "\n" for line in lines)
            except BaseException:
                with suppress(OSError):
                    path.unlink()
                raise
    except FileExistsError:
        raise UsageError(f"{quote_path(path)} exists", "give --to another name") from None


def _check_free(folder: Path, ids: Iterable[str]) -> None:
    """Raise UsageError, before anything is written, for the first file that is there already."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{quote_path(folder)} is not a folder", "give --to another name")
    taken = {path.name.casefold() for path in folder.iterdir()} if folder.is_dir() else set()
    for each in ids if taken else ():
        if f"{each}.md".casefold() in taken:
            raise UsageError(f"{quote_path(folder / each)}.md exists, and files are not overwritten")


def _write_folder(folder: Path, articles: Iterable[Article]) -> None:
    from archive.corpus.serialize import to_markdown

    for article in articles:
        path = folder / f"{article.id}.md"
        if path.parent != folder:
            raise UsageError(f"the id {article.id!r} cannot be a file's name", "give the article another one")
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(to_markdown(article))
