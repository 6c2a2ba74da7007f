"""The part of a long list of hits that has been fetched; the rest is asked for when it is seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from archive.model.results import Hit
from archive.tui.model.search_model import PAGE

#: Pages that are kept; the ones seen longest ago go first.
_KEPT = 50


class Window:
    """Hits by their place in the list; `total` is its length."""

    def __init__(self, total: int = 0, first: tuple[Hit, ...] = ()) -> None:
        self.total = total
        self._pages: OrderedDict[int, tuple[Hit, ...]] = OrderedDict()
        if first:
            self.put(0, first)

    def put(self, page: int, hits: tuple[Hit, ...]) -> None:
        """Keep one page."""
        self._pages[page] = hits
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)

    def get(self, place: int) -> Hit | None:
        """The hit at a place, or None if it is not here yet."""
        page, index = divmod(place, PAGE)
        hits = self._pages.get(page)
        if hits is None:
            return None
        self._pages.move_to_end(page)
        return hits[index] if 0 <= index < len(hits) else None

    def lacking(self, first: int, last: int) -> Iterator[int]:
        """The pages from one place to another that are not here."""
        for page in range(max(0, first) // PAGE, max(0, min(last, self.total - 1)) // PAGE + 1):
            if page not in self._pages:
                yield page

    def find(self, article_id: str) -> int | None:
        """Where an article stands, if it is here."""
        for page, hits in self._pages.items():
            for index, hit in enumerate(hits):
                if hit.id == article_id:
                    return page * PAGE + index
        return None
