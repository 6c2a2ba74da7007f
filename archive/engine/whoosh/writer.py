"""Writing the index: batches that appear whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from whoosh.index import LockError

from archive.article import Article
from archive.engine.whoosh.schema import make_document
from archive.errors import IndexLockedError
from archive.fields import Fields

#: Memory for the postings of a batch before Whoosh spills them to disk.
_BUDGET_MB = 256


class WhooshWriter:
    """The one writer of an index; see `archive.engine.base.Writer`.

    schema   of an index that is built anew: the first commit takes the place of what was there
    rebuilt  called after that commit
    """

    def __init__(
        self, index: Any, fields: Fields, schema: Any = None, rebuilt: Callable[[], None] | None = None
    ) -> None:
        self._index, self._fields = index, fields
        self._schema, self._rebuilt = schema, rebuilt
        self._writer: Any = None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.cancel()
            self._writer = None

    def _open(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(limitmb=_BUDGET_MB)
            except LockError:
                raise IndexLockedError(
                    "another `archive index` is writing this index; wait until it has finished"
                ) from None
            if self._schema is not None:
                self._writer.schema, self._writer.segments = self._schema, []
                self._writer._setup_doc_offsets()
        return self._writer

    def put(self, article: Article, digest: str, base: str, *, replaces: bool) -> None:
        # The document is made before Whoosh sees any of it: a failure inside add_document
        # would leave its postings to the next document.
        document = make_document(article, self._fields, digest, base)
        writer = self._open()
        if replaces:
            writer.delete_by_term("id", article.id)
        writer.add_document(**document)

    def delete(self, article_id: str) -> None:
        self._open().delete_by_term("id", article_id)

    def commit(self, *, final: bool) -> None:
        writer = self._open()
        try:
            writer.commit(merge=final)
        finally:
            self._writer = None
            if not writer.is_closed:  # Ctrl-C: Whoosh itself lets go of the lock after other errors only
                writer._cleanup_on_error()
        if self._rebuilt:
            self._rebuilt()
        self._schema = self._rebuilt = None
