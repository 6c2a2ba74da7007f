"""`archive export`: every article that matches a request, streamed, with no ceiling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import SearchRequest, UsageError
from archive.cli.archive_context import open_indexed, print_notes
from archive.cli.command_registry import Command
from archive.cli.options import Names, fields_option, format_option, request_options, sort_option
from archive.cli.output import Exit, emit, print_status, tabled
from archive.render import bibtex, json_output, ris
from archive.render.article_columns import ArticleColumns, chosen_columns
from archive.render.terminal import quote_path
from archive.render.text import nothing, pluralize

if TYPE_CHECKING:
    from archive import Archive
    from archive.model.article import Article


@click.command(
    cls=Command,
    examples=(
        "archive export --person 'Kim Kardashian' > kim.jsonl",
        "archive export --format csv --to all.csv",
        "archive export birthday --format markdown --to birthday-articles",
        "archive export --year 2023 --format bibtex --sort oldest",
        "archive export --format csv --fields date,title,people,source",
    ),
    interrupted="the export is incomplete: a partial file is removed, a folder keeps the articles already written",
)
@request_options
@sort_option
@format_option("jsonl", "csv", "markdown", "bibtex", "ris")
@fields_option
@click.option("--to", metavar="PATH", type=click.Path(path_type=Path), help="File or folder to create.")
@click.pass_context
def export(
    context: click.Context, request: SearchRequest, sort: str, form: str, columns: Names, to: Path | None
) -> Exit:
    """Export every matching article, as data or files.

    Articles go to standard output or to the new file --to. jsonl has whole articles; csv everything
    but the text, with a column for every declared facet; bibtex and ris references; markdown writes
    one file per article into the new folder --to. Existing files are not overwritten.
    """
    if columns and form not in _WITH_FIELDS:
        raise click.UsageError(f"--fields needs --format {' or '.join(_WITH_FIELDS)}", context)
    if form == "markdown" and to is None:
        raise click.UsageError("--format markdown needs a folder: --to DIR", context)
    request = request.replace(sort=sort, limit=None, facets=())
    with open_indexed() as archive:
        print_notes(archive, request)
        count = _Count()
        if form == "markdown":
            assert to is not None
            _check_free(to, (article.id for article in archive.articles(request)))
            _write_folder(to, count.of(archive.articles(request)))
        elif to is None:
            emit(_lines(archive, form, columns, count.of(archive.articles(request))))
        else:
            _write_file(to, _lines(archive, form, columns, count.of(archive.articles(request))))
    if not count.total:
        print_status("\n".join(nothing(request, ())))
    elif to is not None:
        print_status(f"{pluralize(count.total, 'article')} written to {quote_path(to)}")
    return Exit.of(count.total)


class _Count:
    """Counts what passes."""

    total = 0

    def of(self, articles: Iterable[Article]) -> Iterator[Article]:
        for article in articles:
            self.total += 1
            yield article


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
