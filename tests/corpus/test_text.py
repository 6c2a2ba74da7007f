import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.corpus.build_article import date_from_filename, strip_markdown
from archive.corpus.formats.registry import read
from archive.model.article import Article, Problem

from .helpers import OPTIONS, article, problem, put, results, source, warnings

ALL_INFERRED = ("id", "title", "date", "people", "venues")
SEED = Path(__file__).parents[3] / "shared" / "seed" / "000_a57a7b017964c452.txt"


def test_plain_text_takes_its_title_from_the_first_line(tmp_path: Path) -> None:
    found = article(tmp_path, "\n\n  A Quiet   Week \n\nThe text.\n\nMore.\n\n", "a/x.txt")
    assert found == Article(
        id="a-quiet-week",
        title="A Quiet Week",
        body="The text.\n\nMore.",
        path="corpus/a/x.txt",
        line=5,
        inferred=ALL_INFERRED,
    )


def test_front_matter_declares_everything(tmp_path: Path) -> None:
    text = (
        "---\ntitle: The Ball\ndate: 2016-05\npeople: [Ada Quill, Bruno Marsh]\nvenues: Pier\nsource: Gazette\n"
        "author: Mo Lind\nurl: https://x.org/1\ntags: [a, b]\nlanguage: en\nid: The Ball!\ndesk: 'No'\n---\nText.\n"
    )
    assert article(tmp_path, text) == Article(
        id="the-ball",
        title="The Ball",
        body="Text.",
        date="2016-05",
        people=("Ada Quill", "Bruno Marsh"),
        venues=("Pier",),
        source="Gazette",
        authors=("Mo Lind",),
        url="https://x.org/1",
        tags=("a", "b"),
        language="en",
        extra={"desk": "No"},
        path="corpus/x.md",
        line=14,
    )


@pytest.mark.parametrize("fence", ["---\n", "--- \t\n", "\n \n---\n"])
@pytest.mark.parametrize("end", ["---\n", "...\n", "---  \n", "---"])
def test_fences(tmp_path: Path, fence: str, end: str) -> None:
    found = article(tmp_path, f"{fence}title: T\n{end}")
    assert (found.title, found.body) == ("T", "")


@pytest.mark.parametrize("first", ["----\n", "--- x\n", " ---\n", "-- -\n"])
def test_what_only_looks_like_a_fence_is_text(tmp_path: Path, first: str) -> None:
    assert article(tmp_path, f"{first}\ntitle: T\n---\n", "x.txt").title == first.strip()


def test_byte_order_mark_and_line_ends(tmp_path: Path) -> None:
    plain = article(tmp_path, "---\ntitle: T\n---\nOne\n\nTwo\n")
    windows = article(tmp_path, b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nOne\r\n\r\nTwo\r\n")
    old_mac = article(tmp_path, b"---\rtitle: T\r---\rOne\r\rTwo\r")
    assert plain == windows == old_mac
    assert plain.line == 4


def test_text_is_in_nfc(tmp_path: Path) -> None:
    found = article(tmp_path, "---\npeople: [Zoe\u0308]\nkey: e\u0301\n---\n# Cafe\u0301\n\nnai\u0308ve\n")
    assert (found.title, found.body) == ("Café", "naïve")
    assert (found.people, found.extra) == (("Zoë",), {"key": "é"})


@pytest.mark.parametrize("data", ["", " ", "\n\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_empty_files_are_problems(tmp_path: Path, data: str | bytes) -> None:
    assert problem(tmp_path, data).what == "the file is empty"


def test_metadata_without_title_and_text_are_an_article_and_a_warning(tmp_path: Path) -> None:
    text = "---\npeople: [Ada]\n---\n\n"
    found = article(tmp_path, text, "the-ball.md")
    assert (found.title, found.body, found.people) == ("the ball", "", ("Ada",))
    assert [each.what for each in warnings(tmp_path, text)] == ["the article has no text"]


def test_a_title_without_text_is_an_article(tmp_path: Path) -> None:
    assert article(tmp_path, "---\ntitle: Only this\n---\n").body == ""
    assert article(tmp_path, "Only this").body == ""


def test_latin_1_is_named_with_line_byte_and_remedy(tmp_path: Path) -> None:
    found = problem(tmp_path, "Title\r\n\r\nIn the caf\xe9 of".encode("latin-1"))
    assert found.line == 3
    assert found.what == "byte 11 of the line, 0xE9, is not UTF-8"
    assert "iconv -f WINDOWS-1252 -t UTF-8" in found.remedy


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised(tmp_path: Path, codec: str) -> None:
    data = "Title\n\nText".encode(codec)
    found = problem(tmp_path, data)
    assert "UTF-16" in found.what if codec == "utf-16" else "NUL" in found.what


def test_nul_bytes_are_problems(tmp_path: Path) -> None:
    found = problem(tmp_path, b"Title\n\nText\0more")
    assert (found.line, found.what) == (3, "byte 5 of the line is NUL, so this is not text")


def test_a_long_run_of_combining_marks_is_refused_at_once(tmp_path: Path) -> None:
    began = time.perf_counter()
    assert "combining marks" in problem(tmp_path, "a" + "\u0301\u0316" * 100_000).what
    assert time.perf_counter() - began < 2


def test_large_files_are_refused_without_being_read(tmp_path: Path) -> None:
    file = put(tmp_path, "x.md")
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    began = time.perf_counter()
    (found,) = read(source(tmp_path, "x.md"), OPTIONS)
    assert time.perf_counter() - began < 0.2
    assert isinstance(found, Problem)
    assert found.what == "the file is 50 MB, over the limit of 10 MB an article"
    assert found.remedy == "split it, or raise max_article_mb in archive.yaml"


def test_the_limit_is_exact_and_its_breach_visible(tmp_path: Path) -> None:
    assert isinstance(results(tmp_path, "x.md", "a" * 1_000_000, 1_000_000)[0], Article)
    found = problem(tmp_path, "a" * 1_000_001, limit=1_000_000)
    assert found.what == "the file is 1.1 MB, over the limit of 1 MB an article"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("# The Ball", "The Ball"),
        ("###   The  Ball", "The Ball"),
        ("**The Ball**", "The Ball"),
        ("_The Ball_", "The Ball"),
        ("# __*The* Ball__", "*The* Ball"),
        ("***The Ball***", "The Ball"),
        ("**The** **Ball**", "**The** **Ball**"),
        ("*The* and *Ball*", "*The* and *Ball*"),
        ("#hashtag", "#hashtag"),
        ("Sonata in C # minor", "Sonata in C # minor"),
        ("####### seven", "####### seven"),
        ("#", "#"),
        ("**", "**"),
        ("# #", "#"),
    ],
)
def test_a_title_line_loses_its_markdown(line: str, title: str) -> None:
    assert strip_markdown(line) == title


@given(st.text(alphabet="#*_ ab\t"))
def test_a_plain_line_stays_itself_as_a_heading(line: str) -> None:
    title = strip_markdown(line)
    assert strip_markdown(f"# {title}") == title or not title


def test_a_long_first_line_stays_and_the_file_names_the_article(tmp_path: Path) -> None:
    line = "word, " * 50 + "end"
    found = article(tmp_path, f"{line}\n\nMore.", "2016-05 the_long-line.txt")
    assert (found.title, found.body, found.line) == ("the long line", f"{line}\n\nMore.", 1)
    assert (found.date, found.id) == ("2016-05", "2016-05-the-long-line")
    assert article(tmp_path, "x" * 80, "n.txt").title == "x" * 80
    assert article(tmp_path, "x" * 81, "n.txt").title == "n"


def test_a_record_has_no_file_name_and_takes_the_first_words(tmp_path: Path) -> None:
    found = article(tmp_path, json.dumps({"body": "word, " * 50 + "end"}), "x.jsonl")
    assert found.title == "word, " * 15 + "word…"
    assert article(tmp_path, json.dumps({"body": "字" * 300}), "x.jsonl").title == "字" * 100 + "…"


def test_a_first_line_that_is_part_of_a_paragraph_stays_in_the_text(tmp_path: Path) -> None:
    found = article(tmp_path, "One line\nand another.\n\nMore.", "x.txt")
    assert (found.title, found.body) == ("One line", "One line\nand another.\n\nMore.")


@pytest.mark.parametrize("name", ["index.md", "_index.md", "README.md"])
def test_a_name_that_says_nothing_gives_way_to_the_folders(tmp_path: Path, name: str) -> None:
    found = article(tmp_path, "---\npeople: [Ada]\n---\nText.", f"2017-03-28-the-choir/{name}")
    assert (found.title, found.date) == ("the choir", "2017-03-28")


def test_a_heading_that_repeats_the_title_is_dropped_once(tmp_path: Path) -> None:
    front = "---\ntitle: Café Ball\n---\n"
    found = article(tmp_path, f"{front}\n## **CAFE  Ball**\n\n# Café Ball\n\nText.")
    assert (found.body, found.line) == ("Café Ball\n\nText.", 7)
    for kept in ("# Another\n\nText.", "Café Ball\n\nText.", "Text.\n\n# Café Ball"):
        assert article(tmp_path, front + kept).body == kept.replace("# ", "")
        assert article(tmp_path, front + kept, "x.txt").body == kept


def test_indentation_of_the_first_line_is_kept(tmp_path: Path) -> None:
    assert article(tmp_path, "---\ntitle: T\n---\n\n    code\ntext  \n", "x.txt").body == "    code\ntext"


@pytest.mark.parametrize(
    ("stem", "date"),
    [
        ("2014", "2014"),
        ("2014-05", "2014-05"),
        ("2014-05-03", "2014-05-03"),
        ("2014-05-03-the-ball", "2014-05-03"),
        ("2014-05-03_the", "2014-05-03"),
        ("2014 the ball", "2014"),
        ("2014.ball", "2014"),
        ("1984-a-novel", "1984"),
        ("20140503", "2014-05-03"),
        ("2014-5-3-x", "2014-05-03"),
        ("2014_05_03 x", "2014-05-03"),
        ("23-10-2023 x", "2023-10-23"),
        ("Oct 23, 2023 x", "2023-10-23"),
        ("23 October 2023 x", "2023-10-23"),
        ("x 2023-10-23", "2023-10-23"),
        ("x-20231023", "2023-10-23"),
        ("03-04-2023 x", "2023"),
        ("room 1998 to let", None),
        ("ISBN 9780203102312", None),
        ("v1.2.2003", None),
        ("2014a", None),
        ("2014-05a", "2014"),
        ("2014-1500-words", "2014"),
        ("2014-02-30-x", None),
        ("2014-13", None),
        ("0999-x", None),
        ("3000", None),
        ("000_a57a7b017964c452", None),
        ("ball-2014", None),
        ("٢٠١٤", None),
    ],
)
def test_a_date_at_the_head_of_the_file_name(stem: str, date: str | None) -> None:
    assert date_from_filename(stem) == date


def test_the_file_name_dates_only_what_has_no_date(tmp_path: Path) -> None:
    found = article(tmp_path, "The Ball\n\nText.", "2014-05-03 ball.md")
    assert (found.date, found.id) == ("2014-05-03", "2014-05-03-the-ball")
    assert "date" in found.inferred
    declared = article(tmp_path, "---\ntitle: T\nyear: 2016\n---\n", "2014-05-03.md")
    assert (declared.date, declared.year) == ("2016", 2016)
    assert "date" not in declared.inferred


def test_control_and_bidi_characters_in_a_title_are_data(tmp_path: Path) -> None:
    raw = "Red \x1b[31malert \u202egnp.exe\u202c\x07 \x9b"
    assert article(tmp_path, f"{raw}\n\nText").title == raw
    escaped = article(tmp_path, '---\ntitle: "a\\e[31m\\nb\\u2028c\\0"\n---\nText')
    assert escaped.title == "a\x1b[31m b c\ufffd"
    assert "not YAML" in warnings(tmp_path, f"---\ntitle: {raw}\n---\nText")[0].what


def test_sidecar_and_front_matter_complete_each_other(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "date: 2016-05-03\nPhoto-Editor: Mo\n")
    found = article(tmp_path, "---\npeople: [Ada]\n---\n# The Ball\n\nText.")
    assert (found.title, found.date, found.people) == ("The Ball", "2016-05-03", ("Ada",))
    assert found.extra == {"photo_editor": "Mo"}


def test_a_key_in_both_is_a_warning_and_the_sidecar_wins(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "source: Gazette\nPerson: Ada\nvenue: Pier\n")
    text = "---\npeople: [Bruno]\nvenue: Pier\n---\n# The Ball\n\nText."
    assert article(tmp_path, text).people == ("Ada",)
    (found,) = warnings(tmp_path, text)
    what = "'Person' is given in corpus/x.md too, with another value; this one is used"
    assert found == Problem("corpus/x.yaml", 2, what, "keep one of them", taken=True)


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"title: [a", 2, "not YAML"),
        (b"title: T\ndate: 2016-13-01\n", 2, "no month 13"),
        (b"caf\xe9: x", 1, "not UTF-8"),
        (b"- a\n- b\n", 1, "not a list of `key: value` lines"),
        (b"x: " + "é".encode() * 40_000, 0, "the file is over 64 KiB"),
    ],
)
def test_warnings_of_a_sidecar_name_it(tmp_path: Path, data: bytes, line: int, what: str) -> None:
    put(tmp_path, "x.yaml", data)
    assert article(tmp_path, "Title\n\nText.", "x.txt").body.endswith("Text.")
    (found,) = warnings(tmp_path, "Title\n\nText.", "x.txt")
    assert (found.path, found.line) == ("corpus/x.yaml", line)
    assert what in found.what


def test_an_empty_sidecar_declares_nothing(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "# nothing yet\n")
    assert article(tmp_path, "Title\n\nText.").inferred == ALL_INFERRED


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not beside the repository")
def test_the_seed_article(tmp_path: Path) -> None:
    found = article(tmp_path, SEED.read_bytes(), "000_a57a7b017964c452.txt")
    assert found.title == "Ivanka Trump Surprisingly Pops Up at Kim Kardashian’s Birthday Party"
    assert found.id == "ivanka-trump-surprisingly-pops-up-at-kim-kardashians-birthday-party"
    assert found.credits == ("Getty Images", "SAUL LOEB/AFP/Getty Images")
    assert found.body.startswith("Kim Kardashian, Ivanka Trump and Friends.\n\nKim Kardashian rang in")
    assert "Getty" not in found.body
    assert "BFA, the photo agency" in found.body
    assert "\n\n\n" not in found.body
    assert (found.date, found.line, found.inferred) == (None, 3, ALL_INFERRED)


anything = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(alphabet="---\n .:[]{}\"'#&*!|>%@`,ab\r\t", max_size=300).map(str.encode),
    st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n{text}".encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(["title", "date", "people", "year", "id", "---", "a: b", "", "Getty Images"])).map(
        lambda lines: b"---\n" + ": x\n".join(lines).encode()
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(data=anything, name=st.sampled_from(["x.md", "y.jsonl", "z.jsonl.gz", "w.html"]))
def test_any_bytes_give_articles_or_problems(tmp_path: Path, data: bytes, name: str) -> None:
    found = results(tmp_path, name, data)
    assert found
    for each in found:
        if isinstance(each, Article):
            assert each.title == " ".join(each.title.split())
            assert each.title
            assert each.id
            assert "\r" not in each.body
            assert each.body == each.body.rstrip()
            (each.title + each.body).encode()
        else:
            assert each.what
            assert each.remedy


def test_a_heading_of_several_lines_is_the_title_unless_it_is_a_paragraph(tmp_path: Path) -> None:
    found = article(tmp_path, "A sail\nin the bay\n=====\n\nIt was red.\n", "x.md")
    assert (found.title, found.body) == ("A sail in the bay", "It was red.")
    paragraph = "The sail came into the bay at noon, and was seen\nfrom the pier by all who stood there that day."
    found = article(tmp_path, f"{paragraph}\n---\n\nIt was red.\n", "x.md")
    assert found.body.startswith("The sail came into the bay")
    assert "It was red." in found.body
