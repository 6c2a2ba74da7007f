"""The embedded engine: a real Whoosh index in the archive's `index/` folder."""
