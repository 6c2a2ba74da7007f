"""BibTeX: braces balance and nothing is left that TeX would obey."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model.article import Article
from archive.render import bibtex


def entry(**given: object) -> str:
    return "\n".join(bibtex.entry(Article(id="an-id", title="A title", body="", **given)))  # type: ignore[arg-type]


def test_special_characters() -> None:
    assert bibtex.escape("50% & $5 #1 a_b {x} ~^ \\") == (
        r"50\% \& \$5 \#1 a\_b \textbraceleft{}x\textbraceright{} \textasciitilde{}\textasciicircum{} \textbackslash{}"
    )
    assert bibtex.escape("two\nlines\x1b \x9b\u202eend") == "two lines end"


@settings(deadline=None)
@given(st.text(st.characters()))
def test_whatever_a_text_holds_braces_balance(text: str) -> None:
    escaped = bibtex.escape(text)
    depth = 0
    for char in escaped:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    plain = re.sub(r"\\(textbackslash|textbraceleft|textbraceright|textasciitilde|textasciicircum)\{\}", "", escaped)
    assert not re.search(r"(?<!\\)[%&$#_{}~^]", plain)


def test_the_kind_and_the_date_follow_what_is_known() -> None:
    assert entry(source="Gazette", date="1998-07-04").startswith("@article{an-id,")
    assert "  year = {1998},\n  month = jul,\n  day = {4},\n" in entry(date="1998-07-04")
    assert "  year = {1998},\n  month = jul,\n" in entry(date="1998-07")
    assert "month" not in entry(date="1998")
    assert "year" not in entry()
    assert entry(path="corpus/x_1.md").startswith("@misc{an-id,")
    assert r"howpublished = {corpus/x\_1.md}" in entry(path="corpus/x_1.md")


def test_names_stay_one_name() -> None:
    said = entry(authors=("Nora Finch", "Smith and Sons", "others"), people=("Quill, Ada, Jr.", "Bruno"))
    assert "author = {Nora Finch and {Smith and Sons} and {others}}" in said
    assert "keywords = {{Quill, Ada, Jr.}, Bruno}" in said


def test_an_address_stays_an_address() -> None:
    said = entry(url="https://x.example/a_b?c=1&d=50%25#e {é}")
    assert "url = {https://x.example/a_b?c=1&d=50%25#e%20%7B%C3%A9%7D}" in said
