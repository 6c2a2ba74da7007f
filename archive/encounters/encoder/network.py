"""The forward pass of MiniLM-L6 in numpy, on int8 weights.

The transformer is BERT's (J. Devlin et al., NAACL 2019) at MiniLM's size (W. Wang et al., "MiniLM", NeurIPS
2020): 6 layers of 12 heads, 384 wide. One window at a time: no padding, no mask.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LAYERS = 6
HEADS = 12
WIDTH = 384
_NORM_EPSILON = 1e-12


class EncodedWindow(NamedTuple):
    """What the encoder makes of a window of n tokens.

    states      float32[n, WIDTH]: the last layer's hidden states
    attention   float32[HEADS, n, n]: the last layer's attention, each row sums to 1
    """

    states: Floats
    attention: Floats


class EncoderNetwork:
    """The encoder with its weights, by the names that `train` gives them."""

    def __init__(self, weights: Mapping[str, Floats | QuantizedRows]) -> None:
        self._words = weights["word"]
        self._arrays = {
            name: array.dequantized() if isinstance(array, QuantizedRows) else array
            for name, array in weights.items()
            if name != "word" and not name.startswith("pairs.")
        }
        self._layers = [
            {
                "attended": self._linear_layer(layer, "query", "key", "value"),
                **{part: self._linear_layer(layer, part) for part in ("out", "up", "down")},
            }
            for layer in range(LAYERS)
        ]

    def _linear_layer(self, layer: int, *parts: str) -> _Linear:
        names = [f"layer{layer}.{part}" for part in parts]
        weight = np.concatenate([self._arrays.pop(f"{name}.weight") for name in names])
        bias = np.concatenate([self._arrays[f"{name}.bias"] for name in names])
        return _Linear(np.ascontiguousarray(weight.T), bias)

    def encode(self, tokens: Sequence[int]) -> EncodedWindow:
        """Hidden states and attention of the last layer."""
        words = self._words
        embedded = words.rows(tokens) if isinstance(words, QuantizedRows) else words[np.asarray(tokens)]
        states = self._norm("norm", embedded + self._arrays["position"][: len(tokens)])
        attention = states
        for layer in range(LAYERS):
            states, attention = self._layer(layer, states)
        return EncodedWindow(states, attention)

    def _layer(self, number: int, states: Floats) -> tuple[Floats, Floats]:
        layer, norms = self._layers[number], f"layer{number}.norm"
        query, key, value = map(_heads, np.split(layer["attended"](states), 3, axis=1))
        products = query @ key.transpose(0, 2, 1)
        products /= np.float32(math.sqrt(WIDTH // HEADS))
        attention = _softmax(products)
        mixed = (attention @ value).transpose(1, 0, 2).reshape(states.shape)
        states = self._norm(f"{norms}1", states + layer["out"](mixed))
        inner = gelu(layer["up"](states))
        return self._norm(f"{norms}2", states + layer["down"](inner)), attention

    def _norm(self, name: str, states: Floats) -> Floats:
        centred = states - states.mean(-1, keepdims=True)
        centred /= np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(_NORM_EPSILON))
        centred *= self._arrays[f"{name}.weight"]
        centred += self._arrays[f"{name}.bias"]
        return centred


class _Linear(NamedTuple):
    """A linear layer, its weights as float32[inputs, outputs] in the order in which a product reads them."""

    weight: Floats
    bias: Floats

    def __call__(self, states: Floats) -> Floats:
        made = states @ self.weight
        made += self.bias
        return made


class QuantizedRows:
    """A float matrix as int8, with a scale for each row (each output channel of a linear layer)."""

    def __init__(self, values: npt.NDArray[np.int8], scales: Floats) -> None:
        self.values, self.scales = values, scales

    @classmethod
    def of(cls, matrix: Floats) -> QuantizedRows:
        """The nearest that int8 can hold: the largest value of a row becomes ±127."""
        scales = np.maximum(np.abs(matrix).max(1), 1e-12).astype(np.float32) / np.float32(127)
        return cls(np.rint(matrix / scales[:, None]).astype(np.int8), scales)

    def dequantized(self) -> Floats:
        """All of it."""
        return self.values.astype(np.float32) * self.scales[:, None]

    def rows(self, numbers: Sequence[int]) -> Floats:
        """Some rows of it."""
        chosen = np.asarray(numbers)
        return self.values[chosen].astype(np.float32) * self.scales[chosen, None]


def _heads(states: Floats) -> Floats:
    return states.reshape(len(states), HEADS, -1).transpose(1, 0, 2)


def gelu(x: Floats) -> Floats:
    """GELU in its tanh form (D. Hendrycks and K. Gimpel, 2016), with which the encoder was fine-tuned."""
    inner = np.float32(0.044715) * x
    inner *= x
    inner *= x
    inner += x
    inner *= np.float32(math.sqrt(2 / math.pi))
    np.tanh(inner, out=inner)
    inner += 1
    inner *= np.float32(0.5) * x
    return inner


def _softmax(x: Floats) -> Floats:
    powers = x - x.max(-1, keepdims=True)
    np.exp(powers, out=powers)
    powers /= powers.sum(-1, keepdims=True)
    return powers
