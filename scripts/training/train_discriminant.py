"""Trains coach/hearing/discriminant.npz, the linear discriminant that separates voices.

    scripts/training/run train_discriminant DATA [--without READER …] [--to FILE]

DATA holds audio/voices (one file per person), audio/rooms (impulse responses) and audio/noise/rain, noise/clock_tick.
Each reader is used dry and in every room, with white noise, rain or a clock at an SNR of 10 to 35 dB. The within-class
scatter is taken around a reader's mean in one room; the between-class scatter is that of the readers' means in one
room. `--without` holds out readers by the start of their file names, for evaluation.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from coach.hearing.discriminant import DIRECTIONS, REACH, context
from coach.hearing.voices import cepstra
from scripts.paths import HEARING
from scripts.training.readers import Places, bands, levelled, levels, readers, reverberated
from scripts.training.weights import write_single

BELOW = 30.0  # dB below the 95th percentile of levels; a clean reader is silent there
RIDGE = 0.02  # ridge relative to the mean within-class variance: ten minutes of data, two hundred dimensions
REPEATED = 2 * REACH + 1  # frames that share context, and count as one independent sample


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--without", nargs="*", default=[], metavar="READER")
    parser.add_argument("--to", type=Path, default=HEARING / "discriminant.npz")
    args = parser.parse_args()
    places = Places.of(args.data)
    rng = np.random.default_rng(0)
    said = [[seen(levelled(p), room, places, rng) for room in places.rooms] for p in readers(args.data, args.without)]
    matrix, between = discriminant(said)
    write_single(args.to, {"matrix": matrix, "between": between})
    print(f"{len(said)} readers in {len(places.rooms)} rooms; variance between, within 1: {np.round(between, 2)}")


def seen(x: np.ndarray, room: np.ndarray | None, places: Places, rng: np.random.Generator) -> np.ndarray:
    """The context of every speech frame of one reader in one room with noise."""
    loud = levels(x)
    speech = loud > np.percentile(loud, 95) - BELOW
    heard = bands(reverberated(x, room) + places.noise(len(x), rng))
    usable = np.flatnonzero(speech[REACH : len(heard) - REACH])
    return context(cepstra(heard))[usable]


def discriminant(said: list[list[np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """The matrix (context, DIRECTIONS), and each direction's between-class variance relative to within-class."""
    each = [x for person in said for x in person]
    within = sum((x - x.mean(axis=0)).T @ (x - x.mean(axis=0)) for x in each) / sum(len(x) for x in each)
    means = np.array([[x.mean(axis=0) for x in person] for person in said])  # people, rooms, context
    off = (means - means.mean(axis=0)).reshape(-1, means.shape[2])
    between = off.T @ off / len(off) - within * REPEATED / np.mean([len(x) for x in each])  # minus sampling error
    ridge = RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    whiten = np.linalg.inv(np.linalg.cholesky(within + ridge))
    variances, axes = np.linalg.eigh(whiten @ between @ whiten.T)
    first = variances.argsort()[::-1][:DIRECTIONS]
    return whiten.T @ axes[:, first], np.maximum(variances[first], 1e-4)


if __name__ == "__main__":
    main()
