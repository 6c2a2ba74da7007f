"""Results as text for people and as data for programs; nothing here touches a stream.

Every renderer yields lines without their line end. `text` lays out for a terminal,
`data` and `table` write JSON, JSON Lines, CSV and TSV, `bibtex` writes references.
"""
