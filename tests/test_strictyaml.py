import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.config.yaml_loader import MAX_BYTES, MAX_DEPTH, Node, YamlError, load


def refusal(text: str, first_line: int = 1) -> YamlError:
    began = time.process_time()
    with pytest.raises(YamlError) as caught:
        load(text, first_line)
    assert time.process_time() - began < 1
    assert caught.value.what
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    "word",
    ["017", "No", "on", "2023-10", "2023-10-05", "12:30:45", "1e3", ".inf", "0x1F", "1_000", "True", "Null", "="],
)
def test_every_scalar_is_the_text_that_was_written(word: str) -> None:
    assert load(f"key: {word}").plain() == {"key": word}
    assert load(f"- {word}").plain() == (word,)
    assert load(f"{word}: x").plain() == {word: "x"}


@pytest.mark.parametrize("nothing", ["", "~", "null", " # comment"])
def test_absent_values_are_none_and_fall_out_of_plain_values(nothing: str) -> None:
    root = load(f"a: {nothing}\nb: [x, ~]\nc: x\n")
    assert isinstance(root.value, dict)
    assert root.value["a"] == Node(None, 1)
    assert root.plain() == {"b": ("x",), "c": "x"}


@pytest.mark.parametrize("quoted", ["''", '""', "'~'", "'null'"])
def test_quoted_text_is_never_absent(quoted: str) -> None:
    assert load(f"a: {quoted}").plain() == {"a": quoted[1:-1]}


def test_an_empty_document_is_nothing() -> None:
    for text in ("", "\n", "# only a comment\n", "---\n"):
        assert load(text).plain() is None


def test_nodes_know_their_lines() -> None:
    root = load("a: 1\nb:\n  - x\n  - y: z\nc: |\n  text\n  more\n", first_line=10)
    assert root.line == 10
    assert isinstance(root.value, dict)
    assert {key: node.line for key, node in root.value.items()} == {"a": 10, "b": 12, "c": 14}
    items = root.value["b"].value
    assert isinstance(items, list)
    assert [item.line for item in items] == [12, 13]
    assert root.plain() == {"a": "1", "b": ("x", {"y": "z"}), "c": "text\nmore\n"}


def test_escapes_in_quotes_are_characters() -> None:
    assert load('a: "\\e[31m\\t\\u202e"').plain() == {"a": "\x1b[31m\t\u202e"}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: &x 1", 1, "aliases and anchors"),
        ("a: 1\nb: *x", 2, "aliases and anchors"),
        ("a: 1\n<<: *x", 2, "aliases and anchors"),
        ("x: 1\na: !!python/object/apply:os.system [ls]", 2, "the tag"),
        ("a: !!str 1", 1, "the tag"),
        ("a: !mine x", 1, "the tag"),
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' is given twice"),
        ("a: {b: 1, b: 2}", 1, "the key 'b' is given twice"),
        ("? [a]\n: b", 1, "a key must be plain text"),
        ("? {a: b}\n: c", 1, "a key must be plain text"),
        ("~: b", 1, "a key must be plain text"),
        ("a: b\n---\nc: d", 2, "second YAML document"),
        ("a: [b", 2, "not YAML"),
        ("a: 'b", 1, "not YAML"),
        ("a: b: c", 1, "not YAML"),
        ("a: b\n\tc: d", 2, "not YAML"),
        ("a: \x1b", 1, "not YAML"),
        ("a: \0", 1, "not YAML"),
        ("%YAML 9.9\n---\na: b", 1, "not YAML"),
        ('a: "\\ud800"', 1, "not YAML"),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: str, line: int, what: str) -> None:
    caught = refusal(text)
    assert what in caught.what
    assert caught.line == line
    assert refusal(text, 41).line == caught.line + 40


@pytest.mark.parametrize("text", ["[" * 30_000, "{a: " * 15_000, "- " * 30_000, "? " * 30_000, "a: " + "[" * 30_000])
def test_deep_nesting_is_refused_before_it_can_do_harm(text: str) -> None:
    caught = refusal(text)
    assert "deep" in caught.what or "plain text" in caught.what


def test_the_limits_are_exact() -> None:
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert repr(load(deepest).plain()) == "(" * MAX_DEPTH + ",".join(")" * MAX_DEPTH)
    assert f"{MAX_DEPTH} deep" in refusal(f"[{deepest}]").what
    largest = "a: " + "x" * (MAX_BYTES - 3)
    assert load(largest).plain() == {"a": "x" * (MAX_BYTES - 3)}
    assert "over 64 KiB" in refusal(largest + "x").what
    assert "over 64 KiB" in refusal("a: " + "é" * (MAX_BYTES // 2)).what  # bytes, not characters
    assert load(largest + "x", max_bytes=MAX_BYTES + 1).plain() == {"a": "x" * (MAX_BYTES - 2)}


def test_a_billion_laughs_takes_no_time() -> None:
    pairs = zip("abcdefghi", "bcdefghij", strict=True)
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in pairs)
    assert refusal(bomb).line == 1


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(anything | st.text(":-?[]{},#&*!|>'\"%@` \nab~", max_size=200))
def test_any_text_gives_plain_values_or_a_yaml_error(text: str) -> None:
    try:
        value = load(text).plain()
    except YamlError:
        return
    assert value is None or isinstance(value, str | tuple | dict)


@given(st.dictionaries(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1), st.text("ab 'é#:-")))
def test_single_quoted_text_comes_back(values: dict[str, str]) -> None:
    text = "".join(f"'{key}': '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in values.items())
    assert (load(text).plain() or {}) == values
