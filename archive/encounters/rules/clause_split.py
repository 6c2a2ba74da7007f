"""Clauses: what one verb says of its people.

A sentence is split where another subject or another time begins. Relative clauses, appositions and brackets are taken
out as clauses of the person before them: what they tell is of another occasion, so they never move the running scene.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from archive.encounters.rules.cues import VERB, P
from archive.encounters.rules.passages import mention_indexes

#: A clause with its head: ", who was ill," or ", last seen at ᴠ2,". Ends at the next comma that is not one of a list.
_RELATIVE = re.compile(
    rf"(?P<head>{P})(?P<between>,? (?:\d\d,)?|, [^,;:]{{1,40}}, ?)?(?P<word>(?<=, )(?:who(?:m|se)?|with whom|last (?:seen|photographed|heard)|now|once|"
    r"formerly|previously|then|pictured|seen here|in ᴠ\d+ (?:for|on|at)|still|himself|herself|away|absent|ill|sick|"
    r"(?:on|at|in) (?:tour|holiday|vacation|hospital|location|assignment)|recovering|fresh from|just back)\b)"
)
#: "It was ᴘ1, not ᴘ2, who …": the clause is of the first.
_CLEFT = re.compile(rf"It was (?:\w+ ){{0,3}}({P})\b.*\bnot\b")
_SIMPLE_RELATIVE = re.compile(rf"(?P<head>{P}) (?P<word>who(?:m|se)?)\b")
_QUOTE = re.compile(r'"[^"]*(?:"|$)')
_BRACKET = re.compile(r"\(([^()]*)\)|\[[^\[\]]*\]")
_VERBISH = (
    r"(?:(?:[a-z]+ly|also|then|later|both|never|only|soon|finally|even|again|all|now|twice|once|just|still|reportedly|afterwards|"
    r"himself|herself|meanwhile|duly|promptly) )?(?:was|were|had|has|have|is|are|did|does|could|would|will|won't|wasn't|"
    r"weren't|didn't|hadn't|isn't|couldn't|wouldn't|may|might|must|can|should|[a-z]+ed|"
    r"came|went|sat|stood|gave|took|made|said|told|led|left|met|sang|spoke|ran|rose|wore|held|kept|brought|drove|read|saw|"
    r"got|won|lost|beat|sent|flew|drank|ate|began|played|cut|put|chose|hit|broke|paid|wrote|rang|says|tells|found|thought|"
    r"caught|bought|taught|drew|hung|knelt|wept|slept|swept|shook|fell|grew|knew|threw|laid|lay|let|set|shot)\b"
)
_SUBJECT = (
    rf"(?:{P}(?:(?:, (?:and )?| and ){P})*(?:, [^,;]{{1,40}},)?|he|she|they|it|nobody|no one|I|we|neither|both|all|"
    r"an? \w+|the (?:two|pair|couple|others?|three|\w+)(?: \w+)?|his \w+|her \w+|their \w+|its \w+|\w+ ᴘ\d+)"
)
_SPLIT = re.compile(
    r"\s*;\s*|(?<!left)(?<!right)(?<!below)(?<!above)(?<!row)(?<!pictured)(?<!Left)(?<!Below)(?<!Above)(?<!Pictured)(?<!present):\s+|\s+[–—-]{1,3}\s+|—"
    r"|,? (?=but\b(?! for ᴘ))|,? (?=(?:while|whereas|although|though|because|whilst|unless|even though|so that)\b)"
    rf"|,? (?=(?:when|where|if|whether|that) {_SUBJECT} )|(?<!not),? (?=(?:as|after|before|since|so|once) {_SUBJECT} {_VERBISH})|,? (?=whether\b)"
    rf"|,? (?=(?:when|where)\b)"
    r"|, (?=(?:which|with whom|from whom|in which|at which)\b)"
    rf"|,? (?=and {_SUBJECT} {_VERBISH})|,? (?=(?:and|then) {_VERBISH}[^;:]* (?:at|to|in|on|aboard) (?:the |a |his |her |their )?ᴠ)|, (?=(?:he|she|they|it|we|I|{P}) {_VERBISH})"
    rf"|, (?=(?:according to|{P} said|{P} says|he said|she said|said {P}|says {P})\b)"
    r"|, (?=(?:an? \w+ that|the one|the same)\b)"
    r"| (?=(?:which|that) (?:\w+ )?(?:had|has|have)\b)"
    rf"|, (?=(?P<predicate>(?:and |then )?(?:(?:in|on|at|that|later) (?:the )?(?:\w+ )?)?{_VERBISH} [^,;:]*?ᴠ))"
)


#: How a relative clause without a verb begins, and what follows a comma that does not end one.
_VERBLESS = re.compile(
    r"last|now|once|formerly|then|pictured|in |on |at |away|ill|sick|absent|recovering|fresh|just|still|previously|seen"
)
_GOES_ON = re.compile(rf"(?:and |or )?{P}(?:,| and|\.)|(?:and|but) (?:who|had|has|was|is|then|whose)\b|\d{{4}}")


#: "TOLVO, May 25 (Agency) -": where and when a report was filed is not where and when it plays.
_DATELINE = re.compile(
    r"\A(?:[^\W\d_a-z][^\W\d_a-z .'/-]{2,40}|ᴠ\d+)(?:, [^\W\d_][\w.]+)?(?:,? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]*"
    r" \d{1,2},?)?(?: \([\w .,/-]{2,30}\))? ?(?:--?|–|—) ?(?=\S)"
)
_OWN_SUBJECT = re.compile(rf"(?:he|she|they|it|there|the|a|an|his|her|their|we|I|{P})\b", re.IGNORECASE)


@dataclass(slots=True)
class Clause:
    """One clause of a sentence.

    kind      "main", "relative" (with a `head`), "bracket", "quote"
    head      index of the mention that a relative clause or a bracket is about
    mentions  indexes of the mentions in it, in order, the head first
    """

    text: str
    kind: str
    mentions: list[int]
    head: int | None = None
    sentence: int = 0
    order: int = 0


def without_dateline(masked: str) -> str:
    """A first sentence without where and when it was filed: "TOLVO, May 25 (Agency) - ᴘ0 spent …"."""
    return _DATELINE.sub("", masked, count=1)


def dateline_venue(masked: str) -> int | None:
    """The index of the mention of the venue where a report was filed; None where it names none so."""
    match = _DATELINE.match(masked)
    found = mention_indexes(match[0]) if match else []
    return found[0] if found else None


def clauses(masked: str) -> list[Clause]:
    """The clauses of a sentence: those of its main line in order, each followed by those taken out of it."""
    aside: list[Clause] = []

    def take_quote(match: re.Match[str]) -> str:
        inside = match[0].strip('"')
        if len(inside.split()) <= 4 and not mention_indexes(inside):
            return inside  # a nickname, a title, a word in doubt
        aside.append(Clause(inside, "quote", mention_indexes(inside)))
        return ' "" '

    text = _QUOTE.sub(take_quote, masked)

    def take_bracket(match: re.Match[str]) -> str:
        inside = match[1] or ""
        own = mention_indexes(inside)
        if not own and len(inside.split()) <= 3:
            return match[0]
        before = re.search(rf"({P}) \Z", text[: match.start()])
        head = mention_indexes(before[1])[0] if before and not re.match(rf"\s*{P}", inside) else None
        for each in clauses(inside):
            if each.kind == "main" and head is not None and not _OWN_SUBJECT.match(each.text):
                aside.append(Clause(each.text, "bracket", [head, *each.mentions], head))
            else:
                aside.append(each if each.kind != "main" else Clause(each.text, "bracket", each.mentions))
        return ""

    text = _BRACKET.sub(take_bracket, text)
    text = _without_relatives(text, aside)
    main: list[Clause] = []
    for part in _parts(text):
        main.append(Clause(part, "main", mention_indexes(part)))
    found = [*main, *aside]
    for order, each in enumerate(found):
        each.order = order
    return found


def _without_relatives(text: str, aside: list[Clause]) -> str:
    """The text without its relative clauses, which are put to those aside."""
    while True:
        match = _RELATIVE.search(text) or _SIMPLE_RELATIVE.search(text)
        if match is None:
            return text
        cleft = _CLEFT.match(text[: match.start("word")])
        head = mention_indexes(cleft[1] if cleft else match["head"])[0]
        start = match.start("word")
        end = _end_of_relative(text, start)
        inside = text[start:end].strip(" ,")
        own = mention_indexes(inside)
        aside.append(Clause(inside, "relative", [head, *own], head))
        before = text[:start].rstrip(" ,")
        after = text[end:].lstrip(" ,")
        # A comma stays where a list or an apposition goes on.
        glue = ", " if after[:4] in ("and ", "but ") or re.match(P, after) else " "
        text = f"{before}{glue}{after}"


def _end_of_relative(text: str, start: int) -> int:
    """Where a relative clause ends: at a comma after its verb that does not belong to a list in it."""
    at = start
    while (comma := re.search(r"[,;:]|\s[–—]\s|\.\Z|\Z", text[at:])) is not None:
        place = at + comma.start()
        inside, after = text[start:place], text[place + 1 :].lstrip()
        if comma[0] != "," or place >= len(text):
            return place
        if (VERB.search(inside) or _VERBLESS.match(inside)) and not _GOES_ON.match(after):
            return place
        at = place + 1
    return len(text)


def _parts(text: str) -> list[str]:
    """The main line split; a part without a verb stays with the one before."""
    cuts = [0]
    last = 0
    for match in _SPLIT.finditer(text):
        left, right = text[last : match.start()], text[match.end() :]
        if not left.strip() or not right.strip():
            continue
        if match["predicate"] and "ᴠ" not in left:
            continue  # the predicates of one subject are apart only where each has its own place
        strong = match[0].strip()[:1] in (";", ":", "–", "—", "-")
        if strong or (VERB.search(left) and (VERB.search(right) or mention_indexes(right))):
            cuts.append(match.end())
            last = match.end()
    cuts.append(len(text))
    return [part for a, b in pairwise(cuts) if (part := text[a:b].strip(" ,;")).strip()]
