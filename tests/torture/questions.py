"""Questions as long, as many and as large as can be asked, and texts as hard as can be made.

Every question is answered, or refused in a sentence, within 10 seconds, through the library and on the
command line; what takes the longest is printed. For every shape of text, finding names takes twice the
time for twice the text; the growth is printed in percent, 200 being linear.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from archive import Archive, ArchiveError
from archive.query.limits import MAX_SECONDS
from archive.quotes import Quote

from ..bench.texts import measured
from ..cli.support import run
from ..shapes import SHAPES, name, word
from ..support import make_archive

#: Seconds beyond the deadline: between two looks at the clock one article may have to be decoded.
_GRACE = 3.0
_LINEAR = 260  # percent; a quadratic step has 400

Question = Callable[[Archive], object]


def questions(folder: Path, *, articles: int, characters: int) -> dict[str, int]:
    """Ask everything of an archive with so many articles, some of which have so many characters."""
    counts = dict.fromkeys(("answered", "refused in a sentence"), 0)
    longest = (0.0, "")
    with make_archive(folder, _records(articles, characters)) as archive:
        for what, ask in [*_library(characters), *_commands(folder, characters)]:
            said = ""
            began, worked = time.monotonic(), time.process_time()
            try:
                ask(archive)
                counts["answered"] += 1
            except ArchiveError as error:
                counts["refused in a sentence"] += 1
                said = str(error)
            took = time.monotonic() - began
            worked = time.process_time() - worked  # a busy machine only shows later that the time is over
            assert len(said) < 3_000, what
            assert worked < MAX_SECONDS + _GRACE, f"{what} took {worked:.1f} s of processor time, {took:.1f} s in all"
            longest = max(longest, (took, what))
    return counts | {f"ms, the longest question: {longest[1]}": round(1000 * longest[0])}


def _records(articles: int, characters: int) -> Iterator[Mapping[str, object]]:
    for number in range(articles):
        people = [name(number), name(number * 7 % articles), f"Jo {word(number % 97).title()}"]
        body = f"{people[0]} met {people[1]}. " + " ".join(word(number * place % 5_003) for place in range(1, 40))
        yield {"id": f"a{number}", "title": f"T {number}", "date": "1999", "people": people, "body": body}
    for number, text in enumerate(("the and of a cat dog ", "Jo Bada met Ada Byrne. ", "a\u0359b", "x")):
        body = text * (characters // len(text))
        yield {"id": f"long{number}", "title": f"Long {number}", "people": ["Jo Bada", "Ada Byrne"], "body": body}


def _library(characters: int) -> Iterator[tuple[str, Question]]:
    letters, many = "x" * characters, " ".join(map(word, range(characters // 8)))
    names = [name(number) for number in range(5_000)]
    for what, value in (("letters", letters), ("words", many), ("1,000 letters", "x" * 1_000)):
        yield f"find {what}", lambda a, v=value: a.facet("person", v)
        yield f"person {what}", lambda a, v=value: a.search(person=v)
        yield f"where {what}", lambda a, v=value: a.search(where=[("venue", v)])
        yield f"query {what}", lambda a, v=value: a.search(v)
        yield f"facet {what}", lambda a, v=value: a.facet(v)
        yield f"year {what}", lambda a, v=value: a.search(year=v)
        yield f"show {what}", lambda a, v=value: a.get(v)
        yield f"similar {what}", lambda a, v=value: a.similar(v)
        yield f"seen {what}", lambda a, v=value: a.encounters(v)
        yield f"seen with {what}", lambda a, v=value: a.encounters("Jo Bada", with_=v)
        yield f"companions {what}", lambda a, v=value: a.companions(v)
        yield f"gaps {what}", lambda a, v=value: a.gaps("Jo Bada", at=v)
        yield f"certificate {what}", lambda a, v=value: a.certificate(v)
        yield f"timeline by {what}", lambda a, v=value: a.timeline(by=v)
        yield f"quote {what}", lambda a, v=value: a.quote("long0", v)
        yield f"quote 20,000 of {what}", lambda a, v=value: a.quote("long1", v[:20_000])
        yield f"verify {what}", lambda a, v=value: a.verify(Quote(v, "long0", 1, "0" * 16))
        yield f"highlight {what}", lambda a, v=value: a.highlight(v, "x* OR b~2")
    for option in ("person", "not_person", "venue", "missing", "facets"):
        yield f"5,000 values of {option}", lambda a, o=option: a.search(**{o: names})
        yield f"900 values of {option}", lambda a, o=option: a.search(**{o: names[:900]})
    yield "900 people together", lambda a: a.search(person=names[:900], all_people=True)
    yield "seen with 5,000", lambda a: a.encounters("Jo Bada", with_=names)
    yield "seen with 60", lambda a: a.encounters("Jo Bada", with_=names[:60])
    yield "certificate with 60", lambda a: a.certificate("Jo Bada", with_=names[:60])
    for number in (10**9, 10**40):
        yield f"limit {number:.0e}", lambda a, n=number: a.search("", limit=n)
        yield f"offset {number:.0e}", lambda a, n=number: a.search("", offset=n)
        yield f"facet_limit {number:.0e}", lambda a, n=number: a.search("", facet_limit=n)
        yield f"values {number:.0e}", lambda a, n=number: a.facet("person", limit=n, sort="name")
        yield f"similar {number:.0e}", lambda a, n=number: a.similar("long1", limit=n)
        yield f"seen {number:.0e}", lambda a, n=number: a.encounters("Jo Bada", limit=n)
        yield f"companions {number:.0e}", lambda a, n=number: a.companions("Jo Bada", limit=n)
        yield f"year {number:.0e}", lambda a, n=number: a.search(year=n)
    for number in range(4):
        identity = f"long{number}"
        yield f"show a long text ({number})", lambda a, i=identity: a.get(i)
        yield f"similar to a long text ({number})", lambda a, i=identity: a.similar(i)
        yield f"quote a long text ({number})", lambda a, i=identity: a.quote(i, "nobody met the cat at the pier")
        yield f"mark a long text ({number})", lambda a, i=identity: a.highlight(a.get(i).body, "the OR met OR a*")
    yield "encounters in long texts", lambda a: a.encounters("Jo Bada", with_="Ada Byrne")
    yield "gaps in long texts", lambda a: a.gaps("Jo Bada", with_="Ada Byrne")
    yield "a word nobody wrote", lambda a: a.search("byrnne metl")
    yield "words of long texts", lambda a: a.search("met", expand=True)
    yield "every article by title", lambda a: a.search("", limit=None, sort="title")


def _commands(root: Path, characters: int) -> Iterator[tuple[str, Question]]:
    letters, many = "x" * min(characters, 100_000), " ".join(map(word, range(min(characters, 100_000) // 8)))
    for value, what in ((letters, "letters"), (many, "words")):
        for command in (
            ("facets", "person", "--find", value), ("facets", value), ("search", value), ("search", "--person", value),
            ("search", "--year", value), ("search", "--where", f"venue={value}"), ("search", "--where", value),
            ("search", "--missing", value), ("search", "-n", value), ("show", value), ("show", "a1", "--hits", value),
            ("similar", value), ("seen", value), ("seen", "Jo Bada", "--with", value), ("with", value),
            ("seen", "Jo Bada", "--at", value), ("timeline", value), ("quote", "long0", value), ("quote", value, "cat"),
            ("verify", value), ("export", value), ("saved", "add", value), ("saved", "run", value),
            ("names", "apply", value), (value,),
        ):  # fmt: skip
            yield f"archive {command[0][:10]} with {what}", lambda _, c=command: _run(root, *c)
    for option in ("--limit", "--offset", "--facet-limit"):
        for number in ("999999999", "9" * 40):
            yield f"archive search {option} {number[:12]}", lambda _, o=option, n=number: _run(root, "search", o, n)
    options = [part for number in range(3_000) for part in ("--where", f"person={name(number)}")]
    yield "archive search with 3,000 --where", lambda _: _run(root, "search", *options)
    quotations = "> met\n  a1#p1 sha256:0000000000000000\n\n" * 200
    yield "archive verify with many quotations", lambda _: _run(root, "verify", stdin=quotations.encode())


def _run(root: Path, *arguments: str, stdin: bytes = b"") -> None:
    result = run("--root", root, *arguments, stdin=stdin)
    assert "unexpected" not in result.err
    assert "Traceback" not in result.err


def texts(*, characters: int, doublings: int) -> dict[str, int]:
    """How many percent of the time of half the text finding names takes, for each shape at the worst step."""
    sizes = [characters << doubling for doubling in range(doublings + 1)]

    def growth(shape: str) -> int:
        growths = [0.0]
        for _, seconds in measured(SHAPES[shape], sizes, 60.0):
            growths += [after / before for before, after in pairwise(seconds) if before > 0.1]
        return round(100 * max(growths))

    counts = {}
    for shape in SHAPES:
        measures = [growth(shape)]
        while measures[-1] >= _LINEAR and len(measures) < 3:  # what else the machine does only adds to a time
            measures.append(growth(shape))
        counts[f"% of the time of half the text: {shape}"] = min(measures)
    assert all(growth < _LINEAR for growth in counts.values()), counts
    return counts
