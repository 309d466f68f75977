"""Simulated scenes with speech annotated to 10 ms, for training and measuring speech edges.

A scene has one or two readers who say pieces of their clips with silences between them, each in a position in a room,
over noise. The microphone may be quiet, band-limited, humming, clipping or changing in gain. The annotation comes only
from the clean clips: frames within 30 dB of the clip's loud ones and 8 dB above its floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import av
import numpy as np
from scipy.signal import butter, lfilter, resample_poly, sosfilt

from coach import vad

RATE = 16_000  # samples per second
FRAME = RATE // 100  # samples: 10 ms
JOIN = 18  # frames; shorter silences count as speech
LOUD = 0.05  # RMS of every clip
CONDITIONS = {"phone": 0.15, "hum": 0.12, "level": 0.10, "clip": 0.06}  # probability per scene
STEADY = ("white", "white", "pink", "brown", "rain", "fire_crackling", "clock_tick")
SUDDEN = ("dog_bark", "baby_cry", "person_sneeze", "clicks")
MADE = ("clicks", "dishes", "music", "hum")  # synthetic noises
Rng = np.random.Generator


@cache
def sound(path: Path) -> np.ndarray:
    """The file as (n,) float64, converted to 16 kHz mono."""
    with av.open(str(path)) as file:
        to = av.AudioResampler("flt", "mono", RATE)
        frames = [out for frame in file.decode(audio=0) for out in to.resample(frame)] + to.resample(None)
        return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float64)


def runs(on: np.ndarray, join: int = JOIN, least: int = 1) -> list[tuple[int, int]]:
    """Runs of true frames, with gaps under `join` closed."""
    out: list[tuple[int, int]] = []
    for a, b in vad.runs(on):
        if out and a - out[-1][1] < join:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return [run for run in out if run[1] - run[0] >= least]


@cache
def reader(path: Path) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """A clip scaled to LOUD, and its stretches of speech in frames."""
    x = sound(path)
    x = x / np.sqrt((x**2).mean()) * LOUD
    level = 10 * np.log10((x[: len(x) // FRAME * FRAME].reshape(-1, FRAME) ** 2).mean(axis=1) + 1e-12)
    floor, top = np.percentile(level, 5), np.percentile(level, 95)
    on = level > max(floor + 8, top - 30)
    for a, b in runs(on, join=1):
        if b - a < 4 or level[a:b].max() < top - 12:
            on[a:b] = False  # a click, a breath
    return x, runs(on)


@dataclass(frozen=True)
class Material:
    """Files for scenes. `rooms` are impulse responses; `noises` are recordings by kind."""

    readers: list[Path]
    rooms: list[Path]
    noises: dict[str, list[Path]]

    @classmethod
    def of(cls, audio: Path, part: str = "all") -> Material:
        """`part`: "all"; "learn" for three quarters of readers and noises; "measure" for the rest."""

        def some(files: Iterable[Path]) -> list[Path]:
            return [f for i, f in enumerate(sorted(files)) if part == "all" or (i % 4 == 3) == (part == "measure")]

        rooms = sorted((audio / "rooms").glob("*.wav"))
        if part != "all":
            rooms = rooms[1:] if part == "measure" else rooms[:1]
        noises = {d.name: some(d.iterdir()) for d in sorted((audio / "noise").iterdir())}
        return cls(some((audio / "voices").glob("*.flac")), rooms, noises)


@dataclass
class MadeScene:
    """Parameters; None is drawn. `room`: "dry", "real" or "made"; `snr` in dB; `kinds`: keys of CONDITIONS."""

    seconds: float = 20.0
    people: int | None = None
    room: str | None = None
    snr: float | None = None
    noise: str | None = None
    kinds: list[str] | None = None
    sudden: bool | None = None
    gain: float | None = None
    softer: float = 0.0  # dB by which every person but the first is softer
    noises: list[str] = field(default_factory=list)


def made_room(rng: Rng) -> np.ndarray:
    """A synthetic impulse response: the direct sound, then decaying noise, faster at high frequencies."""
    t60 = rng.uniform(0.15, 0.9)
    n = int(RATE * min(1.0, 1.2 * t60))
    t = np.arange(n) / RATE
    low = rng.normal(size=n) * 10 ** (-3 * t / t60)
    high = rng.normal(size=n) * 10 ** (-3 * t / (t60 * rng.uniform(0.4, 0.9)))
    late = 2 * lfilter([0.3], [1, -0.7], low) + high - lfilter([0.3], [1, -0.7], high)
    late[: int(RATE * rng.uniform(0.001, 0.008))] = 0
    late *= np.sqrt(10 ** (-rng.uniform(-4, 14) / 10) / (late**2).sum())
    late[0] = 1.0
    return np.asarray(late)


def heard_in(x: np.ndarray, room: np.ndarray) -> np.ndarray:
    room = room[np.argmax(np.abs(room)) :][:RATE]
    n = 1 << int(np.ceil(np.log2(len(x) + len(room))))
    wet = np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(room / np.sqrt((room**2).sum()), n), n)
    return np.asarray(wet[: len(x)])


def clicks(rng: Rng, n: int) -> np.ndarray:
    """Short ringing clicks, as of keys and cups. Full scale 1."""
    x = np.zeros(n)
    k = np.arange(min(n, 6000))
    for _ in range(rng.integers(2, 3 + n // 2000)):
        at = rng.integers(max(1, n - len(k)))
        ring = sum(np.sin(2 * np.pi * f * k / RATE) for f in rng.uniform(200, 6500, rng.integers(1, 5)))
        stroke = np.exp(-k / (RATE * 10 ** rng.uniform(-3, -1.2)))
        x[at : at + len(k)] += rng.uniform(0.2, 1) * stroke * (0.5 * rng.normal(size=len(k)) + ring)
    return np.asarray(x / (np.abs(x).max() + 1e-9))


def music(rng: Rng, n: int) -> np.ndarray:
    """Chords and a melody of plucked or held notes. Full scale 1."""
    x = np.zeros(n)
    beat = int(RATE * rng.uniform(0.12, 0.6))
    held = rng.random() < 0.5
    root = rng.uniform(80, 250)
    for at in range(0, n, beat):
        k = np.arange(min(n - at, int(beat * rng.uniform(1, 4))))
        env = np.minimum(1, k / 400) * (np.minimum(1, (len(k) - k) / 800) if held else np.exp(-k / (RATE * 0.25)))
        for _ in range(rng.integers(1, 4)):
            f = root * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 12, 16, 19, 24]) / 12)
            x[at : at + len(k)] += env * sum(np.sin(2 * np.pi * f * h * k / RATE) / h for h in range(1, 7))
    return np.asarray(x / (np.abs(x).max() + 1e-9))


def hum(rng: Rng, n: int) -> np.ndarray:
    """Mains hum. Full scale about 1."""
    t = np.arange(n) / RATE
    f = rng.choice([50.0, 60.0, 100.0, 120.0])
    return np.asarray(sum(np.sin(2 * np.pi * f * k * t + rng.uniform(0, 6)) / k for k in range(1, 6)) / 2)


def noise(rng: Rng, n: int, kind: str, material: Material) -> np.ndarray:
    """(n,) of one kind: synthetic, or a recording looped from a random offset."""
    match kind:
        case "white":
            return rng.normal(size=n)
        case "pink":
            white = rng.normal(size=n)
            return np.asarray(
                lfilter([0.049922, -0.095993, 0.050612, -0.004408], [1, -2.494956, 2.017265, -0.522189], white)
            )
        case "brown":
            return np.asarray(lfilter([1], [1, -0.97], rng.normal(size=n)))
        case "clicks" | "dishes":
            return clicks(rng, n)
        case "music":
            return music(rng, n)
        case "hum":
            return hum(rng, n)
    files = material.noises[kind]
    x = sound(files[rng.integers(len(files))])
    return np.tile(np.roll(x, rng.integers(len(x))), n // len(x) + 1)[:n]


def with_noise(x: np.ndarray, ambient: np.ndarray, level: float, snr: float) -> np.ndarray:
    """`x` with `ambient` under it, both (n,): at an RMS of `level`, less `snr` dB."""
    return np.asarray(x + ambient / np.sqrt((ambient**2).mean() + 1e-20) * level * 10 ** (-snr / 20))


def _piece(rng: Rng, path: Path) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Adjacent stretches of a clip, with or without a margin; sometimes only a short one."""
    x, stretches = reader(path)
    first = int(rng.integers(len(stretches)))
    last = min(len(stretches), first + int(rng.integers(1, 5)))
    begin, end = stretches[first][0], stretches[last - 1][1]
    if rng.random() < 0.2 and end - begin > 120:
        end = begin + int(rng.integers(25, 80))  # "yes", "mm-hm"
    margin = 6 if rng.random() < 0.5 else 0  # frames of margin on both sides
    cut = x[max(0, begin - margin) * FRAME : (end + margin) * FRAME].copy()
    ramp = 80 + 3 * margin * 20
    cut[:ramp] *= np.linspace(0, 1, ramp)
    cut[-ramp:] *= np.linspace(1, 0, ramp)
    start = max(0, begin - margin)
    return cut, [(a - start, min(b, end) - start) for a, b in stretches[first:last] if a < end]


def spoken(rng: Rng, scene: MadeScene, material: Material) -> tuple[np.ndarray, np.ndarray]:
    """A scene with speech: (n,) float32 samples and (n // FRAME,) flags."""
    n = int(scene.seconds * RATE)
    people = scene.people or int(rng.integers(1, 3))
    who = [material.readers[i] for i in rng.permutation(len(material.readers))[:people]]
    where = scene.room or str(rng.choice(["dry", "real", "made"], p=[0.3, 0.2, 0.5]))
    tracks, on = [np.zeros(n) for _ in who], np.zeros(n // FRAME, bool)
    at = int(rng.uniform(20, 250))
    while at < len(on) - 100:
        k = int(rng.integers(people))
        piece, stretches = _piece(rng, who[k])
        room_left = piece[: n - at * FRAME]
        tracks[k][at * FRAME : at * FRAME + len(room_left)] += 10 ** (rng.uniform(-3, 3) / 20) * room_left
        for a, b in stretches:
            on[at + a : at + b] = True
        pause = rng.uniform(10, 60) if rng.random() < 0.5 else rng.uniform(60, 300)
        at += len(piece) // FRAME + int(pause)
    wet = np.zeros(n)
    for k, track in enumerate(tracks):
        loud = 10 ** ((rng.uniform(-6, 0) - (scene.softer if k else 0.0)) / 20) * track
        if where == "dry":
            wet += loud
        else:
            rooms = material.rooms
            wet += heard_in(loud, made_room(rng) if where == "made" else sound(rooms[rng.integers(len(rooms))]))
    return _recorded(rng, scene, material, wet), on


def _recorded(rng: Rng, scene: MadeScene, material: Material, wet: np.ndarray) -> np.ndarray:
    n = len(wet)
    ambient = noise(rng, n, scene.noise or str(rng.choice(STEADY)), material)
    snr = rng.uniform(8, 42) if scene.snr is None else scene.snr
    y = with_noise(wet, ambient, LOUD, snr)
    if (rng.random() < 0.3) if scene.sudden is None else scene.sudden:
        for _ in range(3):
            x = noise(rng, int(rng.integers(RATE // 2, 3 * RATE)), str(rng.choice(SUDDEN)), material)
            at = rng.integers(n - len(x))
            y[at : at + len(x)] += x / (np.abs(x).max() + 1e-9) * 10 ** (rng.uniform(-30, -6) / 20)
    kinds = scene.kinds
    if kinds is None:
        kinds = [k for k, often in CONDITIONS.items() if rng.random() < often]
    t = np.arange(n) / RATE
    if "hum" in kinds:
        y = y + LOUD * 10 ** (rng.uniform(-26, -10) / 20) * hum(rng, n)
    if "level" in kinds:
        y = y * 10 ** (6 * np.sin(2 * np.pi * t / rng.uniform(12, 40) + rng.uniform(0, 6)) / 20)
    if "clip" in kinds:
        most = rng.uniform(1, 2.5) * np.sqrt((wet[np.abs(wet) > 1e-3] ** 2).mean() + 1e-12)
        y = np.clip(y, -most, most)
    if "phone" in kinds:
        band = butter(4, [300, 3400], "band", fs=RATE, output="sos")
        step = 2.0 ** -rng.choice([12, 15])
        y = resample_poly(np.round(resample_poly(sosfilt(band, y), 1, 2) / step) * step, 2, 1)[:n]
    gain = rng.uniform(-20, 6) if scene.gain is None else scene.gain
    return np.asarray(np.round(np.clip(y * 10 ** (gain / 20), -1, 1) * 32767) / 32768, dtype=np.float32)


def unspoken(rng: Rng, kind: str, material: Material, seconds: float = 20.0) -> np.ndarray:
    """A scene without speech: noises of one kind in a quiet room, some reverberated."""
    n = int(seconds * RATE)
    y = rng.normal(size=n) * 10 ** (rng.uniform(-75, -45) / 20)
    at = int(rng.uniform(0.2, 2) * RATE)
    while at < n - RATE:
        x = noise(rng, int(rng.uniform(0.3, 6) * RATE), kind, material)[: n - at]
        if rng.random() < 0.4:
            x = heard_in(np.r_[x, np.zeros(RATE // 4)], made_room(rng))[: n - at]
        y[at : at + len(x)] += x / (np.abs(x).max() + 1e-9) * 10 ** (rng.uniform(-25, -1) / 20)
        at += len(x) + int(rng.uniform(0.1, 2) * RATE)
    return y.astype(np.float32)
