"""The reading room: the terminal UI to search an archive, narrow what is found, and read it.

Nothing outside this package imports Textual; `archive.cli` imports it inside the command
that opens it.
"""
