"""Names: authority records and what they say of a name in the metadata."""
