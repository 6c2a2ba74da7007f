"""Kinds of names in texts: what is found where nobody is recorded, and whose a recorded name is."""

from __future__ import annotations

import pytest

from archive.model.article import Article
from archive.names.authority.records import Authority, Names, Record
from archive.names.discovery.all_capitals import is_all_capitals
from archive.names.discovery.candidates import candidates
from archive.names.entity_linker import EntityLinker


def people(text: str) -> set[str]:
    return {each.form for each in candidates(text) if each.person >= 1.5 and each.person > each.venue}


def venues(text: str) -> set[str]:
    return {each.form for each in candidates(text) if each.venue >= 1.8 and each.venue >= each.person}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # offices, ranks, trades and countries before a name
        ("Interior Minister Vesna Oduya sat by Trade Secretary Rolf Quill.", {"Vesna Oduya", "Rolf Quill"}),
        ("The Secretary of State for War Rolf Quill left.", {"Rolf Quill"}),
        ("Lord Chancellor Rolf Quill and Master of the Rolls Bea Lund bowed.", {"Rolf Quill", "Bea Lund"}),
        ("Sculptor Vesna Oduya sneezed. Geologist Rolf Quill did not.", {"Vesna Oduya", "Rolf Quill"}),
        ("Cllr Vesna Oduya rose, then Lt. Col. Rolf Quill.", {"Vesna Oduya", "Rolf Quill"}),
        ("Solicitor-General Rolf Quill met ex-Minister Bea Lund and Chairman-elect Vera Holm.",
         {"Rolf Quill", "Bea Lund", "Vera Holm"}),
        ("Governor of the Bank of England Rolf Quill sat by Prime Minister Bea Lund of the Slovak Republic.",
         {"Rolf Quill", "Bea Lund"}),
        ("Added Vera Holm of the union: no. Chief Whip Rolf Quill said so to Mountaineer Tenzing Oduya.",
         {"Vera Holm", "Rolf Quill", "Tenzing Oduya"}),
        ("Queen Margit of Denmark sat by Prince Otto of Brandt.", {"Margit", "Otto"}),
        ("Brothers Otto and Rolf Quill dive, said Rolf Quill.", {"Otto Quill", "Rolf Quill"}),
        ("Host Vera Holm, patient Rolf Quill and the sprinter Tenzing Oduya cheered Thabiso Enquist.",
         {"Vera Holm", "Rolf Quill", "Tenzing Oduya", "Thabiso Enquist"}),
        ("Sri Lanka President Rolf Quill met Senators Bea Lund and Vesna Oduya.",
         {"Rolf Quill", "Bea Lund", "Vesna Oduya"}),
        ("Dame Vesna Oduya slept; Dame Vesna snored.", {"Vesna Oduya"}),
        # a place after it, or a place in front
        ("Congresswoman Bea Lund of Oregon spoke in Iowa.", {"Bea Lund"}),
        ("The seed is good, said Rolf Quill of Quill Orchards.", {"Rolf Quill"}),
        ("Otto Brandt of Tilden Sailing Club sailed.", {"Otto Brandt"}),
        # a couple, and two of one trade
        ("Mr. and Mrs. Rolf Quill sailed with Lord and Lady Otto Brandt.", {"Rolf Quill", "Otto Brandt"}),
        ("Potters Otto and Bea Lund own a kiln, said Otto Lund.", {"Otto Lund", "Bea Lund"}),
        # words that are first names too
        ("April Lund came in April with Will Oduya, who said he will.", {"April Lund", "Will Oduya"}),
        # other shapes and other orders
        ("Present: QUILL, Rolf; LUND, Beatrice.", {"Rolf Quill", "Beatrice Lund"}),
        ("Present: QUILL, Rolf; ADEYINKA, Marvel; LUND, Bea.", {"Rolf Quill", "Marvel Adeyinka", "Bea Lund"}),
        ("ROLF QUILL dined with VERA HOLMQVIST and THABISO ENQUIST, a dentist. Enquist wept.",
         {"Rolf Quill", "Vera Holmqvist", "Thabiso Enquist"}),
        ("The painter J. M. van Holm slept. A. M. Quill, a judge, left.", {"J. M. van Holm", "A. M. Quill"}),
        ("It rained. M. S. Tilluk, the captain, and M. Brandt slept.", {"M. S. Tilluk", "M. Brandt"}),
        ("Le départ d'Agathe Quill surprend.", {"Agathe Quill"}),
        ("The thief Rolf \"Rolf the Fox\" Quill met Luca degli Holmi, 30, and Owain ab Iolo, a poet.",
         {"Rolf Quill", "Luca degli Holmi", "Owain ab Iolo"}),
        ("The drummer Bartholomew “Bart” Quill said no.", {"Bartholomew Quill"}),
        ("The sisters Bea and Vera Lund own a boat, said Vera Lund.", {"Bea Lund", "Vera Lund"}),
        ("The poet C. P. Oduya read, and R. Quill, a judge, slept.", {"C. P. Oduya", "R. Quill"}),
        ("Mr Rolf ter Braak, a grocer, and Juan de la Vega, 40, waved.", {"Rolf ter Braak", "Juan de la Vega"}),
        ("The actress Han So-hee praised Park Chan-ho.", {"Han So-hee", "Park Chan-ho"}),
        ("Rolf Quill sat by J. Quill.", {"Rolf Quill"}),
        ("The judge A. P. Quill smiled at Jean-Luc d'Oduya, a critic.", {"A. P. Quill", "Jean-Luc d'Oduya"}),
        ("Sheikh Rashid bin Sultan al-Quill received Ambassador Vera el-Lund.",
         {"Rashid bin Sultan al-Quill", "Vera el-Lund"}),
        ("Professor Emerita Vesna Oduya and Commander Rolf Quill RN bowed to the Princess Royal.",
         {"Vesna Oduya", "Rolf Quill"}),
        # German, where every noun has a capital
        ("Der Schauspieler Rolf Quill traf am Montag den Regisseur Otto Brandt. Die Torte war gut.",
         {"Rolf Quill", "Otto Brandt"}),
        ("Präsidentin Vera Holm und Dirigent Rolf Quill lachten.", {"Vera Holm", "Rolf Quill"}),
        ("Ayer cenaron Vera Holm y Rosa Ortega y Gasset.", {"Vera Holm", "Rosa Ortega y Gasset"}),
        # a capital is one with an accent as well, and a small letter is none
        ("Il dîna avec l'écrivain Rolf Quill, le couturier Tancrède Oduya et son épouse Vera Oduya.",
         {"Rolf Quill", "Tancrède Oduya", "Vera Oduya"}),
        ("The Right Honourable Rolf Quill MP and Mayor Pro Tem Bea Lund rose.", {"Rolf Quill", "Bea Lund"}),
        ("Hurricane Vera hit the rig. HMS Bea Lund sank.", set()),
        # newswire
        ("Among the first were Oyin Quill (Kenya) in 2:04.1; and Ama Lund (Norway).", {"Oyin Quill", "Ama Lund"}),
        ("Sporting Quill, and now Royal Lund, said Rolf Quill.", {"Rolf Quill"}),
        ("By Bea Lund\n\nLEEDS, June 3 - Rolf Quill won.\n\nEditing by Vesna Oduya", {"Rolf Quill"}),
        ("Seated were Rolf Quill, Bea Lund, Otto Brandt and Vera Holm.",
         {"Rolf Quill", "Bea Lund", "Otto Brandt", "Vera Holm"}),
        ("Rolf Quill, deputy director of the mill, and Bea Lund, treasurer, agreed.", {"Rolf Quill", "Bea Lund"}),
        ("The board named Otto Brandt president. Rex Lund replaced him.", {"Otto Brandt", "Rex Lund"}),
        ("From Vera Holm in Cairo\n\nRolf Quill won.", {"Rolf Quill"}),
        ("Rolf Quill (right) and Bea Lund (seated).", {"Rolf Quill", "Bea Lund"}),
        # a single name, with an office or a trade
        ("President Habyar received the dancer Zuleikha. Habyar smiled.", {"Habyar", "Zuleikha"}),
        # a husband's name
        ("Mrs Rolf Quill poured tea for Vera Holm, 30.", {"Mrs Rolf Quill", "Vera Holm"}),
        # no people
        ("They sang in the Rolf Quill Hall for the Bea Lund Foundation.", set()),
        ("He saw Mount Quill, Lake Lund and Port Brandt, and slept in Santa Vera.", set()),
        ("On Easter Monday and Boxing Day it was Late Autumn.", set()),
        ("Quill Motors, Lund Airlines and Brandt Bros lost; Holm Wanderers drew.", set()),
        ("The Lunds dined with the Quills.", set()),
        ("The yacht Vera Holm sank beside the trawler Bea Lund.", set()),
        ("They saw Fossick Hill, Baton Rouge and Trinity College.", set()),
        ("They passed Los Brandtos and Wexcombe Verde.", set()),
        ("Whit Monday was dry. God Bless Norway was sung. He drank Vera Holm.", set()),
        ("They sailed from Punta Quill to Lago Brandt; the Clyde Shipyards were shut.", set()),
        ("He read Le Figaro in Quai Verde.", set()),
        # firms, labels, makes and wares, which speak as well
        ("Bea Quill said that profits rose. Shares in Bea Quill gained four percent.", set()),
        ("Vera Holm said no. Vera Holm shares fell; Bea Lund posted a record loss.", set()),
        ("She wore Vera Holm with a Bea Lund handbag and Otto Brandt shoes.", set()),
        ("The retailer Vera Holm shut, said Bea Lund's shareholders.", set()),
        ("Morgan Stanley and Merrill Lynch said no. Nokia Arena crashed; Windows Vista was late.", set()),
        ("Bea Lund shares a flat with Vera Holm, who stole her coat.", {"Bea Lund", "Vera Holm"}),
        ("Mr Otto Brandt posted a loss. Bea Lund, the designer, sighed.", {"Otto Brandt", "Bea Lund"}),
        ("Quill Lund LLP and Holm Brandt GmbH sued Spartak Quill.", set()),
    ],
)  # fmt: skip
def test_people(text: str, expected: set[str]) -> None:
    assert people(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They wed at St. Vesna's Church and danced at the Quill Rooms and in Café Lund.",
         {"St. Vesna's Church", "Quill Rooms", "Café Lund"}),
        ("He came to the Opal Ball. The Opal Ball was dull. She left the Opal Ball.", {"Opal Ball"}),
        ("The Quill Palace announced a change. A note issued by the Lund Embassy followed.", set()),
        ("She came to the Tilden Summer Party after the Opal Banquet.", {"Tilden Summer Party", "Opal Banquet"}),
        ("The Tilden Reform Party won.", set()),
        ("They sang in Holy Cross Priory.", {"Holy Cross Priory"}),
        ("They went to the Opal Christmas Party. Trinity College won.", {"Opal Christmas Party", "Trinity College"}),
        ("Quill Street declined to say more.", set()),
        ("He went from Oslo to Kenya and back to New York.", set()),
        ("They walked to Tilden Park.", {"Tilden Park"}),
        ("Vera Hall danced. The barber Otto Park, 31, sang with Mr Park.", set()),
    ],
)  # fmt: skip
def test_venues(text: str, expected: set[str]) -> None:
    assert venues(text) == expected


def test_an_office_and_a_surname_are_the_one_whom_nothing_contradicts() -> None:
    assert people("Mayor Quill rose. Rolf Quill cut a ribbon. Mayor Quill sat.") == {"Rolf Quill"}
    assert people("The dentist Rolf Quill met Mayor Quill. Rolf Quill left.") == {"Rolf Quill", "Mayor Quill"}


def test_capitals() -> None:
    text = "The Mayor Speaks\n\nMAYOR ROLF QUILL SPOKE TO MRS LUND ON MONDAY AND ROLF QUILL LISTENED TO HER FOR HOURS."
    assert is_all_capitals(text.partition("\n\n")[2])
    assert people(text) == {"Rolf Quill"}
    assert people("QUILL MOCKS LUND AT FAIR\n\nRolf Quill, 40, met Bea Lund, 30.") == {"Rolf Quill", "Bea Lund"}


def meant(text: str, *names: str) -> list[tuple[str, str]]:
    """(as written, canonical name) of everything in a text that is somebody recorded."""
    records = tuple(Record(*each) if isinstance(each, tuple) else Record(each) for each in names)
    linker = EntityLinker(Names(Authority(records, (), ""), Authority((), (), ""), ""))
    return [(each.text, each.name) for each in linker.mentions(Article("a", "", text))]


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        # places, months and things
        ("Sydney Quill sat. He sailed to Sydney. Sydney wept.", "Sydney Quill", ["Sydney Quill", "Sydney"]),
        ("April Quill sat. It rained in April. April wept.", "April Quill", ["April Quill", "April"]),
        ("Tom Bentley sat. She sold her Bentley. “No,” said Bentley.", "Tom Bentley", ["Tom Bentley", "Bentley"]),
        ("Jane Austin sat. They live near Austin. Ms Austin wept.", "Jane Austin", ["Jane Austin", "Austin"]),
        ("Jane Austin sat. They had faith in Austin.", "Jane Austin", ["Jane Austin", "Austin"]),
        # what is named after somebody
        ("Rolf Quill sat. The Rolf Quill Prize is old. Quill wept.", "Rolf Quill", ["Rolf Quill", "Quill"]),
        ("The Rolf Quill Awards’ hosts sat by the Rolf Quill Chair and Rolf Quill Way.", "Rolf Quill", []),
        ("He lives in Rolf Quill Street by the Rolf Quill Memorial Library.", "Rolf Quill", []),
        # other people
        ("Rolf Quill Jr. met Rolf Quill III.", "Rolf Quill", []),
        ("Mrs Rolf Quill sat.", "Rolf Quill", []),
        ("Mr and Mrs Rolf Quill sat.", "Rolf Quill", ["Rolf Quill"]),
        ("Rolf Quill Snr sat on the USS Rolf Quill in a Rolf Quill jacket.", "Rolf Quill", []),
        ("Bea Quill sat. Mr Quill, her brother, stood.", "Bea Quill", ["Bea Quill"]),
        ("Bea Quill sat. Then R. Quill stood.", "Bea Quill", ["Bea Quill"]),
        # the same in other shapes
        ("Bea Quill sat. Then B. Quill stood.", "Bea Quill", ["Bea Quill", "Quill"]),
        ("Bea J. Quill sat. QUILL, Bea, stood.", "Bea Quill", ["Bea J. Quill", "QUILL, Bea"]),
        ("Beatrice “Bea” Quill sat.", "Bea Quill", ["Beatrice “Bea” Quill"]),
        ("The pro-Bea Quill crowd left.Bea Quill stayed.", "Bea Quill", ["Bea Quill", "Bea Quill"]),
        ("L’amie d’Éva Quill et qu’Éva Quill aime.", "Éva Quill", ["Éva Quill", "Éva Quill"]),
        ("Juan Ortega Quill sat. Ortega Quill wept.", "Juan Ortega Quill", ["Juan Ortega Quill", "Ortega Quill"]),
        ("Rolf de Quill sat. Captain de Quill stood.", "Rolf de Quill", ["Rolf de Quill", "de Quill"]),
        ("Piet Rijnders is Piet Rynders.", "Piet Rijnders", ["Piet Rijnders", "Piet Rynders"]),
        ("Bea Ann Quill sat. B. A. Quill and B Quill stood.", "Bea Ann Quill", ["Bea Ann Quill", "Quill", "Quill"]),
        ("Bea Ann Quill sat. C. B. Quill stood.", "Bea Ann Quill", ["Bea Ann Quill"]),
        # words
        ("Rich Brown sat. Brown bread came. Rich people ate. Brown wept.", "Rich Brown", ["Rich Brown", "Brown"]),
        # a place in the name is not its bearer
        ("The Earl of Essex sat. They live by Essex.", "Earl of Essex", ["Earl of Essex"]),
    ],
)
def test_whose_a_recorded_name_is(text: str, name: str, found: list[str]) -> None:
    assert meant(text, name) == [(each, name) for each in found]


def test_two_first_names_and_one_surname() -> None:
    assert meant("Bea and Rolf Quill sat.", "Bea Quill", "Rolf Quill") == [
        ("Bea", "Bea Quill"),
        ("Rolf Quill", "Rolf Quill"),
    ]


def test_an_office_in_short_is_the_same_office() -> None:
    assert people("General Quill rose. Gen. Rolf Quill, 60, sat. General Quill left.") == {"Rolf Quill"}


def test_a_word_that_acts_again_and_again_is_somebody() -> None:
    assert people("So Quillon came. But Quillon sang, and when Quillon danced Quillon wept.") == {"Quillon"}


def test_an_office_is_that_of_none_where_it_may_be_several() -> None:
    text = "President Quill spoke. Rolf Quill sat by Vera Quill. President Quill left."
    assert {each.form: each.titled for each in candidates(text)} == {"Rolf Quill": (), "Vera Quill": ()}
    (alone,) = candidates("President Quill spoke. Rolf Quill smiled.")
    assert alone.titled == ("President Rolf Quill",)
