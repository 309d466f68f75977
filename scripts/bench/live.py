"""Measures processor time, memory and latency of `coach listen`, run as a user runs it, with everything on.

    scripts/bench/run live                 ten minutes
    scripts/bench/run live --minutes 2     a shorter run; memory is reported only for the minutes reached
    scripts/bench/run live --answers 30    30 answers that come too soon, and as many tones, in eight minutes
    scripts/bench/run live --json          one JSON object

A private sound server plays the sample conversation repeatedly into a virtual microphone and records a virtual speaker.
The coach runs as a separate process. Three clocks are aligned to the moment at which the sample's first sample reaches
the microphone:

    sample's truth      onset of a too-soon turn ──┐
    speaker recording   the tone, by matched filter ┴─► tone latency: devices, hearing, the wait and the player
    the coach's lines   "floor" and "cue" ────────► until the turn is told, and until its cue is decided
    session's store     Words.at - Words.span.end ────► words latency, on the coach's own sample clock

With `--answers` a made talk takes the sample's place (`scripts.simulate.live.quick_answers`), in which the only
transfers are answers that come too soon, so any other is an "mm-hm" that was taken for a turn; tones may then follow
each other after five seconds, from the beginning.

Processor time is read from /proc once a second from the first sample to the last, so it excludes start and shutdown but
includes learning the two voices at the check-in. The figures stand beside their targets; nothing is asserted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import soundfile as sf

from coach.conversation import converse
from coach.core.resources import asset
from coach.core.span import as_seconds
from scripts.bench.machine import machine
from scripts.bench.processes import Meter
from scripts.bench.results.live import (
    Run,
    Start,
    latencies,
    onsets,
    percent,
    rows,
    tones,
    words_latencies,
)
from scripts.bench.results.tables import tell
from scripts.simulate.live.feeder import RATE
from scripts.simulate.live.listening import Line, Listening
from scripts.simulate.live.quick_answers import quick_answers
from scripts.simulate.live.sample import PEOPLE, ready, truth
from scripts.simulate.live.soundserver import Playing, SoundServer

OPTIONS = (*PEOPLE, "--transcriber", "moonshine", "--cues", "drill")
EVERY_ANSWER = 'drill_every = 5.0\nquiet_first = 0.0\ncues_off = ["let_it_land", "inward"]\n'


def started(began: float, listening: Listening) -> Start:
    opened = listening.wait_for_line("that a microphone is open", lambda line: "opened" in line.details, seconds=60)
    words = listening.wait_for_line("which words", lambda line: line.details.startswith("words:"), seconds=60)
    return Start(opened.came - began, words.came - began)


def start(server: SoundServer) -> Start:
    """Starts the coach and ends it as soon as it listens."""
    began = time.monotonic()
    with Listening(server.env, *OPTIONS) as listening:
        measured = started(began, listening)
        listening.interrupt()
    return measured


def looped(path: Path, seconds: float) -> float:
    """Writes the sample to `path`, repeated to the given length in seconds; returns the length of one repetition."""
    sound, rate = sf.read(asset("sample.flac"), dtype="int16")
    if rate != RATE or sound.ndim != 1:
        raise SystemExit(f"the sample must have one channel at {RATE} Hz; scripts/make_assets.py writes it so")
    total = round(seconds * RATE)
    with sf.SoundFile(path, "w", samplerate=RATE, channels=1, subtype="PCM_16") as out:
        for begin in range(0, total, len(sound)):
            out.write(sound[: total - begin])
    return len(sound) / RATE


def answered(path: Path, answers: int, server: SoundServer) -> list[float]:
    """Writes a talk with so many answers to `path`, and its settings; returns the answers' onsets, in seconds."""
    talk = quick_answers(answers)
    sf.write(path, talk.sound, RATE, subtype="PCM_16")
    settings = Path(server.env["XDG_CONFIG_HOME"]) / "coach" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(EVERY_ANSWER)
    return [as_seconds(taken.onset) for taken in converse(talk.speech).transfers if taken.too_soon]


def listen(server: SoundServer, sound: Path) -> Run:
    """Runs a whole session, including the check-in."""
    recorder = server.record_speaker()
    with Listening(server.env, *OPTIONS) as listening:
        ready(listening)
        playing = server.play(sound)
        with Meter(listening.child.pid) as meter:
            wait(playing, listening)
        dropped = server.dropped / RATE
        recording = recorder.so_far()
        floors = came(listening.of_kind("floor"), playing)
        cues = came([line for line in listening.of_kind("cue") if line.details.startswith("tone ")], playing)
        listening.interrupt()
    recorder.stop()
    return Run(playing.seconds, meter, recording, recorder.begun - playing.begun, dropped, floors, cues)


def came(lines: list[Line], playing: Playing) -> list[float]:
    """When these lines came, in seconds of audio at the microphone; only those after its first sample."""
    return [line.came - playing.begun for line in lines if line.came > playing.begun]


def wait(playing: Playing, listening: Listening) -> None:
    """Waits for the end of the audio and prints progress once a minute."""
    minute = 0
    while (left := playing.left()) > 0:
        if listening.child.poll() is not None:
            raise SystemExit(f"the coach ended before the sound did\n{listening.said()}")
        if (passed := int((playing.seconds - left) // 60)) > minute:
            minute = passed
            print(f"{minute} of {playing.seconds / 60:.3g} minutes", file=sys.stderr)
        time.sleep(min(left, 0.5))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="minutes of talk; default 10")
    parser.add_argument("--starts", type=int, default=3, help="number of start-up measurements before that; default 3")
    parser.add_argument("--answers", type=int, help="this many answers that come too soon, instead of minutes")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    with SoundServer() as server, tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "talk.wav"
        if chosen.answers:
            began = answered(sound, chosen.answers, server)
        else:
            round_s = looped(sound, 60 * chosen.minutes)
            too_soon = [row["at_s"] for row in truth()["transfers"] if row["too_soon"] and not row["haste"]]
            began = onsets(too_soon, 60 * chosen.minutes, round_s)
        starts = [start(server) for _ in range(max(1, chosen.starts))]
        run = listen(server, sound)
        words, late, lost = words_latencies(server)
    heard = tones(run)
    tone = latencies(heard, began)
    stages = {"turn told": latencies(run.floors, began), "cue decided": latencies(run.cues, began)}
    others = len(run.floors) - len(stages["turn told"]) if chosen.answers else None
    every = range(int(-(-run.seconds // 60)))
    more = {
        "minutes": round(run.seconds / 60, 2),
        "processor_percent_by_minute": [
            round(percent(run.readings, 60 * n, min(60 * (n + 1), run.seconds)), 1) for n in every
        ],
        "tones_heard_at_s": [round(each, 3) for each in heard],
        "tone_latencies_s": [round(each, 3) for each in tone],
        "stages_s": {name: [round(each, 3) for each in found] for name, found in stages.items()},
        "spans_read_only_at_the_end": late,
        "not_heard_s": round(lost, 2),
        "dropped_by_the_sound_server_s": round(run.dropped_s, 2),
    }
    tell("live", where, rows(run, starts, tone, stages, len(heard), others, words), more, as_json=chosen.json)


if __name__ == "__main__":
    main()
