"""The segment format: one immutable file of named sections, mapped into memory.

`file` reads and writes sections, `headers` says what they are. In them are inverted fields
(`postings`, lists packed as in `packed_lists`), doc values (`segment_reader`) and the stored
articles in compressed blocks (`doc_store`). Segments are made of articles (`builder`, by way of
`interner`, `inverter` and `field_writer`) or of other segments (`merger`). Each module's first
lines say what it writes. Whoosh reads segments through `archive.engine.whoosh_compat`.
"""
