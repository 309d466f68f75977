"""Measures errors of speech onsets and offsets, and false speech on noise.

    scripts/bench/run edges DATA           on the quarter of readers and noises, and the room, held out by
                                           `scripts/training/run train_edges DATA/data --part learn`
    --part all      on everything          --seconds N    of each scene

Only edges at silences of 0.25 s or more count, whoever speaks; an error above 0.3 s counts as a miss. Gap is the error
in the length of a silence. All figures are in seconds. Noises are tested alone, dry and in a simulated room, and again
three seconds after a reader, when the detector needs less evidence. All speech detected in them is false.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

import numpy as np

from coach.core.span import HOP
from coach.hearing.activity import Activity, Began, Stopped
from coach.hearing.frames import FRAME
from scripts.bench.data import data_folder
from scripts.bench.results.edges import errors, line, line_of_noise
from scripts.simulate.scenes import (
    MADE,
    RATE,
    MadeScene,
    Material,
    Rng,
    heard_in,
    made_room,
    noise,
    reader,
    sound,
    spoken,
)

HISS = 10 ** (-65 / 20)  # root mean square of the room before a noise, full scale 1
VOICE_S, REST_S = 5, 1  # seconds of a reader and then of silence before a noise; two more seconds of silence follow
Edges = list[Began | Stopped]


def heard(x: np.ndarray) -> tuple[np.ndarray, Edges]:
    """Speech flags per frame, and all edges."""
    activity = Activity()
    edges: Edges = []
    active: list[bool] = []
    for hop in x[: len(x) // HOP * HOP].astype(np.float32).reshape(-1, HOP):
        edges += activity.hop(hop)
        active += activity.active
    edges += activity.finish()
    on = np.array([*active, *activity.active])
    voiced = np.zeros(len(on), bool)
    for edge in edges:
        if isinstance(edge, Stopped):
            voiced[edge.span.start // FRAME : edge.span.end // FRAME] = True
    return on & voiced, edges


def conditions() -> list[tuple[str, MadeScene]]:
    rooms = ("dry", "real", "made")
    plain = [
        (f"{room}, {snr} dB", MadeScene(room=room, snr=snr, noise="white", kinds=[]))
        for room in rooms
        for snr in (35, 20, 10)
    ]
    noisy = [(f"{n}, 15 dB", MadeScene(room="real", snr=15, noise=n, kinds=[])) for n in ("rain", "pink")]
    bent = [
        (kind, MadeScene(room="real", snr=25, noise="white", kinds=[kind]))
        for kind in ("phone", "hum", "level", "clip")
    ]
    far = [("20 dB softer", MadeScene(room="real", snr=25, noise="white", kinds=[], gain=-20))]
    for _, scene in [*plain, *noisy, *bent, *far]:
        scene.people, scene.sudden = 2, False
        scene.gain = 0.0 if scene.gain is None else scene.gain
    return [*plain, *noisy, *bent, *far]


def edges_table(material: Material, seconds: float, scenes: int) -> None:
    print(f"{'':16}   n  onset: med   p90  offset: med   p90   gap: med   p90  missed")
    every, delays = [], defaultdict(list)
    for name, scene in conditions():
        rows, gaps = [], []
        for i in range(scenes):
            scene.seconds = seconds
            x, on = spoken(np.random.default_rng(9000 + i), scene, material)
            found, edges = heard(x)
            off = errors(on[: len(found)], found)
            rows.append(off)
            gaps.append(off[1:, 0] - off[:-1, 1])
            for edge in edges:
                if isinstance(edge, Began):
                    delays["voice on"].append(edge.at - edge.onset)
                elif edge.span:
                    delays["voice off"].append(edge.at - edge.span.end)
        line(name, np.concatenate(rows), np.concatenate(gaps))
        every.append((np.concatenate(rows), np.concatenate(gaps)))
    line("all", *(np.concatenate(both) for both in zip(*every, strict=True)))
    for name, late in delays.items():
        middle, high = np.percentile(late, [50, 90]) / RATE
        print(f"delay of {name}: median {middle:.3f} s, 90th percentile {high:.3f} s")


def noises(rng: Rng, kind: str, material: Material) -> list[np.ndarray]:
    if kind in MADE:
        alone = [noise(rng, 5 * RATE, kind, material) for _ in range(4)]
    else:
        alone = [sound(file) for file in material.noises[kind]]
    roomy = [heard_in(np.r_[x, np.zeros(RATE // 2)], made_room(rng)) for x in alone]
    out = []
    for x in [*alone, *roomy]:
        loud = x / np.abs(x).max() * 10 ** (rng.uniform(-20, -2) / 20)
        quiet = np.r_[np.zeros(2 * RATE), loud, np.zeros(RATE)]
        out.append(quiet + rng.normal(size=len(quiet)) * 10 ** rng.uniform(-3.6, -2.5))
    return out


def after_a_voice(rng: Rng, x: np.ndarray, material: Material) -> np.ndarray:
    """`x` preceded by a reader's speech and a silence."""
    voice, _ = reader(material.readers[int(rng.integers(len(material.readers)))])
    before = np.r_[voice[: VOICE_S * RATE], np.zeros(REST_S * RATE)]
    return np.concatenate([before + rng.normal(size=len(before)) * HISS, x])


def false_speech(x: np.ndarray, since: int) -> int:
    """Speech detected in `x` that begins at sample `since` or later."""
    voices = [edge.span for edge in heard(x)[1] if isinstance(edge, Stopped) and edge.span]
    return sum(voice.start >= since for voice in voices)


def noise_table(material: Material) -> None:
    print(f"\n{'noise':16} minutes  false speech: alone  after a voice")
    total = np.zeros(3)
    for kind in [*material.noises, *MADE]:
        rng = np.random.default_rng(77)
        row = np.zeros(3)
        for x in noises(rng, kind, material):
            talk = after_a_voice(rng, x, material)
            row += len(x) / RATE / 60, false_speech(x, 0), false_speech(talk, len(talk) - len(x))
        line_of_noise(kind, row)
        total += row
    line_of_noise("all", total)
    print(f"{'an hour':16} {'':7} {total[1] / total[0] * 60:20.0f} {total[2] / total[0] * 60:14.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "data", type=data_folder, metavar="DATA", help="the development data's folder, with data/ and tools/"
    )
    parser.add_argument("--part", choices=("all", "measure"), default="measure")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--scenes", type=int, default=3, help="of each condition; 0: noises only")
    options = parser.parse_args()
    material = Material.of(options.data / "data" / "audio", options.part)
    if options.scenes:
        edges_table(material, options.seconds, options.scenes)
    noise_table(material)


if __name__ == "__main__":
    main()
