"""The sound of a person's voice, learnt from a sentence or two.

A voice is a Gaussian mixture over cepstra (Reynolds & Rose 1995), the oldest method that tells two people apart from
half a second. It suits this house: it learns from five seconds in a tenth of a second, and what it keeps is forty
kilobytes from which no word can be heard again. Level is left out (cepstrum 0), so that leaning back changes nothing.

Two people at once sound like neither. `together` builds that third voice from the two models alone: frames drawn from
each are turned back into mel energies, added at several levels, and learnt as one more mixture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from coach.hearing.discriminant import place
from coach.hearing.frames import BANDS

CEPSTRA = 20  # cepstra 1..19: the colour of a voice; the finest ripples above are mostly noise
MIXTURES = 8  # components; more overfit five seconds of speech
SPREAD = 0.1  # added to each variance, so that a component cannot close in on a handful of frames
DRAWN = 3000  # frames drawn from each voice to build the two together
HALF = 50  # frames, half a second: what is learnt and what is tried out alternate in pieces of this length
LEVELS_APART = (-9.0, -3.0, 3.0, 9.0)  # dB by which one may be louder than the other when both speak
ABOVE_TELEPHONE = 19  # the first band that lies wholly above 4 kHz
BELOW_TELEPHONE = 17  # bands wholly below 3.6 kHz
NARROW = 10.0  # nepers of power between the two; measured 17 and 19 on a telephone call, at most 6 in 96 wide voices
TINY = 1e-300  # keeps the logarithm finite where a frame is nothing like a voice
_NEPER = np.log(10) / 10  # decibels to natural log of power


def _cosines() -> np.ndarray:
    """The discrete cosine transform (type II, orthonormal) without its constant, shape (BANDS, CEPSTRA - 1).

    At this size a product with a matrix is quicker than any fast transform, and its transpose takes it back.
    """
    band, order = np.arange(BANDS)[:, None], np.arange(1, CEPSTRA)[None, :]
    return np.asarray(np.sqrt(2 / BANDS) * np.cos(np.pi * order * (band + 0.5) / BANDS))


_COSINES = _cosines()


def cepstra(bands: np.ndarray) -> np.ndarray:
    """Cepstra without level, shape (n, CEPSTRA - 1), from log mel energies of shape (n, BANDS)."""
    return np.asarray(bands @ _COSINES)


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A diagonal Gaussian mixture: `weights` (m,), `means` and `variances` (m, CEPSTRA - 1).

    `place` is where the voice lies along the directions in which people differ (`discriminant`), (DIRECTIONS,); None
    for a voice that was not learnt from running speech, or over a telephone: those directions were learnt from all
    that a voice has, and lead astray where its upper half is missing.
    """

    weights: np.ndarray
    means: np.ndarray
    variances: np.ndarray
    place: np.ndarray | None = None

    def arrays(self) -> dict[str, np.ndarray]:
        """What there is to keep of the voice: `Voice(**arrays)` is the same voice again."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in known.items() if value is not None}

    def likelihood(self, x: np.ndarray) -> np.ndarray:
        """Log likelihood of each row of cepstra; shape (n,)."""
        return Choir([self]).likelihood(x)[:, 0]

    def drawn(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """`count` frames of this voice as log mel energies of equal level, shape (count, BANDS)."""
        which = rng.choice(len(self.weights), size=count, p=self.weights / self.weights.sum())
        x = self.means[which] + rng.normal(size=(count, CEPSTRA - 1)) * np.sqrt(self.variances[which])
        return np.asarray(x @ _COSINES.T)


class Choir:
    """Several voices asked at once: one product of matrices instead of one for each, twenty times a second matters."""

    def __init__(self, voices: Sequence[Voice]) -> None:
        means = np.concatenate([voice.means for voice in voices])
        precisions = 1.0 / np.concatenate([voice.variances for voice in voices])
        weights = np.concatenate([voice.weights for voice in voices])
        self._linear = np.concatenate([-0.5 * precisions, means * precisions], axis=1).T
        self._constant = np.log(weights) + 0.5 * (np.log(precisions) - means**2 * precisions).sum(axis=1)
        self._starts = np.cumsum([0] + [len(voice.weights) for voice in voices[:-1]])

    def likelihood(self, x: np.ndarray) -> np.ndarray:
        """Log likelihood of each row of cepstra under each voice; shape (n, voices)."""
        each = np.concatenate([x**2, x], axis=1) @ self._linear + self._constant
        top = each.max(axis=1, keepdims=True)
        return np.asarray(top + np.log(np.add.reduceat(np.exp(each - top), self._starts, axis=1) + TINY))


def _mixture(x: np.ndarray, mixtures: int) -> Voice:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    # one thread: on so few numbers a second one costs more than it brings, and the other core has words to read
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fifty rounds are enough for telling two people apart
        fit = GaussianMixture(
            min(mixtures, max(1, len(x) // 20)), covariance_type="diag", reg_covar=SPREAD, max_iter=50, random_state=0
        ).fit(x)
    return Voice(np.asarray(fit.weights_), np.asarray(fit.means_), np.asarray(fit.covariances_))


def warm_up() -> None:
    """Imports what `learn_voice` needs. It takes a second and holds up playback: call it before the speaker opens."""
    import sklearn.mixture  # noqa: F401


def learn_voice(bands: np.ndarray) -> Voice:
    """A voice from log mel energies of its speech, shape (n, BANDS); n of 300 (three seconds) or more is wise."""
    x = cepstra(bands)
    return replace(_mixture(x, MIXTURES), place=None if _is_narrow(bands) else place(x))


def _is_narrow(bands: np.ndarray) -> bool:
    """Whether nothing above 4 kHz came through: not even the hiss of an "s", the loudest there."""
    loud = np.percentile(bands, 90, axis=0)
    return bool(loud[:BELOW_TELEPHONE].max() - loud[ABOVE_TELEPHONE:].max() > NARROW)


def together(a: Voice, b: Voice) -> Voice:
    """What two voices at once sound like, from their models alone. Deterministic."""
    rng = np.random.default_rng(0)
    first, second = a.drawn(DRAWN, rng), b.drawn(DRAWN, rng)
    apart = rng.choice(LEVELS_APART, size=(DRAWN, 1)) * _NEPER
    return _mixture(cepstra(np.logaddexp(first, second + apart)), 2 * MIXTURES)


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """How far two stretches of speech, as log mel energies (n, BANDS), are from one and the same voice.

    Half of each is learnt, and the other half, never seen, is asked whose it is; the result is the log likelihood a
    frame by which the harder of the two answers is right. Two people score 3 to 10, one person about or below 0.
    """
    learnt = [learn_voice(_alternate(x, 0)) for x in (a, b)]
    margins = []
    for own, bands in enumerate((a, b)):
        x = cepstra(_alternate(bands, 1))
        margins.append(float((learnt[own].likelihood(x) - learnt[1 - own].likelihood(x)).mean()))
    return min(margins)


def alike(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two stretches of speech, each of two seconds or more, are probably one and the same person's."""
    return apart(a, b) < 0


def _alternate(bands: np.ndarray, which: int) -> np.ndarray:
    """Every second half second: the first, third, … (0) or the second, fourth, … (1)."""
    return np.asarray(bands[np.arange(len(bands)) // HALF % 2 == which])
