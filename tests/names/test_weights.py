"""What each clue is worth in the discovery of names: one row a weight, so that none can change unnoticed.

The passages say how well discovery works on the whole. These rows say why: each is a name in a
sentence in which one clue decides, with what that clue says for a person and for a venue.
"""

from __future__ import annotations

import pytest

from archive.model.article import Article
from archive.names.discovery.candidates import candidates
from archive.names.discovery.features import context_features, name_features
from archive.names.discovery.spans import find_spans
from archive.names.discovery.suggestions import NameDiscovery

WORDS_AROUND = [
    # before the name
    ("yesterday there was Ida Quill", (0, 0)),
    ("we saw the 34-year-old Ida Quill", (2.5, 0)),
    ("we read the novel Ida Quill", (-4, -4)),
    ("we read a novel, Ida Quill", (0, 0)),
    ("then came his aunt Ida Quill", (2.5, -1)),
    ("then came his aunts Ida Quill", (2.5, -1)),
    ("then came the painter Ida Quill", (2.2, -1)),
    ("then came the painter, Ida Quill", (1.5, -1)),
    ("then came the painters, Ida Quill", (1.5, -1)),
    ("then came the bus, Ida Quill", (0, 0)),
    ("that was insisted Ida Quill", (1.5, -1)),
    ("then came the bistro Ida Quill", (-2, 3)),
    ("we passed the village Ida Quill", (-3, -1)),
    ("we passed the Ida Quill", (-2, 0.3)),
    ("we passed a Ida Quill", (-2.5, -0.5)),
    ("we met at the Ida Quill", (-2.5, 2.5)),
    ("we sailed in the Ida Quill", (-2.5, 0.8)),
    ("we met at Ida Quill", (-1, 1.8)),
    ("they opened Ida Quill", (-0.5, 1.8)),
    ("we sang with Ida Quill", (0.7, -0.3)),
    ("they lived in Ida Quill", (-1.5, 0.3)),
    ("a friend of Ida Quill", (-0.2, 0)),
    ("it was the lutist Ida Quill", (1.2, -0.5)),
    ("Ida Quill: no more", (0, 0)),
    # after it
    ("yes, Ida Quill who never slept", (2.5, -1)),
    ("yes, Ida Quill, 34, never slept", (2.5, -1)),
    ("yes, Ida Quill, which burned down", (-1, 0.7)),
    ("yes, Ida Quill's dress is blue", (1.3, -0.5)),
    ("yes, Ida Quill's plan is good", (0.3, 0)),
    ("yes, Ida Quill insisted", (2, -1)),
    ("yes, Ida Quill bistro is shut", (-2, 3)),
    ("yes, Ida Quill album is out", (-1.5, -1)),
    ("yes, Ida Quill company is out", (-1.5, -1)),
    ("yes, Ida Quill painted", (0.8, -0.3)),
    ("yes, Ida Quill yawned", (0.6, -0.2)),
    ("yes, Ida Quill, of the upper mill, insisted", (2, -1)),
    ("yes, Ida Quill, a quiet painter", (2, -1)),
    ("yes, Ida Quill, my aunt", (2, -1)),
    ("yes, Ida Quill, a quiet bistro", (-1, 2)),
    ("yes, Ida Quill dozed off because she could", (1, -0.2)),
    ("yes, Ida Quill, a day too late", (0, 0)),
    ("yes, Ida Quill, a very quiet and old painter", (2, -1)),
    ("yes, Ida Quill, a very quiet and old, odd painter", (0, 0)),
    ("yes, Ida Quill: because she could", (0.4, 0)),
    (f"yes, Ida Quill:{' so' * 98} she", (0.4, 0)),
    (f"yes, Ida Quill:{' so' * 99} she", (0, 0)),
]


@pytest.mark.parametrize(("text", "weights"), WORDS_AROUND)
def test_the_words_around_a_name(text: str, weights: tuple[float, float]) -> None:
    (run,) = (run for run in find_spans(text, 0, len(text)) if run.words == ("Ida", "Quill"))
    assert context_features(text, run, 0, len(text)) == pytest.approx(weights)


def test_a_pronoun_that_begins_the_next_sentence() -> None:
    text = "Then came Ida Quill. She slept."
    (run,) = find_spans(text, 0, 20)
    assert context_features(text, run, 0, 20) == pytest.approx((0.4, 0))


WORDS_OF_A_NAME = [
    ("Ida Quill", "", (1, 0)),
    ("Ida Quill", "Dr", (4, 0)),
    ("Quill", "", (-1.2, -1)),
    ("Ida J. Quill", "", (2, 0)),
    ("Ida", "Aunt", (1.8, -1)),
    ("Harbour Hotel", "", (-4, 4)),
    ("Château Quill", "", (-4, 4)),
    ("Hotel of Ida Quill", "", (-7, 4)),
    ("Quill Company", "", (-3, -4)),
    ("Getty Quill", "", (-3, -4)),
    ("Ida Getty", "", (-3, -4)),
    ("Finnish Quill", "", (-2, -1)),
    ("Ida Finnish", "", (-2, -1)),
    ("Ida of Quill", "", (-2, 0)),
    ("Ida QXYZ", "", (-1, 0)),
    ("Ida QX", "", (-1, 0)),
    ("Early Quill", "", (0, 0)),
    ("Early Late Quill", "", (-1, 0)),
    ("Quill's", "", (-3, 1)),
    ("Ida Quill's", "", (-3, 1)),
    ("Ida Bea Cora Quill", "", (1, 0)),
    ("Ida Bea Cora Dell Quill", "", (0, 0)),
    ("Ida Bea Cora Dell Edda Quill", "", (-2, 0)),
    ("Ida 7", "", (-3, 0)),
]


@pytest.mark.parametrize(("name", "title", "weights"), WORDS_OF_A_NAME)
def test_the_words_of_a_name(name: str, title: str, weights: tuple[float, float]) -> None:
    assert name_features(tuple(name.split()), title) == pytest.approx(weights)


#: What the mentions in one article come to, for the name that is written first.
ARTICLES = [
    ("Yesterday there was Ida Quill.", (1, 0)),
    # The clearest mention and the average one count half each.
    ("They thanked the painter Ida Quill.", (3.2, -1)),
    ("There was Ida Quill. They thanked the painter Ida Quill.", (1 + 0.35 + 0.5 * (2.2 + 1.1), -0.25)),
    # Every mention counts a little, up to one in all.
    ("There was Ida Quill. " * 4, (1 + 0.35 * 2, 0)),
    ("There was Ida Quill. " * 9, (1 + 1, 0)),
    # Named again in short, which counts for itself and as a mention more.
    ("There was Ida Quill. There was Quill.", (1 + 0.35 + 1, 0)),
    # Beside somebody who is a person by all appearances, and beside one who is not.
    ("There was Ida Quill and painter Bo Ness.", (1.9, 0)),
    ("There was Ida Quill, Bo Ness yawned.", (1.9, 0)),
    ("There was Ida Quill, Bo Ness's plan is good.", (1, 0)),
    # In a headline, and in the text as well.
    ("Ida Quill Wins Big Race Again\n\nNothing else.", (2, 0)),
    ("Big Race Is for Ida Quill\n\nThere was Ida Quill.", (1 + 0.35 + 0.5 * (0.3 + 0.15), 0)),
]


@pytest.mark.parametrize(("text", "weights"), ARTICLES)
def test_the_mentions_in_an_article(text: str, weights: tuple[float, float]) -> None:
    (found,) = (each for each in candidates(text) if each.key == ("ida", "quill"))
    assert (found.person, found.venue) == pytest.approx(weights)


def suggested(*texts: str) -> dict[str, str]:
    """What is suggested of some articles: names, each with its kind."""
    discovery = NameDiscovery()
    for number, text in enumerate(texts):
        discovery.add(Article(f"a{number}", "", text))
    found = discovery.suggestions()
    return {each.name: "person" for each in found.people} | {each.name: "venue" for each in found.venues}


def test_what_is_enough_for_a_person() -> None:
    assert suggested("Yes, Ida Quill's plan is good.") == {}  # 1.3 of 1.5
    assert suggested("Yes, Ida Quill yawned.") == {"Ida Quill": "person"}  # 1.6
    assert suggested(*["There was Ida Quill."] * 3) == {}  # 1.4
    assert suggested(*["There was Ida Quill."] * 4) == {"Ida Quill": "person"}  # 1.5


def test_what_is_enough_for_a_venue() -> None:
    assert suggested("They met at Ida Quill.") == {"Ida Quill": "venue"}  # 1.8 of 1.8
    assert suggested(*["We sailed in the Ida Quill."] * 15) == {}  # 1.78
    assert suggested(*["We sailed in the Ida Quill."] * 16) == {"Ida Quill": "venue"}  # 1.8
    assert suggested(*["We passed Ida Quill, which burned down."] * 32) == {}  # 1.7: oftener than 16 times adds nothing


def test_words_that_are_small_as_a_rule() -> None:
    both, first = ["It was amber, like the brook."] * 2, ["It was amber."] * 2
    assert suggested("There was Dr Amber Brook.", *both) == {"Amber Brook": "person"}  # 4 - 2.5
    assert suggested("There was the painter Amber Brook yawned.", *both) == {}  # 3.8 - 2.5
    assert suggested("We met at the Amber Brook, a quiet bistro.", *both) == {"Amber Brook": "venue"}  # 4.5 - 2.5
    assert suggested("We passed the bistro Amber Brook, which burned down.", *both) == {}  # 3.7 - 2.5
    assert suggested("That was insisted Amber Brook.", *first) == {"Amber Brook": "person"}  # 2.5 - 1
    assert suggested("There was the lutist Amber Brook.", *first) == {}  # 2.2 - 1


def test_the_most_likely_come_first() -> None:
    often = ["There was Ida Quill."] * 16  # 2, and half of log2(16) in the order
    for other, names in (
        ("There was the painter Bo Ness yawned.", ["Ida Quill", "Bo Ness"]),  # 3.8
        ("They sang with Bo Ness who came.", ["Bo Ness", "Ida Quill"]),  # 4.2
    ):
        assert list(suggested(*often, other)) == names
