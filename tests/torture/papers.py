"""95,562 real papers that change step by step, and what questions about them should be answered.

The answers come from a model that shares nothing with the engine: sets of papers by word, as
`tests/engine/test_papers.py` cuts words, and the brute-force rules of `tests/support.py`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from ..engine.test_papers import SOURCE, _contains, _names, _terms
from ..support import Asked, Choice, Record, write_records
from .world import FACETS, MARKER, Answered, Question, brute_force

#: Articles in a file of the first corpus, and those that every step adds, changes and removes.
_IN_FILE, _ADDED, _CHANGED, _REMOVED = 1_000, 40, 40, 10
#: Papers that are not there in the beginning.
_HELD_BACK = 5_562
#: What is looked for, as words or as phrases; and beside whom and where, which the marker has as well.
_ASKED = (
    "reinforcement", "learning", "motion planning", "tactile", "teleoperation", "dexterous", "laser", "odometry",
    "diffusion", "graph", "tracking", "humanoid", "underwater", "point cloud",
)  # fmt: skip
_PEOPLE = ("Roland Siegwart", "Wolfram Burgard", "Daniela Rus", "Pieter Abbeel", "Masayuki Inaba", "Kei Okada")
_VENUES = ("IROS", "ICRA", "CVPR")
#: The marker's year: it comes first among the newest.
_LAST = "2999"

Having = dict[str, set[str]]
_QUESTIONS: tuple[tuple[str, Callable[[Having], set[str]], dict[str, Any]], ...] = (
    ("reinforcement graph", lambda has: has["reinforcement"] & has["graph"], {}),
    ('"motion planning"', lambda has: has["motion planning"], {"venue": ["ICRA", "IROS"]}),
    ("tactile OR teleoperation", lambda has: has["tactile"] | has["teleoperation"], {"not_venue": ["NIPS"]}),
    ("laser", lambda has: has["laser"], {"person": ["Wolfram Burgard", "Roland Siegwart"]}),
    ("odometry", lambda has: has["odometry"], {"year": ["2018", "2020", _LAST]}),
    ("diffusion NOT graph", lambda has: has["diffusion"] - has["graph"], {"venue": ["CVPR"], "year": ["2018.."]}),
    ("dexterous", lambda has: has["dexterous"], {"person": ["Pieter Abbeel", "Daniela Rus"]}),
    ("(tracking OR odometry) underwater", lambda has: (has["tracking"] | has["odometry"]) & has["underwater"], {}),
    ("humanoid", lambda has: has["humanoid"], {"person": ["Masayuki Inaba", "Kei Okada"], "all": True}),
    ('"point cloud" -learning', lambda has: has["point cloud"] - has["learning"], {"not_person": ["Vijay Kumar"]}),
)


class Papers:
    """The papers as they are at a step; see `load.World`."""

    def __init__(self) -> None:
        with gzip.open(SOURCE, "rt", encoding="utf-8") as lines:
            papers = [json.loads(line) for line in lines]
        self._chance = Random(95_562)
        self._chance.shuffle(papers)
        self._terms = {asked: _terms(asked) for asked in _ASKED}
        self._records: dict[str, Record] = {}
        self._having: Having = {asked: set() for asked in _ASKED}
        self._absent: list[Record] = papers[:_HELD_BACK]
        present = papers[_HELD_BACK:]
        self._files = {
            f"papers{at // _IN_FILE:03}": {paper["id"]: paper for paper in present[at : at + _IN_FILE]}
            for at in range(0, len(present), _IN_FILE)
        }
        for paper in present:
            self._note(paper)

    @property
    def questions(self) -> list[Question]:
        """What is asked: every answer has the marker in it, and it is the first."""
        return [_request(text, choices) for text, _, choices in _QUESTIONS]

    def write(self, root: Path, step: int) -> list[Answered]:
        """Make the corpus that of the next step; returns the answers."""
        for name in [*self._files] if step == 0 else self._change(step):
            path = root / "corpus" / f"{name}.jsonl"
            if self._files[name]:
                write_records(path, self._files[name].values())
            else:
                del self._files[name]
                path.unlink()
        marker = {"id": "marker", "title": f"Marker {step}", "date": _LAST, "people": _PEOPLE, "venues": _VENUES}
        write_records(root / "corpus" / "marker.jsonl", [{**marker, "body": MARKER}])
        return [self._answer(marker, has, choices) for _, has, choices in _QUESTIONS]

    def _change(self, step: int) -> list[str]:
        """Add some, change some, remove some; returns the files that are other than before."""
        new, old = f"new{step:04}", self._chance.choice(list(self._files))
        self._files[new] = {}
        for _ in range(min(_ADDED, len(self._absent))):
            self._put(new, self._absent.pop())
        chosen = self._chance.sample(list(self._files[old]), min(_CHANGED + _REMOVED, len(self._files[old])))
        for number, article_id in enumerate(chosen):
            paper = self._files[old].pop(article_id)
            self._forget(paper)
            if number < _REMOVED or old.startswith("new"):
                self._absent.insert(0, paper)
                continue
            more = " ".join(self._chance.sample(_ASKED, 3))
            self._put(old, {**paper, "title": f"{paper['title']} ({step})", "body": f"{paper['body']} {more}"})
        return [new, old]

    def _put(self, name: str, paper: Record) -> None:
        self._files[name][paper["id"]] = paper
        self._note(paper)

    def _note(self, paper: Record) -> None:
        (title,), people, venues = map(_names, ([paper["title"]], paper["people"], paper["venues"]))
        self._records[paper["id"]] = {**paper, "title": title, "people": people, "venues": venues}
        parts = _terms(paper["title"]), _terms(paper["body"])
        for asked, terms in self._terms.items():
            if any(_contains(part, terms) for part in parts):
                self._having[asked].add(paper["id"])

    def _forget(self, paper: Record) -> None:
        del self._records[paper["id"]]
        for having in self._having.values():
            having.discard(paper["id"])

    def _answer(self, marker: Record, has: Callable[[Having], set[str]], choices: dict[str, Any]) -> Answered:
        records = [marker, *(self._records[each] for each in has(self._having))]
        return brute_force(records, Asked(lambda _: True, _choices(choices), FACETS), "newest", _SHOWN)


#: Hits that are looked at, the newest.
_SHOWN = 10


def _request(text: str, choices: dict[str, Any]) -> Question:
    asked = {name: value for name, value in choices.items() if name != "all"}
    about = {"all_people": choices.get("all", False), "sort": "newest", "limit": _SHOWN, "facets": FACETS}
    return {"query": f"({text}) OR {MARKER}", **asked, **about}


def _choices(choices: dict[str, Any]) -> dict[str, Choice]:
    years: list[str] = choices.get("year", [])
    return {
        "person": Choice(choices.get("person", []), choices.get("not_person", []), every=choices.get("all", False)),
        "venue": Choice(choices.get("venue", []), choices.get("not_venue", [])),
        "year": Choice(
            [year for year in years if ".." not in year],
            ranges=[(int(year.removesuffix("..")), None) for year in years if ".." in year],
        ),
    }
