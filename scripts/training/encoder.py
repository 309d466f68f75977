"""Prunes and quantises the public model into the shipped encoder.

Inner units are ranked by their effect on the output for talk; least squares on the same talk lets the remaining units
compensate for the pruned ones. Weights are quantised to a fraction of their row's standard deviation, so that the file
compresses to four to five bits per weight.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.meaning.encoder import encoder_from_arrays
from coach.meaning.wordpieces import WORD_PIECES, pieces

Array = NDArray[Any]

LAYERS, UNITS = 3, 1024  # of 6 and of 1536
WORDS = 9_000  # pieces are roughly ordered by frequency: those before this row stay …
SEEN = 20_000  # … and those before this one that the talk uses twice or more
STEP, WORD_STEP = 1 / 6, 1 / 4  # quantisation steps, in standard deviations of a row
RIDGE = 1e-3  # relative to the mean square of an inner unit; keeps the least squares well posed
_PLAIN = re.compile(r"(##)?[a-z0-9']+")
_SPECIAL = ("[CLS]", "[SEP]", "[UNK]")  # in the order of wordpieces.START, END, UNKNOWN
_FIRST = 999  # row of the first piece that is ordinary text


def read_model(folder: Path) -> tuple[dict[str, Array], list[str]]:
    """The float32 arrays of `folder`/model.safetensors and the pieces of its tokenizer.json, by row."""
    raw = (folder / "model.safetensors").read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            arrays[name] = np.frombuffer(raw[start:end], np.float32).reshape(entry["shape"])
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    return arrays, sorted(vocabulary, key=vocabulary.__getitem__)


def cut_encoder(folder: Path, talk: Sequence[str], texts: Sequence[str]) -> tuple[list[str], dict[str, Array]]:
    """The pieces and the arrays of `weights/LANGUAGE/encoder.npz`, from the public model.

    Keeps the pieces of `talk`; ranks inner units on `texts`.
    """
    arrays, listed = read_model(folder)
    kept = _kept_pieces(listed, talk)
    words = arrays["embeddings.word_embeddings.weight"][kept]
    words = words + arrays["embeddings.token_type_embeddings.weight"][0]
    mean = words.mean(axis=0)
    table: dict[str, Array] = {"words.mean": mean.astype(np.float16)}
    _store(table, "words", words - mean, WORD_STEP)
    table["places"] = arrays["embeddings.position_embeddings.weight"][: WORD_PIECES.longest].astype(np.float16)
    table["norm"] = _norm(arrays, "embeddings.LayerNorm")
    names = [listed[row] for row in kept]
    for k in range(LAYERS):
        below = encoder_from_arrays(names, table)
        rows = [pieces(text, below.rows) for text in texts]
        inputs = below.states(rows), [int(end) for end in np.cumsum([len(row) for row in rows])]
        _add_layer(table, k, arrays, inputs, names)
    return names, table


def _add_layer(
    table: dict[str, Array], k: int, arrays: dict[str, Array], inputs: tuple[Array, list[int]], names: list[str]
) -> None:
    prefix = f"encoder.layer.{k}."

    def linear(name: str) -> tuple[Array, Array]:
        return arrays[f"{prefix}{name}.weight"], arrays[f"{prefix}{name}.bias"]

    heads = [linear(f"attention.self.{name}") for name in ("query", "key", "value")]
    _store(table, f"{k}.attend", np.concatenate([weight for weight, _ in heads]), STEP)
    table[f"{k}.attend.bias"] = np.concatenate([bias for _, bias in heads]).astype(np.float16)
    gather, gather_bias = linear("attention.output.dense")
    _store(table, f"{k}.gather", gather, STEP)
    table[f"{k}.gather.bias"] = gather_bias.astype(np.float16)
    table[f"{k}.gather.norm"] = _norm(arrays, f"{prefix}attention.output.LayerNorm")
    widen, widen_bias = linear("intermediate.dense")
    narrow, narrow_bias = linear("output.dense")
    table[f"{k}.narrow.norm"] = _norm(arrays, f"{prefix}output.LayerNorm")
    _store(table, f"{k}.widen", widen, STEP)
    table[f"{k}.widen.bias"] = widen_bias.astype(np.float16)
    _store(table, f"{k}.narrow", narrow, STEP)
    table[f"{k}.narrow.bias"] = narrow_bias.astype(np.float16)
    whole = encoder_from_arrays(names, table).layers[k]
    inner = whole.hidden(whole.attention(*inputs)).astype(np.float64)
    stay = np.sort(np.argsort(-inner.std(axis=0) * np.linalg.norm(narrow, axis=0), kind="stable")[:UNITS])
    refitted, refitted_bias = _refitted(inner, stay, narrow.astype(np.float64), narrow_bias)
    _store(table, f"{k}.widen", widen[stay], STEP)
    table[f"{k}.widen.bias"] = widen_bias[stay].astype(np.float16)
    _store(table, f"{k}.narrow", refitted, STEP)
    table[f"{k}.narrow.bias"] = refitted_bias.astype(np.float16)


def _refitted(inner: Array, stay: Array, narrow: Array, bias: Array) -> tuple[Array, Array]:
    mean = inner.mean(axis=0)
    moved = inner - mean
    some = moved[:, stay]
    square = some.T @ some
    ridge = RIDGE * np.trace(square) / len(stay) * np.eye(len(stay))
    refitted = np.linalg.solve(square + ridge, some.T @ (moved @ narrow.T)).T
    return refitted, bias + narrow @ mean - refitted @ mean[stay]


def _kept_pieces(listed: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Rows of the pieces to keep: the three special ones, single letters, frequent ones, and those of the talk."""
    row_of = {piece: row for row, piece in enumerate(listed)}
    used: dict[int, int] = {}
    for text in texts:
        for row in pieces(text, row_of):
            used[row] = used.get(row, 0) + 1
    plain = [row for row in range(_FIRST, len(listed)) if _PLAIN.fullmatch(listed[row])]
    kept = [
        row
        for row in plain
        if len(listed[row].removeprefix("##")) == 1 or row < WORDS or (row < SEEN and used.get(row, 0) >= 2)
    ]
    return [*(row_of[piece] for piece in _SPECIAL), *kept]


def _store(table: dict[str, Array], name: str, matrix: Array, step: float) -> None:
    """`matrix` (out, in) quantised in units of `step` standard deviations of each row."""
    steps = (step * matrix.std(axis=1)).astype(np.float16)
    whole = np.round(matrix / steps[:, None].astype(np.float32))
    table[name] = np.clip(whole, -127, 127).astype(np.int8)
    table[f"{name}.step"] = steps


def _norm(arrays: dict[str, Array], name: str) -> Array:
    return np.stack([arrays[f"{name}.weight"], arrays[f"{name}.bias"]]).astype(np.float16)
