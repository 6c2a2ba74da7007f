"""The encoder and its heads in PyTorch, for training alone: the same arithmetic and names as the numpy modules."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from archive.encounters.encoder.network import HEADS, LAYERS, WIDTH, Floats
from archive.encounters.encoder.pair_head import STANCES, instance_weights
from archive.encounters.encoder.windows import TRAITS, PairInstance

_HIDDEN = 192
_DROPOUT = 0.3
_ENCODER_DROPOUT = 0.1


def base_weights(checkpoint: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The parameters of a BERT checkpoint under the names used here. Token types are not: all are of the first."""
    types = checkpoint["embeddings.token_type_embeddings.weight"][0]
    found = {
        "word": checkpoint["embeddings.word_embeddings.weight"],
        "position": checkpoint["embeddings.position_embeddings.weight"] + types,
    }
    parts = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for kind in ("weight", "bias"):
        found[f"norm.{kind}"] = checkpoint[f"embeddings.LayerNorm.{kind}"]
        for layer in range(LAYERS):
            for name, theirs in parts.items():
                found[f"layer{layer}.{name}.{kind}"] = checkpoint[f"encoder.layer.{layer}.{theirs}.{kind}"]
    return found


class EncoderTwin(nn.Module):
    """MiniLM with both heads; `forward` gives the logits of the instances of each facet, window by window."""

    def __init__(self, base: Mapping[str, Tensor], frozen: tuple[str, ...]) -> None:
        super().__init__()
        self.params = nn.ParameterDict({_key(name): nn.Parameter(array.clone()) for name, array in base.items()})
        for name, array in self.params.items():
            array.requires_grad_(not name.startswith(frozen))
        self.heads = nn.ModuleDict(
            {
                facet: nn.ModuleDict(
                    {"hidden": nn.Linear(5 * WIDTH + len(TRAITS), _HIDDEN), "out": nn.Linear(_HIDDEN, len(stances))}
                )
                for facet, stances in STANCES.items()
            }
        )
        self.drop, self.drop_encoder = nn.Dropout(_DROPOUT), nn.Dropout(_ENCODER_DROPOUT)

    def forward(
        self, tokens: Sequence[Sequence[int]], instances: Sequence[Mapping[str, Sequence[PairInstance]]]
    ) -> list[dict[str, Tensor]]:
        """Logits by facet for each window: [instances, stances]."""
        longest = max(map(len, tokens))
        ids = torch.zeros(len(tokens), longest, dtype=torch.long)
        mask = torch.full((len(tokens), 1, 1, longest), -1e9)
        for number, some in enumerate(tokens):
            ids[number, : len(some)] = torch.tensor(some)
            mask[number, ..., : len(some)] = 0
        states, attention = self.encode(ids, mask)
        return [
            {
                facet: self._logits(states[number, :n], attention[number, :, :n, :n], facet, some)
                for facet, some in instances[number].items()
                if some
            }
            for number, n in enumerate(map(len, tokens))
        ]

    def encode(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden states and attention of the last layer, in float32."""
        states = self._norm("norm", self.params["word"][ids] + self.params["position"][: ids.shape[1]])
        states = self.drop_encoder(states)
        attention = states
        for layer in range(LAYERS):
            name = f"layer{layer}."
            query, key, value = (self._split(self._linear(name + part, states)) for part in ("query", "key", "value"))
            attention = torch.softmax((query / math.sqrt(WIDTH // HEADS) @ key.transpose(-1, -2)).float() + mask, -1)
            mixed = (attention @ value).transpose(1, 2).reshape(states.shape)
            states = self._norm(name + "norm1", states + self.drop_encoder(self._linear(name + "out", mixed)))
            inner = functional.gelu(self._linear(name + "up", states), approximate="tanh")
            states = self._norm(name + "norm2", states + self.drop_encoder(self._linear(name + "down", inner)))
        return states.float(), attention

    def _split(self, states: Tensor) -> Tensor:
        return states.reshape(*states.shape[:2], HEADS, -1).transpose(1, 2)

    def _linear(self, name: str, states: Tensor) -> Tensor:
        return functional.linear(states, self.params[_key(f"{name}.weight")], self.params[_key(f"{name}.bias")])

    def _norm(self, name: str, states: Tensor) -> Tensor:
        weight, bias = self.params[_key(f"{name}.weight")], self.params[_key(f"{name}.bias")]
        return functional.layer_norm(states.float(), (WIDTH,), weight, bias, 1e-12)

    def _logits(self, states: Tensor, attention: Tensor, facet: str, instances: Sequence[PairInstance]) -> Tensor:
        first_mean, second_mean, context, traits = map(torch.from_numpy, instance_weights(instances, len(states)))
        first, second = first_mean @ states, second_mean @ states
        shared = ((first_mean @ attention) * (second_mean @ attention)).mean(0)
        shared = shared / (shared.sum(-1, keepdim=True) + 1e-9)
        if facet == "person":
            pair = [first + second, (first - second).abs(), first * second]
            unnamed = traits[:, 1:3]
            traits = torch.cat([traits[:, :1], unnamed.amax(1, True), unnamed.amin(1, True), traits[:, 3:]], 1)
        else:
            pair = [first, second, first * second]
        features = torch.cat([*pair, shared @ states, context @ states, traits], 1)
        head = self.heads[facet]
        hidden = functional.gelu(head["hidden"](self.drop(features)), approximate="tanh")
        return head["out"](self.drop(hidden))

    def arrays(self) -> dict[str, Floats]:
        """The parameters by the names that the numpy modules know."""
        found = {name.replace("/", "."): array for name, array in self.params.items()}
        for facet, head in self.heads.items():
            for part, layer in head.items():
                found[f"pairs.{facet}.{part}.weight"], found[f"pairs.{facet}.{part}.bias"] = layer.weight, layer.bias
        return {name: np.asarray(array.detach().float().numpy(), np.float32) for name, array in found.items()}


def _key(name: str) -> str:
    """A name without dots, which PyTorch reserves."""
    return name.replace(".", "/")
