"""`archive completion`: what a shell needs to complete commands, options and facet values."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from archive.cli.exit_status import Exit
from archive.cli.output import emit
from archive.cli.registry import COMPLETION_VARIABLE, Command


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
    made = get_completion_class(shell)
    assert made is not None
    script = made(context.find_root().command, {}, "archive", COMPLETION_VARIABLE)
    emit([(script.source_template % script.source_vars()).strip()])
    return Exit.FOUND
