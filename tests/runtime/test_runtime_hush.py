"""The coach becomes quiet on a voice command or a key, and active again on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from coach.asr import Job, Result
from coach.audio.source import Block
from coach.coaching import Catalogue
from coach.core.events import CueFailed, CuePlayed, Event, Hushed, Speech, SpeechOn, VoiceOff, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, MILLISECOND, Span, as_samples
from coach.runtime.pipeline import Pipeline
from tests.runtime.staged import Evening, Stage, Told, blocks, plan, room
from tests.waiting import wait

FOUND, NAMED, JOIN = 100 * MILLISECOND, 350 * MILLISECOND, 180 * MILLISECOND  # delays of the ear's events
WHOSE = 600 * MILLISECOND  # from the end of a unit until its speaker is known
TOOK = 250 * MILLISECOND  # samples that the recogniser needs; twice as long as Moonshine needs for so few words


@dataclass
class Foreseeing:
    """A recogniser that begins foreseen jobs. `texts` are by start sample; a span with all of them gives `as_one`."""

    texts: dict[int, str]
    now: Callable[[], int]
    as_one: str = ""
    begun: dict[Span, int] = field(default_factory=dict)
    wanted: list[Job] = field(default_factory=list)
    waiting: list[Job] = field(default_factory=list)

    def foresee(self, job: Job) -> None:
        self.begun[job.span] = self.now()
        self.waiting.append(job)

    def command(self, job: Job) -> None:
        self.foresee(job)

    def ahead(self) -> list[Result]:
        ready = [job for job in self.waiting if self.begun[job.span] + TOOK <= self.now()]
        self.waiting = [job for job in self.waiting if job not in ready]
        return [Result(job.who, job.span, self._text(job.span)) for job in ready]

    def submit(self, job: Job) -> None:
        self.begun.setdefault(job.span, self.now())
        self.wanted.append(job)

    def results(self) -> list[Result]:
        ready = [job for job in self.wanted if self.begun[job.span] + TOOK <= self.now()]
        self.wanted = [job for job in self.wanted if job not in ready]
        return [Result(job.who, job.span, self._text(job.span)) for job in ready]

    def finish(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        return []

    def _text(self, span: Span) -> str:
        texts = [text for start, text in self.texts.items() if start in span]
        return self.as_one if self.as_one and len(texts) > 1 else " ".join(texts)


def said(*sayings: tuple[float, str], as_one: str = "") -> tuple[list[Span], list[Hushed]]:
    """Ana says each text for 0.9 s at its second. Returns her speech and the events that followed."""
    spans = [Span.seconds(start, start + 0.9) for start, _ in sayings]
    events: list[Event] = []
    for span in spans:
        events += [
            VoiceOn(at=span.start + FOUND, onset=span.start),
            SpeechOn(at=span.start + NAMED, who="Ana", onset=span.start, confidence=1.0),
            VoiceOff(at=span.end + JOIN, end=span.end),
            Speech(at=span.end + WHOSE, who="Ana", span=span, confidence=1.0),
        ]
    events.sort(key=lambda event: event.at)
    ear = Told(events)
    texts = {span.start: text for span, (_, text) in zip(spans, sayings, strict=True)}
    table = Pipeline(
        ear,  # type: ignore[arg-type]
        Settings(),
        ("Ana", "Ben"),
        catalogue=Catalogue.load(),
        recogniser=Foreseeing(texts, lambda: ear.now, as_one),
    )
    told: list[Event] = []
    for start in range(0, spans[-1].end + as_samples(2.0), HOP):
        told += table.hop(Block(start, np.zeros((HOP, 1), np.float32)))
    return spans, [event for event in told if isinstance(event, Hushed)]


def test_voice_commands_work_within_half_a_second() -> None:
    spans, hushed = said((1.0, "Coach, quiet."), (5.0, "Coach, go on."))
    assert [event.on for event in hushed] == [True, False]
    for span, event in zip(spans, hushed, strict=True):
        assert 0 < event.at - span.end <= as_samples(0.5)


def test_a_short_pause_after_the_name_makes_no_difference_but_a_long_one_does() -> None:
    assert [event.on for event in said((1.0, "Coach."), (2.4, "Quiet."))[1]] == [True]
    assert said((1.0, "Coach."), (4.0, "Quiet."))[1] == []
    assert said((1.0, "He is a coach."), (2.4, "Quiet."))[1] == []


def test_a_name_that_is_misrecognised_alone_is_understood_with_its_command() -> None:
    spans, (hushed,) = said((1.0, "Closed."), (2.4, "Wide."), as_one="Coach, quiet.")
    assert hushed.at - spans[1].end <= as_samples(0.5)
    assert said((1.0, "Closed."), (3.0, "Wide."), as_one="Coach, quiet.")[1] == []


def test_a_command_that_changes_nothing_has_no_effect() -> None:
    _, hushed = said((1.0, "Coach, go on."), (4.0, "Coach, quiet."), (7.0, "Couch, quiet."))
    assert [event.on for event in hushed] == [True]


def test_talk_about_a_coach_hushes_nobody() -> None:
    assert said((1.0, "My coach was quiet today."))[1] == []


def hushed_while_it_speaks(folder: Path, at_s: float) -> Evening:
    """An invitation of four seconds is given after one second; the key is pressed at `at_s`."""
    stage = Stage(iter(()))
    evening = Evening(folder, stage, plan(settings=Settings(cues="none")))

    def quiet() -> Iterator[Block]:
        for block in blocks(room(8.0)):
            if block.start == as_samples(at_s):
                evening.session.command("hush")
            if block.start == as_samples(1.0):
                evening.session.parts.output.say("inward", "")
                wait("the cue", lambda: evening.player.playing or evening.session.parts.pipeline.hushed)
            yield block

    stage.told = quiet()
    evening.run()
    return evening


def test_a_key_stops_a_spoken_cue_within_a_fifth_of_a_second(tmp_path: Path) -> None:
    evening = hushed_while_it_speaks(tmp_path, 2.0)
    (played,) = evening.of(CuePlayed)
    assert played.cut
    assert played.span.end <= as_samples(2.0 + 0.2)


def test_a_cue_held_back_after_a_hush_is_reported_with_its_reason(tmp_path: Path) -> None:
    evening = hushed_while_it_speaks(tmp_path, 0.5)
    assert evening.player.played == []
    (failed,) = evening.of(CueFailed)
    assert failed.reason == "the coach was asked to be quiet"
