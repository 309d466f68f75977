"""Trains coach/vad/likeness.npz: the frame network for speech edges, and the classifier of bursts.

    scripts/training/run train_likeness DATA                 from DATA/audio (voices, rooms, noise)
    scripts/training/run train_likeness DATA --part learn    from three quarters; so that the rest can measure it
    --to FILE   --scenes N

Training is reproducible on one machine. The frame network is trained with more weight near edges. The burst classifier
is trained on the network's detections, cut off after 0.1 to 1 s, because in a live session it must decide before the
end. Takes five minutes and two gigabytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from coach.core.resources import Weights
from coach.core.span import HOP
from coach.vad import likeness
from coach.vad.frames import FRAME
from coach.vad.scenery import Scenery, Seen
from scripts.paths import VAD
from scripts.simulate.scenes import MADE, SUDDEN, MadeScene, Material, runs, spoken, unspoken
from scripts.training.perceptron import fitted, near_edges
from scripts.training.weights import write

CUTS = (10, 15, 20, 30, 45, 60, 100)  # frames of a burst after which it may be classified
HIDDEN = (32, 16)
EPOCHS = 20


def seen_in(sound: np.ndarray) -> list[Seen]:
    scenery = Scenery()
    whole = sound[: len(sound) // HOP * HOP].reshape(-1, HOP)
    return [seen for heard in scenery.hops(whole) for seen in heard.seen] + scenery.rest()


def scenes(material: Material, numbers: range) -> Iterator[tuple[list[Seen], np.ndarray]]:
    """The features of each scene and its label per frame. Every third scene has no speech."""
    quiet = [*SUDDEN, *SUDDEN, *MADE, *material.noises]
    for i in numbers:
        rng = np.random.default_rng(1000 + i)
        if i % 3 == 2:
            sound = unspoken(rng, quiet[i // 3 % len(quiet)], material)
            on = np.zeros(len(sound) // FRAME, bool)
        else:
            sound, on = spoken(rng, MadeScene(), material)
        seen = seen_in(sound)
        yield seen, on[: len(seen)]
        if i % 20 == 19 and sys.stderr.isatty():
            print(f"\rscene {i + 1} of {numbers.stop}", end="", file=sys.stderr)


def frames_learnt(heard: Iterable[tuple[list[Seen], np.ndarray]]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    inputs, truth = [], []
    for seen, on in heard:
        loud = np.array([s.row[0] - s.floor[0] for s in seen]) > 9.0
        often = np.where(near_edges(on), 0.5, np.where(~on & loud, 0.35, 0.12))
        taken = np.flatnonzero(rng.random(len(on)) < often)
        inputs += [seen[k].inputs for k in taken]
        truth.append(on[taken])
    learnt = fitted(np.array(inputs), np.concatenate(truth), HIDDEN, EPOCHS)
    return {f"frame_{name}": weight for name, weight in learnt.items()}


def bursts_learnt(heard: Iterable[tuple[list[Seen], np.ndarray]], learnt: Weights) -> dict[str, np.ndarray]:
    from sklearn.linear_model import LogisticRegression

    features, truth = [], []
    for seen, on in heard:
        speech = likeness.speech(seen, learnt)
        for a, b in runs(speech > 0.5, least=6):
            if 0.1 < on[a:b].mean() < 0.6:
                continue  # neither
            burst = likeness.Burst()
            for k in range(a, min(b, a + likeness.CONFIG.longest)):
                burst.add(seen[k], speech[k])
                if len(burst) in CUTS or k == b - 1:
                    features.append(burst.features())
                    truth.append(on[a:b].mean() > 0.5)
    x, y = np.array(features), np.array(truth)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-3
    judge = LogisticRegression(C=0.05, max_iter=3000, class_weight="balanced").fit((x - mean) / spread, y)
    print(f"{len(y)} beginnings of bursts, {(~y).sum()} of them noise", file=sys.stderr)
    weight = judge.coef_[0] / spread
    return {"burst_w": weight.astype(np.float32), "burst_b": (judge.intercept_ - mean @ weight).astype(np.float32)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", choices=("all", "learn"), default="all")
    parser.add_argument("--scenes", type=int, default=900)
    parser.add_argument("--to", type=Path, default=VAD / "likeness.npz")
    options = parser.parse_args()
    material = Material.of(options.data / "audio", options.part)
    made = frames_learnt(scenes(material, range(options.scenes)))
    made |= bursts_learnt(scenes(material, range(options.scenes, options.scenes * 3 // 2)), made)
    write(options.to, made)


if __name__ == "__main__":
    main()
