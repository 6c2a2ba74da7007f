"""Every format's bytes, as they are documented."""

import shlex

import pytest

from .support import GOLDEN, golden, run

#: Sorted by date, so that a change in ranking changes nothing here.
_OLDEST = "--sort oldest"
CASES = {
    **{f"search.{form}": f"search ball {_OLDEST} --format {form}" for form in ("json", "jsonl", "csv", "tsv")},
    "search.txt": f"search ball {_OLDEST}",
    "search-filtered.txt": f"search --person 'Ada Quill' --missing venue --facets person,venue,tags {_OLDEST} -n 1",
    "search-nothing.json": "search zeppelin --format json",
    "search-nothing.csv": "search zeppelin --format csv",
    "search-ids.txt": f"search pier {_OLDEST} --output ids",
    "search-ids.json": f"search pier {_OLDEST} --output ids --format json",
    "search-ids.jsonl": f"search pier {_OLDEST} --output ids --format jsonl",
    "search-paths.csv": f"search pier {_OLDEST} --output paths --format csv",
    "search-facets.txt": "search ball --output facets --facet-limit 2 --facet-sort name",
    "search-facets.json": "search ball --output facets --facets venue,source --facet-limit all --format json",
    "search-facets.tsv": "search ball --output facets --year 2011 --format tsv",
    "search-count.json": "search ball --output count --format json",
    "facets.txt": "facets person ball --person 'Bruno Marsh'",
    **{f"facets.{form}": f"facets venue --format {form}" for form in ("json", "jsonl", "csv", "tsv")},
    "show.txt": "show 1998-07-04-the-lantern-ball --hits 'ball OR lantern'",
    "show-several.txt": "show hostile 2004-08-regatta-dinner-the-wettest-in-years",
    "show.md": "show 1998-07-04-the-lantern-ball --hits ball --format markdown",
    "show.json": "show hostile --format json",
    "timeline.txt": "timeline ball",
    "timeline-month.tsv": "timeline ball --by month --format tsv",
    **{f"timeline.{form}": f"timeline ball --format {form}" for form in ("json", "jsonl", "csv", "tsv")},
    "export.jsonl": f"export {_OLDEST}",
    "export.csv": f"export {_OLDEST} --format csv",
    "export-raw.csv": f"export {_OLDEST} --format csv --raw",
    "export.bib": f"export {_OLDEST} --format bibtex",
    "export.ris": f"export {_OLDEST} --format ris",
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", CASES)
def test_bytes(name: str) -> None:
    assert golden(GOLDEN / name, CASES[name], "nothing" in name).err == ""


def test_no_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir() if path.is_file()} == set(CASES)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("case", ["search.jsonl", "search.csv", "search.tsv", "search-ids.txt", "export.jsonl"])
def test_the_same_archive_gives_the_same_bytes(case: str) -> None:
    arguments = [part for part in shlex.split(CASES[case]) if part not in ("--sort", "oldest")]
    assert run(*arguments).raw == run(*arguments).raw != b""
