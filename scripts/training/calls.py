"""Pieces of a real call of two people, each heard in several ways, to learn the edges of real talk from.

Readers end every sentence; people trail off, begin under their breath, and a telephone swallows half of it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from scripts.simulate.scenes import FRAME, RATE, STEADY, Material, heard_in, made_room, noise, sound, with_noise
from scripts.simulate.truth import rttm

PIECE = int(24.5 * RATE) // FRAME  # frames
PIECES = 10  # of four minutes
SIDES = ("agent", "caller")
ALONE = ("plain", "soft", "noise", "room")  # how each side is heard by itself
TOGETHER = ("plain", "room")  # how both are heard on one microphone
WAYS = len(SIDES) * PIECES  # pieces heard in one way
COUNT = (len(ALONE) + 1) * WAYS  # of all pieces


@cache
def sides(call: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Each side of the call in the folder `call`: (n,) samples at 16 kHz, and (n // FRAME,) flags of speech."""
    units = rttm(call / "truth.rttm", "call")
    found = {}
    for who in SIDES:
        samples, rate = sf.read(call / f"{who}.wav")
        x = soxr.resample(samples, rate, RATE)
        on = np.zeros(len(x) // FRAME, bool)
        for unit in units:
            if unit.who == who:
                on[round(unit.span.start / FRAME) : round(unit.span.end / FRAME)] = True
        found[who] = (x, on)
    return found


def piece(number: int, call: Path, material: Material) -> tuple[np.ndarray, np.ndarray]:
    """Piece `number` of COUNT: (n,) float32 samples, and (n // FRAME,) flags of speech."""
    rng = np.random.default_rng(9_000 + number)
    way, rest = divmod(number, WAYS)
    at, odd = divmod(rest, 2)
    if way < len(ALONE):
        x, on = sides(call)["agent" if odd else "caller"]
        how = ALONE[way]
    else:
        (one, on_one), (other, on_other) = sides(call).values()
        n = min(len(one), len(other))
        x, on = one[:n] + other[:n], on_one[: n // FRAME] | on_other[: n // FRAME]
        how = TOGETHER[odd]
    frames = slice(at * PIECE, min(len(on), (at + 1) * PIECE))
    x, on = x[frames.start * FRAME : frames.stop * FRAME].copy(), on[frames]
    if how == "soft":
        x *= 10 ** (rng.uniform(-18, -10) / 20)
    if how == "noise":
        ambient = noise(rng, len(x), str(rng.choice(STEADY)), material)
        power = (x[np.repeat(on, FRAME)[: len(x)]] ** 2).mean() if on.any() else 1e-4
        x = with_noise(x, ambient, np.sqrt(power), rng.uniform(12, 32))
    if how == "room":
        room = made_room(rng) if way < len(ALONE) else sound(material.rooms[rng.integers(len(material.rooms))])
        x = heard_in(x, room)
    if how in ("noise", "room"):
        x *= 10 ** (rng.uniform(-12, 4) / 20)
    return np.clip(x, -1, 1).astype(np.float32), on
