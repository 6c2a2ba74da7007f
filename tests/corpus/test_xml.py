"""TEI, ALTO, NITF and NewsML-G2: documents in, articles out."""

# ruff: noqa: E501 (documents are easier to read on few lines)

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.article import Article, Problem

from .helpers import article, problem, put, results, warnings

TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader><fileDesc><titleStmt>%s</titleStmt>
<publicationStmt><publisher>Library</publisher><date when="2015">2015</date></publicationStmt>
<sourceDesc>%s</sourceDesc></fileDesc>%s</teiHeader><text>%s</text></TEI>"""


def tei(
    body: str = "<p>Text.</p>", title: str = "<title>T</title>", source: str = "<p>none</p>", profile: str = ""
) -> str:
    return TEI % (title, source, profile, f"<body>{body}</body>")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>One.</p><p>Two <hi>big</hi>\n words.</p>", "One.\n\nTwo big words."),
        ("<head>The Head</head><p>One.</p>", "The Head\n\nOne."),
        ("<lg><l>First line</l><l>second line</l></lg>", "First line\nsecond line"),
        ("<p>har<lb break='no'/>\n  bour<lb/>gate</p>", "harbour\ngate"),
        ("<p>over <pb n='2'/>leaf</p>", "over leaf"),
        ("<p>the <choice><sic>hihg</sic><corr>high</corr></choice> sea, <sic>sic</sic></p>", "the high sea, sic"),
        ("<p><choice><orig>olde</orig></choice> <abbr>Mr</abbr> <del>no</del><add>yes</add></p>", "olde Mr yes"),
        ("<p>A ship<note>She sank.</note> sailed.</p><p>Next.</p>", "A ship sailed.\n\nShe sank.\n\nNext."),
        ("<list><item>one</item><item>two</item></list>", "• one\n• two"),
        ("<table><row><cell>a</cell><cell>b</cell></row><row><cell>c</cell></row></table>", "a | b\nc"),
        ("<p>x</p><fw>Running head</fw><figure><graphic url='f'/><figDesc>A pier</figDesc></figure>", "x\n\nA pier"),
        ("<p>said <quote>low</quote> words</p><quote><p>Long.</p></quote>", "said low words\n\nLong."),
    ],
)
def test_the_text_of_an_edition(tmp_path: Path, body: str, shown: str) -> None:
    assert article(tmp_path, tei(body), "x.xml").body == shown


@pytest.mark.parametrize(
    ("date", "expected", "written"),
    [
        ('<date when="1893-04-17">the seventeenth</date>', "1893-04-17", "the seventeenth"),
        ('<date when="1893-04" cert="low">April</date>', "1893-04?", "April"),
        ('<date notBefore="1890" notAfter="1893"/>', "1890/1893", ""),
        ('<date from="1890-01-02"/>', "1890-01-02", ""),
        ("<date>c. 1890</date>", "1890~", "c. 1890"),
        ("<date>long ago</date>", None, "long ago"),
        ("", None, ""),
    ],
)
def test_when_an_edition_says_that_its_text_is_of(
    tmp_path: Path, date: str, expected: str | None, written: str
) -> None:
    found = article(tmp_path, tei(source=f"<bibl>{date}<title level='j'>The Tide</title></bibl>"), "x.xml")
    assert (found.date, found.date_text, found.source) == (expected, written, "The Tide")
    assert found.extra["date_of_edition"] == "2015"
    assert [each.what for each in warnings(tmp_path, tei(source=date), "x.xml")] == (
        ["'long ago' is not a date that can be understood"] if written == "long ago" else []
    )


def test_creation_comes_before_the_source_and_both_before_a_dateline(tmp_path: Path) -> None:
    line = "<opener><dateline><date when='1801'/></dateline></opener><p>x</p>"
    creation = "<profileDesc><creation><date when='1803'/></creation></profileDesc>"
    bibl = "<bibl><date when='1802'/></bibl>"
    assert article(tmp_path, tei(line, source=bibl, profile=creation), "x.xml").date == "1803"
    assert article(tmp_path, tei(line, source=bibl), "x.xml").date == "1802"
    assert article(tmp_path, tei(line), "x.xml").date == "1801"


def test_who_and_what_is_marked(tmp_path: Path) -> None:
    listed = "<profileDesc><particDesc><listPerson><person xml:id='aq'><persName>Ada Quill</persName></person>"
    listed += "</listPerson></particDesc><textClass><keywords><term>letters</term></keywords></textClass></profileDesc>"
    title = (
        "<title type='main'>Main</title><title type='sub'>and more</title><author><persName>Mo Ray</persName></author>"
    )
    body = """<p><persName ref="#aq">She</persName> met <persName><forename>Bo</forename> <surname>Li</surname></persName>,
      <name type="person">Cy</name> and <persName>Bo  Li</persName> in <placeName>Pier</placeName>, not in
      <name type="place">Hall</name> of <orgName>Org</orgName>.</p>"""
    found = article(tmp_path, tei(body, title, profile=listed), "x.xml")
    assert (found.title, found.authors, found.tags) == ("Main: and more", ("Mo Ray",), ("letters",))
    assert (found.people, found.venues) == (("Ada Quill", "Bo Li", "Cy"), ("Pier", "Hall"))
    assert found.body == "She met Bo Li, Cy and Bo Li in Pier, not in Hall of Org."
    assert (found.language, found.extra["publisher_of_edition"]) == ("en", "Library")


def test_a_corpus_of_editions_is_an_article_each(tmp_path: Path) -> None:
    head = '<teiCorpus xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/>\n'
    data = f"{head}{tei(title='<title>A</title>')}\n{tei(title='<title>B</title>')}</teiCorpus>"
    found = [each for each in results(tmp_path, "x.xml", data) if isinstance(each, Article)]
    assert [(each.title, each.line) for each in found] == [("A", 2), ("B", 5)]


def test_a_file_beside_takes_precedence(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "title: Mine\npeople: [Di]\n")
    found = article(tmp_path, tei("<p><persName>Bo</persName></p>"), "x.xml")
    assert (found.title, found.people) == ("Mine", ("Di",))


def test_a_file_beside_a_feed_is_warned_of(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "title: Mine\n")
    data = "<rss><channel><item><title>A</title><description>Text</description></item></channel></rss>"
    (warning,) = warnings(tmp_path, data, "x.xml")
    assert (warning.path, "describes none of them" in warning.what) == ("corpus/x.yaml", True)


ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><sourceImageInformation><fileName>p3.tif</fileName>
</sourceImageInformation><OCRProcessing><ocrProcessingStep><processingDateTime>2019-08-08</processingDateTime>
</ocrProcessingStep></OCRProcessing></Description><Layout><Page><PrintSpace>%s</PrintSpace></Page></Layout></alto>"""


def words(*texts: str) -> str:
    return "<TextLine>" + "<SP/>".join(f'<String CONTENT="{text}"/>' for text in texts) + "</TextLine>"


def test_a_recognised_page(tmp_path: Path) -> None:
    hyphen = """<TextLine><String CONTENT="har" SUBS_TYPE="HypPart1" SUBS_CONTENT="harbour"/><HYP CONTENT="-"/></TextLine>
      <TextLine><String CONTENT="bour" SUBS_TYPE="HypPart2" SUBS_CONTENT="harbour"/><SP/><String CONTENT="lights"/></TextLine>"""
    blocks = f"<ComposedBlock><TextBlock>{words('By', 'the')}{hyphen}</TextBlock></ComposedBlock>"
    found = article(
        tmp_path, ALTO % f"{blocks}<TextBlock>{words('Next', 'block')}</TextBlock>", "1902-03-04 Tide p3.xml"
    )
    assert found.body == "By the\nharbour\nlights\n\nNext block"
    assert (found.title, found.date, found.extra) == ("Tide p3", "1902-03-04", {"image": "p3.tif"})


NITF = """<!DOCTYPE nitf SYSTEM "nitf-3-4.dtd"><nitf><head><title>Other</title><docdata><doc-id id-string="d7"/>%s
<date.release norm="20050614"/><identified-content><person>Ada Quill</person><location>Pier</location></identified-content>
<key-list><keyword key="fog"/><keyword key="sea"/></key-list></docdata>
<pubdata name="The Tide" position.section="A"/></head><body><body.head><hedline><hl1>Fares &eacute;</hl1><hl2>And more</hl2>
</hedline>%s<dateline><location>Saltmere</location>, June 13</dateline></body.head>
<body.content><p>Said <person>Bo Li</person>.</p><media media-type="image"><media-reference source="f.jpg"/>
<media-caption>Ada on deck.</media-caption><media-producer>AFP</media-producer></media></body.content></body></nitf>"""


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("<byline>By <person>Mo Ray</person><byttl>Writer</byttl></byline>", ("Mo Ray",)),
        ("<byline>By Mo Ray <byttl>Staff Writer</byttl></byline>", ("Mo Ray",)),
        ("<byline>Von Ann Ohm</byline>", ("Ann Ohm",)),
        ("", ()),
    ],
)
def test_a_story_of_nitf(tmp_path: Path, byline: str, authors: tuple[str, ...]) -> None:
    found = article(tmp_path, NITF % ('<date.issue norm="20050613T101500Z"/>', byline), "x.xml")
    assert (found.title, found.date, found.authors) == ("Fares é", "2005-06-13", authors)
    assert (found.people, found.venues, found.tags) == (("Ada Quill", "Bo Li"), ("Pier",), ("fog", "sea"))
    assert (found.source, found.credits) == ("The Tide", ("AFP",))
    assert found.body == "And more\n\nSaltmere, June 13\n\nSaid Bo Li.\n\nAda on deck."
    assert found.extra == {"doc_id": "d7", "section": "A", "dateline": "Saltmere, June 13"}


def test_a_story_without_a_date_of_issue(tmp_path: Path) -> None:
    assert article(tmp_path, NITF % ("", ""), "x.xml").date == "2005-06-14"


ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g:%s" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/>
<provider><name>Wire</name></provider><versionCreated>2012-09-10T00:00:00Z</versionCreated></itemMeta><contentMeta>
<contentCreated>2012-09-08T23:00:00-05:00</contentCreated><by>Mo Ray</by><creditline>AFP</creditline><headline>H%s</headline>
<language tag="de"/><keyword>fog</keyword><subject type="cpnat:person"><name>Ada Quill</name></subject>
<subject type="cpnat:poi"><name>Pier</name></subject><subject type="cpnat:abstract"><name>weather</name></subject>
<located><name>Saltmere</name></located><description>Ada in the fog.</description></contentMeta>
<contentSet>%s</contentSet></newsItem>"""
XHTML = '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (f"{XHTML}<body><p>One <b>two</b>.</p><p>Three.</p></body></html></inlineXML>", "One two.\n\nThree."),
        ('<inlineXML><nitf xmlns=""><body><body.content><p>N</p></body.content></body></nitf></inlineXML>', "N"),
        ('<inlineData contenttype="text/plain">Plain 1 &lt; 2.</inlineData>', "Plain 1 < 2."),
        ('<inlineData contenttype="text/html">&lt;p&gt;A&lt;/p&gt;&lt;p&gt;B&lt;/p&gt;</inlineData>', "A\n\nB"),
        ('<remoteContent href="f.jpg"/>', "Ada in the fog."),
    ],
)
def test_an_item_of_newsml(tmp_path: Path, content: str, body: str) -> None:
    found = article(tmp_path, ITEM % (1, 1, content), "x.xml")
    assert (found.title, found.date, found.body) == ("H1", "2012-09-08", body)
    assert (found.people, found.venues, found.tags) == (("Ada Quill",), ("Pier",), ("fog", "weather"))
    assert (found.authors, found.credits, found.source, found.language) == (("Mo Ray",), ("AFP",), "Wire", "de")
    assert found.extra["located"] == ("Saltmere",)
    assert found.extra["guid"] == "g:1"


def test_a_message_of_several_items(tmp_path: Path) -> None:
    items = [ITEM % (n, n, f"<inlineData>Text {n}.</inlineData>") for n in (1, 2)]
    data = (
        f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>\n{"".join(items)}</itemSet></newsMessage>'
    )
    found = results(tmp_path, "x.xml", data)
    assert [each.title for each in found if isinstance(each, Article)] == ["H1", "H2"]
    assert len({each.line for each in found}) == 2


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("", "the file is empty"),
        ("<svg/>", "the outermost element is 'svg'"),
        (tei("<p>"), "this is not XML: mismatched tag"),
        (tei()[:-9], "this is not XML"),
        ('<!DOCTYPE TEI [<!ENTITY a "b">]>' + tei(), "the XML defines entities"),
        ('<!DOCTYPE TEI [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + tei("<p>&a;</p>"), "the XML defines entities"),
        (tei("<div>" * 500 + "</div>" * 500), "nested more than 150 deep"),
        ("<?xml version='1.0' encoding='x-unknown'?>" + tei(), "cannot be decoded"),
        ('<newsMessage xmlns="x"/>', "there is no news item"),
        (tei("<p>" + "word " * 3000 + "</p>"), "its text is"),
    ],
)
def test_what_cannot_be_read_is_one_named_problem(tmp_path: Path, data: str, what: str) -> None:
    bad = problem(tmp_path, data, "x.xml", 10_000)
    assert isinstance(bad, Problem)
    assert what in bad.what
