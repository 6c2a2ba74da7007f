"""The terminal UI: search an archive, narrow the results, and read articles.

Nothing outside this package imports Textual; `archive.cli` imports it inside the command that opens it.
`model` is plain data and functions, `widgets` draw them, `screens` put widgets together and own the state.
"""
