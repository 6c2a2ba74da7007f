"""Fine-tuning of the encoder and its heads on labelled passages, with PyTorch; the same every time on one machine."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from archive.encounters.encoder.labels import LabelledPassage
from archive.encounters.encoder.network import Floats
from archive.encounters.encoder.pair_head import STANCES
from archive.encounters.encoder.torch_twin import EncoderTwin, base_weights
from archive.encounters.encoder.windows import PairInstance, PassageWindows, TokenWindow
from archive.encounters.encoder.wordpiece import WordPiece

Log = Callable[[str], None]


class Schedule(NamedTuple):
    """How the encoder is fine-tuned.

    batch     windows in a step
    masked    share of the words that are hidden, so that none is learned by heart
    frozen    beginnings of the names of parameters that stay as they are
    """

    epochs: int = 10
    batch: int = 4
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3
    warm_up: float = 0.1
    decay: float = 0.01
    seed: int = 1
    masked: float = 0.1
    frozen: tuple[str, ...] = ("word",)


#: What a wrong logit of a stance costs; rows of `mentioned` are many, and no answer depends on them.
_COSTS = {"together": 1.0, "absent": 1.5, "expected": 0.7, "contact": 0.7, "mentioned": 0.3}


#: Number of [MASK] in the vocabulary.
_MASK = 103


class _Example(NamedTuple):
    labelled: LabelledPassage
    windows: PassageWindows
    number: int


def fit_encoder(
    passages: Sequence[LabelledPassage], wordpiece: WordPiece, checkpoint: Path, schedule: Schedule, log: Log
) -> dict[str, Floats]:
    """The weights after fine-tuning on `passages`, by name."""
    torch.manual_seed(schedule.seed)
    draw = random.Random(schedule.seed)
    twin = EncoderTwin(base_weights(load_file(checkpoint)), schedule.frozen)
    examples = [
        _Example(labelled, windows, number)
        for labelled in passages
        for windows in (PassageWindows(labelled.passage, labelled.candidates, wordpiece),)
        for number in range(len(windows))
    ]
    steps = schedule.epochs * -(-len(examples) // schedule.batch)
    optimizer, rates = _optimizer(twin, schedule, steps)
    trained = [array for group in optimizer.param_groups for array in group["params"]]
    for epoch in range(schedule.epochs):
        began, total = time.monotonic(), 0.0
        twin.train()
        for batch in _batches(examples, schedule.batch, draw):
            optimizer.zero_grad()
            loss = _loss(twin, [(example, _drawn(example, draw, schedule.masked)) for example in batch])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            rates.step()
            total += loss.item()
        log(f"epoch {epoch + 1}: loss {total / steps * schedule.epochs:.4f}, {time.monotonic() - began:.0f} s")
    return twin.arrays()


def _optimizer(
    twin: EncoderTwin, schedule: Schedule, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    encoder = [array for array in twin.params.parameters() if array.requires_grad]
    groups = [
        {"params": encoder, "lr": schedule.encoder_rate},
        {"params": list(twin.heads.parameters()), "lr": schedule.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=schedule.decay, fused=True)
    warm = max(1, int(steps * schedule.warm_up))

    def rate(step: int) -> float:
        return min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def _batches(examples: Sequence[_Example], size: int, draw: random.Random) -> Iterator[Sequence[_Example]]:
    """All examples in random order, those of like length together, so that little is padding."""
    order = list(examples)
    draw.shuffle(order)
    for start in range(0, len(order), size * 8):
        lot = sorted(order[start : start + size * 8], key=lambda example: len(example.labelled.passage.body))
        batches = [lot[at : at + size] for at in range(0, len(lot), size)]
        draw.shuffle(batches)
        yield from batches


def _drawn(example: _Example, draw: random.Random, masked: float) -> TokenWindow:
    """The window with surnames drawn anew, and some other words hidden."""
    free = example.windows.free_surnames()
    people = len(example.labelled.passage.people)
    names = draw.sample(free, people) if people <= len(free) else example.windows.surnames()
    window = example.windows.window(example.number, names)
    kept = {at for each in window.instances for start, end in (*each.first, *each.second) for at in range(start, end)}
    kept |= {0, len(window.tokens) - 1}
    tokens = (_MASK if at not in kept and draw.random() < masked else token for at, token in enumerate(window.tokens))
    return window._replace(tokens=tuple(tokens))


def by_facet(labelled: LabelledPassage, window: TokenWindow) -> dict[str, list[PairInstance]]:
    """The instances of a window, those of pairs of people and those with a venue apart."""
    found: dict[str, list[PairInstance]] = {facet: [] for facet in STANCES}
    for instance in window.instances:
        found[labelled.candidates[instance.candidate].facet].append(instance)
    return found


def _loss(twin: EncoderTwin, batch: Sequence[tuple[_Example, TokenWindow]]) -> Tensor:
    instances = [by_facet(example.labelled, window) for example, window in batch]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = twin([window.tokens for _, window in batch], instances)
    total, weights = torch.zeros(()), 0.0
    for (example, _), some, logits in zip(batch, instances, found, strict=True):
        targets = example.labelled.targets
        weight = 1 / max(1, sum(target is not None for target in targets)) ** 0.5
        for facet, values in logits.items():
            numbers = [instance.candidate for instance in some[facet]]
            kept = [number for number in dict.fromkeys(numbers) if targets[number] is not None]
            rows = [row for row, number in enumerate(numbers) if targets[number] is not None]
            if not kept:
                continue
            places = {number: place for place, number in enumerate(kept)}
            joined = _joined(values[rows].float(), [places[numbers[row]] for row in rows])
            wanted = torch.tensor(
                [[float(stance in (targets[number] or ())) for stance in STANCES[facet]] for number in kept]
            )
            costs = torch.tensor([_COSTS[stance] for stance in STANCES[facet]])
            loss = functional.binary_cross_entropy_with_logits(joined, wanted, costs.expand_as(wanted), reduction="sum")
            total = total + weight * loss
            weights += weight * len(kept)
    return total / max(weights, 1e-9)


def _joined(logits: Tensor, places: Sequence[int]) -> Tensor:
    """Log-sum-exp over the rows that have the same place."""
    highest = logits.detach().max()
    sums = torch.zeros(max(places) + 1, logits.shape[1])
    return sums.index_add(0, torch.tensor(places), torch.exp(logits - highest)).clamp_min(1e-30).log() + highest
