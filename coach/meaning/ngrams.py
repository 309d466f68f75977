"""Word n-grams (one to three words) and the hash that finds their weights.

Weights are found by a hash of the n-gram (feature hashing; Weinberger et al. 2009), so that the coach need not ship a
list of what people said in the training data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from zlib import crc32


@dataclass(frozen=True, slots=True, kw_only=True)
class NgramConfig:
    """Which n-grams there are, and how many weights. The weights that ship were trained with these numbers."""

    slots: int = 1 << 16  # hash values; n-grams seldom collide
    longest: int = 3  # words


NGRAMS = NgramConfig()


def ngrams(words: Sequence[str]) -> dict[str, float]:
    """The n-grams of `words` with their values: 1 + ln(count), scaled to a vector of length 1.

    The scaling keeps long texts from weighing more.

    >>> list(ngrams(("i", "miss", "her")))
    ['i', 'miss', 'her', 'i miss', 'miss her', 'i miss her']
    """
    found = chain.from_iterable(
        (" ".join(words[k : k + n]) for k in range(len(words) - n + 1)) for n in range(1, NGRAMS.longest + 1)
    )
    counts: dict[str, int] = {}
    for ngram in found:
        counts[ngram] = counts.get(ngram, 0) + 1
    values = {ngram: 1 + log(count) for ngram, count in counts.items()}
    length = sum(value * value for value in values.values()) ** 0.5
    return {ngram: value / length for ngram, value in values.items()}


def slot(ngram: str) -> int:
    """The row of an n-gram's weights: a hash below `slots` that is the same on every machine."""
    return crc32(ngram.encode()) % NGRAMS.slots
