"""What an archive answers with are values: hashable, picklable, and taken apart by the standard library and pandas."""

from __future__ import annotations

import dataclasses
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from archive import SavedSearch, SearchRequest
from archive.config.settings import ENGINES
from archive.encounters.cooccurrence import LEVELS
from archive.model import choices
from archive.model.frozen_dict import FrozenDict, frozen
from archive.model.sightings import STANCES
from archive.query.request import FACET_SORTS, SORTS

from .support import Record, make_archive

RECORDS: list[Record] = [
    {
        "id": "one",
        "title": "Ada and Bo",
        "date": "1998-07-04",
        "people": ["Ada Quill", "Bo Marsh"],
        "venues": ["Pier"],
        "desk": ["City", {"floor": "2"}],
        "body": "Ada Quill danced with Bo Marsh at the Pier.",
    },
    {"id": "two", "title": "Nothing", "body": "Nobody danced."},
]


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with make_archive(tmp_path_factory.mktemp("values"), RECORDS, "facets: [desk]\n") as archive:
        page = archive.search("ada OR danced*", explain=True)
        yield {
            "page": page,
            "hit": page.hits[0],
            "explanation": page.explanation,
            "facet": page.facets["person"],
            "article": archive.get("one"),
            "similar": archive.similar("one"),
            "timeline": archive.timeline(""),
            "encounters": archive.encounters("Ada Quill"),
            "companions": archive.companions("Ada Quill"),
            "gaps": archive.gaps("Ada Quill"),
            "certificate": archive.certificate("Ada Quill"),
            "suggestions": archive.search("dancde").suggestions,
            "report": archive.index(),
            "stats": archive.stats(),
            "corpus report": archive.corpus_report(),
            "request": SearchRequest("ada", where={"desk": "City"}),
            "saved run": archive.run_saved(SavedSearch("ada", SearchRequest("ada")), remember=False),
        }


NAMES = [
    "page", "hit", "explanation", "facet", "article", "similar", "timeline", "encounters", "companions", "gaps",
    "certificate", "suggestions", "report", "stats", "corpus report", "request", "saved run",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_result_is_a_value(values: dict[str, Any], name: str) -> None:
    value = values[name]
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert hash(again) == hash(value)
    assert len({value, again}) == 1
    for each in value if isinstance(value, tuple) else (value,):
        assert json.loads(json.dumps(dataclasses.asdict(each)))


def test_no_result_is_left_out(values: dict[str, Any]) -> None:
    assert list(values) == NAMES


def test_a_mapping_in_a_value_does_not_change(values: dict[str, Any]) -> None:
    article = values["article"]
    assert dict(article.extra) == {"desk": ("City", {"floor": "2"})}
    for change in (
        lambda: article.extra.update(a=1),
        lambda: article.extra.pop("desk"),
        lambda: article.extra["desk"][1].clear(),
        lambda: values["page"].facets.setdefault("x", 1),
    ):
        with pytest.raises(TypeError, match="cannot change"):
            change()
    with pytest.raises(TypeError, match="cannot change"):
        FrozenDict(a=1)["a"] = 2
    assert frozen({"a": [1, {"b": 2}]}) == {"a": (1, {"b": 2})}
    assert dataclasses.replace(article, extra={"k": ["v"]}).extra == {"k": ("v",)}


def test_articles_make_a_data_frame(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with make_archive(tmp_path, RECORDS) as archive:
        frame = pandas.DataFrame(archive.articles(sort="oldest"))
        assert list(frame["id"]) == ["one", "two"]
        assert list(frame["people"][0]) == ["Ada Quill", "Bo Marsh"]
        assert list(pandas.DataFrame(archive.search("danced").hits)["title"]) == ["Nothing", "Ada and Bo"]
        assert list(pandas.DataFrame(archive.timeline())["period"]) == ["1998", "undated"]


def test_choices_are_those_that_are_checked() -> None:
    assert get_args(choices.Sort) == SORTS == SearchRequest.SORT_ORDERS
    assert get_args(choices.FacetSort) == FACET_SORTS
    assert get_args(choices.Level) == LEVELS
    assert get_args(choices.Stance) == (*STANCES, "all")
    assert get_args(choices.EngineName) == ENGINES
