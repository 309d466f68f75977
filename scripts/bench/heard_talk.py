"""Labelled conversations as the coach hears them: spoken and recognised once, and kept for many replays.

    tools/spoken_talk.py ─► sound, a channel a person ─► speech ─► endpointer ─► recogniser ─► FOLDER/ID.heard.json

Sound and recognition are dear, and do not depend on what is said about the words afterwards. So a rule of meaning or of
coaching is measured by a replay, which takes seconds for an hour of talk. The ear is left out: made speech has exact
silence, so each channel's level tells who speaks when, and the ear's delays are those of `perfect_hearing`. Everything
else is real. After a change to the endpointer or to the recogniser, delete the folder.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from coach.asr import Endpointer, Immediate, Transcriber, choose
from coach.audio import Block, Samples
from coach.coaching import Catalogue
from coach.conversation import SpeechState
from coach.core.events import Ended, Event
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, Span, joined
from coach.cues import cues_for
from coach.meaning import Runs
from coach.runtime.pipeline import Pipeline
from coach.runtime.understanding import Understanding
from scripts.simulate.perfect_hearing import JOIN, KeptEar, Said, heard
from scripts.training.corpus import bare, misheard

MAKER, TALK = Path("tools/spoken_talk.py"), Path("data/text/depth_train.jsonl")
LEAST_WORDS = 500  # of a conversation, as spoken_talk takes them
FRAME = RATE // 100  # samples
SILENT = 2e-3  # level, as RMS of full scale: made silence has 1e-4, the softest speech sound 5e-3
LEAST_UNIT = RATE // 20  # samples; shorter sound is a click
AFTER = 2 * RATE  # samples that are played after the last word
WORDS_A_SECOND, QUICK = 2.7, 0.7  # of imagined talk: as flite speaks; the share of quick answers
LONGEST = 120 * RATE  # samples of a line


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a labelled conversation, in seconds; `level` is None where nobody labelled it."""

    who: str
    start: float
    end: float
    level: str | None


@dataclass(frozen=True, slots=True)
class HeardTalk:
    """One conversation: its labelled lines, everybody's inter-pausal units, and the words of every span."""

    name: str
    people: tuple[str, ...]
    lines: tuple[Line, ...]
    units: tuple[Said, ...]
    said: dict[tuple[str, Span], str]

    @property
    def seconds(self) -> float:
        return self.lines[-1].end

    def replay(
        self, settings: Settings, understanding: Understanding | None = None, runs: Runs | None = None
    ) -> list[Event]:
        """All events of the pipeline; `understanding` and `runs` replace the judges that ship."""
        ear = KeptEar(heard(self.units))
        pipeline = Pipeline(
            ear,
            settings,
            self.people,
            catalogue=cues_for(settings, Catalogue.load()),
            recogniser=Immediate(_KeptWords(), recognise=lambda job: self.said[job.who, job.span]),
            columns={who: column for column, who in enumerate(self.people)},
            understanding=understanding,
            runs=runs,
        )
        silence = np.zeros((HOP, len(self.people)), np.float32)
        events: list[Event] = []
        for start in range(0, self.units[-1].span.end + AFTER, HOP):
            events += pipeline.hop(Block(start, silence))
        return events + pipeline.finish("the recording ended")


class _KeptWords:
    name, languages = "kept words", "English"

    def transcribe(self, _samples: Samples) -> str:
        return ""

    def close(self) -> None:
        """Nothing is open."""


def conversations(shared: Path) -> list[str]:
    """The conversations between two people that are long enough, in an order that favours none."""
    words: dict[str, int] = defaultdict(int)
    who: dict[str, set[str]] = defaultdict(set)
    for row in map(json.loads, (shared / TALK).read_text(encoding="utf-8").splitlines()):
        if row.get("conversation") and row.get("who"):
            words[row["conversation"]] += len(row["text"].split())
            who[row["conversation"]].add(row["who"])
    chosen = [name for name in words if len(who[name]) == 2 and words[name] >= LEAST_WORDS]
    return sorted(chosen, key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def imagined(shared: Path, names: Sequence[str], wrong: float = 0.15) -> list[HeardTalk]:
    """The conversations `names` without sound: spoken_talk's timing, `wrong` of the words wrong."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in map(json.loads, (shared / TALK).read_text(encoding="utf-8").splitlines()):
        rows[row["conversation"]].append(row)
    words = [word for name in names for row in rows[name] for word in bare(row["text"]).split()]
    return [_imagined(name, rows[name], words, wrong) for name in names]


def _imagined(name: str, rows: Sequence[dict[str, Any]], words: Sequence[str], wrong: float) -> HeardTalk:
    chance, at = random.Random(name), 1.0
    lines: list[Line] = []
    units: list[Said] = []
    for number, row in enumerate(rows):
        text = misheard(row["text"], wrong, words, f"{name} {number}")
        if not text:
            continue
        own = bool(lines) and lines[-1].who == row["who"]
        soon = own or chance.random() < QUICK
        at += chance.uniform(*((0.3, 0.8) if own else (0.2, 0.7) if soon else (1.0, 3.0)))
        end = at + len(text.split()) / WORDS_A_SECOND
        lines.append(Line(row["who"], at, end, row["level"]))
        units.append(Said(row["who"], Span.seconds(at, end), text))
        at = end
    people = tuple(dict.fromkeys(row["who"] for row in rows))
    ends = units[-1].span.end
    said = {(who, span): _within(units, who, span) for who, span in _spans(units, ends)}
    return HeardTalk(name, people, tuple(lines), tuple(units), said)


def _within(units: Sequence[Said], who: str, span: Span) -> str:
    first = bisect_left(units, span.start - LONGEST, key=lambda unit: unit.span.start)
    near = takewhile(lambda unit: unit.span.start < span.end, units[first:])
    return " ".join(word for unit in near if unit.who == who for at, word in unit.words() if at in span)


def keep(shared: Path, folder: Path, names: Sequence[str], say: Callable[[str], None] = print) -> None:
    """Speaks, recognises and keeps those of `names` that are not kept yet. The sound is not kept."""
    folder.mkdir(parents=True, exist_ok=True)
    engine, why = choose("moonshine")
    if engine is None:
        raise SystemExit(why)
    for name in names:
        if not (folder / f"{name}.heard.json").exists():
            _make(shared, folder, name)
            _recognise(folder, name, engine)
            (folder / f"{name}.wav").unlink()
            say(name)


def kept(folder: Path, name: str) -> HeardTalk:
    """The conversation `name` as `keep` left it in `folder`."""
    told = json.loads((folder / f"{name}.heard.json").read_text(encoding="utf-8"))
    return HeardTalk(
        name,
        tuple(told["people"]),
        tuple(Line(**line) for line in told["lines"]),
        tuple(Said(who, Span(start, end), "") for who, start, end in told["units"]),
        {(who, Span(start, end)): text for who, start, end, text in told["said"]},
    )


def _make(shared: Path, folder: Path, name: str) -> None:
    if not (folder / f"{name}.json").exists():
        call = [sys.executable, str(shared / MAKER), "make", str(shared / TALK), str(folder), "--only", name]
        subprocess.run(call, check=True, capture_output=True)


def _recognise(folder: Path, name: str, engine: Transcriber) -> None:
    plan = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    sound = soundfile.read(folder / f"{name}.wav", dtype="float32", always_2d=True)[0]
    people = plan["who"]
    units = sorted(
        (Said(who, span, "") for column, who in enumerate(people) for span in exact_units(sound[:, column])),
        key=lambda unit: unit.span,
    )
    said = []
    for who, span in _spans(units, len(sound)):
        part = sound[span.start : span.end, people.index(who)]
        said.append((who, span.start, span.end, engine.transcribe(part)))
    told = {
        "people": people,
        "lines": plan["lines"],
        "units": [(unit.who, unit.span.start, unit.span.end) for unit in units],
        "said": said,
    }
    (folder / f"{name}.heard.json").write_text(json.dumps(told), encoding="utf-8")


def exact_units(sound: Samples) -> list[Span]:
    """The inter-pausal units of one channel with exact silence."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    loud = np.flatnonzero(np.sqrt((frames**2).mean(axis=1)) > SILENT)
    spans = joined([Span(int(k) * FRAME, int(k + 1) * FRAME) for k in loud], JOIN)
    return [span for span in spans if span.duration >= LEAST_UNIT]


def _spans(units: Sequence[Said], length: int) -> Iterator[tuple[str, Span]]:
    """The spans that the pipeline will request, for the ear's events follow from `units` alone."""
    ear, endpointer, speech = KeptEar(heard(units)), Endpointer(shared=False), SpeechState(shared=False)
    for now in range(HOP, length + AFTER, HOP):
        for event in ear.skip_to(now):
            speech = speech.after(event)
            yield from endpointer.hear(event, speech)
        speech = speech.at(now)
        yield from endpointer.tick(speech)
    ended = Ended(at=length + AFTER, reason="")
    yield from endpointer.hear(ended, speech.after(ended))


def hours(talks: Sequence[HeardTalk]) -> float:
    """The length of all conversations together, in hours."""
    return sum(talk.seconds for talk in talks) / 3600


def own_words(talk: HeardTalk, who: str, at: float, window_s: float) -> tuple[list[Line], bool]:
    """The lines of `who` that make up their last `window_s` seconds of speech before `at`, the newest first.

    The second value says whether they spoke so much.
    """
    found, left = [], window_s
    for line in reversed([each for each in talk.lines if each.who == who and each.start < at]):
        found.append(line)
        left -= min(line.end, at) - line.start
        if left <= 0:
            return found, True
    return found, False
