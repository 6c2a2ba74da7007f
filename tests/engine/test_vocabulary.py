import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from archive.engine.local.segment.interner import TermInterner
from archive.text.analyzer import Analyzer

_WORDS = st.sampled_from(
    ["rock'n'roll", "’tis", "dogs’", "''", "a''b", "'", "it’s", "Café", "x_y", "U.S.", "北京", "…", "\u00a0", "1,000"]
)
_LONG = st.text("abé", min_size=14, max_size=19)
_TEXTS = st.lists(st.lists(st.one_of(_WORDS, _LONG, st.text(max_size=12)), max_size=12).map(" ".join), max_size=5)


@given(_TEXTS)
@example(["'quoted' words", "", "a' 'b ''c'' 'd"])
@example(["abcdefghijklmnop abcdefghijklmnopq abcdefghijklmnopr"])
def test_a_vocabulary_numbers_the_terms_of_its_analyzer(texts: list[str]) -> None:
    analyzer = Analyzer("english")
    vocabulary = TermInterner(analyzer)
    numbers, counts = vocabulary.numbers(texts)
    terms = vocabulary.forms
    found = [[terms[number].decode() for number in part] for part in np.split(numbers, np.cumsum(counts))[:-1]]
    assert found == [analyzer.forms(text) for text in texts]
    again, _ = vocabulary.numbers(texts)
    assert again.tolist() == numbers.tolist()
    assert len(set(terms)) == len(terms)


def test_a_large_vocabulary_numbers_every_word_once() -> None:
    vocabulary = TermInterner(Analyzer(None))
    wanted = [f"word{number}" for number in range(100_000)]
    for start in range(0, len(wanted), 7_000):
        vocabulary.numbers([" ".join(wanted[start : start + 7_000])])
    numbers, counts = vocabulary.numbers([" ".join(wanted)])
    assert counts.tolist() == [len(wanted)]
    assert numbers.tolist() == list(range(len(wanted)))
    assert vocabulary.forms == [word.encode() for word in wanted]
