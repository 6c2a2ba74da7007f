from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from archive.engine.local.multi_term import fuzzy
from archive.engine.local.segment.file import SegmentFileReader, SegmentFileWriter
from archive.engine.local.segment.interner import TermInterner
from archive.engine.local.segment.postings import FieldReader, PostingsData, PostingsWriter
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


def _field(path: Path, words: list[str]) -> FieldReader:
    """A field that has these words, each in one document."""
    terms = sorted({word.encode() for word in words})
    with path.open("wb") as file:
        out = SegmentFileWriter(file)
        writer = PostingsWriter(out, "f")
        writer.add(PostingsData(terms, np.ones(len(terms), np.int64), np.zeros(len(terms), np.int64)))
        writer.finish(None)
        out.finish({"documents": 1, "fields": ["f"], "lengths": {}})
    return FieldReader(SegmentFileReader(path), "f")


_SHORT = st.text("abé", min_size=1, max_size=6)
_ALIKE = st.builds(lambda start, end: start + end, st.sampled_from(["", "a" * 15, "abcdefghijklmnopq"]), _SHORT)


@given(held=st.lists(_ALIKE, min_size=1, max_size=60), sought=st.lists(_ALIKE, max_size=30))
def test_many_terms_are_found_as_each_by_itself(
    tmp_path_factory: pytest.TempPathFactory, held: list[str], sought: list[str]
) -> None:
    field = _field(tmp_path_factory.mktemp("terms") / "s.seg", held)
    places = {term: number for number, term in enumerate(field.terms())}
    wanted = [word.encode() for word in [*sought, *held, ""]]
    assert field.find_all(wanted) == [places.get(term) for term in wanted]


@given(held=st.lists(_SHORT, min_size=1, max_size=60), sought=_SHORT, same=st.integers(0, 2))
def test_words_one_edit_apart_are_those_of_the_whole_vocabulary(
    tmp_path_factory: pytest.TempPathFactory, held: list[str], sought: str, same: int
) -> None:
    field = _field(tmp_path_factory.mktemp("words") / "s.seg", held)
    near = [word for word in held if word.startswith(sought[:same]) and OSA.distance(word, sought) <= 1]
    assert [term.decode() for term in fuzzy(field, sought, 1, same)] == sorted(set(near), key=str.encode)
