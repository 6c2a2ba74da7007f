"""Pictures to look at, decoded in a process of its own with limits of memory and time."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from archive.config.settings import CORPUS_DIR
from archive.corpus.decode import InvalidArticle, read_error
from archive.corpus.formats.registry import PHOTO
from archive.corpus.picture_preview import read_preview
from archive.corpus.scan import Source, scan_file
from archive.errors import MissingExtraError, UnreadablePictureError
from archive.indexing.isolated_readers import limited
from archive.model.results import PicturePreview
from archive.util.quoting import quote_path
from archive.util.worker_process import Channel, Worker, WorkerDiedError

#: What one picture may take: processor time, and time until it must be there.
_CPU_SECONDS, _SECONDS = 10, 20.0


def preview(root: Path, path: str, max_width: int, max_height: int, *, links_outside: bool) -> PicturePreview:
    """The photograph at `path` in the archive in `root`, as large as fits.

    Raises UnreadablePictureError where it is not in the corpus or cannot be shown, MissingExtraError without Pillow.
    """
    if find_spec("PIL") is None:
        raise MissingExtraError("showing pictures", "photos")
    source = scan_file(path, root / CORPUS_DIR, root, links_outside=links_outside)
    if source is None or source.format != PHOTO:
        raise UnreadablePictureError(f"{quote_path(path)} cannot be shown: it is not in the corpus")
    return _read_isolated(source, max_width, max_height)


def _read_isolated(source: Source, max_width: int, max_height: int) -> PicturePreview:
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
            found = read_preview(file, max_width, max_height)
    except InvalidArticle as invalid:
        pipe.send((invalid.what, invalid.remedy))
    except OSError as error:
        reason = read_error(error)
        pipe.send((reason.what, reason.remedy))
    except MemoryError:
        pipe.send(("decoding it takes too much memory", "save it smaller"))
    else:
        pipe.send(found)
