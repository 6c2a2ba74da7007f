"""Where an archive is, and how `archive.yaml` sets it up."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from archive.errors import NotFoundError, SettingsError, UsageError
from archive.model.fields import Fields
from archive.model.metadata_fields import METADATA
from archive.util.atomic_files import edit_text, read_small
from archive.util.quoting import quote_path

if TYPE_CHECKING:
    from archive.config.server import ServerConfig
    from archive.config.yaml_loader import Node

SETTINGS_FILE = "archive.yaml"
CORPUS_DIR = "corpus"
INDEX_DIR = "index"

#: Articles larger than this are refused by name unless `max_article_mb` says otherwise.
DEFAULT_MAX_ARTICLE_MB = 10
#: Enough for some 10,000 articles that name two people; what is left is judged when a question needs it.
DEFAULT_JUDGE_SECONDS = 300
#: The version of the rules by which files are read: an index made by other rules is rebuilt.
READING_RULES = 2
#: The keys of archive.yaml that say where the server of a distributed engine is; `archive.remote` reads them.
SERVER_KEYS = (
    *("url", "index_prefix", "user", "password_file", "api_key_file", "ca_file", "client_cert", "client_key"),
    *("verify_tls", "shards", "replicas", "timeout"),
)
_KEYS = ("name", "language", "facets", "names", "engine", "max_article_mb", "judge_seconds", "links_outside", "keys",
         "ignore", *SERVER_KEYS)  # fmt: skip
#: Files and folders of an archive that are read or written by their names, also where they are links.
ENTRIES = (
    *(SETTINGS_FILE, CORPUS_DIR, INDEX_DIR, "people.yaml", "venues.yaml", "saved.yaml", "names-ignored.txt"),
    *(f"{CORPUS_DIR}/people.yaml", f"{CORPUS_DIR}/venues.yaml", f"{CORPUS_DIR}/sightings.yaml"),
)
#: What can hold and search the articles.
ENGINES = ("whoosh", "opensearch")
#: The metadata keys that a corpus may call otherwise (`keys:`).
METADATA_KEYS = ("title", "date", "people", "venues", *(each.key for each in METADATA), "id", "body")
_KEY_NAMES = {"person": "people", "venue": "venues", "text": "body"} | {
    name: each.key for each in METADATA for name in (each.name, *each.aliases) if name
}
#: What `names` may hold, each with its values; the first is the default.
_NAMES = {
    "detect": ("true", "false"),
    "facets": ("both", "declared"),
    "discover": ("true", "false"),
    "discovered": ("facets", "mentions", "off"),
    "recognizer": ("rules", "spacy"),
}
#: What else it may hold: a piece of text.
_NAME_TEXTS = ("model",)


@dataclass(frozen=True, slots=True)
class Settings:
    """`archive.yaml`, with the defaults filled in.

    name      what to call the archive; its folder's name by default
    language  Snowball language of the texts, for stemming
    facets    facets beyond person, venue and year: front-matter keys
    engine    what holds and searches the articles: whoosh, in the archive itself, or opensearch
    max_article_bytes  largest text of one article that is read
    judge_seconds  processor time that one run of indexing may spend on the second judge of sightings
    detect    whether texts are searched for the names of the authority files
    detected_facets  whether people and venues found so count where none are declared
    discover  whether names that no record has are looked for in the texts of articles that declare none
    discovered  what comes of them: "facets", "mentions" (found by who was seen with whom, but no values) or "off"
    recognizer  what finds them beside the rules: an installed spaCy pipeline; "" for nothing
    remote    where the server of a distributed engine is, if any is named
    links_outside      whether links in the corpus that lead out of the archive are followed
    keys      a known metadata key -> what the corpus calls it
    ignore    shell patterns of files and folders of the corpus that are not read
    """

    name: str
    language: str = "english"
    facets: tuple[str, ...] = ()
    engine: str = "whoosh"
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_MB * 1_000_000
    detect: bool = True
    detected_facets: bool = True
    discover: bool = True
    discovered: str = "facets"
    recognizer: str = ""
    remote: ServerConfig | None = None
    links_outside: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    judge_seconds: int = DEFAULT_JUDGE_SECONDS

    def with_engine(self, engine: str) -> Settings:
        """The same settings with another engine; raises SettingsError where it has no server."""
        if engine == "opensearch" and self.remote is None:
            raise SettingsError("the engine opensearch needs url: in archive.yaml, as in `url: https://localhost:9200`")
        return replace(self, engine=engine)

    @property
    def discovers(self) -> bool:
        """Whether names are discovered while articles are indexed."""
        return self.discover and self.discovered != "off"

    @property
    def fields(self) -> Fields:
        """The fields that these settings make."""
        return Fields(self.facets)

    @property
    def digest(self) -> str:
        """Changes whenever the same corpus would give another index."""
        names = (self.detect, self.detected_facets, self.discovers, self.discovered, self.recognizer)
        reading = (READING_RULES, self.max_article_bytes, sorted(self.keys.items()))
        said = repr((self.language, self.facets, self.engine, reading, names))
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
        f"there is no archive in {start} or above it", "create one with `archive init`, or name one with --root"
    )


def is_root(folder: Path) -> bool:
    """Whether `folder` holds an archive: settings or a corpus."""
    return (folder / SETTINGS_FILE).is_file() or (folder / CORPUS_DIR).is_dir()


def check_root(folder: Path) -> Path:
    """`folder` as an absolute path; raises NotFoundError unless it holds an archive."""
    if not is_root(folder):
        raise NotFoundError(
            f"{quote_path(folder)} is not an archive: it has neither {CORPUS_DIR}/ nor {SETTINGS_FILE}",
            f"create one there with `archive init {quote_path(folder)}`",
        )
    return folder.resolve()


def may_reach_out(root: Path, settings: Settings) -> bool:
    """Whether `archive.config.trust` has to look at an archive: it names a server, or has links in certain places.

    Nearly every archive is told from here that there is nothing to ask, for a few microseconds.
    """
    if settings.remote is not None or settings.links_outside:
        return True
    return any(os.path.islink(f"{root}/{entry}") for entry in ENTRIES)  # noqa: PTH114 (a Path takes ten times as long)


class _Fail(Protocol):
    def __call__(self, line: int, what: str, remedy: str = "") -> SettingsError:
        """The error for a line of the file."""


def load_settings(root: Path) -> Settings:
    """The settings of the archive in `root`; raises SettingsError naming file and line."""
    path = root / SETTINGS_FILE
    name = root.resolve().name or "archive"
    text = read_small(path)
    return _parse(text, path, name) if text else Settings(name)


def _parse(text: str, path: Path, name: str) -> Settings:
    from archive.config.yaml_loader import YamlError, load
    from archive.text.analyzer import Analyzer

    def fail(line: int, what: str, remedy: str = "") -> SettingsError:
        return SettingsError(f"{quote_path(path)}:{line}: {what}", remedy)

    def word(node: Node, key: str) -> str:
        if not isinstance(node.value, str):
            raise fail(node.line, f"{key} must be one piece of text")
        return node.value

    try:
        root = load(text)
    except YamlError as error:
        raise fail(error.line, error.what, error.remedy) from None
    nodes = root.value or {}
    if not isinstance(nodes, dict):
        raise fail(root.line, "settings must be `key: value` lines")
    for key, node in nodes.items():
        if key not in _KEYS:
            raise fail(node.line, f"there is no setting {key!r}", f"the settings are {', '.join(_KEYS)}")
    lists = ("facets", "names", "url", "keys", "ignore")
    settings = {key: word(node, key) for key, node in nodes.items() if key not in lists and node.value}
    facets: tuple[str, ...] = ()
    if (declared := nodes.get("facets")) and declared.value:
        items = declared.value if isinstance(declared.value, list) else [declared]
        for item in items:
            facet = word(item, "a facet")
            if not facet.replace("-", "_").isidentifier():
                raise fail(item.line, f"{facet!r} cannot be a facet's name", "use letters, digits and _")
            try:
                Fields((*facets, facet))
            except UsageError as error:
                raise fail(item.line, error.what, error.remedy) from None
            facets = tuple(dict.fromkeys((*facets, facet)))
    limit = settings.get("max_article_mb", str(DEFAULT_MAX_ARTICLE_MB))
    if not (limit.isdecimal() and len(limit) <= 4 and 1 <= int(limit) <= 1000):
        raise fail(nodes["max_article_mb"].line, "max_article_mb must be a number from 1 to 1000")
    seconds = settings.get("judge_seconds", str(DEFAULT_JUDGE_SECONDS))
    if not (seconds.isdecimal() and len(seconds) <= 6):
        raise fail(nodes["judge_seconds"].line, "judge_seconds must be a number from 0 to 999999")
    if (links := settings.get("links_outside", "false")) not in ("true", "false"):
        raise fail(nodes["links_outside"].line, "links_outside must be true or false")
    if (engine := settings.get("engine", "whoosh")) not in ENGINES:
        raise fail(nodes["engine"].line, f"there is no engine {engine!r}", f"the engines are {', '.join(ENGINES)}")
    named: dict[str, str | tuple[str, ...]] = {key: settings[key] for key in SERVER_KEYS if key in settings}
    if (url := nodes.get("url")) and url.value:
        items = url.value if isinstance(url.value, list) else [url]
        named |= {"url": tuple(word(item, "a url") for item in items)}
    remote = _server(named, path.parent, settings.get("name", name), nodes, fail) if named else None
    if engine == "opensearch" and remote is None:
        raise fail(
            nodes["engine"].line, "the engine opensearch needs url: as well, as in `url: https://localhost:9200`"
        )
    language = settings.get("language", "english")
    try:
        Analyzer(language)
    except SettingsError as error:
        raise fail(nodes["language"].line, error.what, error.remedy) from None
    names = _name_settings(nodes.get("names"), fail)
    patterns: list[Node] = []
    if (ignore := nodes.get("ignore")) and ignore.value:
        patterns = ignore.value if isinstance(ignore.value, list) else [ignore]
    return Settings(
        name=settings.get("name", name),
        language=language,
        facets=facets,
        engine=engine,
        max_article_bytes=int(limit) * 1_000_000,
        judge_seconds=int(seconds),
        detect=names["detect"] == "true",
        detected_facets=names["facets"] == "both",
        discover=names["discover"] == "true",
        discovered=names["discovered"],
        recognizer=_recognizer(names, nodes.get("names"), fail),
        remote=remote,
        links_outside=links == "true",
        keys=_own_keys(nodes.get("keys"), fail),
        ignore=tuple(word(pattern, "a pattern of ignore") for pattern in patterns),
    )


def _own_keys(node: Node | None, fail: _Fail) -> dict[str, tuple[str, ...]]:
    """The settings under `keys`: what the corpus calls the known keys."""
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict):
        raise fail(node.line, "keys must be `known: own` lines, as in `keys: {body: content_text, date: published}`")
    keys = {}
    for key, own in node.value.items():
        known = _KEY_NAMES.get(key.lower(), key.lower())
        if known not in METADATA_KEYS:
            what = f"{key!r} under keys is not a metadata key"
            raise fail(own.line, what, f"the keys are {', '.join(METADATA_KEYS)}")
        items = own.value if isinstance(own.value, list) else [own]
        names = [item.value for item in items]
        if not names or not all(isinstance(name, str) and name.strip() for name in names):
            raise fail(own.line, f"the own name of {key} must be text, or a list of texts")
        keys[known] = tuple(map(str, names))
    return keys


def _server(
    named: Mapping[str, str | tuple[str, ...]],
    root: Path,
    name: str,
    nodes: Mapping[str, Node],
    fail: _Fail,
) -> ServerConfig | None:
    """The server that is named; few archives have one, so that only these load what reads it."""
    from archive.config.server import parse

    try:
        return parse(named, root, name)
    except ValueError as error:
        key, what, *remedy = error.args
        raise fail(nodes[key].line, what, *remedy) from None


def _name_settings(node: Node | None, fail: _Fail) -> dict[str, str]:
    """The settings under `names`, each one of its values."""
    chosen = {key: values[0] for key, values in _NAMES.items()}
    if node is None or node.value is None:
        return chosen
    if not isinstance(node.value, dict):
        raise fail(node.line, "names must be `key: value` lines, as in `names: {facets: declared}`")
    for key, value in node.value.items():
        if key in _NAME_TEXTS and isinstance(value.value, str) and value.value:
            chosen[key] = value.value
            continue
        if key not in _NAMES:
            known = ", ".join((*_NAMES, *_NAME_TEXTS))
            raise fail(value.line, f"names have no setting {key!r}", f"the settings are {known}")
        if value.value not in _NAMES[key]:
            raise fail(value.line, f"{key} of names is {' or '.join(_NAMES[key])}")
        assert isinstance(value.value, str)
        chosen[key] = value.value
    return chosen


def _recognizer(names: Mapping[str, str], node: Node | None, fail: _Fail) -> str:
    """The spaCy pipeline that is asked, "" for none."""
    line = node.line if node is not None else 1
    if names["recognizer"] == "spacy" and not names.get("model"):
        raise fail(line, "the recognizer spacy needs model: as well, as in `model: en_core_web_md`")
    if names["recognizer"] == "rules" and names.get("model"):
        raise fail(line, "model: is that of a recognizer", "write `recognizer: spacy` beside it")
    if not re.fullmatch(r"\w*", names.get("model", "")):
        raise fail(line, "model must be the name of an installed spaCy pipeline, as in `model: en_core_web_md`")
    return names.get("model", "")


def with_lines(root: Path, lines: Mapping[str, str]) -> Settings:
    """The settings as they would be after `write_lines`; raises SettingsError if they would be wrong."""
    path = root / SETTINGS_FILE
    return _parse(_edited(read_small(path), lines), path, root.resolve().name or "archive")


def write_lines(root: Path, lines: Mapping[str, str]) -> None:
    """Set lines of archive.yaml, each a key with one piece of text; every other line stays as it is.

    Raises SettingsError, with the file untouched, if the settings would be wrong.
    """
    path = root / SETTINGS_FILE

    def change(text: str) -> str:
        edited = _edited(text, lines)
        _parse(edited, path, root.resolve().name or "archive")
        return edited

    edit_text(path, change, within=(root,))


def _edited(text: str, lines: Mapping[str, str]) -> str:
    kept = text.splitlines()
    for key, value in lines.items():
        said = json.dumps(value, ensure_ascii=False) if re.search(r"[^A-Za-z0-9_./:-]", value) else value
        places = [number for number, line in enumerate(kept) if line.startswith(f"{key}:")] or [len(kept)]
        kept[places[0] : places[0] + 1] = [f"{key}: {said}"]
    return "".join(f"{line}\n" for line in kept)


def create(root: Path, name: str) -> Path:
    """Lay out an empty archive in `root` and return it; raises UsageError if one is there."""
    if is_root(root):
        raise UsageError(
            f"{quote_path(root)} is already an archive",
            f"put articles into {quote_path(root / CORPUS_DIR)} and run `archive index`",
        )
    if links := [entry for entry in ENTRIES if (root / entry).is_symlink()]:
        raise UsageError(f"{quote_path(root / links[0])} is a link", "remove it, or create the archive elsewhere")
    try:
        (root / CORPUS_DIR).mkdir(parents=True, exist_ok=True)
        (root / INDEX_DIR).mkdir(mode=0o700, exist_ok=True)
        (root / INDEX_DIR / ".gitignore").write_text("*\n!.gitignore\n", "utf-8")
        (root / SETTINGS_FILE).write_text(_TEMPLATE.format(name=json.dumps(name or root.resolve().name)), "utf-8")
    except OSError as error:
        raise UsageError(f"the archive cannot be created in {quote_path(root)}: {error.strerror}") from None
    return root


_TEMPLATE = """\
# Settings of this archive; every line is optional.
name: {name}
language: english
# facets: [source, tags]    # front-matter keys to narrow by, in addition to person, venue and year
# names: {{discover: false}}  # do not look for names that no authority file has in the texts of articles
# names: {{facets: declared}} # do not count people and venues found in texts; {{detect: false}}: do not look for any
# keys: {{body: content_text, date: published}}   # own names of metadata keys
# ignore: ["drafts/*", "*.draft.md"]              # files and folders of the corpus that are not read
# max_article_mb: 10        # larger articles are reported, not read
# judge_seconds: 300        # time for an indexing run to judge by more than rules who was together; 0 for none
# links_outside: true       # follow links in the corpus that lead out of the archive
"""
