"""Passages as windows of tokens: whose surname stands where, and where a pair stands in them."""

from __future__ import annotations

import re

import pytest

from archive.encounters.encoder.windows import MAX_TOKENS, PassageWindows, surnames
from archive.encounters.encoder.wordpiece import WordPiece, load_wordpiece
from archive.encounters.pair_judge import PairCandidate, Passage, PassageMention
from archive.text.sentences import paragraphs, sentences

PIECES = load_wordpiece()
VOCABULARY = {number: piece for piece, number in PIECES._numbers.items()}


def passage(title: str, body: str, people: list[str], venues: list[str] = []) -> Passage:  # noqa: B006
    """A passage whose people are mentioned by full name, by surname, and by `she`, of the first."""
    starts, cuts = [start for start, _ in paragraphs(body)], [start for start, _ in sentences(body)]
    found = []
    for in_title, text in ((True, title), (False, body)):
        for facet, names in (("person", people), ("venue", venues)):
            for number, name in enumerate(names):
                last = name.split()[-1]
                for match in re.finditer(rf"(?:Mrs )?(?:{name}|{last})|she" if not number else f"{name}|{last}", text):
                    how = "pronoun" if match[0] == "she" else "name"
                    if facet == "venue" and how == "pronoun":
                        continue
                    at = match.start()
                    place = (-1, -1) if in_title else (sum(s <= at for s in starts) - 1, sum(c <= at for c in cuts) - 1)
                    found.append(PassageMention(facet, number, at, match.end(), in_title, how, *place))
    found.sort(key=lambda each: (not each.in_title, each.start))
    return Passage(title, body, None, tuple(people), tuple(venues), tuple(found))


def pair(of: Passage, first: int, second: int, facet: str = "person") -> PairCandidate:
    """Two of a passage's people, by all of their mentions."""
    mentions = [
        tuple(at for at, each in enumerate(of.mentions) if (each.facet, each.number) == name)
        for name in (("person", first), (facet, second))
    ]
    return PairCandidate(facet, first, second, 0, *mentions, "", None, {})


def words(tokens: tuple[int, ...]) -> str:
    return " ".join(VOCABULARY[number] for number in tokens)


def test_people_bear_other_surnames_titles_and_pronouns_stay() -> None:
    some = passage(
        "Ada Lund back", "Mrs Lund came with Bo Ek. Then she left Ek at Funke.", ["Ada Lund", "Bo Ek"], ["Funke"]
    )
    windows = PassageWindows(some, [pair(some, 0, 1), pair(some, 0, 0, "venue")], PIECES)
    assert len(windows) == 1
    window = windows.window(0, ["smith", "jones"])
    assert words(window.tokens) == (
        "[CLS] smith back [SEP] mrs smith came with jones . then she left jones at funk ##e . [SEP]"
    )
    tokens = window.tokens
    sentences_of = [each for each in window.instances if each.candidate == 0]
    assert [words(tokens[a:b]) for each in sentences_of for a, b in each.context] == [
        "mrs smith came with jones .",
        "then she left jones at funk ##e .",
        "smith back",
        "mrs smith came with jones .",
        "then she left jones at funk ##e .",
    ]
    assert [words(tokens[a:b]) for a, b in sentences_of[1].first] == ["she"]
    assert [each.traits for each in sentences_of] == [(0, 0, 0, 0), (0, 1, 0, 0), (1, 0, 0, 1)]


def test_surnames_are_single_tokens_and_none_is_a_word_of_the_text() -> None:
    assert all(len(PIECES.encode(name)) == 1 for name in surnames())
    first, second, *_ = surnames()
    some = passage("", f"Ada Lund met {second.title()} and Bo Ek. {first.upper()}!", ["Ada Lund", "Bo Ek"])
    windows = PassageWindows(some, [pair(some, 0, 1)], PIECES)
    assert first not in windows.surnames()
    assert second not in windows.surnames()
    assert len(set(windows.surnames())) == 2


def test_a_long_article_is_several_windows_and_every_candidate_stands_in_one() -> None:
    filler = " ".join(["Nothing much was said of the weather that afternoon, or of the harvest."] * 16)
    body = f"Ada Lund met Bo Ek. {filler}\n\n{filler}\n\nCy Orr came. {filler} Di Pym left.\n\nBo Ek sat with Cy Orr."
    some = passage("A day", body, ["Ada Lund", "Bo Ek", "Cy Orr", "Di Pym"])
    candidates = [pair(some, 0, 1), pair(some, 2, 3), pair(some, 1, 2), pair(some, 0, 3)]
    windows = PassageWindows(some, candidates, PIECES)
    seen = set()
    for number in range(len(windows)):
        window = windows.window(number, windows.surnames())
        assert len(window.tokens) <= MAX_TOKENS + 1
        seen |= {each.candidate for each in window.instances if each.first and each.second}
    assert seen == {0, 1, 2, 3}
    assert len(windows) > 2


@pytest.mark.parametrize("sentence", ["word " * 900 + "with Bo Ek.", "Bo Ek " + "x" * 4000 + "."])
def test_a_sentence_longer_than_a_window_is_cut(sentence: str) -> None:
    some = passage("", f"Ada Lund, {sentence}", ["Ada Lund", "Bo Ek"])
    windows = PassageWindows(some, [pair(some, 0, 1)], PIECES)
    assert len(windows.window(0, windows.surnames()).tokens) <= MAX_TOKENS + 1


def test_a_mention_across_what_looks_like_the_end_of_a_sentence_is_whole() -> None:
    body = "We saw Lt. Bo Ek. Ada Lund was there."
    some = Passage("", body, None, ("Lt. Bo. Ek", "Ada Lund"), (), (
        PassageMention("person", 0, 7, 16, False, "name", 0, 0),
        PassageMention("person", 1, 18, 26, False, "name", 0, 1),
    ))  # fmt: skip
    window = PassageWindows(some, [pair(some, 0, 1)], PIECES).window(0, ["smith", "jones"])
    assert words(window.tokens) == "[CLS] [SEP] we saw smith . jones was there . [SEP]"


def test_no_candidates_are_no_windows() -> None:
    some = passage("A", "Ada Lund was there.", ["Ada Lund"])
    assert len(PassageWindows(some, [], WordPiece(["[CLS]", "[SEP]", "[UNK]"]))) == 0
