"""Who was together, measured on labelled passages, by the product as it is asked.

    python -m tests.bench.sightings [SET.json …] [--cross-validate DIRECTORY] [--errors]

Prints what `score.py` of the labelled sets defines: one row a set, those of `../shared/sightings` by default, and the
mean over all passages. `--cross-validate` takes the working directory of `archive.encounters.encoder.train`: each
passage is then judged with the weights that saw neither it nor its labels, thresholds included; a passage of a set that
was left shut in training, with the weights of the first fold.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from archive.encounters.encoder.judge import EncoderJudge
from archive.encounters.encoder.weights import open_weights
from archive.encounters.pair_judge import PairCandidate, Passage, StanceProbabilities, Thresholds
from tests.support import SHARED

SETS = SHARED / "sightings"
COLUMNS = (
    "together", "stated", "present", "absent", "opposite", "when_exact", "when_compatible", "venue",
)  # fmt: skip


class FoldJudge:
    """Judges each passage by the weights of its fold."""

    def __init__(self, work: Path, sets: Sequence[Path]) -> None:
        folds = json.loads((work / "folds.json").read_text("utf-8"))
        self._judges = [
            EncoderJudge(*open_weights((work / f"fold{fold}.npz").read_bytes()))
            for fold in range(1 + max(folds.values()))
        ]
        passages = [each for path in sets for each in json.loads(path.read_text("utf-8"))]
        self._fold_of = {
            _text(each["title"] or each["id"], each["text"]): folds.get(each["id"], 0) for each in passages
        }
        self._current = self._judges[0]

    @property
    def version(self) -> str:
        return "folds-" + "-".join(each.version for each in self._judges)

    @property
    def thresholds(self) -> Thresholds:
        """Those of the fold whose passage was judged last."""
        return self._current.thresholds

    @property
    def venue_thresholds(self) -> Thresholds:
        """Those of the fold whose passage was judged last."""
        return self._current.venue_thresholds

    def judge(self, passage: Passage, candidates: Sequence[PairCandidate]) -> Sequence[StanceProbabilities]:
        self._current = self._judges[self._fold_of[_text(passage.title, passage.body)]]
        return self._current.judge(passage, candidates)


def _text(title: str, body: str) -> str:
    """What is the same of a passage in its set and as an article, whose Markdown is rendered."""
    return "".join(char for char in title + body if char.isalpha())[:150]


def scorer() -> ModuleType:
    """`score.py`, as a module."""
    spec = importlib.util.spec_from_file_location("score", SETS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(module: ModuleType, path: Path, *, errors: bool = False) -> dict[str, Any]:
    """The figures of a set; with `errors` its lines about pairs go to standard output."""
    printed = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as scratch,
        mock.patch.object(tempfile, "tempdir", scratch),
        mock.patch.object(sys, "argv", ["score.py", str(path), "--json", *(["--errors"] if errors else [])]),
        contextlib.redirect_stdout(printed),
    ):
        module.main()
    *lines, figures = printed.getvalue().strip().split("\n")
    if lines:
        print("\n".join(lines))
    return dict(json.loads(figures))


def row(name: str, figures: dict[str, Any]) -> str:
    cells = [
        f"{value['p']:.2f}/{value['r']:.2f}" if isinstance(value, dict) else f"{value:.2f}"
        for value in (figures[column] for column in COLUMNS)
    ]
    return f"| {name} | {figures['passages']} | " + " | ".join(cells) + " |"


def mean(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The mean of some sets' figures, each weighted by its passages."""
    total = sum(each["passages"] for each in rows)

    def weighted(values: list[Any]) -> Any:
        if isinstance(values[0], dict):
            return {key: weighted([value[key] for value in values]) for key in values[0]}
        return sum(value * each["passages"] for value, each in zip(values, rows, strict=True)) / total

    return {"passages": total} | {column: weighted([each[column] for each in rows]) for column in COLUMNS}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sets", type=Path, nargs="*", metavar="SET.json")
    options.add_argument("--cross-validate", type=Path, metavar="DIRECTORY", help="working directory of the training")
    options.add_argument("--errors", action="store_true", help="name the pairs that are wrong")
    asked = options.parse_args()
    sets = asked.sets or sorted(SETS.glob("*.json"))
    print(f"| set | passages | {' | '.join(COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    with contextlib.ExitStack() as patches:
        if asked.cross_validate:
            judge = FoldJudge(asked.cross_validate, sets)
            patches.enter_context(mock.patch("archive.encounters.encoder.judge.load_judge", return_value=judge))
        rows = []
        for path in sets:
            rows.append(score(scorer(), path, errors=asked.errors))
            print(row(path.stem, rows[-1]), flush=True)
    print(row("mean", mean(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
