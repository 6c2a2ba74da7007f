"""Where an archive is, and how `archive.yaml` sets it up."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import NotFoundError, SettingsError, UsageError
from archive.fields import Fields

SETTINGS_FILE = "archive.yaml"
CORPUS_DIR = "corpus"
INDEX_DIR = "index"

#: Articles larger than this are refused by name unless `max_article_mb` says otherwise.
DEFAULT_MAX_ARTICLE_MB = 10
_KEYS = ("name", "language", "facets", "engine", "max_article_mb", "links_outside")


@dataclass(frozen=True, slots=True)
class Settings:
    """`archive.yaml`, with the defaults filled in.

    name      what to call the archive; its folder's name by default
    language  Snowball language of the texts, for stemming
    facets    facets beyond person, venue and year: front-matter keys
    max_article_bytes  largest text of one article that is read
    links_outside      whether links in the corpus that lead out of the archive are followed
    """

    name: str
    language: str = "english"
    facets: tuple[str, ...] = ()
    engine: str = "whoosh"
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_MB * 1_000_000
    links_outside: bool = False

    @property
    def fields(self) -> Fields:
        """The fields that these settings make."""
        return Fields(self.facets)

    @property
    def digest(self) -> str:
        """Changes whenever the same corpus would give another index."""
        said = repr((self.language, self.facets, self.engine, self.max_article_bytes))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def find_root(start: Path | None = None) -> Path:
    """The archive around `start` (the working directory): ARCHIVE_ROOT, or walking up.

    Raises NotFoundError when there is none.
    """
    if start is None and (named := os.environ.get("ARCHIVE_ROOT")):
        return check_root(Path(named))
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if is_root(folder):
            return folder
    raise NotFoundError(
        f"there is no archive in {start} or above it; make one with `archive init`, or name one with --root"
    )


def is_root(folder: Path) -> bool:
    """Whether `folder` holds an archive: settings or a corpus."""
    return (folder / SETTINGS_FILE).is_file() or (folder / CORPUS_DIR).is_dir()


def check_root(folder: Path) -> Path:
    """`folder` as an absolute path; raises NotFoundError unless it holds an archive."""
    if not is_root(folder):
        raise NotFoundError(
            f"{folder} is not an archive: it has neither {CORPUS_DIR}/ nor {SETTINGS_FILE}; "
            f"make one there with `archive init {folder}`"
        )
    return folder.resolve()


def load_settings(root: Path) -> Settings:
    """The settings of the archive in `root`; raises SettingsError naming file and line."""
    path = root / SETTINGS_FILE
    name = root.resolve().name or "archive"
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return Settings(name)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    return _parse(text, path, name)


def _parse(text: str, path: Path, name: str) -> Settings:
    from archive.analysis import Analyzer
    from archive.strictyaml import Node, YamlError, load

    def fail(line: int, why: str) -> SettingsError:
        return SettingsError(f"{path}:{line}: {why}")

    def word(node: Node, key: str) -> str:
        if not isinstance(node.value, str):
            raise fail(node.line, f"{key} must be one piece of text")
        return node.value

    try:
        root = load(text)
    except YamlError as error:
        raise fail(error.line, f"{error.what}; {error.remedy}") from None
    nodes = root.value or {}
    if not isinstance(nodes, dict):
        raise fail(root.line, "settings are `key: value` lines")
    for key, node in nodes.items():
        if key not in _KEYS:
            raise fail(node.line, f"there is no setting {key!r}; the settings are {', '.join(_KEYS)}")
    settings = {key: word(node, key) for key, node in nodes.items() if key != "facets" and node.value}
    facets: tuple[str, ...] = ()
    if (declared := nodes.get("facets")) and declared.value:
        items = declared.value if isinstance(declared.value, list) else [declared]
        for item in items:
            facet = word(item, "a facet")
            if not facet.replace("-", "_").isidentifier():
                raise fail(item.line, f"{facet!r} cannot be a facet's name; use letters, digits and _")
            try:
                Fields((*facets, facet))
            except UsageError as error:
                raise fail(item.line, str(error)) from None
            facets = tuple(dict.fromkeys((*facets, facet)))
    limit = settings.get("max_article_mb", str(DEFAULT_MAX_ARTICLE_MB))
    if not (limit.isdecimal() and len(limit) <= 4 and 1 <= int(limit) <= 1000):
        raise fail(nodes["max_article_mb"].line, "max_article_mb must be a number from 1 to 1000")
    if (links := settings.get("links_outside", "false")) not in ("true", "false"):
        raise fail(nodes["links_outside"].line, "links_outside must be true or false")
    if (engine := settings.get("engine", "whoosh")) != "whoosh":
        raise fail(nodes["engine"].line, f"there is no engine {engine!r}; the engine is whoosh")
    language = settings.get("language", "english")
    try:
        Analyzer(language)
    except SettingsError as error:
        raise fail(nodes["language"].line, str(error)) from None
    about = (settings.get("name", name), language, facets, engine, int(limit) * 1_000_000)
    return Settings(*about, links_outside=links == "true")


def create(root: Path, name: str) -> Path:
    """Lay out an empty archive in `root` and return it; raises UsageError if one is there."""
    if is_root(root):
        raise UsageError(f"{root} is an archive already; put articles into {root / CORPUS_DIR} and run `archive index`")
    try:
        (root / CORPUS_DIR).mkdir(parents=True, exist_ok=True)
        (root / INDEX_DIR).mkdir(mode=0o700, exist_ok=True)
        (root / INDEX_DIR / ".gitignore").write_text("*\n!.gitignore\n", "utf-8")
        (root / SETTINGS_FILE).write_text(_TEMPLATE.format(name=json.dumps(name or root.resolve().name)), "utf-8")
    except OSError as error:
        raise UsageError(f"the archive cannot be made in {root}: {error.strerror}") from None
    return root


_TEMPLATE = """\
# Settings of this archive; every line is optional.
name: {name}
language: english
# facets: [source, tags]    # front-matter keys to narrow by, beside person, venue and year
# max_article_mb: 10        # larger articles are refused by name
# links_outside: true       # follow links in the corpus that lead out of the archive
"""
