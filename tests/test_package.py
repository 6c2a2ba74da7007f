"""What is installed: the package with its data, and the demonstration."""

from __future__ import annotations

from pathlib import Path

from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from .support import REPOSITORY


def below(folder: str) -> set[Path]:
    """The files in a folder of the checkout, relative to it; what Python leaves there apart."""
    root = REPOSITORY / folder
    return {path.relative_to(root) for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_a_wheel_has_the_package_and_the_demonstration() -> None:
    included = {Path(file.distribution_path) for file in WheelBuilder(str(REPOSITORY)).recurse_included_files()}
    package = {Path("archive") / path for path in below("archive")}
    demonstration = {Path("archive/demonstration") / path for path in below("corpus")}
    assert included == package | demonstration
    assert {Path("archive/py.typed"), Path("archive/tui/archive.tcss")} <= package
    assert len(demonstration) > 90


def test_a_source_distribution_has_what_a_wheel_is_made_of() -> None:
    included = {Path(file.distribution_path) for file in SdistBuilder(str(REPOSITORY)).recurse_included_files()}
    for folder in ("archive", "corpus", "docs"):
        assert {Path(folder) / path for path in below(folder)} <= included
    assert Path("CHANGELOG.md") in included
