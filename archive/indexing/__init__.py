"""Keeping the index in step with the corpus: what changed, what it is called, what to write."""
