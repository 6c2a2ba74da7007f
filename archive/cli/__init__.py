"""The command line: parse, one call of the library, render.

Importing this package loads neither Whoosh, numpy, Textual nor YAML; each command's
module, and the library, are loaded when the command runs.
"""

from archive.cli.main import main

__all__ = ["main"]
