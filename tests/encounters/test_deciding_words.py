"""The words of the evidence that decide are found again: for the stance and for the date, never within a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive

ADA, MAX = "Ada Byrne", "Max Cole"


@pytest.mark.parametrize(
    ("text", "stance", "words"),
    [
        ("Ada Byrne sat beside Max Cole at the Harbour Ball on Saturday.", "together", {"sat", "Saturday"}),
        ("Max Cole gave a party. Ada Byrne did not attend.", "absent", {"did not attend"}),
        ("Ada Byrne telephoned Max Cole from Rome.", "contact", {"telephoned"}),
        ("Ada Byrne and Max Cole are expected at the Harbour Ball.", "expected", {"are expected"}),
    ],
)
def test_words_that_decide(tmp_path: Path, text: str, stance: str, words: set[str]) -> None:
    archive = Archive.create(tmp_path / "one")
    head = f"---\ntitle: One\ndate: 2001-05-05\npeople: [{ADA}, {MAX}]\n---\n\n"
    (archive.root / "corpus" / "one.md").write_text(head + text + "\n")
    archive.index()
    rows = [row for row in archive.encounters(ADA, MAX, stance="all").rows if row.stance == stance]
    assert rows
    marked = {row.evidence[start:end] for row in rows for start, end in archive.deciding_words(row)}
    assert any(word in each for word in words for each in marked)
    for row in rows:
        for start, end in archive.deciding_words(row):
            assert not any(a < end and start < b for a, b in row.evidence.marks)
