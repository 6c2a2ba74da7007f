"""Names that a spaCy pipeline recognises, as candidates beside those of the rules (extra `spacy`).

A pipeline is no better witness than the rules: what it finds is suggested, and reviewed, like
everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from archive.errors import MissingExtraError, UsageError
from archive.names.discovery.candidates import Candidate
from archive.names.discovery.written_names import Key, key_of_words
from archive.text.sentences import Span, sentences

#: What the labels of spaCy's pipelines are worth, for a person and for a venue.
_WORTH = {"PERSON": (2.0, 0.0), "PER": (2.0, 0.0), "FAC": (0.0, 2.2), "LOC": (0.0, 1.9)}

_PIECE = 100_000  # characters given to a pipeline at once; it refuses a million


class SpacyNer:
    """A pipeline by the name of its package ("en_core_web_sm") or by its folder ("./pipeline").

    A name alone is never that of a folder: the working directory may be somebody else's. Raises
    MissingExtraError without spaCy, UsageError for a pipeline that is not installed.
    """

    def __init__(self, pipeline: str) -> None:
        try:
            import spacy
        except ImportError:
            raise MissingExtraError("recognising names with spaCy", "spacy") from None

        missing = UsageError(
            f"there is no spaCy pipeline {pipeline!r}",
            "install one, as in `python -m spacy download en_core_web_sm`, or name a folder, as in ./pipeline",
        )
        if Path(pipeline).name == pipeline and not spacy.util.is_package(pipeline):
            raise missing
        try:
            self._pipeline: Any = spacy.load(pipeline)
        except (OSError, ValueError):
            raise missing from None

    def candidates(self, text: str) -> Iterable[Candidate]:
        """The names recognised in a text, each once."""
        found: dict[Key, Candidate] = {}
        for first, last in _pieces(sentences(text)):
            for entity in self._pipeline(text[first:last]).ents:
                words = entity.text.removesuffix("'s").removesuffix("’s").split()
                if entity.label_ in _WORTH and len(words) > (words[:1] == ["the"]):
                    start, text_length = first + entity.start_char, len(entity.text)
                    if words[0] == "the":  # which the rules leave out of a name as well
                        words, skipped = words[1:], entity.text.index(words[1])
                        start, text_length = start + skipped, text_length - skipped
                    key = key_of_words(words)
                    span = (start, start + text_length)
                    known = found.get(key)
                    if known is None:
                        found[key] = Candidate(key, " ".join(words), *_WORTH[entity.label_], *span, (span,))
                    else:
                        found[key] = known._replace(spans=(*known.spans, span))
        return found.values()


def _pieces(spans: Iterable[Span]) -> Iterator[Span]:
    """A text of these sentences in pieces that a pipeline takes, cut between sentences where that can be."""
    start = last = 0
    for first, end in spans:
        if end - start > _PIECE and last > start:
            yield start, last
            start = first
        while end - start > _PIECE:
            yield start, start + _PIECE
            start += _PIECE
        last = end
    if last > start:
        yield start, last


def with_recognised(found: Iterable[Candidate], recognised: Iterable[Candidate]) -> list[Candidate]:
    """The candidates of the rules with what the pipeline says for them, and those that it alone has found."""
    merged = {candidate.key: candidate for candidate in found}
    for candidate in recognised:
        own = merged.get(candidate.key)
        if own is None:
            merged[candidate.key] = candidate
        else:
            person, venue = own.person + candidate.person, own.venue + candidate.venue
            merged[candidate.key] = own._replace(person=person, venue=venue)
    return list(merged.values())
