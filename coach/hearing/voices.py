"""Voice models, learnt from a sentence or two.

A voice is a Gaussian mixture over cepstra (Reynolds & Rose 1995), the oldest method that distinguishes two people from
half a second. It learns from five seconds of speech in 0.1 s, and its forty kilobytes contain no words. Cepstrum 0 (the
level) is left out, so that leaning back changes nothing.

Two people at once sound like neither of them. `together` builds a model of the overlap from the two voices: it samples
frames from each, converts them back to mel energies, adds them at several levels and fits another mixture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from coach.hearing.discriminant import place
from coach.hearing.frames import BANDS

CEPSTRA = 20  # cepstra 1..19 describe the spectral envelope; higher ones are mostly noise
MIXTURES = 8  # components; more overfit five seconds of speech
SPREAD = 0.1  # added to each variance, so that no component collapses on a handful of frames
DRAWN = 3000  # frames sampled from each voice to model their overlap
HALF = 50  # frames (0.5 s); training and held-out speech alternate in pieces of this length
LEVELS_APART = (-9.0, -3.0, 3.0, 9.0)  # dB by which one voice may be louder than the other in overlap
ABOVE_TELEPHONE = 19  # the first band entirely above 4 kHz
BELOW_TELEPHONE = 17  # the number of bands entirely below 3.6 kHz
NARROW = 10.0  # nepers of power between the two; 17 and 19 on a telephone call, at most 6 in 96 wideband voices
TINY = 1e-300  # keeps the logarithm finite for a frame that does not fit at all
_NEPER = np.log(10) / 10  # nepers of power per decibel


def _cosines() -> np.ndarray:
    """The discrete cosine transform (type II, orthonormal) without order 0, shape (BANDS, CEPSTRA - 1).

    At this size a matrix product is faster than a fast transform, and the transpose is the inverse.
    """
    band, order = np.arange(BANDS)[:, None], np.arange(1, CEPSTRA)[None, :]
    return np.asarray(np.sqrt(2 / BANDS) * np.cos(np.pi * order * (band + 0.5) / BANDS))


_COSINES = _cosines()


def cepstra(bands: np.ndarray) -> np.ndarray:
    """Return cepstra without order 0, (n, CEPSTRA - 1), from log mel energies (n, BANDS)."""
    return np.asarray(bands @ _COSINES)


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A diagonal Gaussian mixture: `weights` (m,), `means` and `variances` (m, CEPSTRA - 1).

    `place` is the mean projection of the voice on the discriminant, (DIRECTIONS,). It is None for a voice that was not
    learnt from running speech, and for a telephone voice: the discriminant was trained on wideband speech and misleads
    without the upper bands.
    """

    weights: np.ndarray
    means: np.ndarray
    variances: np.ndarray
    place: np.ndarray | None = None

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the fields for storage; `Voice(**arrays)` restores the voice."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in known.items() if value is not None}

    def likelihood(self, x: np.ndarray) -> np.ndarray:
        """Return the log likelihood of each row of cepstra, (n,)."""
        return Choir([self]).likelihood(x)[:, 0]

    def drawn(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Sample `count` frames of this voice as log mel energies of equal level, (count, BANDS)."""
        which = rng.choice(len(self.weights), size=count, p=self.weights / self.weights.sum())
        x = self.means[which] + rng.normal(size=(count, CEPSTRA - 1)) * np.sqrt(self.variances[which])
        return np.asarray(x @ _COSINES.T)


class Choir:
    """Several voices evaluated in one matrix product, because this runs for every hop."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        means = np.concatenate([voice.means for voice in voices])
        precisions = 1.0 / np.concatenate([voice.variances for voice in voices])
        weights = np.concatenate([voice.weights for voice in voices])
        self._linear = np.concatenate([-0.5 * precisions, means * precisions], axis=1).T
        self._constant = np.log(weights) + 0.5 * (np.log(precisions) - means**2 * precisions).sum(axis=1)
        self._starts = np.cumsum([0] + [len(voice.weights) for voice in voices[:-1]])

    def likelihood(self, x: np.ndarray) -> np.ndarray:
        """Return the log likelihood of each row of cepstra under each voice, (n, voices)."""
        each = np.concatenate([x**2, x], axis=1) @ self._linear + self._constant
        top = each.max(axis=1, keepdims=True)
        return np.asarray(top + np.log(np.add.reduceat(np.exp(each - top), self._starts, axis=1) + TINY))


def _mixture(x: np.ndarray, mixtures: int) -> Voice:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    # one thread: a second one costs more than it gains on so little data, and the recogniser needs the other core
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fifty iterations are enough to distinguish two people
        fit = GaussianMixture(
            min(mixtures, max(1, len(x) // 20)), covariance_type="diag", reg_covar=SPREAD, max_iter=50, random_state=0
        ).fit(x)
    return Voice(np.asarray(fit.weights_), np.asarray(fit.means_), np.asarray(fit.covariances_))


def warm_up() -> None:
    """Import what `learn_voice` needs. This takes a second and blocks playback: call it before opening the speaker."""
    import sklearn.mixture  # noqa: F401


def learn_voice(bands: np.ndarray) -> Voice:
    """Learn a voice from log mel energies of its speech, (n, BANDS); n should be 300 (three seconds) or more."""
    x = cepstra(bands)
    return replace(_mixture(x, MIXTURES), place=None if _is_narrow(bands) else place(x))


def _is_narrow(bands: np.ndarray) -> bool:
    """Whether there is nothing above 4 kHz, not even the hiss of an "s"."""
    loud = np.percentile(bands, 90, axis=0)
    return bool(loud[:BELOW_TELEPHONE].max() - loud[ABOVE_TELEPHONE:].max() > NARROW)


def together(a: Voice, b: Voice) -> Voice:
    """Return a model of the overlap of two voices, built from their models. Deterministic."""
    rng = np.random.default_rng(0)
    first, second = a.drawn(DRAWN, rng), b.drawn(DRAWN, rng)
    apart = rng.choice(LEVELS_APART, size=(DRAWN, 1)) * _NEPER
    return _mixture(cepstra(np.logaddexp(first, second + apart)), 2 * MIXTURES)


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """Return how clearly two stretches of speech, log mel energies (n, BANDS), are two different voices.

    A voice is learnt from one half of each stretch, and the held-out halves are scored under both voices. The result is
    the smaller of the two margins in log likelihood per frame: 3 to 10 for two people, about 0 or less for one person.
    """
    learnt = [learn_voice(_alternate(x, 0)) for x in (a, b)]
    margins = []
    for own, bands in enumerate((a, b)):
        x = cepstra(_alternate(bands, 1))
        margins.append(float((learnt[own].likelihood(x) - learnt[1 - own].likelihood(x)).mean()))
    return min(margins)


def alike(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two stretches of speech, each of two seconds or more, are probably the same person's."""
    return apart(a, b) < 0


def _alternate(bands: np.ndarray, which: int) -> np.ndarray:
    """Every other half second: the first, third, … (0) or the second, fourth, … (1)."""
    return np.asarray(bands[np.arange(len(bands)) // HALF % 2 == which])
