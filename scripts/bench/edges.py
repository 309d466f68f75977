"""Measures errors of speech onsets and offsets, and false speech on noise: by the quick detector, and by the networks.

    scripts/bench/run edges DATA           on the quarter of readers and noises, and the room, held out by
                                           `--part learn` of `train_edges` and `train_likeness` (scripts/training/run)
    --part all      on everything          --seconds N    of each scene

Only edges at silences of 0.25 s or more count, whoever speaks; an error above 0.3 s counts as a miss. Gap is the error
in the length of a silence. All figures are in seconds. Noises are tested alone, dry and in a simulated room, and again
three seconds after a reader, when the detectors need less evidence. All speech detected in them is false.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from coach.core.events import Speech, SpeechOn
from coach.core.span import HOP, Span
from coach.diarization import Ear
from coach.vad import FRAME, Activity, Began, Stopped
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


@dataclass
class Heard:
    """Speech, and by how many samples each beginning and end was told later than it was."""

    on: np.ndarray  # of each frame, bool
    spans: list[Span] = field(default_factory=list)
    began: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    def speech(self, span: Span, at: int) -> None:
        self.on[span.start // FRAME : span.end // FRAME] = True
        self.spans.append(span)
        self.ended.append(at - span.end)


def hops(x: np.ndarray) -> np.ndarray:
    return x[: len(x) // HOP * HOP].astype(np.float32).reshape(-1, HOP)


def quick(x: np.ndarray) -> Heard:
    activity = Activity()
    edges: list[Began | Stopped] = []
    active: list[bool] = []
    for hop in hops(x):
        edges += activity.hop(hop)
        active += activity.active
    edges += activity.finish()
    on = np.array([*active, *activity.active])
    heard = Heard(np.zeros(len(on), bool))
    for edge in edges:
        if isinstance(edge, Began):
            heard.began.append(edge.at - edge.onset)
        elif edge.span:
            heard.speech(edge.span, edge.at)
    heard.on &= on
    return heard


def by_networks(x: np.ndarray) -> Heard:
    """Without enrolment, so that only speech and silence are told apart."""
    ear = Ear()
    heard = Heard(np.zeros(len(x) // FRAME, bool))
    told = [event for events in ear.hops(hops(x)) for event in events] + ear.finish()
    onsets: set[int] = set()
    for event in told:
        if isinstance(event, Speech):
            heard.speech(event.span, event.at)
        elif isinstance(event, SpeechOn) and event.onset not in onsets:  # a unit that goes on is told twice
            onsets.add(event.onset)
            heard.began.append(event.at - event.onset)
    return heard


SYSTEMS: Mapping[str, Callable[[np.ndarray], Heard]] = {"quick": quick, "networks": by_networks}


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
    print(f"{'':26}   n  onset: med   p90  offset: med   p90   gap: med   p90  missed")
    all_off: dict[str, list[np.ndarray]] = {system: [] for system in SYSTEMS}
    all_gaps: dict[str, list[np.ndarray]] = {system: [] for system in SYSTEMS}
    late: dict[str, dict[str, list[int]]] = {system: {"onset": [], "end": []} for system in SYSTEMS}
    for name, scene in conditions():
        scene.seconds = seconds
        made = [spoken(np.random.default_rng(9000 + i), scene, material) for i in range(scenes)]
        for system, hear in SYSTEMS.items():
            heard = [hear(x) for x, _ in made]
            off = [errors(on[: len(h.on)], h.on[: len(on)]) for (_, on), h in zip(made, heard, strict=True)]
            gaps = [each[1:, 0] - each[:-1, 1] for each in off]
            line(f"{name}, {system}", np.concatenate(off), np.concatenate(gaps))
            all_off[system] += off
            all_gaps[system] += gaps
            late[system]["onset"] += [delay for h in heard for delay in h.began]
            late[system]["end"] += [delay for h in heard for delay in h.ended]
    for system in SYSTEMS:
        line(f"all, {system}", np.concatenate(all_off[system]), np.concatenate(all_gaps[system]))
    for system, delays in late.items():
        for what, each in delays.items():
            middle, high = np.percentile(each, [50, 90]) / RATE
            print(f"delay of the {what}, {system}: median {middle:.3f} s, 90th percentile {high:.3f} s")


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


def false_speech(hear: Callable[[np.ndarray], Heard], x: np.ndarray, since: int) -> int:
    """Speech detected in `x` that begins at sample `since` or later."""
    return sum(span.start >= since for span in hear(x).spans)


def noise_table(material: Material) -> None:
    print(f"\n{'noise':26} minutes  false speech: alone  after a voice")
    total = {system: np.zeros(3) for system in SYSTEMS}
    for kind in [*material.noises, *MADE]:
        rng = np.random.default_rng(77)
        made = [(x, after_a_voice(rng, x, material)) for x in noises(rng, kind, material)]
        for system, hear in SYSTEMS.items():
            row = np.zeros(3)
            for x, talk in made:
                row += len(x) / RATE / 60, false_speech(hear, x, 0), false_speech(hear, talk, len(talk) - len(x))
            line_of_noise(f"{kind}, {system}", row)
            total[system] += row
    for system, row in total.items():
        line_of_noise(f"all, {system}", row)
        print(f"{'an hour':26} {'':7} {row[1] / row[0] * 60:20.0f} {row[2] / row[0] * 60:14.0f}")


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
