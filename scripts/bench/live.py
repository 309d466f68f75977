"""How much the live coach costs, and how quickly it answers: `coach listen` as a user runs it, with everything on.

    scripts/bench/run live                 ten minutes
    scripts/bench/run live --minutes 2     fewer; the memory of minutes not reached stays empty
    scripts/bench/run live --json          one JSON object

A sound server of its own plays the sample conversation, over and over, into a virtual microphone, and records a virtual
speaker. The coach is a separate process that knows nothing of it. Three clocks are needed, and all are laid on the
moment at which the sample's first sample was due at the microphone:

    sample's truth      onset of a too-soon turn ──┐
    speaker recording   the tone, by matched filter ┴─► tone latency: devices, hearing, the wait and the player
    session's store     Words.at - Words.span.end ────► words latency, on the coach's own sample clock

Processor time is read from /proc once a second, from the first sample to the last, so neither starting nor ending
counts; learning the two voices at the check-in does. Nothing is asserted: figures stand beside their targets.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.core.events import AudioGap, Ended, Words
from coach.core.resources import asset
from coach.core.span import as_seconds
from coach.sessions import Store
from coach.sessions.store import DATABASE_FILE
from scripts.bench.machine import Row, machine, main_thread_seconds, processor_seconds, resident_mb, tell
from scripts.simulate.live.feeder import RATE
from scripts.simulate.live.listening import Listening
from scripts.simulate.live.sample import PEOPLE, ready, truth
from scripts.simulate.live.sounds import place_of, sounding, tone_in
from scripts.simulate.live.soundserver import Playing, SoundServer

CPU_TARGET = 35.0  # % of one core
MEMORY_TARGET = 600.0  # MB
START_TARGET = 3.0  # s
TONE_TARGET = 1.4  # s, median; 1.2 s of it is the wait that spares backchannels
WORDS_TARGET = 0.4  # s, median

OPTIONS = (*PEOPLE, "--transcriber", "moonshine", "--cues", "full")
MEMORY_AFTER = (1, 5, 10)  # minutes
JUDGED = ("tone_soon", "tone_over")  # the tones that answer a turn
LATEST_S = 5.0  # a tone that comes later after a too-soon turn answers something else
AUDIBLE = 10 ** (-60 / 20)  # amplitude from which a tone counts as heard


@dataclass(frozen=True)
class Reading:
    """What /proc said: the moment, processor time so far (all, and the main thread's), and memory."""

    moment: float
    processor_s: float
    main_s: float
    memory_mb: float


class Meter:
    """Reads the process once a second, on a thread of its own, while it is used as a context."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.readings: list[Reading] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            moment, pid = time.monotonic(), self._pid
            self.readings.append(Reading(moment, processor_seconds(pid), main_thread_seconds(pid), resident_mb(pid)))
            if self._ended.wait(1.0):
                return

    def after(self, seconds: float) -> Reading:
        """The reading nearest to so many seconds after the first."""
        due = self.readings[0].moment + seconds
        return min(self.readings, key=lambda reading: abs(reading.moment - due))


@dataclass(frozen=True)
class Start:
    """Seconds from the command to: a microphone that is open, and the line that says which words there will be."""

    listening_s: float
    words_s: float


@dataclass(frozen=True)
class Run:
    """A session, over: what was said, measured and recorded. The recording begins at second `recorded_from`."""

    seconds: float
    readings: Meter
    recording: np.ndarray
    recorded_from: float
    dropped_s: float


def started(began: float, listening: Listening) -> Start:
    opened = listening.wait_for_line("that a microphone is open", lambda line: "opened" in line.details, seconds=60)
    words = listening.wait_for_line("which words", lambda line: line.details.startswith("words:"), seconds=60)
    return Start(opened.came - began, words.came - began)


def start(server: SoundServer) -> Start:
    """Starts the coach, and ends it as soon as it listens."""
    began = time.monotonic()
    with Listening(server.env, *OPTIONS) as listening:
        measured = started(began, listening)
        listening.interrupt()
    return measured


def looped(path: Path, seconds: float) -> float:
    """Writes the sample over and over to `path`, so many seconds in all; the seconds of one round."""
    sound, rate = sf.read(asset("sample.flac"), dtype="int16")
    if rate != RATE or sound.ndim != 1:
        raise SystemExit(f"the sample must have one channel at {RATE} Hz; scripts/make_assets.py writes it so")
    total = round(seconds * RATE)
    with sf.SoundFile(path, "w", samplerate=RATE, channels=1, subtype="PCM_16") as out:
        for begin in range(0, total, len(sound)):
            out.write(sound[: total - begin])
    return len(sound) / RATE


def listen(server: SoundServer, sound: Path) -> Run:
    """The whole session: check-in and all."""
    recorder = server.record_speaker()
    with Listening(server.env, *OPTIONS) as listening:
        ready(listening)
        playing = server.play(sound)
        with Meter(listening.child.pid) as meter:
            wait(playing, listening)
        dropped = server.dropped / RATE
        recording = recorder.so_far()
        listening.interrupt()
    recorder.stop()
    return Run(playing.seconds, meter, recording, recorder.begun - playing.begun, dropped)


def wait(playing: Playing, listening: Listening) -> None:
    """To the end of the sound, with a word a minute to whoever is waiting."""
    minute = 0
    while (left := playing.left()) > 0:
        if listening.child.poll() is not None:
            raise SystemExit(f"the coach ended before the sound did\n{listening.said()}")
        if (passed := int((playing.seconds - left) // 60)) > minute:
            minute = passed
            print(f"{minute} of {playing.seconds / 60:.3g} minutes", file=sys.stderr)
        time.sleep(min(left, 0.5))


def tones(run: Run) -> list[float]:
    """When the tones that answer a turn became audible, in seconds of the sound at the microphone."""
    heard = []
    for stretch in sounding(run.recording):
        name = tone_in(run.recording, stretch)
        if name not in JUDGED:
            continue
        tone = sf.read(asset(f"{name}.wav"))[0]
        first = max(0, round((stretch[0] - 0.5) * RATE))
        at, _ = place_of(tone, run.recording[first : round((stretch[1] + 0.5) * RATE)])
        onset = int(np.flatnonzero(np.abs(tone) > AUDIBLE)[0])
        heard.append(run.recorded_from + (first + at + onset) / RATE)
    return heard


def onsets(too_soon: list[float], seconds: float, round_s: float) -> list[float]:
    """When turns began too soon after a share, in all rounds of the sample; `too_soon` are those of the first."""
    rounds = int(seconds // round_s) + 1
    return [at + n * round_s for n in range(rounds) for at in too_soon if at + n * round_s < seconds]


def tone_latencies(heard: list[float], began: list[float]) -> list[float]:
    """For each tone that a too-soon turn explains, the seconds since that turn began."""
    found = []
    for at in heard:
        before = [at - onset for onset in began if 0 < at - onset < LATEST_S]
        if before:
            found.append(min(before))
    return found


def words_latencies(server: SoundServer) -> tuple[list[float], int, float]:
    """Seconds from each span's end to its words; how many spans had to wait for the end; seconds not heard."""
    database = next(Path(server.env["XDG_DATA_HOME"]).rglob(DATABASE_FILE))
    with Store(database) as store:
        last = max(session.id for session in store.sessions())
        events = list(store.events(last))
    ends = [event.at for event in events if isinstance(event, Ended)]
    words = [event for event in events if isinstance(event, Words)]
    in_time = [as_seconds(event.at - event.span.end) for event in words if event.at not in ends]
    lost = sum(as_seconds(event.span.duration) for event in events if isinstance(event, AudioGap))
    return in_time, len(words) - len(in_time), lost


def percent(meter: Meter, begin: float, end: float, main: bool = False) -> float:
    """Processor time between two seconds after the first reading, in % of one core."""
    a, b = meter.after(begin), meter.after(end)
    spent = b.main_s - a.main_s if main else b.processor_s - a.processor_s
    return 100 * spent / max(1e-9, b.moment - a.moment)


def quantile(values: list[float], q: float) -> float | None:
    return float(np.quantile(values, q)) if values else None


def rows(run: Run, starts: list[Start], tone: list[float], heard: int, words: list[float]) -> list[Row]:
    meter = run.readings
    minutes = run.seconds / 60
    memory = [
        Row(
            f"memory after {minute} min",
            meter.after(60 * minute).memory_mb if minute <= minutes else None,
            "MB",
            f"<= {MEMORY_TARGET:.0f}",
        )
        for minute in MEMORY_AFTER
    ]
    listening = [each.listening_s for each in starts]
    models = [each.words_s for each in starts]
    return [
        Row("processor while listening", percent(meter, 0, run.seconds), "% of a core", f"<= {CPU_TARGET:.0f}"),
        Row("of it the ear's thread", percent(meter, 0, run.seconds, main=True), "% of a core"),
        *memory,
        Row(
            "command to listening, median",
            statistics.median(listening),
            "s",
            f"<= {START_TARGET:.0f}",
            f"{len(starts)} starts: {', '.join(f'{each:.2f}' for each in listening)}",
        ),
        Row("command to words loaded, median", statistics.median(models), "s"),
        Row("tone after a too-soon turn, median", quantile(tone, 0.5), "s", f"<= {TONE_TARGET}", f"{len(tone)} tones"),
        Row("tone after a too-soon turn, longest", max(tone, default=None), "s"),
        Row("tones that no such turn explains", heard - len(tone), ""),
        Row("words after a span, median", quantile(words, 0.5), "s", f"<= {WORDS_TARGET}", f"{len(words)} spans"),
        Row("words after a span, 90th percentile", quantile(words, 0.9), "s"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="how long people talk; 10 if not said")
    parser.add_argument("--starts", type=int, default=3, help="how often starting is measured before that; 3")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    with SoundServer() as server, tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "rounds.wav"
        round_s = looped(sound, 60 * chosen.minutes)
        too_soon = [transfer["at_s"] for transfer in truth()["transfers"] if transfer["too_soon"]]
        starts = [start(server) for _ in range(max(1, chosen.starts))]
        run = listen(server, sound)
        words, late, lost = words_latencies(server)
    heard = tones(run)
    tone = tone_latencies(heard, onsets(too_soon, run.seconds, round_s))
    every = range(int(-(-run.seconds // 60)))
    more = {
        "minutes": chosen.minutes,
        "processor_percent_by_minute": [
            round(percent(run.readings, 60 * n, min(60 * (n + 1), run.seconds)), 1) for n in every
        ],
        "tones_heard_at_s": [round(each, 3) for each in heard],
        "tone_latencies_s": [round(each, 3) for each in tone],
        "spans_read_only_at_the_end": late,
        "not_heard_s": round(lost, 2),
        "dropped_by_the_sound_server_s": round(run.dropped_s, 2),
    }
    tell("live", where, rows(run, starts, tone, len(heard), words), more, as_json=chosen.json)


if __name__ == "__main__":
    main()
