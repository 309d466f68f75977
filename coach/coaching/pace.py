"""Detects a rush: one person speaks faster and with fewer pauses than in their own first minute.

Pure. A tempo has two figures: words per second *of speech*, and the share of the time that is silence.

    first minute                         the last half minute
    ▓▓▓▓▓▓   ▓▓▓▓▓    ▓▓▓▓▓▓▓    ▓▓▓▓    ▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓▓▓
    2.5 words a second, 35% silence      3.4 words a second, 8% silence: a rush

People are never compared with each other: some speak twice as fast as others. The thresholds are our own choices. A
rush must show in both figures, since a lively moment is faster or has fewer pauses, but seldom both.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.events import AudioGap, Event, Speech, Words
from coach.core.span import RATE, Span, joined, shared


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceConfig:
    """The windows and thresholds of a rush. Times are samples; ratios compare the recent tempo with the first."""

    first: int = 60 * RATE  # the window of the person's own tempo, from their first word on
    recent: int = 30 * RATE  # the window of the recent tempo; it holds several breath groups of 2 to 5 s
    least_speech: int = 15 * RATE  # the least speech in a window; with less, the figures are chance
    rate_ratio: float = 1.25  # the least ratio of the word rates in a rush
    silence_ratio: float = 0.5  # the highest ratio of the shares of silence in a rush
    silence_ratio_alone: float = 0.25  # the same without a recogniser, where silence alone decides
    least_silence: float = 0.1  # the least share of silence in the first minute; with less, no pause can go missing


CONFIG = PaceConfig()


@dataclass(frozen=True, slots=True)
class Tempo:
    """`rate` is in words per second of speech, None if too few words were recognised; `silence` is from 0 to 1."""

    rate: float | None
    silence: float


class Pace:
    """Follows one person's Speech and Words from the sample `begins` on. `words_on`: whether a recogniser runs."""

    def __init__(self, *, words_on: bool, begins: int = 0) -> None:
        self.words_on = words_on
        self._begins = begins
        self._speech: list[Span] = []
        self._words: list[Words] = []
        self._unheard: list[Span] = []

    def hear(self, event: Event) -> None:
        """Takes an event; speech, words and lost sound count."""
        match event:
            case Speech(span=span) if span.start >= self._begins:
                self._speech.append(span)
            case Words():
                self._words.append(event)
            case AudioGap(span=span):
                self._unheard.append(span)

    @property
    def first(self) -> Tempo | None:
        """The tempo of the first minute; None until it is over, or if it had too little speech."""
        if not self._speech or self._speech[-1].end < self._speech[0].start + CONFIG.first:
            return None
        return self._tempo(Span(self._speech[0].start, self._speech[0].start + CONFIG.first))

    @property
    def recent(self) -> Tempo | None:
        """The tempo of the half minute before the person's last word.

        None while that half minute overlaps the first minute, or if it has too little speech.
        """
        if not self._speech or self._speech[-1].end < self._speech[0].start + CONFIG.first + CONFIG.recent:
            return None
        return self._tempo(Span(self._speech[-1].end - CONFIG.recent, self._speech[-1].end))

    @property
    def rushing(self) -> bool:
        """Whether the person is in a rush: faster and with fewer pauses than at first."""
        first, recent = self.first, self.recent
        if first is None or recent is None or first.silence < CONFIG.least_silence:
            return False
        if not self.words_on:
            return recent.silence <= CONFIG.silence_ratio_alone * first.silence
        if first.rate is None or recent.rate is None:
            return False
        return recent.rate >= CONFIG.rate_ratio * first.rate and recent.silence <= CONFIG.silence_ratio * first.silence

    def _tempo(self, window: Span) -> Tempo | None:
        heard = window.duration - shared([window], self._unheard)
        speech = joined(span & window for span in self._speech if span.end > window.start)
        spoken = sum(span.duration for span in speech)
        if spoken < CONFIG.least_speech:
            return None
        return Tempo(self._rate(window), 1 - spoken / heard)

    def _rate(self, window: Span) -> float | None:
        """Words per second of speech, over the recognised stretches whose middle is in `window`."""
        read = [words for words in self._words if (words.span.start + words.span.end) // 2 in window]
        spoken = shared(self._speech, [words.span for words in read])
        if spoken < CONFIG.least_speech:
            return None
        return sum(words.count for words in read) * RATE / spoken
