"""What is indexed besides the words of a text, found text by text and in batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.engine.local.segment.interner import TermInterner
from archive.text.analyzer import Analyzer

_WORDS = st.sampled_from(
    [
        *(
            "e-mail",
            "state-of-the-art",
            "F-16",
            "10-15",
            "anti-F-16",
            "U.S.",
            "U.S.S.R",
            "J.R.R.",
            "e.g.",
            "x.y-z",
            "a.b1",
        ),
        *(
            "US",
            "WHO",
            "NATO",
            "ABCDEFG",
            "A1",
            "d'Orvane",
            "L’Escaut",
            "d'orvane",
            "rock-'n'-roll",
            "'a-b'",
            "--",
            "a--b",
        ),
        *(
            "a-é",
            "É.U.",
            "С.Ш.А.",
            "東-京",
            "東.京",
            "co‐op",
            "ʼa-b",
            "''a-b",
            "ـ-b",
            "x-",
            "-x",
            "Ünter-US",
            "a-b-c-d-e-f-g-h-i-j",
        ),
    ]
)
_TEXTS = st.lists(
    st.lists(_WORDS | st.text("aZé1.-'’ ", max_size=8), max_size=8).map(" ".join), max_size=5
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("an e-mail", ["-email-1"]),
        ("Their Co-Operation ended.", ["-cooperation-2"]),
        ("a counter-attack", ["-counterattack-7"]),
        ("a high-dimensional space", ["-highdimensional-4"]),
        ("kernel-distance-based", []),
        ("state-of-the-art", []),
        ("non-co-operation with anti-F-16 protests", ["-nonco-3", "-cooperation-2", "-antif-4", "-f16-1"]),
        ("An F-16; pages 10-15", ["-f16-1"]),
        ("The U.S. fleet, the US fleet", ["-us-1", "-US"]),
        ("She left the U.N. Nobody", ["-un-1", "-UN"]),
        ("the U.S.S.R. and UNESCO", ["-ussr-1-2-3", "-USSR"]),
        ("at 3 p.m. sharp", ["-pm-1"]),
        ("left.Donald example.org", []),
        ("Mirelle d'Orvane", ["-dorvane-1"]),
        ("don't", []),
    ],
)
def test_extra_forms(text: str, extra: list[str]) -> None:
    assert Analyzer("english").extra_forms(text) == extra


@given(_TEXTS, st.sampled_from(["english", "french", None]))
@example(["US US U.S.", "", "NATO-US"], None)
def test_batches_find_what_single_texts_do(texts: list[str], language: str | None) -> None:
    analyzer = Analyzer(language)
    interner = TermInterner(analyzer)
    numbers, counts, words = interner.numbers_with_extra(texts)
    forms = [interner.forms[number].decode() for number in numbers]
    found = [part.tolist() for part in np.split(np.array(forms, object), np.cumsum(counts)[:-1])] if texts else []
    assert found == [analyzer.forms(text) + analyzer.extra_forms(text) for text in texts]
    assert words.tolist() == [len(analyzer.forms(text)) for text in texts]
