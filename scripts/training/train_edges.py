"""Trains coach/vad/edges.npz, the network that finds the edges of speech.

    scripts/training/run train_edges DATA                 from DATA/audio (voices, rooms, noise, call40)
    scripts/training/run train_edges DATA --part learn    from three quarters of the readers and noises; the bench
                                                          `edges` uses the rest
    --to FILE   --scenes N   --jobs N

Every fifth scene has no speech. Of the scenes, 40% come through a telephone and 25% through automatic gain; in some
one person is softer than the other, some are very soft. An eighth of the frames come from a real call
(`calls.py`): readers alone teach nothing of the soft ends of talk. An ear hears each scene, so the network learns from
exactly what it will see. Training is reproducible on one machine. Takes about twenty minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from coach.core.span import HOP
from coach.diarization import Ear, Senses
from coach.diarization.judges import Listening
from coach.diarization.windows import Windows
from coach.vad import FRAME, Edges
from coach.vad.edges import CONFIG
from scripts.paths import VAD
from scripts.progress import watched
from scripts.simulate.lines import automatic_gain, telephone
from scripts.simulate.scenes import MADE, SUDDEN, MadeScene, Material, Rng, spoken, unspoken
from scripts.training.calls import COUNT, piece
from scripts.training.perceptron import fitted, near_edges
from scripts.training.weights import write
from scripts.workers import workers

SECONDS = 25.0
MADE_SHARES = 0.6, 0.3  # of the frames near an edge, and of the others, that are learnt from in made scenes
CALL_SHARES = 0.25, 0.12  # and in pieces of the call; with more, reverberation is taken for speech
HIDDEN = (48, 24)
EPOCHS = 18


class _NotingEdges(Edges):
    """Notes its inputs, and takes nothing for speech."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[int, np.ndarray]] = []  # the first frame, and the inputs from it on

    def speech(self, first: int, last: int, segments: np.ndarray) -> np.ndarray:
        around = CONFIG.pause[1]
        self.seen.append((first, self.inputs(first, last, segments[around:-around])))
        return np.zeros(last - first, bool)


class _NotingSenses(Senses):
    def __init__(self) -> None:
        super().__init__()
        self.edges = _NotingEdges()

    def judge(self) -> Listening:
        return Listening(Windows(voices=False), self.edges)


def made(number: int, material: Material) -> tuple[np.ndarray, np.ndarray]:
    """A scene: (n,) samples and (n // FRAME,) flags."""
    rng = np.random.default_rng(50_000 + number)
    if number % 5 == 4:
        quiet = [*SUDDEN, *SUDDEN, *MADE, *material.noises]
        sound = unspoken(rng, quiet[number // 5 % len(quiet)], material)
        on = np.zeros(len(sound) // FRAME, bool)
    else:
        scene = MadeScene(seconds=SECONDS)
        if rng.random() < 0.3:
            scene.people, scene.softer = 2, rng.uniform(6, 14)
        sound, on = spoken(rng, scene, material)
    return _sent(rng, sound.astype(np.float64), on), on


def _sent(rng: Rng, sound: np.ndarray, on: np.ndarray) -> np.ndarray:
    if rng.random() < 0.4:
        sound = telephone(rng, sound, on)
    if rng.random() < 0.25:
        sound = automatic_gain(sound)
    gain = rng.uniform(-30, -18) if rng.random() < 0.2 else rng.uniform(-12, 6)
    return np.clip(sound * 10 ** (gain / 20), -1, 1).astype(np.float32)


def heard(number: int, material: Material) -> tuple[np.ndarray, np.ndarray]:
    """The inputs (n, inputs) in some frames of a made scene, and whether each is speech."""
    return _some(number, *made(number, material), MADE_SHARES)


def heard_call(number: int, call: Path, material: Material) -> tuple[np.ndarray, np.ndarray]:
    """The same of a piece of the real call."""
    return _some(number, *piece(number, call, material), CALL_SHARES)


def _some(number: int, sound: np.ndarray, on: np.ndarray, shares: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Some frames, more of them near edges; float16, which is exact enough and half as large."""
    near, other = shares
    taken = np.random.default_rng(number).random(len(on)) < np.where(near_edges(on), near, other)
    rows = [(row, on[n]) for n, row in inputs_in(sound) if taken[n : n + 1]]
    return np.array([row for row, _ in rows], np.float16), np.array([spoken for _, spoken in rows], bool)


def inputs_in(sound: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """The frames of `sound` (n,) about which an ear asks, and what the network sees of each."""
    senses = _NotingSenses()
    ear = Ear(senses=senses)
    for _ in ear.hops(sound[: len(sound) // HOP * HOP].reshape(-1, HOP)):
        pass
    for first, inputs in senses.edges.seen:
        yield from enumerate(inputs, first)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", choices=("all", "learn"), default="all")
    parser.add_argument("--scenes", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2, help="number of processes; default 2")
    parser.add_argument("--to", type=Path, default=VAD / "edges.npz")
    options = parser.parse_args()
    material = Material.of(options.data / "audio", options.part)
    call = options.data / "audio" / "call40"
    with workers(options.jobs) as pool:
        scenes = pool.map(partial(heard, material=material), range(options.scenes))
        pieces = pool.map(partial(heard_call, call=call, material=material), range(COUNT))
        each = watched(chain(scenes, pieces), options.scenes + COUNT, "hearing")
        seen = [scene for scene in each if len(scene[1])]
    inputs, truth = (np.concatenate(part) for part in zip(*seen, strict=True))
    write(options.to, fitted(inputs.astype(np.float32), truth, HIDDEN, EPOCHS))


if __name__ == "__main__":
    main()
