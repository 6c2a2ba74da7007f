"""Showing the article under the cursor beside the results, once the cursor rests on it."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from textual.screen import Screen

from archive import ArchiveError, SearchRequest
from archive.tui.messages import report_damage
from archive.tui.model.article_sequence import ArticleLoader, LoadedArticle, SearchSequence
from archive.tui.screens.two_panels import PREVIEW_WIDTH
from archive.tui.search_controller import LatestOnly, SearchController
from archive.tui.widgets.preview import Preview
from archive.tui.widgets.result_list import Results

#: Seconds for which the cursor rests on an article before it is shown; pixels of a photograph.
_REST_SECONDS, _PIXELS = 0.12, 800


class ArticlePreviewer:
    """Loads and shows previews on a search screen."""

    def __init__(self, screen: Screen[Any], controller: SearchController) -> None:
        self._screen, self._controller, self._session = screen, controller, controller.session
        thread = self._session.quick_thread
        self._loads: LatestOnly[str, LoadedArticle] = LatestOnly(thread, self._load, self._show, self._failed)
        self._previewed: tuple[str, SearchRequest] | None = None

    @property
    def busy(self) -> bool:
        """Whether an article is being loaded."""
        return self._loads.busy

    def run(self) -> Coroutine[Any, Any, None]:
        """What has to run as long as the screen is there."""
        return self._loads.run()

    def request(self) -> None:
        """Show the article under the cursor, if there is room and nobody is about to move on."""
        hit = self._controller.hits.get(self._screen.query_one(Results).cursor)
        preview, result = self._screen.query_one(Preview), self._controller.result
        if result is not None and not result.page.total:
            self._previewed = None
            preview.clear()
        if preview.display and hit is not None and (hit.id, self._controller.request) != self._previewed:
            self._previewed = hit.id, self._controller.request
            self._loads.ask(hit.id, _REST_SECONDS)

    def show_panel(self, shown: bool) -> None:
        """Show or hide the panel; remembered from one session to the next."""
        self._session.state.preview = shown
        self._screen.set_class(not shown, "-no-preview")
        self._screen.call_after_refresh(self.request)

    def toggle_panel(self) -> None:
        """Show the panel, or hide it; it needs a wide window."""
        self.show_panel(not self._session.state.preview)
        if self._screen.size.width < PREVIEW_WIDTH:
            self._screen.notify(f"The preview needs {PREVIEW_WIDTH} columns.", timeout=3)

    def _load(self, article_id: str) -> LoadedArticle:
        return ArticleLoader(SearchSequence(self._controller, lambda _: None)).load_now(article_id, 0)

    def _show(self, _: str, loaded: LoadedArticle) -> None:
        preview = self._screen.query_one(Preview)
        if self._previewed is None:
            return  # meanwhile nothing is found
        preview.show(loaded)
        if loaded.article.kind == "photo" and preview.can_show_pictures and not self._screen.app.no_color:
            self._screen.run_worker(self._load_picture(loaded), group="picture", exclusive=True)

    async def _load_picture(self, loaded: LoadedArticle) -> None:
        with suppress(ArchiveError):  # the reader says why there is none
            picture = await self._session.picture(loaded.article.pictures[0], _PIXELS, _PIXELS)
            for preview in self._screen.query(Preview):
                if preview.article_id == loaded.article.id:
                    preview.show_picture(picture)

    def _failed(self, _: str, error: ArchiveError) -> None:
        report_damage(self._screen, error)
