from pathlib import Path

import pytest

from archive.corpus.formats import registry

from .helpers import article, minimal_pdf, problem, put, results

pytest.importorskip("pypdfium2")

LINES = ["The Ball", "The lantern ball drew half", "the town to the pier.", "", "Getty Images", "", "Ada danced."]


def test_without_metadata_the_first_line_is_the_title(tmp_path: Path) -> None:
    found = article(tmp_path, minimal_pdf(LINES), "x.pdf")
    assert found.title == "The Ball"
    assert found.body.startswith("The Ball\nThe lantern ball drew half the town to the pier.")
    assert found.body.endswith("Ada danced.")
    assert (found.path, found.line) == ("corpus/x.pdf", 1)
    assert found.inferred == ("id", "title", "date", "people", "venues")


def test_metadata_are_believed_when_plausible_and_stay_inferred(tmp_path: Path) -> None:
    info = "/Title (The Ball) /Author (Mo Lind) /CreationDate (D:20161023101500+02'00')"
    found = article(tmp_path, minimal_pdf(LINES, info), "x.pdf")
    assert (found.title, found.authors, found.date) == ("The Ball", ("Mo Lind",), None)
    assert found.body.startswith("The lantern ball")  # the line that repeats the title is gone
    assert {"title", "date"} <= set(found.inferred)


@pytest.mark.parametrize(
    "info",
    [
        "/Title (Microsoft Word - draft3.doc) /Author (admin)",
        "/Title (untitled) /Author (User 1)",
        "/Title (ball_final_v2.indd) /Author (  )",
        "/Title (12-34) /Author (--)",
        "/CreationDate (D:20161023101500+02'00')",
        "/Title (Page 3 of 17)",
        "/Title (Scan 12)",
    ],
)
def test_implausible_metadata_are_not_believed(tmp_path: Path, info: str) -> None:
    found = article(tmp_path, minimal_pdf(LINES, info), "x.pdf")
    assert (found.title, found.authors, found.date) == ("The Ball", (), None)


def test_file_name_and_sidecar_come_before_metadata(tmp_path: Path) -> None:
    data = minimal_pdf(LINES, "/Title (Wrong) /CreationDate (D:20161023)")
    found = article(tmp_path, data, "2015-02 scan.pdf")
    assert (found.date, found.title) == ("2015-02", "Wrong")
    put(tmp_path, "x.yaml", "title: Right\ndate: 2014")
    declared = article(tmp_path, data, "x.pdf")
    assert (declared.date, declared.title) == ("2014", "Right")
    assert declared.inferred == ("id", "people", "venues")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.4\n", "the PDF is damaged"),
        (b"no PDF", "the PDF is damaged"),
        (minimal_pdf(LINES)[:300], "the PDF is damaged"),
        (minimal_pdf([]), "there is no text in this PDF: it seems to be a scan"),
        (minimal_pdf(["   "]), "there is no text in this PDF: it seems to be a scan"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, data: bytes, what: str) -> None:
    assert problem(tmp_path, data, "x.pdf").what == what


def test_an_encrypted_pdf(tmp_path: Path) -> None:
    key = "<" + "00" * 32 + ">"
    encrypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >> /ID [<00> <00>]"
    data = minimal_pdf(LINES).replace(b"/Info 6 0 R", b"/Info 6 0 R " + encrypt.encode())
    assert problem(tmp_path, data, "x.pdf").what == "the PDF is encrypted"


def test_the_limit_is_on_the_text(tmp_path: Path) -> None:
    data = minimal_pdf(["word " * 10] * 20)
    assert "its text is 0.1 MB, over the limit of 0.0005 MB" in problem(tmp_path, data, "x.pdf", 500).what
    assert len(data) > 900
    assert len(results(tmp_path, "y.pdf", minimal_pdf(LINES), 900)) == 1


def test_without_the_extra_the_problem_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    registry._missing.cache_clear()
    try:
        found = problem(tmp_path, minimal_pdf(LINES), "x.pdf")
    finally:
        registry._missing.cache_clear()
    assert "pip install 'searchable-archive[pdf]'" in str(found)
