"""A small encoder as the second judge of a pair's stance: MiniLM-L6, fine-tuned, run in numpy.

Rules tell who was together in text of the kind they were written from; a fine-tuned encoder carries over to
text that nobody wrote rules for. Nothing here is imported until a passage has to be judged: a search never
loads the weights. The model card, `docs/model-card.md`, says what it was trained on and how well it does.

    wordpiece    text -> token numbers            (vocabulary.txt)
    windows      passage -> token windows, and the instances of each candidate pair in them
    network      token numbers -> hidden states   (weights.npz)
    pair_head    hidden states -> a logit for each stance of a pair
    stacking     these, the rules' verdicts and the other pairs of the passage -> probabilities
    judge        all of it, as the `PairJudge` that `archive.encounters` asks
    train        makes weights.npz (needs torch, the extra `train`)
"""

from __future__ import annotations

from importlib.resources import files

WEIGHTS_FILE = "weights.npz"
DIGEST_FILE = "weights.sha256"
#: Raised with every change of the code here that may change an answer; new weights change the version by themselves.
_CODE = 1


def weights_digest() -> str:
    """The SHA-256 that the weights must have; "" where there are none. Reads none of them."""
    folder = files(__package__)
    try:
        return (
            folder.joinpath(DIGEST_FILE).read_text("ascii").split()[0]
            if folder.joinpath(WEIGHTS_FILE).is_file()
            else ""
        )
    except (OSError, ValueError, IndexError):
        return ""


def encoder_version(digest: str) -> str:
    """The version of a judge with weights of some digest."""
    return f"encoder-{_CODE}-{digest[:16]}" if digest else ""
