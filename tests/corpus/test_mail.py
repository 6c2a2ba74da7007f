"""Mail: messages in, articles out."""

# ruff: noqa: E501 (messages are easier to read on few lines)

from __future__ import annotations

import tracemalloc
from email.message import EmailMessage
from pathlib import Path

import pytest

from archive.corpus.formats.registry import read
from archive.model.article import Article, Problem

from .helpers import OPTIONS, article, problem, put, results, source, warnings


def message(text: str = "Text.\n", **headers: str) -> EmailMessage:
    found = EmailMessage()
    given = {"From": "Mo Ray <mo@x.test>", "Subject": "Fog", "Date": "Tue, 04 May 2010 23:50:00 -0700"} | headers
    for name, value in given.items():
        found[name.replace("_", "-")] = value
    found.set_content(text)
    return found


def test_a_message_is_an_article(tmp_path: Path) -> None:
    mail = message("One café.\n\nTwo.\n", To="Desk <desk@x.test>, ed@x.test", Subject="Café opens", Message_ID="<1@x>")
    mail.add_alternative("<p>Wrong</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Programme é.pdf")
    mail.add_attachment(message(Subject="The other"))
    found = article(tmp_path, bytes(mail), "x.eml")
    assert (found.title, found.date, found.authors) == ("Café opens", "2010-05-04", ("Mo Ray",))
    assert found.body == "One café.\n\nTwo."
    assert found.extra == {
        "from": "Mo Ray <mo@x.test>", "to": "Desk <desk@x.test>, ed@x.test", "message_id": "<1@x>",
        "attachments": ("Programme é.pdf", "The other"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "body", "shown"),
    [
        ("Content-Type: text/html", "<p>Ada <b>s</b>ings &amp; so</p><script>x</script>", "Ada sings & so"),
        ("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable", "caf=E9 so=\nft", "café soft"),
        ("Content-Type: text/plain; charset=nowhere\nContent-Transfer-Encoding: 8bit", "café", "café"),
        ("Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit", "café", "café"),
        ("Content-Type: text/plain; format=flowed", "One \ntwo.\nThree.\n> a \n> b", "One two.\nThree.\n> a \n> b"),
        ("Content-Type: text/plain; format=flowed; delsp=yes", "har \nbour", "harbour"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", "Q2Fmw6k=", "Café"),
        ("Content-Type: multipart/mixed; boundary=b", "--b\n\nOne.\n--b\nContent-Type: image/png\n\n\n--b--", "One."),
        ("X-Nothing: said", "Plain.", "Plain."),
    ],
)  # fmt: skip
def test_the_text_of_a_message(tmp_path: Path, head: str, body: str, shown: str) -> None:
    assert article(tmp_path, f"Subject: S\nMIME-Version: 1.0\n{head}\n\n{body}\n", "x.eml").body == shown


@pytest.mark.parametrize(
    ("sender", "authors"),
    [
        ("mo@x.test", ("mo@x.test",)),
        ('"Ray, Mo" <mo@x.test>', ("Ray, Mo",)),
        ("A B <a@x.test>, C D <c@x.test>", ("A B", "C D")),
        ("=?iso-8859-1?Q?Zo=EB?= <z@x.test>", ("Zoë",)),
        ("", ()),
    ],
)
def test_who_sent_it(tmp_path: Path, sender: str, authors: tuple[str, ...]) -> None:
    assert article(tmp_path, f"From: {sender}\nSubject: S\n\nText.\n", "x.eml").authors == authors


def test_a_date_that_is_none_is_kept_with_a_warning(tmp_path: Path) -> None:
    data = "Subject: S\nDate: soon, I hope\n\nText.\n"
    found = article(tmp_path, data, "x.eml")
    assert (found.date, found.date_text) == (None, "soon, I hope")
    assert len(warnings(tmp_path, data, "x.eml")) == 1


def test_a_mailbox_is_an_article_a_message(tmp_path: Path) -> None:
    data = b"".join(
        b"From mo@x.test Wed May  5 10:00:00 2010\nSubject: S%d\n\nFrom here on.\n\n>From there.\n>>From\n\n" % n
        for n in range(3)
    )
    found = [each for each in results(tmp_path, "x.mbox", data) if isinstance(each, Article)]
    assert [(each.title, each.line) for each in found] == [("S0", 1), ("S1", 9), ("S2", 17)]
    assert found[0].body == "From here on.\n\nFrom there.\n>>From"


def test_a_message_over_the_limit_costs_no_other(tmp_path: Path) -> None:
    big = b"From a Wed\nSubject: B\n\n" + b"x" * 99 * 10_000 + b"\n\n"
    data = b"From a Wed\nSubject: A\n\none\n\n" + big + b"From a Wed\nSubject: C\n\nthree\n"
    found = results(tmp_path, "x.mbox", data, 100_000)
    assert [type(each) for each in found] == [Article, Problem, Article]
    assert found[1].line == 6


def test_memory_does_not_grow_with_the_mailbox(tmp_path: Path) -> None:
    one = b"From a Wed\nSubject: A\n\n" + b"word " * 2000 + b"\n" + b"\n"
    put(tmp_path, "x.mbox", one * 400)
    tracemalloc.start()
    assert sum(isinstance(each, Article) for each in read(source(tmp_path, "x.mbox"), OPTIONS)) == 400
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def nested(depth: int) -> str:
    """A message whose parts are within one another."""
    heads = [f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)]
    return "Subject: S\nMIME-Version: 1.0\n" + "".join(heads) + "\nText.\n"


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("x.eml", "", "the file is empty"),
        ("x.eml", "\n\nNo header.\n", "this is no message"),
        ("x.eml", nested(2000), "nested too deep"),
        ("x.mbox", "", "there is no message"),
        ("x.mbox", "Subject: S\n\nText.\n", "this is no mailbox"),
        ("x.eml", "Subject: S\n\n" + "word " * 30_000, "its text is"),
    ],
)
def test_what_cannot_be_read_is_one_named_problem(tmp_path: Path, name: str, data: str, what: str) -> None:
    assert what in problem(tmp_path, data, name, 100_000).what


@pytest.mark.parametrize(
    "data",
    [
        "Subject: " + "=?utf-8?Q?" * 2000 + "\n\nText.\n",
        "From: " + "(" * 2000 + "\nSubject: S\n\nText.\n",
        "Subject: S\nTo: " + "a" * 100_000 + "@" + ",<" * 1000 + "\n\nText.\n",
        "Subject: S\nContent-Type: ;;;=\"\n\nText.\n",
        "Subject: S\nContent-Type: multipart/mixed\n\nText.\n",
        "Subject: S\nContent-Disposition: attachment; filename*=x''%\n\nText.\n",
        "Subject: S\nMessage-ID: <[\n\nText.\n",
    ],
)  # fmt: skip
def test_malformed_headers_cost_no_article(tmp_path: Path, data: str) -> None:
    assert article(tmp_path, data, "x.eml").title
