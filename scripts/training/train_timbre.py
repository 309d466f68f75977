"""Trains coach/hearing/timbre.npz, which compares the timbre of voices.

    scripts/training/run train_timbre DATA                    from the readers in DATA/audio/voices, in rooms and noise
    scripts/training/run train_timbre DATA --readers 0::2     from every second one, to evaluate on the others
    --to FILE                                             writes there

Each reader is used in seven versions: dry, in two rooms, with white noise, rain or fire at an SNR of 35 to 12 dB, and
through a telephone. Training is reproducible on one machine and takes two minutes.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt
from sklearn.mixture import GaussianMixture

from coach.core.span import RATE
from coach.hearing.frames import FRAME
from coach.hearing.timbre import supervector
from coach.hearing.voices import Voice, cepstra
from scripts.paths import HEARING
from scripts.training.readers import LEVEL, bands, direct, read
from scripts.training.weights import write_single

SOUNDS = 32  # components of the background model
SPREAD = 0.05  # added to each variance
HEARD = ((None, 35, False), (0, 30, False), (1, 25, False), (None, 15, False), (0, 15, False), (1, 12, False),
         (None, 25, True))  # room, SNR in dB, telephone  # fmt: skip
LENGTHS = (60, 100, 150, 250)  # frames of speech per stretch
FIRST = 150  # principal components before the discriminant analysis
KEPT = 32  # final dimensions
SHRINK = 0.05  # regularisation relative to the mean variance, because there are only dozens of readers


def speech(sound: np.ndarray) -> np.ndarray:
    """Speech frames of a clean reader: those within 30 dB of the loud ones."""
    power = (sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME) ** 2).mean(axis=1)
    return np.asarray(10 * np.log10(power + 1e-12) > 10 * np.log10(np.percentile(power, 95)) - 30)


def heard(sound: np.ndarray, room: np.ndarray | None, noise: np.ndarray, snr: float, telephone: bool) -> np.ndarray:
    """Log mel energies of the sound in these conditions."""
    if room is not None:
        sound = fftconvolve(sound, room)[: len(sound)]
    sound = sound / np.sqrt((sound**2).mean()) + noise / np.sqrt((noise**2).mean()) * 10 ** (-snr / 20)
    if telephone:
        band = butter(4, [300, 3400], "band", fs=RATE, output="sos")
        sound = sosfilt(band, sound) + 0.003 * np.random.default_rng(0).normal(size=len(sound))
    return bands((LEVEL * sound).astype(np.float32))


def material(audio: Path, which: slice) -> list[list[np.ndarray]]:
    """Cepstra of speech for each reader and condition."""
    rooms = [read(path) for path in sorted((audio / "rooms").glob("*.wav"))[:2]]
    rooms = [direct(room) / np.sqrt((room**2).sum()) for room in rooms]
    noises = [
        read(path) for kind in ("rain", "fire_crackling") for path in sorted((audio / "noise" / kind).glob("*"))[:6]
    ]
    rng = np.random.default_rng(0)
    readers = []
    for path in sorted((audio / "voices").glob("*.flac"))[which]:
        sound = read(path)
        spoken = speech(sound)
        ways = []
        for room, snr, telephone in HEARD:
            noise = rng.normal(size=len(sound))
            if rng.random() < 0.5:
                noise = np.resize(noises[rng.integers(len(noises))], len(sound)) + 1e-6 * noise
            seen = heard(sound, None if room is None else rooms[room], noise, snr, telephone)
            ways.append(cepstra(seen[spoken[: len(seen)]]))
        readers.append(ways)
    return readers


def learn(readers: list[list[np.ndarray]]) -> dict[str, np.ndarray]:
    every = np.concatenate([x for ways in readers for x in ways])
    some = every[np.random.default_rng(0).permutation(len(every))[:40_000]]
    fit = GaussianMixture(SOUNDS, covariance_type="diag", reg_covar=SPREAD, max_iter=30, random_state=0).fit(some)
    average = Voice(fit.weights_, fit.means_, fit.covariances_)
    rows, whose = [], []
    for k, ways in enumerate(readers):
        for x in ways:
            for length in LENGTHS:
                for at in range(0, len(x) - length + 1, length):
                    rows.append(supervector(average, x[at : at + length]))
                    whose.append(k)
    stretches, reader = np.array(rows), np.array(whose)
    centre = stretches.mean(axis=0)
    first = np.linalg.svd(stretches - centre, full_matrices=False)[2][:FIRST].T
    reduced = (stretches - centre) @ first
    means = np.array([reduced[reader == k].mean(axis=0) for k in range(len(readers))])
    within = np.cov((reduced - means[reader]).T, bias=True)
    within += np.eye(FIRST) * np.trace(within) / FIRST * SHRINK
    values, vectors = np.linalg.eigh(within)
    white = vectors / np.sqrt(values)
    between = np.cov((means @ white).T, bias=True)
    best = np.linalg.eigh(between)[1][:, ::-1][:, :KEPT]
    return {
        "weights": average.weights,
        "means": average.means,
        "variances": average.variances,
        "centre": centre,
        "directions": first @ white @ best,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--readers", default="::", help="which, as START:STOP:STEP")
    parser.add_argument("--to", type=Path, default=HEARING / "timbre.npz")
    args = parser.parse_args()
    warnings.simplefilter("ignore")  # thirty iterations suffice, even without convergence
    which = slice(*(int(part) if part else None for part in args.readers.split(":")))
    weights = learn(material(args.data / "audio", which))
    write_single(args.to, weights)
    print(f"{args.to}: {args.to.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
