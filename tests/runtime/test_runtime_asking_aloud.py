"""Asking aloud before a session: a short yes or no is taken, and the microphone is closed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from coach.audio import Played
from coach.audio.source import Block
from coach.coaching import Catalogue
from coach.conversation import SpeechState
from coach.core.settings import Settings
from coach.core.span import RATE, as_samples
from coach.runtime import Options
from coach.runtime.asking_aloud import ask_aloud, ask_people_aloud, may_ask_aloud
from coach.sessions import SessionHeader, Store, answer
from tests.runtime.staged import PEOPLE, Stage, blocks, room, sample
from tests.waiting import wait

QUESTION = 2 * RATE  # samples that the coach takes to ask


class Engine:
    """A transcriber that hears `text` in every sound."""

    name, languages = "engine", "English"

    def __init__(self, text: str) -> None:
        self.text = text
        self.heard: list[int] = []
        self.closed = False

    def transcribe(self, samples: np.ndarray) -> str:
        self.heard.append(len(samples))
        return self.text

    def close(self) -> None:
        self.closed = True


class Voice:
    """The coach's voice, which is silent for the test and takes `QUESTION` for each line.

    `fails` says how the first lines end that are not heard whole: "cut", "dropped", or "off" for switched off.
    """

    def __init__(self, *fails: str) -> None:
        self.said: list[tuple[str, str]] = []
        self.ended: list[Played] = []
        self._fails, self._left = list(fails), 0

    def say(self, kind: str, text: str) -> None:
        self.said.append((kind, text))
        how = self._fails.pop(0) if self._fails else ""
        if how == "dropped":
            self._left = 0
            self.ended.append(Played(kind, 0, cut=False, failed="somebody began to speak"))
        elif how != "off":
            self._left = QUESTION // (2 if how else 1)
            self._now = Played(kind, self._left, cut=how == "cut")

    def follow(self, speech: SpeechState) -> None:
        """Does nothing."""

    def skip(self, n: int) -> None:
        if 0 < self._left <= n:
            self.ended.append(self._now)
        self._left = max(0, self._left - n)

    def reference(self, n: int) -> np.ndarray:
        self.skip(n)
        return np.zeros(n, np.float32)

    def finished(self) -> list[Played]:
        ended, self.ended = self.ended, []
        return ended

    @property
    def busy(self) -> bool:
        return self._left > 0 or bool(self.ended)


@dataclass
class Before:
    """People before a session: who is missing, who answered, who was shown as asked."""

    engine: Engine
    missing: list[str] = field(default_factory=lambda: list(PEOPLE))
    answers: list[tuple[str, bool]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    voice: Voice = field(default_factory=Voice)
    source: Stage = field(default_factory=lambda: Stage(iter(())))

    def answered(self, who: str, yes: bool) -> None:
        self.answers.append((who, yes))
        self.missing = [name for name in self.missing if name != who] if yes else []

    def run(self, told: Iterator[Block]) -> Before:
        self.source.told = told
        ask_aloud(
            self.source,
            PEOPLE,
            keep="words",
            catalogue=Catalogue.load(),
            output=self.voice,
            transcriber=self.engine,  # type: ignore[arg-type]
            waiting=lambda: self.missing,
            answered=self.answered,
            prompt=self.shown.append,
        )
        return self


def word() -> np.ndarray:
    """A second of somebody's speech, with what is around it."""
    return sample()[as_samples(1.14) : as_samples(2.47)]


def room_with(before: Before, *sounds: np.ndarray) -> Iterator[Block]:
    """A question's length and a second before each of `sounds`, which the recogniser hears before time goes on."""
    at = 0
    for n, sound in enumerate(sounds, 1):
        for block in blocks(np.concatenate([room(4.0), sound, room(1.0)]), at):
            at = block.start + len(block.samples)
            yield block
        if len(sound) < 2 * RATE:
            wait("the words", lambda n=n: len(before.engine.heard) >= n)
    yield from blocks(room(60.0), at)


@pytest.mark.parametrize("yes", [True, False])
def test_a_short_answer_of_the_person_who_is_asked_is_taken(yes: bool) -> None:
    before = Before(Engine("Yes, please." if yes else "No, not now."))
    before.run(room_with(before, word(), word()))
    assert before.answers == ([("Ana", True), ("Ben", True)] if yes else [("Ana", False)])
    assert [kind for kind, _ in before.voice.said] == ["may_words"] * (2 if yes else 1)
    assert before.voice.said[0][1].startswith("Ana, please say yes or no")
    assert before.shown == (["Ana", "Ben", ""] if yes else ["Ana", ""])
    assert before.source.closed
    assert before.engine.closed


def test_a_talk_is_no_answer_and_is_not_even_recognised() -> None:
    before = Before(Engine("Yes."))
    start = as_samples(40.0)
    before.run(room_with(before, sample()[start : start + as_samples(6.0)]))
    assert before.engine.heard == []
    assert before.answers == []


@pytest.mark.parametrize("fails", ["cut", "dropped", "off"])
def test_no_yes_comes_from_a_question_that_was_not_heard_to_its_end(fails: str) -> None:
    before = Before(Engine("Yes."), voice=Voice(*[fails] * 4))
    before.run(room_with(before, word(), word()))
    assert before.answers == []
    assert [text.partition(",")[0] for _, text in before.voice.said] == ["Ana", "Ana", "Ben", "Ben"]
    assert before.source.closed
    assert before.shown[-1] == ""


@pytest.mark.parametrize("fails", ["cut", "dropped"])
def test_a_question_that_was_not_heard_to_its_end_is_asked_again(fails: str) -> None:
    before = Before(Engine("Yes."), voice=Voice(fails))
    before.run(room_with(before, word(), word()))
    assert before.answers == [("Ana", True), ("Ben", True)]
    assert [text.partition(",")[0] for _, text in before.voice.said] == ["Ana", "Ana", "Ben"]


def test_without_an_answer_each_is_asked_twice_and_then_it_listens_no_more() -> None:
    before = Before(Engine("Yes."))
    before.run(blocks(room(120.0)))
    assert before.answers == []
    assert [text.partition(",")[0] for _, text in before.voice.said] == ["Ana", "Ana", "Ben", "Ben"]
    assert before.source.closed


def test_taps_end_it() -> None:
    before = Before(Engine("Yes."))

    def tapped() -> Iterator[Block]:
        for block in blocks(room(20.0)):
            if block.start >= as_samples(3.0):
                before.missing = ["Ben"]
            if block.start >= as_samples(6.0):
                before.missing = []
            assert block.start < as_samples(7.0)
            yield block

    before.run(tapped())
    assert [text.partition(",")[0] for _, text in before.voice.said] == ["Ana", "Ben"]


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"spoken_consent": False}, False),
        ({"people": ("Ana", "Cleo")}, False),
        ({"language": "fi"}, False),
        ({"language": "auto"}, False),
        ({"transcriber": "none"}, False),
        ({"input": "sample"}, False),
        ({"input": "talk.wav"}, False),
        ({"channels": {"Ana": 0, "Ben": 1}}, False),
    ],
)
def test_people_are_asked_aloud_where_they_agreed_to_it_and_would_be_understood(tmp_path, changes, may) -> None:
    with Store(tmp_path / "coach.db") as store:
        said = [each for who in PEOPLE for each in answer(who, "stats", yes=True, how="tap", aloud=True)]
        store.write(store.begin(SessionHeader(people=PEOPLE)), said)
        channels = changes.pop("channels", {})
        settings = Settings(**{"people": PEOPLE, "spoken_consent": True, **changes})
        assert may_ask_aloud(store, Options(settings=settings, channels=channels)) == may


@pytest.mark.parametrize(("cues", "missing"), [("full", ()), ("none", PEOPLE)], ids=["all answered", "inaudible"])
def test_no_microphone_is_opened_where_nobody_is_left_to_be_asked_or_the_coach_cannot_be_heard(cues, missing) -> None:
    settings = Settings(people=PEOPLE, spoken_consent=True, cues=cues, input="nosuch", output="nosuch")  # which raise
    said: list[object] = []
    ask_people_aloud(
        Options(settings=settings),
        waiting=lambda: missing,
        answered=lambda who, yes: said.append((who, yes)),
        prompt=said.append,
    )
    assert said == []
