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
        self._weights = {name: array for name, array in weights.items() if not name.startswith("pairs.")}
        self._weights = {
            name: array.dequantized() if isinstance(array, QuantizedRows) and name != "word" else array
            for name, array in self._weights.items()
        }

    def encode(self, tokens: Sequence[int]) -> EncodedWindow:
        """Hidden states and attention of the last layer."""
        words = self._weights["word"]
        embedded = words.rows(tokens) if isinstance(words, QuantizedRows) else words[np.asarray(tokens)]
        states = self._norm("norm", embedded + self._array("position")[: len(tokens)])
        attention = states
        for layer in range(LAYERS):
            states, attention = self._layer(f"layer{layer}.", states)
        return EncodedWindow(states, attention)

    def _layer(self, name: str, states: Floats) -> tuple[Floats, Floats]:
        query, key, value = (self._heads(self._linear(f"{name}{part}", states)) for part in ("query", "key", "value"))
        attention = _softmax(query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(WIDTH // HEADS)))
        mixed = (attention @ value).transpose(1, 0, 2).reshape(states.shape)
        states = self._norm(f"{name}norm1", states + self._linear(f"{name}out", mixed))
        inner = gelu(self._linear(f"{name}up", states))
        return self._norm(f"{name}norm2", states + self._linear(f"{name}down", inner)), attention

    def _heads(self, states: Floats) -> Floats:
        return states.reshape(len(states), HEADS, -1).transpose(1, 0, 2)

    def _linear(self, name: str, states: Floats) -> Floats:
        return states @ self._array(f"{name}.weight").T + self._array(f"{name}.bias")

    def _norm(self, name: str, states: Floats) -> Floats:
        centred = states - states.mean(-1, keepdims=True)
        scale = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(_NORM_EPSILON))
        return centred / scale * self._array(f"{name}.weight") + self._array(f"{name}.bias")

    def _array(self, name: str) -> Floats:
        array = self._weights[name]
        assert not isinstance(array, QuantizedRows)
        return array


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


def gelu(x: Floats) -> Floats:
    """GELU in its tanh form (D. Hendrycks and K. Gimpel, 2016), with which the encoder was fine-tuned."""
    return (
        np.float32(0.5) * x * (1 + np.tanh(np.float32(math.sqrt(2 / math.pi)) * (x + np.float32(0.044715) * x * x * x)))
    )


def _softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)
