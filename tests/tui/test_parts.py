"""The parts that need no terminal: requests, rows, bars, lines, completions, and asking one thing at a time."""

from __future__ import annotations

import asyncio
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.style import Style

from archive import Archive, Article, FacetCount, FacetResult, SearchRequest, YearRange
from archive.errors import ArchiveError, NotFoundError, QueryError, SettingsError, UsageError
from archive.model.article import Block, Link
from archive.query.request import Selection
from archive.render.terminal import cell_width
from archive.saved.searches import (
    SavedFile,
    find_saved,
)
from archive.tui import line_layout
from archive.tui.external_editor import editor_command
from archive.tui.model import article_layout, paragraphs, request_edits, year_bars
from archive.tui.model.facet_rows import RowKind, facet_rows
from archive.tui.model.query_completion import as_prefix_query, completions
from archive.tui.model.search_model import FacetView, HitCache, ViewRequest, canonicalize, run_search
from archive.tui.screens.typed_years import parse_years
from archive.tui.search_controller import LatestOnly

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
FACETS = st.sampled_from(["person", "venue", "tags"])
GESTURES = st.lists(st.tuples(st.sampled_from(["toggled", "excluded", "missing", "all"]), FACETS, NAMES), max_size=12)


def made(gestures: list[tuple[str, str, str]]) -> SearchRequest:
    request = SearchRequest("q")
    for what, facet, value in gestures:
        match what:
            case "toggled":
                request = request_edits.toggled(request, facet, value)
            case "excluded":
                request = request_edits.excluded(request, facet, value)
            case "missing":
                request = request_edits.missing_toggled(request, facet)
            case "all":
                request = request_edits.all_people_toggled(request)
    return request


@given(GESTURES)
def test_every_constraint_can_be_taken_away(gestures: list[tuple[str, str, str]]) -> None:
    request = made(gestures)
    for constraint in request_edits.constraints(request):
        request = request_edits.removed(request, constraint)
        assert constraint not in request_edits.constraints(request)
    assert request.replace(all_people=False) == SearchRequest()


@given(GESTURES, FACETS, NAMES)
def test_a_gesture_is_about_one_value(gestures: list[tuple[str, str, str]], facet: str, value: str) -> None:
    request = made(gestures)
    once = request_edits.toggled(request, facet, value)
    assert value not in once.selections.get(facet, Selection()).excluded
    before = {c for c in request_edits.constraints(request) if (c.facet, c.value) != (facet, value)}
    assert {c for c in request_edits.constraints(once) if (c.facet, c.value) != (facet, value)} == before


@given(GESTURES)
def test_a_request_is_kept_as_text(gestures: list[tuple[str, str, str]]) -> None:
    request = made(gestures).replace(year=("2016..2020", "..1999"), sort="title", any_word=True)
    assert SearchRequest.from_record(request.to_record()) == request


def test_years_are_chosen_and_given_up() -> None:
    request = request_edits.toggled(SearchRequest(), "year", "2016")
    assert request.year == (YearRange(2016, 2016),)
    request = request_edits.years_toggled(request, YearRange(2018, 2020))
    assert [str(years) for years in request.year] == ["2016", "2018..2020"]
    apart = request_edits.toggled(request, "year", "2019")
    assert [str(years) for years in apart.year] == ["2016", "2018", "2020"]
    assert [str(years) for years in request_edits.toggled(apart, "year", "2018").year] == ["2016", "2020"]
    open_range = request_edits.toggled(SearchRequest(year="2016.."), "year", "2016")
    assert [str(years) for years in open_range.year] == ["2017.."]
    assert request_edits.years_toggled(request, YearRange(2019, 2021)).year[-1] == YearRange(2019, 2021)
    request = request_edits.years_only(request, YearRange(2018, 2020))
    assert request_edits.years_only(request, YearRange(2018, 2020)).year == ()
    assert request_edits.constraints(request)[0].label == "2018–2020"
    assert request_edits.cleared(request.replace(query="x", sort="title")) == SearchRequest("x", sort="title")


# -- saved searches --------------------------------------------------------------------


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=30))
@settings(deadline=None)  # it writes files
def test_any_name_is_kept(name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        saved = SavedFile(Path(folder))
        if not name.split():
            with pytest.raises(UsageError):
                saved.put(name, SearchRequest())
            return
        saved.put(name, SearchRequest('say "hi": #1', person="Zoë O'Dowd", where=(("tags", "yes"),)))
        found = saved.load()[0]
        assert found.name == " ".join(name.split())
        assert found.request == SearchRequest('say "hi": #1', person="Zoë O'Dowd", where=(("tags", "yes"),))


def test_the_file_of_saved_searches_stays_a_persons_own(tmp_path: Path) -> None:
    path, saved = tmp_path / "saved.yaml", SavedFile(tmp_path)
    path.write_text("# Mine\n- name: One\n  query: gala\n\n# The second\n- name: Two\n  person: [Kim]\n", "utf-8")
    saved.put("Three", SearchRequest(year="2016..", missing="venue", all_people=True))
    saved.remove(["One"])
    assert path.read_text("utf-8") == (
        '# Mine\n# The second\n- name: Two\n  person: [Kim]\n\n- name: Three\n  year:\n  - "2016.."\n'
        '  missing:\n  - venue\n  all_people: "true"\n'
    )
    saved.put("Two", SearchRequest("ball"))
    assert [each.name for each in saved.load()] == ["Three", "Two"]
    assert find_saved(saved.load(), "Two").request == SearchRequest("ball")
    with pytest.raises(NotFoundError, match="Three, Two"):
        saved.remove(["Four"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\n", "1: saved searches are a list"),
        ("- query: x\n", "1: a saved search begins with"),
        ("- name: x\n  colour: red\n", "no 'colour'"),
        ("- name: x\n- name: y\n  where: tags\n", ":2: where must be facets"),
        ("- name: x\n  year: soon\n", "'soon' is not a year"),
        ("- name: x\n  query: [a]\n", "query must be one piece"),
        ("- {name: x\n", "this is not YAML"),
    ],
)
def test_what_is_wrong_with_saved_searches_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "saved.yaml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        SavedFile(tmp_path).load()
    assert said in str(error.value)


# -- rows, bars and lines --------------------------------------------------------------


def test_the_rows_of_a_facet() -> None:
    result = FacetResult((FacetCount("A", 0, True), FacetCount("B", 5), FacetCount("C", 2)), 9, 3)
    request = SearchRequest(person="A", not_person=("X", "C"), all_people=True)
    rows = facet_rows(request, [FacetView("person", sort="name")], {"person": result})
    assert [(row.kind, row.text, row.count) for row in rows] == [
        (RowKind.HEAD, "Person · all-of mode · A–Z", 9),
        (RowKind.VALUE, "A", 0),
        (RowKind.EXCLUDED, "X", None),
        (RowKind.EXCLUDED, "C", None),
        (RowKind.VALUE, "B", 5),
        (RowKind.MORE, "7 more", None),
        (RowKind.MISSING, "no person", 3),
    ]
    assert len(facet_rows(request, [FacetView("person", folded=True)], {"person": result})) == 1


@given(st.dictionaries(st.integers(1, 2100), st.integers(1, 500), max_size=60), st.integers(1, 120), st.integers(1, 9))
def test_bars_fit_and_add_up(counts: dict[int, int], width: int, height: int) -> None:
    drawn = year_bars.make_bars(counts, frozenset(), width)
    for at in range(0, len(drawn.bins), 97):
        window = drawn.window(at // 2, at)
        assert at in window
        assert len(window) == min(drawn.room, len(drawn.bins))
        assert len(window) * drawn.cells <= max(width, 1)
    assert year_bars.total_count(drawn.bins) == sum(counts.values())
    for index, each in enumerate(drawn.bins[:200]):
        column = drawn.column(index, height)
        assert len(column) == height
        assert all(cell_width(line) == drawn.cells for line in column)
        assert bool("".join(column).strip()) == bool(each.count)
    for year in counts:
        assert drawn.bins[drawn.index_of(year)].year == year


@given(st.text(max_size=80), st.integers(0, 60))
def test_what_is_cut_fits(text: str, width: int) -> None:
    shown = line_layout.clip_safe(text, width)
    assert cell_width(shown) <= max(width, 0)
    assert cell_width(line_layout.join_people([line_layout.safe(text), "b"], width)) <= max(width, 2)


def test_lines_end_with_whole_words() -> None:
    assert line_layout.clip("the lantern house", 14) == "the lantern…"
    assert line_layout.clip("the lantern house", 17) == "the lantern house"
    assert line_layout.clip("Donaudampfschiff", 8) == "Donauda…"
    assert line_layout.join_people(["Ann Lee", "Bo", "Cy"], 12) == "Ann Lee +2"
    assert line_layout.join_people(["Ann Lee"], 5) == "Ann…"
    assert line_layout.join_people(["Ann Lee", "Bo"], 9) == "2 people"
    assert line_layout.clip_parts("8 of 101 · 2 ms · by title", 16) == "8 of 101 · 2 ms"


@given(st.text(max_size=120), st.integers(4, 40), st.integers(1, 3), st.data())
def test_a_snippet_keeps_its_marks(text: str, width: int, lines: int, data: st.DataObject) -> None:
    marks = []
    if len(text) > 2:
        start = data.draw(st.integers(0, len(text) - 2))
        marks = [(start, start + 1)]
    hit, plain = Style(bold=True), Style()
    rows = line_layout.snippet_lines(text, marks, width, lines, plain, hit)
    assert len(rows) == lines
    for row in rows:
        assert sum(cell_width(segment.text) for segment in row) <= width + 1
        assert all(len(segment.text) <= 1 for segment in row if segment.style == hit)


def test_the_first_mark_of_a_snippet_can_be_seen() -> None:
    text = "word " * 40 + "gala and more words to follow"
    rows = line_layout.snippet_lines(text, [(200, 204)], 40, 1, Style(), Style(bold=True))
    assert any(segment.text == "gala" for segment in rows[0])


# -- reading ---------------------------------------------------------------------------


@given(st.text(st.characters(codec="utf-8", include_characters="\n "), max_size=300), st.integers(8, 60))
def test_the_lines_of_an_article_are_its_text(body: str, width: int) -> None:
    layout = article_layout.lay_out(Article("a", "A", body), width)
    assert layout.complete
    shown = "".join(body[start:end] for start, end in layout.body)
    assert "".join(shown.split()) == "".join(body.split())
    for offset in range(0, len(body), 7):
        assert layout.offset_of(layout.line_of(offset)) <= offset or not offset
    partial = article_layout.lay_out(Article("a", "A", body), width, 20)
    assert list(layout.body[: len(partial.body)]) == list(partial.body)
    assert "".join(body[start:end] for start, end in article_layout.pieces(body, 10)) == body


@pytest.mark.parametrize("width", [20, 24, 31, 36, 76])
def test_names_above_an_article_are_there_in_full(width: int) -> None:
    people = ("محمد صلاح", "山田太郎さんとても長い名前の人です", "Wolfeschlegelsteinhausenberger Senior", "Zoë Amadi")
    article = Article("a", "A", "text", people=people, venues=("東京国立博物館の長い長い名前の会場",))
    layout = article_layout.lay_out(article, width)
    assert all(sum(cell_width(run.text) for run in line) <= width for line in layout.head)
    for name in (*people, *article.venues):
        runs = [run for line in layout.head for run in line if run.link is not None and run.link[1] == name]
        assert "".join("".join(run.text.split()) for run in runs) == "".join(name.split())
    starts = ["".join(run.text for run in line[1:]) for line in layout.head]
    assert not any(text.startswith((",", " ")) for text in starts)
    assert len(layout.links()) == 5


def test_paragraphs() -> None:
    text = "one\n\ntwo two\ntwo\n\n\nthree"
    assert paragraphs.paragraph_at(text, 6) == (5, 16)
    assert paragraphs.paragraph_at(text, 17) == (5, 16)
    assert paragraphs.next_paragraph(text, 0, 1) == 5
    assert paragraphs.next_paragraph(text, 7, 1) == 19
    assert paragraphs.next_paragraph(text, 20, 1) == 19
    assert paragraphs.next_paragraph(text, 20, -1) == 5
    assert paragraphs.next_paragraph(text, 1, -1) == 0
    assert paragraphs.paragraph_at("", 0) == (0, 0)


WORDS = "The harbour committee met again on Tuesday and nothing was decided about the quay or the lantern house. " * 4
VERSE = "Tell me not, in mournful numbers,\nLife is but an empty dream!\nFor the soul is dead that slumbers,\n" * 3


def test_text_that_was_wrapped_is_laid_out_as_paragraphs() -> None:
    wrapped = "\n\n".join([textwrap.fill(WORDS, 68)] * 3)
    article = Article("a", "A", wrapped)
    layout = article_layout.lay_out(article, 50)
    plain = article_layout.lay_out(Article("a", "A", "\n\n".join([WORDS.strip()] * 3)), 50)
    assert [layout.text(line) for line in range(layout.line_count)] == [
        plain.text(line) for line in range(plain.line_count)
    ]
    assert [wrapped[start:end].replace("\n", " ") for start, end in layout.body if end > start]


@pytest.mark.parametrize("text", [VERSE, "- one\n- two\n- three\n- four", "short\nlines\nof text\nonly"])
def test_text_that_was_not_wrapped_keeps_its_lines(text: str) -> None:
    layout = article_layout.lay_out(Article("a", "A", text), 80)
    assert [text[start:end] for start, end in layout.body] == text.split("\n")


def test_lists_and_tables_in_a_wrapped_text_keep_their_lines() -> None:
    body = f"{textwrap.fill(WORDS, 68)}\n\n" + "\n".join(f"an item that is long enough {n} to be filled" for n in "abc")
    article = Article("a", "A", body, blocks=(Block("item", 8, 10),))
    assert body.split("\n")[8].startswith("an item")
    lines = [body[start:end] for start, end in paragraphs.lines_to_lay_out(article, len(body))]
    assert lines[-3:] == body.split("\n")[-3:]
    assert len(lines[0]) > 300


def test_the_line_in_the_file() -> None:
    article = Article("a", "A", "one\ntwo\nthree", path="corpus/a.md", line=5)
    assert article.line_at(9) == 7
    assert Article("a", "A", "x\ny", path="c/a.jsonl", line=3, line_by_line=False).line_at(2) == 3


@pytest.mark.parametrize(
    ("editor", "called"),
    [
        ("vim", ["vim", "+7", "a.md"]),
        ("emacs -nw", ["emacs", "-nw", "+7", "a.md"]),
        ("code", ["code", "--wait", "--goto", "a.md:7"]),
        ("/usr/bin/hx", ["/usr/bin/hx", "a.md:7"]),
        ("gedit-like --wait", ["gedit-like", "--wait", "a.md"]),
    ],
)
def test_editors_are_told_the_line(editor: str, called: list[str]) -> None:
    assert editor_command(editor, Path("a.md"), 7) == called


# -- asking ----------------------------------------------------------------------------


def test_one_question_at_a_time_and_late_answers_are_dropped() -> None:
    under_way, most, asked, answered = 0, 0, [], []
    lock = threading.Lock()

    def work(question: int) -> int:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        asked.append(question)
        time.sleep(0.03)
        with lock:
            under_way -= 1
        return question

    async def run() -> None:
        with ThreadPoolExecutor(4) as pool:
            newest = LatestOnly(pool, work, lambda question, _: answered.append(question), lambda *_: None)
            task = asyncio.create_task(newest.run())
            for number in range(20):
                newest.ask(number, 0.005)
                await asyncio.sleep(0.004)
            while newest.busy:
                await asyncio.sleep(0.005)
            task.cancel()

    asyncio.run(run())
    assert most == 1
    assert answered[-1] == 19
    assert len(asked) < 8
    assert answered == sorted(answered)


def test_a_failure_is_told_unless_it_is_late() -> None:
    failed = []

    def work(question: int) -> int:
        time.sleep(0.01)
        raise ArchiveError(str(question))

    async def run() -> None:
        with ThreadPoolExecutor(1) as pool:
            failing = lambda question, error: failed.append((question, str(error)))  # noqa: E731
            newest = LatestOnly(pool, work, lambda *_: None, failing)
            task = asyncio.create_task(newest.run())
            for number in (1, 2):
                newest.ask(number)
                await asyncio.sleep(0.002)
            while newest.busy:
                await asyncio.sleep(0.002)
            task.cancel()

    asyncio.run(run())
    assert failed == [(2, "2")]


def test_only_what_has_changed_is_asked_again(demo: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.tui.model.search_model import ViewRequest

    views = tuple(FacetView(name) for name in ("person", "venue", "year"))
    first = run_search(demo, ViewRequest(SearchRequest("trump"), views))
    monkeypatch.setattr(Archive, "search", None)
    named = (FacetView("person", sort="name", limit=3), *views[1:])
    second = run_search(demo, ViewRequest(SearchRequest("trump"), named), first)
    assert second.page is first.page
    assert [value.value for value in second.facets["person"].values] == [
        "Alice Johnson",
        "David Guetta",
        "Donald Trump",
    ]
    assert second.facets["venue"] is first.facets["venue"]


def test_names_are_taken_as_the_archive_writes_them(demo: Archive) -> None:
    request = SearchRequest(person=("kim kardashian", "Ivanka Trump"), venue="FUNKE")
    assert canonicalize(demo, request) == SearchRequest(person=("Kim Kardashian", "Ivanka Trump"), venue="Funke")
    with pytest.raises(UsageError):
        canonicalize(demo, SearchRequest(where=(("nope", "x"),)))


@pytest.mark.parametrize(
    ("typed", "label", "line"),
    [
        ("pers", "person:", "person:"),
        ("gala ven", "venue:", "gala venue:"),
        ("person:kim", "Kim Kardashian", 'person:"Kim Kardashian" '),
        ('person:"Kim', "Kim Kardashian", 'person:"Kim Kardashian" '),
        ("person:odo", "Siobhán O'Dowd", 'person:"Siobhán O\'Dowd" '),
        ("ball (person:pascoe v", "Verity Pascoe-Lund", 'ball (person:"Verity Pascoe-Lund" '),
        ("-venue:fun", "Funke", "-venue:Funke "),
        ("year:201", "2016", "year:2016 "),
        ("missing:ven", "venue", "missing:venue "),
    ],
)
def test_completions(demo: Archive, typed: str, label: str, line: str) -> None:
    found = {each.label: each.line for each in completions(demo, typed)}
    assert found[label] == line


@pytest.mark.parametrize("text", ["", "ka", "kar ", "title:kar", '"met kar', "gala NOT", "2016", "kar*"])
def test_what_is_no_word_that_has_begun_is_searched_for_as_it_is(text: str) -> None:
    assert as_prefix_query(text) is None


def test_where_too_many_words_begin_so_nothing_is_found(demo: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    question = ViewRequest(SearchRequest("kardash"), (), typing=True)
    assert run_search(demo, question).request.query == "kardash*"
    assert run_search(demo, replace(question, typing=False)).page.total == 0
    monkeypatch.setattr("archive.engine.local.multi_term.MAX_EXPANSION", 0)
    assert run_search(demo, question).page.total == 0


@pytest.mark.parametrize("typed", ["", "zzzz", "nofield:x", "title:gala", "gala ", 'person:"Kim Kardashian" '])
def test_nothing_to_complete(demo: Archive, typed: str) -> None:
    assert completions(demo, typed) == ()


def test_a_window_fetches_what_is_seen() -> None:
    window = HitCache(1000)
    assert list(window.missing_pages(0, 79)) == [0, 1]
    assert list(window.missing_pages(990, 5000)) == [24]
    for page in range(80):
        window.put(page, ())
    assert 79 not in list(window.missing_pages(79 * 40, 79 * 40))
    assert window.get(5) is None
    assert window.find("x") is None


def test_a_bad_query_raises_and_nothing_else(demo: Archive) -> None:
    from archive.tui.model.search_model import ViewRequest

    with pytest.raises(QueryError):
        run_search(demo, ViewRequest(SearchRequest("nofield:x"), ()))


NAMES = ("Augustin Pascoe-Lund", "Augustin Pascoe-Lund the younger", "Augustin Pascoe-Lund the elder", "Zoë Amadi")


@given(
    st.lists(st.text("abc नमस्ते👨‍👩‍👧e\u0301", min_size=1, max_size=30).map(str.strip), max_size=5), st.integers(4, 20)
)
def test_cut_names_fit(names: list[str], width: int) -> None:
    for name in names:
        assert cell_width(line_layout.clip_name(name, width, names)) <= width


@pytest.mark.parametrize("width", range(14, 34))
def test_no_two_cut_names_look_alike(width: int) -> None:
    cut = [line_layout.clip_name(name, width, NAMES) for name in NAMES]
    assert len(set(cut)) == len(NAMES)
    assert all(cell_width(each) <= width for each in cut)
    assert not any(each.rstrip("… ") in NAMES for each in cut if "…" in each)


def test_names_are_cut_by_the_letter() -> None:
    assert line_layout.clip_name("Canon Alistair Tremlett", 18, NAMES) == "Canon Alistair Tr…"


def test_evidence_is_cut_so_that_both_names_show() -> None:
    text = (
        f"It was late when Kim Kardashian arrived, {'and the band played on, ' * 12}"
        f"and only then did Ivanka Trump come in from the garden, {'as the guests left, ' * 5}"
    )
    marks = [(text.index(name), text.index(name) + len(name)) for name in ("Kim Kardashian", "Ivanka Trump")]
    for cells in (60, 100, 160):
        short, moved = line_layout.condense(text, marks, cells)
        assert [short[start:end] for start, end in moved] == ["Kim Kardashian", "Ivanka Trump"]
        assert cell_width(short[: moved[-1][1]]) <= cells
        assert all(part.strip() in text for part in short.split("…"))
    whole = "Kim Kardashian met Ivanka Trump."
    assert line_layout.condense(whole, [(0, 14), (19, 31)], 60) == (whole, ((0, 14), (19, 31)))


def test_lines_of_the_text_know_what_they_are() -> None:
    rows = ["One.", "", "A Part", "", "Said", "and done.", "", "x = 1", "", "y = 2", "", "- item", "A sail.", ""]
    made = (("h2", 2, 2), ("quote", 4, 5), ("code", 7, 9), ("item", 11, 11), ("caption", 12, 12))
    blocks = tuple(Block(*each) for each in made)
    styles = article_layout.TextStyles(Article("a", "A", "\n".join(rows), blocks=blocks))
    found, offset = [], 0
    for row in rows:
        found += [{styles.style_at(at) for at in range(offset, offset + len(row) + 1)}]
        offset += len(row) + 1
    said = {2: "heading", 4: "quote", 5: "quote", 7: "code", 8: "code", 9: "code", 12: "caption"}
    assert found == [{said.get(row, "text")} for row in range(len(rows))]
    assert article_layout.TextStyles(Article("a", "A", "")).style_at(0) == "text"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=6), st.integers(0, 30), st.integers(0, 30))
def test_pieces_of_a_line_are_the_line(spans: list[tuple[int, int]], start: int, end: int) -> None:
    links, at = [], 0
    for gap, length in spans:
        links.append(Link(0, at + gap, at + gap + length, f"https://{len(links)}.example"))
        at += gap + length
    styles = article_layout.TextStyles(Article("a", "A", "x" * (at + 40), links=tuple(links)))
    pieces = list(styles.pieces(start, end))
    assert "".join("x" * (last - first) for first, last, _ in pieces) == "x" * max(0, end - start)
    for first, last, address in pieces:
        for offset in range(first, last):
            assert address == next((link.target for link in links if link.start <= offset < link.end), "")


def test_only_addresses_of_the_web_are_given_to_the_terminal() -> None:
    targets = ("https://a.example/x?y#z", "http://b.example", "javascript:x", "file:///etc/passwd",
               "https://c.example/\u202e", "https://d.example/ x", "//e.example", "notes.md")  # fmt: skip
    links = tuple(Link(row, 0, 1, target) for row, target in enumerate(targets))
    styles = article_layout.TextStyles(Article("a", "A", "\n".join("x" * len(targets)), links=links))
    assert [address for _, _, address in styles.links] == ["https://a.example/x?y#z", "http://b.example"]
    assert [start for start, _, _ in styles.links] == [0, 2]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1999", ["1999"]),
        (" 1995 - 2003, 2010.. ", ["1995..2003", "2010.."]),
        ("1995–2003;..1980", ["1995..2003", "..1980"]),
        ("1995 to 2003", ["1995..2003"]),
        ("", []),
    ],
)
def test_years_are_typed_as_people_write_them(text: str, years: list[str]) -> None:
    assert [str(each) for each in parse_years(text)] == years


def test_years_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(UsageError):
        parse_years("last year")


@given(
    st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans()), min_size=1, max_size=4), st.integers(1, 80)
)
def test_facets_fill_their_panel(facets: list[tuple[int, bool, bool]], height: int) -> None:
    views = [FacetView(f"f{number}", folded=folded) for number, (_, folded, _) in enumerate(facets)]
    results = {
        view.name: FacetResult(tuple(FacetCount(f"v{n}", 60 - n) for n in range(count)), count, int(missing))
        for view, (count, _, missing) in zip(views, facets, strict=True)
    }
    rows = facet_rows(SearchRequest(), views, results, height)
    least = facet_rows(SearchRequest(), views, results)
    assert len(least) <= len(rows)
    if len(rows) > len(least):
        assert len(rows) <= height
    elif any(row.kind is RowKind.MORE for row in rows):
        assert len(least) + len(facets) > height
