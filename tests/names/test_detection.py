"""Detection: whole names in texts, as an oracle finds them that looks at every piece of a text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.names.authority.records import Authority, Record
from archive.names.gazetteer import Budget, GazetteerMatcher
from archive.text.normalize import NormalizedText

from ..support import generated

NOBODY = Authority((), (), "")


def people(*records: Record) -> GazetteerMatcher:
    return GazetteerMatcher(Authority(records, (), ""), NOBODY)


def found(detector: GazetteerMatcher, text: str) -> list[tuple[str, str]]:
    """(as written, canonical name) of every name in a text."""
    hits = detector.find(NormalizedText(text), Budget())
    return [(text[each.start : each.end], each.form.name) for each in hits if each.form.name]


WRITTEN = {
    "Siobhán O'Dowd": ["Siobhán O'Dowd", "Siobhan O’Dowd", "SIOBHÁN O'DOWD", "Siobhán\nO’Dowd", "Siobhan  O'Dowd",
                       "Siobh\u00e1n\n   O'Dowd", "Siob\u00adhán O'Dowd", "Siobhán\u00a0O'Dowd"],
    "Verity Pascoe-Lund": ["Verity Pascoe-Lund", "Verity Pascoe\u2011Lund", "Verity Pascoe Lund",
                           "Verity Pascoe-\nLund"],
    "Donald J. Trump": ["Donald J. Trump", "Donald J Trump"],
    "Noor al-Khatib": ["Noor al-Khatib", "Noor Al-Khatib", "Noor al Khatib"],
    "Jørgen Æbelø": ["Jørgen Æbelø", "Jorgen Aebelo"],
    "Straße Weiß": ["Straße Weiß", "Strasse Weiss"],
    "Анна Каренина": ["Анна Каренина"],
    "毛泽东": ["毛泽东"],
}  # fmt: skip
AROUND = ["{}", "“{}”", "({})", "{}'s", "{}’s", "{}, who", "said {}.", "'{}'", "\n{}\n", "{}—so", "with {}-like"]


@pytest.mark.parametrize(("name", "written"), [(name, text) for name, texts in WRITTEN.items() for text in texts])
def test_one_name_in_many_hands(name: str, written: str) -> None:
    detector = people(Record(name))
    for around in AROUND:
        assert found(detector, around.format(written)) == [(written, name)]


JOINED = {
    "A pro-Mirela Castellan rally": ["Mirela Castellan"],
    "an ANTI-MIRELA CASTELLAN vote": ["MIRELA CASTELLAN"],
    "The guests had left.Mirela Castellan came late.": ["Mirela Castellan"],
    "le discours d’Odile Marchand et d'Odile Marchand": ["Odile Marchand", "Odile Marchand"],
    "qu'Odile Marchand": ["Odile Marchand"],
    "dell’Odile Marchand": ["Odile Marchand"],
    # where it is a part of another name
    "Anna-Mirela Castellan": [],
    "D'Odile Marchand": [],
    "O’Odile Marchand": [],
    "St.Odile Marchand, A.Mirela Castellan": [],
    "pro-mirela castellan, left.mirela castellan": [],
    "super-Mirela Castellan": [],
}


@pytest.mark.parametrize(("text", "names"), JOINED.items(), ids=JOINED)
def test_a_name_may_follow_a_prefix_a_full_stop_or_an_elided_article(text: str, names: list[str]) -> None:
    detector = people(Record("Mirela Castellan"), Record("Odile Marchand"))
    assert [written for written, _ in found(detector, text)] == names


@pytest.mark.parametrize(
    "text",
    ["rose", "a rose jones", "Roses", "Rosejones", "Rose\n\nJones", "Rose, Jones", "Rose/Jones", "Rose “Jones",
     "O’Rose Jones", "Rose Jones-Smith", "Mary-Rose Jones", "Rose Jones’Smith", "Rose Jonesy", "Rose_Jones",
     "Rose jones", "rose Jones", ""],
)  # fmt: skip
def test_what_is_no_name(text: str) -> None:
    assert found(people(Record("Rose Jones")), text) == []


def test_words_that_are_small_in_the_record_may_be_either() -> None:
    detector = people(Record("Ludwig van Beethoven"))
    assert found(detector, "Ludwig Van Beethoven, LUDWIG VAN BEETHOVEN") == [
        ("Ludwig Van Beethoven", "Ludwig van Beethoven"),
        ("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
    ]
    assert found(detector, "ludwig van Beethoven") == []


def test_aliases_the_longest_match_and_namesakes() -> None:
    detector = people(
        Record("Augustin Lund", ("Commodore Lund",), ("Augustin Lund the younger", "Augustin Lund Prize")),
        Record("Augustin Lund the younger", ("Gus Lund",)),
        Record("Lund Prize"),
    )
    assert found(detector, "Commodore Lund, Augustin Lund the younger, Gus Lund") == [
        ("Commodore Lund", "Augustin Lund"),
        ("Augustin Lund the younger", "Augustin Lund the younger"),
        ("Gus Lund", "Augustin Lund the younger"),
    ]
    assert found(detector, "the Augustin Lund Prize") == []
    assert found(detector, "the Augustin Lund prize") == [("Augustin Lund", "Augustin Lund")]


def test_what_two_have_is_nobodys() -> None:
    both = people(Record("Kim A", ("Kim",)), Record("Kim B", ("Kim",)))
    assert found(both, "Kim met Kim A") == [("Kim A", "Kim A")]
    mixed = GazetteerMatcher(
        Authority((Record("Halcyon"),), (), ""), Authority((Record("Halcyon"), Record("Pier")), (), "")
    )
    assert found(mixed, "Halcyon at the Pier") == [("Pier", "Pier")]


def test_without_names_nothing_is_found() -> None:
    assert GazetteerMatcher(NOBODY, NOBODY).find(NormalizedText("Anybody at all"), Budget()) == []


# -- the oracle ------------------------------------------------------------------------


@lru_cache(100_000)
def plain(text: str) -> str:
    """Small letters without accents, typographic marks made plain, white space as one space; paragraphs stay apart."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    text = text.replace("’", "'").replace("\u2010", "-")
    return re.sub(r"[ \t]*\n[ \t]*|[ \t]+", " ", text)


def is_one(name: str, text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is `name`, by its definition."""
    written = text[start:end]
    if plain(written) not in (plain(name), plain(name).replace("-", " "), plain(name).replace("-", "- ")):
        return False
    before, after = text[:start], text[end:]
    opens = before[-1:] in ("'", "’") and (not before[:-1] or not (before[-2].isalnum() or before[-2] in "'’-.&‐"))
    unspaced = written[:1].isupper() and re.search(r"[a-z]{2}\.$", before)  # no space after a sentence
    if before and not opens and not unspaced and (before[-1].isalnum() or before[-1] in "'’-.&‐"):
        return False
    if after[:1].isalnum() or (after[:1] in ("-", "’", "'", "‐") and after[1:2].isupper()):
        return False
    pairs = zip(re.split(r"[\s-]+", name), re.split(r"[\s‐-]+", written), strict=True)
    return all(b[0].isupper() or not a[0].isupper() for a, b in pairs)


def oracle(records: list[Record], text: str) -> list[tuple[str, str]]:
    owners: dict[str, set[str]] = {}
    for record in records:
        for name in (record.name, *record.aliases):
            owners.setdefault(plain(name).replace("-", " "), set()).add(record.name)
    spans: dict[tuple[int, int], set[str]] = {}
    for start, end in combinations(range(len(text) + 1), 2):
        for record in records:
            blocked = any(
                is_one(namesake, text, first, last)
                for namesake in record.namesakes
                for first in range(start + 1)
                for last in range(end, len(text) + 1)
            )
            for namesake in record.namesakes:
                if is_one(namesake, text, start, end):
                    spans.setdefault((start, end), set())
            for name in (record.name, *record.aliases):
                if not blocked and is_one(name, text, start, end):
                    claims = owners[plain(name).replace("-", " ")]
                    spans.setdefault((start, end), set()).update({record.name} if len(claims) == 1 else {"?", "??"})
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if all(end <= first or last <= start for first, last in kept):
            kept.append((start, end))
    return [(text[a:b], min(spans[a, b])) for a, b in sorted(kept) if len(spans[a, b]) == 1]


NAMES = ["Ann", "Ann Bo", "Bo", "Éva Ann", "Éva", "Bo Ann-Éva", "Ann van Bo", "Bo O'Ann"]
spellings = st.sampled_from(NAMES)


@st.composite
def some_records(draw: st.DrawFn) -> list[Record]:
    names = draw(st.lists(spellings, min_size=1, max_size=4, unique=True))
    others = st.lists(spellings.filter(lambda name: name not in names), max_size=2, unique=True)
    return [Record(name, tuple(draw(others)), tuple(draw(others))) for name in names]


words = st.sampled_from(["Ann", "ann", "Bo", "BO", "bo", "Éva", "Eva", "van", "O'Ann", "O’Ann", "x"])
gaps = st.sampled_from([" ", " ", " ", "\n", "  ", "\n\n", "-", "- ", "‐", ", ", "’s ", "'", " '", ".", " “", "\n  "])


@given(some_records(), st.lists(st.tuples(words, gaps), min_size=1, max_size=5))
@generated(150)
def test_names_are_found_where_the_oracle_finds_them(records: list[Record], parts: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in parts)
    assert found(people(*records), text) == oracle(records, text)
