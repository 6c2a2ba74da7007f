"""A photograph of the article that is being read, or why it cannot be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from archive import PicturePreview
from archive.render.terminal import safe

if TYPE_CHECKING:
    from textual_image.widget._base import Image


class PicturePanel(Vertical):
    """One picture above a line that says which it is.

    picture_class  the widget that shows it; None where none can
    """

    DEFAULT_CSS = """
    PicturePanel { display: none; align: center middle; padding: 1 0 0 0; }
    PicturePanel > .picture { width: auto; height: auto; }
    PicturePanel > #picture-line { dock: bottom; width: 100%; height: auto; text-align: center; }
    """

    def __init__(self, picture_class: type[Image] | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.picture_class = picture_class
        self._picture = None if picture_class is None else picture_class(classes="picture")

    def compose(self) -> ComposeResult:
        """The picture above its line."""
        if self._picture is not None:
            yield self._picture
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
        """Show a picture, or none, and a line about it."""
        from PIL import Image

        if self._picture is not None:
            size = preview and (preview.width, preview.height)
            self._picture.image = Image.frombytes("RGB", size, preview.rgb) if preview and size else None
            self._picture.display = preview is not None
        self.query_one("#picture-line", Static).update(Content(safe(line)))
