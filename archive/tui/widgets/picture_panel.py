"""A photograph of the article that is being read, or why it cannot be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from archive import PicturePreview
from archive.render.terminal import safe
from archive.tui.terminal_pictures import picture_widget

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from textual_image.widget._base import Image


class PicturePanel(Vertical):
    """One picture above a line that says which it is; nothing that shows pictures is loaded before there is one."""

    DEFAULT_CSS = """
    PicturePanel { display: none; align: center middle; padding: 1 0 0 0; }
    PicturePanel > .picture { width: auto; height: auto; }
    PicturePanel > #picture-line { dock: bottom; width: 100%; height: auto; text-align: center; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Image | None = None

    def compose(self) -> ComposeResult:
        """The line; a picture comes above it."""
        yield Static(id="picture-line")

    @property
    def line(self) -> str:
        """The line below the picture."""
        return str(self.query_one("#picture-line", Static).content)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._picture is not None and self._picture.image is not None

    def show(self, preview: PicturePreview | None, line: str) -> None:
        """Show a picture, or none, and a line about it; a terminal that shows none gets the line alone."""
        self.query_one("#picture-line", Static).update(Content(safe(line)))
        if preview is not None and self._picture is None and (made := picture_widget()) is not None:
            self._picture = made(classes="picture")
            self.mount(self._picture, before=0)
        if self._picture is not None:
            self._picture.image = _image(preview) if preview is not None else None
            self._picture.display = preview is not None


def _image(preview: PicturePreview) -> PillowImage:
    from PIL import Image

    return Image.frombytes("RGB", (preview.width, preview.height), preview.rgb)
