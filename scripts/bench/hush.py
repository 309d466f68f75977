"""Measures the voice commands "coach, quiet" and "coach, go on": success rate, latency and false acceptances.

    scripts/bench/run hush DATA                  nine voices, four rooms, three pauses after the name; about 15 minutes
    scripts/bench/run hush DATA --voices rms,en-gb --rooms quiet
    scripts/bench/run hush DATA --plain          only the two documented wordings: "quiet", "go on"
    scripts/bench/run hush DATA --json           one JSON object, with every command and its recognised text

Everything from the ear to the worker is real and runs in real time from the command's first sound; the part before runs
as fast as possible:

    the command   ████  pause  █████┊
                                    ┊ silence known · words begun · words recognised · hushed

Latencies count from the command's last sound; the target is 0.5 s. `simulate/wishes.py` defines the commands and rooms.
The voices are synthetic (flite, espeak-ng); recognition of real people should be better but has not been measured.
False acceptances are counted in the text of DATA's conversations.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from coach.asr import Transcriber, Worker
from coach.audio.source import Block, Samples
from coach.coaching import Catalogue
from coach.core.events import Event, Hushed, VoiceOff
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, Span, as_samples
from coach.runtime.pipeline import Pipeline
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.tables import machine_lines, table
from scripts.bench.results.wishes import COLUMNS, Outcome, false_hushes, rows
from scripts.progress import watched
from scripts.simulate.own_voice import PEOPLE, learnt
from scripts.simulate.rooms import loudness
from scripts.simulate.wishes import (
    AFTER_OTHER_S,
    PATIENCE_S,
    ROOMS,
    SILENCE_S,
    TALK,
    Room,
    Wish,
    another,
    say,
    silence,
    spoken,
    voices,
    wishes,
)

WORDS_A_MINUTE = 180
TEXTS = "depth_train.jsonl"
NEAR_S = 0.6  # tolerance around the command's end for the end that the ear detects


def conversations(file: Path) -> tuple[list[list[str]], float]:
    """The turns of each conversation, and their estimated duration in hours."""
    found: dict[str, list[str]] = {}
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        found.setdefault(line.get("conversation") or line["id"], []).append(line["text"])
    words = sum(len(text.split()) for texts in found.values() for text in texts)
    return list(found.values()), words / WORDS_A_MINUTE / 60


def main() -> None:
    from coach.asr import MoonshineTranscriber
    from coach.coaching import wish_in

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the development data's folder")
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of a table")
    parser.add_argument("--many", type=int, default=1, help="commands for each voice, room, pause and setting")
    parser.add_argument("--plain", action="store_true", help='only "quiet" and "go on"')
    parser.add_argument("--voices", type=lambda text: text.split(","), default=list(voices()))
    parser.add_argument("--rooms", type=lambda text: text.split(","), default=list(ROOMS))
    args = parser.parse_args()
    where = machine()
    other = another(args.data)
    engine = MoonshineTranscriber()
    jobs = [(voice, room) for voice in args.voices for room in args.rooms]
    results: list[Outcome] = []
    for n, (voice, room) in enumerate(watched(jobs, len(jobs), "voices and rooms")):
        some = list(wishes(7 * n, args.many, plain=args.plain))
        results += session(args.data, voice, room, some, engine, other)
    engine.close()
    texts, hours = conversations(args.data / "data" / "text" / TEXTS)
    false = false_hushes(texts, wish_in)
    if args.as_json:
        told = {"bench": "hush", "machine": where, "results": [asdict(each) for each in results], "false": false}
        print(json.dumps(told | {"hours_of_text": round(hours, 1)}))
        return
    print(machine_lines(where))
    print(table("Seconds from the command's last sound (target: 90% obeyed, 0.5 s)", COLUMNS, rows(results)))
    print(f"false commands in {hours:.0f} hours of conversation (target: none): {len(false)}")
    for text in false:
        print(f"  {text[-100:]}")


class _Noting:
    """A recogniser that records the start and end time of each call."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self.name, self.languages = transcriber.name, transcriber.languages
        self.log: list[tuple[float, float, str]] = []

    def transcribe(self, samples: Samples) -> str:
        began = time.monotonic()
        text = self._transcriber.transcribe(samples)
        self.log.append((began, time.monotonic(), text))
        return text

    def close(self) -> None:
        """Keeps the wrapped recogniser open for reuse."""


def session(
    data: Path, voice: str, room_name: str, some: list[Wish], transcriber: Transcriber, talk: Samples
) -> Iterator[Outcome]:
    """`voice` says `some` commands in the room, some after another person's `talk`; both are enrolled."""
    room = Room(data, room_name)
    level = loudness(talk)
    mine = say(voice, TALK)
    ear = learnt(room.of(np.concatenate([mine, talk]), level), len(mine))
    noting = _Noting(transcriber)
    worker = Worker(noting)
    pipeline = Pipeline(ear, Settings(cues="none"), PEOPLE, catalogue=Catalogue.load(), recogniser=worker)
    dry: list[Samples] = [talk]  # both have spoken before
    said: list[tuple[Wish, Span]] = []
    at = len(talk)
    for wish in some:
        other = talk if wish.after_other else np.zeros(0, np.float32)
        lead = [silence(SILENCE_S), *([other, silence(AFTER_OTHER_S)] if wish.after_other else [])]
        sound = spoken(voice, wish)
        begin = at + sum(map(len, lead))
        said.append((wish, Span(begin, begin + len(sound))))
        dry += [*lead, sound, silence(PATIENCE_S)]
        at = begin + len(sound) + as_samples(PATIENCE_S)
    wet = room.of(np.concatenate(dry), level)
    try:
        for wish, span in said:
            yield _one(pipeline, worker, noting, wet, voice, room_name, wish, span)
    finally:
        worker.close()


def _one(
    pipeline: Pipeline, worker: Worker, noting: _Noting, wet: Samples, voice: str, room: str, wish: Wish, span: Span
) -> Outcome:
    """Runs fast up to the command, then in real time until it is obeyed or times out."""
    events: list[Event] = []

    def hop() -> list[Event]:
        start = pipeline.now
        return pipeline.hop(Block(start, wet[start : start + HOP][:, None]))

    while pipeline.now < span.start - HOP:
        hop()
    while worker.behind:
        time.sleep(0.01)
    hop()
    pipeline.tell(Hushed(at=pipeline.now, on=wish.kind == "go on"))
    noting.log.clear()
    begun_wall, begun_at = time.monotonic(), pipeline.now
    ended_wall = begun_wall + (span.end - begun_at) / RATE
    hushed: float | None = None
    while pipeline.now + HOP <= span.end + as_samples(PATIENCE_S) - HOP:
        time.sleep(max(0.0, begun_wall + (pipeline.now + HOP - begun_at) / RATE - time.monotonic()))
        events += hop()
        if hushed is None and any(isinstance(event, Hushed) for event in events):
            hushed = time.monotonic() - ended_wall
            log = [each for each in noting.log if each[1] - ended_wall <= hushed]
    near = as_samples(NEAR_S)
    stops = [e for e in events if isinstance(e, VoiceOff) and abs(e.end - span.end) < near]
    words = " | ".join(text for _, _, text in noting.log)
    silent_s = (stops[-1].at - span.end) / RATE if stops else None
    begun_s = words_s = None
    if hushed is not None and log:
        begun_s, words_s = log[-1][0] - ended_wall, log[-1][1] - ended_wall
    return Outcome(voice, room, wish, silent_s, begun_s, words_s, hushed, words)


if __name__ == "__main__":
    main()
