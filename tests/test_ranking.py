"""The ranking stays at least as good as stock Whoosh's on a collection with judgements."""

from pathlib import Path

import pytest

from tests.bench.evaluate import SHARED, evaluate

#: nDCG@10 of stock Whoosh with its defaults on the same queries, measured.
STOCK_WHOOSH = 0.395


@pytest.mark.skipif(not SHARED.is_dir(), reason="the Cranfield collection is not beside the project")
def test_ranking_is_at_least_stock_whooshs(tmp_path: Path) -> None:
    measured = evaluate(SHARED, tmp_path / "cranfield")
    assert measured["nDCG@10"] >= STOCK_WHOOSH
    assert measured["R@100"] >= 0.74
