"""How the time to find names grows with a text, for texts of hostile shapes.

    python -m tests.bench.texts [--from 625000] [--doublings 4] [--seconds 60] [SHAPE …]

For each shape and step (recognising recorded names, proving encounters, suggesting names, the audit)
the processor seconds of the longest text, and how many times more it took at each doubling: 2.0 is
linear. Texts are doubled up to the 10 MB that an article may have, or until a step takes `--seconds`.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

from archive.encounters.cooccurrence import passages
from archive.model.article import Article
from archive.names.audit import audit
from archive.names.discovery.suggestions import NameDiscovery
from archive.names.entity_linker import EntityLinker
from tests.shapes import SHAPES, Shape

#: Characters from which what the last step left behind is cleared away before the next is measured.
_LARGE = 100_000


def steps(shape: Shape) -> dict[str, Callable[[Article], object]]:
    """What is done with an article, by name; the first makes the article that the others take."""
    resolver = EntityLinker(shape.names)
    resolver.resolve(Article("", "", "Ada Byrne"))

    def suggest(article: Article) -> object:
        discovery = NameDiscovery(shape.names)
        discovery.add(article)
        return discovery.suggestions(50)

    asked = [("person", shape.records[0].name if shape.records else shape.declared[0])]
    both = [*asked, ("person", shape.records[1].name if shape.records else shape.declared[1])]
    return {
        "names": resolver.resolve,
        "encounters": lambda article: list(passages(article, both)) + list(passages(article, asked)),
        "suggest": suggest,
        "audit": lambda article: audit([article]),
    }


def measured(shape: Shape, sizes: list[int], most: float) -> Iterator[tuple[str, list[float]]]:
    """For each step the processor seconds that it takes for texts of some sizes, as far as it comes."""
    work = steps(shape)
    taken: dict[str, list[float]] = {step: [] for step in work}
    for size in sizes:
        article = shape.article(size)
        for step, do in work.items():
            if len(taken[step]) < sizes.index(size) or (taken[step] and taken[step][-1] > most):
                continue
            if size > _LARGE:
                gc.collect()
            started = time.process_time()
            done = do(article)
            taken[step].append(time.process_time() - started)
            if isinstance(done, Article):
                article = done
            del done
    yield from taken.items()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("shapes", nargs="*", metavar="SHAPE", help=f"{', '.join(SHAPES)}; all by default")
    options.add_argument("--from", dest="least", type=int, default=625_000)
    options.add_argument("--doublings", type=int, default=4)
    options.add_argument("--seconds", type=float, default=60.0)
    asked = options.parse_args()
    sizes = [asked.least << doubling for doubling in range(asked.doublings + 1)]
    for name in asked.shapes or SHAPES:
        for step, seconds in measured(SHAPES[name], sizes, asked.seconds):
            growth = " ".join(f"{after / before:.2f}" for before, after in pairwise(seconds) if before > 0.005)
            reached = f"{sizes[len(seconds) - 1]:>11,} chars {seconds[-1]:7.2f} s"
            print(f"{name:26} {step:11} {reached}  {growth}", flush=True)


if __name__ == "__main__":
    main()
