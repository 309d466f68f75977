"""The guided beginning: a minute or two of arriving, spoken sentence by sentence, with real silences.

Pure. The sentences are the catalogue's `practice`; people may write their own, and as many as they like. `Practice`
only says when the next one is due:

    "…have a little more room…"         "Now turn toward …"        "Let that not knowing …"
    ▓▓▓▓▓▓▓▓▓▓▓▓▓▓├─── 9 s of silence ──┤▓▓▓▓▓▓▓▓▓▓▓▓├─── 3 s ───┤▓▓▓▓▓▓▓▓▓▓▓▓▓

Where there is no voice each sentence stays for as long as it would take to say, so that one can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coach.coaching.entries import count_words
from coach.core.span import RATE

WORD = 60 * RATE // 135  # samples a word takes, read aloud slowly
LONG_SILENCE = 9 * RATE  # samples after a sentence that ends in "…": three slow breaths
SHORT_SILENCE = 3 * RATE  # samples after any other


def silence_after(sentence: str) -> int:
    """Samples of silence that belong to `sentence`."""
    return LONG_SILENCE if sentence.rstrip().endswith("…") else SHORT_SILENCE


class Practice:
    """Says `sentences` one after the other, from the first tick on, with so much `silence` (samples) after each."""

    def __init__(self, sentences: Sequence[str], silence: Callable[[str], int] = silence_after) -> None:
        self._waiting = list(sentences)
        self._silence = silence
        self._said = ""
        self._spoken_until = 0  # the latest sample at which the sentence was, or is taken to have been, still spoken
        self._over = False

    @property
    def done(self) -> bool:
        return self._over

    @property
    def begun(self) -> bool:
        return bool(self._said)

    @property
    def prompt(self) -> str:
        """What to show: the sentence that was said last, or is said first; empty when done."""
        return "" if self._over else self._said or next(iter(self._waiting), "")

    def tick(self, now: int, *, speaking: bool) -> str | None:
        """The sentence that is to be said at the sample `now`; `speaking` while the one before still sounds."""
        if self._over:
            return None
        if self._said:
            if speaking:
                self._spoken_until = max(self._spoken_until, now)
            if now < self._spoken_until + self._silence(self._said):
                return None
        if not self._waiting:
            self._over = True
            return None
        self._said = self._waiting.pop(0)
        self._spoken_until = now + WORD * count_words(self._said)
        return self._said

    def skip(self) -> None:
        """Ends it here."""
        self._over = True


def length(sentences: Sequence[str]) -> int:
    """Samples that all of it takes, at the pace of reading aloud slowly."""
    return sum(WORD * count_words(each) + silence_after(each) for each in sentences)
