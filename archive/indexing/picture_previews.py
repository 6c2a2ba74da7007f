"""Pictures to look at, decoded in a process of its own with limits of memory and time."""

from __future__ import annotations

from archive.corpus.decode import InvalidArticle, read_error
from archive.corpus.picture_preview import read_preview
from archive.corpus.scan import Source
from archive.errors import UnreadablePictureError
from archive.indexing.isolated_readers import limited
from archive.model.results import PicturePreview
from archive.util.quoting import quote_path
from archive.util.worker_process import Channel, Worker, WorkerDiedError

#: What one picture may take: processor time, and time until it must be there.
_CPU_SECONDS, _SECONDS = 10, 20.0


def read_preview_isolated(source: Source, max_width: int, max_height: int) -> PicturePreview:
    """The picture of a photograph, as large as fits; raises UnreadablePictureError."""
    worker = Worker(__name__, "serve_preview")
    try:
        worker.send((source.file, max_width, max_height))
        found = worker.receive(_SECONDS)
    except WorkerDiedError as death:
        found = (f"decoding it ended {death}", "check the file")
    finally:
        worker.stop()
    if isinstance(found, PicturePreview):
        return found
    what, remedy = found
    raise UnreadablePictureError(f"{quote_path(source.path)} cannot be shown: {what}", remedy)


def serve_preview(pipe: Channel) -> None:
    """Receive a file and a size; send the preview, or what is wrong and the remedy."""
    file, max_width, max_height = pipe.receive()
    try:
        with limited(_CPU_SECONDS):
            preview = read_preview(file, max_width, max_height)
    except InvalidArticle as invalid:
        pipe.send((invalid.what, invalid.remedy))
    except OSError as error:
        reason = read_error(error)
        pipe.send((reason.what, reason.remedy))
    except MemoryError:
        pipe.send(("decoding it takes too much memory", "save it smaller"))
    else:
        pipe.send(preview)
