"""The article under the cursor of the results, beside them where there is room."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from archive import PicturePreview
from archive.tui import terminal_pictures
from archive.tui.model.article_sequence import LoadedArticle
from archive.tui.widgets.article_view import ArticleView
from archive.tui.widgets.picture_panel import PicturePanel


class PreviewText(ArticleView, can_focus=False):
    """The beginning of an article, or what is around its first match; the rest is for the reader."""

    COMPONENT_PREFIX = "articleview"
    COMPONENT_CLASSES = ArticleView.COMPONENT_CLASSES

    @property
    def is_compact(self) -> bool:
        """What the text says is what a preview is for."""
        return True


class Preview(Vertical):
    """One article at its first match, below its photograph if it is one."""

    DEFAULT_CSS = """
    Preview > PicturePanel { height: 40%; }
    Preview.-picture > PicturePanel { display: block; }
    Preview.-empty > * { display: none; }
    """

    def compose(self) -> ComposeResult:
        """The picture above the text."""
        yield PicturePanel(id="preview-picture")
        yield PreviewText(id="preview-text")

    @property
    def article_id(self) -> str:
        """The id of the article that is shown, "" for none."""
        return self.query_one(PreviewText).article.id

    @property
    def can_show_pictures(self) -> bool:
        """Whether this terminal shows pictures."""
        return terminal_pictures.can_show_pictures()

    def clear(self) -> None:
        """Show no article."""
        self.add_class("-empty")

    def show(self, loaded: LoadedArticle) -> None:
        """Show another article."""
        text = self.query_one(PreviewText)
        text.open(loaded.article, loaded.marks, None, loaded.title_marks)
        if loaded.marks:
            text.go_to_hit(loaded.marks[0])
        self.remove_class("-picture", "-empty")

    def show_picture(self, picture: PicturePreview) -> None:
        """Show the photograph that the article is."""
        self.add_class("-picture")
        self.query_one(PicturePanel).show(picture, "")
