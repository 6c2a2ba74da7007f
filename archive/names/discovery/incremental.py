"""Names that are discovered while an archive is indexed: evidence kept with each article, decided anew by every run.

A run looks only at new texts. Until all of them have been read, a name is what was decided before, or what the first
text says that has it; `settle` then decides over the whole, and tells which articles have to be linked again.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from archive.model.article import FACET_KEYS, Article
from archive.names.authority.records import Names
from archive.names.discovery.decisions import decide_all
from archive.names.discovery.evidence import (
    NOTHING,
    NameDecision,
    Recognizer,
    body_in_text,
    decide,
    places_of,
    text_of,
)
from archive.names.discovery.evidence_finder import Asked, EvidenceFinder
from archive.names.discovery.evidence_store import EvidenceStore, KeptName
from archive.names.surface_forms import HONORIFICS, normalize_token
from archive.text.normalize import folded_name
from archive.text.sentences import Span
from archive.util.worker_pool import WorkerPool

#: It is decided anew where what was taken since makes up a part of one in so many of all.
_MUCH = 2


class DiscoveredName(NamedTuple):
    """A name in an article that no record has.

    spelling  as it is written there
    places    where it stands whole: whether in the title, and the offsets there
    """

    facet: str
    name: str
    spelling: str
    places: tuple[tuple[bool, Span], ...]


def is_discoverable(article: Article) -> bool:
    """Whether an article leaves it to its text who is in it, or where it happened."""
    return not _DISCOVERABLE.isdisjoint(article.inferred)


_DISCOVERABLE = frozenset(FACET_KEYS.values())


class IncrementalDiscovery:
    """The discovery of names in the articles of one indexing run.

    folder     that of the index
    ignored    names that are not to be discovered
    workers    processes that read texts beside this one
    """

    def __init__(
        self,
        folder: Path,
        names: Names,
        ignored: Iterable[str],
        recognizer: Recognizer | None = None,
        recognizer_name: str = "",
        workers: WorkerPool | None = None,
    ) -> None:
        self._names = names
        self._ignored = frozenset(map(_plain, ignored))
        self._finder = EvidenceFinder(recognizer, workers or WorkerPool(1))
        self._asked: set[str] = set()
        self._store = EvidenceStore(folder, recognizer_name)
        self._store.begin()
        said = "\n".join((names.digest, *sorted(self._ignored)))
        self._authority = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
        #: What this run takes names for, and what each was taken for so far, by the articles of earlier runs as well.
        self._used: dict[str, NameDecision] = {}
        self._linked: dict[str, set[NameDecision]] = {}
        #: Everything that was decided, while a lot of articles is linked for which it was.
        self._decided: dict[str, NameDecision] = {}
        #: Articles taken since it was last decided; whether anything was, and whether for those that are linked now.
        self._taken, self._is_decided, self._is_new = 0, False, False
        self._is_settled = self._store.authority == self._authority
        #: The names of articles that were taken and not yet asked for, packed: a tenth of the memory.
        self._packed: dict[str, bytes] = {}

    def close(self) -> None:
        """Let go of the database; what was not committed is dropped."""
        self._store.close()

    def belongs_to(self, generation: int) -> bool:
        """Whether what is kept is the evidence in the articles of a generation of the index."""
        return self._store.generation == generation

    def commit(self, generation: int) -> None:
        """Keep everything, as that of a generation of the index."""
        self._keep(wait=True)
        self._store.authority = self._authority
        self._store.commit(generation)

    # -- articles ----------------------------------------------------------------------

    def clear(self) -> None:
        """Forget every article: the index is built anew."""
        self._store.clear()
        self._is_settled = self._is_decided = False

    def synchronize(self, documents: Iterable[tuple[Article, str]]) -> list[str]:
        """Take the evidence from the articles of the index, with their digests, where it is not there.

        Returns the ids of those of which names are discovered.
        """
        known = dict(self._store.digests())
        ids = []
        for article, digest in documents:
            if is_discoverable(article):
                ids.append(article.id)
                if known.pop(article.id, None) != digest:
                    self._finder.add(Asked(article.id, digest, article.date), text_of(article)[0])
                    self._keep()
        self._keep(wait=True)
        self._packed.clear()
        for article_id in known:
            self._store.remove(article_id)
        self._is_settled = self._is_decided = False
        return ids

    def take(self, article: Article, digest: str) -> bool:
        """Keep the evidence in a new or changed article, if there is to be any: not where it declares its names."""
        if not is_discoverable(article):
            self.remove(article.id)
            return False
        self._finder.add(Asked(article.id, digest, article.date), text_of(article)[0])
        self._asked.add(article.id)
        self._keep()
        self._is_settled = self._is_decided = False
        self._taken += 1
        return True

    def decide_for_now(self) -> None:
        """Decide by all that was taken so far, if that is much beside what was there when it was last decided."""
        self._keep(wait=True)
        if self._taken * _MUCH < self._store.count():
            return
        before = self._store.decisions()
        for key in decide_all(self._store, self._is_excluded):
            if key in before:
                self._linked.setdefault(key, {before[key]})
        self._used, self._taken, self._is_decided, self._is_new = {}, 0, True, True
        self._decided = self._store.decisions()

    def end_of_lot(self) -> None:
        """Say that the articles have been linked for which was decided."""
        self._is_new, self._decided = False, {}

    def names_of(self, article: Article) -> list[DiscoveredName]:
        """The names in an article that was taken and not yet asked for, as far as is known by now."""
        packed = self._packed.pop(article.id, None)
        if packed is None:
            return []
        found = []
        used = self._used
        for name in marshal.loads(packed):
            decision = used.get(name[0])
            if decision is None or not (decision.facet or self._is_new):
                decision = self._for_now(KeptName._make(name))
            if decision.facet:
                found.append((name[1], name[4], decision))
        return self._named(article, found)

    def names_again(self, article: Article) -> list[DiscoveredName]:
        """The names in an article of the index by what was decided last."""
        if not is_discoverable(article):
            return []
        found = [
            (each.form, each.spans, self._store.decision(each.key) or NOTHING)
            for each in self._store.names_in(article.id)
        ]
        return self._named(article, found)

    def names_kept(self, article: Article) -> list[DiscoveredName]:
        """The discovered names of an article of the index as its mentions have them, parts of names left out."""
        groups: dict[tuple[str, str], list[tuple[bool, Span]]] = {}
        for mention in article.mentions:
            if mention.discovered:
                groups.setdefault((mention.facet, mention.name), []).append(
                    (mention.in_title, (mention.start, mention.end))
                )
        found = []
        for (facet, name), places in groups.items():
            texts = {place: _written(article, *place) for place in places}
            whole = [
                place for place in places if " " in texts[place].strip() or "\n" in texts[place] or " " not in name
            ]
            kept = whole or places
            found.append(DiscoveredName(facet, name, " ".join(texts[kept[0]].split()), tuple(kept)))
        return found

    def remove(self, article_id: str) -> None:
        """Forget an article."""
        if article_id in self._asked:
            self._keep(wait=True)
        if self._store.has(article_id):
            self._store.remove(article_id)
            self._is_settled = self._is_decided = False

    def settle(self) -> list[str]:
        """Decide what every name is; returns the ids of the articles that have names of which that has changed."""
        if self._is_settled:
            return []
        self._keep(wait=True)
        changed = set() if self._is_decided else set(decide_all(self._store, self._is_excluded))
        for key, linked in self._linked.items():
            if linked == {self._store.decision(key) or NOTHING}:
                changed.discard(key)
            else:
                changed.add(key)
        self._used, self._linked, self._is_settled = {}, {}, True
        return self._store.articles_with(changed)

    def _keep(self, *, wait: bool = False) -> None:
        """Keep the evidence that has been found in articles that were taken; in all of them with `wait`."""
        for asked, found in self._finder.found(wait=wait):
            self._asked.discard(asked.id)
            self._store.put(*asked, found)
            self._packed[asked.id] = found.names

    def _for_now(self, found: KeptName) -> NameDecision:
        """What a name is taken for before all is known."""
        key = found.key
        decision = self._used.get(key)
        if decision is None:
            # Which articles of earlier runs are linked by.
            before = self._decided.get(key) if self._decided else self._store.decision(key)
            self._linked.setdefault(key, set() if before is None else {before})
            is_known = before is not None and (before.facet or self._is_new)
            decision = before if before is not None and is_known else self._by_itself(found)
        elif not decision.facet and not self._is_new:
            decision = self._by_itself(found)
        self._used[key] = decision
        self._linked[key].add(decision)
        return decision

    def _by_itself(self, found: KeptName) -> NameDecision:
        decision = decide(found.person, found.venue, found.form)
        return NOTHING if decision.facet and self._is_excluded(decision.name) else decision

    def _is_excluded(self, name: str) -> bool:
        """Whether a name is recorded, a namesake, or ignored: then it is nobody new."""
        return is_excluded(name, self._names, self._ignored)

    def _named(
        self, article: Article, found: Iterable[tuple[str, Sequence[Span], NameDecision]]
    ) -> list[DiscoveredName]:
        """The names of an article, given as they are written, with where they stand, by what was decided of each."""
        body_at = body_in_text(article)
        facets = {facet for facet, key in FACET_KEYS.items() if key in article.inferred}
        named = []
        for form, spans, (facet, name) in found:
            if facet in facets:
                # A whole name may be recorded under another spelling.
                canonical = self._names.recorded(facet, name) or name
                named.append(DiscoveredName(facet, canonical, form, places_of(spans, article, body_at)))
        return named


def is_excluded(name: str, names: Names, ignored: frozenset[str]) -> bool:
    """Whether the authority files say who has a name or has not, or it is among those `ignored` (folded)."""
    plain = _plain(name)
    if plain in ignored or names.recorded("person", name) or names.recorded("venue", name):
        return True
    if name.endswith("s") and names.recorded("person", name[:-1]):
        return True  # several of that name
    first, _, rest = name.partition(" ")
    if normalize_token(first) in HONORIFICS and folded_name(rest) in names.surnames:
        return True  # "Mr Cole", where somebody recorded is a Cole
    return plain in names.namesakes


def _plain(name: str) -> str:
    return name.casefold().replace("’", "'")


def _written(article: Article, in_title: bool, span: Span) -> str:
    return (article.title if in_title else article.body)[slice(*span)]
