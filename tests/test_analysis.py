import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import SettingsError
from archive.text.analyzer import Analyzer, Token, fold, unstemmed_terms

PLAIN = Analyzer(None)
ENGLISH = Analyzer("english")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("KARDASHIAN", "kardashian"),
        ("Beyoncé", "beyonce"),
        ("Zoe\u0308", "zoe"),
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("Straße", "strasse"),
        ("Æsir œuvre", "aesir oeuvre"),
        ("Þór", "thor"),
        ("İstanbul", "istanbul"),
        ("Kushner’s", "kushner's"),
        ("ﬁne", "fine"),
        ("ΑΘΗΝΑΣ", "αθηνασ"),
        ("Ёлка", "елка"),
        ("हिन्दी", "हिन्दी"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("أحمد إسلام آباد ٱلكتـــاب", "احمد اسلام اباد الكتاب"),
        ("کتاب یزد", "كتاب يزد"),
        ("١٩٩٨ ۱۳۷۷ १९९८", "1998 1377 1998"),
        ("ｶﾞﾗｽ ガラス", "ガラス ガラス"),
        ("Mire\ufeffla\u2060", "mirela"),
        ("co\u00adop", "coop"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


@given(st.text(max_size=40))
def test_folding_is_final_for_text_as_typed(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert fold(text.casefold()) == once


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Kim Kardashian’s party", ["kim", "kardashian", "party"]),
        ("Kardashian's", ["kardashian"]),
        ("the Kardashians’ house", ["the", "kardashians", "house"]),
        ("don't, won’t; O'Brien D’Angelo", ["dont", "wont", "obrien", "dangelo"]),
        ("'quoted' ‘words’", ["quoted", "words"]),
        ("rock 'n' roll", ["rock", "n", "roll"]),
        ("Jean-Paul AT&T U.S. 3.5", ["jean", "paul", "at", "t", "u", "s", "3", "5"]),
        ("snake_case __init__", ["snake", "case", "init"]),
        ("covid19 4K", ["covid19", "4k"]),
        ("", []),
        ("… — !?", []),
        ("Café Løvstad", ["cafe", "lovstad"]),
    ],
)
def test_words(text: str, terms: list[str]) -> None:
    assert unstemmed_terms(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("佐藤花子", ["佐", "藤", "花", "子"]),
        ("東京 Tower", ["東", "京", "tower"]),
        ("iPhoneの箱", ["iphone", "の", "箱"]),
        ("カタカナ", ["カ", "タ", "カ", "ナ"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("ｶﾞﾗｽの", ["ガ", "ラ", "ス", "の"]),
        ("Mirela\u200bCastel\u00adlan har\ufeffbour", ["mirela", "castellan", "harbour"]),
        ("𠮷野", ["𠮷", "野"]),
        ("한국어 서울", ["한국어", "서울"]),
    ],
)
def test_scripts_without_spaces_give_one_token_a_character(text: str, terms: list[str]) -> None:
    assert unstemmed_terms(text) == terms


@pytest.mark.parametrize("word", ["हिन्दी", "नमस्ते", "বাংলা", "தமிழ்", "മലയാളം", "ગુજરાતી", "ಕನ್ನಡ", "తెలుగు", "שָׁלוֹם", "مُحَمَّد"])
def test_vowel_signs_and_points_stay_inside_their_word(word: str) -> None:
    assert len(unstemmed_terms(f"a {word} b")) == 3
    assert len(unstemmed_terms(word)) == 1


def test_stemming_is_per_language_and_after_folding() -> None:
    assert ENGLISH.terms("Parties PARTY party’s") == ["parti", "parti", "parti"]
    assert Analyzer("de").terms("Häuser") == Analyzer("german").terms("hauser")
    assert PLAIN.terms("Parties") == ["parties"]


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"no stemmer for 'klingon'.*english"):
        Analyzer("klingon")


def test_tokens_have_the_offsets_of_their_words() -> None:
    text = "“Kim Kardashian’s café”"
    assert list(ENGLISH.tokens(text)) == [Token("kim", 1, 4), Token("kardashian", 5, 17), Token("cafe", 18, 22)]
    assert [text[start:end] for _, start, end in ENGLISH.tokens(text)] == ["Kim", "Kardashian’s", "café"]


def test_tokens_of_a_part_have_offsets_in_the_whole() -> None:
    text = "one two three four"
    assert PLAIN.spans(text, 4, 13) == [(4, 7), (8, 13)]
    assert PLAIN.spans(text, 8) == [(8, 13), (14, 18)]


anything = st.text(max_size=60) | st.text("aB1_'’. -é字ไน\u093f\u0301ſß", max_size=60)


@given(st.text(st.characters(codec="ascii"), max_size=80) | st.text("ab1_' -.", max_size=80))
def test_ascii_text_gives_the_same_terms_beside_other_text(text: str) -> None:
    # A character outside ASCII makes the general pattern do the work.
    assert PLAIN.terms(f"{text} é") == [*PLAIN.terms(text), "e"]
    assert list(PLAIN.tokens(f"{text} é"))[:-1] == list(PLAIN.tokens(text))


@given(anything)
def test_terms_and_tokens_agree(text: str) -> None:
    for analyzer in (PLAIN, ENGLISH):
        tokens = list(analyzer.tokens(text))
        assert [token.term for token in tokens] == analyzer.terms(text)
        assert all(analyzer.term(text[start:end]) == term for term, start, end in tokens)
        assert all(0 <= start < end <= len(text) for _, start, end in tokens)
        assert all(first.end <= second.start for first, second in pairwise(tokens))


@given(anything)
def test_case_does_not_matter_in_scripts_with_simple_case(text: str) -> None:
    simple = "".join(char for char in text if char.isascii() or char in "é字ไน")
    assert unstemmed_terms(simple.upper()) == unstemmed_terms(simple.lower())


def test_the_memory_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Analyzer, "_MEMORY", 10)
    analyzer = Analyzer("english")
    text = " ".join(f"word{number}s" for number in range(35))
    assert analyzer.terms(text) == [f"word{number}" for number in range(35)]
    assert len(analyzer._terms) <= 10


def test_analyzers_are_values() -> None:
    assert Analyzer("english") == ENGLISH
    assert Analyzer("english") != Analyzer("german")
    assert Analyzer(None) != "english"
    assert len({Analyzer("english"), ENGLISH, PLAIN}) == 2
    copy = pickle.loads(pickle.dumps(ENGLISH))
    assert copy == ENGLISH
    assert copy.terms("Parties") == ["parti"]
