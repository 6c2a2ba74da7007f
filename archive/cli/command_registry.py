"""The commands by name, each loaded only when it runs, and what every command has in common."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from archive import IndexDamagedError
from archive.cli.output import ROOT, emit, has_written

#: The environment variable by which a shell asks for completions.
COMPLETION_VARIABLE = "_ARCHIVE_COMPLETE"


class CommandEntry(NamedTuple):
    """A command that is not loaded yet: its module under `archive.cli.commands`, and its help in short."""

    module: str
    help: str


#: Every command, under the heading it has in the help. A command is the function of its name (`with_` of `with`).
SECTIONS: dict[str, dict[str, CommandEntry]] = {
    "Build an archive": {
        "init": CommandEntry("create", "Create a new archive in a folder."),
        "add": CommandEntry("create", "Add articles to the archive and index them."),
        "index": CommandEntry("index", "Bring the index up to date with the corpus."),
    },
    "Search": {
        "search": CommandEntry("search", "Search articles, with facet counts by person, venue and year."),
        "facets": CommandEntry("facets", "List the values of a facet with their article counts."),
        "seen": CommandEntry("seen", "Show when, where and with whom someone was seen, with evidence."),
        "occasions": CommandEntry("seen", "List the occasions that articles tell of, with who was there."),
        "with": CommandEntry("seen", "List someone's companions, the most significant first."),
        "timeline": CommandEntry("facets", "Count matching articles, and all, per year, month or day."),
        "similar": CommandEntry("search", "Find the articles most similar to a given one."),
    },
    "Read": {
        "tui": CommandEntry("tui", "Search and read in the terminal UI."),
        "serve": CommandEntry("tui", "Serve the terminal UI to a browser."),
        "show": CommandEntry("show", "Print whole articles."),
        "export": CommandEntry("export", "Export matching articles, or the network of who was seen with whom."),
        "quote": CommandEntry("quote", "Quote an article, with a citation that can be verified."),
        "verify": CommandEntry("quote", "Check quotations against the archive."),
    },
    "Names and saved searches": {
        "names": CommandEntry("names", "Suggest, review and audit the names of people and venues."),
        "saved": CommandEntry("saved", "Save searches, and report what is new in them."),
    },
    "Maintenance": {
        "stats": CommandEntry("maintenance", "Show archive statistics."),
        "check": CommandEntry("maintenance", "Verify the index, or show how the corpus was read."),
        "engine": CommandEntry("maintenance", "Show the search engine, or move the archive to another one."),
        "trust": CommandEntry("trust", "Allow an archive to use a server, or files outside its folder."),
        "completion": CommandEntry("maintenance", "Print a shell's completion script."),
    },
}
COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


def _keep_root(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.meta[ROOT] = value


def _show_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from archive import __version__

        emit([f"archive {__version__}"])
        context.exit()


def _common_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--root"],
            metavar="DIR",
            type=click.Path(),
            expose_value=False,
            callback=_keep_root,
            help="The archive's folder; by default ARCHIVE_ROOT, or the archive around the working directory.",
        ),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Print the version and exit.",
        ),
    ]


def _write_examples(formatter: click.HelpFormatter, examples: Sequence[str]) -> None:
    formatter.write("\nExamples:\n" + "".join(f"  {example}\n" for example in examples))


class Command(click.Command):
    """A command with the options that every command has, and examples at the end of its help.

    interrupted   what an interrupt leaves, and what to do next, where there is more to say than of any command
    """

    def __init__(self, *args: Any, examples: Sequence[str] = (), interrupted: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.params += _common_options()
        self.examples = examples
        self.interrupted = interrupted

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and say what an interrupt leaves."""
        try:
            return self._run(ctx)
        except KeyboardInterrupt as interrupt:
            if self.interrupted:
                interrupt.add_note(self.interrupted)
            raise

    def _run(self, ctx: click.Context) -> Any:
        """Run; where the index turns out to be damaged, say so, rebuild it, and run once more."""
        try:
            return super().invoke(ctx)
        except IndexDamagedError as damage:
            from archive.cli.archive_context import rebuild

            if has_written():  # what was already printed cannot be taken back
                raise
            rebuild(damage)
            return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples as they are typed, never wrapped."""
        _write_examples(formatter, self.examples)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; where words of a query are taken, say how to search for one that begins with "-"."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if any(param.name == "words" for param in self.params):
                hint = f"to search for words that begin with '-', put '--' first: {ctx.command_path} -- -word"
                raise click.UsageError(f"{error.format_message()}\n{hint}", ctx) from None
            raise


class CommandGroup(click.Group):
    """A command that has commands of its own, with the common options and examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.params += _common_options()
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; without anything to parse, say which commands there are."""
        if not args and not ctx.resilient_parsing:
            raise click.UsageError(f"name a subcommand: {', '.join(self.commands)}", ctx)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples as they are typed, never wrapped."""
        _write_examples(formatter, self.examples)


class Group(click.Group):
    """Commands that are imported when they are needed; listing them imports none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params += _common_options()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        function = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = getattr(import_module(f"archive.cli.commands.{entry.module}"), function)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a misspelled one is told what it may have meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean {close[0]!r}?" if close else "`archive --help` lists them."
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections with their commands, from the table."""
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, entry.help) for name, entry in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Command names from the table, then what any command offers."""
        names = [name for name in COMMANDS if name.startswith(incomplete)]
        offered = [CompletionItem(name, help=COMMANDS[name].help) for name in names]
        return offered + click.Command.shell_complete(self, ctx, incomplete)
