"""Files of the corpus -> articles, or named problems: scanning, reading, writing.

`scan` finds the files, `reading` turns one into articles, `compose` is its inverse.
"""
