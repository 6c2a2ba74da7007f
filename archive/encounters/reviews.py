"""What people said of sightings that they have looked at: `sightings.yaml`, beside the authority files.

A list of records; each wins over what the rules and the judge make of one paragraph:

    - article: harbour-dinner
      paragraph: 4f0c2c1f0e7a9b31     # digest of its text, as in a quotation
      people: [Ada Byrne, Max Cole]   # two, or one and a venue
      venue: Harbour Rooms            # where it was
      stance: together                # or absent, expected, contact, mentioned; present for one person
      when: 1998-07-04                # if the date is to be another one
      note: Seen in the photograph.

A paragraph that has changed since is no longer the one that was looked at: the record is left out, and
`archive check` names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.config.settings import CORPUS_DIR
from archive.config.yaml_loader import Node, YamlError, load_records, record_values
from archive.errors import SettingsError, UsageError
from archive.model.article import Article, Problem
from archive.model.dates import parse_date
from archive.model.sightings import PRESENT, STANCES, Sighting, TextSpan
from archive.quotes import digest
from archive.text.sentences import paragraphs, sentences
from archive.util.atomic_files import edit_text, open_regular_file
from archive.util.quoting import quote_path

REVIEWS_FILE = "sightings.yaml"
_KEYS = ("article", "paragraph", "people", "venue", "stance", "when", "note")
_MAX_BYTES = 16 * 1024 * 1024
_REMEDY = "correct it"


@dataclass(frozen=True, slots=True)
class SightingReview:
    """What a person says of two people, or of one at a venue, in one paragraph.

    paragraph  see `archive.quotes.digest`; of the title's text for what the title says
    people     canonical names: two, or one with a venue
    when       EDTF date of the occasion; None for what the text says
    """

    article: str
    paragraph: str
    people: tuple[str, ...]
    stance: str
    venue: str | None = None
    when: str | None = None
    note: str = ""
    line: int = 0

    @property
    def subject(self) -> tuple[str, str, frozenset[str], str | None]:
        """What it is about: of two that are about the same the later holds."""
        return self.article, self.paragraph, frozenset(self.people), self.venue if len(self.people) == 1 else None


class SightingReviews:
    """All records of a file. `digest` changes whenever they do; `problems` are the records left out."""

    def __init__(self, records: Sequence[SightingReview] = (), problems: Sequence[Problem] = ()) -> None:
        self.records, self.problems = tuple(records), tuple(problems)
        said = repr([replace(each, note="", line=0) for each in records])
        self.digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16] if records else ""
        self._by_article: dict[str, dict[object, SightingReview]] = {}
        for each in records:
            self._by_article.setdefault(each.article, {})[each.subject] = each

    @property
    def articles(self) -> frozenset[str]:
        """The articles that they are about."""
        return frozenset(self._by_article)

    def applied(self, article: Article, found: tuple[Sighting, ...]) -> tuple[Sighting, ...]:
        """The sightings of an article, with what was said of its paragraphs in their place."""
        if not (records := self._by_article.get(article.id)):
            return found
        places = paragraph_spans(article)
        for record in records.values():
            if (span := places.get(record.paragraph)) is not None:
                found = _with_review(article, found, record, span)
        return found

    def about(self, article_id: str) -> list[SightingReview]:
        """The records about an article that hold: of two about the same the later."""
        return list(self._by_article.get(article_id, {}).values())

    def outdated(self, article: Article) -> list[SightingReview]:
        """The records about paragraphs that an article has no longer."""
        places = paragraph_spans(article)
        return [each for each in self.about(article.id) if each.paragraph not in places]


def verdicts_on_reviews(
    reviews: SightingReviews, get: Callable[[str], Article | None]
) -> Iterator[tuple[SightingReview, str]]:
    """Of each record whether its article has the paragraph: "unchanged" or "changed", or "gone" with the article."""
    for article_id in sorted(reviews.articles):
        article = get(article_id)
        outdated = [] if article is None else reviews.outdated(article)
        for each in reviews.about(article_id):
            yield each, "gone" if article is None else "changed" if each in outdated else "unchanged"


def paragraph_spans(article: Article) -> dict[str, TextSpan]:
    """Where the paragraphs of an article are, its title the last, by their digests."""
    found = {digest(article.body[start:end]): TextSpan(start, end) for start, end in reversed(paragraphs(article.body))}
    return {digest(article.title): TextSpan(0, len(article.title), True)} | found


def paragraph_digest(article: Article, span: TextSpan) -> str:
    """The digest of the paragraph in which a sentence is."""
    for key, place in paragraph_spans(article).items():
        if place.in_title == span.in_title and place.start <= span.start < max(place.end, place.start + 1):
            return key
    raise UsageError(f"{article.id} has no text at {span.start}")


def _with_review(
    article: Article, found: tuple[Sighting, ...], record: SightingReview, place: TextSpan
) -> tuple[Sighting, ...]:
    people = frozenset(record.people)

    def is_meant(each: Sighting) -> bool:
        return (
            frozenset(each.people) == people
            and (len(people) == 2 or each.venue == record.venue)
            and any(place.start <= span.start < place.end for span in each.spans if span.in_title == place.in_title)
        )

    meant = [each for each in found if is_meant(each)]
    rest = tuple(each for each in found if not is_meant(each))
    if record.stance == "mentioned":
        return rest
    same = next((each for each in meant if each.stance == record.stance), None)
    before = same or (meant[0] if meant else _unseen(article, found, record, place))
    there = record.stance in PRESENT
    return (
        *rest,
        replace(
            before,
            stance=record.stance,
            grade="stated" if there else None,
            absent=(before.absent or record.people) if record.stance == "absent" else (),
            when=record.when or before.when,
            when_basis="review" if record.when else before.when_basis,
            when_text="" if record.when else before.when_text,
            venue=record.venue or before.venue,
            reviewed=True,
        ),
    )


def _unseen(article: Article, found: Iterable[Sighting], record: SightingReview, place: TextSpan) -> Sighting:
    """What the rules would have said if they had found the sighting that a person found in a paragraph."""
    named = [
        mention.start
        for mention in article.mentions
        if mention.in_title == place.in_title
        and mention.name in record.people
        and place.start <= mention.start < place.end
    ]
    spans = [place]
    if not place.in_title:
        inside = [TextSpan(*span) for span in sentences(article.body) if place.start <= span[0] < place.end]
        spans = [span for span in inside if any(span.start <= at < span.end for at in named)] or [place]
    return Sighting(
        record.stance,
        record.people,
        when=article.date,
        when_basis="article" if article.date else None,
        venue=record.venue,
        level="sentence" if len(spans) == 1 else "paragraph",
        scene=1 + max((each.scene for each in found), default=-1),
        spans=tuple(spans),
    )


# -- the file --------------------------------------------------------------------------


def reviews_file(root: Path) -> Path:
    """Where the records are, or would be: in the corpus."""
    return root / CORPUS_DIR / REVIEWS_FILE


def load_reviews(root: Path) -> SightingReviews:
    """The records of the archive in `root`; what is wrong in them becomes a problem."""
    path = reviews_file(root)
    try:
        with open_regular_file(path) as stream:
            content = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return SightingReviews()
    except OSError as error:
        from archive.corpus.decode import read_error

        return SightingReviews(problems=(read_error(error).problem(f"{CORPUS_DIR}/{REVIEWS_FILE}"),))
    return parse_reviews(content, f"{CORPUS_DIR}/{REVIEWS_FILE}")


def parse_reviews(content: bytes, path: str) -> SightingReviews:
    """The records in a file's bytes; those left out are problems, named by `path` and line."""
    return SightingReviews(*load_records(content, path, _KEYS, _parsed, _MAX_BYTES))


def _parsed(node: Node) -> SightingReview:
    values = record_values(node, _KEYS)
    texts = {key: _text(values, key) for key in _KEYS if key != "people"}
    record = SightingReview(
        texts["article"], texts["paragraph"].removeprefix("sha256:"), _people(values, node.line), texts["stance"],
        texts["venue"] or None, texts["when"] or None, texts["note"], node.line,
    )  # fmt: skip
    try:
        return _checked(record)
    except UsageError as error:
        raise YamlError(node.line, error.what, error.remedy) from None


def _checked(record: SightingReview) -> SightingReview:
    """The record with its date in canonical form; raises UsageError for one that says nothing."""
    if not record.article or not record.paragraph:
        raise UsageError("a record needs `article:` and `paragraph:`", "add them")
    two = len(set(record.people)) == 2
    if not (two or (len(record.people) == 1 and record.venue)):
        raise UsageError("a record is about two people, or about one and a venue", _REMEDY)
    stances = [each for each in STANCES if each not in (("present",) if two else ("together", "contact"))]
    if record.stance not in stances:
        raise UsageError(f"its stance is {', '.join(stances)}, not {record.stance!r}", _REMEDY)
    if record.when is None:
        return record
    try:
        return replace(record, when=parse_date(record.when))
    except ValueError as error:
        raise UsageError(str(error), "write the date as in 2016-05-21") from None


def _text(record: Mapping[str, Node], key: str) -> str:
    node = record.get(key)
    if node is None or node.value is None:
        return ""
    if not isinstance(node.value, str):
        raise YamlError(node.line, f"{key} must be text", _REMEDY)
    return " ".join(node.value.split())


def _people(record: Mapping[str, Node], line: int) -> tuple[str, ...]:
    node = record.get("people")
    items = node.value if node is not None and isinstance(node.value, list) else []
    names = [" ".join(item.value.split()) for item in items if isinstance(item.value, str)]
    if len(names) != len(items):
        raise YamlError(line, "people must be a list of names", _REMEDY)
    return tuple(names)


def add_review(root: Path, record: SightingReview, *, links_outside: bool = False) -> None:
    """Write a record at the end of the file; of two about the same the later holds.

    Raises UsageError for a record that says nothing, and SettingsError, with nothing written, if the file
    cannot be read as it stands.
    """
    record = _checked(record)

    def change(text: str) -> str:
        path = reviews_file(root)
        before = parse_reviews(text.encode("utf-8", "replace"), quote_path(path))
        if before.problems:
            worst = before.problems[0]
            raise SettingsError(
                f"{worst.path}:{worst.line}: nothing can be added until this is fixed: {worst.what}", worst.remedy
            )
        return text + ("" if not text or text.endswith("\n") else "\n") + _lines(record)

    edit_text(reviews_file(root), change, within=() if links_outside else (root, root / CORPUS_DIR))


def _lines(record: SightingReview) -> str:
    from archive.names.authority.authority_writer import scalar

    said = {
        "article": scalar(record.article),
        "paragraph": scalar(record.paragraph),
        "people": f"[{', '.join(map(scalar, record.people))}]",
        "venue": scalar(record.venue) if record.venue else "",
        "stance": record.stance,
        "when": scalar(record.when) if record.when else "",
        "note": scalar(record.note) if record.note else "",
    }
    lines = [f"{key}: {value}\n" for key, value in said.items() if value]
    return "".join(("- " if number == 0 else "  ") + line for number, line in enumerate(lines))
