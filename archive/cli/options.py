"""Options that several commands share; the filters are one decorator that builds a SearchRequest."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from archive import SearchRequest
from archive.cli.completions import complete, complete_facet, complete_where
from archive.cli.output import RAW
from archive.errors import shortened
from archive.query.request import FACET_SORTS, SORTS

FORMATS = ("text", "json", "jsonl", "csv", "tsv")

Function = Callable[..., Any]
_MAX_DIGITS = 9


def count_or_all(_: click.Context, __: click.Parameter, value: str) -> int | None:
    """A number, or `all`, which is None."""
    if value.lower() == "all":
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= _MAX_DIGITS):
        raise click.BadParameter(f"{shortened(value)!r} is neither a non-negative number nor 'all'")
    return int(value)


def _pairs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """`FACET=VALUE` as pairs."""
    pairs = []
    for value in values:
        facet, sign, text = value.partition("=")
        if not (facet.strip() and sign and text.strip()):
            raise click.BadParameter(f"{shortened(value)!r} is not of the form FACET=VALUE, as in source=Gazette")
        pairs.append((facet.strip(), text.strip()))
    return tuple(pairs)


_FILTERS = (
    click.argument("words", nargs=-1, metavar="[QUERY]..."),
    click.option("--person", metavar="NAME", multiple=True, shell_complete=complete("person"),
                 help="Only articles with this person; repeat for any of several."),
    click.option("--venue", metavar="NAME", multiple=True, shell_complete=complete("venue"),
                 help="Only articles at this venue; repeat for any of several."),
    click.option("--year", metavar="YEARS", multiple=True, shell_complete=complete("year"),
                 help="Only these years: 2016, 2016..2020, 2016.. or ..2020."),
    click.option("--all-people", is_flag=True, help="Require every --person instead of any of them."),
    click.option("--not-person", metavar="NAME", multiple=True, shell_complete=complete("person"),
                 help="Exclude articles with this person."),
    click.option("--not-venue", metavar="NAME", multiple=True, shell_complete=complete("venue"),
                 help="Exclude articles at this venue."),
    click.option("--where", metavar="FACET=VALUE", multiple=True, callback=_pairs, shell_complete=complete_where,
                 help="Only articles with this facet value."),
    click.option("--not-where", metavar="FACET=VALUE", multiple=True, callback=_pairs, shell_complete=complete_where,
                 help="Exclude articles with this facet value."),
    click.option("--missing", metavar="FACET", multiple=True, shell_complete=complete_facet,
                 help="Only articles without any value of this facet."),
    click.option("--any", "any_word", is_flag=True, help="Match any of the query's words instead of all."),
    click.option("--all-words", is_flag=True,
                 help="Require every word; by default any word is enough where no article has all."),
    click.option("--expand", is_flag=True, help="Add terms typical of the top results (relevance feedback)."),
)  # fmt: skip


def request_options(function: Function) -> Function:
    """QUERY and every filter; the command receives them as one `request`."""

    @functools.wraps(function)
    def build(*, words: tuple[str, ...], **given: Any) -> Any:
        taken = {name: given.pop(name) for name in _REQUEST_FIELDS}
        return function(request=SearchRequest(" ".join(words), **taken), **given)

    for add in reversed(_FILTERS):
        build = add(build)
    return build


_REQUEST_FIELDS = (
    "person", "venue", "year", "all_people", "not_person", "not_venue", "where", "not_where", "missing",
    "any_word", "all_words", "expand",
)  # fmt: skip


Names = tuple[str, ...]


def names_list(_: click.Context, __: click.Parameter, value: str) -> Names:
    """Names with commas between them."""
    return tuple(name.strip() for name in value.split(",") if name.strip())


fields_option = click.option(
    "--fields", "columns", metavar="LIST", default="", callback=names_list,
    help="Comma-separated fields to print, in this order; not with every format.",
)  # fmt: skip


def format_option(*formats: str) -> Callable[[Function], Function]:
    """`--format`, the first being the default; `--raw` comes with tables (see `archive.cli.output.tabled`)."""
    option = click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True,
        help="Output format.",
    )  # fmt: skip
    raw = click.option(
        "--raw", is_flag=True, expose_value=False, callback=_keep_raw,
        help="Do not escape csv and tsv cells that a spreadsheet could take for formulas.",
    )  # fmt: skip
    return (lambda function: option(raw(function))) if "csv" in formats else option


def _keep_raw(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[RAW] = value


def limit_option(default: int, what: str) -> Callable[[Function], Function]:
    """`--limit`: how many, or all."""
    return click.option(
        "-n", "--limit", metavar="N", callback=count_or_all, default=str(default), show_default=True,
        help=what,
    )  # fmt: skip


sort_option = click.option(
    "--sort", type=click.Choice(SORTS), default=SORTS[0], show_default=True,
    help="Sort order; without a query, relevance means newest first.",
)  # fmt: skip

facet_sort_option = click.option(
    "--facet-sort", type=click.Choice(FACET_SORTS), default=FACET_SORTS[0], show_default=True,
    help="Sort order of facet values.",
)  # fmt: skip
