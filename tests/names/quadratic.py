"""Names in a text, found by asking every mention for every other: plain, slow, and what the linear way must equal.

Fit for short texts only: the time grows with the square of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.model.article import Article as Whole
from archive.model.article import Mention
from archive.names.authority.records import Authority, Names, Record
from archive.names.gazetteer import (
    GazetteerMatcher,
    Match,
    SurfaceForm,
    _disambiguate,
    is_right_boundary,
    matches_casing,
)
from archive.names.name_context import is_kin_after, is_place_or_thing, is_word_of_another, other_shapes, settled
from archive.names.partial_names import first_initial
from archive.names.surface_forms import (
    FOR_MEN,
    FOR_WOMEN,
    HONORIFICS,
    RANKS,
    SUFFIXES,
    TITLES,
    name_parts,
    normalize_token,
    title_of,
)
from archive.text.normalize import NormalizedText, folded_name
from archive.text.sentences import BEGINNERS, wordset

_WORD = re.compile(r"([^\W\d_][\w'’-]*)(\.?)\Z")
_AFTER = re.compile(r"[^\S\n]*\n?[^\S\n]*([^\W\d_][\w'’-]*|\d)(?<=\w)")
_BEGINNING = '.!?…:;—–(["“”‘'
_LOOK_BEHIND = 64
_ARTICLES = frozenset(("the", "a", "an"))
_NO_SURNAMES = BEGINNERS | wordset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december i"""
)


def mentions(names: Names, article: Whole, people: Iterable[str] = ()) -> tuple[Mention, ...]:
    """Where the title and the text name somebody."""
    detector = GazetteerMatcher(names.people, names.venues)
    bearers = Counter(
        folded
        for record in names.people.records
        for folded in {folded_name(part.text) for part in name_parts(record.name)}
    )
    title, body = NormalizedText(article.title), NormalizedText(article.body)
    hits = [list(detector._hits(text)) if detector._automaton else [] for text in (title, body)]
    in_title, whole = (
        sorted([*kept, *other_shapes(text.original, kept, detector.form)])
        for text, kept in (
            (text, settled(text.original, _longest(each))) for text, each in zip((title, body), hits, strict=True)
        )
    )
    introduced = [each.form.name for each in in_title if each.form.facet == "person" and each.form.name]
    found = list(whole)
    if introduced or any(each.form.facet == "person" and each.form.name for each in whole):
        known = Article(body, whole, introduced, people)
        found += partial_names(known, detector.knows, lambda part: bearers[part] > 1)
    return (
        *(_mention(each, article.title, True) for each in in_title if each.form.name),
        *(_mention(each, article.body, False) for each in sorted(found) if each.form.name),
    )


def with_ad_hoc_mentions(article: Whole) -> tuple[Mention, ...]:
    """The mentions of an article, those of names that it declares and no record knows among them."""
    people, venues = _unrecorded(article, "people"), _unrecorded(article, "venues")
    if not (people.records or venues.records):
        return article.mentions
    taken = [(each.in_title, each.start, each.end) for each in article.mentions]
    others = [
        found
        for found in mentions(Names(people, venues, ""), article, article.people)
        if not any(where == found.in_title and a < found.end and found.start < b for where, a, b in taken)
    ]
    return tuple(sorted((*article.mentions, *others), key=lambda each: (not each.in_title, each.start)))


def _unrecorded(article: Whole, key: str) -> Authority:
    """Every name that an article declares and no record has."""
    if key in article.inferred:
        return Authority((), (), "")
    recorded = set(article.declared.get(key, {}).values())
    return Authority(tuple(Record(name) for name in getattr(article, key) if name not in recorded), (), "")


def _mention(found: Match, text: str, in_title: bool) -> Mention:
    return Mention(found.form.facet, found.form.name, text[found.start : found.end], found.start, found.end, in_title)


def _longest(hits: list[Match]) -> list[Match]:
    """Hits without those inside a namesake; of those that overlap, the longest."""
    blocks = [hit for hit in hits if hit.form.blocks]
    spans: dict[tuple[int, int], list[SurfaceForm]] = {}
    for hit in hits:
        if hit.form.blocks or not any(_is_inside(hit, block) for block in blocks):
            spans.setdefault((hit.start, hit.end), []).append(hit.form)
    kept: list[Match] = []
    for (start, end), forms in sorted(spans.items(), key=lambda span: (span[0][0] - span[0][1], span[0])):
        if not any(found.start < end and start < found.end for found in kept):
            kept.append(Match(start, end, _disambiguate(forms)))
    return sorted(kept)


def _is_inside(hit: Match, block: Match) -> bool:
    """Whether a hit is that of a record inside one of its namesakes."""
    same = (hit.form.facet, hit.form.name) == (block.form.facet, block.form.name)
    return same and block.start <= hit.start and hit.end <= block.end


@dataclass
class _Person:
    """Somebody in the article: where the full name first stands (None if only declared), and titles before it."""

    since: int | None = None
    titles: set[str] = field(default_factory=set)


@dataclass
class _Bearers:
    """Everybody in the article who may be called by one part of a name.

    part      that part as a name has it
    given     whether it is a first name of them all
    stranger  whether somebody unknown may be called so too
    """

    part: str
    people: dict[str, _Person] = field(default_factory=dict)
    given: bool = True
    stranger: bool = False


class _Place(NamedTuple):
    """Where a part of a name stands, and the title before it ("" for none)."""

    start: int
    end: int
    title: str


class Article(NamedTuple):
    """What is known of an article before parts of names are looked for.

    whole       the whole names in its text
    introduced  people whom the title names
    declared    people whom it declares: they may be meant too
    """

    text: NormalizedText
    whole: Sequence[Match]
    introduced: Iterable[str] = ()
    declared: Iterable[str] = ()


def partial_names(article: Article, is_name: Callable[[str], bool], is_shared: Callable[[str], bool]) -> list[Match]:
    """Where the text names people by a part of their name.

    is_name    whether a folded text is a whole name itself
    is_shared  whether several people of the authority file have a folded part
    """
    taken = [(found.start, found.end) for found in article.whole]
    found: list[Match] = []
    bearers = _bearers(article)
    for folded in sorted(bearers, key=lambda folded: (-len(folded), folded)):
        those = bearers[folded]
        if is_name(folded) or all(person.since is None for person in those.people.values()):
            continue
        places = list(_places(article.text, folded, those, taken))
        taken += [(place.start, place.end) for place in places]
        _note_strangers(places, those)
        for place in places:
            if name := _whose(place, those, is_shared(folded) if place.title else False):
                found.append(Match(place.start, place.end, SurfaceForm("person", name, those.part)))
    return found


def _bearers(article: Article) -> dict[str, _Bearers]:
    """The people of an article by the parts of their names, folded."""
    people: dict[str, _Person] = {name: _Person(since=-1) for name in article.introduced}
    bearers: dict[str, _Bearers] = {}

    def called(spelling: str) -> Iterator[_Bearers]:
        for part in name_parts(spelling):
            those = bearers.setdefault(folded_name(part.text), _Bearers(part.text))
            those.given = those.given and part.given
            yield those

    for found in article.whole:
        name, spelling = found.form.name, found.form.spelling
        if found.form.facet == "person" and name:
            person = people.setdefault(name, _Person())
            person.since = found.start if person.since is None else person.since
            person.titles |= {title_of(spelling), _title_before(article.text.original, found.start)} - {""}
            for those in called(spelling):
                those.people[name] = person
    for name in dict.fromkeys((*article.introduced, *article.declared)):
        for those in called(name):
            those.people[name] = people.setdefault(name, _Person())
    for found in article.whole:  # a namesake, or nobody knows which of two
        if found.form.facet == "person" and not found.form.name:
            for those in called(found.form.spelling):
                those.stranger = True
    return bearers


def _before(text: str, start: int) -> tuple[str, str, bool]:
    """What comes before an offset: the text up to the last word, the word, and whether a stop follows it."""
    behind = text[max(0, start - _LOOK_BEHIND) : start]
    near = behind.rstrip()
    if behind.count("\n", len(near)) > 1:
        return behind, "", False
    last = max(near.rfind(" "), near.rfind("\n")) + 1
    word = _WORD.search(near, last)
    return (near[: word.start()], word[1], bool(word[2])) if word else (behind, "", False)


def _title_before(text: str, start: int) -> str:
    word = normalize_token(_before(text, start)[1])
    return word if word in TITLES else ""


def _places(text: NormalizedText, folded: str, those: _Bearers, taken: list[tuple[int, int]]) -> Iterator[_Place]:
    """Where the part stands alone; notes a stranger where it is part of another name."""
    at = -1
    while (at := text.text.find(f" {folded}", at + 1)) >= 0:
        last = at + len(folded)
        if text.text[last + 1 : last + 2].isalnum():
            continue
        start, end = text.original_offset(at + 1), text.original_offset(last) + 1
        if not is_right_boundary(text.original, end) or not matches_casing(those.part, text.original[start:end]):
            continue
        if any(first < end and start < after for first, after in taken):
            continue
        title = _title_before(text.original, start)
        _, word, stopped = _before(text.original, start)
        initial = first_initial(text.original, start, word, stopped)
        alone = bool(title or initial) or _begins_alone(text.original, start, those)
        if not (_ends_alone(text.original, end, those) and alone):
            continue
        if title and is_kin_after(text.original, end):
            those.stranger = True
        elif initial:
            if any(name[:1].casefold() == initial.casefold() for name in those.people):
                yield _Place(start, end, title)
            else:
                those.stranger = True
        elif title:
            yield _Place(start, end, title)
        elif (not word or stopped) and is_word_of_another(text.original, start, end):
            continue
        elif not is_place_or_thing(text.original, start, end):
            yield _Place(start, end, title)


def _begins_alone(text: str, start: int, those: _Bearers) -> bool:
    """Whether no part of a name stands before an offset."""
    behind, word, stopped = _before(text, start)
    if not word or stopped:
        return not ((stopped or _begins(behind)) and _is_common(those.part, text))
    if normalize_token(word) in _ARTICLES:
        return False
    if not word[0].isupper() or word.endswith(("'s", "’s")) or (word.isupper() and len(word) > 1):
        return True
    begins = _begins(behind)
    if begins and (those.given or normalize_token(word) in BEGINNERS or _is_common(word, text)):
        return True
    those.stranger = those.stranger or not those.given
    return False


def _ends_alone(text: str, end: int, those: _Bearers) -> bool:
    """Whether no part of a name, and no number, stands after an offset."""
    after = _AFTER.match(text, end)
    if after is None or not (after[1][0].isupper() or after[1].isdigit()) or normalize_token(after[1]) in _NO_SURNAMES:
        return True
    those.stranger = those.stranger or normalize_token(after[1]) in SUFFIXES or (those.given and not after[1].isdigit())
    return False


def _begins(behind: str) -> bool:
    """Whether a sentence, or part of one, begins after some text."""
    near = behind.rstrip()
    return not near or near[-1] in _BEGINNING or "\n" in behind[len(near) :]


def _is_common(word: str, text: str) -> bool:
    """Whether the text has a word in small letters, and no less often than with a capital."""
    small = len(re.findall(rf"(?<!\w){re.escape(word.lower())}(?!\w)", text))
    return small > 0 and small >= len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text))


def _note_strangers(places: Iterable[_Place], those: _Bearers) -> None:
    """A title that is nobody's, or does not go with anybody, is that of a stranger."""
    for title in {place.title for place in places} - {""}:
        people = those.people.values()
        if any(title in person.titles for person in people):
            continue
        if not any(_goes_with(title, person.titles) for person in people):
            those.stranger = True


def _goes_with(title: str, titles: set[str]) -> bool:
    """Whether somebody who has `titles` in the article may be addressed by another one."""
    if title in RANKS:
        return not titles - HONORIFICS
    return title in HONORIFICS and not _excludes(title, titles)


def _excludes(title: str, titles: set[str]) -> bool:
    """Whether nobody with `titles` is addressed by `title`."""
    return bool((title in FOR_MEN and titles & FOR_WOMEN) or (title in FOR_WOMEN and titles & FOR_MEN))


def _whose(place: _Place, those: _Bearers, shared: bool) -> str:
    """The one person who can be meant in a place, or ""."""
    meant = list(those.people)
    if place.title:
        titled = [name for name, person in those.people.items() if place.title in person.titles]
        if not titled and (place.title not in HONORIFICS | RANKS or those.stranger or shared):
            return ""
        fitting = [name for name, person in those.people.items() if not _excludes(place.title, person.titles)]
        meant = titled or fitting
    elif those.stranger:
        return ""
    since = those.people[meant[0]].since if len(meant) == 1 else None
    return meant[0] if since is not None and since < place.start else ""
