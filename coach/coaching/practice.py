"""The guided practice: a minute or two of arriving, spoken one sentence at a time, with real silences between.

Pure. The sentences are the wordings of `practice` in the catalogue; people may write any number of their own.
`Practice` only says when the next sentence is due:

    "…have a little more room…"         "Now turn toward …"        "Let that not knowing …"
    ▓▓▓▓▓▓▓▓▓▓▓▓▓▓├─── 9 s of silence ──┤▓▓▓▓▓▓▓▓▓▓▓▓├─── 3 s ───┤▓▓▓▓▓▓▓▓▓▓▓▓▓

Without a voice, each sentence stays on the screen for the time that it would take to say, so that people can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coach.coaching.entries import count_words
from coach.core.span import RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeConfig:
    """The pace of the practice. All times are samples."""

    word: int = 60 * RATE // 135  # the time that one word takes, read aloud slowly
    long_silence: int = 9 * RATE  # after a sentence that ends in "…": three slow breaths
    short_silence: int = 3 * RATE  # after any other sentence


CONFIG = PracticeConfig()


def silence_after(sentence: str) -> int:
    """Samples of silence after `sentence`."""
    return CONFIG.long_silence if sentence.rstrip().endswith("…") else CONFIG.short_silence


class Practice:
    """Schedules `sentences` one after another, from the first tick on.

    `silence` gives the samples of silence after a sentence.
    """

    def __init__(self, sentences: Sequence[str], silence: Callable[[str], int] = silence_after) -> None:
        self._waiting = list(sentences)
        self._silence = silence
        self._said = ""
        self._spoken_until = 0  # the sample at which the last sentence ends, as far as is known
        self._over = False

    @property
    def done(self) -> bool:
        """Whether the last sentence and the silence after it are over, or the rest was skipped."""
        return self._over

    @property
    def begun(self) -> bool:
        """Whether a sentence was given to be said."""
        return bool(self._said)

    @property
    def prompt(self) -> str:
        """The text to show: the last sentence said, or the first one before that; empty when done."""
        return "" if self._over else self._said or next(iter(self._waiting), "")

    def tick(self, now: int, *, speaking: bool) -> str | None:
        """The sentence to say at the sample `now`, or None. `speaking`: the sentence before is still playing."""
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
        self._spoken_until = now + CONFIG.word * count_words(self._said)
        return self._said

    def skip(self) -> None:
        """Ends the practice now."""
        self._over = True


def length(sentences: Sequence[str]) -> int:
    """Samples that all `sentences` and their silences take, read aloud slowly."""
    return sum(CONFIG.word * count_words(each) + silence_after(each) for each in sentences)
