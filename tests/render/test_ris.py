"""RIS: a tag and a value a line, whatever a text holds."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model.article import Article
from archive.render import ris


def entry(**given: object) -> list[str]:
    return list(ris.entry(Article(**{"id": "an-id", "title": "A title", "body": "Text", **given})))  # type: ignore[arg-type]


DATES = {
    "1998-07-04": ["PY  - 1998", "DA  - 1998/07/04/"],
    "1998-07": ["PY  - 1998", "DA  - 1998/07//"],
    "1998": ["PY  - 1998", "DA  - 1998///"],
    "1998~": ["PY  - 1998", "DA  - 1998///"],
    "199X": ["N1  - Date: 199X"],
    "1998-07/1998-08": ["N1  - Date: 1998-07/1998-08", "PY  - 1998", "DA  - 1998///"],
    "1998/2001": ["N1  - Date: 1998/2001"],
    None: [],
}


@pytest.mark.parametrize(("date", "expected"), DATES.items(), ids=map(str, DATES))
def test_a_date_is_as_precise_as_it_is_known(date: str | None, expected: list[str]) -> None:
    assert [line for line in entry(date=date) if line[:2] in ("PY", "DA", "N1")] == expected


@settings(deadline=None)
@given(st.text(st.characters()), st.lists(st.text(st.characters()), max_size=3))
def test_every_value_is_one_line(text: str, names: list[str]) -> None:
    lines = entry(title=text, source=text, authors=tuple(names), people=tuple(names), url=text, venues=tuple(names))
    assert lines[0] in ("TY  - NEWS", "TY  - GEN")
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .+", line) for line in lines[:-2])
