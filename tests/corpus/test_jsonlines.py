import gzip
import json
import time
import tracemalloc
from pathlib import Path

import pytest

from archive.corpus.formats import json_lines
from archive.corpus.formats.registry import ReadOptions, read
from archive.model.article import Article, Problem

from .helpers import LIMIT, OPTIONS, article, problem, put, results, source, warnings


def lines(root: Path, *records: object, name: str = "x.jsonl", limit: int = LIMIT) -> list[Article | Problem]:
    """What a file of these records gives; text is written as it is."""
    texts = [record if isinstance(record, str) else json.dumps(record) for record in records]
    return results(root, name, "\n".join(texts).encode("utf-8", "surrogatepass"), limit)


def test_a_record_is_an_article(tmp_path: Path) -> None:
    record = {
        "id": "x-1",
        "Title": "The  Ball",
        "date": "2016-05",
        "people": ["Ada", " Ada", "Bruno"],
        "venue": "Pier",
        "authors": ["Mo"],
        "pages": 12,
        "draft": False,
        "price": 1.50,
        "none": None,
        "nested": {"a": [1, True, None], "b": None},
        "body": "One\r\n\r\nTwo\n",
    }
    (found,) = lines(tmp_path, record)
    assert found == Article(
        id="x-1",
        title="The Ball",
        body="One\n\nTwo",
        date="2016-05",
        people=("Ada", "Bruno"),
        venues=("Pier",),
        authors=("Mo",),
        extra={"pages": "12", "draft": "false", "price": "1.5", "nested": {"a": ("1", "true")}},
        path="corpus/x.jsonl",
        line=1,
        line_by_line=False,
    )


def test_numbers_stay_as_written(tmp_path: Path) -> None:
    (found,) = lines(tmp_path, '{"title": 1984, "year": 2016, "x": 1.10, "y": 1e3, "z": %s}' % ("9" * 5000))
    assert isinstance(found, Article)
    assert (found.title, found.date) == ("1984", "2016")
    assert found.extra == {"x": "1.10", "y": "1e3", "z": "9" * 5000}


@pytest.mark.parametrize(
    ("record", "body", "extra"),
    [
        ({"text": "a"}, "a", {}),
        ({"Content": "a"}, "a", {}),
        ({"content": "c", "body": "b", "text": "a"}, "b", {"content": "c", "text": "a"}),
        ({"content": "c", "body": None}, "c", {}),
        ({"body": None}, "", {}),
    ],
)
def test_where_the_text_is(tmp_path: Path, record: dict, body: str, extra: dict) -> None:
    (found,) = lines(tmp_path, {"title": "T"} | record)
    assert isinstance(found, Article)
    assert (found.body, found.extra) == (body, extra)


def test_without_a_title_the_first_line_is_it_and_the_line_stays_the_records(tmp_path: Path) -> None:
    bodies = ({"body": "# One\n\nText"}, {"body": "Two\n\nGetty Images\n\nText"})
    first, second = lines(tmp_path, *bodies, name="2014.jsonl")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.body, first.line, first.date) == ("One", "Text", 1, None)
    assert (second.title, second.body, second.line, second.credits) == ("Two", "Text", 2, ("Getty Images",))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "this is not JSON: "),
        ("[1]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"title": "T"} x', "not JSON"),
        ('{"title": "a", "title": "b"}', "'title' is given twice"),
        ('{"x": {"a": 1, "a": 2}}', "'a' is given twice"),
        (r'{"title": "\"a\"", "title": "b\\", "body": "\\\""}', "'title' is given twice"),
        ('{"title": "a\tb"}', "not JSON"),
        ('{"x": NaN}', "NaN is not a number"),
        ("[" * 100_000, "nested too deep"),
        ('{"x": ' + "[" * 50 + "]" * 50 + "}", "16 deep"),
        ("{}", "neither a title nor a text"),
    ],
)
def test_a_bad_line_is_one_problem_and_the_others_are_taken(tmp_path: Path, line: str, what: str) -> None:
    found = lines(tmp_path, {"title": "A"}, "", line, {"title": "B"})
    assert [type(each) for each in found] == [Article, Problem, Article]
    bad = found[1]
    assert isinstance(bad, Problem)
    assert (bad.path, bad.line) == ("corpus/x.jsonl", 3)
    assert what in bad.what
    assert [each.line for each in found] == [1, 3, 4]


@pytest.mark.parametrize(
    ("record", "what"),
    [
        ({"title": {"a": "1"}, "body": "Text."}, "one piece of text"),
        ({"title": "T", "body": [{"a": "b"}]}, "body must be text"),
        ({"title": "T", "body": "Text.", "date": "soon"}, "'soon' is not a date"),
        ({"title": "T", "brödtext": "word " * 40}, "the article has no text"),
        ({"people": ["Ada"], "venues": ["Pier"]}, "the article has no text"),
    ],
)
def test_odd_values_cost_no_article(tmp_path: Path, record: dict, what: str) -> None:
    data = json.dumps({"title": "A", "body": "B"}) + "\n" + json.dumps(record)
    assert len(results(tmp_path, "x.jsonl", data)) == 2
    warning = warnings(tmp_path, data, "x.jsonl")[0]
    assert (warning.path, warning.line) == ("corpus/x.jsonl", 2)
    assert what in warning.what


def test_an_article_without_text_says_which_key_may_hold_it(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, json.dumps({"title": "T", "brödtext": "word " * 40}), "x.jsonl")
    assert warning.remedy == (
        "if the text is under the key 'brödtext', write `keys: {body: brödtext}` into archive.yaml"
    )
    (only,) = results(tmp_path, "x.jsonl", json.dumps({"venues": ["Pier"], "people": ["Ada Quill", "Mo"]}))
    assert isinstance(only, Article)
    assert only.title == "Ada Quill, Mo, Pier"


def test_a_repeated_key_is_found_in_time_that_grows_with_the_keys(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        keys = ", ".join(f'"k{number}": 1' for number in range(count))
        line = f'{{{keys}, "k{count - 1}": 1}}'
        taken = []
        for _ in range(3):
            began = time.process_time()
            assert f"'k{count - 1}' is given twice" in problem(tmp_path, line, "x.jsonl").what
            taken.append(time.process_time() - began)
        return min(taken)

    assert seconds(20_000) < 40 * seconds(2_000)  # ten times the keys: 10 where it is linear, 100 where it is quadratic


def test_lone_surrogates_and_nul_become_replacement_characters(tmp_path: Path) -> None:
    (found,) = lines(tmp_path, r'{"title": "a\ud800b \ud83d\ude00", "body": "c\u0000d", "x": "\udfff", "\udc00": ""}')
    assert isinstance(found, Article)
    assert (found.title, found.body) == ("a\ufffdb 😀", "c\ufffdd")
    assert found.extra == {"x": "\ufffd", "\ufffd": ""}


def test_bytes_that_are_not_utf8_spoil_their_line_only(tmp_path: Path) -> None:
    data = b'{"title": "A"}\n{"title": "caf\xe9"}\n{"title": "B"}\n'
    found = results(tmp_path, "x.jsonl", data)
    assert isinstance(found[1], Problem)
    assert found[1].line == 2
    assert found[1].what == "byte 15 of the line, 0xE9, is not UTF-8"
    assert [type(each) for each in found] == [Article, Problem, Article]


def test_byte_order_marks(tmp_path: Path) -> None:
    assert article(tmp_path, b'\xef\xbb\xbf{"title": "A"}\r\n', "x.jsonl").title == "A"
    assert "UTF-16" in problem(tmp_path, '{"title": "A"}\n{"title": "B"}\n'.encode("utf-16"), "x.jsonl").what


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_files_without_a_record_are_empty(tmp_path: Path, name: str) -> None:
    for text in (b"", b"\n \n\r\n"):
        data = gzip.compress(text) if name.endswith("gz") else text
        assert problem(tmp_path, data, name).what == "the file is empty"


def test_a_line_over_the_limit_is_skipped_in_bounded_memory(tmp_path: Path) -> None:
    text = '{"title": "A"}\n{"title": "' + "x" * 30_000_000 + '"}\n{"title": "B"}'
    put(tmp_path, "x.jsonl.gz", gzip.compress(text.encode(), 1))
    del text
    tracemalloc.start()
    read_all = read(source(tmp_path, "x.jsonl.gz"), ReadOptions(1_000_000))
    found = [each for each in read_all if isinstance(each, Article) or not each.taken]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert [type(each) for each in found] == [Article, Problem, Article]
    assert found[1].line == 2
    assert "the line is 30.1 MB, over the limit of 1 MB" in str(found[1])
    assert found[2].line == 3


def test_the_limit_of_a_line_is_exact(tmp_path: Path) -> None:
    line = '{"title": "T"}'
    for end in ("", "\n", "\n\n"):
        assert isinstance(results(tmp_path, "x.jsonl", line + end, len(line))[0], Article)
        assert isinstance(results(tmp_path, "x.jsonl", line + end, len(line) - 1)[0], Problem)


def records(count: int) -> bytes:
    """Records that hardly compress, so that cutting the data cuts among them."""
    from hashlib import sha256

    made = (sha256(str(number).encode()).hexdigest() * 4 for number in range(count))
    return "".join(f'{{"title": "T{number}", "body": "{text}"}}\n' for number, text in enumerate(made)).encode()


def test_gzip(tmp_path: Path) -> None:
    data = gzip.compress(records(10)) + gzip.compress(records(3))
    assert len(results(tmp_path, "x.jsonl.gz", data)) == 13


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("by_thread", [False, True])
def test_truncated_gzip_gives_the_articles_before_and_a_problem(
    tmp_path: Path, part: float, by_thread: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "_WORTH_A_THREAD", 0 if by_thread else 1 << 60)
    whole = gzip.compress(records(4_000))
    found = results(tmp_path, "x.jsonl.gz", whole[: int(len(whole) * part)])
    *articles, last = found
    assert isinstance(last, Problem)
    assert "gzip" in last.what
    assert all(isinstance(each, Article) for each in articles)
    assert len(articles) > 4_000 * (part - 0.15)
    assert last.line == len(articles)


def test_corrupt_gzip_gives_the_articles_before_and_a_problem(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(records(4_000)))
    whole[len(whole) // 2] ^= 0xFF
    found = results(tmp_path, "x.jsonl.gz", bytes(whole))
    assert isinstance(found[-1], Problem)
    assert sum(isinstance(each, Article) for each in found) > 1_000
    assert "gzip" in problem(tmp_path, b"no gzip at all", "y.jsonl.gz").what


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    put(tmp_path, "x.jsonl", records(8_000))
    tracemalloc.start()
    count = sum(1 for _ in read(source(tmp_path, "x.jsonl"), OPTIONS))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 8_000
    assert peak < 2_000_000
