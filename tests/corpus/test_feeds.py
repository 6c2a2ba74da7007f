"""Feeds and exports of WordPress: entries in, articles out."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from archive.corpus.formats.registry import read
from archive.model.article import Article, Problem

from .helpers import OPTIONS, article, everything, problem, put, results, source, warnings

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Tide</title><link>https://t.test/</link><language>en-gb</language>
<wp:author><wp:author_login>mo</wp:author_login><wp:author_display_name>Mo Ray</wp:author_display_name></wp:author>
%s
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<title>Die Flut</title><author><name>Ann</name></author>%s</feed>"""


def item(*parts: str, title: str = "T") -> str:
    return f"<item><title>{title}</title>{''.join(parts)}</item>"


def post(*parts: str, kind: str = "post", state: str = "publish", title: str = "T") -> str:
    type_ = f"<wp:post_type>{kind}</wp:post_type><wp:status>{state}</wp:status>"
    return item("<dc:creator>mo</dc:creator>", type_, *parts, title=title)


def content(text: str) -> str:
    return f"<content:encoded><![CDATA[{text}]]></content:encoded>"


def test_an_item_with_everything(tmp_path: Path) -> None:
    data = RSS % item(
        "<link>https://t.test/1</link><guid isPermaLink='false'>g1</guid>",
        "<pubDate>Sat, 03 May 2014 23:30:00 -0800</pubDate><author>mo@t.test (Mo Ray)</author>",
        "<dc:creator>Ann</dc:creator><category>fog</category><dc:subject>sea</dc:subject><media:credit>AFP</media:credit>",
        "<description>Short &amp;amp; sweet</description>",
        content(
            "<p>One <b>bold</b>&#8217;s</p><figure><figcaption>Ada at sea</figcaption></figure><script>x()</script>"
        ),
        "<enclosure url='https://t.test/a.mp3' type='audio/mpeg'/>",
        title="Fog &amp;amp; rain",
    )
    found = article(tmp_path, data, "x.rss")
    assert (found.title, found.date, found.authors) == ("Fog & rain", "2014-05-03", ("Mo Ray", "Ann"))
    assert (found.tags, found.source, found.language) == (("fog", "sea"), "The Tide", "en-gb")
    assert (found.url, found.credits, found.body) == ("https://t.test/1", ("AFP",), "One bold’s\n\nAda at sea")
    assert found.extra == {"guid": "g1", "summary": "Short & sweet", "enclosure": "https://t.test/a.mp3"}
    assert found.line == 7


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("<guid>https://t.test/7</guid>", "https://t.test/7"),
        ("<guid isPermaLink='false'>https://t.test/7</guid>", ""),
        ("<guid>7</guid>", ""),
    ],
)
def test_a_guid_may_be_the_address(tmp_path: Path, guid: str, url: str) -> None:
    assert article(tmp_path, RSS % item(guid, "<description>x</description>"), "x.rss").url == url


def test_rss_1_names_its_channel_elsewhere(tmp_path: Path) -> None:
    data = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title><items><rdf:Seq/></items></channel>
      <item><title>A</title><link>https://o.test/a</link><description>One.</description><dc:date>2001-02-03T23:00:00-05:00
      </dc:date></item></rdf:RDF>"""
    found = article(tmp_path, data, "old.xml")
    assert (found.title, found.date, found.source, found.body) == ("A", "2001-02-03", "Old", "One.")


@pytest.mark.parametrize(
    ("element", "body"),
    [
        ("<content>5 &lt; 6 &amp; so on</content>", "5 < 6 & so on"),
        ("<content type='html'>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</content>", "One\n\nTwo"),
        ("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>A <i>b</i></p></div></content>", "A b"),
        ("<summary>Only this.</summary>", "Only this."),
    ],
)
def test_texts_of_atom(tmp_path: Path, element: str, body: str) -> None:
    entry = f"<title type='html'>A &amp;amp; B</title><id>u:1</id>{element}<updated>2001-02-03T00:00:00Z</updated>"
    found = article(tmp_path, ATOM % f"<entry>{entry}</entry>", "x.atom")
    assert (found.title, found.body, found.date) == ("A & B", body, "2001-02-03")
    assert (found.source, found.authors, found.language, found.extra["guid"]) == ("Die Flut", ("Ann",), "de", "u:1")


def test_an_entry_says_more_of_itself_than_its_feed(tmp_path: Path) -> None:
    entry = """<entry xml:lang="fr"><title>T</title><published>2001-02-03T00:00:00Z</published><updated>2009</updated>
      <author><name>Bo</name></author><author><name>Cy</name></author><category term="x" label="Ex"/>
      <link href="https://a.test/1"/><link rel="enclosure" href="https://a.test/1.mp3"/><source><title>Other</title></source>
      <content>Text.</content></entry>"""
    found = article(tmp_path, ATOM % entry, "x.atom")
    assert (found.date, found.authors, found.source, found.language) == ("2001-02-03", ("Bo", "Cy"), "Other", "fr")
    assert (found.tags, found.url) == (("Ex",), "https://a.test/1")
    assert found.extra == {"updated": "2009", "link_enclosure": "https://a.test/1.mp3"}


def test_a_post_of_wordpress(tmp_path: Path) -> None:
    data = RSS % post(
        content(
            "<!-- wp:paragraph -->One <em>two</em> [sic]\n\nThree\n[gallery ids=\"1,2\"]"
            '[caption id="a" width="3"]<img alt="A boat" src="x"> Ada rows[/caption]'
        ),
        "<excerpt:encoded>Why.</excerpt:encoded><pubDate>Mon, 01 Feb 2016 07:30:00 +0000</pubDate>",
        "<wp:post_date>2016-01-31 23:30:00</wp:post_date>",
        "<category domain='category'>Sea</category><category domain='post_tag'>fog</category>",
        "<category domain='people'>Ada Quill</category>",
        "<wp:postmeta><wp:meta_key>_edit_last</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>",
        "<wp:postmeta><wp:meta_key>location</wp:meta_key><wp:meta_value>Pier</wp:meta_value></wp:postmeta>",
        "<wp:comment><wp:comment_content>Nonsense!</wp:comment_content></wp:comment>",
    )  # fmt: skip
    found = article(tmp_path, data, "x.xml")
    assert (found.date, found.authors, found.tags) == ("2016-01-31", ("Mo Ray",), ("Sea", "fog"))
    assert (found.people, found.venues, found.extra) == (("Ada Quill",), ("Pier",), {"summary": "Why."})
    assert found.body == "One two [sic]\n\nThree A boat Ada rows"


def test_what_wordpress_exports_beside_articles_is_counted(tmp_path: Path) -> None:
    posts = [
        post(content("a"), title="A"),
        post(content("b"), kind="page", title="B"),
        post(content("c"), kind="attachment"),
        post(content("d"), kind="nav_menu_item"),
        post(content("e"), kind="nav_menu_item"),
        post(content("f"), state="trash"),
        post(content("g"), state="draft", title="G"),
    ]
    found = [each for each in results(tmp_path, "x.xml", RSS % "".join(posts)) if isinstance(each, Article)]
    assert [each.title for each in found] == ["A", "B", "G"]
    assert [dict(each.extra) for each in found] == [{}, {"wp_post_type": "page"}, {"wp_status": "draft"}]
    (warning,) = warnings(tmp_path, RSS % "".join(posts), "x.xml")
    assert warning.what == "what is no article is left out (2 nav_menu_item, 1 attachment, 1 trash)"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("", "the file is empty"),
        ("<html><body/></html>", "this is no feed: its outermost element is 'html'"),
        (RSS % "", "there is no entry in the feed"),
        (RSS.replace("</rss>", "") % item("<description>x</description>"), "this is not XML: no element found"),
        (RSS % item("<description>a &nbsp; b</description>"), "this is not XML: undefined entity"),
        ("<!DOCTYPE rss [<!ENTITY a 'b'>]>" + ATOM % "", "the XML defines entities"),
        (RSS % ("<a>" * 1000), "nested more than 150 deep"),
        (RSS % "<item/>", "neither a title nor a text"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, data: str, what: str) -> None:
    *_, bad = results(tmp_path, "x.rss", data)
    assert isinstance(bad, Problem)
    assert what in bad.what


def test_what_stands_before_a_fault_is_taken(tmp_path: Path) -> None:
    data = RSS % (item("<description>one</description>") + item("<description>two</wrong>"))
    found = results(tmp_path, "x.rss", data)
    assert [type(each) for each in found] == [Article, Problem]
    assert found[1].line == 7


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    put(tmp_path, "x.rss", RSS % (item(content("word " * 2000)) * 600))
    tracemalloc.start()
    assert sum(isinstance(each, Article) for each in read(source(tmp_path, "x.rss"), OPTIONS)) == 600
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def test_nothing_is_said_of_a_feed_that_is_read_whole(tmp_path: Path) -> None:
    assert len(everything(tmp_path, "x.rss", RSS % item("<description>one</description>"))) == 1
    assert problem(tmp_path, "<x/>", "x.atom").remedy == "give the file the ending of what it is"
