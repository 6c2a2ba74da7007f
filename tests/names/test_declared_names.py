"""Names that an article declares and no record has are looked for where the text may have them, and only there."""

from __future__ import annotations

import pytest

from archive.model.article import Article
from archive.names import entity_linker
from archive.names.entity_linker import with_ad_hoc_mentions


def article(name: str, body: str) -> Article:
    return Article(id="a", title="A title", body=body, people=(name,), path="a.txt")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Ada Byrne", "It was Ada Byrne."),
        ("Ada Byrne", "ADA BYRNE WAS THERE"),
        ("Ada Byrne", "All had left.Ada Byrne came."),
        ("Ada Byrne", "Ada By\u00adrne came."),
        ("Ada Byrne", "Ada By\u200erne came."),
        ("Ada B. Quill", "Nobody but Ada B Quill came."),
        ("Ada Byrne", "the pro-Ada Byrne party"),
        ("Émile d’Orvane", "Emile d'Orvane sang."),
        ("Siobhán O'Dowd", "Siobhan O’Dowd sang."),
        ("Jan van Dyk", "Jan van Dijk sang."),
        ("IJsbrandt Mol", "Ysbrandt Mol sang."),
        ("Verity Pascoe-Lund", "Verity Pascoe-\nLund sang."),
        ("佐藤花子", "昨日佐藤花子が来た。"),
    ],
)
def test_a_name_is_found_however_the_text_writes_it(name: str, body: str) -> None:
    assert [each.name for each in with_ad_hoc_mentions(article(name, body))] == [name]


@pytest.mark.parametrize("body", ["Nobody came.", "Byrnes and Adair came.", "Ada came.", "Ada and Byrnes", ""])
def test_a_text_without_all_words_of_the_name_is_not_searched(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity_linker, "EntityLinker", None)
    assert with_ad_hoc_mentions(article("Ada Byrne", body)) == ()
