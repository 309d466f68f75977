"""Alignment of recordings of one conversation: when each began, and how fast its clock runs.

Every microphone hears something that another one hears too: the other people, softly, or a sound in the room. So two
recordings are laid beside each other in two steps, and each has to agree with itself before it is believed:

    coarse   levels in bands of both, without their slow changes, are correlated: pieces of one against all of the
             other. The correlations are added up along each possible drift, and one sum must stand out
    fine     pieces of sound around that line are correlated, all frequencies alike (GCC-PHAT, Knapp and Carter 1976);
             a line through their lags gives the start to a few milliseconds, and the drift

    sample n of a recording sounded at   starts_s + n / rate / (1 + drift)   on the clock of the reference

Levels survive echo, codecs and clocks that differ, and say where to look; sound itself is exact, and only there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.core.span import MILLISECOND, RATE, Span, as_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentConfig:
    """How recordings are compared. Frames are 10 ms."""

    frame: int = 10 * MILLISECOND  # samples
    frames_a_second: int = 100
    edges_hz: tuple[int, ...] = (150, 300, 500, 800, 1200, 1800, 2600, 3600)  # of the bands; telephones pass these
    floor_db: float = -75.0  # dBFS in a band; what is softer is taken as silence
    slow: int = 50  # frames over which a level is averaged to take its slow changes out
    most_db: float = 12.0  # by which a level may stand out
    piece_s: float = 30.0  # length of a piece in the coarse step; less if the recording is short
    pieces: tuple[int, int] = (4, 12)  # at least and at most
    least_s: float = 8.0  # seconds that two recordings must have in common
    most_drift: float = 500e-6  # of a clock; consumer devices stay within 100e-6
    stands_out: float = 7.0  # standard deviations of the sum; those of different conversations were 4 to 5.6
    share: float = 0.5  # of the clear pieces of sound that must lie on the line
    sound: int = 4 * RATE  # samples of a piece in the fine step; 2^16 is a little more
    sounds: int = 60  # pieces at most
    reach: int = 100 * MILLISECOND  # samples around the coarse line that the fine step searches
    heard_hz: tuple[int, int] = (200, 3600)
    clear: float = 6.0  # height of a peak, in robust standard deviations of what lies around it, that is believed
    beside: int = 12 * MILLISECOND  # samples off the line: both people's ways to each other's microphones, 2 m
    fewest: int = 3  # pieces on the fine line
    sure: float = 3.0  # standard errors by which a drift must differ from none


CONFIG = AlignmentConfig()


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a recording lies on the clock of the reference.

    `starts_s` is when it began, in seconds (below zero: earlier than the reference); `drift` is how much faster its
    clock runs, as a share (80e-6: it counts 80 samples too many in a million).
    """

    starts_s: float = 0.0
    drift: float = 0.0

    def here(self, there_s: float) -> float:
        """The second of this recording that sounded at second `there_s` of the reference."""
        return (there_s - self.starts_s) * (1 + self.drift)

    def there(self, here_s: float) -> float:
        """The second of the reference at which second `here_s` of this recording sounded."""
        return self.starts_s + here_s / (1 + self.drift)


class Envelope:
    """Collects the levels of a recording in bands: feed it samples (n,) at 16 kHz in order, then read `levels`."""

    def __init__(self, config: AlignmentConfig = CONFIG) -> None:
        self._config = config
        self._window = np.hanning(2 * config.frame + 1)[:-1]
        bins = np.fft.rfftfreq(2 * config.frame, 1 / RATE)
        self._edges = np.searchsorted(bins, config.edges_hz)
        self._rest = np.zeros(0, np.float32)
        self._rows: list[np.ndarray] = []

    def feed(self, samples: np.ndarray) -> None:
        """Take the next samples, (n,) float32; a frame counts once it is complete."""
        sound = np.concatenate([self._rest, samples])
        step = self._config.frame
        count = len(sound) // step - 1
        if count < 1:
            self._rest = sound
            return
        frames = np.lib.stride_tricks.sliding_window_view(sound, 2 * step)[::step][:count]
        power = np.abs(np.fft.rfft(frames * self._window)) ** 2 / self._window.sum() ** 2
        bands = np.add.reduceat(power, self._edges, axis=1)[:, :-1]
        self._rows.append(np.maximum(10 * np.log10(bands + 1e-12), self._config.floor_db).astype(np.float32))
        self._rest = sound[count * step :]

    @property
    def levels(self) -> np.ndarray:
        """(frames, bands) in dB without their slow changes; float32."""
        if not self._rows:
            return np.zeros((0, len(self._config.edges_hz) - 1), np.float32)
        rows = np.concatenate(self._rows)
        slow = self._config.slow
        sums = np.cumsum(np.concatenate([np.zeros((1, rows.shape[1])), rows]), axis=0)
        first = np.clip(np.arange(len(rows)) - slow // 2, 0, None)
        last = np.clip(np.arange(len(rows)) + slow // 2 + 1, None, len(rows))
        mean = (sums[last] - sums[first]) / (last - first)[:, None]
        most = self._config.most_db
        return np.asarray(np.clip(rows - mean, -most, most), np.float32)


def coarse(reference: np.ndarray, other: np.ndarray, config: AlignmentConfig = CONFIG) -> Clock | None:
    """Where `other` lies beside `reference`, both `Envelope.levels`, to some hundredths; None if nothing is common."""
    from scipy import fft  # takes half a second, which only an alignment needs

    least = round(config.least_s * config.frames_a_second)
    fewest, most = config.pieces
    length = min(round(config.piece_s * config.frames_a_second), len(other) // fewest)
    if length < least // fewest or len(reference) < least:
        return None
    count = int(np.clip(len(other) // length, fewest, most))
    starts = np.linspace(0, len(other) - length, count).astype(int)
    size = fft.next_fast_len(len(reference) + length)
    spectrum = fft.rfft(reference, size, axis=0)
    shifts = np.arange(-int(starts[-1]) - length, len(reference))  # frames by which `other` may begin later
    total = np.zeros((len(_slopes(starts, config)), len(shifts)), np.float32)
    for start in starts:
        piece = other[start : start + length]
        if not np.any(piece):
            continue
        both = (spectrum * np.conj(fft.rfft(piece, size, axis=0))).sum(axis=1)
        around = fft.irfft(both, size)
        found = np.concatenate([around[-length:], around[: len(reference)]])  # from lag -length on
        found = (found / max(float(found.std()), 1e-9)).astype(np.float32)
        for row, slope in zip(total, _slopes(starts, config), strict=True):
            first = int(starts[-1]) - int(start) - round(slope * start)  # the shift at which the piece lies at -length
            row[max(0, first) : first + len(found)] += found[max(0, -first) : max(0, len(row) - first)]
    total /= np.sqrt(count)
    best, shift = np.unravel_index(int(np.argmax(total)), total.shape)
    offset, slope = int(shifts[shift]), float(_slopes(starts, config)[best])
    common = min(len(reference), len(other) + offset) - max(0, offset)
    if total[best, shift] < config.stands_out or common < least:
        return None
    return Clock(offset / config.frames_a_second, _as_drift(slope))


def _slopes(starts: np.ndarray, config: AlignmentConfig) -> np.ndarray:
    """The drifts that are tried: two frames apart at the last piece."""
    steps = int(config.most_drift * starts[-1] / 2)
    return np.linspace(-1, 1, 2 * steps + 1) * (config.most_drift if steps else 0.0)


def compared(reference_s: float, other_s: float, guess: Clock, config: AlignmentConfig = CONFIG) -> list[Span]:
    """Where in the reference the fine step listens: spans of samples that `guess` finds in both recordings."""
    first = max(0.0, guess.starts_s) + config.reach / RATE
    last = min(reference_s, guess.there(other_s)) - config.reach / RATE - config.sound / RATE
    if last <= first:
        return []
    count = int(np.clip((last - first) * RATE / config.sound, 4, config.sounds))
    return [Span(start, start + config.sound) for start in map(as_samples, np.linspace(first, last, count))]


def fine(
    pieces: Sequence[tuple[float, np.ndarray, float, np.ndarray]], guess: Clock, config: AlignmentConfig = CONFIG
) -> Clock | None:
    """`guess` made exact from `pieces` of sound; None if they do not agree.

    A piece is (second in the reference, its sound, second in the other recording, its sound), samples (n,) each; the
    two are those that `guess` lays beside each other.
    """
    at, lags = [], []
    for there_s, theirs, here_s, ours in pieces:
        lag = _delay(theirs, ours, config)
        if lag is not None:
            middle = here_s + config.sound / RATE / 2
            at.append(middle)
            lags.append((there_s - here_s) * RATE + lag + middle * guess.drift * RATE)  # beside the guessed drift
    if len(at) < config.fewest:
        return None
    times, values = np.array(at), np.array(lags)
    on = _on_a_line(times * RATE, values, config.most_drift, config.beside)
    if on.sum() < max(config.fewest, config.share * len(at)):
        return None
    slope, offset, error = _fitted(times[on], values[on] / RATE)
    if abs(slope - guess.drift) < config.sure * error:  # too short to tell
        return Clock(float(np.median(values[on] / RATE - guess.drift * times[on])))
    return Clock(offset, _as_drift(slope - guess.drift))


def _as_drift(slope: float) -> float:
    """The drift of a clock whose lag grows by `slope` a second: 1 / (1 + drift) = 1 + slope."""
    return 1 / (1 + slope) - 1


def _fitted(times: np.ndarray, values: np.ndarray) -> tuple[float, float, float]:
    """The slope, the value at 0 and the standard error of the slope of a straight line through points."""
    slope, offset = np.polyfit(times, values, 1)
    spread = float(np.sum((times - times.mean()) ** 2))
    rest = values - (offset + slope * times)
    error = float(np.sqrt(np.sum(rest**2) / max(1, len(times) - 2) / max(spread, 1e-9)))
    return float(slope), float(offset), error


def _on_a_line(at: np.ndarray, lags: np.ndarray, steepest: float, off: float) -> np.ndarray:
    """Which points (n,) lie near the line near which most of them lie; none of fewer than two.

    Every line through two points is tried. `off` is how far from it a point may lie, `steepest` its largest slope.
    """
    best = np.zeros(len(at), bool)
    for i in range(len(at)):
        run = at - at[i]
        slopes = np.divide(lags - lags[i], run, out=np.zeros_like(run), where=run != 0)
        for slope in {0.0, *slopes[np.abs(slopes) <= steepest].tolist()}:
            on = np.abs(lags - lags[i] - slope * run) <= off
            if on.sum() > max(1, best.sum()):
                best = on
    return best


def _delay(theirs: np.ndarray, ours: np.ndarray, config: AlignmentConfig) -> float | None:
    """By how many samples `theirs` is later than `ours`, from one peak that stands out; None without one."""
    from scipy import fft

    size = fft.next_fast_len(len(theirs) + len(ours))
    both = fft.rfft(theirs, size) * np.conj(fft.rfft(ours, size))
    bins = fft.rfftfreq(size, 1 / RATE)
    both[(bins < config.heard_hz[0]) | (bins > config.heard_hz[1])] = 0
    found = fft.irfft(both / np.maximum(np.abs(both), 1e-12), size)
    around = np.concatenate([found[-config.reach :], found[: config.reach + 1]])
    place = int(np.argmax(around))
    spread = 1.4826 * float(np.median(np.abs(around)))
    return place - config.reach if spread and around[place] > config.clear * spread else None
