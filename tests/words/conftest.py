"""Archives of these tests may be on a server of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def _trusted() -> Iterator[None]:
    """Whether that is asked is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.config.trust.require_trust", lambda root, settings: None)
        yield
