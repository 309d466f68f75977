"""Simulated conversations with exact timing, mixed from readers, rooms and noises of the development data.

Each factor (pair of readers, room, noise, SNR, crosstalk) takes all its values equally often, independently of the
others, from one fixed seed.

Every third conversation has backchannels: short pieces of the listener mixed under the sharer's turns.

There are two sets. The first mixes all readers. The second has other seeds, and each of its conversations has two
readers of the same half (`readers`), so that what was tuned on one half can be reported on the other.
"""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import soundfile as sf

from coach.conversation import Ipu, converse
from coach.core.span import RATE, Span, as_samples
from scripts.cache import FOLDER, key
from scripts.simulate.readers import HALVES, HELD_BACK, TUNING, by_sex, half_of
from scripts.simulate.truth import Given, Take, Truth, matched, too_soon

PAIRINGS = ("women", "men", "woman, man", "man, woman")
ROOMS = ("dry", "kitchen", "room", "kitchen, room")
SNRS = (35, 30, 25, 20, 15, 10)  # dB
LEAKS = (-30, -25, -20, -15, -10)  # dB of crosstalk in each microphone
NOISES = ("white", "white", "rain", "fire_crackling", "clock_tick")
MANY = 48
SEED = 16
MORE_OF_EACH_HALF = 42
MORE_SEEDS = {TUNING: 17, HELD_BACK: 18}
MORE_FROM = {TUNING: 100, HELD_BACK: 200}  # their first number, which is also the mixing tool's seed
ROUNDING = as_samples(0.02)  # tolerance for frame edges and times with three decimals
BEFORE = as_samples(0.6)  # scoring starts this long before the first turn after the check-in


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters of one conversation."""

    number: int
    pairing: str
    voices: tuple[Path, ...]  # the two people first, then substitutes for readers with too little speech
    room: str
    snr: int
    leak: int
    noise: str
    backchannels: bool


def plans(data: Path) -> list[Plan]:
    """The first set of conversations to make; deterministic for the same data."""
    return _planned(by_sex(data), MANY, SEED, 0)


def more_plans(data: Path) -> list[Plan]:
    """The second set, with two readers of the same half in each."""
    return [
        plan
        for half in HALVES
        for plan in _planned(by_sex(data, half), MORE_OF_EACH_HALF, MORE_SEEDS[half], MORE_FROM[half])
    ]


def _planned(readers: dict[str, list[Path]], many: int, seed: int, first: int) -> list[Plan]:
    rng = random.Random(seed)
    for each in readers.values():
        rng.shuffle(each)
    dealt = {name: _dealt(rng, values, many) for name, values in _FACTORS.items()}
    plain = []
    for i in range(many):
        pairing = dealt["pairing"][i]
        sexes = _SEXES[pairing]
        voices = []
        for sex in sexes:
            voice = readers[sex].pop(0)
            readers[sex].append(voice)  # reused after all the others
            voices.append(voice)
        spare = [v for sex in sexes for v in readers[sex][:2]]
        room, snr, leak, noise = (dealt[name][i] for name in ("room", "snr", "leak", "noise"))
        plain.append(Plan(first + i, pairing, (*voices, *spare), room, snr, leak, noise, i % 3 == 0))
    return plain


def _dealt(rng: random.Random, values: tuple[Any, ...], many: int) -> list[Any]:
    dealt = [values[i % len(values)] for i in range(many)]
    rng.shuffle(dealt)
    return dealt


_FACTORS: dict[str, tuple[Any, ...]] = {
    "pairing": PAIRINGS,
    "room": ROOMS,
    "snr": SNRS,
    "leak": LEAKS,
    "noise": NOISES,
}
_SEXES = {"women": "ff", "men": "mm", "woman, man": "fm", "man, woman": "mf"}


def made(data: Path, plan: Plan) -> list[Take]:
    """The conversation as two takes, with one microphone and with one per person; cached."""
    base = _mixed(data, plan)
    told = json.loads(base.with_suffix(".truth.json").read_text(encoding="utf-8"))
    truth = known(told)
    conditions = {
        "pairing": "men and women" if "," in plan.pairing else plan.pairing,
        "room": "dry" if plan.room == "dry" else "room",
        "over noise": f"{plan.snr} dB",
        "noise": plan.noise,
        "readers": half_of(map(Path, told["readers"])),
    }
    enrolment = {who: [tuple(span)] for who, span in told["enrolment"].items()}
    name = f"made {plan.number:02d}"
    return [
        Take(name, "one microphone", base.with_suffix(".mono.wav"), truth, enrolment=enrolment, conditions=conditions),
        Take(
            name,
            "channels",
            base.with_suffix(".stereo.wav"),
            truth,
            channels={"sharer": 0, "listener": 1},
            conditions=conditions | {"leak": f"{plan.leak} dB"},
        ),
    ]


def known(told: dict[str, Any]) -> Truth:
    """The mixing tool's annotation as a Truth, without the check-in.

    The tool's transfers are the reference. Where the definitions give different ones on the same segments, they are
    disputed: a response of 1.1 s is a turn for the tool and a backchannel by the definition.
    """
    turns = tuple(_ipu(each) for each in told["turns"])
    speech = tuple(_ipu(each) for each in told["speech"])
    scored = Span(turns[0].span.start - BEFORE, max(unit.span.end for unit in speech) + as_samples(2.0))
    listed = []
    for before, after, each in zip(turns, turns[1:], told["transfers"], strict=False):
        fto = as_samples(each["fto_s"])
        listed.append(Given(each["to"], as_samples(each["at_s"]), fto, too_soon(before, after, speech, fto)))
    defined = [
        Given(t.who, t.onset, t.offset, t.too_soon)
        for t in converse(unit for unit in speech if unit.span.start >= scored.start).transfers
    ]
    agreed, disputed = settled(listed, defined)
    backchannels = tuple(_ipu(each) for each in told.get("backchannels", []))
    return Truth(scored, speech, turns, agreed, disputed, backchannels=backchannels)


def settled(listed: list[Given], defined: list[Given]) -> tuple[tuple[Given, ...], tuple[Given, ...]]:
    """Transfers in both `listed` and `defined`, within rounding; and the transfers in only one of them."""
    pairs = [
        (one, other)
        for one, other in matched(listed, defined, near=ROUNDING)
        if abs(one.fto - other.fto) <= ROUNDING and one.too_soon == other.too_soon
    ]
    agreed = tuple(one for one, _ in pairs)
    others = {other for _, other in pairs}
    return agreed, tuple(g for g in listed if g not in agreed) + tuple(g for g in defined if g not in others)


def _ipu(told: dict[str, Any]) -> Ipu:
    return Ipu(told["speaker"], Span.seconds(told["start_s"], told["end_s"]))


def _mixed(data: Path, plan: Plan) -> Path:
    """The conversation's path without its suffix. Raises SystemExit if the data does not suffice."""
    tool = data / "tools" / "mix_conversation.py"
    audio = data / "data" / "audio"
    rooms = {"kitchen": "kitchen_t60_044.wav", "room": "room_t60_042.wav"}
    options = ["--seed", str(plan.number), "--snr", str(plan.snr), "--leak-db", str(plan.leak)]
    if plan.room != "dry":
        both = [str(audio / "rooms" / rooms[name]) for name in plan.room.split(", ")]
        options += ["--rir", both[0], both[-1]]
    if plan.noise != "white":
        noises = sorted((audio / "noise" / plan.noise).iterdir())
        options += ["--noise", str(noises[plan.number % len(noises)])]
    told = "\n".join([*options, *(v.name for v in plan.voices), str(plan.backchannels)])
    base = FOLDER / "made" / key(told, tool, Path(__file__))
    if _finished(base):
        return base
    base.parent.mkdir(parents=True, exist_ok=True)
    for voices in _couples(plan):
        command = [sys.executable, str(tool), *map(str, voices), str(base), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            if plan.backchannels:
                _murmur(tool, base, voices[1], plan, options)
            _sign(base, voices)
            return base
    raise SystemExit(f"conversation {plan.number} cannot be made: {done.stderr.strip().splitlines()[-1]}")


def _couples(plan: Plan) -> Iterator[tuple[Path, Path]]:
    """The two readers, then pairs with a substitute in case one of them has too few pieces of speech."""
    first, second, *spare = plan.voices
    firsts, seconds = [first, *spare[:2]], [second, *spare[2:]]
    yield from ((a, b) for a in firsts for b in seconds if a != b)


def _finished(base: Path) -> bool:
    """Whether the conversation was made to the end; one that was broken off is made again."""
    truth_file = base.with_suffix(".truth.json")
    return truth_file.exists() and "readers" in json.loads(truth_file.read_text(encoding="utf-8"))


def _sign(base: Path, voices: tuple[Path, Path]) -> None:
    """Adds the names of the readers' files to the annotation, as the last step."""
    truth_file = base.with_suffix(".truth.json")
    told = json.loads(truth_file.read_text(encoding="utf-8"))
    truth_file.write_text(json.dumps(told | {"readers": [each.name for each in voices]}, indent=1), encoding="utf-8")


MURMUR_S = (0.25, 0.9)  # seconds; recorded backchannels have a median of 0.31 s, and 98% last at most 1 s
MURMUR_DB = -6.0  # relative to the reader's turns
CLEAR_S = 1.5  # least seconds of the sharer's turn before and after one
APART_S = 5.0  # least seconds between two backchannels


def _murmur(tool: Path, base: Path, voice: Path, plan: Plan, options: list[str]) -> None:
    """Mixes short pieces of the listener under the sharer's turns and adds them to the annotation."""
    mixer = loaded(tool)
    truth_file = base.with_suffix(".truth.json")
    told = json.loads(truth_file.read_text(encoding="utf-8"))
    x = mixer.load(voice)
    x = x / np.sqrt((x**2).mean()) * 0.05 * 10 ** (MURMUR_DB / 20)
    short = [(a, b) for a, b in mixer.stretches(mixer.speech_frames(x)) if MURMUR_S[0] <= b - a <= MURMUR_S[1]]
    if not short:
        return
    track = np.zeros(sf.info(base.with_suffix(".mono.wav")).frames)
    placed: list[dict[str, Any]] = []
    for i, at in enumerate(_places(told)):
        a, b = short[i % len(short)]
        piece = x[int(a * RATE) : int(b * RATE)].copy()
        fade = np.linspace(0, 1, int(0.005 * RATE))
        piece[: len(fade)] *= fade
        piece[-len(fade) :] *= fade[::-1]
        begin = round(at * RATE)
        track[begin : begin + len(piece)] += piece
        placed.append({"speaker": "listener", "start_s": round(at, 3), "end_s": round(at + len(piece) / RATE, 3)})
    rir = options[options.index("--rir") + 2] if "--rir" in options else None
    _add(base, mixer.room(track, rir), 10 ** (plan.leak / 20))
    told["speech"] = sorted([*told["speech"], *placed], key=lambda each: each["start_s"])
    told["backchannels"] = placed
    truth_file.write_text(json.dumps(told, indent=1), encoding="utf-8")


def _places(told: dict[str, Any]) -> Iterator[float]:
    """Seconds in the sharer's turns, away from their edges, at which a backchannel can begin."""
    last = 0.0
    for turn in told["turns"]:
        at = turn["start_s"] + CLEAR_S
        while turn["speaker"] == "sharer" and at + MURMUR_S[1] + CLEAR_S < turn["end_s"]:
            inside = any(
                each["speaker"] == "sharer" and each["start_s"] <= at - 0.3 and at + MURMUR_S[1] <= each["end_s"]
                for each in told["speech"]
            )
            if inside and at - last >= APART_S:
                yield at
                last = at
            at += 0.25


def _add(base: Path, wet: np.ndarray, leak: float) -> None:
    for ending, gains in ((".mono.wav", (1.0,)), (".stereo.wav", (leak, 1.0))):
        file = base.with_suffix(ending)
        x, rate = sf.read(file, always_2d=True)
        x = x + wet[: len(x), None] * np.array(gains)
        sf.write(file, np.clip(x, -1, 1), rate, subtype="PCM_16")


def loaded(tool: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("mix_conversation", tool)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{tool} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
