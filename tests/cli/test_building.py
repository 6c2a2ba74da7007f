"""`archive init`, `archive add` and `archive index`, and the index that a search builds."""

import io
import json
from pathlib import Path

import pytest

from archive.api import Archive
from archive.cli.archive_context import ProgressLine
from archive.model.reports import CheckIssue, IndexReport, Progress

from .support import run


def test_from_nothing_to_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("init", "town", "--name", "The Town")
    assert (made.code, made.out) == (0, f"{tmp_path / 'town'}\n")
    assert "archive index" in made.err
    monkeypatch.chdir(tmp_path / "town")
    assert run("init").code == 2
    article = "Ann Lee came late to the party."
    added = run(
        "add", "-", "--title", "A late guest", "--date", "2024-05", "--person", "Ann Lee", "--venue", "Pier",
        "--source", "Gazette", "--author", "N. Finch", "--url", "https://x.example", "--tag", "late",
        stdin=article.encode(),
    )  # fmt: skip
    assert (added.code, added.out) == (0, "2024-05-a-late-guest\n")
    assert added.err == f"{tmp_path / 'town' / 'corpus' / '2024-05-a-late-guest.md'}\n"
    shown = json.loads(run("show", "2024-05-a-late-guest", "--format", "json").out)
    assert shown["body"] == article
    assert (shown["people"], shown["venues"], shown["author"]) == (["Ann Lee"], ["Pier"], ["N. Finch"])
    assert (shown["url"], shown["tags"], shown["source"]) == ("https://x.example", ["late"], "Gazette")
    assert run("search", "party", "--person", "Ann Lee", "--output", "count").out == "1\n"


def test_init_at_a_root(tmp_path: Path) -> None:
    assert run("--root", tmp_path / "new", "init").code == 0
    assert (tmp_path / "new" / "archive.yaml").is_file()


def test_add_files(fresh: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.md"
    one.write_text("First\n\nOne zeppelin.", "utf-8")
    two.write_text("---\ntitle: Second\ndate: 2001\n---\n\nTwo zeppelins.", "utf-8")
    result = run("add", one, two, "--tag", "sky")
    assert result.out.splitlines() == ["first", "2001-second"]
    assert run("search", "zeppelin", "--where", "tags=sky", "--output", "count").out == "2\n"
    assert run("add", one, two, "--title", "Both").code == 2
    assert run("add").code == 2


def test_what_was_added_before_a_failure_is_indexed(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("First\n\nOne zeppelin.", "utf-8")
    result = run("add", tmp_path / "one.txt", tmp_path / "absent.txt")
    assert (result.code, result.out) == (2, "first\n")
    assert "absent.txt" in result.err
    assert run("search", "zeppelin", "--output", "count").out == "1\n"


def test_a_file_of_the_corpus_is_not_added_to_it(fresh: Path) -> None:
    result = run("add", fresh / "corpus" / "regatta.md")
    assert result.code == 2
    assert "in the corpus already" in result.err


def test_index_says_what_it_did(fresh: Path) -> None:
    (fresh / "corpus" / "broken.md").write_text("---\ntitle: [\n---\n\nText.", "utf-8")
    (fresh / "corpus" / "empty.md").write_text("", "utf-8")
    (fresh / "corpus" / "data.xyz").write_text("?", "utf-8")
    first = run("index")
    assert first.code == 0
    assert first.out.startswith("9 added, 1 problem, 1 warning in ")
    assert "corpus/empty.md: the file is empty; " in first.err
    assert "warning: corpus/broken.md:3: this is not YAML" in first.err
    assert "not read, by extension: .xyz (1)" in first.err
    assert run("index", "--strict").code == 2
    report = json.loads(run("index", "--full", "--json").out)
    assert list(report) == [
        "format_version", "added", "updated", "unchanged", "removed", "problems", "warnings", "skipped", "seconds",
    ]  # fmt: skip
    assert report["problems"][0]["path"] == "corpus/empty.md"
    assert report["warnings"][0]["path"] == "corpus/broken.md"
    assert report["skipped"] == {".xyz": 1}
    assert run("index", "--full", "--watch").code == 2


def test_a_search_builds_the_index_it_lacks(fresh: Path) -> None:
    (fresh / "corpus" / "broken.md").write_text("---\ntitle: [\n---\n\nText.", "utf-8")
    (fresh / "corpus" / "empty.md").write_text("", "utf-8")
    result = run("search", "ball", "--output", "count")
    assert (result.code, result.out) == (0, "6\n")
    said = "1 problem and 1 warning in the corpus; `archive index` lists them\n"
    assert result.err == f"there is no index yet: building one\n{said}"
    assert run("search", "ball", "--output", "count").err == ""


@pytest.mark.parametrize("command", ["search ball --output count", "index"])
def test_an_index_with_other_settings_is_rebuilt_and_that_is_said(fresh: Path, command: str) -> None:
    run("index")
    with (fresh / "archive.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\nlanguage: german\n")
    assert run(*command.split()).err == "the index was made by another version or with other settings: rebuilding it\n"
    assert run(*command.split()).err == ""


def test_show_and_quote_say_that_a_file_has_changed(fresh: Path) -> None:
    run("index")
    (path,) = (fresh / "corpus").glob("**/regatta.md")
    (found,) = json.loads(run("search", "path:corpus/regatta.md", "--output", "ids", "--format", "json").out)["ids"]
    before = {form: run("show", found, "--format", form) for form in ("text", "markdown", "json")}
    path.write_text(path.read_text("utf-8") + "\n\nOne more paragraph.\n", "utf-8")
    said = "corpus/regatta.md has changed since it was indexed; run `archive index`\n"
    for form in ("text", "markdown"):
        after = run("show", found, "--format", form)
        assert (after.code, after.out, after.err) == (0, before[form].out, before[form].err + said)
    shown = run("show", found, "--format", "json")
    assert shown.err == said
    assert json.loads(shown.out) == {**json.loads(before["json"].out), "file_status": "changed"}
    word = json.loads(shown.out)["title"]
    assert run("quote", found, word).err == said
    assert json.loads(run("quote", found, word, "--format", "json").out)["file_status"] == "changed"
    path.unlink()
    assert "corpus/regatta.md was deleted after it was indexed" in run("show", found).err
    run("index")
    assert run("show", found).code == 2


def test_check_tells_a_change_from_damage(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check").code == 1
    run("index")
    (fresh / "corpus" / "new.txt").write_text("New", "utf-8")
    changed = run("check")
    assert changed.code == 1
    assert "corpus/new.txt" in changed.out
    monkeypatch.setattr(Archive, "check", lambda _: (CheckIssue("torn", "rebuild", damage=True),))
    assert run("check").code == 2


def test_watching_tells_each_run(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = (IndexReport(added=1), IndexReport(updated=2))
    monkeypatch.setattr(Archive, "watch", lambda *_: iter(made))
    assert run("index", "--watch").out.splitlines() == ["1 added in 0.0 s", "2 updated in 0.0 s"]
    lines = run("index", "--watch", "--json").out.splitlines()
    assert [json.loads(line)["updated"] for line in lines] == [0, 2]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_and_at_most_ten_a_second() -> None:
    stream, now = Terminal(), iter((0.0, 0.05, 0.2, 0.4))
    with ProgressLine(stream, lambda: next(now)) as progress:
        progress(Progress(1200, 0.25, 2.0))
        progress(Progress(1300, 0.3, 2.1))
        progress(Progress(1400, 0.5, 100.0))
        progress(Progress(5, 1.0, 0.0))
    drawn = stream.getvalue().split("\r")
    assert drawn[1:3] == ["1,200 articles  600/s  0:06 left", "1,400 articles  14/s  1:40 left "]
    assert drawn[3].rstrip() == "5 articles"
    assert drawn[4].strip() == ""
    assert "\n" not in stream.getvalue()


def test_no_progress_off_a_terminal() -> None:
    stream = io.StringIO()
    with ProgressLine(stream) as progress:
        progress(Progress(1, 0.5, 1.0))
    assert stream.getvalue() == ""


def test_how_the_corpus_was_read_is_seen_at_once(tmp_path: Path) -> None:
    root = tmp_path / "press"
    (root / "corpus" / "blog").mkdir(parents=True)
    records = [{"title": f"T{n}", "erschienen": f"2{n}.02.1998", "brödtext": f"word {n} " * 40} for n in range(3)]
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (root / "corpus" / "press.jsonl").write_text(lines, "utf-8")
    (root / "corpus" / "blog" / "2016-05-03 a ball.md").write_text("---\ndraft: false\n---\nAda Quill danced.", "utf-8")
    (root / "corpus" / "blog" / "x.xyz").write_text("?", "utf-8")
    indexed = run("--root", root, "index")
    assert indexed.err.splitlines()[-1] == (
        "3 articles have no text; if the text is under the key 'brödtext', write `keys: {body: brödtext}` into"
        " archive.yaml (`archive check --corpus` shows how the corpus was read)"
    )
    assert len(json.loads(run("--root", root, "index", "--json").out)["warnings"]) == 3  # also when nothing has changed
    assert run("--root", root, "check", "--corpus").out == (
        "corpus (jsonl): 3 articles, 3 warnings\n"
        "  title 3 · date 0 · people 0 · venues 0 · text 0\n"
        "corpus/blog (markdown): 1 article\n"
        "  title 1 (1 guessed) · date 1 (1 guessed) · people 1 (1 guessed) · venues 0 ·\n  text 1\n"
        "not read, by extension: .xyz (1)\n"
        "\n"
        "keys without a meaning (`keys:` in archive.yaml gives them one)\n"
        "brödtext    3 articles, up to 280 characters: word 0 word 0 word 0 word 0 word 0\n"
        "            word 0 word 0 word 0 word\n"
        "erschienen  3 articles, dates: 20.02.1998\n"
        "draft       1 article, up to 5 characters: false\n"
        "\n"
        "least text\n"
        "0 characters: t0, corpus/press.jsonl:1\n"
        "0 characters: t1, corpus/press.jsonl:2\n"
        "0 characters: t2, corpus/press.jsonl:3\n"
        "17 characters: 2016-05-03-a-ball, corpus/blog/2016-05-03 a ball.md:4\n"
    )
    (root / "archive.yaml").write_text("keys: {body: brödtext, date: erschienen}\n", "utf-8")
    report = json.loads(run("--root", root, "index", "--json").out)
    assert (report["updated"] + report["added"], report["warnings"]) == (3, [])
    groups = json.loads(run("--root", root, "check", "--corpus", "--format", "json").out)["groups"]
    assert groups[0]["has"] == {"title": 3, "date": 3, "people": 0, "venues": 0, "text": 3}
    assert run("--root", root, "check", "--corpus", "--deep").code == 2
