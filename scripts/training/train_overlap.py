"""Trains coach/hearing/overlap.npz, which decides whose voice or voices are in a frame.

    scripts/training/run train_overlap DATA [--without READER …] [--pairs N] [--to FILE]

DATA holds audio/voices (one file per person), audio/rooms (impulse responses) and audio/noise/rain, noise/clock_tick.
Random pairs of readers are enrolled with their first five seconds and take turns with the rest, from 0.8 s of overlap
to 0.3 s of gap, up to 8 dB apart, dry or in a room, at an SNR of 10 to 35 dB. `--without` holds out readers by the
start of their file names, for evaluation.

The discriminant separates its own training readers too well. Therefore the readers are split in two halves, and each
half is processed with a discriminant trained on the other.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from coach.core.span import RATE
from coach.hearing import discriminant, overlap
from coach.hearing.frames import FRAME, FRAMES_A_SECOND
from coach.hearing.voices import Choir, cepstra, learn_voice, together
from scripts.paths import HEARING
from scripts.training.readers import Places, bands, levelled, levels, readers, reverberated
from scripts.training.weights import write_single

ENROLLED = 5 * RATE  # samples
JOIN = 18  # frames; shorter silences count as speech
HIDDEN = (48, 24)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--without", nargs="*", default=[], metavar="READER")
    parser.add_argument("--pairs", type=int, default=240)
    parser.add_argument("--to", type=Path, default=HEARING / "overlap.npz")
    args = parser.parse_args()
    everyone = readers(args.data, args.without)
    halves = everyone[::2], everyone[1::2]
    with ProcessPoolExecutor(len(halves)) as each:
        heard = list(each.map(heard_by_others, *zip(*[(args, k, half) for k, half in enumerate(halves)], strict=True)))
    weights = fitted(*(np.concatenate(part) for part in zip(*heard, strict=True)))
    write_single(args.to, weights)


def heard_by_others(args: argparse.Namespace, seed: int, half: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and classes of frames from pairs of these readers, with a discriminant trained on none of them."""
    matrix, between = discriminant_without(args.data, [*args.without, *(p.name for p in half)])
    places = Places.of(args.data)
    rng = np.random.default_rng(seed)
    seen, truth = [], []
    with discriminant.replaced(matrix, between):
        for _ in range(args.pairs // 2):
            a, b = rng.choice(len(half), size=2, replace=False)
            x, y = conversation(levelled(half[a]), levelled(half[b]), places, rng)
            seen.append(x.astype(np.float32))
            truth.append(y)
    return np.concatenate(seen), np.concatenate(truth)


def discriminant_without(data: Path, without: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Matrix and variance between people of a discriminant trained without these readers."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "discriminant.npz"
        subprocess.run(
            [sys.executable, "-m", "scripts.training.train_discriminant", data, "--to", to, "--without", *without],
            check=True,
            capture_output=True,
        )
        with np.load(to) as stored:
            return stored["matrix"].astype(np.float64), stored["between"].astype(np.float64)


def stretches(x: np.ndarray) -> list[tuple[int, int]]:
    """Speech of a clean reader in frames, with silences under JOIN closed."""
    level = levels(x)
    top = np.percentile(level, 95)
    on = np.flatnonzero(level > max(np.percentile(level, 5) + 8, top - 30))
    found: list[tuple[int, int]] = []
    for n in on.tolist():
        if found and n - found[-1][1] < JOIN:
            found[-1] = found[-1][0], n + 1
        else:
            found.append((n, n + 1))
    return [(a, b) for a, b in found if b - a >= 20 and level[a:b].max() > top - 12]


def turns(a: np.ndarray, b: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two tracks (2, samples) of enrolments and then turns; and who speaks, (2, frames) of bool."""
    tracks = np.zeros((2, 90 * RATE))
    truth = np.zeros((2, tracks.shape[1] // FRAME), bool)
    tracks[0, :ENROLLED], tracks[1, ENROLLED : 2 * ENROLLED] = a[:ENROLLED], b[:ENROLLED]
    said = [x[ENROLLED:] for x in (a, b)]
    pieces = [stretches(x) for x in said]
    at, who = 2 * ENROLLED // FRAME + 50, int(rng.integers(2))
    while all(pieces) and at < 60 * FRAMES_A_SECOND:
        begin, end = pieces[who][rng.integers(len(pieces[who]))]
        if end - begin > 60 and rng.random() < 0.3:  # a short word
            begin = end - int(rng.integers(30, 60))
        x = said[who][begin * FRAME : end * FRAME].copy()
        x[:80] *= np.linspace(0, 1, 80)
        x[-80:] *= np.linspace(1, 0, 80)
        tracks[who, at * FRAME : at * FRAME + len(x)] += x
        truth[who, at : at + end - begin] = True
        at = max(at + 20, at + end - begin + int(rng.integers(-80, 30)))
        who = 1 - who if rng.random() < 0.9 else who
        while truth[who, at:].any():
            at += 10
    return tracks[:, : (at + 200) * FRAME], truth[:, : at + 200]


def conversation(
    a: np.ndarray, b: np.ndarray, places: Places, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and classes of one pair for every frame with speech."""
    tracks, truth = turns(a, b, rng)
    tracks *= 10 ** (rng.uniform(-4, 4, size=(2, 1)) / 20)
    tracks = reverberated(tracks, places.rooms[rng.integers(len(places.rooms))])
    heard = bands(tracks.sum(axis=0) + places.noise(tracks.shape[1], rng))
    x = cepstra(heard)
    per = ENROLLED // FRAME
    known = []
    for k, track in enumerate((a, b)):
        on = np.concatenate([np.arange(f, t) for f, t in stretches(track[:ENROLLED])]) + k * per
        known.append(learn_voice(heard[on[on < (k + 1) * per]]))
    found = [voice.place for voice in known if voice.place is not None]
    assert len(found) == len(known), "five seconds are enough to place a voice"
    colour = Choir([*known, together(*known)]).likelihood(x)
    single = discriminant.settled(found)
    near = discriminant.nearness(discriminant.projected(x), np.concatenate([single, single.mean(axis=0)[None]]))
    n = len(near)
    seen = overlap.inputs(colour, heard.mean(axis=1), near)
    who = truth[:, discriminant.REACH : discriminant.REACH + n]
    usable = np.flatnonzero(who.any(axis=0))
    classes = np.where(who.all(axis=0), overlap.BOTH, np.where(who[0], overlap.ALONE_A, overlap.ALONE_B))
    return seen[usable], classes[usable]


def exchanged(seen: np.ndarray) -> np.ndarray:
    """The inputs with the two people swapped."""
    order = np.arange(seen.shape[1])
    for first in [*range(0, 33, 3), 55]:
        order[[first, first + 1]] = order[[first + 1, first]]
    return seen[:, order]


def fitted(seen: np.ndarray, truth: np.ndarray) -> dict[str, np.ndarray]:
    from sklearn.neural_network import MLPClassifier

    x = np.concatenate([seen, exchanged(seen)])
    y = np.concatenate([truth, np.array(overlap.SWAP)[truth]])
    judge = MLPClassifier(HIDDEN, alpha=1e-3, batch_size=1024, max_iter=8, early_stopping=False, random_state=0)
    judge.fit(x, y)
    return {f"w{i}": w for i, w in enumerate(judge.coefs_)} | {f"b{i}": b for i, b in enumerate(judge.intercepts_)}


if __name__ == "__main__":
    main()
