from pathlib import Path

import pytest

from archive.corpus.credits import credit_rows, is_credit

from ..timing import within
from .helpers import article

CREDITS = """
Getty Images
GETTY IMAGES
Reuters
AP
Splash News
SAUL LOEB/AFP/Getty Images
AFP via Getty Images
Drew Angerer via Getty Images
Jane Doe for Reuters
Kevin Mazur/Getty Images for The Met Museum/Vogue
Stefanie Keenan/Getty Images for Baby2Baby
Alex Wong | Getty Images
Matt Baron/BEI/Shutterstock
Robert Downey Jr./Getty Images
David M. Benett / Dave Benett / Getty Images
Joe Giddens/PA Wire
Michael Simon/BFA.com
Élodie Faye/Magnum Photos
REUTERS/Kevin Lamarque
(AP Photo/Evan Vucci)
AP Photo/Evan Vucci, File
*Getty Images*
Photo: Kevin Mazur
PHOTO: Getty Images
photo: getty images
Photos: Getty Images.
Photo by Kevin Mazur/Getty Images
Photograph by Annie Leibovitz.
Photo | Vogue
Photo credit: NASA
Photo via Instagram
Photo: @kimkardashian/Instagram
Image: Netflix
Images courtesy of Sotheby's
Picture: PA
Credit: Courtesy of the artist
Courtesy of Netflix
Courtesy of the artist
© 2023 Getty Images
©Disney
"""

AGENCIES = (
    "Getty Images; AFP; AP; Associated Press; Reuters; EPA; Shutterstock; Alamy; BFA; WireImage; FilmMagic; "
    "Rex Features; Splash News; Backgrid; PA Images; PA Wire; PA Media; Bloomberg; Magnum Photos; UPI; Xinhua; ZUMA; "
    "Corbis; dpa; ANSA; TASS; Kyodo; Anadolu; Press Association"
)

PROSE = """
Kim Kardashian, Ivanka Trump and Friends.
Reuters reported that the party was over
Reuters reported.
Getty bought it
Getty Images bought the archive.
Getty
The Associated Press contributed to this report
AP style is a matter of taste
Search for AP
Reuters for Beginners
Kim Kardashian for Vogue
Vogue/Vanity Fair
and/or
Ivanka Trump
Courtesy of his father, he was rich
Courtesy is free
Photos by the dozen appeared on her Instagram.
Photography by women is underrated.
Picture this: a party
Image: what people see matters more than the truth
Photo: is it real?
The image: a woman at a party
Credits roll
© is a symbol. It means something.
"""


@pytest.mark.parametrize("line", CREDITS.strip().split("\n"))
def test_credits(line: str) -> None:
    assert is_credit(line)
    assert is_credit(f"  {line} ")


@pytest.mark.parametrize("line", PROSE.strip().split("\n"))
def test_prose(line: str) -> None:
    assert not is_credit(line)


@pytest.mark.parametrize("name", AGENCIES.strip().split("; "))
def test_agencies_alone_and_after_a_name(name: str) -> None:
    assert is_credit(name)
    assert is_credit(f"Ada Quill/{name}")
    assert not is_credit(f"{name} sold the picture")
    assert not is_credit(f"{name}.")


def extracted(body: str) -> tuple[str, tuple[str, ...], int]:
    """The body without its credits, the credits, and the row of the first line that stays."""
    lines = body.split("\n")
    credits, rows = credit_rows(lines)
    return "\n".join([lines[row] for row in rows]).rstrip(), credits, rows[0] if rows else 0


def test_credits_leave_the_text_and_one_blank_line_behind() -> None:
    body = "One.\n\n\nGetty Images\n\n\n\nTwo.\n\n\nThree.\n\nAP\n\nReuters"
    assert extracted(body) == ("One.\n\nTwo.\n\n\nThree.", ("Getty Images", "AP", "Reuters"), 0)


def test_credits_at_the_top_move_the_body_down() -> None:
    assert extracted("AP\n\n\nOne.") == ("One.", ("AP",), 3)
    assert extracted("AP\n \nReuters") == ("", ("AP", "Reuters"), 0)
    assert extracted("One. \n\nAP") == ("One.", ("AP",), 0)
    assert extracted("AP") == ("", ("AP",), 0)


@pytest.mark.parametrize(
    "body", ["One.\nGetty Images\n\nTwo.", "One.\n\nGetty Images\nTwo.", "x" * 200, "One.\n\nTwo.\n\n" + "AP/" * 50, ""]
)
def test_what_is_no_paragraph_of_its_own_stays(body: str) -> None:
    assert credit_rows(body.split("\n")) == ((), [])


def test_repeated_and_declared_credits_are_listed_once(tmp_path: Path) -> None:
    text = "---\ncredits: [Mo Lind, AP]\n---\n# Title\n\nReuters\n\nText.\n\nAP\n\nReuters\n"
    found = article(tmp_path, text)
    assert (found.credits, found.body, found.line) == (("Mo Lind", "AP", "Reuters"), "Text.", 8)


def test_the_first_line_is_the_title_whatever_it_says(tmp_path: Path) -> None:
    found = article(tmp_path, "Photos: the Met Gala\n\nText.")
    assert (found.title, found.credits) == ("Photos: the Met Gala", ())


def test_a_large_body_is_looked_through_quickly() -> None:
    import time

    body = "A short line.\n\n" * 100_000
    began = time.perf_counter()
    assert credit_rows((body + "AP").split("\n"))[0] == ("AP",)
    assert time.perf_counter() - began < 3


def test_a_million_blank_lines_are_not_a_million_paragraphs() -> None:
    body = "x" + "\n" * 1_000_000 + "y"
    with within(0.5):
        assert credit_rows(body.split("\n")) == ((), [])
