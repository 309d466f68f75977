"""Sentence embeddings: a stretch of talk as a vector of 384 numbers, in which similar sentences are close.

The model is the first three layers of a small public sentence encoder (all-MiniLM-L6-v2, Apache-2.0; see
`weights/en/NOTICE`), pruned by `scripts/training/make_encoder.py`: two thirds of the hidden units and a quarter of the
word pieces are kept, and the weights are integers with one step per row. Its training on a billion sentence pairs adds
knowledge that our labelled talk cannot: that "gutted" is like "heartbroken", and that nothing is felt in "I felt the
table". `depth.py` learns from labelled talk what a vector says about depth.

One layer, for n pieces of d = 384 numbers each (Vaswani et al. 2017, with the norm after each block, as in BERT):

    x (n, d) ─► attention, 12 heads of 32 ─► + x, norm ─► d → m → d, GELU between ─► + , norm
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from coach.core.resources import Weights, load_weights
from coach.meaning.wordpieces import pieces

Floats = NDArray[np.float32]

WIDTH = 384  # numbers per piece
HEADS = 12
HEAD = WIDTH // HEADS
_TINY = np.float32(1e-12)  # keeps the norm of a constant vector finite; the value that the model was trained with
_GELU = np.float32(np.sqrt(2 / np.pi))


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer: matrices (in, out), vectors (out,), norms as (gain, shift)."""

    attend: Floats  # (d, 3 d): query, key and value side by side
    attend_bias: Floats
    gather: Floats  # (d, d)
    gather_bias: Floats
    gather_norm: tuple[Floats, Floats]
    widen: Floats  # (d, m)
    widen_bias: Floats
    narrow: Floats  # (m, d)
    narrow_bias: Floats
    narrow_norm: tuple[Floats, Floats]

    def __call__(self, x: Floats, ends: Sequence[int]) -> Floats:
        """The output of the layer, (n, d), for `x` (n, d): the rows of several texts, each up to its row in `ends`."""
        x = self.attention(x, ends)
        return layer_norm(x + self.hidden(x) @ self.narrow + self.narrow_bias, self.narrow_norm)

    def attention(self, x: Floats, ends: Sequence[int]) -> Floats:
        """The self-attention block within each text, with residual and norm, (n, d)."""
        heads = (x @ self.attend + self.attend_bias).reshape(len(x), 3, HEADS, HEAD).transpose(1, 2, 0, 3)
        seen = np.empty_like(x)
        start = 0
        for end in ends:
            query, key, value = heads[:, :, start:end]
            near = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(HEAD))
            near = np.exp(near - near.max(axis=-1, keepdims=True))
            near /= near.sum(axis=-1, keepdims=True)
            seen[start:end] = (near @ value).transpose(1, 0, 2).reshape(end - start, WIDTH)
            start = end
        return layer_norm(x + seen @ self.gather + self.gather_bias, self.gather_norm)

    def hidden(self, attended: Floats) -> Floats:
        """The m hidden units of the feed-forward block for the output of `attention`, (n, m)."""
        return gelu(attended @ self.widen + self.widen_bias)


def layer_norm(x: Floats, norm: tuple[Floats, Floats]) -> Floats:
    """Each row of `x` (n, d) scaled to mean 0 and deviation 1, times the gain, plus the shift."""
    x = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((x * x).mean(axis=-1, keepdims=True) + _TINY)
    return np.asarray(x / spread * norm[0] + norm[1], np.float32)


def gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit in its tanh approximation (Hendrycks & Gimpel 2016)."""
    return np.asarray(0.5 * x * (1 + np.tanh(_GELU * (x + np.float32(0.044715) * x * x * x))), np.float32)


@dataclass(frozen=True, slots=True)
class Encoder:
    """`rows` gives the row of a piece in `words` (v, d); `places` (longest, d) are the position embeddings."""

    rows: dict[str, int]
    words: Floats
    places: Floats
    norm: tuple[Floats, Floats]
    layers: tuple[Layer, ...]

    def encode(self, *texts: str) -> Floats:
        """The mean over the pieces of each text, (len(texts), 384). Case and punctuation are ignored."""
        rows = [pieces(text, self.rows) for text in texts]
        ends = np.cumsum([len(row) for row in rows])
        states = self.states(rows)
        return np.stack([part.mean(axis=0) for part in np.split(states, ends[:-1])]).astype(np.float32)

    def states(self, stretches: Sequence[Sequence[int]]) -> Floats:
        """The output of the last layer for all pieces of all stretches, one row per piece, (n, 384)."""
        places = np.concatenate([self.places[: len(rows)] for rows in stretches])
        x = layer_norm(self.words[[row for rows in stretches for row in rows]] + places, self.norm)
        ends = [int(end) for end in np.cumsum([len(rows) for rows in stretches])]
        for layer in self.layers:
            x = layer(x, ends)
        return x


@cache
def encoder(language: str = "en") -> Encoder:
    """The encoder that ships for `language`. The first call takes about 0.1 s."""
    listed = files("coach.meaning").joinpath("weights", language, "pieces.txt").read_text(encoding="utf-8").split("\n")
    table = load_weights("coach.meaning", "weights", language, "encoder.npz")
    return encoder_from_arrays([piece for piece in listed if piece], table)


def encoder_from_arrays(listed: Sequence[str], table: Weights) -> Encoder:
    """The encoder with the pieces `listed` and the arrays of a weights file.

    The file stores a matrix as integers `x` and one step per row, `x.step`.
    """

    def matrix(name: str) -> Floats:
        return np.ascontiguousarray((table[name] * table[f"{name}.step"][:, None].astype(np.float32)).T)

    def norm(name: str) -> tuple[Floats, Floats]:
        gain, shift = table[name].astype(np.float32)
        return gain, shift

    layers = []
    for k in range(sum(name.endswith(".attend") for name in table)):
        bias = {part: table[f"{k}.{part}.bias"].astype(np.float32) for part in ("attend", "gather", "widen", "narrow")}
        layers.append(
            Layer(
                attend=matrix(f"{k}.attend"),
                attend_bias=bias["attend"],
                gather=matrix(f"{k}.gather"),
                gather_bias=bias["gather"],
                gather_norm=norm(f"{k}.gather.norm"),
                widen=matrix(f"{k}.widen"),
                widen_bias=bias["widen"],
                narrow=matrix(f"{k}.narrow"),
                narrow_bias=bias["narrow"],
                narrow_norm=norm(f"{k}.narrow.norm"),
            )
        )
    return Encoder(
        rows={piece: row for row, piece in enumerate(listed)},
        words=np.ascontiguousarray(matrix("words").T) + table["words.mean"].astype(np.float32),
        places=table["places"].astype(np.float32),
        norm=norm("norm"),
        layers=tuple(layers),
    )
