"""Resource use and latency of a live session, beside the targets."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.core.events import AudioGap, Ended, Words
from coach.core.resources import asset
from coach.core.span import as_seconds
from coach.sessions import Store
from coach.sessions.store import DATABASE_FILE
from scripts.bench.processes import Meter
from scripts.bench.results.tables import Row
from scripts.simulate.live.feeder import RATE
from scripts.simulate.live.sounds import place_of, sounding, tone_in
from scripts.simulate.live.soundserver import SoundServer

CPU_TARGET = 35.0  # % of one core
MEMORY_TARGET = 900.0  # MB, with all children
START_TARGET = 3.0  # s
TONE_TARGET = 1.0  # s, median
WORDS_TARGET = 0.4  # s, median
MEMORY_AFTER = (1, 5, 10)  # minutes
JUDGED = ("tone_soon", "tone_over")  # the tones that respond to a turn
LATEST_S = 5.0  # a later tone does not belong to that turn
AUDIBLE = 10 ** (-60 / 20)  # least amplitude at which a tone counts as audible


@dataclass(frozen=True)
class Start:
    """Seconds from the command until the microphone is open, and until the recogniser is announced."""

    listening_s: float
    words_s: float


@dataclass(frozen=True)
class Run:
    """A finished session: output, measurements and recording, which begins at second `recorded_from`.

    `floors` and `cues` are when the coach told of a transfer and of a cue, in seconds of audio at the microphone.
    """

    seconds: float
    readings: Meter
    recording: np.ndarray
    recorded_from: float
    dropped_s: float
    floors: list[float]
    cues: list[float]


def tones(run: Run) -> list[float]:
    """When the tones that respond to a turn became audible, in seconds of audio at the microphone."""
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
    """Onsets of too-soon turns in all repetitions of the sample; `too_soon` holds those of the first."""
    rounds = int(seconds // round_s) + 1
    return [at + n * round_s for n in range(rounds) for at in too_soon if at + n * round_s < seconds]


def latencies(heard: list[float], began: list[float]) -> list[float]:
    """For everything heard that follows a too-soon turn, the seconds since that turn's onset."""
    found = []
    for at in heard:
        before = [at - onset for onset in began if 0 < at - onset < LATEST_S]
        if before:
            found.append(min(before))
    return found


def words_latencies(server: SoundServer) -> tuple[list[float], int, float]:
    """Seconds from each span's end to its words; the number of spans delayed to the end; seconds lost."""
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
    """Processor time between two times, in seconds after the first reading, in % of one core."""
    a, b = meter.after(begin), meter.after(end)
    spent = b.main_s - a.main_s if main else b.processor_s - a.processor_s
    return 100 * spent / max(1e-9, b.moment - a.moment)


def quantile(values: list[float], q: float) -> float | None:
    return float(np.quantile(values, q)) if values else None


def rows(
    run: Run,
    starts: list[Start],
    tone: list[float],
    stages: dict[str, list[float]],
    heard: int,
    others: int | None,
    words: list[float],
) -> list[Row]:
    """The lines of the table. `stages` are the latencies of what comes before the tone.

    `others` are the transfers to somebody who only said "mm-hm"; None where a talk has other transfers too.
    """
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
        Row("  of which the ear thread", percent(meter, 0, run.seconds, main=True), "% of a core"),
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
        *(Row(f"  until the {name}, median", quantile(found, 0.5), "s") for name, found in stages.items()),
        Row("tones without a too-soon turn", heard - len(tone), ""),
        *([] if others is None else [Row("mm-hms taken for turns", others, "")]),
        Row("words after a span, median", quantile(words, 0.5), "s", f"<= {WORDS_TARGET}", f"{len(words)} spans"),
        Row("words after a span, 90th percentile", quantile(words, 0.9), "s"),
    ]
