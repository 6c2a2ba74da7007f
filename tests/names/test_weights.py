"""What each clue is worth in the discovery of names: one row a weight, so that none can change unnoticed.

The passages say how well discovery works on the whole. These rows say why: each is a name in a
sentence in which one clue decides, with what that clue says for a person and for a venue.
"""

from __future__ import annotations

from itertools import product

import pytest

from archive.model.article import Article
from archive.names.discovery import features, spans
from archive.names.discovery.candidates import candidates
from archive.names.discovery.features import name_features
from archive.names.discovery.spans import find_mentions
from archive.names.discovery.suggestions import NameDiscovery
from archive.names.discovery.word_classes import are_unlisted
from archive.names.discovery.words_around import add_context

WORDS_AROUND = [
    # before the name
    ("yesterday there sat Vexa Quill", (0, 0)),
    ("we saw the 34-year-old Vexa Quill", (2.5, 0)),
    ("we read the novel Vexa Quill", (-4, -4)),
    ("we read a novel, Vexa Quill", (0, 0)),
    ("then came his aunt Vexa Quill", (2.5, -1)),
    ("then came his aunts Vexa Quill", (2.5, -1)),
    ("then came the painter Vexa Quill", (2.2, -1)),
    ("then came the painter, Vexa Quill", (1.5, -1)),
    ("then came the painters, Vexa Quill", (1.5, -1)),
    ("then came the bus, Vexa Quill", (0, 0)),
    ("that was insisted Vexa Quill", (1.8, -1)),
    ("then came the bistro Vexa Quill", (-2, 3)),
    ("we passed the village Vexa Quill", (-3, -1)),
    ("we passed the Vexa Quill", (-2, 0.3)),
    ("we passed a Vexa Quill", (-2.5, -0.5)),
    ("we met at the Vexa Quill", (-2.5, 2.5)),
    ("we sailed in the Vexa Quill", (-2.5, 0.8)),
    ("we met at Vexa Quill", (-1, 1.8)),
    ("they opened Vexa Quill", (-0.5, 1.8)),
    ("we sang with Vexa Quill", (0.7, -0.3)),
    ("they lived in Vexa Quill", (-1.5, 0.3)),
    ("a friend of Vexa Quill", (-0.2, 0)),
    ("it was the lutist Vexa Quill", (1.2, -0.5)),
    ("Vexa Quill: no more", (0, 0)),
    # after it
    ("yes, Vexa Quill who never slept", (2.5, -1)),
    ("yes, Vexa Quill, 34, never slept", (2.5, -1)),
    ("yes, Vexa Quill, which burned down", (-1, 0.7)),
    ("yes, Vexa Quill's dress is blue", (1.3, -0.5)),
    ("yes, Vexa Quill's plan is good", (0.3, 0)),
    ("yes, Vexa Quill insisted", (2, -5.5)),
    ("yes, Vexa Quill bistro is shut", (-2, 3)),
    ("yes, Vexa Quill album is out", (-1.5, -1)),
    ("yes, Vexa Quill company is out", (-1.5, -1)),
    ("yes, Vexa Quill painted", (0.8, -0.3)),
    ("yes, Vexa Quill yawned", (0.6, -0.2)),
    ("yes, Vexa Quill, of the upper mill, insisted", (2, -1)),
    ("yes, Vexa Quill, a quiet painter", (2, -1)),
    ("yes, Vexa Quill, my aunt", (2, -1)),
    ("yes, Vexa Quill, a quiet bistro", (-1, 2)),
    ("yes, Vexa Quill dozed off because she could", (0.6, -0.2)),
    ("yes, Vexa Quill, a day too late", (0, 0)),
    ("yes, Vexa Quill, a very quiet and old painter", (2, -1)),
    ("yes, Vexa Quill, a very quiet and old, odd painter", (0, 0)),
]


@pytest.mark.parametrize(("text", "weights"), WORDS_AROUND)
def test_the_words_around_a_name(text: str, weights: tuple[float, float]) -> None:
    (mention,) = (each for each in find_mentions(text) if each.written.words == ("Vexa", "Quill"))
    add_context(text, [mention])
    assert (mention.person, mention.venue) == pytest.approx(weights)


def test_a_pronoun_that_begins_the_next_sentence() -> None:
    with_pronoun, without = "Then came Vexa Quill. She slept.", "Then came Vexa Quill. All slept."
    one, other = (candidates(text)[0] for text in (with_pronoun, without))
    assert one.person - other.person == pytest.approx(0.4)


WORDS_OF_A_NAME = [
    ("Vexa Quill", "", (1, 0)),
    ("Ida Quill", "", (2.1, 0)),  # a given name
    ("Quill Ida", "", (1.5, 0)),
    ("Vexa van Quill", "", (1.5, 0)),
    ("Vexa O'Quill", "", (1.4, 0)),
    ("Ida Hall", "", (1.6, 0.9)),
    ("Mount Quill", "", (-5, -1)),
    ("Hong Kong", "", (-1.9, -4)),
    ("Vexa Quill", "Dr", (4, 0)),
    ("Quill", "", (-1.2, -1)),
    ("Vexa J. Quill", "", (2, 0)),
    ("Vexa", "Aunt", (1.8, -1)),
    ("Harbour Hotel", "", (-4, 4)),
    ("Château Quill", "", (-4, 4)),
    ("Hotel of Vexa Quill", "", (-6, 4)),
    ("Quill Company", "", (-3, -4)),
    ("Getty Quill", "", (-3, -4)),
    ("Vexa Getty", "", (-3, -4)),
    ("Finnish Quill", "", (-2, -1)),
    ("Vexa Finnish", "", (-2, -1)),
    ("Vexa of Quill", "", (-1, 0)),
    ("Vexa QXYZ", "", (-1, 0)),
    ("Vexa QX", "", (-1, 0)),
    ("Early Quill", "", (0, 0)),
    ("Early Late Quill", "", (-1, 0)),
    ("Quill's", "", (-3, 1)),
    ("Vexa Quill's", "", (-3, 1)),
    ("Vexa Bea Cora Quill", "", (1.5, 0)),
    ("Vexa Bea Cora Dell Quill", "", (0.5, 0)),
    ("Vexa Bea Cora Dell Edda Quill", "", (-1.5, 0)),
    ("Vexa 7", "", (-6.2, -1)),
]


@pytest.mark.parametrize(("name", "title", "weights"), WORDS_OF_A_NAME)
def test_the_words_of_a_name(name: str, title: str, weights: tuple[float, float]) -> None:
    assert name_features(tuple(name.split()), title) == pytest.approx(weights)


#: What the mentions in one article come to, for the name that is written first.
ARTICLES = [
    ("Yesterday there sat Vexa Quill.", (1, 0)),
    # The clearest mention and the average one count half each.
    ("They thanked the painter Vexa Quill.", (3.2, -1)),
    ("There sat Vexa Quill. They thanked the painter Vexa Quill.", (1 + 0.35 + 0.5 * (2.2 + 1.1), -0.25)),
    # Every mention counts a little, up to one in all.
    ("There sat Vexa Quill. " * 4, (1 + 0.35 * 2, 0)),
    ("There sat Vexa Quill. " * 9, (1 + 1, 0)),
    # Named again in short, which counts for itself and as a mention more.
    ("There sat Vexa Quill. There sat Quill.", (1 + 0.35 + 1, 0)),
    # Beside somebody who is a person by all appearances, and beside one who is not.
    ("There sat Vexa Quill and painter Orb Ness.", (1.9, 0)),
    ("There sat Vexa Quill, Orb Ness yawned.", (1.9, 0)),
    ("There sat Vexa Quill, Orb Ness's plan is good.", (1, 0)),
    # In a headline, and in the text as well.
    ("Vexa Quill Wins Big Race Again\n\nNothing else.", (2, 0)),
    ("Big Race Is for Vexa Quill\n\nThere sat Vexa Quill.", (1 + 0.35 + 0.5 * (0.3 + 0.15), 0)),
]


@pytest.mark.parametrize(("text", "weights"), ARTICLES)
def test_the_mentions_in_an_article(text: str, weights: tuple[float, float]) -> None:
    (found,) = (each for each in candidates(text) if each.key == ("vexa", "quill"))
    assert (found.person, found.venue) == pytest.approx(weights)


def suggested(*texts: str) -> dict[str, str]:
    """What is suggested of some articles: names, each with its kind."""
    discovery = NameDiscovery()
    for number, text in enumerate(texts):
        discovery.add(Article(f"a{number}", "", text))
    found = discovery.suggestions()
    return {each.name: "person" for each in found.people} | {each.name: "venue" for each in found.venues}


def test_what_is_enough_for_a_person() -> None:
    assert suggested("Yes, Vexa Quill's plan is good.") == {}  # 1.3 of 1.5
    assert suggested("Yes, Vexa Quill yawned.") == {"Vexa Quill": "person"}  # 1.6
    assert suggested(*["There sat Vexa Quill."] * 3) == {}  # 1.4
    assert suggested(*["There sat Vexa Quill."] * 4) == {"Vexa Quill": "person"}  # 1.5


def test_what_is_enough_for_a_venue() -> None:
    assert suggested("They met at Vexa Quill.") == {"Vexa Quill": "venue"}  # 1.8 of 1.8
    assert suggested(*["We sailed in the Vexa Quill."] * 15) == {}  # 1.78
    assert suggested(*["We sailed in the Vexa Quill."] * 16) == {"Vexa Quill": "venue"}  # 1.8
    assert suggested(*["We passed Vexa Quill, which burned down."] * 32) == {}  # 1.7: more adds nothing


def test_words_that_the_text_writes_small_too() -> None:
    both, one = " It was umbral, like the brook.", " It was umbral."
    assert suggested("There sat the painter Umbral Brook.") == {"Umbral Brook": "person"}  # 3.2
    assert suggested("There sat the painter Umbral Brook." + both) == {}  # 3.2 - 2.5
    assert suggested("There sat the painter Umbral Brook." + one) == {"Umbral Brook": "person"}  # 3.2 - 1
    assert suggested("There sat the lutist Umbral Brook." + one) == {}  # 2.2 - 1


def test_the_most_frequent_come_first_then_the_likeliest() -> None:
    often = ["There sat Vexa Quill."] * 16  # 2, and half of log2(16) more
    once = "They sang with Orb Ness who came."  # 4.2
    assert list(suggested(*often, once)) == ["Vexa Quill", "Orb Ness"]
    assert list(suggested("There sat the painter Vexa Quill yawned.", once)) == ["Orb Ness", "Vexa Quill"]


_OF_NO_LIST = ("Ada", "Vexa", "Quill", "Ünsal", "Kim", "Orvane")


def test_names_of_no_list_are_weighed_as_all_others() -> None:
    for size in range(1, 5):
        for words in product(_OF_NO_LIST, repeat=size):
            assert are_unlisted(words)
            plain = [word.casefold() for word in words]
            assert name_features(words, "") == features._features_by_lists(words, plain, "")


@pytest.mark.parametrize("begins", [False, True])
def test_runs_of_no_list_are_read_as_all_others(begins: bool) -> None:
    for words in (*product(_OF_NO_LIST), *product(_OF_NO_LIST, repeat=2)):
        text = f"as {' '.join(words)} came"
        end = len(text) - len(" came")
        assert spans._made_of(text, 3, end, begins) == spans._read_run(text, 3, 3, end, begins)
