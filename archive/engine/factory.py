"""Which engine an archive's settings mean; each is imported only when it is chosen."""

from __future__ import annotations

from pathlib import Path

from archive.config.settings import Settings
from archive.engine.protocol import Engine
from archive.text.analyzer import Analyzer


def make_engine(folder: Path, settings: Settings, analyzer: Analyzer) -> Engine:
    """The engine that `settings` name; `folder` is the archive's index folder."""
    if settings.engine == "opensearch":
        from archive.engine.opensearch.engine import OpenSearchEngine

        assert settings.remote is not None
        return OpenSearchEngine(settings.remote, settings.fields, analyzer, settings.digest)
    from archive.engine.local.engine import WhooshEngine

    return WhooshEngine(folder, settings.fields, analyzer, settings.digest)
