"""Words into the pieces that the encoder knows: "gardening" is "garden" and "##ing" when it has no entry of its own.

A word is cut greedily, the longest known piece first (WordPiece; Schuster & Nakajima 2012). Every letter and digit is a
piece, so that nothing in English spelling is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

START, END, UNKNOWN = 0, 1, 2  # rows of the table of pieces that stand for no piece
LONGEST = 128  # pieces: what is longer is cut; 100 words take about 110
_WORD = re.compile(r"[a-z0-9]+|'")


def pieces(text: str, rows: Mapping[str, int]) -> list[int]:
    """Rows of the pieces of `text` between START and END, at most LONGEST.

    >>> rows = {"garden": 3, "##ing": 4, "i": 5}
    >>> pieces("I, gardening!", rows)
    [0, 5, 3, 4, 1]
    """
    found = [START]
    for word in _WORD.findall(text.lower()):
        found.extend(_cut(word, rows))
    return [*found[: LONGEST - 1], END]


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
