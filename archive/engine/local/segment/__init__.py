"""The columnar codec: segments of arrays that Whoosh reads as its own.

A segment is one file of named sections (`sections`), mapped into memory. In it are inverted
fields (`inverted`, with their lists packed as in `packed`), columns of values and numbers by
document (`segment`) and the stored articles in compressed blocks (`stored`). Segments are
made of articles (`building`) or of other segments (`merging`); `adapter` is the codec by
which Whoosh's own searchers read them. Each module's first lines say what it writes.
"""
