"""The encoder's arithmetic, against PyTorch's and against the tokenizer it was trained with.

`fixtures/encoder/wordpiece.json` is what `tokenizers` makes of texts with all-MiniLM-L6-v2's vocabulary;
`network.json` is what `archive.encounters.encoder.torch_twin` computes from the weights of `encoder_arrays`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from archive.encounters.encoder.network import EncoderNetwork, QuantizedRows
from archive.encounters.encoder.pair_head import STANCES, PairHead, joined
from archive.encounters.encoder.weights import open_weights, quantized, write_weights
from archive.encounters.encoder.windows import PairInstance
from archive.encounters.encoder.wordpiece import WordPiece, load_wordpiece
from tests.encounters.encoder_arrays import encoder_arrays
from tests.support import REPOSITORY

FIXTURES = REPOSITORY / "tests" / "fixtures" / "encoder"
REFERENCE = json.loads((FIXTURES / "network.json").read_text("utf-8"))
INSTANCES = [
    PairInstance(0, *(tuple(map(tuple, spans)) for spans in sides), tuple(traits))
    for *sides, traits in REFERENCE["instances"]
]


@pytest.mark.parametrize(
    "case", json.loads((FIXTURES / "wordpiece.json").read_text("utf-8")), ids=lambda case: case["text"][:20]
)
def test_wordpiece_cuts_text_as_the_tokenizer_of_the_model_does(case: dict[str, object]) -> None:
    assert load_wordpiece().encode(str(case["text"])) == case["tokens"]


def test_longest_piece_wins_and_a_word_with_an_unknown_rest_is_unknown() -> None:
    pieces = WordPiece(["[CLS]", "[SEP]", "[UNK]", "un", "unaff", "##aff", "##able", "!"])
    assert pieces.encode("Unaffable! unaffected") == [4, 6, 7, 2]


def test_hidden_states_and_attention_are_those_of_pytorch() -> None:
    encoded = EncoderNetwork(encoder_arrays(40)).encode(REFERENCE["tokens"])
    np.testing.assert_allclose(encoded.states[:, ::48], REFERENCE["states"], atol=2e-4)
    np.testing.assert_allclose(encoded.attention[0], REFERENCE["attention"], atol=2e-5)
    np.testing.assert_allclose(encoded.attention.sum(-1), 1, atol=1e-5)


@pytest.mark.parametrize("facet", STANCES)
def test_logits_of_instances_are_those_of_pytorch(facet: str) -> None:
    arrays = encoder_arrays(40)
    logits = PairHead(arrays).logits(EncoderNetwork(arrays).encode(REFERENCE["tokens"]), facet, INSTANCES)
    np.testing.assert_allclose(logits, REFERENCE[facet], atol=2e-3)


def test_two_people_are_seen_symmetrically() -> None:
    arrays = encoder_arrays(40)
    encoded = EncoderNetwork(arrays).encode(REFERENCE["tokens"])
    swapped = [
        each._replace(
            first=each.second, second=each.first, traits=(each.traits[0], *each.traits[2:0:-1], each.traits[3])
        )
        for each in INSTANCES
    ]
    head = PairHead(arrays)
    np.testing.assert_allclose(
        head.logits(encoded, "person", INSTANCES), head.logits(encoded, "person", swapped), rtol=1e-4, atol=1e-4
    )


def test_instances_of_a_candidate_are_joined_by_log_sum_exp() -> None:
    logits = np.asarray([[0.0, -5.0], [1.0, -5.0], [2.0, 3.0]], np.float32)
    found = joined(logits, [4, 4, 7])
    np.testing.assert_allclose(found[4], [np.log(1 + np.e), np.log(2) - 5], rtol=1e-5)
    np.testing.assert_allclose(found[7], [2, 3])


def test_int8_rows_are_off_by_half_a_step_at_most() -> None:
    matrix = np.linspace(-3, 5, 60, dtype=np.float32).reshape(6, 10) ** 3
    rows = QuantizedRows.of(matrix)
    assert (np.abs(rows.dequantized() - matrix) <= np.abs(matrix).max(1, keepdims=True) / 254 + 1e-6).all()
    np.testing.assert_array_equal(rows.rows([5, 0]), rows.dequantized()[[5, 0]])


def test_weights_come_back_from_a_file_and_the_same_weights_are_the_same_bytes(tmp_path: Path) -> None:
    arrays = quantized(encoder_arrays(40)) | {"stack.person.bias": np.asarray([0.1, 1e-7], np.float32)}
    digest = write_weights(tmp_path / "a.npz", arrays)
    assert digest == write_weights(tmp_path / "b.npz", arrays)
    stored = open_weights((tmp_path / "a.npz").read_bytes())
    assert stored.digest == digest
    assert stored.arrays.keys() == arrays.keys()
    np.testing.assert_array_equal(stored.arrays["stack.person.bias"], arrays["stack.person.bias"])
    first, second = (EncoderNetwork(each).encode([1, 2, 3]).states for each in (arrays, stored.arrays))
    np.testing.assert_allclose(first, second, atol=1e-2)
