"""Which engine an archive's settings mean; each is imported only when it is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.config.settings import Settings
from archive.engine.protocol import Engine
from archive.model.fields import Fields
from archive.text.analyzer import Analyzer

if TYPE_CHECKING:
    from archive.engine.local.engine import WhooshEngine


def make_engine(folder: Path, settings: Settings, analyzer: Analyzer) -> Engine:
    """The engine that `settings` name; `folder` is the archive's index folder."""
    if settings.engine == "opensearch":
        from archive.engine.opensearch.engine import OpenSearchEngine

        assert settings.remote is not None
        return OpenSearchEngine(settings.remote, folder, settings.fields, analyzer, settings.digest)
    return local_engine(folder, settings.fields, analyzer, settings.digest)


def local_engine(folder: Path, fields: Fields, analyzer: Analyzer, digest: str) -> WhooshEngine:
    """The embedded engine, with what lets Whoosh read its index; `digest` changes with the settings."""
    from archive.engine.local.engine import WhooshEngine
    from archive.engine.whoosh_compat import WhooshCompat

    return WhooshEngine(folder, fields, analyzer, digest, WhooshCompat(fields, analyzer))
