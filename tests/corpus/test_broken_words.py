"""Words broken at the end of a line."""

from pathlib import Path

import pytest

from archive import Archive
from archive.corpus.broken_words import find_whole_words, join_broken_words, may_break_words
from archive.corpus.rendered_text import RenderedText, without_unseen
from archive.corpus.scan import scan

from .helpers import put


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("for the harbour-\nmaster to say", "for the harbourmaster\nto say"),
        ("for the Harbour- \n  master, he said", "for the Harbourmaster,\nhe said"),
        ("for the harbour-\nmaster.", "for the\nharbourmaster."),
        ("well-\nknown harbour-\nmaster", "well-\nknown\nharbourmaster"),
        ("harbour-\n\nmaster", "harbour-\n\nmaster"),
        ("harbour -\nmaster", "harbour -\nmaster"),
    ],
)
def test_wholes_are_put_together_and_lines_stay_lines(text: str, joined: str) -> None:
    found = RenderedText.verbatim(text, 1)
    join_broken_words(found, frozenset({"harbourmaster"}))
    assert found.text == joined
    assert len(found.lines) == text.count("\n") + 1


def test_a_soft_hyphen_at_the_end_of_a_line_always_joins() -> None:
    assert without_unseen("Fen\u00ad\nwick rose\nand Fen\u00ad \nwick") == "Fenwick\nrose\nand\nFenwick"


def test_whole_words_are_looked_for_in_all_that_is_read(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "A\n\nIt is the harbour-\nmaster, the well-\nknown light-\r\nhouse and a pav-\nement.\n")
    put(tmp_path, "b.md", "# B\n\nThe Harbourmaster is well-known.")
    records = ['{"title": "C", "body": "a light-\\nhouse, a foot-\\npath"}', '{"title": "D", "body": "lighthouse"}']
    put(tmp_path, "c.jsonl", "\n".join(records))
    sources = scan(tmp_path / "corpus", tmp_path).sources
    everything = sources, sources, 10_000
    assert find_whole_words(*everything, lambda _: False) == {"harbourmaster", "lighthouse"}
    assert find_whole_words(*everything, {"pavement"}.__contains__) == {"harbourmaster", "lighthouse", "pavement"}
    assert find_whole_words(sources[:1], sources, 10, lambda _: True) == frozenset()
    assert find_whole_words(sources[1:2], sources, 10_000, lambda _: True) == frozenset()
    found = {name: may_break_words((tmp_path / "corpus" / name).read_bytes()) for name in ("a.txt", "b.md", "c.jsonl")}
    assert found == {"a.txt": True, "b.md": False, "c.jsonl": True}


def test_broken_words_are_found_whole_whatever_is_read_first(tmp_path: Path) -> None:
    text = "Not for the harbour-\nmaster to say who moored at the well-\nknown wall."
    put(tmp_path, "1.txt", f"A Second Opinion\n\n{text}\n")
    put(tmp_path, "2.txt", "The Keeper\n\nThe harbourmaster keeps the keys.\n")
    with Archive.open(tmp_path) as archive:
        archive.index()
        assert archive.search("harbourmaster").total == 2
        assert archive.search('"for the harbourmaster to say"').total == 1
        assert archive.search('"well-known wall"').total == 1
        put(tmp_path, "3.md", "# Third\n\nAnother har-\nbourmaster came to the break-\nwater.\n")
        archive.index()
        assert archive.search("harbourmaster").total == 3
        assert archive.search("breakwater").total == 0
