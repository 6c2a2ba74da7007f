"""Make `weights.npz`: fine-tune the encoder on labelled passages, and fit on top what decides.

    python -m archive.encounters.encoder.train --data SETS… --base model.safetensors --work DIRECTORY
        [--without SET]… [--apart SET]… [--out weights.npz]

Several times the encoder is fine-tuned without a share of the passages, and judges that share: the regressions and the
thresholds are fitted on these answers only, as its answers on passages that it was trained on are too good to be
learned from. Then it is fine-tuned on all. Sets that are left apart are in the training of the last encoder alone: what
the others say of them is what passages that nobody has seen yet would be told. Regressions and thresholds are fitted on
the sets of the first directory alone: others may be written where errors are, and then have more hard cases than text
has. Everything made is kept in
the working directory, where a training that was stopped goes on: encoders that are there are not fine-tuned again, so
that after a change of the rules only the regressions and the thresholds are fitted. `fold0.npz` … are whole weights
that never saw the passages of their fold: `python -m tests.bench.sightings --cross-validate` measures the product with
them.

Needs the extra `train` (torch, safetensors) and the checkpoint of sentence-transformers/all-MiniLM-L6-v2.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from archive.encounters.encoder.judge import EncoderJudge, PairEncoder, stance_answers
from archive.encounters.encoder.labels import LabelledPassage, load_labelled
from archive.encounters.encoder.network import Floats, QuantizedRows
from archive.encounters.encoder.pair_head import STANCES
from archive.encounters.encoder.stacking import (
    StackedRegressions,
    StanceRegression,
    fit_regression,
    second_round,
    stacked_features,
)
from archive.encounters.encoder.thresholds import JudgedPassage, fit_thresholds, measure
from archive.encounters.encoder.weights import open_weights, quantized, write_weights
from archive.encounters.encoder.wordpiece import load_wordpiece

FOLDS = 2
#: SHA-256 of the checkpoint that is fine-tuned.
BASE_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PENALTY = 20.0
#: Name of the encoder that is fine-tuned on all passages.
_LAST = "encoder"
_SEED = 1

Arrays = dict[str, Floats | QuantizedRows]
Features = Mapping[str, Floats]  # of a passage's candidates, by facet


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, and print what was measured."""
    asked = _options().parse_args(arguments)
    if (digest := hashlib.sha256(asked.base.read_bytes()).hexdigest()) != BASE_DIGEST:
        _log(f"{asked.base} is another checkpoint (SHA-256 {digest}); take model.safetensors of all-MiniLM-L6-v2")
        return 2
    asked.work.mkdir(parents=True, exist_ok=True)
    passages = [
        each if data == asked.data[0] else replace(each, typical=False)
        for data in asked.data
        for path in sorted(data.glob("*.json"), key=_in_order)
        if path.stem not in asked.without
        for each in load_labelled(path)
    ]
    folds = fold_numbers(passages)
    wordpiece = load_wordpiece()
    features: list[Features] = [{} for _ in passages]
    encoders: list[Arrays] = []
    tasks = {_LAST: passages} if asked.out else {}
    for fold in range(FOLDS):
        tasks[f"encoder{fold}"] = [
            p for p, of in zip(passages, folds, strict=True) if of != fold and p.set not in asked.apart
        ]
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        list(pool.map(partial(_fit_encoder, asked), tasks, tasks.values()))
    for fold in range(FOLDS):
        encoder = _read(asked.work / f"encoder{fold}.npz")
        pairs = PairEncoder(encoder, wordpiece)
        encoders.append(encoder)
        for number, passage in enumerate(passages):
            if folds[number] == fold:
                logits = pairs.logits(passage.passage, passage.candidates)
                features[number] = stacked_features(passage.passage, passage.candidates, logits)
        _log(f"fold {fold} judged")
    judged = _cross_validated(asked.work, passages, folds, features, encoders)
    report(judged, {"typical": [each for each in judged if each[0].labelled.typical]} | dict(_by_set(judged)))
    if asked.out:
        whole = _read(asked.work / f"{_LAST}.npz") | stack(passages, features)
        _log(f"{asked.out}: SHA-256 {write_weights(asked.out, whole)}")
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description="Fine-tune the encoder that judges who was together.")
    options.add_argument(
        "--data", type=Path, nargs="+", required=True, help="directories of labelled sets (JSON), the typical first"
    )
    options.add_argument("--base", type=Path, required=True, help="model.safetensors of all-MiniLM-L6-v2")
    options.add_argument("--work", type=Path, required=True, help="directory for what is made on the way")
    options.add_argument("--out", type=Path, help="where to write the weights")
    options.add_argument("--without", action="append", default=[], metavar="SET", help="a set to leave shut")
    options.add_argument(
        "--apart",
        action="append",
        default=[],
        metavar="SET",
        help="a set for the last encoder alone",
    )
    options.add_argument("--epochs", type=int, default=10, help="of the encoders of the folds")
    options.add_argument("--last-epochs", type=int, default=8, help="of the last encoder, which has more passages")
    options.add_argument("--threads", type=int, default=1, help="of the last encoder; another number, other roundings")
    options.add_argument("--jobs", type=int, default=2, help="encoders fine-tuned at a time, each on one core")
    return options


def _in_order(path: Path) -> list[tuple[str, int]]:
    """Sorts "labelled-10" after "labelled-2": a new set of a row leaves the folds of the others as they are."""
    return [(part, 0) if not part.isdigit() else ("", int(part)) for part in re.split(r"(\d+)", path.stem)]


def fold_numbers(passages: Sequence[LabelledPassage]) -> list[int]:
    """The fold of each passage: those of each set are dealt out in random order."""
    draw = random.Random(_SEED)
    dealt: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        dealt.setdefault(passage.set, []).append(number)
    folds = [0] * len(passages)
    for numbers in dealt.values():
        draw.shuffle(numbers)
        for at, number in enumerate(numbers):
            folds[number] = at % FOLDS
    return folds


def _fit_encoder(asked: argparse.Namespace, name: str, passages: Sequence[LabelledPassage]) -> None:
    """Fine-tune an encoder on some passages, on one core; one that is there is kept."""
    path: Path = asked.work / f"{name}.npz"
    if path.exists():
        return
    import torch

    from archive.encounters.encoder.fit_encoder import Schedule, fit_encoder

    is_last = name == _LAST
    torch.set_num_threads(asked.threads if is_last else 1)
    _log(f"{name}: {len(passages)} passages")
    schedule = Schedule(epochs=asked.last_epochs if is_last else asked.epochs, seed=_SEED)
    arrays = fit_encoder(passages, load_wordpiece(), asked.base, schedule, lambda line: _log(f"{name}: {line}"))
    written = path.with_suffix(".new")
    write_weights(written, quantized(arrays))
    written.replace(path)


def _read(path: Path) -> Arrays:
    return open_weights(path.read_bytes()).arrays


def stack(passages: Sequence[LabelledPassage], features: Sequence[Features]) -> Arrays:
    """The regressions and thresholds from what encoders said of passages apart; typical ones alone are used."""
    numbers = [at for at, passage in enumerate(passages) if passage.typical]
    passages, features = [passages[at] for at in numbers], [features[at] for at in numbers]
    found: Arrays = {}
    for part, regressions in _fit_rounds(passages, features)._asdict().items():
        for facet, regression in regressions.items():
            found[f"stack.{facet}.{part}.weight"], found[f"stack.{facet}.{part}.bias"] = regression
    # The thresholds are fitted on answers to passages that the regressions did not see, either.
    judged: list[JudgedPassage] = []
    for inside, outside in _parts(passages):
        apart = _fit_rounds([passages[at] for at in inside], [features[at] for at in inside])
        judged += [_answered(passages[at], features[at], apart) for at in outside]
    for facet in STANCES:
        found[f"stack.{facet}.thresholds"] = np.asarray(fit_thresholds(judged, facet), np.float32)
    return found


def _parts(passages: Sequence[LabelledPassage]) -> Iterator[tuple[list[int], list[int]]]:
    """For each fold the numbers of the passages that are not in it, and of those that are."""
    folds = fold_numbers(passages)
    for fold in range(FOLDS):
        yield [at for at, of in enumerate(folds) if of != fold], [at for at, of in enumerate(folds) if of == fold]


def _fit_rounds(passages: Sequence[LabelledPassage], features: Sequence[Features]) -> StackedRegressions:
    """Both rounds; the second is fitted on what the first says of passages that it did not see."""
    again: list[Features] = [{} for _ in passages]
    for inside, outside in _parts(passages):
        apart = _fit([passages[at] for at in inside], [features[at] for at in inside])
        for at in outside:
            answers = {facet: apart[facet].probabilities(some) for facet, some in features[at].items()}
            again[at] = second_round(passages[at].passage, passages[at].candidates, features[at], answers)
    return StackedRegressions(_fit(passages, features), _fit(passages, again))


def _fit(passages: Sequence[LabelledPassage], features: Sequence[Features]) -> dict[str, StanceRegression]:
    found = {}
    for facet, stances in STANCES.items():
        rows, wanted = [], []
        for passage, some in zip(passages, features, strict=True):
            targets = [t for t, c in zip(passage.targets, passage.candidates, strict=True) if c.facet == facet]
            kept = [at for at, target in enumerate(targets) if target is not None]
            rows.append(some[facet][kept])
            wanted += [[stance in (targets[at] or ()) for stance in stances] for at in kept]
        found[facet] = fit_regression(np.concatenate(rows), np.asarray(wanted, bool), _PENALTY)
    return found


def _answered(passage: LabelledPassage, features: Features, regressions: StackedRegressions) -> JudgedPassage:
    return JudgedPassage(passage, stance_answers(passage.passage, passage.candidates, features, regressions))


def _cross_validated(
    work: Path,
    passages: Sequence[LabelledPassage],
    folds: Sequence[int],
    features: Sequence[Features],
    encoders: Sequence[Arrays],
) -> list[tuple[JudgedPassage, EncoderJudge]]:
    """What judges that saw nothing of a passage answer, each with its judge; these are written as fold0.npz …"""
    found: list[tuple[JudgedPassage, EncoderJudge]] = []
    held: dict[str, int] = {}
    for fold in range(FOLDS):
        inside = [at for at, of in enumerate(folds) if of != fold]
        whole = encoders[fold] | stack([passages[at] for at in inside], [features[at] for at in inside])
        judge = EncoderJudge(whole, write_weights(work / f"fold{fold}.npz", whole))
        for at, of in enumerate(folds):
            if of == fold:
                held[passages[at].id] = fold
                found.append((_answered(passages[at], features[at], judge.regressions), judge))
    (work / "folds.json").write_text(json.dumps(held, indent=0, sort_keys=True), "utf-8")
    return found


def _by_set(
    judged: Iterable[tuple[JudgedPassage, EncoderJudge]],
) -> Iterable[tuple[str, list[tuple[JudgedPassage, EncoderJudge]]]]:
    sets: dict[str, list[tuple[JudgedPassage, EncoderJudge]]] = {}
    for each in judged:
        sets.setdefault(each[0].labelled.set, []).append(each)
    return sets.items()


def report(
    judged: Sequence[tuple[JudgedPassage, EncoderJudge]], sets: dict[str, list[tuple[JudgedPassage, EncoderJudge]]]
) -> None:
    """Print the figures, of all and of each set."""
    for name, some in {"all": list(judged), **sets}.items():
        sys.stdout.write(f"{name}: {len(some)} passages\n")
        for facet in STANCES:
            parts: dict[EncoderJudge, list[JudgedPassage]] = {}
            for each, judge in some:
                parts.setdefault(judge, []).append(each)
            figures = [measure(those, facet, judge.of_facet(facet)) for judge, those in parts.items()]
            for number, decision in enumerate(figures[0]._fields):
                total = type(figures[0][number])(
                    *(sum(part) for part in zip(*(each[number] for each in figures), strict=True))
                )
                sys.stdout.write(f"  {facet:7} {decision:9} {total}\n")


def _log(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")


if __name__ == "__main__":
    sys.exit(main())
