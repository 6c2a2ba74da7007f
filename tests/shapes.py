"""Texts that are hard on the finding of names: each of one shape, as long as one likes.

A text of 2n characters is one of n characters and as much again, so that the work per character
should stay the same however long it is. Used by the tests, the benchmark and the torture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count, cycle

from archive.model.article import Article
from archive.names.authority.records import Authority, Names, Record

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


def word(number: int) -> str:
    """The word with that number, of small letters; no two are alike."""
    made = ""
    number += len(_SYLLABLES)
    while number:
        number, at = divmod(number, len(_SYLLABLES))
        made += _SYLLABLES[at]
    return made


def name(number: int) -> str:
    """A name of two words; no two have a word in common."""
    return f"{word(2 * number).title()} {word(2 * number + 1).title()}"


@dataclass(frozen=True)
class Shape:
    """A kind of text.

    pieces    makes its pieces, without an end
    records   the people, and `venues` the venues, that the authority files have
    declared  people whom the article declares
    end       what a text ends with
    """

    pieces: Callable[[], Iterator[str]]
    records: tuple[Record, ...] = ()
    venues: tuple[Record, ...] = ()
    declared: tuple[str, ...] = ()
    end: str = ""

    @property
    def names(self) -> Names:
        """The authority files."""
        return Names(Authority(self.records, (), "people.yaml"), Authority(self.venues, (), "venues.yaml"), "")

    def text(self, characters: int) -> str:
        """A text of that many characters."""
        made: list[str] = []
        room = characters
        for piece in self.pieces():
            made.append(piece)
            room -= len(piece)
            if room <= 0:
                break
        return "".join(made)[: characters - len(self.end)] + self.end

    def article(self, characters: int) -> Article:
        """An article with such a text, as it comes out of the corpus."""
        inferred = ("venues",) if self.declared else ("people", "venues")
        return Article("shape", "Ada Byrne", self.text(characters), "2020", people=self.declared, inferred=inferred)


def again(*pieces: str) -> Callable[[], Iterator[str]]:
    """The same pieces for ever."""
    return lambda: cycle(pieces)


def numbered(template: Callable[[int], str]) -> Callable[[], Iterator[str]]:
    """Pieces made of the numbers from 0."""
    return lambda: map(template, count())


def after(first: str, rest: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
    """A piece, and then others."""
    return lambda: chain([first], rest())


_TWO = (Record("Ada Byrne"), Record("Jonas Lund"))
_HALL = (Record("Halcyon Hall"),)
_LONG = " ".join(["Ada", *(f"van {word(number).title()}" for number in range(60)), "Byrne"])
_MANY = tuple(Record(name(number)) for number in range(20_000))
_SHARED = tuple(
    Record(f"Kim {word(number).title()}", tuple(f"{word(one).title()} Kim" for one in (number, number + 1)),
           (f"Kim {word(number).title()} Prize",))
    for number in range(500)
)  # fmt: skip

SHAPES: Mapping[str, Shape] = {
    "two names": Shape(again("Ada Byrne met Jonas Lund at Halcyon Hall. "), _TWO, _HALL),
    "many names": Shape(
        numbered(lambda n: f"{name(n * 7919 % 20_000)} came. {name(n % 20_000).split()[1]} left. "), _MANY
    ),
    "names nobody knows": Shape(numbered(lambda n: f"“Yes,” said {name(n)}, the mayor of {word(n).title()}. "), _TWO),
    "initials of one surname": Shape(
        numbered(lambda n: f"{word(n).title()} Byrne met A. {word(n).title()} Byrne. "), _TWO
    ),
    "small words with capitals": Shape(again("Aa Bb Cc Dd Ee Ff Gg Hh "), _TWO),
    "parts alone": Shape(after("Ada Byrne came.", again(" Byrne sat. Ada left; Mr Byrne did, too.")), _TWO),
    "parts after other words": Shape(
        after("Ada Byrne. ", numbered(lambda n: f"{word(n).title()} Byrne came. {word(n).title()}-Ann Ada left.\n")),
        _TWO,
    ),
    "a name of many parts": Shape(again(f"{_LONG} came, and van {word(3).title()} left. "), (Record(_LONG), *_TWO)),
    "no sentence ends": Shape(again("Ada Byrne with Jonas Lund and Byrne at Halcyon Hall and "), _TWO, _HALL),
    "all capitals": Shape(again("ADA BYRNE MET JONAS LUND AT HALCYON HALL, PHOTO BY LUND/AP\n"), _TWO, _HALL),
    "one long word": Shape(after("Ada Byrne said “A", again("aByrne", "’a-A")), _TWO),
    "white space": Shape(after("Ada Byrne. Byrne", again("     ")), _TWO),
    "deep abbreviations": Shape(after("Ada Byrne. ", again("A.B.", "C.-D.")), _TWO, end="x"),
    "combining marks": Shape(after("Ada Byrne. A", again("\u0328\u0359", "A\u0359da Byr\u0359ne ")), _TWO),
    "aliases of shared parts": Shape(
        numbered(lambda n: f"{word(n % 500).title()} Kim met Kim {word(n * 7 % 500).title()} Prize. Kim sat. "), _SHARED
    ),
    "quotes and possessives": Shape(again("“Ada Byrne’s ‘Byrne’s” 'Lund's' ’Jonas Lund’ ’’’ \"O’Lund’s'\" "), _TWO),
    "near duplicates": Shape(
        numbered(lambda n: f"Ada Byrne opened the {word(n)} wing of Halcyon Hall on Friday, and Lund came.\n\n"),
        _TWO,
        _HALL,
    ),
    "headlines": Shape(numbered(lambda n: f"Ada Byrne and {name(n)} to Open Halcyon Hall\n"), _TWO, _HALL),
    "credits": Shape(again("photo by the photo reporting p p p photographs (reporting by Ada Byrne/AP /AFP "), _TWO),
    "late dates": Shape(again("in 2031 and since 2032 they plan May 2033 "), _TWO),
    "declared names": Shape(
        numbered(lambda n: f"Ada Byrne met {name(n % 300)}. "), (), (), ("Ada Byrne", *map(name, range(300)))
    ),
    "brackets of stops": Shape(again(".", "”", ")", "[1]", "...", "?!", " (", "\n"), _TWO),
}
