"""The indices of one archive: their names, what they say of themselves, and how new ones take over.

`PREFIX-articles` and `PREFIX-words` are aliases of the pair of indices that is searched;
`PREFIX-articles-next` and `PREFIX-words-next` of a pair that a rebuild is filling. The
mapping of the articles' index says which generation it is, with what settings it was made, and
which file on the indexing machine has its table of sources: the table is about that machine's files,
and no other generation names it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from archive.engine.opensearch.connection import Connection, NotFound, RequestRejected, missing_index
from archive.engine.opensearch.dictionary import PROPERTIES as WORDS_PROPERTIES
from archive.engine.opensearch.mapping import ANALYSIS, FORMAT_VERSION, STORED, Mapping
from archive.engine.sources_file import SourcesFile
from archive.errors import EngineUnavailableError

ARTICLES, WORDS = "articles", "words"
#: Seconds between two questions whether the server is done with what takes it long.
_ASKED_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class IndexPair:
    """The indices of articles and words by one pair of aliases.

    articles, words   the aliases; `names` are the indices behind them
    settings   digest of the settings they were made with
    generation, shards   of the articles
    sources    the file with the table of sources, in the archive's index folder; None while more is written
    """

    articles: str
    words: str
    names: tuple[str, ...]
    settings: str
    generation: int
    shards: int
    sources: SourcesFile | None = None


class Indices:
    """See the module."""

    def __init__(self, connection: Connection, mapping: Mapping, settings: str) -> None:
        self._connection, self._mapping, self._settings = connection, mapping, settings
        self.prefix = connection.remote.prefix

    def alias(self, kind: str, unfinished: bool = False) -> str:
        """The alias of articles or words."""
        return f"{self.prefix}-{kind}" + ("-next" if unfinished else "")

    def find(self, unfinished: bool = False, tries: int | None = None) -> IndexPair | None:
        """The pair that is searched, or that a rebuild left unfinished; None where there is none."""
        articles, words = (self.alias(kind, unfinished) for kind in (ARTICLES, WORDS))
        try:
            held = self._connection.call("GET", f"/{articles},{words}", tries=tries)
        except NotFound:
            return None
        said: dict[str, Any] = {}
        for index in held.values():
            if articles in index["aliases"]:
                said = index["mappings"].get("_meta") or {}
                shards = int(index["settings"]["index"]["number_of_shards"])
        if said.get("format_version") != FORMAT_VERSION:
            return None
        try:
            sources = SourcesFile.parse(said.get("sources"))
        except (ValueError, TypeError):
            sources = None
        return IndexPair(
            articles, words, tuple(sorted(held)), said["settings"], int(said["generation"]), shards, sources
        )

    def usable(self) -> IndexPair:
        """The pair that is searched; raises IndexUnusableError if it is not there or of other settings."""
        pair = self.find()
        if pair is None or pair.settings != self._settings:
            raise missing_index(self.alias(ARTICLES))
        return pair

    def is_current(self, pair: IndexPair) -> bool:
        """Whether a pair was made with the present settings."""
        return pair.settings == self._settings

    def made_alike(self, pair: IndexPair) -> bool:
        """Whether a pair was made with the present settings, and is whole."""
        return self.is_current(pair) and len(pair.names) == 2

    # -- making ------------------------------------------------------------------------

    def create(self, after: int) -> IndexPair:
        """An empty, unfinished pair whose generation is above `after`."""
        generation = next_generation(after)
        names = []
        for kind, properties in ((ARTICLES, self._mapping.properties), (WORDS, WORDS_PROPERTIES)):
            name = f"{self.alias(kind)}-{generation}"
            body = {
                "settings": self._index_settings(),
                "mappings": {"dynamic": False, "properties": properties},
                "aliases": {self.alias(kind, unfinished=True): {}},
            }
            if kind == ARTICLES:
                body["mappings"] |= {"_source": {"includes": STORED}, "_meta": self._meta(generation)}
            try:
                self._connection.call("PUT", f"/{name}", body)
            except RequestRejected as error:
                if error.kind != "resource_already_exists_exception":  # its first try was answered too late
                    raise
            names.append(name)
        made = self.find(unfinished=True)
        if made is None:
            raise EngineUnavailableError(f"the new index {names[0]} cannot be found again", "run `archive index` again")
        return made

    def _index_settings(self) -> dict[str, Any]:
        remote = self._connection.remote
        copies = {"auto_expand_replicas": "0-1"} if remote.replicas is None else {"number_of_replicas": remote.replicas}
        return {
            "index": {
                "number_of_shards": remote.shards,
                "refresh_interval": "-1",
                "codec": "best_compression",
                **copies,
            },
            "analysis": ANALYSIS,
        }

    def _meta(self, generation: int, sources: SourcesFile | None = None) -> dict[str, Any]:
        said = {"format_version": FORMAT_VERSION, "settings": self._settings, "generation": generation}
        return said | {"sources": sources}

    def advance(self, pair: IndexPair, sources: SourcesFile | None = None) -> IndexPair:
        """Give a pair its next generation, with its table of sources if it is complete."""
        return self.describe(replace(pair, generation=next_generation(pair.generation)), sources)

    def describe(self, pair: IndexPair, sources: SourcesFile | None) -> IndexPair:
        """Have a pair say of itself what its generation is and its table of sources."""
        meta = self._meta(pair.generation, sources)
        self._connection.call("PUT", f"/{pair.articles}/_mapping", {"_meta": meta})
        return replace(pair, settings=self._settings, sources=sources)

    def refresh(self, pair: IndexPair) -> None:
        """Make everything written to a pair visible."""
        self._connection.call("POST", f"/{pair.articles},{pair.words}/_refresh")

    def merge(self, pair: IndexPair) -> None:
        """Make one segment of every shard of a pair, however long that takes the server."""
        call, asked = self._connection.call, {"max_num_segments": "1", "wait_for_completion": "false"}
        task = call("POST", f"/{pair.articles},{pair.words}/_forcemerge", None, asked).get("task")
        while task and not (answer := call("GET", f"/_tasks/{task}"))["completed"]:
            time.sleep(_ASKED_EVERY)
        if task and (why := answer.get("error")):
            raise EngineUnavailableError(
                f"the index is whole, but was not optimized ({why.get('reason')})", "try again"
            )

    # -- taking over and going ---------------------------------------------------------

    def swap(self, pair: IndexPair) -> IndexPair:
        """Put an unfinished pair in the place of the one that is searched, in one step, and drop that."""
        old = self._named_live()
        actions: list[dict[str, Any]] = [
            {"remove": {"index": name, "alias": self.alias(kind)}} for name, kind in old.items()
        ]
        for name in pair.names:
            kind = ARTICLES if name.startswith(self.alias(ARTICLES)) else WORDS
            actions += [
                {"remove": {"index": name, "alias": self.alias(kind, unfinished=True)}},
                {"add": {"index": name, "alias": self.alias(kind)}},
            ]
        try:
            self._connection.call("POST", "/_aliases", {"actions": actions})
        except (NotFound, RequestRejected, EngineUnavailableError):
            if not pair.names or set(self._named_live()) != set(pair.names):  # or else an earlier try did it
                raise
        self._delete(old)
        live = self.find()
        if live is None:
            raise EngineUnavailableError("the new index is gone", "run `archive index` again")
        return live

    def _named_live(self) -> dict[str, str]:
        """The indices that are searched, each with what it holds."""
        found: dict[str, str] = {}
        for kind in (ARTICLES, WORDS):
            try:
                found |= dict.fromkeys(self._connection.call("GET", f"/_alias/{self.alias(kind)}"), kind)
            except NotFound:
                continue
        return found

    def drop(self, unfinished: bool = False) -> None:
        """Delete a pair, whatever version made it."""
        for kind in (ARTICLES, WORDS):
            try:
                self._delete(self._connection.call("GET", f"/_alias/{self.alias(kind, unfinished)}"))
            except NotFound:
                continue

    def _delete(self, names: Any) -> None:
        for name in names:
            try:
                self._connection.call("DELETE", f"/{name}")
            except NotFound:
                continue


def next_generation(after: int) -> int:
    """A number above `after` that no other machine will have given: the time in milliseconds."""
    return max(after + 1, int(time.time() * 1000))
