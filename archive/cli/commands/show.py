"""`archive show`: whole articles, to read or to hand on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import click

from archive import NotFoundError
from archive.cli.archive_context import note_changed, open_indexed
from archive.cli.command_registry import Command
from archive.cli.input import read_input
from archive.cli.options import format_option
from archive.cli.output import Exit, emit, on_terminal, output_style, print_status, screen_lines
from archive.render import json_output
from archive.render.terminal import OutputStyle, mark_plain, safe
from archive.render.text import article as article_lines

if TYPE_CHECKING:
    from archive import Archive
    from archive.model.article import Article
from archive.model.results import Snippet


@click.command(
    cls=Command,
    examples=(
        "archive show 2023-10-forty-three-candles-in-beverly-hills",
        "archive show 2023-10-forty-three-candles-in-beverly-hills --hits birthday --format markdown",
        "archive search birthday --output ids | archive show - --no-pager",
    ),
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@format_option("text", "markdown", "json")
@click.option("--hits", metavar="QUERY", default="", help="Highlight matches of this query.")
@click.option("--no-pager", is_flag=True, help="Do not use a pager.")
def show(ids: tuple[str, ...], form: str, hits: str, no_pager: bool) -> Exit:
    """Print whole articles.

    ID is an article's id, as `archive search --output ids` prints it; '-' reads ids from standard
    input, one a line. With --format json there is one object for each. An id that no article has
    is reported, and the status is 2; the others are printed.
    """
    with open_indexed() as archive:
        articles, failures = _got(archive, ids)
        changed = archive.changed_sources(articles)
        note_changed(changed)
        lines = _lines(archive, articles, form, hits, changed)
        if form == "text" and not no_pager and on_terminal():
            _page(lines)
        else:
            emit(lines)
    for failure in failures:
        print_status(f"archive: {failure}")
    return Exit.ERROR if failures else Exit.of(articles)


def _got(archive: Archive, ids: Sequence[str]) -> tuple[list[Article], list[NotFoundError]]:
    """The articles of these ids, and what there is to say of ids that no article has."""
    articles, failures = [], []
    for each in _named(ids):
        try:
            articles.append(archive.get(each))
        except NotFoundError as error:
            failures.append(error)
    return articles, failures


#: Around a matched word until the text is Markdown: characters that no text has.
_BEFORE, _AFTER = "\ufdd0", "\ufdd1"


def _named(ids: Sequence[str]) -> Iterator[str]:
    for each in ids:
        if each == "-":
            yield from read_input("-").decode("utf-8", "replace").replace("\0", "\n").split()
        else:
            yield each


def _lines(
    archive: Archive, articles: Sequence[Article], form: str, query: str, changed: Mapping[str, str]
) -> Iterator[str]:
    from archive.corpus.serialize import to_markdown

    shown: OutputStyle = output_style()
    for number, article in enumerate(articles):
        marks = archive.highlight(article.body, query) if query.strip() else ()
        title_marks = archive.highlight(article.title, query) if query.strip() else ()
        if form == "text":
            if number:
                yield from ("", shown.dim("─" * shown.width), "")
            yield from article_lines(article, shown, marks, title_marks)
            continue
        if form == "json":
            article = replace(article, body=mark_plain(article.body, marks))
            record = json_output.article_record(article)
            yield from json_output.document(record | json_output.source_status(article, changed))
        else:
            article = replace(article, body=Snippet(article.body, tuple(marks)).marked(_BEFORE, _AFTER))
            text = to_markdown(article).rstrip("\n").replace(_BEFORE, "**").replace(_AFTER, "**")
            text = ("\n" if number else "") + text
            # A file gets the article as it is; a terminal nothing that it would obey.
            yield from map(safe, text.split("\n")) if on_terminal() else (text,)


def _page(lines: Iterator[str]) -> None:
    """Print what fits on the screen; hand anything longer to the pager."""
    first = list(islice(lines, screen_lines()))
    if len(first) < screen_lines():
        emit(first)
        return
    sys.stdout.flush()
    click.echo_via_pager((f"{line}\n" for part in (first, lines) for line in part), color=True)
