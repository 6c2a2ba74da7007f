"""`archive search` and `archive similar`: articles, with the facets around them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from archive import SearchRequest
from archive.cli.archive_context import open_current, open_indexed, print_notes
from archive.cli.command_registry import Command
from archive.cli.completions import complete_facets
from archive.cli.options import (
    FORMATS,
    Names,
    count_or_all,
    facet_sort_option,
    fields_option,
    format_option,
    limit_option,
    names_list,
    request_options,
    sort_option,
)
from archive.cli.output import Exit, emit, emit_paths, output_style, print_status, tabled
from archive.query.request import DEFAULT_FACETS
from archive.render import json_output, table, text
from archive.render.article_columns import ArticleColumns, chosen_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive import Archive
    from archive.model.article import Article
    from archive.model.results import Hit, Page

_LIST_OF = {"ids": "id", "paths": "path"}


def _facet_names(context: click.Context, parameter: click.Parameter, value: str) -> Names:
    names = names_list(context, parameter, value)
    return () if names == ("none",) else names


@click.command(
    cls=Command,
    examples=(
        "archive search birthday",
        "archive search '\"prison reform\" OR dinner' --person 'Kim Kardashian' --year 2017..2023",
        "archive search --person 'Kim Kardashian' --person 'Ivanka Trump' --all-people --sort oldest",
        "archive search party --not-venue Funke --format json --limit all",
        "archive search gala --output paths --null | xargs -0 ls",
        "archive search gala --output count --missing venue",
        "archive search gala --format csv --fields date,title,source",
        "archive search -- -birthday party",
        r"printf 'ball\ngala\n' | archive search --batch - --facets none -n 3",
    ),
)
@request_options
@sort_option
@limit_option(20, "Maximum number of hits, or 'all'; ids and paths are not limited by default.")
@fields_option
@click.option("--offset", metavar="N", type=click.IntRange(0), default=0, help="Number of hits to skip.")
@format_option(*FORMATS)
@click.option(
    "--output",
    type=click.Choice(("hits", "ids", "paths", "facets", "count")),
    default="hits",
    show_default=True,
    help="What to print.",
)
@click.option("-0", "--null", is_flag=True, help="Terminate each id or path with NUL, for xargs -0; no lines.")
@click.option(
    "--facets",
    metavar="LIST",
    default=",".join(DEFAULT_FACETS),
    show_default=True,
    callback=_facet_names,
    shell_complete=complete_facets,
    help="Comma-separated facets to count, or 'none'.",
)
@click.option(
    "--facet-limit", metavar="N", callback=count_or_all, default="10", show_default=True,
    help="Maximum number of values per facet, or 'all'.",
)  # fmt: skip
@facet_sort_option
@click.option("--explain", is_flag=True, help="Also show how the query was parsed.")
@click.option(
    "--batch", metavar="FILE", help="Answer a request a line, from a file or '-', as JSON Lines; see docs/cli.md."
)
@click.pass_context
def search(
    context: click.Context,
    /,
    request: SearchRequest,
    form: str,
    output: str,
    null: bool,
    columns: Names,
    batch: str | None,
    **asked: object,
) -> Exit:
    """Search articles, with facet counts by person, venue and year.

    QUERY is words (all must match), "phrases", AND, OR, NOT, -word, (groups), field:word, wild*,
    fuzzy~ and ranges like year:2016..2020. To begin with a '-', put it after '--'. Without QUERY,
    every article that passes the filters is found.
    """
    request = request.replace(**asked)
    if batch is not None:
        from archive.cli.search_batch import answer_batch

        if request.query or columns or null or form != "text" or output != "hits":
            raise click.UsageError("--batch has no QUERY, --format, --output, --fields or --null beside it", context)
        with open_current() as archive:
            return answer_batch(archive, batch, request)
    if null and (output not in _LIST_OF or form != "text"):
        raise click.UsageError("--null needs --output ids or paths, and --format text", context)
    if columns and (output != "hits" or form == "text"):
        raise click.UsageError("--fields needs --output hits, and a --format other than text", context)
    with open_current() as archive:
        if output in _LIST_OF:
            if context.get_parameter_source("limit") is ParameterSource.DEFAULT:
                request = request.replace(limit=None)
            return _names(archive, request, form, _LIST_OF[output], null)
        rows = _HitRows(archive, columns)
        page = archive.search(_needed(request, output))
        if output == "hits":
            return _hits(page, request, form, rows)
    return _numbers(page, request, form, output)


def _needed(request: SearchRequest, output: str) -> SearchRequest:
    """The request without what would not be printed."""
    if output == "count":
        return request.replace(limit=0, facets=())
    return request.replace(limit=0) if output == "facets" else request


class _HitRows:
    """Hits as records, with the fields that were asked for; what a hit does not have comes from its article."""

    def __init__(self, archive: Archive, columns: Names) -> None:
        self._archive, self._columns = archive, ArticleColumns(archive.fields)
        self.names = chosen_columns(columns, tuple(dict.fromkeys((*json_output.HIT_KEYS, *self._columns.known))))

    def record(self, hit: Hit) -> json_output.Record:
        record = json_output.hit_record(hit)
        if missing := [name for name in self.names if name not in record]:
            record |= self._columns.row(self._archive.get(hit.id), missing)
        return {name: record[name] for name in self.names} if self.names else record


def _hits(page: Page, request: SearchRequest, form: str, rows: _HitRows) -> Exit:
    if form == "text":
        if not page.total:
            if page.explanation is not None:
                emit(text.explanation(page.explanation, output_style()))
            return _nothing(page, request)
        emit(text.page(page, request, output_style()))
    elif form == "json":
        emit(json_output.document(json_output.page_record(page, rows.record)))
    else:
        if page.explanation is not None:
            print_status("\n".join(text.explanation(page.explanation, output_style())))
        _print_notes(page)
        emit(tabled(form, rows.names or table.HIT_COLUMNS, map(rows.record, page.hits)))
    return Exit.of(page.total)


def _numbers(page: Page, request: SearchRequest, form: str, output: str) -> Exit:
    """The facets alone, or the count alone."""
    if page.total or form != "text" or output == "count":
        _print_notes(page)
    if output == "count":
        if form == "text":
            emit([str(page.total)])
        elif form == "json":
            emit(json_output.document({"total": page.total}))
        else:
            emit(tabled(form, ("total",), [{"total": page.total}]))
    elif form == "text":
        if not page.total:
            return _nothing(page, request)
        emit(text.facets(page, request, output_style()))
    elif form == "json":
        record = {"query": page.query, "total": page.total, "facets": json_output.facets_record(page)}
        emit(json_output.document(record))
    else:
        emit(tabled(form, table.FACET_COLUMNS, table.facet_rows(page)))
    return Exit.of(page.total)


def _nothing(page: Page, request: SearchRequest) -> Exit:
    print_status("\n".join(text.nothing(request, page.suggestions, page.notes)))
    return Exit.NOTHING


def _print_notes(page: Page) -> None:
    for note in page.notes:
        print_status(note)


def _names(archive: Archive, request: SearchRequest, form: str, key: str, null: bool) -> Exit:
    """Ids or paths, streamed where every one is wanted."""
    print_notes(archive, request)
    found: Iterator[Article | Hit]
    if request.limit is None and not request.offset:
        found, total = archive.articles(request), 0
    else:
        page = archive.search(request.replace(facets=()))
        found, total = iter(page.hits), page.total
    first = next(found, None)
    every = chain(() if first is None else (first,), found)
    columns = ("path", "line") if key == "path" else ("id",)
    if null:
        emit_paths((getattr(each, key) for each in every), end="\0")
    elif form == "text":
        if first is None and not total:
            return _nothing(archive.search(request.replace(facets=())), request)
        emit_paths(each.location if key == "path" else each.id for each in every)
    elif form == "json":
        rows = [[getattr(each, column) for column in columns] for each in every]
        listed = {f"{column}s": [row[number] for row in rows] for number, column in enumerate(columns)}
        emit(json_output.document({"query": request.query, "total": total or len(rows), **listed}))
    else:
        emit(tabled(form, columns, ({column: getattr(each, column) for column in columns} for each in every)))
    return Exit.of(total or first is not None)


@click.command(
    cls=Command,
    examples=(
        "archive similar 2023-10-forty-three-candles-in-beverly-hills",
        "archive similar 2023-10-forty-three-candles-in-beverly-hills -n 3 --format jsonl",
    ),
)
@click.argument("article_id", metavar="ID")
@limit_option(10, "Maximum number of articles, or 'all'.")
@format_option(*FORMATS)
def similar(article_id: str, limit: int | None, form: str) -> Exit:
    """Find the articles most similar to a given one.

    ID is an article's id, as `archive search --output ids` prints it. Its most significant terms
    are searched for in all others.
    """
    with open_indexed() as archive:
        hits = archive.similar(article_id, **({} if limit is None else {"limit": limit}))
    if form == "text":
        if not hits:
            print_status(f"nothing is similar to {article_id}")
        emit(text.hits(hits, output_style()))
    elif form == "json":
        found = [json_output.hit_record(hit) for hit in hits]
        emit(json_output.document({"id": article_id, "total": len(found), "hits": found}))
    else:
        emit(tabled(form, table.HIT_COLUMNS, map(json_output.hit_record, hits)))
    return Exit.of(hits)
