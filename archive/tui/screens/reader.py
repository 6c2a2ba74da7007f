"""The reader: one article after the other, at the words that were looked for."""

from __future__ import annotations

from bisect import bisect_left
from typing import ClassVar

from textual.binding import Binding, BindingType

from archive.errors import ArchiveError
from archive.model.fields import mentioned
from archive.query.request import SearchRequest
from archive.tui.bindings import HELP_KEYS
from archive.tui.external_editor import edit
from archive.tui.messages import Narrow
from archive.tui.model import request_edits, text_offsets
from archive.tui.model.article_layout import Place
from archive.tui.screens.article_loader import Opening, Outcome
from archive.tui.screens.help import HelpScreen
from archive.tui.screens.person import PeopleScreen
from archive.tui.screens.related import RelatedScreen
from archive.tui.widgets.article_view import ArticleView

#: The facets that hold people.
PEOPLE = ("person", mentioned("person"))


class ReaderScreen(Opening):
    """Reads the hits of a search without leaving it."""

    HELP = "Read; n and N go from one matched word to the next, J and K from one article to the next."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,left,h", "back", "Back", key_display="esc"),
        Binding("n", "hit(1)", "Next hit"),
        Binding("N,p", "hit(-1)", "Previous hit", show=False),
        Binding("J,greater_than_sign", "result(1)", "Next article", key_display="J"),
        Binding("K,less_than_sign", "result(-1)", "Previous article", key_display="K", show=False),
        Binding("y", "copy", "Copy"),
        Binding("r", "related", "Related"),
        Binding("e", "edit", "Edit"),
        Binding("P", "person", "Their page", key_display="P"),
        *HELP_KEYS,
    ]

    def action_back(self) -> None:
        """Back to the results, at this article."""
        if self.aside:
            self.to_place(self.place)
        else:
            self.dismiss(Outcome(self.place))

    def action_hit(self, direction: int) -> None:
        """To the next matched word or the one before; from the last to the first."""
        view = self.query_one(ArticleView)
        if not self.marks:
            return
        number = text_offsets.number_of(self.marks, view.hit)
        if number is None:
            number = bisect_left(self.marks, (view.here, -1)) - (direction > 0)
        view.steer()
        view.go(self.marks[(number + direction) % len(self.marks)])
        self.stand()

    def action_result(self, direction: int) -> None:
        """To the next article that was found, or the one before."""
        place = self.place + direction
        if 0 <= place < self.walk.total:
            self.to_place(place)
        else:
            self.notify("That was the last one." if direction > 0 else "That was the first one.", timeout=2)

    def on_article_view_followed(self, event: ArticleView.Followed) -> None:
        """Narrow the search by a person or venue, and go back to it."""

        def add(request: SearchRequest) -> SearchRequest:
            selection = request.selections.get(event.facet)
            if selection is not None and event.value in selection.values:
                return request
            return request_edits.toggled(request, event.facet, event.value)

        self.dismiss(Outcome(self.place, Narrow(add)))

    def action_person(self) -> None:
        """When, where and with whom the person under the cursor was seen."""
        link = self.query_one(ArticleView).chosen
        if link is not None and link[0] in PEOPLE:
            self.app.push_screen(PeopleScreen(self.session, (link[1],)), self._come_back)
        else:
            self.notify("Tab goes to a person; P then shows when, where and with whom they were seen.", timeout=4)

    def _come_back(self, narrow: Narrow | None) -> None:
        if narrow is not None:
            self.dismiss(Outcome(self.place, narrow))

    def action_copy(self) -> None:
        """Copy what is marked, or else the paragraph, with its citation."""
        view = self.query_one(ArticleView)
        if self.article is None:
            return
        start, end = text_offsets.paragraph(self.article.body, view.here)
        text = self.get_selected_text() or self.article.body[start:end] or self.article.title
        self.app.copy_to_clipboard(text_offsets.quotation(self.article, text))
        words = len(text.split())
        self.notify(f"Copied {words:,} words with their citation.", timeout=2)

    def action_related(self) -> None:
        """Articles that are like this one."""
        if self.article is not None:
            self.app.push_screen(RelatedScreen(self.session, self.article), self._related)

    def _related(self, article_id: str | None) -> None:
        if article_id is not None:
            self.aside = True
            self.run_worker(self.open(article_id), group="article", exclusive=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a browser nothing starts an editor."""
        return not (action == "edit" and self.session.web)

    async def action_edit(self) -> None:
        """Open the article's file in $EDITOR, at this line; index it again afterwards."""
        if self.article is None:
            return
        place, article_id = self.query_one(ArticleView).place, self.article.id
        line = self.article.line_at(place.position)
        failure = edit(self.app, self.session.archive.root / self.article.path, line)
        if failure:
            self.notify(failure, severity="warning")
            return
        self.run_worker(self._edited(article_id, place), group="article", exclusive=True)

    async def _edited(self, article_id: str, place: Place) -> None:
        """Bring the index up to date and show the article as it is now."""
        try:
            report = await self.session.aside(self.session.archive.index)
        except ArchiveError as error:
            self._fail(error)
            return
        if report.changed:
            self.walk.changed()
        for problem in report.problems[:1]:
            self.notify(str(problem), severity="warning")
        await self.open(article_id, place)

    def action_help(self) -> None:
        """What can be done here."""
        self.app.push_screen(HelpScreen.about(self))
