"""What the text of one article says of names that nobody has recorded, and where they stand in it.

Evidence is a function of the text alone, so that it can be kept with the article and added up over the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from archive.model.article import Article
from archive.names.discovery.candidates import Candidate, candidates
from archive.text.sentences import Span

#: The version of the rules by which evidence is found: what others have found is found anew.
RULES = 6
#: Scores from which a name counts as a person, or as a place.
PERSON, VENUE = 1.5, 1.8
#: Scores from which a name is kept, as other articles may say more.
_KEPT = 0.0


class Recognizer(Protocol):
    """What else finds names in texts, beside the rules."""

    def candidates(self, text: str) -> Iterable[Candidate]:
        """The names in a text, each once."""


class NameDecision(NamedTuple):
    """What a name is: a "person" or a "venue", under its usual spelling, or nothing (facet "")."""

    facet: str
    name: str


NOTHING = NameDecision("", "")


def text_of(article: Article) -> tuple[str, int]:
    """The text in which names are looked for, title first, and where the body begins in it."""
    body_at = body_in_text(article)
    return (f"{article.title}\n\n{article.body}" if body_at else article.body), body_at


def body_in_text(article: Article) -> int:
    """Where the body begins in `text_of` an article."""
    return 0 if article.body.startswith(article.title) else len(article.title) + 2


def evidence_in(text: str, recognizer: Recognizer | None = None) -> list[Candidate]:
    """The names in a text for which there is any evidence."""
    found: Iterable[Candidate] = candidates(text)
    if recognizer is not None:
        from archive.names.discovery.spacy_ner import with_recognised

        found = with_recognised(found, recognizer.candidates(text))
    return [each for each in found if each.person >= _KEPT or each.venue >= _KEPT]


def decide(person: float, venue: float, form: str) -> NameDecision:
    """What a name is by its scores."""
    if person >= PERSON and person > venue:
        return NameDecision("person", form)
    return NameDecision("venue", form) if venue >= VENUE else NOTHING


def places_of(spans: Sequence[Span], article: Article, body_at: int) -> tuple[tuple[bool, Span], ...]:
    """Where a whole name with `spans` in `text_of` stands: whether in the title, and the offsets there."""
    length = len(article.title)
    if spans and min(spans)[0] >= max(body_at, length):  # as most do
        return tuple([(False, (start - body_at, end - body_at)) for start, end in spans])
    places: list[tuple[bool, Span]] = []
    for start, end in spans:
        if end <= length and (body_at or article.title):
            places.append((True, (start, end)))
        if start >= body_at:
            places.append((False, (start - body_at, end - body_at)))
    return tuple(places)
