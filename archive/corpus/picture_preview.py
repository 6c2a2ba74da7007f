"""A photograph as it is shown beside its caption: small, upright, in plain colours.

Decoding is foreign code on foreign data. It is called in a process with limits only, and what comes out are the bytes
of as many pixels as were asked for, so that no decoder runs in a process that anybody is looking at.
"""

from __future__ import annotations

from archive.corpus.decode import InvalidArticle
from archive.corpus.photo_metadata import open_picture
from archive.model.results import PicturePreview
from archive.util.atomic_files import open_regular_file

#: The most pixels of a picture that is decoded; cameras have up to 150 million.
_MOST_PIXELS = 170_000_000


def read_preview(file: str, max_width: int, max_height: int) -> PicturePreview:
    """The picture in a file, as large as fits; raises InvalidArticle for one that cannot be shown, OSError."""
    with open_regular_file(file) as stream, open_picture(stream) as image:
        from PIL import ImageOps

        width, height = image.size
        if width * height > _MOST_PIXELS:
            what = f"the picture has {width * height / 1_000_000:,.0f} million pixels, which is more than is shown"
            raise InvalidArticle(what, "save it smaller")
        image.draft("RGB", (2 * max_width, 2 * max_height))  # a JPEG is decoded at a fraction of its size
        image.thumbnail((2 * max_width, 2 * max_height))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((max_width, max_height))
        colored = upright.convert("RGBA" if upright.has_transparency_data else "RGB").convert("RGB")
        return PicturePreview(*colored.size, colored.tobytes())
