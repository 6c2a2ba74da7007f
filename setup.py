"""Puts the demonstration's articles, which lie beside the package, into what is installed."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithDemonstration(build_py):
    """Copies corpus/ to archive/demonstration/; an editable install finds it where it is."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            shutil.copytree("corpus", Path(self.build_lib) / "archive" / "demonstration", dirs_exist_ok=True)


setup(cmdclass={"build_py": WithDemonstration})
