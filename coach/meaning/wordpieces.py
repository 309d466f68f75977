"""WordPiece tokenization for the encoder: a word without an entry becomes pieces, "gardening" → "garden", "##ing".

A word is split greedily, longest known piece first (Schuster & Nakajima 2012). Every letter and digit is a piece, so no
English word is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

START, END, UNKNOWN = 0, 1, 2  # rows of the vocabulary for special tokens
_WORD = re.compile(r"[a-z0-9]+|'")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPieceConfig:
    """How much of a text is cut into pieces."""

    longest: int = 128  # pieces per text; longer texts are truncated. 100 words take about 110 pieces


WORD_PIECES = WordPieceConfig()


def pieces(text: str, rows: Mapping[str, int]) -> list[int]:
    """The vocabulary rows of the pieces of `text`, with START before and END after them; at most `longest`.

    >>> rows = {"garden": 3, "##ing": 4, "i": 5}
    >>> pieces("I, gardening!", rows)
    [0, 5, 3, 4, 1]
    """
    found = [START]
    for word in _WORD.findall(text.lower()):
        found.extend(_cut(word, rows))
    return [*found[: WORD_PIECES.longest - 1], END]


def _cut(word: str, rows: Mapping[str, int]) -> list[int]:
    cut: list[int] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in rows)
        end = next(ends, None)
        if end is None:
            return [UNKNOWN]
        cut.append(rows[mark + word[start:end]])
        start = end
    return cut
