"""Somebody takes their yes back aloud: it ends at once, and erases what the button would erase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from coach.asr import Job, Result
from coach.audio.source import Block
from coach.coaching import Catalogue
from coach.core.events import UNKNOWN, Consented, Ended, Event, Notice, Speech, VoiceOff, VoiceOn, Words
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, Span, as_samples
from coach.cues import LISTENED_TO
from coach.runtime.live import settle, tell_that_it_stopped
from coach.runtime.opening import Opening
from coach.runtime.pipeline import NOT_AGREED, Pipeline
from coach.sessions import answer
from tests.runtime.staged import PEOPLE, Evening, Script, Stage, Told, blocks, plan, room, sample
from tests.runtime.test_runtime_hush import Foreseeing

STOP = "Coach, stop listening."
STORY = "Yesterday my sister called me from the station."


def all_said(aloud: bool | None) -> tuple[Consented, ...]:
    return tuple(each for who in PEOPLE for each in answer(who, "audio", yes=True, how="key", aloud=aloud))


# ------------------------------------------------------------------------------------------------------ the pipeline


@dataclass
class HalfHeard(Foreseeing):
    """Its early words are the first half of what somebody says."""

    def ahead(self) -> list[Result]:
        return [Result(UNKNOWN, job.span, STOP, 0.1) for job in self._begun()]

    def _begun(self) -> list[Job]:
        begun, self.waiting = self.waiting, []
        return begun


def told(text: str, *, aloud: bool | None, sure: float = 1.0, times: int = 1, half: bool = False) -> list[Event]:
    """Ana says `text`, for `times` times; gives what follows besides."""
    events: list[Event] = []
    for n in range(times):
        span = Span.seconds(1.0 + 4 * n, 2.2 + 4 * n)
        events += [
            VoiceOn(at=span.start + RATE // 10, onset=span.start),
            VoiceOff(at=span.end + RATE // 5, end=span.end),
            Speech(at=span.end + RATE // 4, who="Ana", span=span, confidence=sure),
        ]
    ear = Told(events)
    texts = {Span.seconds(1.0 + 4 * n, 2.0 + 4 * n).start: text for n in range(times)}
    recogniser = (HalfHeard if half else Foreseeing)(texts, lambda: ear.now)
    table = Pipeline(
        ear,  # type: ignore[arg-type]
        Settings(),
        PEOPLE,
        catalogue=Catalogue.load(),
        recogniser=recogniser,
        aloud=aloud,
    )
    found: list[Event] = []
    for start in range(0, as_samples(4.0 * times + 1.0), HOP):
        found += table.hop(Block(start, np.zeros((HOP, 1), np.float32)))
    return [event for event in found if isinstance(event, Consented | Notice)]


def test_a_yes_is_taken_back_within_two_seconds_of_the_words() -> None:
    (said,) = told(STOP, aloud=True)
    assert isinstance(said, Consented)
    assert (said.who, said.to, said.yes, said.how) == ("Ana", "listen", False, "voice")
    assert said.at <= as_samples(2.2 + 2.0)


def test_it_is_said_when_it_is_not_sure_who_takes_it_back() -> None:
    (said,) = told(STOP, aloud=True, sure=0.5)
    assert isinstance(said, Consented)
    assert said.who == UNKNOWN


def test_where_not_everybody_has_agreed_to_that_it_counts_for_nothing_and_is_explained_once() -> None:
    assert [event.text for event in told(STOP, aloud=False, times=2) if isinstance(event, Notice)] == [NOT_AGREED]
    assert not [event for event in told(STOP, aloud=False) if isinstance(event, Consented)]


def test_in_a_recording_it_means_nothing() -> None:
    assert told(STOP, aloud=None) == []


def test_the_first_half_of_a_sentence_takes_nothing_back() -> None:
    assert told("Coach, stop listening to him.", aloud=True, half=True) == []


# ------------------------------------------------------------------------------------------------------- the session


def evening_of(folder: Path, *, aloud: bool | None) -> Evening:
    """Ana and Ben talk for half a minute with words and sound kept; the third utterance is the command."""
    stage = Stage(iter(()))
    going_on = plan(settings=Settings(keep="audio", cues="none", transcriber="auto"), played_back=False)
    script = Script(STORY, STORY, STOP, STORY)
    evening = Evening(folder, stage, going_on, transcriber=script, consents=all_said(aloud))

    def talk() -> Iterator[Block]:
        for block in blocks(np.concatenate([sample()[as_samples(20.0) : as_samples(60.0)], room(3.0)])):
            if block.start % RATE == 0:
                evening.read_up()
            yield block

    stage.told = talk()
    evening.run()
    return evening


def test_it_ends_at_once_and_with_one_microphone_all_words_and_sound_are_erased(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, aloud=True)
    (said,) = [event for event in evening.of(Consented) if not event.yes]
    (ended,) = evening.of(Ended)
    assert said.who in PEOPLE
    assert ended.reason == f"{said.who} asked it to stop"
    assert ended.at - said.at < RATE
    number = evening.session.number
    assert number is not None
    assert evening.store.sound_file(number).exists()
    assert settle(evening.store, evening.session)
    assert not evening.store.sound_file(number).exists()
    words = [event for event in evening.stored if isinstance(event, Words)]
    assert len(words) >= 2
    assert [event.text for event in words] == [None] * len(words)
    assert said in evening.stored
    assert evening.session.stopped_aloud


def test_without_everybodys_agreement_the_session_goes_on_and_keeps_its_words(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, aloud=None)
    assert [event.reason for event in evening.of(Ended)] == ["the sound ended"]
    assert settle(evening.store, evening.session)
    assert any(event.text for event in evening.stored if isinstance(event, Words))


def test_if_it_is_not_sure_who_said_it_the_session_ends_and_nothing_is_erased(tmp_path: Path) -> None:
    stage = Stage(iter(()))
    kept = plan(settings=Settings(keep="audio", transcriber="auto"), played_back=False)
    evening = Evening(tmp_path, stage, kept, transcriber=Script(*[STORY] * 20))
    unsure = Consented(at=RATE, who=UNKNOWN, to="listen", yes=False, how="voice")

    def talk() -> Iterator[Block]:
        for block in blocks(sample()[as_samples(20.0) : as_samples(40.0)]):
            if block.start >= as_samples(15.0):
                evening.session.parts.inbox.withdraw(unsure)
            yield block

    stage.told = talk()
    evening.run()
    assert [event.reason for event in evening.of(Ended)] == ["somebody asked it to stop"]
    assert settle(evening.store, evening.session)
    assert evening.session.number is not None
    assert evening.store.sound_file(evening.session.number).exists()
    words = [event for event in evening.stored if isinstance(event, Words)]
    assert words
    assert all(event.text for event in words)


@pytest.mark.parametrize("aloud", [True, False])
def test_people_are_told_aloud_how_to_take_a_yes_back_if_they_may(aloud: bool) -> None:
    catalogue = Catalogue.load()
    kinds = [kind for kind, _ in Opening(plan(voices={}, played_back=False), catalogue, None, aloud).announced]
    assert ("consent_aloud" in kinds) == aloud
    assert "consent_aloud" in LISTENED_TO


def test_a_speaker_that_is_gone_at_the_end_does_not_make_the_session_fail(tmp_path: Path) -> None:
    evening = Evening(tmp_path, Stage(iter(())), plan(played_back=False))
    evening.session.parts.inbox.withdraw(Consented(at=RATE, who=UNKNOWN, to="listen", yes=False, how="voice"))
    evening.run()
    gone = plan(settings=Settings(output="nosuch"), played_back=False)
    assert tell_that_it_stopped(gone, evening.session).startswith("it has stopped, and could not say so aloud: ")
