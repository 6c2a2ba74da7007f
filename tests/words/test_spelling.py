"""Spellings and names that are offered, never applied: where nothing is found, and where little is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive import Archive

from ..conftest import Settings
from ..support import make_archive

PEOPLE = ["William Hartley", "Robert Hartley", "Willa Hartford", "Catherine Ashdown", "Karen Ashdown", "Bobby Marsh"]
TEXTS = [
    "The government of the commonwealth began negotiations about a separate hospital.",
    "A convolutional code; convolution; constitutional law; the convoluted tale.",
    "Special training, business as usual, drawn maps and a drawing of the harbour.",
    "Rain, trains and the trail; a rumour; the receipt that they received.",
    "Necessary accommodation for the committee; an independent address.",
    "An explicit exploit; approved and proved; medication and modification.",
]
OFFERED = {
    "goverment": "government",
    "govenrment": "government",
    "negociations": "negotiations",
    "seperate": "separate",
    "hosptial": "hospital",
    "convolutoinal": "convolutional",
    "traiinng": "training",
    "buisness": "business",
    "recieved": "received",
    "reciept": "receipt",
    "neccessary": "necessary",
    "accomodation": "accommodation",
    "comittee": "committee",
    "indepedent": "independent",
    "adress": "address",
    "explcit": "explicit",
    "aproved": "approved",
    "drawng": "drawing",
    "comonwealth seperate": "commonwealth separate",
}


@pytest.fixture(scope="module", params=["local", "server"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    settings = "name: spelling\n"
    if request.param == "server":
        on_server: Settings = request.getfixturevalue("on_server")
        settings += on_server()
    records = [{"id": f"t{number}", "title": "-", "body": text} for number, text in enumerate(TEXTS)]
    records += [{"id": f"p{number}", "title": "-", "people": [name]} for number, name in enumerate(PEOPLE)]
    records += [{"id": f"a{number}", "title": "-", "body": "Her ability to sing."} for number in range(12)]
    records += [{"id": "slip", "title": "-", "body": "The abiltiy to swim; a fine voice of brass."}]
    with make_archive(tmp_path_factory.mktemp("spelling"), records, settings) as made:
        yield made


@pytest.mark.parametrize(("query", "offered"), OFFERED.items(), ids=OFFERED)
def test_the_nearest_spelling_is_offered_first(archive: Archive, query: str, offered: str) -> None:
    page = archive.search(query, all_words=True)
    assert page.total == 0
    assert (page.suggestions[0].query, page.suggestions[0].reason) == (offered, "spelling")


def test_a_word_that_ten_times_as_many_articles_spell_otherwise_gets_an_offer(archive: Archive) -> None:
    page = archive.search("abiltiy")
    assert [hit.id for hit in page.hits] == ["slip"]
    assert [(each.query, each.total, each.reason) for each in page.suggestions] == [("ability", 12, "spelling")]


@pytest.mark.parametrize("query", ["voice", "ability", "swim", "abiltiy swim", "=abiltiy"])
def test_no_offer_is_made_where_nothing_else_finds_much_more(archive: Archive, query: str) -> None:
    assert archive.search(query).suggestions == ()


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("Bill Hartley", "William Hartley"),
        ("bob hartley", "Robert Hartley"),
        ("Kate Ashdown", "Catherine Ashdown"),
        ("Robert Marsh", "Bobby Marsh"),
        ("Bob Marsh", "Bobby Marsh"),
    ],
)
def test_another_form_of_a_given_name_is_offered_and_not_applied(archive: Archive, name: str, offered: str) -> None:
    page = archive.search(person=[name])
    assert page.total == 0
    assert (page.suggestions[0].query, page.suggestions[0].total, page.suggestions[0].reason) == (offered, 1, "person")
    assert archive.search(f'person:"{name}"').suggestions[0].query == offered


def test_a_name_without_another_form_is_offered_what_is_like_it(archive: Archive) -> None:
    page = archive.search(person=["Willam Hartley"])
    assert page.suggestions[0].query == "William Hartley"
    assert archive.search(person=["Bill"]).total == 0
