"""Whether and how this terminal shows pictures: textual-image, an extra, finds that out by asking it.

The terminal has to be asked before the app reads its keys, so `picture_widget` is called once before the app runs.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual_image.widget._base import Image

#: What to say where the extra is not installed.
MISSING = "Showing pictures needs an optional dependency: pip install 'searchable-archive[pictures]'"


def can_show_pictures() -> bool:
    """Whether the extra is installed."""
    return find_spec("textual_image") is not None and find_spec("PIL") is not None


@cache
def picture_widget() -> type[Image] | None:
    """The widget that shows pictures best here: by a graphics protocol, or in coloured half cells; None without any."""
    if not can_show_pictures():
        return None
    from textual_image import renderable, widget

    has_graphics = renderable.Image in (renderable.SixelImage, renderable.TGPImage)
    return widget.Image if has_graphics else widget.HalfcellImage
