"""What the archive answers on who was seen with whom: encounters, companions, silences, certificates.

Apart from the other results, as a search needs none of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from archive.model.frozen_dict import EMPTY
from archive.model.results import FacetResult, Snippet


@dataclass(frozen=True, slots=True)
class EvidenceSpan:
    """Where one sentence of the evidence stands in its article.

    start, end  character offsets in the article's body, or in its title where `in_title`
    offset      where the sentence begins in the evidence, in which line ends are spaces
    """

    start: int
    end: int
    in_title: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Encounter:
    """What one article says of people, and of a venue if asked for, on one occasion: a sighting as an answer.

    date      of the article
    people    those asked for, then others who were there; where nobody was, others whom the evidence names
    level     the closest at which all asked for are named: sentence, paragraph, article or declared
    evidence  the sentences that show it, with the names marked; "" where no text does
    spans     where each of these sentences stands in the article, in the order of the text
    stance    one of archive.model.sightings.STANCES
    grade     of `together` and `present`: "stated" or "likely"
    when      EDTF date of the occasion; None where it is not known, or there was none
    when_basis, when_text   "text" with its words, or "article" where it is the article's own date
    venue     of the occasion; nearby: other venues that the paragraph names, or the article declares
    absent    who was said not to have been there
    scene     number of the occasion within the article; -1 where it is of none
    sources   ids of the articles that say so and are nearly the same, such as wire copy; this one first
    reviewed  whether a person has looked at it and said so
    """

    date: str | None
    people: tuple[str, ...]
    level: str
    id: str
    title: str
    evidence: Snippet
    spans: tuple[EvidenceSpan, ...] = ()
    stance: str = "mentioned"
    grade: str | None = None
    when: str | None = None
    when_basis: str | None = None
    when_text: str = ""
    venue: str | None = None
    nearby: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    scene: int = -1
    sources: tuple[str, ...] = ()
    reviewed: bool = False

    @property
    def venues(self) -> tuple[str, ...]:
        """The venue, if it is known, then those nearby."""
        return (self.venue, *self.nearby) if self.venue is not None else self.nearby

    @property
    def occasion_date(self) -> str | None:
        """When it happened; the article's date where no occasion is told of."""
        return self.date if self.stance == "mentioned" else self.when

    @property
    def body_marks(self) -> tuple[tuple[int, int], ...]:
        """The names marked in the evidence, as (start, end) offsets in the article's body; those of its title left out.

        In order, each once.
        """
        found = set()
        for span in self.spans:
            shift, stop = span.start - span.offset, span.offset + span.end - span.start
            if not span.in_title:
                found |= {(a + shift, b + shift) for a, b in self.evidence.marks if span.offset <= a < stop}
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Encounters:
    """Rows of encounters, the latest occasion first, and in the order of the text within an article.

    people, venues  those asked for, under their canonical names
    level           the widest level of the rows
    articles        how many articles have all of them, at any level
    counts          how many rows there are of each stance, also of those that were not asked for
    by_rules        how many of the articles were judged by the rules alone
    """

    people: tuple[str, ...]
    venues: tuple[str, ...]
    level: str
    articles: int
    rows: tuple[Encounter, ...]
    counts: Mapping[str, int] = EMPTY
    by_rules: int = 0


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an article tells of one place and time: who was there, and who was said not to be.

    when, when_basis, when_text, venue   as in Encounter; `date` is the article's
    people   who was there; `stated` are those of whom a word says so
    absent   who was said not to have been there
    id, title, scene   of the article, and the number of the occasion in it
    sources  ids of the articles that tell of it, nearly the same ones, this one first
    """

    when: str | None
    when_basis: str | None
    when_text: str
    date: str | None
    venue: str | None
    people: tuple[str, ...]
    stated: tuple[str, ...]
    absent: tuple[str, ...]
    id: str
    title: str
    scene: int
    sources: tuple[str, ...]

    def joined(self, other: Occasion) -> Occasion:
        """This occasion with what another article tells of it."""
        people = tuple(dict.fromkeys((*self.people, *other.people)))
        return replace(
            self,
            people=people,
            stated=tuple(dict.fromkeys((*self.stated, *other.stated))),
            absent=tuple(name for name in dict.fromkeys((*self.absent, *other.absent)) if name not in people),
            sources=tuple(dict.fromkeys((*self.sources, *other.sources))),
        )


class Occasions(tuple[Occasion, ...]):
    """Occasions, the latest first; `by_rules` is how many of the articles were judged by the rules alone."""

    by_rules: int

    def __new__(cls, rows: Iterable[Occasion] = (), by_rules: int = 0) -> Self:
        made = super().__new__(cls, rows)
        made.by_rules = by_rules
        return made


@dataclass(frozen=True, slots=True)
class SightingFacet(FacetResult):
    """With whom or where somebody was seen: values with counts of sightings.

    missing   sightings without company, or without a venue
    by_rules  how many of the articles were judged by the rules alone
    """

    by_rules: int = 0


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody named in the same articles.

    articles  how many articles name both
    sightings  how many occasions place both, of each article its own
    surprise  log-likelihood ratio (G²) of the two being seen together; negative if less often than by chance
    first, last   dates of the first and the last of these occasions, None if none is dated
    venues    venues of these occasions, the most frequent first
    """

    person: str
    articles: int
    sightings: int
    surprise: float
    first: str | None
    last: str | None
    venues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Companions:
    """The companions of a person, the most surprising first.

    articles  how many articles have the person
    distinct  how many companions there are; `rows` may be fewer
    by_rules  how many of the person's articles were judged by the rules alone
    """

    person: str
    articles: int
    distinct: int
    rows: tuple[Companion, ...]
    by_rules: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without an encounter: after one, and before the next (None: until the end of what is held).

    days  that surely lie between, as far as the dates are known, or are left of what is held
    held  articles of the archive that are dated within it
    """

    after: str
    before: str | None
    days: int
    held: int


class Gaps(tuple[Gap, ...]):
    """Gaps, the longest first; any of the `undated` sightings may lie in one of them."""

    undated: int

    def __new__(cls, gaps: Iterable[Gap] = (), undated: int = 0) -> Self:
        made = super().__new__(cls, gaps)
        made.undated = undated
        return made


@dataclass(frozen=True, slots=True)
class ArticleSpan:
    """A number of articles, and the dates of the first and the last (None if none is dated)."""

    articles: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way of writing a name; in the title or text of how many articles its words stand in a row."""

    text: str
    printed: int


@dataclass(frozen=True, slots=True)
class SearchedName:
    """A name that was looked for.

    recorded   whether an authority file has it
    spellings  the name and its aliases
    parts      first names and surnames, which count in an article that has the whole name, where nobody else is meant
    namesakes  what contains one of these and was not counted
    found      the articles that have it, in their metadata or text
    unreviewed  whether it was discovered in texts, and nobody has reviewed it
    """

    facet: str
    name: str
    recorded: bool
    spellings: tuple[Spelling, ...]
    parts: tuple[Spelling, ...]
    namesakes: tuple[str, ...]
    found: ArticleSpan
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """The articles that were looked through; `empty_years` are those between the first and the last without any."""

    articles: int
    first: int | None
    last: int | None
    undated: int
    empty_years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which index answered.

    corpus       SHA-256 over the ids and digests of all its articles
    names        digest of the authority files as they are now
    differences  what `check` finds wrong, or different from the corpus
    """

    generation: int
    articles: int
    corpus: str
    names: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What came close.

    kind   "wider level" (`what` is the level), "any year" (rows dated otherwise), "undated", "other stance" (`what` is
           the stance: absent contradicts), "without one" (`what` names the others) or "similar name"
    count  rows, but for the last two articles; `first` and `last` are their dates
    """

    kind: str
    what: str
    count: int
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a question about encounters found, and how it was looked for.

    people, venues, level, years   what was asked; no years means all
    rows, articles                 presences found at that level or a closer one, and their articles
    by_rules                       how many of the articles were judged by the rules alone
    """

    people: tuple[str, ...]
    venues: tuple[str, ...]
    level: str
    years: tuple[str, ...]
    rows: int
    articles: int
    sought: tuple[SearchedName, ...]
    coverage: Coverage
    index: IndexState
    misses: tuple[NearMiss, ...]
    by_rules: int = 0
