"""Photo credits that stand on lines of their own: what they look like, and taking them out.

"Getty Images" between two paragraphs is not part of the text: left there, a search for an
agency finds every article it ever sold a picture to. A sentence must never be taken for
a credit, so the rules ask for the whole line to be one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: A credit is one line, and no longer than this.
MAX_LENGTH = 120


def _listed(text: str) -> frozenset[str]:
    return frozenset(" ".join(text.split()).split("; "))


#: Names that are a credit when they stand alone.
_AGENCIES = _listed("""
    aap image; abaca press; abacapress; afp; afp photo; alamy; alamy live news; alamy stock photo; anadolu;
    anadolu agency; ansa; ap; ap images; ap photo; associated press; backgrid; bettmann archive; bfa; bfa.com;
    bloomberg; bloomberg news; canadian press; corbis; corbis images; dpa; dpa picture alliance; epa; epa-efe;
    everett collection; filmmagic; gamma-rapho; gc images; getty images; getty images entertainment;
    hulton archive; imago images; istock; istockphoto; jiji press; kyodo; kyodo news; magnum photos;
    nurphoto; pa; pa archive; pa images; pa media; pa wire; photofest; picture alliance; press association;
    redux pictures; reuters; rex features; ritzau scanpix; shutterstock; sipa press; sipa usa; splash news;
    splashnews.com; tass; the associated press; the canadian press; the press association; upi; wireimage;
    xinhua; xinhua news agency; yonhap; zuma; zuma press; zuma wire; zumapress.com
""")
#: Names that are one only beside another name: "Jane Doe/Rex".
_SHORT_NAMES = _listed(
    "aap; ani; bettmann; getty; imago; magnum; mega; pmc; pti; redux; rex; sipa; splash; tns; unsplash"
)
#: Agencies that work for clients: "Getty Images for Netflix".
_FOR_CLIENTS = _listed("getty images; getty; wireimage; filmmagic; shutterstock; ap images; bfa; bfa.com; pa wire")
#: Small words inside names.
_PARTICLES = _listed(
    "&; and; at; al; bin; da; das; de; del; della; den; der; di; do; dos; du; el; for; ibn; la; le; of; on; "
    "the; van; von; y; zu"
)
#: Who else pictures come from by courtesy.
_OWNERS = _listed(
    "artist; artists; author; brand; collection; company; designer; estate; family; gallery; museum; "
    "photographer; studio"
)
#: First words, though small, of what follows "Photo:".
_LABEL_WORDS = _listed("courtesy; via; by; from; the; a; screenshot; handout; instagram")

_JOINT = re.compile(r"\s*[/|]\s*|\s+(?:via|for)\s+", re.IGNORECASE)
_WORD = re.compile(r"[@(]?\w[\w.'’&\-]*\)?")
_LABEL = (
    r"(?:(?:photo|photograph|photography|picture|image|video still|cover image)s?"
    r"(?:\s+(?:credit|courtesy|source|illustration)s?)?|credits?)"
)
_COLON = re.compile(rf"{_LABEL}\s*[:|]\s*(\S.*)", re.IGNORECASE)
_BY = re.compile(rf"{_LABEL}\s+(?:by|via|courtesy(?:\s+of)?)\s+(\S.*)", re.IGNORECASE)
_COURTESY = re.compile(r"courtesy(?:\s+of)?\s+(\S.*)", re.IGNORECASE)
_AP_PHOTO = re.compile(r"(?:AP|AFP) (?:Photo|Images?)\s*[/|].*", re.IGNORECASE)
_COPYRIGHT = re.compile(r"©\s*(\S.*)")
_WRAPPERS = (("(", ")"), ("[", "]"), ("*", "*"), ("_", "_"))


def credit_rows(lines: Sequence[str]) -> tuple[tuple[str, ...], list[int]]:
    """The credits among the lines of a text, and the rows of the lines that stay: nothing of both where there is none.

    One blank line is left where a credit stood between two paragraphs.
    """
    last = len(lines) - 1
    found = [
        row
        for row, line in enumerate(lines)
        if 0 < len(line) <= MAX_LENGTH
        and not line.isspace()
        and (row == 0 or not lines[row - 1].strip())
        and (row == last or not lines[row + 1].strip())
        and is_credit(line)
    ]
    if not found:
        return (), []
    credits = dict.fromkeys(" ".join(lines[row].split()) for row in found)
    return tuple(credits), _rows_without(lines, set(found))


def _rows_without(lines: Sequence[str], found: set[int]) -> list[int]:
    """The rows of `lines` that are not in `found`."""
    kept: list[int] = []
    gap = False  # a credit was taken out, and no text has followed yet
    for row, line in enumerate(lines):
        if row in found:
            while kept and not lines[kept[-1]].strip():
                kept.pop()
            gap = True
        elif gap and not line.strip():
            continue
        else:
            if gap and kept:
                kept.append(row - 1)  # a blank line, as a credit is a paragraph by itself
            kept.append(row)
            gap = False
    return kept


def is_credit(line: str) -> bool:
    """Whether `line`, which is a paragraph by itself, is a photo credit and nothing else."""
    text = _unwrapped(" ".join(line.split()))
    if not text:
        return False
    if match := _COLON.fullmatch(text):
        return _may_follow_label(match[1])
    if match := _BY.fullmatch(text):
        rest = match[1].removesuffix(".")
        names = rest.replace("/", " ")
        return is_agency_chain(rest) or _is_name(names, 8) or rest.casefold() in ("the author", "author")
    if text[-1] in ".!?…:;,":
        return False
    if text.casefold() in _AGENCIES or _AP_PHOTO.fullmatch(text):
        return True
    if match := _COURTESY.fullmatch(text):
        return _is_name(match[1].replace("/", " "), 10, _OWNERS)
    if match := _COPYRIGHT.fullmatch(text):
        return len(match[1].split()) <= 12
    return is_agency_chain(text)


def _unwrapped(text: str) -> str:
    """`text` without the brackets or emphasis around the whole of it."""
    for _ in range(3):
        for left, right in _WRAPPERS:
            inner = text[1:-1]
            if len(text) > 2 and text[0] == left and text[-1] == right and left not in inner[1:-1]:
                text = inner.strip()
    return text


def _may_follow_label(rest: str) -> bool:
    """Whether `rest` can stand after "Photo:": a name or a source rather than a sentence."""
    if rest[-1] in "!?" or len(rest.split()) > 12:
        return False
    first = rest.split()[0].casefold()
    return not rest[0].islower() or first in _LABEL_WORDS or "." in first or is_agency_chain(rest)


def is_agency_chain(text: str) -> bool:
    """Whether `text` is names joined by "/", "|", "via" or "for", an agency among them."""
    items = _JOINT.split(text)
    names = [item.casefold() for item in items]
    if len(items) == 1:
        return names[0] in _AGENCIES
    agencies = [name in _AGENCIES or name in _SHORT_NAMES for name in names]
    if not any(agencies):
        return False
    joints = [joint.strip().casefold() for joint in _JOINT.findall(text)]
    for at, joint in enumerate(joints):
        by_client = names[at] in _FOR_CLIENTS
        by_person = agencies[at + 1] and (agencies[at] or " " in names[at])
        if joint == "for" and not by_client and not by_person:
            return False
    return all(agency or _is_name(item, 6) for agency, item in zip(agencies, items, strict=True))


def _is_name(text: str, most: int, small: frozenset[str] = frozenset()) -> bool:
    """Whether `text` is up to `most` words that could be a name: capitals, or small words in it."""
    words = text.replace(",", "").split()
    if not words or len(words) > most:
        return False
    capitals = 0
    for word in words:
        if not _WORD.fullmatch(word):
            return False
        lower = word.lstrip("@(")[:1].islower()
        if lower and word[0] != "@" and word not in _PARTICLES and word not in small:
            return False
        capitals += not lower or word in small
    return capitals > 0
