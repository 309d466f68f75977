"""Measures how soon first words tell a turn from a backchannel, on real calls with a channel for each person.

    scripts/bench/run first_words DATA

The coach hears each call and says, with all of it known, who took the floor and who only acknowledged. Then the first
0.4, 0.6, 0.8 and 1.0 s of each are recognised, as a live coach could do. Two words or more that are no acknowledgement
("okay", "um") would tell a turn at once:

    told        turns that their first words tell; the others would wait for their length, as all do today
    wrong       backchannels and incursions, by the coach's definitions, that would be told as turns

Both only count those that last so long. Nothing is asserted.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from coach.asr import Transcriber, choose
from coach.core.span import RATE
from coach.meaning import read
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.recordings import calls
from scripts.bench.results.tables import machine_lines, table
from scripts.bench.systems.coach import analysis
from scripts.simulate.truth import Take

AFTER_S = (0.4, 0.6, 0.8, 1.0)
BEFORE_S = 0.1  # sound before the onset that the recogniser gets too
LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Begun:
    """What somebody began to say: whether it became a turn, its length in seconds, and its sound from `BEFORE_S`."""

    turn: bool
    seconds: float
    sound: np.ndarray

    def heard(self, after_s: float) -> np.ndarray:
        """Its sound up to `after_s` seconds after its onset."""
        return np.ascontiguousarray(self.sound[: round((BEFORE_S + after_s) * RATE)])


def begun(take: Take) -> Iterator[Begun]:
    """Every turn, backchannel and incursion of a call with channels."""
    channels = ",".join(f"{who}={column + 1}" for who, column in take.channels.items())
    sound, rate = sf.read(take.file, dtype="float32", always_2d=True)
    sound = soxr.resample(sound, rate, RATE)
    for each in analysis(take.file, ["--channels", channels])["turns"]:
        first = max(0, round((each["start_s"] - BEFORE_S) * RATE))
        last = round((each["start_s"] + AFTER_S[-1]) * RATE)
        seconds = each["end_s"] - each["start_s"]
        yield Begun(each["kind"] == "turn", seconds, sound[first:last, take.channels[each["who"]]])


def tells(text: str) -> bool:
    """Whether these first words would tell a turn.

    >>> tells("so I think"), tells("okay"), tells("")
    (True, False, False)
    """
    found = read(text)
    return found.count >= LEAST_WORDS and not found.acknowledgement


def row(found: Sequence[Begun], after_s: float, engine: Transcriber) -> list[str]:
    """The line of the table for the first `after_s` seconds."""
    long = [each for each in found if each.seconds >= after_s]
    told = [each for each in long if tells(engine.transcribe(each.heard(after_s)))]
    turns, others = [sum(each.turn is turn for each in long) for turn in (True, False)]
    right = sum(each.turn for each in told)
    return [f"{after_s} s", f"{right} of {turns}", f"{len(told) - right} of {others}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the folder of development data")
    data: Path = parser.parse_args().data
    engine, why = choose("moonshine")
    if engine is None:
        raise SystemExit(why)
    found = [each for take in calls(data) if take.channels for each in begun(take)]
    print(machine_lines(machine()))
    rows = [row(found, after_s, engine) for after_s in AFTER_S]
    print(table(f"first words of {len(found)} turns and other bids", ["heard", "turns told", "wrong"], rows))


if __name__ == "__main__":
    main()
