"""`archive init` and `archive add`: an archive, and articles in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import UsageError
from archive.cli.archive_context import ProgressLine, named_root, open_archive
from archive.cli.command_registry import Command
from archive.cli.input import read_input
from archive.cli.output import Exit, emit, emit_paths, print_status
from archive.render.terminal import quote_path

if TYPE_CHECKING:
    from archive import Archive
    from archive.model.article import Value


@click.command(cls=Command, examples=("archive init clippings", "archive init town --name 'The Tidewater Archive'"))
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--name", default="", help="The archive's name; by default its folder's name.")
def init(directory: str | None, name: str) -> Exit:
    """Create a new archive in a folder.

    DIR is created if necessary; without it, the working directory becomes the archive.
    """
    from archive import Archive

    with Archive.create(directory or named_root() or ".", name) as archive:
        emit_paths([str(archive.root)])
        print_status(
            f"Put articles into {quote_path(archive.root / 'corpus')} (text, Markdown, HTML, PDF, JSON Lines), "
            f"then run `archive index`; or add them one by one with `archive add`."
        )
    return Exit.FOUND


@click.command(
    cls=Command,
    examples=(
        "archive add clipping.txt",
        "archive add clipping.txt --title 'A Party' --date 2023-10 --person 'Ann Lee' --venue Funke",
        "echo 'Ann Lee came late.' | archive add - --title 'A late guest' --date 2024",
    ),
    interrupted="articles already written into corpus/ stay there: run `archive index` to index them",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="Its headline.")
@click.option("--date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--person", "people", metavar="NAME", multiple=True, help="Person in the article; may be repeated.")
@click.option("--venue", "venues", metavar="NAME", multiple=True, help="Venue of the article; may be repeated.")
@click.option("--source", metavar="TEXT", help="The publication.")
@click.option("--author", metavar="NAME", multiple=True, help="Author; may be repeated.")
@click.option("--url", metavar="URL", help="Where the article was published.")
@click.option("--tag", "tags", metavar="TEXT", multiple=True, help="Tag; may be repeated.")
@click.option("--id", "id", metavar="ID", help="Its id; by default made from date and title.")
@click.pass_context
def add(context: click.Context, /, files: tuple[Path, ...], **given: Value | None) -> Exit:
    """Add articles to the archive and index them.

    FILE is text, Markdown, HTML or PDF; '-' reads text from standard input. Its copy in corpus/
    gets the options as front matter. The new id is printed; nothing is overwritten.
    """
    metadata = {key: value for key, value in given.items() if value}
    if len(files) > 1 and metadata.keys() & {"id", "title"}:
        raise click.UsageError("--id and --title need exactly one FILE", context)
    with open_archive() as archive:
        added = False
        try:
            for path in files:
                _add(archive, path, metadata)
                added = True
        finally:
            if added:  # also when a later file failed: what was added can be found
                with ProgressLine() as progress:
                    archive.index(progress=progress)
    return Exit.FOUND


def _add(archive: Archive, path: Path, metadata: Mapping[str, Value]) -> None:
    from archive.corpus.add import largest_file

    suffix = path.suffix.lower()
    if str(path) == "-":
        suffix = ".md"
    elif path.resolve().is_relative_to(archive.root / "corpus"):
        raise UsageError(f"{quote_path(path)} is in the corpus already", "run `archive index` to index it")
    most = largest_file(suffix, archive.settings.max_article_bytes)
    content = read_input(str(path), most, "split it, or raise max_article_mb in archive.yaml")
    article = archive.add(content, suffix=suffix, metadata=metadata, file_name=path.stem if str(path) != "-" else "")
    emit([article.id])
    print_status(quote_path(archive.root / article.path))
