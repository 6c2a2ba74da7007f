"""What a word is: small archives, and what each query must find in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, QueryError

from ..conftest import Settings
from ..support import ids, make_archive

#: Texts by id, under the language of their archive.
TEXTS = {
    "english": {
        "mail1": "She sent an e-mail from Tarn.",
        "mail2": "She sent an email from Orme.",
        "mail3": "The mail from Orme was late.",
        "coop1": "Their co-operation ended; non-co-operation began.",
        "coop2": "Cooperation with Tarn.",
        "jet1": "An F-16 flew over the bay.",
        "jet2": "An F16 flew over the bay.",
        "jet3": "An F-15, then 16 geese flew over the bay.",
        "care1": "A health-care bill.",
        "care2": "A health care bill.",
        "care3": "A healthcare bill.",
        "usa1": "The U.S. envoy came.",
        "usa2": "The US envoy came.",
        "usa3": "They told us the envoy came at 3 p.m. sharp.",
        "fbi1": "Agents of the F.B.I. came at 4 pm.",
        "fbi2": "Agents of the FBI came.",
        "name1": "Mirelle d'Orvane sang for D'Angelo at L’Escaut.",
        "name2": "The Orvane estate; young Angelo lives there.",
        "name3": "DAngelo and O'Keelan danced. They didn't stop.",
        "pro1": "A pro-Castellan rally; the crowd had left.Mirela Castellan stayed.",
        "zero1": "Mirela\u200bCastellan and the moun\u2060tain.",
        "york1": "She lives in New York now.",
        "york2": "A new youth club in an old state.",
        "york3": "York has a new mayor.",
        "union1": "The state of the union is grave.",
        "union2": "The state of union is grave.",
        "near1": "The tariff on tin hurt trade with Japan.",
        "near2": "Japan, once again, raised its tariffs.",
        "near3": "A tariff rose and fell and rose and fell and rose and fell in Japan.",
        "near4": "Japan slept.",
    },
    "french": {
        "fr1": "L'homme d'affaires qu'Odile attend a quitté l’Élysée.",
        "fr2": "Un homme dort. Odile marche jusqu'Orbec.",
        "fr3": "Aujourd'hui, c'est l'été d'un député.",
    },
    "italian": {"it1": "L'uomo dell'anno è all'aeroporto d'Italia.", "it2": "Un uomo, un anno."},
    "catalan": {"ca1": "L'hospital d'Olot s'obre.", "ca2": "Un hospital."},
    "irish": {"ga1": "D'fhág sé; m'athair.", "ga2": "Athair."},
}
FINDS = [
    # compounds, in one piece or in parts
    ("english", "email", "mail1 mail2"),
    ("english", "e-mail", "mail1 mail2"),
    ("english", "emails", "mail1 mail2"),
    ("english", "mail", "mail1 mail3"),
    ("english", '"sent an email from"', "mail1 mail2"),
    ("english", '"sent an e-mail from"', "mail1 mail2"),
    ("english", "email -orme", "mail1"),
    ("english", "title:email", ""),
    ("english", "cooperation", "coop1 coop2"),
    ("english", "co-operation", "coop1 coop2"),
    ("english", "noncooperation", ""),
    ("english", "F16", "jet1 jet2"),
    ("english", "F-16", "jet1 jet2"),
    ("english", '"an F16 flew"', "jet1 jet2"),
    ("english", "health-care", "care1 care2 care3"),
    ("english", "healthcare", "care1 care3"),
    ("english", '"health care bill"', "care1 care2"),
    ("english", '"healthcare bill"', "care1 care3"),
    # a compound is no word as written
    ("english", "cooper*", "coop2"),
    ("english", "=email", "mail2"),
    ("english", "emali~", "mail2"),
    ("english", "*mail", "mail1 mail2 mail3"),
    ("english", "co-oper*", "coop1"),
    # acronyms
    ("english", "U.S. envoy", "usa1 usa2 usa3"),
    ("english", "US envoy", "usa1 usa2 usa3"),
    ("english", "=US", "usa1 usa2"),
    ("english", "=U.S.", "usa1 usa2"),
    ("english", "=us", "usa2 usa3"),
    ("english", '="the US envoy"', "usa2"),
    ("english", "=MAIL", "mail1 mail3"),  # that no text has in capitals
    ("english", "FBI", "fbi1 fbi2"),
    ("english", "F.B.I.", "fbi1 fbi2"),
    ("english", "f.b.i", "fbi1 fbi2"),
    ("english", '"the FBI came"', "fbi1 fbi2"),
    ("english", "pm", "usa3 fbi1"),
    # names after elided articles and beside hyphens, full stops and characters that are not seen
    ("english", "orvane", "name1 name2"),
    ("english", "d'orvane", "name1"),
    ("english", '"mirelle d\'orvane"', "name1"),
    ("english", '"Mirelle d’Orvane sang"', "name1"),
    ("english", "angelo", "name1 name2"),
    ("english", "D'Angelo", "name1 name3"),
    ("english", "dangelo", "name1 name3"),
    ("english", "escaut", "name1"),
    ("english", "okeelan", "name3"),
    ("english", "keelan", ""),
    ("english", "didn't", "name3"),
    ("english", "didnt", "name3"),
    ("english", "castellan", "pro1 zero1"),
    ("english", '"mirela castellan"', "pro1 zero1"),
    ("english", "mountain", "zero1"),
    # elision in languages that have it
    ("french", "élysée", "fr1"),
    ("french", "l'Élysée", "fr1"),
    ("french", "l'homme", "fr1 fr2"),
    ("french", "odile", "fr1 fr2"),
    ("french", "orbec", "fr2"),
    ("french", "aujourd’hui", "fr3"),
    ("french", "hui", ""),
    ("french", "l'ét*", "fr3"),
    ("french", '"homme d\'affaires"', "fr1"),
    ("italian", "uomo", "it1 it2"),
    ("italian", "anno", "it1 it2"),
    ("italian", "dell'aeroporto", "it1"),
    ("catalan", "hospital", "ca1 ca2"),
    ("catalan", "olot", "ca1"),
    ("irish", "athair", "ga1 ga2"),
    # wildcards in phrases
    ("english", '"new yo*"', "york1 york2"),
    ("english", '"new yor*"', "york1"),
    ("english", '"n?w york"', "york1"),
    ("english", '"lives in * york"', "york1"),
    ("english", '"state of * union"', "union1"),
    ("english", '"state of union"', "union2"),
    ("english", '"* union is"', "union1 union2"),
    ("english", '"state of the union?"', "union1"),
    ("english", '="stat* of * union"', "union1"),
    ("english", '"stat* union"~3', "union1 union2"),
    ("english", '"zzz* union"', ""),
    # nearness
    ("english", "tariff NEAR/7 japan", "near1 near2"),
    ("english", "japan NEAR/7 tariff", "near1 near2"),
    ("english", "japan NEAR/5 tariff", "near2"),
    ("english", "tariff NEAR/14 japan", "near1 near2 near3"),
    ("english", "tar* NEAR/7 jap*", "near1 near2"),
    ("english", '"trade with" NEAR/7 tariff', "near1"),
    ("english", "raised NEAR/2 tariff NEAR/6 japan", "near2"),
    ("english", "japan -(tariff NEAR/7 japan)", "near3 near4"),
    ("english", "body:tariff NEAR/7 japan", "near1 near2"),
]


@pytest.fixture(scope="module", params=["local", "server"])
def archives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Archive]]:
    made = {}
    for language, texts in TEXTS.items():
        settings = f"name: words\nlanguage: {language}\n"
        if request.param == "server":
            on_server: Settings = request.getfixturevalue("on_server")
            settings += on_server()
        records = [{"id": name, "title": name, "body": text} for name, text in texts.items()]
        made[language] = make_archive(tmp_path_factory.mktemp(language), records, settings)
    yield made
    for archive in made.values():
        archive.close()


@pytest.mark.parametrize(("language", "query", "expected"), FINDS, ids=[query for _, query, _ in FINDS])
def test_a_query_finds(
    request: pytest.FixtureRequest, archives: dict[str, Archive], language: str, query: str, expected: str
) -> None:
    if request.node.callspec.params["archives"] == "server" and re.search(r"\w \* \w", query):
        with pytest.raises(QueryError, match="this server finds no phrase with"):
            archives[language].search(query)
    else:
        assert ids(archives[language], query) == set(expected.split())


@pytest.mark.parametrize(
    ("query", "article", "marked"),
    [
        ("email", "mail1", "She sent an **e-mail** from Tarn."),
        ('"an email from"', "mail1", "She sent **an e-mail from** Tarn."),
        ("FBI", "fbi1", "Agents of the **F.B.I**. came at 4 pm."),
        ("=US", "usa1", "The **U.S**. envoy came."),
        ("orvane", "name1", "Mirelle d'**Orvane** sang for D'Angelo at L’Escaut."),
        ('"state of * union"', "union1", "The **state of** the **union** is grave."),
        ("japan NEAR/5 tariff", "near2", "**Japan**, once again, raised its **tariffs**."),
    ],
)
def test_what_was_found_is_marked(tmp_path: Path, query: str, article: str, marked: str) -> None:
    archive = make_archive(tmp_path, [{"id": "a", "title": "t", "body": TEXTS["english"][article]}])
    (hit,) = archive.search(query).hits
    assert hit.snippet.marked() == marked


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("tariff NEAR/101 japan", "NEAR/101 is not a distance from 1 to 100"),
        ("tariff NEAR/0 japan", "NEAR/0 is not a distance"),
        ("NEAR/5 japan", "NEAR/5 stands between two words or phrases"),
        ("tariff NEAR/5", "NEAR/5 stands between two words or phrases"),
        ("(a OR b) NEAR/5 japan", "NEAR/5 stands between two words or phrases"),
        ("title:tariff NEAR/5 body:japan", "NEAR/5 stands between words of one field"),
        ("year:2016 NEAR/5 japan", "NEAR/5 stands between words of a text"),
        ('"state of * union"~3', r"a phrase with \* for a whole word takes no ~3"),
    ],
)
def test_what_cannot_be_asked_is_refused(archives: dict[str, Archive], query: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        archives["english"].search(query)
