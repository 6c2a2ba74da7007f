"""Tables: cells that a spreadsheet would take for formulas."""

from __future__ import annotations

import pytest

from archive.render import table

_FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "-")
_PLAIN = ("a=b", "1-1", "", "'=1", "1999", "e@mail.org")


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_a_formula_begins_with_an_apostrophe_unless_raw(form: str) -> None:
    for value in _FORMULAS:
        cell = {"x": value, "y": [value, "b"]}
        _, safe = table.rows(form, ("y", "x"), [cell])
        _, raw = table.rows(form, ("y", "x"), [cell], raw=True)
        assert safe.lstrip('"').startswith("'"), safe
        assert safe.count("'") == 2
        assert "'" not in raw
    for value in _PLAIN:
        assert [*table.rows(form, ("x",), [{"x": value}])] == [*table.rows(form, ("x",), [{"x": value}], raw=True)]


def test_numbers_are_no_formulas() -> None:
    assert [*table.rows("csv", ("x",), [{"x": -1.5}])] == ["x", "-1.5"]


def test_a_tab_or_return_before_a_formula_is_no_way_in() -> None:
    for before in ("\t", "\r", "\n", " "):
        _, line = table.rows("tsv", ("x",), [{"x": f"{before}=1"}])
        assert line in ("'=1",) or not line.startswith(("=", "\t", "\r"))
