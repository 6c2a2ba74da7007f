"""The pictures of a web page: their captions, alternative texts and credits, and which belong to its article.

What finds the article among the rest of a page drops its pictures. So the blocks of text around each picture are
marked before, and where a mark is still there afterwards, so is the picture's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archive.corpus.credits import MAX_LENGTH, is_credit
from archive.corpus.decode import collapse_whitespace
from archive.text.analyzer import fold

_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|(?:photo|image|img|media|picture|figure)?-?_?caption(?:-?_?text)?|cutline)(?:$|[\s_])",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"credit|copyright|photographer|photo-?by|rights", re.IGNORECASE)
#: Parts of a page that are not the article, as their elements or their classes say.
_ELSEWHERE = ("nav", "footer", "aside", "form", "button", "noscript", "template")
_OTHER_PART = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|sidebar|promo\w*|teasers?|advert\w*|ads?|share|sharing|social\w*|comments?|"
    r"avatars?|logos?|icons?|newsletter|breadcrumbs?|gravatar|author-(?:bio|box|image|photo)|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "dd", "dt", "pre", "td", "div", "section",
           "article", "main", "center")  # fmt: skip
#: Alternative texts that describe nothing.
_NO_ALT = re.compile(
    r"(?:image|photo|picture|logo|icon|avatar|thumbnail|spacer|banner|photograph|bild|foto)s?\s*\d*|\S+\.\w{3,4}"
    r"|(?:img|dsc|dscn|dscf|image|photo)[-_]?\d+|[\W\d_]*|.*\b(?:logo|avatar|gravatar|icon)",
    re.IGNORECASE,
)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|tiff?|svg)(?:$|[?#])", re.IGNORECASE)
_SMALL = 50
_SENTENCE_END = re.compile(r"(?<=[.!?)\]”\"’])\s+|\s+(?=[(\[])|\s*[|–—]\s+")


@dataclass(slots=True)
class Picture:
    """What a page says of one picture, or below it.

    lines    the text, a paragraph, and any credit, a paragraph of its own
    credits  credits that are marked as such
    is_caption   whether it was shown below the picture
    is_linked    whether the picture leads to another page, as the pictures of other articles do
    within   the `article` element around it
    """

    lines: list[str]
    credits: list[str] = field(default_factory=list)
    is_caption: bool = False
    is_linked: bool = False
    within: Any = None
    neighbours: dict[str, Any] = field(default_factory=dict)


class PictureMarks:
    """The marks around the pictures of a page, and what has become of them."""

    def __init__(self, tree: Any) -> None:
        self.pictures: list[Picture] = []
        text = "".join(tree.itertext())
        self._name = next(name for name in _names() if name not in text)
        self._mark = re.compile(rf"\s?{self._name}(\d+)([ab])(?![a-z0-9])")
        self._set(tree)

    def _set(self, tree: Any) -> None:
        before: Any = None
        waiting: list[int] = []
        for element in tree.iter():
            if not isinstance(element.tag, str):
                continue
            if (picture := _picture(element)) is not None:
                around = next((each for each in element.iterancestors(*_BLOCKS)), None)
                if around is not None and _has_own_text(around):
                    before = around
                number = len(self.pictures)
                self.pictures.append(picture)
                if before is not None:
                    picture.neighbours["a"] = before
                waiting.append(number)
            elif element.tag in _BLOCKS and _has_own_text(element) and not _is_caption_part(element):
                for number in waiting:
                    self.pictures[number].neighbours["b"] = element
                waiting.clear()
                before = element
        for number, picture in enumerate(self.pictures):
            for side, element in picture.neighbours.items():
                self._write(element, f"{self._name}{number}{side}", at_end=side == "a")

    @staticmethod
    def _write(element: Any, mark: str, *, at_end: bool) -> None:
        if not at_end:
            element.text = f" {mark} {element.text or ''}"
        elif len(element):
            element[-1].tail = f"{element[-1].tail or ''} {mark} "
        else:
            element.text = f"{element.text or ''} {mark} "

    def take(self, text: str) -> tuple[str, list[tuple[int, str]]]:
        """A text without its marks, and these: the number of a picture, and "a" where it comes after the text."""
        if self._name not in text:
            return text, []
        found = [(int(number), side) for number, side in self._mark.findall(text)]
        return self._mark.sub("", text), found

    def belongs(self, number: int, sides: set[str]) -> bool:
        """Whether a picture is the article's, of whose neighbours those on some sides are."""
        picture = self.pictures[number]
        if picture.neighbours.keys() <= sides and len(sides) == 2:
            return not (picture.is_linked and not picture.is_caption)
        if picture.is_linked:
            return False
        neighbour = picture.neighbours[next(iter(sides))]
        return picture.within is next(iter(neighbour.iterancestors("article")), None) or neighbour is picture.within


def _names() -> Iterator[str]:
    number = 0
    while True:
        yield f"zq{number}x" if number else "zqx"
        number += 1


def _has_own_text(element: Any) -> bool:
    """Whether a block has text that is in no block within it."""
    if element.text and not element.text.isspace():
        return True
    for child in element:
        if child.tail and not child.tail.isspace():
            return True
        if isinstance(child.tag, str) and child.tag not in _NOT_INLINE and _has_text(child):
            return True
    return False


_NOT_INLINE = frozenset((
    *_BLOCKS, "figure", "figcaption", "ul", "ol", "dl", "table", "script", "style", "noscript", "header", "footer",
    "nav", "aside", "form",
))  # fmt: skip


def _has_text(element: Any) -> bool:
    return any(not text.isspace() for text in element.itertext())


def _is_caption_part(element: Any) -> bool:
    return any(_is_caption(each) for each in (element, *element.iterancestors()))


def _is_caption(element: Any) -> bool:
    if element.tag == "figcaption":
        return True
    name = element.get("class") or ""
    return bool((name and _CAPTION.search(name)) or element.get("itemprop") == "caption") and element.tag not in (
        "figure", "img", "body", "article", "main",
    ) and next(element.iter("img"), None) is None  # fmt: skip


def _picture(element: Any) -> Picture | None:
    """What an element says of a picture, unless another element around it does or it is no part of an article."""
    if element.tag == "img":
        lines, credits, is_caption = _alt(element), list[str](), False
    elif _is_caption(element):
        if any(_is_caption(each) for each in element.iterancestors()):
            return None
        lines, credits = _caption(element)
        is_caption = True
    else:
        return None
    if not (lines or credits) or _is_elsewhere(element):
        return None
    link = next(element.iterancestors("a"), None)
    is_linked = link is not None and bool(link.get("href")) and not _PICTURE_FILE.search(link.get("href"))
    return Picture(lines, credits, is_caption, is_linked, next(element.iterancestors("article"), None))


def _is_elsewhere(element: Any) -> bool:
    for above in (element, *element.iterancestors()):
        if above.tag in _ELSEWHERE:
            return True
        if above.tag not in ("body", "html", "article", "main"):
            names = f"{above.get('class') or ''} {above.get('id') or ''}"
            if names != " " and _OTHER_PART.search(names):
                return True
    return False


def _alt(image: Any) -> list[str]:
    alt = collapse_whitespace(image.get("alt") or "")
    if not alt or _NO_ALT.fullmatch(alt) or image.get("role") == "presentation" or image.get("aria-hidden") == "true":
        return []
    for side in ("width", "height"):
        size = re.match(r"\d+", image.get(side) or "")
        if size and int(size[0]) < _SMALL:
            return []
    figure = next(image.iterancestors("figure"), None)
    if figure is not None:
        parts = (each for each in figure.iter() if isinstance(each.tag, str) and _is_caption(each))
        said = " ".join(each.text_content() for each in parts)
        if fold(alt).rstrip(".") in fold(collapse_whitespace(said)):
            return []
    return [alt]


def _caption(element: Any) -> tuple[list[str], list[str]]:
    """A caption's paragraphs, and the credits in it that are marked as such."""
    credits = []
    pieces: list[str] = []

    def gather(part: Any) -> None:
        if not isinstance(part.tag, str) or part.tag in ("script", "style", "button"):
            return
        if part is not element and (part.tag == "cite" or _CREDIT.search(
            f"{part.get('class') or ''} {part.get('itemprop') or ''}"
        )):  # fmt: skip
            credits.append(collapse_whitespace(part.text_content()))
            pieces.append(" ")
            return
        pieces.append(part.text or "")
        for child in part:
            gather(child)
            pieces.append(f"{' ' if child.tag in ('br', 'p', 'div', 'span') else ''}{child.tail or ''}")

    gather(element)
    text, credit = split_credit(collapse_whitespace("".join(pieces)))
    lines = [each for each in (text, credit) if each]
    lines += [each for each in credits if each and is_credit(each)]
    return lines, [each for each in credits if each and not is_credit(each) and len(each) <= MAX_LENGTH]


def split_credit(caption: str) -> tuple[str, str]:
    """A caption and the credit at its end: `The quay. Photo: A. Quill/Courier` has one; "" where it has none."""
    if is_credit(caption):
        return "", caption
    for match in _SENTENCE_END.finditer(caption):
        rest = caption[match.end() :].strip()
        if len(rest) <= MAX_LENGTH and is_credit(rest):
            return caption[: match.start()].strip(), rest
    return caption, ""
