"""Runs of one to three words, and where their weights lie.

They are looked up by a number made of their letters (a hash), so that no list of what people said has to ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import log
from zlib import crc32

SLOTS = 1 << 16  # places for runs of words; two runs seldom share one
LONGEST_GRAM = 3  # words


def grams(words: Sequence[str]) -> dict[str, float]:
    """The runs of one to three words with their worth: together of length 1, so that long talk does not weigh more.

    >>> list(grams(("i", "miss", "her")))
    ['i', 'miss', 'her', 'i miss', 'miss her', 'i miss her']
    """
    runs = chain.from_iterable(
        (" ".join(words[k : k + n]) for k in range(len(words) - n + 1)) for n in range(1, LONGEST_GRAM + 1)
    )
    counts: dict[str, int] = {}
    for run in runs:
        counts[run] = counts.get(run, 0) + 1
    worth = {run: 1 + log(count) for run, count in counts.items()}
    length = sum(value * value for value in worth.values()) ** 0.5
    return {run: value / length for run, value in worth.items()}


def slot(gram: str) -> int:
    """Where the weights of a run of words lie; the same on every machine."""
    return crc32(gram.encode()) % SLOTS
