"""Words broken at the end of a line."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.corpus.broken_words import find_broken_words, find_whole_words, join_broken_words, may_break_words
from archive.corpus.rendered_text import RenderedText, without_unseen
from archive.corpus.scan import scan

from ..support import generated
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
    broken = [find_broken_words(each, 10_000) for each in sources]
    assert broken == [{"harbourmaster", "wellknown", "lighthouse", "pavement"}, set(), {"lighthouse", "footpath"}]
    assert find_whole_words(frozenset().union(*broken), sources, 10_000) == {"harbourmaster", "lighthouse"}
    assert find_broken_words(sources[0], 10) == set()
    assert find_whole_words(broken[0], sources[:2], 10) == set()
    found = {name: may_break_words((tmp_path / "corpus" / name).read_bytes()) for name in ("a.txt", "b.md", "c.jsonl")}
    assert found == {"a.txt": True, "b.md": False, "c.jsonl": True}


_words = st.text(st.sampled_from("abÄäßıńж"), min_size=2, max_size=4)


@generated(60)
@given(
    broken=st.lists(st.tuples(_words, _words), min_size=1, max_size=40),
    whole=st.lists(_words, max_size=30),
    separators=st.lists(st.sampled_from([" ", "\n", ", ", "“", "-", "_", "1"]), min_size=1, max_size=5),
)
def test_whole_words_are_the_words_of_the_text(
    broken: list[tuple[str, str]], whole: list[str], separators: list[str]
) -> None:
    """Against all words of the text; one in ASCII that touches a sign beyond it may be missed, none is invented."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        text = "\n\n".join("-\n".join(pair) for pair in broken)
        put(root, "a.txt", text)
        put(root, "b.txt", "".join(word + separators[n % len(separators)] for n, word in enumerate(whole)))
        sources = scan(root / "corpus", root).sources
        words = find_broken_words(sources[0], 10_000)
        assert words == {"".join(pair).lower() for pair in broken}
        seen = set(re.findall(r"[^\W\d_]{4,}", (root / "corpus/b.txt").read_text("utf-8").lower()))
        found = find_whole_words(words, sources, 10_000)
        assert found <= words & seen
        assert {word for word in words & seen if not word.isascii()} <= found
        if "“" not in separators:
            assert found == words & seen


def test_a_word_that_becomes_known_is_put_together_where_it_was_read_before(tmp_path: Path) -> None:
    put(tmp_path, "1.txt", "One\n\nHe came to the break-\nwater and the har-\nbourmaster.\n")
    put(tmp_path, "2.txt", "Two\n\nThe harbourmaster was there.\n")
    with Archive.open(tmp_path) as archive:
        archive.index()
        assert [archive.search(each).total for each in ("harbourmaster", "breakwater")] == [2, 0]
        put(tmp_path, "3.txt", "Three\n\nThe Breakwater, again.\n")
        report = archive.index()
        assert (report.added, report.updated, report.unchanged) == (1, 1, 1)
        assert [archive.search(each).total for each in ("harbourmaster", "breakwater")] == [2, 2]
        incremental = {article.id: article for article in archive.articles()}
        assert archive.index().unchanged == 3
        assert archive.index(full=True).unchanged == 3
        assert {article.id: article for article in archive.articles()} == incremental


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
