"""Markdown and HTML as their reader sees them."""

# What is written and what is seen of it stand on one line:
# ruff: noqa: E501

import json
import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.corpus.broken_words import join_broken_words
from archive.corpus.formats import markdown
from archive.corpus.formats.markdown import render
from archive.corpus.html_text import is_html, render_html
from archive.corpus.rendered_text import RenderedText
from archive.model.article import Link

from .helpers import article, put, warnings
from .photos import iim, picture

NEVER = re.compile(r"(?!)")
WORDS = ("harbour", "lamp", "ferry", "quay", "supper", "choir", "rope", "council", "winter", "herring", "tide", "ball")


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("The [chair](https://x.test/a_b?c=d \"Who\") and [the *crew*][c].\n\n[c]: https://crew.test", "The chair and the crew."),
        ("![Ada by the organ](</img/Mo 4.jpg> \"Plate\")", "Ada by the organ"),
        ("<script>var x = 'Mo';</script>\n\n<style>.a {}</style>\n\nText <b class=\"x\">b</b>old<br>er.", "Text bold\ner."),
        ("One.\n<!-- cut: Mo\nLind -->\nTwo.", "One.\n\nTwo."),
        ("A&nbsp;B &amp; caf&eacute; &#8212; AT&T &copy", "A B & café — AT&T &copy"),
        ("**Ada** Quill, *Br*uno, Mar__x__, `Mo` _Lind_", "Ada Quill, Bruno, Mar__x__, Mo Lind"),
        ("Ada\\\nQuill  \nand<br/>Mo", "Ada\nQuill\nand\nMo"),
        ("{% include a.html %}\n\nTide [low]({{ \"/t/\" | url }}) at {{ now }}.\n\n{{< yt x >}}", "Tide low at ."),
        ("{% comment %}Mo{% endcomment %}Mud.\n{: .note}", "Mud."),
        ("| A | B |\n|---|:-:|\n| *c* | d |\n\nEnd.", "A | B\nc | d\n\nEnd."),
        ("All night.[^1] Yes.\n\n[^1]: Until *three*.", "All night. Yes.\n\nUntil three."),
        ("All night.^[Until *three*.] Yes.\n\nEnd.", "All night. Yes.\n\nEnd.\n\nUntil three."),
        ("- a\n- b\n    1. c\n    2. d\n\n> q\n> r\n\n- [x] ~~e~~ f\n\n---\n\nEnd", "- a\n- b\n1. c\n2. d\n\nq\nr\n\n- e f\n\nEnd"),
        ("3\\*4 \\[sic\\] 12\\_000\n\n```py\n{x}: *y*\n```\n\n    z  z", "3*4 [sic] 12_000\n\n{x}: *y*\n\nz  z"),
        ("Head\n====\n\nText\n\n## Sub ##\n\nMore", "Head\n\nText\n\nSub\n\nMore"),
        ("Wert\u00adpapier\u00adindex light\u200bhouse Fen\u00ad\nwick rose", "Wertpapierindex lighthouse Fenwick\nrose"),
        ("<div hidden>\n\nsecret\n\n</div>\n\nshown <span style='display:none'>x</span>", "shown"),
        ("[[Ada Quill|Ada]] and [[Mo]], ![[pic.png]] a [[1]](x)", "Ada and Mo, a [1]"),
        ("If a < b and b > c, 2 * 3 * 4 = 24 & _so_ on_", "If a < b and b > c, 2 * 3 * 4 = 24 & so on_"),
        ("<figure><img src=\"x\" alt=\"Ada &amp; Mo\"><figcaption>At the pier</figcaption></figure>", "Ada & Mo\n\nAt the pier"),
    ],
)  # fmt: skip
def test_what_is_seen(source: str, seen: str) -> None:
    assert render(source).text == seen


def test_every_line_knows_where_it_came_from(tmp_path: Path) -> None:
    text = "---\ntitle: T\n---\n\nHead\n====\n\n<!-- a\nb -->\n\nOne\ntwo\n\n```\ncode\n```\n\n- item\n\nLast"
    found = article(tmp_path, text)
    lines = text.split("\n")
    offset = 0
    for row in found.body.split("\n"):
        if row:
            assert row.lstrip("- ") in lines[found.line_at(offset) - 1]
        offset += len(row) + 1
    assert [(block.style, block.first_row) for block in found.blocks] == [("h1", 0), ("code", 5), ("item", 7)]


def test_styles_come_back_from_what_is_exported(tmp_path: Path) -> None:
    text = "# T\n\n## A *b*\n\n- c\n- 1_000\n\n3. d\n\n> e\n> f\n\n```\ng `` h\n```\n\n<b>x</b> {{ y }}"
    found = article(tmp_path, text)
    assert [block.style for block in found.blocks] == ["h2", "item", "item", "quote", "code"]
    from archive.corpus.serialize import to_markdown

    again = article(tmp_path, to_markdown(found), "again.md")
    assert (again.title, again.body, again.blocks) == (found.title, found.body, found.blocks)


pieces = st.sampled_from(
    [
        "a",
        "bc",
        "Ada",
        "*a*",
        "**b**",
        "_c_",
        "***d***",
        "*e",
        "_f_*",
        "[g](h)",
        "[i",
        "*j*](k",
        '"l")',
        "![m](n)",
        "`o`",
        "`",
        "``",
        "``p``",
        "[q]",
        "[q][r]",
        "\\*",
        "\\",
        "&",
        "&amp;",
        "<",
        "<b>",
        "</b>",
        "<br>",
        ">",
        "#",
        "##",
        "-",
        "*",
        "+",
        "1.",
        "2)",
        "~~s~~",
        "~",
        "|",
        ":",
        "{{t}}",
        "{%u%}",
        "[[v]]",
        "^[w]",
        "[^x]",
        "!",
        "(",
        ")",
        "[",
        "]",
        "_",
        "__",
        "*",
        "**",
        ".",
        ",",
        "é",
        "x\xa0y",
        '"',
        "---",
        "===",
        "```",
        "~~~",
        "[q]:",
    ]
)
spaces = st.sampled_from(
    [" ", " ", " ", "", "\n", "\n\n", "\n\n", "  \n", "\n ", "\n    ", "\n- ", "\n> ", "\n## ", "\t"]
)
documents = st.lists(st.tuples(pieces, spaces), max_size=25).map(lambda parts: "".join(a + b for a, b in parts))


@settings(deadline=None, max_examples=200)
@given(text=documents)
@example(text="\\\n")
@example(text="\\\n ")
@example(text="-\n\na ")
def test_the_fast_ways_see_what_commonmark_sees(text: str) -> None:
    fast = render(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "_runs", lambda text: [(0, len(text), False)])
        patch.setattr(markdown, "_simple", lambda *_: None)
        patch.setattr(markdown, "_HEADING", NEVER)
        for name in ("_ITEMS", "_NUMBERED_ITEMS", "_QUOTED"):
            patch.setattr(markdown, name, NEVER)
        slow = render(text)
    assert fast.lines == slow.lines
    assert fast.placed_links() == slow.placed_links()
    assert [number for line, number in zip(fast.lines, fast.numbers or (), strict=True) if line] == [
        number for line, number in zip(slow.lines, slow.numbers or (), strict=True) if line
    ]


LINKED = """---
title: Links
---
See [one *two*](https://a.example/1 "x") and [x](notes.md), **[z](q)**; a [b](b).

- item [l](m)

> <a href='https://h.example/?a=1&amp;b=2'>an
> anchor</a> end

[ref][r], <https://auto.example>, [a long
one](t), [](empty), ![picture [with](w)](p.png), [[wiki]].

`[no](code)` \\[no](link)

[r]: https://ref.example
"""


def test_links_are_known_and_no_text(tmp_path: Path) -> None:
    found = article(tmp_path, LINKED)
    rows = found.body.split("\n")
    assert [(rows[link.row][link.start : link.end], link.target) for link in found.links] == [
        ("one two", "https://a.example/1"),
        ("x", "notes.md"),
        ("z", "q"),
        ("b", "b"),
        ("l", "m"),
        ("an", "https://h.example/?a=1&b=2"),
        ("anchor", "https://h.example/?a=1&b=2"),
        ("ref", "https://ref.example"),
        ("https://auto.example", "https://auto.example"),
        ("a long", "t"),
        ("one", "t"),
        ("with", "w"),
    ]
    text = found.body.replace("https://auto.example", "")
    assert not any(target in text for target in ("example", "notes.md", "p.png"))


@pytest.mark.parametrize("markup", ["html", "markdown"])
def test_links_of_records_are_known(tmp_path: Path, markup: str) -> None:
    text = {"html": "<p>The <a class=x href='/a'>old <b>pier</b></a>.</p>", "markdown": "The [old **pier**](/a)."}[
        markup
    ]
    found = article(tmp_path, json.dumps({"title": "T", "body": text, "markup": markup}), "x.jsonl")
    assert (found.body, found.links) == ("The old pier.", (Link(0, 4, 12, "/a"),))


def test_links_stay_with_their_words(tmp_path: Path) -> None:
    """A title, a credit and a caption move the lines; a word that is put together moves the words."""
    put(tmp_path, "a.jpg", picture(iim=iim(caption="A sail.")))
    text = "[T](t)\n\nOne [of the har-\nbourmaster](two) too.\n\n![](a.jpg)\n\nPhoto: [A. Quill](c)\n\nThen [three](four).\n"
    found = article(tmp_path, text)
    rows = found.body.split("\n")
    assert rows == ["One of the har-", "bourmaster too.", "", "A sail.", "", "Then three."]
    said = [(rows[link.row][link.start : link.end], link.target) for link in found.links]
    assert said == [("of the har-", "two"), ("bourmaster", "two"), ("three", "four")]
    body = RenderedText(
        ["of the har-", "bourmaster x"], [1, 2], (), [[(0, "of the har-", "t")], [(0, "bourmaster", "t")]]
    )
    join_broken_words(body, frozenset(["harbourmaster"]))
    assert (body.lines, body.placed_links()) == (["of the harbourmaster", "x"], ())


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "![" * 50_000, "*a " * 50_000, "`" * 50_000 + "a", "<" * 50_000, "<!--" * 20_000, "<a " * 30_000,
     "{{" * 50_000, "{%" * 50_000, "> " * 20_000, "- " * 20_000, "|" * 50_000, "_a" * 50_000,
     "**a **b" * 20_000, "&" * 100_000, "[a](" * 30_000, "[a]: x\n" * 20_000, "<div>" * 30_000, "a\n" * 60_000,
     "^[" * 30_000, "[^a]: b\n\n" * 10_000, "<b '" * 30_000, "    a\n\n" * 20_000, "#" * 100_000, "\\" * 100_001],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_no_text_takes_long_that_is_read_without_limits(text: str) -> None:
    """What is larger is read in a process with limits."""
    began = time.process_time()
    render(text[:50_000])
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>Ada <b>Qu</b>ill &amp; Mo&nbsp;Lind <a href=\"https://s.test\">sang</a>.</p><!-- Zoe --><p>Two.</p>",
         "Ada Quill & Mo Lind sang.\n\nTwo."),
        ("One<br>two<br/>three<script>x</script><style>y", "One\ntwo\nthree"),
        ("<ul><li>a</li><li>b <i>c</i></li></ul><table><tr><th>d<td>e</tr><tr><td>f</td><td>g</td></tr></table>",
         "- a\n- b c\n\nd | e\nf | g"),
        ("<div><h2>H</h2>text<blockquote>q</blockquote></div>tail", "H\n\ntext\n\nq\n\ntail"),
        ("<pre>a  b\n c</pre><img alt='Ada \"Q\"' src=x>", "a b\nc\n\nAda \"Q\""),
        ("5 < 6 &lt;b&gt; <3 <unknown>x</unknown>", "5 < 6 <b> <3 x"),
        ("<iframe>a<p>b</iframe>c<svg><title>d</title></svg>", "c"),
    ],
)  # fmt: skip
def test_what_is_seen_of_html(html: str, seen: str) -> None:
    assert render_html(html).text == seen
    assert is_html(html)


@pytest.mark.parametrize("text", ["If a < b and b > c, late & wet.", "x <y@z.org> z", "R&D; AT&T", ""])
def test_plain_text_is_not_taken_for_html(text: str) -> None:
    assert not is_html(text)


@given(st.text(alphabet="<>/abip!-\"'= &;#x1\n", max_size=80))
def test_any_html_is_text(text: str) -> None:
    assert "\n\n\n" not in render_html(text).text


def posts(count: int, phrases: int) -> tuple[dict[str, str], dict[str, str]]:
    """Posts by file name, and phrases that run over a link in one of them, each with its post's id."""
    chance = random.Random(15)

    def words(number: int) -> list[str]:
        return [chance.choice(WORDS) for _ in range(number)]

    written, wanted = {}, {}
    for number in range(count):
        paragraphs = []
        for _ in range(chance.randint(3, 6)):
            text = words(chance.randint(20, 50))
            for at in chance.sample(range(3, len(text) - 3), chance.randint(0, 3)):
                address = f"https://addr{chance.randrange(99)}.test/pathword{chance.randrange(99)}?q=queryword"
                text[at] = chance.choice(
                    [f"[{text[at]}]({address})", f"[{text[at]}]({address} \"titleword\")", f"[*{text[at]}*]({address})",
                     f"<a href=\"{address}\" class=\"classword\">{text[at]}</a>", f"[{text[at]}][r]",
                     f"**[{text[at]}]({address})**"]
                )  # fmt: skip
            paragraphs.append(" ".join(text) + ".")
        if number < phrases:
            key = f"unique{number}"
            before, inside, after = words(2), words(2), words(2)
            link = f"[{' '.join(inside)}](https://addr.test/pathword{number})"
            paragraphs.insert(1, f"{key} {' '.join(before)} {link} {' '.join(after)} so it was.")
            wanted[f"{key} {' '.join([*before, *inside, *after])}"] = f"post-{number}"
        paragraphs.append('[r]: https://addr.test/refword "titleword"')
        paragraphs.insert(
            0, chance.choice(["<!-- commentword -->", "{% include templateword %}", "## " + " ".join(words(3)), ""])
        )
        written[f"p{number}.md"] = f"---\ntitle: Post {number}\n---\n\n" + "\n\n".join(paragraphs) + "\n"
    return written, wanted


def test_phrases_over_links_are_found_and_nothing_that_is_not_seen(tmp_path: Path) -> None:
    written, wanted = posts(500, 200)
    (tmp_path / "corpus").mkdir()
    for name, text in written.items():
        (tmp_path / "corpus" / name).write_text(text, "utf-8")
    with Archive.open(tmp_path) as archive:
        report = archive.index()
        assert (report.added, report.problems, report.warnings) == (500, (), ())
        found = {phrase: [hit.id for hit in archive.search(f'"{phrase}"').hits] for phrase in wanted}
        assert found == {phrase: [article_id] for phrase, article_id in wanted.items()}
        for word in (
            "pathword1",
            "queryword",
            "titleword",
            "classword",
            "refword",
            "commentword",
            "templateword",
            "https",
        ):
            assert archive.search(word).total == 0
            assert archive.search(f"{word}*").total == 0
        for each in archive.articles():
            assert not set(each.body) & set("[]<>{}*")


def test_a_record_may_say_what_its_text_is_written_in(tmp_path: Path) -> None:
    records = [
        '{"title": "T", "content_html": "a &lt; <i>b</i>"}',
        '{"title": "T", "body": "a &lt; <i>b</i>", "markup": "none"}',
        '{"title": "T", "body": "a [b](c) *d*", "markup": "markdown"}',
        '{"title": "T", "body": "a [b](c) *d*"}',
    ]
    bodies = ["a < b", "a &lt; <i>b</i>", "a b d", "a [b](c) *d*"]
    for record, body in zip(records, bodies, strict=True):
        found = article(tmp_path, record, "x.jsonl")
        assert (found.body, found.line_by_line) == (body, False)
        assert warnings(tmp_path, record, "x.jsonl") == []
    assert article(tmp_path, "---\nmarkup: none\n---\n# T\n\n*a*  [b](c)").body == "*a*  [b](c)"


def test_what_is_seen_of_escaped_signs_is_found_as_a_phrase(tmp_path: Path) -> None:
    put(tmp_path, "x.md", "---\ntitle: Prices\n---\n\nIt was 3\\*4 shillings \\[sic\\], or 12\\_000 pence.\n")
    with Archive.open(tmp_path) as archive:
        archive.index()
        for phrase in ("3*4 shillings [sic]", "12_000 pence", "shil* [sic]"):
            assert archive.search(f'"{phrase}"').total == 1, phrase


@pytest.mark.parametrize(
    "items",
    [
        "- *first* point\n- **second**\n- ***third***",
        "- [a link](http://x.org) there\n- ![a picture](p.jpg)\n- [ ] open\n- [x] done",
        "* `code` and more\n* _stressed_, __strongly__\n* *not closed",
        "1. *one*\n2. [two](x)\n3. `three`",
        "- * * *\n- ***\n- ___\n- ```\n- [a]: http://x.org\n- [^1]: A note.",
        "> *Quoted* at length\n> [with a link](x).",
    ],
)
def test_items_are_what_the_parser_makes_of_them(items: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"Before.\n\n{items}\n\nAfter [a].\n"
    found = markdown.render(text)
    monkeypatch.setattr(markdown, "_all_simple", lambda blocks: False)
    assert found == markdown.render(text)
