"""The segment format: one immutable file of named sections, mapped into memory.

`file` reads and writes sections and their header. In them are inverted fields (`postings`, with lists
packed as in `packed_lists`), `doc_values`, and the stored articles in compressed blocks (`doc_store`);
`segment` puts these together. Segments are made of articles (`builder`, by way of `interner` and
`inverter`) or of other segments (`merger`). Each module's first lines say what it writes. Whoosh reads
segments through `archive.engine.whoosh_compat`.
"""
