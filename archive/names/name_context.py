"""What stands beside a recorded name in a text, and makes it somebody else's, a place's, or nobody's.

"Max Cole Street" is no person, "Max Cole Jr." and "Mrs Max Cole" are other people; in "flew to Paris" nobody is
meant. Names that are written in another shape than the record's ("Ada M. Byrne", 'Maxwell "Max" Cole', "BYRNE, Ada",
"Ada and Max Byrne") are found here as well. Everything looks at a few characters around a place, or is one pass of a
regular expression over the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from archive.names.discovery.commerce import WARES
from archive.names.discovery.given_names import given_names, mens_names
from archive.names.discovery.word_classes import BODY, PLACE, VENUE, word_classes
from archive.names.discovery.wordlists import (
    ACTS,
    FUNCTION,
    HEADLINE_VERBS,
    KIN,
    MONTHS,
    MOTION,
    PARTICLES,
    RULINGS,
    SPEECH,
    VISITING,
)
from archive.names.gazetteer import Match, OccupiedSpans, SurfaceForm
from archive.text.sentences import wordset

#: Suffixes that make another person of a name; "Esq." and "MP" do not.
_OTHERS = re.compile(r",? (?:Jr|Sr|Jnr|Snr|Junior|Senior|II|III|IV|VI{0,3}|IX|X)(?!\w)")
_NEXT_NAME = re.compile(r" ([A-Z\u00c0-\u024f][\w’']*)")
#: Words that call something by the name before them, as a bar may be called without the lists of venues saying so.
_NAMED_AFTER = wordset(
    """foundation prize award awards medal trophy scholarship fellowship lecture street avenue road lane square airport
    library stadium hall school college institute hospital bridge park theatre theater museum centre center memorial
    trust fund collection tower plaza building house hotel cup boulevard expressway highway freeway day act bill law
    administration campaign doctrine presidency effect syndrome show band trio quartet quintet orchestra ensemble
    gallery arena auditorium chapel drive crescent terrace station wing room ward lounge festival championship race
    chair way close end stand pass plan report case trial affair open shield plate vase bowl unit commission inquiry
    committee brigade residence apartments grove"""
)
_WIFE = re.compile(r"(?<!and )(?<!& )\b(?:Mrs\.?|Mme|Madame|Frau|Señora|Senora|Signora|the wife of) $")
#: "USS Max Cole", "Hurricane Ada".
_NAMED_SO = re.compile(r"\b(?:HMS|USS|RMS|HMAS|SS|MV|[Hh]urricane|[Tt]yphoon|[Cc]yclone|Operation) $")
_NEXT_SMALL = re.compile(r" ([a-z][\w-]*)")
_KIN_AFTER = re.compile(rf",? (?:who is |was )?(?:his|her|their) (?:\w+ )?(?:{'|'.join(sorted(KIN))})\b")
_WORDS_BEFORE = re.compile(r"[\w’'-]+")
_CONFIDING = wordset(
    """confided confide confidence believe believed believes belief faith trust trusted interest interested interests
    confides delighted invest invested invests disappointed placed put rejoiced faithful"""
)
_INSIDE = wordset("in into throughout across outside near around via within")
_POSSESSIVES = wordset("his her my our your their its")
_DETERMINERS = _POSSESSIVES | wordset(
    "a an the this that another new old second-hand used vintage black white red blue"
)
#: Makes of cars, watches and pianos that are surnames as well.
_MAKES = wordset(
    """ford lincoln mercedes bentley porsche ferrari bugatti lancia chevrolet cadillac chrysler dodge buick plymouth
    pontiac rover austin morris hillman aston martin royce rolls lamborghini maserati tesla benz opel renault citroën
    citroen peugeot honda toyota suzuki yamaha kawasaki harley davidson triumph cartier steinway stradivarius guarneri
    blackberry winchester remington colt smith wesson hoover armani versace prada dior chanel gucci"""
)
#: Places that are more often a person's name; beside a verb of motion they are the place.
_PLACES_TOO = wordset(
    """charlotte chelsea savannah lincoln jackson madison adelaide victoria sienna siena troy carolina dakota lancaster
    windsor jersey jordan chad nancy lourdes cheyenne chester hamilton wellington nelson perth darwin derby preston
    stafford warwick clinton columbus montgomery raleigh richmond austin houston hilton sheffield salisbury winchester
    carlisle durham halifax kingston milton bradford lincoln preston burton clifton ashton stratford dover dallas"""
)

#: Parts of names that are adjectives, or nouns that stand before others: "Brown bread", "Bush fires".
_WORDS_TOO = wordset(
    """angel ball banks barber bell best black blue blunt bond bright brook brown bush butcher chance church cook crisp
    cross early faith farmer field fish flood flowers ford forest fox free french frank frost gay glass gold golden
    good grace grand grant gray green grey guest hardy hill hope ivy jolly joy july june just keen king lake lamb
    law lily little long love low marsh may merry moody moon noble page park pepper pool poor power price pride
    proud quick rain rice rich robin rose royal ruby sage salmon salt sandy sand savage sharp short silver small
    smart snow soft spring steel stern still stone strange street strong summer sunny sweet swift temple violet wall
    ward waters wells west white wild winter wise wolf wood woods young"""
)
#: What stands after a name, and after no adjective.
_AFTER_NAMES = ACTS | SPEECH | HEADLINE_VERBS | RULINGS | FUNCTION | KIN | PARTICLES
#: These begin with a set of characters, which `re` looks for fastest.
_MIDDLE = re.compile(
    r"([A-Z\u00c0-\u024f](?<![\w-].)[\w’'-]+) ((?:[A-Z]\. ?)+|[“\"‘'(]([A-Z\u00c0-\u024f][\w’'-]+)[”\"’')] )"
    r"((?:(?:de|van|von|der|la|al|bin) )*[A-Z\u00c0-\u024f][\w’'-]*\w)"
)
_INVERTED = re.compile(
    r"([A-Z\u00c0-\u00de](?<![\w-].)[A-Z\u00c0-\u00de’'-]+(?: [A-Z\u00c0-\u00de][A-Z\u00c0-\u00de’'-]+)?),"
    r" ([A-Z\u00c0-\u024f][\w-]+(?: [A-Z\u00c0-\u024f][\w-]+)?)(?!\w)"
)
#: What every text has in which these find anything, and what is found much sooner.
_MIDDLE_HINT = re.compile(r" (?:[A-Z]\.|[“\"‘'(][A-Z\u00c0-\u024f])")
_INVERTED_HINT = re.compile(r", [A-Z\u00c0-\u024f](?<=[A-Z\u00c0-\u00de’'-], .)")
_SHARING = re.compile(r"(?<![\w’'-])([A-Z\u00c0-\u024f][\w’'-]+),? and $")


def settled(text: str, whole: Sequence[Match]) -> list[Match]:
    """Whole names in a text, those of people made nobody's where what is beside them says so.

    What is named after somebody is no person at all; a son or a wife is a person of whom no record knows.
    """
    return [
        found if found.form.facet != "person" or found.form.blocks else found._replace(form=_settled(text, found))
        for found in whole
    ]


def _settled(text: str, found: Match) -> SurfaceForm:
    form, end = found.form, found.end
    if _OTHERS.match(text, end) and not _OTHERS.search(form.spelling):
        return form._replace(name="")
    if (after := _NEXT_NAME.match(text, end)) and " " in form.spelling and _is_named_after(after[1]):
        return form._replace(facet="", name="")
    if (after := _NEXT_SMALL.match(text, end)) and after[1] in WARES:  # "a Max Cole coat"
        return form._replace(facet="", name="")
    if found.start and text[found.start - 1] == " ":
        if _NAMED_SO.search(text, max(0, found.start - 12), found.start):
            return form._replace(facet="", name="")
        first = form.spelling.split()[0].casefold()
        if first in mens_names() and _WIFE.search(text, max(0, found.start - 14), found.start):
            return form._replace(name="")
    return form


def _is_named_after(word: str) -> bool:
    plain = word.casefold().removesuffix("'s").removesuffix("’s").rstrip("'’")
    return plain in _NAMED_AFTER or (bool(word_classes[plain] & (VENUE | BODY)) and plain not in given_names())


def is_place_or_thing(text: str, start: int, end: int) -> bool:
    """Whether a part of a name, without a title, is a place, a month or a thing by the words before it."""
    if text[start - 1 : start] not in (" ", "\n", "\u00a0") or text[start - 2 : start - 1] in ".!?;:":
        return False
    words = [word.casefold() for word in _WORDS_BEFORE.findall(text, max(0, start - 40), start)[-3:]]
    if not words:
        return False
    part = text[start:end].casefold()
    before = words[-1]
    possessive = text[end : end + 2] in ("'s", "’s")
    if before in _POSSESSIVES:
        return not possessive
    if part in _MAKES and not _DETERMINERS.isdisjoint(words[-2:]):
        return True
    if part in MONTHS and before in _BEFORE_MONTHS:
        return True
    if possessive:
        return False
    if before in _INSIDE:
        return _CONFIDING.isdisjoint(words)
    is_place = bool(word_classes[part] & PLACE) or part in _PLACES_TOO
    if before in ("to", "from"):
        moved = not MOTION.isdisjoint(words[:-1])
        return (moved and is_place) or (moved and bool({"flew", "sailed", "travelled", "traveled"} & set(words)))
    return is_place and (before in _BEFORE_PLACES or before in VISITING)


def is_word_of_another(text: str, start: int, end: int) -> bool:
    """Whether a part of a name with which a sentence begins is an ordinary word before a noun, as in "Brown bread"."""
    if text[start:end].casefold() not in _WORDS_TOO or not (after := _NEXT_SMALL.match(text, end)):
        return False
    word = after[1]
    return not (word in _AFTER_NAMES or word.endswith(("ed", "ly")))


_BEFORE_MONTHS = wordset("in since until till last next early late mid this of by from through during every")
_BEFORE_PLACES = wordset("of at towards toward over leaving left central downtown greater north south east west")


def is_kin_after(text: str, end: int) -> bool:
    """Whether somebody is said to be another's husband, sister or the like right after an offset."""
    return _KIN_AFTER.match(text, end) is not None


def other_shapes(text: str, whole: Sequence[Match], form_of: Callable[[str], SurfaceForm | None]) -> Iterator[Match]:
    """Names of people in shapes that no record has; `form_of` says whose a name is. They overlap none of `whole`."""
    taken = OccupiedSpans(len(text), ((found.start, found.end) for found in whole))

    def known(start: int, end: int, *names: str) -> Iterator[Match]:
        if taken.overlaps(start, end):
            return
        for name in names:
            if (form := form_of(name)) is not None and form.facet == "person" and form.name:
                taken.add(start, end)
                yield Match(start, end, form)
                return

    for match in _MIDDLE.finditer(text) if _MIDDLE_HINT.search(text) else ():
        surname = match[4].removesuffix("'s").removesuffix("’s")
        end = match.start(4) + len(surname)
        nick = [f"{match[3]} {surname}"] if match[3] else []
        yield from known(match.start(), end, f"{match[1]} {surname}", *nick)
    for match in _INVERTED.finditer(text) if _INVERTED_HINT.search(text) else ():
        given = match[2].split()
        yield from known(match.start(), match.end(2), f"{match[2]} {match[1]}")
        if len(given) > 1:
            yield from known(match.start(), match.start(2) + len(given[0]), f"{given[0]} {match[1]}")
    for found in whole:
        form = found.form
        if form.facet == "person" and form.name and " " in form.spelling:
            start = max(0, found.start - 40)
            match_before = _SHARING.search(text[start : found.start])
            if match_before and match_before[1].casefold() in given_names():
                _, surname = text[found.start : found.end].split(None, 1)
                at = start + match_before.start(1)
                yield from known(at, at + len(match_before[1]), f"{match_before[1]} {surname}")
