"""Pictures to look at: upright, small, and decoded where nothing can happen to whoever looks at them."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from archive import Archive, UnreadablePictureError
from archive.util.worker_process import Channel, Worker

from ..corpus.helpers import put
from ..corpus.photos import huge_png

Image = pytest.importorskip("PIL.Image")


def picture(size: tuple[int, int], form: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, (250, 0, 0))
    image.paste((0, 0, 250), (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.convert(mode).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.jpg", picture((800, 400))), ("a.png", picture((800, 400), "PNG")), ("a.tif", picture((800, 400), "TIFF")),
     ("a.webp", picture((800, 400), "WEBP")), ("b.png", picture((800, 400), "PNG", "P")),
     ("c.png", picture((800, 400), "PNG", "RGBA")), ("c.jpg", picture((800, 400), "JPEG", "CMYK"))],
)  # fmt: skip
def test_a_picture_is_as_large_as_fits(tmp_path: Path, name: str, data: bytes) -> None:
    put(tmp_path, name, data)
    found = Archive.open(tmp_path).picture(f"corpus/{name}", max_width=100, max_height=80)
    assert (found.width, found.height, len(found.rgb)) == (100, 50, 100 * 50 * 3)
    left, right = found.rgb[30:33], found.rgb[270:273]
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


def test_a_picture_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    put(tmp_path, "a.jpg", picture((80, 40), exif=exif))
    found = Archive.open(tmp_path).picture("corpus/a.jpg")
    assert (found.width, found.height) == (40, 80)
    assert found.rgb[0] > 200 > 60 > found.rgb[-3]


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"no picture", "this is no JPEG"), (picture((800, 400))[:900], "cannot be read"),
     (huge_png(100_000, 100_000), "larger than can be shown"), (huge_png(15_000, 11_500), "million pixels")],
)  # fmt: skip
def test_a_picture_that_cannot_be_shown_is_a_sentence(tmp_path: Path, data: bytes, what: str) -> None:
    put(tmp_path, "a.png", data)
    with pytest.raises(UnreadablePictureError, match=what) as error:
        Archive.open(tmp_path).picture("corpus/a.png")
    assert str(error.value).startswith("corpus/a.png cannot be shown: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "path", ["corpus/b.jpg", "../a.jpg", "/etc/passwd", "corpus/x.md", "corpus/../a.jpg", "link/a.jpg", ""]
)
def test_only_photographs_of_the_corpus_are_shown(tmp_path: Path, path: str) -> None:
    root = tmp_path / "archive"
    put(root, "x.md")
    (tmp_path / "a.jpg").write_bytes(picture((8, 8)))
    (root / "a.jpg").write_bytes(picture((8, 8)))
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(UnreadablePictureError, match="not in the corpus"):
        Archive.open(root).picture(path)


def never_answer(pipe: Channel) -> None:
    pipe.receive()
    time.sleep(600)


def test_a_picture_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.indexing import picture_previews

    put(tmp_path, "a.jpg", picture((8, 8)))
    monkeypatch.setattr(picture_previews, "_SECONDS", 0.1)
    monkeypatch.setattr(picture_previews, "Worker", lambda *_: Worker(__name__, "never_answer"))
    with pytest.raises(UnreadablePictureError, match="decoding it ended after"):
        Archive.open(tmp_path).picture("corpus/a.jpg")
