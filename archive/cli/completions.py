"""What is offered where a value is being typed in a shell: values of facets, names of facets, saved searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from archive import Archive

#: Values of a facet that are offered.
_MOST = 30

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completer(offer: Callable[[Archive, str], Iterable[str]]) -> Completer:
    """Completion by what an archive has; nothing where there is none, or it cannot be used."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from archive.cli.archive_context import open_archive

        try:
            with context.scope(cleanup=False), open_archive() as archive:
                return [CompletionItem(value) for value in offer(archive, incomplete)]
        except Exception:  # noqa: BLE001 (a shell has no place to show an error while completing)
            return []

    return complete


def complete(facet: str) -> Completer:
    """The values of a facet by any of their words, most frequent first."""
    return _completer(lambda archive, incomplete: _values(archive, facet, incomplete))


def _values(archive: Archive, facet: str, words: str) -> Iterator[str]:
    if archive.has_index:
        yield from (value.value for value in archive.facet(facet, find=words, limit=_MOST).values)


def _facets(archive: Archive, beginning: str) -> Iterator[str]:
    return (facet.name for facet in archive.fields.facets if facet.name.startswith(beginning))


def _facet_and_value(archive: Archive, incomplete: str) -> Iterator[str]:
    facet, sign, words = incomplete.partition("=")
    if sign:
        yield from (f"{facet}={value}" for value in _values(archive, archive.fields.facet(facet).name, words))
    else:
        yield from (f"{name}=" for name in _facets(archive, incomplete))


def _list_of_facets(archive: Archive, incomplete: str) -> Iterator[str]:
    before, comma, last = incomplete.rpartition(",")
    named = before.split(",")
    return (f"{before}{comma}{name}" for name in _facets(archive, last) if name not in named)


def _saved(archive: Archive, beginning: str) -> Iterator[str]:
    return (each.name for each in archive.saved.list() if each.name.casefold().startswith(beginning.casefold()))


#: The name of a facet; several with commas between; FACET=VALUE; the name of a saved search.
complete_facet = _completer(_facets)
complete_facets = _completer(_list_of_facets)
complete_where = _completer(_facet_and_value)
complete_saved = _completer(_saved)
