"""Acting on several articles or rows at once: export, copy as quotations, open in the editor, keep as a selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from archive import Archive, Article, Quote, SearchRequest
from archive.render import bibtex, json_output, ris
from archive.render.quote_text import quoted
from archive.render.text import pluralize
from archive.tui.external_editor import edit
from archive.tui.messages import CopyRequested
from archive.tui.model.paragraphs import paragraph_spans
from archive.tui.model.search_model import found_articles
from archive.tui.screens.export_file import export
from archive.tui.screens.indexing import index_when_free
from archive.tui.screens.report_errors import run_reporting
from archive.tui.screens.saved_searches import SaveSearchScreen
from archive.tui.session import Session
from archive.tui.widgets.lists import ViOptionList
from archive.tui.widgets.status import Status

#: Characters of an article in which its first match is looked for.
_SEARCHED = 50_000
#: Articles that are opened in the editor at once.
_MOST_EDITED = 20
_CHOICES = {
    "export": "Export them to a new file (.jsonl, .bib, .ris)",
    "copy": "Copy them as quotations, to be verified",
    "edit": "Open their files in the editor, one after the other",
    "keep": "Keep the articles as a saved search",
    "unmark": "Unmark all",
}
_WRITING = ("export", "edit", "keep")


class MarkedMenu(ModalScreen[str | None]):
    """Asks what to do with what is marked, and returns it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,full_stop", "dismiss(None)", "Cancel")]

    def __init__(self, what: str, *, web: bool) -> None:
        super().__init__()
        self._what, self._web = what, web

    def compose(self) -> ComposeResult:
        """What can be done."""
        choices = {key: text for key, text in _CHOICES.items() if not (self._web and key in _WRITING)}
        with Vertical(classes="dialog -small"):
            yield ViOptionList(*(Option(Text(text), id=key) for key, text in choices.items()), id="choices")

    def on_mount(self) -> None:
        """Set the titles of the frame."""
        frame = self.query_one(".dialog")
        frame.border_title, frame.border_subtitle = self._what, "⏎ do it · esc cancel"
        self.query_one(OptionList).highlighted = 0
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return what was chosen."""
        self.dismiss(event.option.id)


class MarkedActions:
    """Does what is chosen for the marked items of a screen's list.

    unmark   called when nothing is to be marked any more
    refresh  called when the index has taken in what was edited
    """

    def __init__(
        self, screen: Screen[Any], session: Session, unmark: Callable[[], None], refresh: Callable[[], None]
    ) -> None:
        self._screen, self._session = screen, session
        self._unmark, self._refresh = unmark, refresh

    def choose(
        self,
        what: str,
        ids: Sequence[str],
        quotes: Callable[[Archive], Iterable[Quote]],
        request: SearchRequest | None = None,
    ) -> None:
        """Ask what to do with some articles.

        quotes   what is copied, made in a thread
        request  what finds them, and is kept; None for these articles themselves
        """
        if ids:
            ids = tuple(dict.fromkeys(ids))
            request = request or SearchRequest(" OR ".join(f"id:{each}" for each in ids))
            menu = MarkedMenu(what, web=self._session.web)
            self._screen.app.push_screen(menu, lambda choice: self._do(choice, ids, quotes, request))

    def choose_found(self, request: SearchRequest) -> None:
        """Ask what to do with all that a request finds, as the values chosen in facets do."""
        run_reporting(self._screen, self._choose_found(request), "finding", exclusive=True)

    async def _choose_found(self, request: SearchRequest) -> None:
        found = await self._session.run_slow(found_articles, self._session.archive, request)
        ids = [hit.id for hit in found.hits]
        what = pluralize(found.total, "article")
        what = f"all {what} found" if len(ids) == found.total else f"the first {len(ids):,} of {what}"
        self.choose(what, ids, partial(quotes_of_articles, ids=ids, query=request.query), request)

    def _do(
        self,
        choice: str | None,
        ids: Sequence[str],
        quotes: Callable[[Archive], Iterable[Quote]],
        request: SearchRequest,
    ) -> None:
        match choice:
            case "export":
                articles = partial(_articles, self._session.archive, ids)
                writers = {
                    ".jsonl": lambda: map(
                        str.rstrip, json_output.json_lines(map(json_output.article_record, articles()))
                    ),
                    ".bib": lambda: (line for each in articles() for line in bibtex.entry(each)),
                    ".ris": lambda: (line for each in articles() for line in ris.entry(each)),
                }
                export(self._screen, self._session, "articles.jsonl", writers)
            case "copy":
                run_reporting(self._screen, self._copy(quotes), "copying", exclusive=True)
            case "edit":
                run_reporting(self._screen, self._edit(ids), "editing", exclusive=True)
            case "keep":
                self._screen.app.push_screen(SaveSearchScreen(request), partial(self._name_given, request))
            case "unmark":
                self._unmark()

    async def _copy(self, quotes: Callable[[Archive], Iterable[Quote]]) -> None:
        found = await self._session.run_slow(lambda: tuple(quotes(self._session.archive)))
        text = "\n\n".join("\n".join(quoted(each)) for each in found)
        done = f"Copied {pluralize(len(found), 'quotation')}; `archive verify` checks them."
        self._screen.post_message(CopyRequested(text, done))

    async def _edit(self, ids: Sequence[str]) -> None:
        articles = await self._session.run_quick(lambda: list(_articles(self._session.archive, ids[:_MOST_EDITED])))
        self._session.save_now()
        for path in dict.fromkeys(each.path for each in articles):
            failure = edit(self._screen.app, self._session.archive.root / path, 1)
            if failure:
                self._screen.notify(failure, severity="warning")
                return
        status = self._screen.query_one(Status)
        try:
            await index_when_free(self._session, partial(setattr, status, "notice"))
        finally:
            status.notice = ""
        self._refresh()

    def _name_given(self, request: SearchRequest, name: str | None) -> None:
        if name:
            run_reporting(self._screen, self._keep(name, request), "saving")

    async def _keep(self, name: str, request: SearchRequest) -> None:
        await self._session.run_quick(self._session.archive.search, request.replace(limit=0, facets=()))  # or refused
        await self._session.run_quick(self._session.archive.saved.add, name, request)
        self._screen.notify(f"Saved as “{name}”; S lists saved searches.", timeout=3)


def _articles(archive: Archive, ids: Sequence[str]) -> Iterator[Article]:
    return map(archive.get, ids)


def quotes_of_articles(archive: Archive, ids: Sequence[str], query: str) -> Iterator[Quote]:
    """A quotation of each article: the paragraph with the first match of a query, or the first one."""
    for article in _articles(archive, ids):
        marks = archive.highlight(article.body[:_SEARCHED], query) if query.strip() else ()
        spans = paragraph_spans(article.body)
        at = marks[0][0] if marks else 0
        span = next((each for each in spans if each[1] > at), None)
        yield archive.quote(article.id, article.body[span[0] : span[1]] if span else article.title)
