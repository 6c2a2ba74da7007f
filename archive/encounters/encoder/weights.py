"""The file of weights, `weights.npz`: arrays by name, int8 matrices with a float32 scale for each row.

It is read only when something has to be judged. It may be missing (it can be deleted to save room): then there
is no judge, and the rules answer alone.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from archive.encounters.encoder import DIGEST_FILE, WEIGHTS_FILE, weights_digest
from archive.encounters.encoder.network import Floats, QuantizedRows

_SCALES = "/scales"
#: Arrays that are kept as they are: few, and thresholds are compared with what comes of them.
EXACT = "stack."
#: When the archive members say they were written, so that the same weights are the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


class EncoderWeights(NamedTuple):
    """What a file of weights holds; `digest` is that of its bytes (SHA-256)."""

    arrays: dict[str, Floats | QuantizedRows]
    digest: str


def read_weights() -> EncoderWeights | None:
    """The weights that are part of the package; None where there are none, or where they are damaged."""
    try:
        content = files(__package__).joinpath(WEIGHTS_FILE).read_bytes()
        weights = open_weights(content)
        return weights if weights.digest == weights_digest() else None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError):
        return None


def open_weights(content: bytes) -> EncoderWeights:
    """The weights in the bytes of a file. Raises ValueError, KeyError or zipfile.BadZipFile where they are damaged."""
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return EncoderWeights(_unpacked(stored), hashlib.sha256(content).hexdigest())


def _unpacked(stored: Any) -> dict[str, Floats | QuantizedRows]:
    return {
        name: QuantizedRows(stored[name], stored[name + _SCALES])
        if name + _SCALES in stored.files
        else stored[name].astype(np.float32)
        for name in stored.files
        if not name.endswith(_SCALES)
    }


def quantized(arrays: Mapping[str, Floats]) -> dict[str, Floats | QuantizedRows]:
    """Arrays with their matrices as int8, but for positions, of which every bit counts little room."""
    return {
        name: array
        if name.startswith(EXACT)
        else QuantizedRows.of(array)
        if array.ndim == 2 and name != "position"
        else array.astype(np.float16).astype(np.float32)
        for name, array in arrays.items()
    }


def write_weights(path: Path, arrays: Mapping[str, Floats | QuantizedRows]) -> str:
    """Write a file of weights; the same arrays make the same bytes. Returns its SHA-256.

    Beside a file of the package's name the digest is written as well.
    """
    parts: dict[str, np.ndarray[Any, Any]] = {}
    for name, array in sorted(arrays.items()):
        if isinstance(array, QuantizedRows):
            parts[name], parts[name + _SCALES] = array.values, array.scales
        else:
            parts[name] = array if name.startswith(EXACT) else array.astype(np.float16)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for name, part in parts.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(part), allow_pickle=False)
            target.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), buffer.getvalue())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if path.name == WEIGHTS_FILE:
        path.with_name(DIGEST_FILE).write_text(f"{digest}  {path.name}\n", "ascii")
    return digest
