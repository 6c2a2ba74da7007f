"""Weights of the encoder's shapes without a file: any numbers, the same on every machine."""

from __future__ import annotations

import numpy as np

from archive.encounters.encoder.network import LAYERS, WIDTH, Floats
from archive.encounters.encoder.pair_head import STANCES
from archive.encounters.encoder.stacking import feature_names, second_feature_names
from archive.encounters.encoder.windows import TRAITS

_HIDDEN = 192
_POSITIONS = 512


def encoder_arrays(words: int) -> dict[str, Floats]:
    """Arrays under the names that the encoder knows, for a vocabulary of some words."""
    shapes: dict[str, tuple[int, ...]] = {"word": (words, WIDTH), "position": (_POSITIONS, WIDTH)}
    norms = ["norm"]
    for layer in range(LAYERS):
        for part in ("query", "key", "value", "out"):
            shapes |= _linear(f"layer{layer}.{part}", WIDTH, WIDTH)
        shapes |= _linear(f"layer{layer}.up", WIDTH, 4 * WIDTH) | _linear(f"layer{layer}.down", 4 * WIDTH, WIDTH)
        norms += [f"layer{layer}.norm1", f"layer{layer}.norm2"]
    for facet, stances in STANCES.items():
        shapes |= _linear(f"pairs.{facet}.hidden", 5 * WIDTH + len(TRAITS), _HIDDEN)
        shapes |= _linear(f"pairs.{facet}.out", _HIDDEN, len(stances))
    found = {name: _numbers(at, shape) for at, (name, shape) in enumerate(shapes.items())}
    for at, name in enumerate(norms, len(shapes)):
        found[f"{name}.weight"] = 1 + _numbers(at, (WIDTH,))
        found[f"{name}.bias"] = _numbers(at + len(norms), (WIDTH,))
    return found


def stack_arrays() -> dict[str, Floats]:
    """A regression for each facet that takes the encoder's word for it, and thresholds at one half."""
    found: dict[str, Floats] = {}
    for facet, stances in STANCES.items():
        for part, width in (("first", len(feature_names(facet))), ("second", len(second_feature_names(facet)))):
            weights = np.zeros((width, len(stances)), np.float32)
            weights[: len(stances)] = np.eye(len(stances))
            found[f"stack.{facet}.{part}.weight"] = weights
            found[f"stack.{facet}.{part}.bias"] = np.zeros(len(stances), np.float32)
        found[f"stack.{facet}.thresholds"] = np.asarray([0.5, 0.75, 0.5], np.float32)
    return found


def _linear(name: str, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _numbers(seed: int, shape: tuple[int, ...]) -> Floats:
    """Small numbers of no pattern, from integers alone (Knuth's multiplicative hash)."""
    count = int(np.prod(shape))
    mixed = (
        (np.arange(count, dtype=np.uint64) + np.uint64(seed * 7_919_999)) * np.uint64(2_654_435_761) % np.uint64(2**32)
    )
    mixed = (mixed ^ (mixed >> np.uint64(15))) * np.uint64(2_246_822_519) % np.uint64(2**32)
    return ((mixed.astype(np.float64) / 2**32 - 0.5) * 0.2).astype(np.float32).reshape(shape)
