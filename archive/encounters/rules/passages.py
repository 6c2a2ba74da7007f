"""An article as the rules read it: mentions with titles swallowed, sentences, and text in which names are tokens.

Names are masked before sentences are split, so that abbreviations and initials inside them can end none; every rule
after this one is a short pattern over the tokens `ᴘ3` (the mention with index 3, of a person) and `ᴠ5` (of a venue).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.encounters.pair_judge import Passage, PassageMention
from archive.model.article import Mention
from archive.names.surface_forms import FOR_MEN, FOR_WOMEN, HONORIFICS, TITLES, name_parts, normalize_token
from archive.text.sentences import paragraphs, sentences

PERSON, VENUE = "ᴘ", "ᴠ"
TOKEN = re.compile(r"[ᴘᴠ](\d+)")
_TITLE_BEFORE = re.compile(r"(?:\b[A-Z][\w’'-]*\.?[ \n]|\b(?:the )?(?:Rt|Rev|Revd|Hon|Right|Most|Very|Hon)\.? ){1,4}\Z")
_WORD = re.compile(r"[\w’'-]+\.?")
_MORE_TITLES = frozenset(
    [
        "hon",
        "rt",
        "revd",
        "col",
        "capt",
        "lt",
        "sgt",
        "maj",
        "gen",
        "cllr",
        "coun",
        "supt",
        "insp",
        "det",
        "adm",
        "cmdr",
        "sen",
        "rep",
        "gov",
        "pres",
        "dir",
        "fr",
        "msgr",
        "mgr",
        "pandit",
        "otunba",
        "chief",
        "alhaji",
        "erelu",
        "advocate",
        "adv",
        "pc",
        "prof",
        "dame",
        "lord",
        "lady",
        "sir",
        "reverend",
        "canon",
        "dean",
        "right",
        "most",
        "very",
    ]
)
#: Words that tell the gender of the person whom they stand before: "his wife ᴘ3", "actress ᴘ3".
_WOMAN = frozenset(
    [
        "wife",
        "mother",
        "daughter",
        "sister",
        "widow",
        "aunt",
        "niece",
        "grandmother",
        "actress",
        "girlfriend",
        "fiancée",
        "fiancee",
        "queen",
        "princess",
        "duchess",
        "countess",
        "baroness",
        "mum",
        "mom",
        "heiress",
        "bride",
        "congresswoman",
        "councilwoman",
        "chairwoman",
        "spokeswoman",
        "businesswoman",
        "waitress",
        "hostess",
        "soprano",
        "lady",
        "mrs",
        "miss",
        "ms",
    ]
)
_MAN = frozenset(
    [
        "husband",
        "father",
        "son",
        "brother",
        "widower",
        "uncle",
        "nephew",
        "grandfather",
        "actor",
        "boyfriend",
        "fiancé",
        "fiance",
        "king",
        "prince",
        "duke",
        "count",
        "baron",
        "dad",
        "groom",
        "bridegroom",
        "congressman",
        "councilman",
        "chairman",
        "spokesman",
        "businessman",
        "tenor",
        "waiter",
        "lord",
        "sir",
        "mr",
    ]
)


@dataclass(frozen=True, slots=True)
class MaskedSentence:
    """A sentence: its span in the body (or the title), and its text with names as tokens.

    paragraph   number, -1 for the title's
    masked      the text; `mentions` are the indexes of those in it
    """

    number: int
    paragraph: int
    start: int
    end: int
    in_title: bool
    masked: str
    mentions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage with its sentences, and the gender of its people as far as titles and kinship tell ("m", "f")."""

    passage: Passage
    sentences: tuple[MaskedSentence, ...]
    gender: dict[int, str]
    styles: dict[int, str]
    """Of a paragraph: "caption" or "item" where it is no running text."""

    def name(self, index: int) -> int:
        """The number of the person or venue of a mention."""
        return self.passage.mentions[index].number


def read_passage(
    title: str, body: str, date: str | None, mentions: Sequence[Mention], styles: Iterable[tuple[int, str]] = ()
) -> Reading:
    """Make a reading of an article with the linker's mentions; `styles` are of paragraphs that are no running text."""
    in_body = [each for each in mentions if not each.in_title]
    in_title = [each for each in mentions if each.in_title]
    people = tuple(dict.fromkeys(each.name for each in mentions if each.facet == "person"))
    venues = tuple(dict.fromkeys(each.name for each in mentions if each.facet == "venue"))
    numbers = {("person", name): at for at, name in enumerate(people)} | {
        ("venue", name): at for at, name in enumerate(venues)
    }
    gender: dict[int, str] = {}
    found: list[PassageMention] = []
    rows: list[MaskedSentence] = []
    if in_title:
        spans = _with_titles(title, in_title)
        placed = [
            PassageMention(m.facet, numbers[m.facet, m.name], start, end, True, _how(m), -1, -1)
            for m, (start, end) in zip(in_title, spans, strict=True)
        ]
        found += placed
        masked = _masked(title, 0, len(title), [(at, each) for at, each in enumerate(placed)])
        rows.append(MaskedSentence(-1, -1, 0, len(title), True, masked, tuple(range(len(placed)))))
    spans = _with_titles(body, in_body)
    _note_genders(body, in_body, spans, numbers, gender)
    in_body, spans = _with_shared_surnames(body, in_body, spans, numbers, gender)
    flat = _flattened(body, spans)
    by_sentence = sentences(flat)
    paragraph_starts = [start for start, _ in paragraphs(flat)]
    at = paragraph = 0
    placed_in: dict[int, list[int]] = defaultdict(list)
    sentence_paragraph: list[int] = []
    for number, (first, last) in enumerate(by_sentence):
        while paragraph + 1 < len(paragraph_starts) and paragraph_starts[paragraph + 1] <= first:
            paragraph += 1
        sentence_paragraph.append(paragraph)
        while at < len(in_body) and spans[at][0] < last:
            mention = in_body[at]
            placed_in[number].append(len(found))
            found.append(
                PassageMention(
                    mention.facet,
                    numbers[mention.facet, mention.name],
                    *spans[at],
                    False,
                    _how(mention),
                    paragraph,
                    number,
                )
            )
            at += 1
    for number, (first, last) in enumerate(by_sentence):
        inside = placed_in.get(number, [])
        masked = _masked(body, first, last, [(index, found[index]) for index in inside])
        rows.append(MaskedSentence(number, sentence_paragraph[number], first, last, False, masked, tuple(inside)))
    passage = Passage(title, body, date, people, venues, tuple(found))
    return Reading(passage, tuple(rows), gender, dict(styles))


def _how(mention: Mention) -> str:
    whole = mention.facet == "venue" or " " in mention.text.strip()
    return "name" if whole else "part"


def _with_titles(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """The spans of mentions with the titles before them: "the Rev. Lorna Estabrook"."""
    spans = []
    last = 0
    for mention in mentions:
        start = mention.start
        if mention.facet == "person":
            before = _TITLE_BEFORE.search(text, max(last, start - 48), start)
            for each in reversed(list(_WORD.finditer(text, before.start(), start)) if before else []):
                if normalize_token(each[0]) not in TITLES and normalize_token(each[0]) not in _MORE_TITLES:
                    break
                start = each.start()
        spans.append((start, mention.end))
        last = mention.end
    return spans


def _note_genders(
    text: str,
    mentions: Sequence[Mention],
    spans: Sequence[tuple[int, int]],
    numbers: dict[tuple[str, str], int],
    gender: dict[int, str],
) -> None:
    for mention, (start, _) in zip(mentions, spans, strict=True):
        if mention.facet != "person":
            continue
        number = numbers["person", mention.name]
        titles = {normalize_token(word) for word in text[start : mention.end].split()[:-1]}
        titles |= {normalize_token(word) for word in mention.name.split()[:1]}
        before = {word.strip(",").lower() for word in text[max(0, start - 24) : start].split()[-2:]}
        if titles & (FOR_WOMEN | _WOMAN) or before & _WOMAN:
            gender.setdefault(number, "f")
        elif titles & (FOR_MEN | _MAN) or before & _MAN:
            gender.setdefault(number, "m")


def _with_shared_surnames(
    body: str,
    mentions: list[Mention],
    spans: list[tuple[int, int]],
    numbers: dict[tuple[str, str], int],
    gender: dict[int, str],
) -> tuple[list[Mention], list[tuple[int, int]]]:
    """Bare surnames that several people of the text share: the bearer introduced first, or whom a title fits.

    The linker leaves these to nobody, which is right for a search; within one passage a bare surname goes
    on with the person who was introduced under it.
    """
    first: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for mention in mentions:
        if mention.facet == "person" and " " in mention.text.strip():
            for part in name_parts(mention.name):
                if not part.given and mention.name not in [name for _, name in first[part.text]]:
                    first[part.text].append((mention.start, mention.name))
    shared = {part: bearers for part, bearers in first.items() if len(bearers) > 1}
    for mention in mentions:  # linked to somebody who is known by title and surname alone
        bearers = first.get(mention.text, [])
        if mention.facet == "person" and bearers and mention.name not in [name for _, name in bearers]:
            shared.setdefault(mention.text, bearers)
    if not shared:
        return mentions, spans
    # A bare surname that was linked to one of them is looked at again: "Trump" long after Ivanka Trump was introduced.
    bare = {at for at, each in enumerate(mentions) if each.facet == "person" and each.text in shared}
    taken = [span for at, span in enumerate(spans) if at not in bare]
    more: list[tuple[Mention, tuple[int, int]]] = []
    for surname, bearers in shared.items():
        for match in re.finditer(rf"(?<![\w’'-]){re.escape(surname)}(?![\w-])", body):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken):
                continue
            before = re.search(r"([A-Z][\w’'-]*\.?) \Z", body[max(0, start - 24) : start])
            title = normalize_token(before[1]) if before else ""
            if before and title not in HONORIFICS and title not in _MORE_TITLES:
                begins = re.search(
                    r"(?:^|[.!?:“\"]\s+|\n)\Z", body[max(0, start - 24 - len(before[1])) : start - len(before[0])]
                )
                if not begins or before[1] in ("President", "Premier"):
                    continue
            wanted = "f" if title in FOR_WOMEN | _WOMAN else "m" if title in FOR_MEN | _MAN else ""
            known = [
                name
                for since, name in bearers
                if since < start and (not wanted or gender.get(numbers["person", name], wanted) == wanted)
            ]
            if known and (title or not wanted):
                left = start - len(before[0]) if before and title in HONORIFICS | _MORE_TITLES else start
                more.append((Mention("person", known[0], surname, start, end), (left, end)))
                taken.append((left, end))
    found = {(mention.start, mention.end) for mention, _ in more}
    kept = [
        (mention, span)
        for at, (mention, span) in enumerate(zip(mentions, spans, strict=True))
        if at not in bare or (mention.start, mention.end) not in found
    ]
    merged = sorted([*kept, *more], key=lambda each: each[1])
    return [each for each, _ in merged], [span for _, span in merged]


def _flattened(body: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text, of the same length, with every name one plain word."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        start = max(start, at)
        if end <= start:
            continue
        # A full stop that a name swallowed, as in "Jr.", still ends a sentence.
        stop = "." if body[end - 1] == "." and not body[end : end + 2].strip() else "x"
        parts += (body[at:start], "X", "x" * (end - start - 2), stop if end - start > 1 else "")
        at = end
    parts.append(body[at:])
    return "".join(parts)


def _masked(text: str, first: int, last: int, mentions: Sequence[tuple[int, PassageMention]]) -> str:
    """A part of a text with names as tokens, on one line."""
    parts: list[str] = []
    at = first
    for index, mention in mentions:
        start = max(at, mention.start)
        parts.append(text[at:start])
        parts.append(f"{PERSON if mention.facet == 'person' else VENUE}{index}")
        at = max(mention.end, at)
    parts.append(text[at:last])
    masked = "".join(parts).replace("\n", " ").replace("’", "'").replace("‘", "'")
    return masked.replace("“", '"').replace("”", '"')


def mention_indexes(masked: str) -> list[int]:
    """The indexes of the mentions in masked text, in order."""
    return [int(match[1]) for match in TOKEN.finditer(masked)]
