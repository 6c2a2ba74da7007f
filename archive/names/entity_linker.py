"""Articles under the names of the authority files: declared names resolved, and names in texts found.

What an article declares is kept as it was declared, so that an article out of the index can be
resolved again when the authority files change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from archive.model.article import (
    FACET_KEYS,
    Article,
    Mention,
    Problem,
    article_with,
    make_mention,
    values_of_mention,
)
from archive.names import partial_names
from archive.names.authority.records import Authority, Names, Record
from archive.names.gazetteer import (
    LOOK_EVERY,
    MAX_SECONDS,
    UNLIMITED,
    Budget,
    GazetteerMatcher,
    Limit,
    Match,
    OccupiedSpans,
    OverBudgetError,
    SurfaceForm,
    new_match,
)
from archive.names.name_context import other_shapes, settled
from archive.names.surface_forms import name_parts
from archive.text.analyzer import fold
from archive.text.normalize import NormalizedText, fold_letters, folded_name

if TYPE_CHECKING:
    from archive.names.discovery.incremental import DiscoveredName

_WORDS = re.compile(r"[^\W_]+")


class LinkedNames(NamedTuple):
    """What an article is linked to: the names and mentions that it has from then on.

    is_over_budget  whether its text takes too long to search: then there are no mentions
    """

    people: tuple[str, ...]
    venues: tuple[str, ...]
    mentions: tuple[Mention, ...]
    declared: dict[str, dict[str, str]]
    is_over_budget: bool

    def packed(self) -> tuple[object, ...]:
        """All of it as plain values."""
        mentions = list(map(values_of_mention, self.mentions))
        return self.people, self.venues, mentions, self.declared, self.is_over_budget

    @classmethod
    def unpacked(cls, values: Sequence[Any]) -> LinkedNames:
        """That of which these are the plain values."""
        people, venues, mentions, declared, is_over_budget = values
        return cls(people, venues, tuple([make_mention(*each) for each in mentions]), declared, is_over_budget)


class EntityLinker:
    """Resolves articles by the authority files; usable from many threads, and to be sent to another process.

    detect           whether texts are searched for names
    detected_facets  whether people and venues found are those of an article that declares none
    discovered_facets  whether that goes for names that no record has as well
    """

    def __init__(
        self, names: Names, *, detect: bool = True, detected_facets: bool = True, discovered_facets: bool = True
    ) -> None:
        self._authorities = {"person": names.people, "venue": names.venues}
        #: How many names and namesakes there are to find.
        self.record_count = len(names.people.records) + len(names.venues.records)
        self._nothing = not self.record_count
        self._detect, self._detected_facets = detect, detected_facets
        self._discovered_facets = discovered_facets

    def __reduce__(self) -> tuple[Callable[..., EntityLinker], tuple[object, ...]]:
        records = [authority.records for authority in self._authorities.values()]
        return _linker_of, (*records, self._detect, self._detected_facets, self._discovered_facets)

    @cached_property
    def _detector(self) -> GazetteerMatcher:
        return GazetteerMatcher(self._authorities["person"], self._authorities["venue"])

    @cached_property
    def _bearers(self) -> Counter[str]:
        """How many people may be called by each part of a name."""
        records = self._authorities["person"].records
        return Counter(
            folded for record in records for folded in {folded_name(p.text) for p in name_parts(record.name)}
        )

    def resolve(
        self,
        article: Article,
        over_budget: Callable[[Problem], None] | None = None,
        discovered: Sequence[DiscoveredName] = (),
    ) -> Article:
        """`article` with canonical names and mentions; one that was resolved before is resolved again.

        `discovered` are the names in its text that no record has. `over_budget` is told of a text that
        takes too long to search: the article then has no mentions.
        """
        if self._nothing and not (article.mentions or article.declared or discovered):
            return article
        return with_names(article, self.names_of(article, discovered), over_budget)

    def names_of(self, article: Article, discovered: Sequence[DiscoveredName] = ()) -> LinkedNames:
        """The canonical names and mentions of an article, of which `discovered` are names that no record has."""
        values: dict[str, tuple[str, ...]] = {}
        declared: dict[str, dict[str, str]] = {}
        for facet, key in FACET_KEYS.items():
            written = _as_declared(article, key)
            authority = self._authorities[facet]
            values[key] = tuple(dict.fromkeys(map(authority.canonical, written)))
            records = {name: authority.recorded(name) for name in written}
            if any(records.values()):
                declared[key] = records
        mentions: tuple[Mention, ...] = ()
        is_over_budget = False
        if (self._detect and not self._nothing) or discovered:
            try:
                mentions = self.mentions(article, values["people"], Budget(), discovered)
            except OverBudgetError:
                is_over_budget = True
        for facet, key in FACET_KEYS.items():
            if key in article.inferred and self._detected_facets:
                values[key] = tuple(
                    dict.fromkeys(
                        [
                            found.name
                            for found in mentions
                            if found.facet == facet and (self._discovered_facets or not found.discovered)
                        ]
                    )
                )
        return LinkedNames(values["people"], values["venues"], mentions, declared, is_over_budget)

    def mentions(
        self,
        article: Article,
        people: Iterable[str] = (),
        limit: Limit = UNLIMITED,
        discovered: Sequence[DiscoveredName] = (),
    ) -> tuple[Mention, ...]:
        """Where the title and the text name somebody; `people` are those that the article declares."""
        in_title: list[Match] = []
        whole: list[Match] = []
        body: NormalizedText | None = None
        if self._detect and not self._nothing:
            body = NormalizedText(article.body)
            in_title, whole = self._whole_names(NormalizedText(article.title), limit), self._whole_names(body, limit)
        if discovered:
            more_in_title, more = _discovered_places(discovered)
            in_title = _joined(in_title, more_in_title, len(article.title))
            whole = _joined(whole, more, len(article.body))
        introduced = [each.form.name for each in in_title if each.form.facet == "person" and each.form.name]
        found = whole
        if introduced or any(each.form.facet == "person" and each.form.name for each in whole):
            known = partial_names.NameContext(body or NormalizedText(article.body), whole, introduced, people)
            found = sorted(
                [
                    *whole,
                    *partial_names.partial_names(
                        known, self._detector.knows, lambda part: self._bearers[part] > 1, limit
                    ),
                ]
            )
        if len(found) > LOOK_EVERY:
            limit.check()
        new = {(each.facet, each.name) for each in discovered if not self._authorities[each.facet].recorded(each.name)}
        return (*_mentions(in_title, article.title, new, in_title=True), *_mentions(found, article.body, new))

    def _whole_names(self, text: NormalizedText, limit: Limit) -> list[Match]:
        """The whole names in a text, in order; a place that is nobody's is found too, under the name ""."""
        whole = settled(text.original, self._detector.find(text, limit))
        others = list(other_shapes(text.original, whole, self._detector.form)) if self._detector.has_people else []
        return sorted([*whole, *others]) if others else whole


def with_names(article: Article, linked: LinkedNames, over_budget: Callable[[Problem], None] | None = None) -> Article:
    """An article with what it is linked to; `over_budget` is told if its text takes too long to search."""
    if linked.is_over_budget and over_budget is not None:
        over_budget(names_not_sought(article))
    people, venues, mentions, declared, _ = linked
    return article_with(article, people=people, venues=venues, mentions=mentions, declared=declared)


def _linker_of(
    people: tuple[Record, ...],
    venues: tuple[Record, ...],
    detect: bool,
    detected_facets: bool,
    discovered_facets: bool,
) -> EntityLinker:
    """A linker as it was sent: without what it has found out so far."""
    names = Names(Authority(people, (), ""), Authority(venues, (), ""), "")
    return EntityLinker(names, detect=detect, detected_facets=detected_facets, discovered_facets=discovered_facets)


def _as_declared(article: Article, key: str) -> tuple[str, ...]:
    """The names under a key as the corpus has them."""
    if key in article.inferred:
        return ()
    names: tuple[str, ...] = getattr(article, key)
    return tuple(article.declared.get(key, names))


def _discovered_places(discovered: Sequence[DiscoveredName]) -> tuple[list[Match], list[Match]]:
    """Where discovered names stand whole: in the title, and in the body."""
    in_title: list[Match] = []
    in_body: list[Match] = []
    for facet, name, spelling, places in discovered:
        form = SurfaceForm(facet, name, spelling)
        for is_title, (start, end) in places:
            (in_title if is_title else in_body).append(new_match((start, end, form)))
    return in_title, in_body


def _joined(whole: list[Match], more: list[Match], length: int) -> list[Match]:
    """Whole names in order, with more of them where these overlap none; `length` is the text's."""
    if not more:
        return whole
    found = sorted([*whole, *more])
    if all(one.end <= other.start for one, other in pairwise(found)):
        return found
    taken = OccupiedSpans(length, [(each.start, each.end) for each in whole])
    kept = [*whole]
    for each in more:
        if not taken.overlaps(each.start, each.end):
            taken.add(each.start, each.end)
            kept.append(each)
    return sorted(kept)


def _mentions(
    found: Iterable[Match], text: str, new: Collection[tuple[str, str]], *, in_title: bool = False
) -> list[Mention]:
    """Places that are somebody's as mentions; `new` are the facets and names that no record has."""
    return [
        make_mention(facet, name, text[start:end], start, end, in_title, (facet, name) in new)
        for start, end, (facet, name, _, _) in found
        if name
    ]


def names_not_sought(article: Article) -> Problem:
    """What is said of an article whose text takes too long to search for names."""
    what = f"names were not detected in this text: it takes more than {MAX_SECONDS:g} seconds of processor time"
    return Problem(article.path, article.line, what, "declare its `people:` and `venues:`, or split it up", taken=True)


def may_name(article: Article, names: Sequence[str]) -> bool:
    """Whether the text may have one of these names: it has all words of it.

    Most authors of a paper are nowhere in it, which this finds out in a hundredth of the time of looking for them.
    """
    text = _lowered(f"{article.title} {article.body}")
    listed = "\n".join(names)
    for name in _lowered(listed).split("\n") if names and listed.isascii() else map(_lowered, names):
        last = name[name.rfind(" ") + 1 :]
        if last.isalpha() and last not in text:  # so it is with most of very many
            continue
        # Each form of the name has all its words but single letters.
        words = [word for word in _WORDS.findall(name) if len(word) > 1]
        if all(map(text.__contains__, words)) and all(_has_word(text, word) for word in words):
            return True
    return False


def _lowered(text: str) -> str:
    """A text in which the words of names can be looked for: folded as the gazetteer does it."""
    return (text.lower() if text.isascii() else fold_letters(text)).replace("ij", "y")


def with_ad_hoc_mentions(article: Article, limit: Limit = UNLIMITED) -> tuple[Mention, ...]:
    """The mentions of an article, those of names that it declares and no record knows among them.

    These are looked for here, as they would be if the authority files had them.
    """
    declared = [name for key in FACET_KEYS.values() if key not in article.inferred for name in getattr(article, key)]
    if not may_name(article, declared):
        return article.mentions
    text = _to_look_in(f"{article.title} {article.body}")
    authorities = {facet: _unrecorded(article, key, text) for facet, key in FACET_KEYS.items()}
    if not any(authority.records for authority in authorities.values()):
        return article.mentions
    names = Names(authorities["person"], authorities["venue"], "")
    taken = {
        in_title: OccupiedSpans(
            len(text), ((each.start, each.end) for each in article.mentions if each.in_title == in_title)
        )
        for in_title, text in ((True, article.title), (False, article.body))
    }
    others = [
        found
        for found in EntityLinker(names).mentions(article, article.people, limit)
        if not taken[found.in_title].overlaps(found.start, found.end)
    ]
    limit.check()
    return tuple(sorted((*article.mentions, *others), key=lambda each: (not each.in_title, each.start)))


def _unrecorded(article: Article, key: str, text: str) -> Authority:
    """The names that an article declares and no record has, as far as the folded text may have them."""
    if key in article.inferred:
        return Authority((), (), "")
    recorded = set(article.declared.get(key, {}).values())
    names = (name for name in getattr(article, key) if name not in recorded and _may_be_in(text, name))
    return Authority(tuple(map(Record, names)), (), "")


def _may_be_in(text: str, name: str) -> bool:
    """Whether a folded text has a word of a name: without any, no form of it can be found there.

    Most authors of a paper are nowhere in it, and to look for a name thoroughly takes long.
    """
    words = _words_of(name)
    return not words or any(_has_word(text, word) for word in words)


@lru_cache(maxsize=65_536)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(word for word in _WORDS.findall(_to_look_in(name)) if len(word) > 1)


def _to_look_in(text: str) -> str:
    """A text folded; a Dutch ij as the y that others write for it."""
    return fold(text).replace("ij", "y")


def _has_word(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        # Scripts without spaces have no bounds of words, and others may join them.
        if not word.isascii() or not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            return True
        at = text.find(word, at + 1)
    return False
