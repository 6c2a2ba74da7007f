"""The distributed engine: an archive on an OpenSearch cluster (2.x, 3.x), or on Elasticsearch 8.

What makes it answer as the embedded engine does:

- **Analysis happens on our side.** Index fields of words hold the terms of `archive.text.analyzer`,
  joined by spaces, and the server's analyser only cuts at the spaces. So every Snowball
  language, the folding and the possessives are the same to the letter and positions agree,
  whatever version of Lucene is behind the server and without any plugin on it. What it costs:
  the terms travel beside the text (they are not stored), and Snowball runs here, not there.
- **The mapping follows from the same `index_fields`** as the index schema of the embedded engine.
- **A dictionary beside the articles.** A second index has one document for every term of a
  field of words and every value of a facet. From it wildcards and fuzzy words are expanded
  exactly (no server-side cut-off), spellings proposed, and facet values found by their words.
  It grows with the vocabulary, about the square root of the text.
- **Counts are exact.** See `aggregations`.
- **Commits.** Indices are never refreshed on their own: what a writer sends is seen when it
  commits. A rebuild goes into new indices which an alias swap puts in the place of the old.

Servers may refuse span queries inside span queries (the in-memory server of the tests does);
`query_compiler` says what is sent to them instead.
"""
