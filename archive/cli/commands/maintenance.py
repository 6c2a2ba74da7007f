"""`archive stats`, `check`, `engine` and `completion`: what there is, whether it is sound, and what searches it."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from archive.cli.archive_context import ProgressLine, open_archive, open_indexed
from archive.cli.command_registry import COMPLETION_VARIABLE, Command
from archive.cli.options import format_option
from archive.cli.output import Exit, emit, output_style, print_status
from archive.model.choices import EngineName
from archive.render import json_output, report_text
from archive.render.text import pluralize


@click.command(cls=Command, examples=("archive stats", "archive stats --format json"))
@format_option("text", "json")
def stats(form: str) -> Exit:
    """Show archive statistics.

    Articles and files, the first and last date, and the number of values of each facet.
    """
    with open_indexed() as archive:
        numbers = archive.stats()
    emit(
        report_text.stats(numbers, output_style())
        if form == "text"
        else json_output.document(json_output.stats_record(numbers))
    )
    return Exit.of(numbers.articles)


@click.command(cls=Command, examples=("archive check", "archive check --corpus", "archive check --deep"))
@click.option("--deep", is_flag=True, help="Verify every byte of the index and of the corpus.")
@click.option("--corpus", is_flag=True, help="Show how the corpus was read: what its articles have, and lack.")
@format_option("text", "json")
@click.pass_context
def check(context: click.Context, deep: bool, corpus: bool, form: str) -> Exit:
    """Verify the index, or show how the corpus was read.

    Check that it opens, is consistent, and matches the corpus; --deep takes longer, and finds a
    single flipped bit. The exit status is 0 when all is well, 1 when the corpus has changed since it
    was indexed, and 2 when the index is damaged.

    --corpus lists for each folder and format how many articles have a title, a date, people,
    venues and text, and how many of these were not declared; metadata keys without a meaning,
    which `keys:` in archive.yaml can give them; and the articles with the least text.
    """
    if corpus:
        if deep:
            raise click.UsageError("--deep and --corpus do not go together", context)
        with open_indexed() as archive:
            report = archive.corpus_report()
        emit(
            report_text.corpus(report, output_style())
            if form == "text"
            else json_output.document(json_output.corpus_record(report))
        )
        return Exit.of(report.groups)
    with open_archive() as archive:
        found = archive.check(deep=deep)
    if form == "text":
        emit(report_text.findings(found, output_style()))
    else:
        emit(json_output.document({"findings": [json_output.finding_record(finding) for finding in found]}))
    if any(finding.damage for finding in found):
        return Exit.ERROR
    return Exit.of(not found)


@click.command(cls=Command, examples=("archive engine", "archive engine show"))
@click.argument("action", type=click.Choice(["show", "move"]), default="show")
@click.option("--to", "to", type=click.Choice(["whoosh", "opensearch"]), help="The engine to move the archive to.")
@click.option("--url", metavar="URL", default="", help="The server's address, if archive.yaml does not have it yet.")
@click.pass_context
def engine(context: click.Context, action: str, to: EngineName | None, url: str) -> Exit:
    """Show the search engine, or move the archive to another one.

    `move --to` copies every article, compares the two (the same articles, the same counts), and
    only then sets `engine:` in archive.yaml. The previous index is kept, so that you can go back.
    For opensearch, name the server once with --url, or as url: in archive.yaml.
    """
    if action == "show":
        if to or url:
            raise click.UsageError("--to and --url belong to `archive engine move`", context)
        with open_archive() as archive:
            remote = archive.settings.remote
            on = (
                f" at {remote.name}, indices {remote.prefix}-*"
                if remote and archive.settings.engine != "whoosh"
                else ""
            )
            emit([f"{archive.settings.engine}{on}"])
        return Exit.FOUND
    if to is None:
        raise click.UsageError("--to is missing: opensearch or whoosh", context)
    with open_indexed() as archive:
        before = archive.settings.engine
        with ProgressLine() as progress:
            report = archive.move(to, url=url, progress=progress)
    emit([f"{pluralize(report.added, 'article')} moved from {before} to {to} in {report.seconds:.1f} s, and verified"])
    print_status(f"the index on {before} is kept; `archive engine move --to {before}` goes back")
    return Exit.FOUND


@click.command(cls=Command, examples=("archive completion bash", "archive completion zsh", "archive completion fish"))
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(context: click.Context, shell: str) -> Exit:
    """Print a shell's completion script.

    \b
    To install it:
      bash  archive completion bash > ~/.local/share/bash-completion/completions/archive
      zsh   archive completion zsh > ~/.zfunc/_archive   (with ~/.zfunc in $fpath)
      fish  archive completion fish > ~/.config/fish/completions/archive.fish
    """
    import archive.cli.bash_completion  # noqa: F401 (which registers it)

    made = get_completion_class(shell)
    assert made is not None
    script = made(context.find_root().command, {}, "archive", COMPLETION_VARIABLE)
    emit([(script.source_template % script.source_vars()).strip()])
    return Exit.FOUND
