"""The check-in: names are matched to voices, one person cannot enrol twice, and it can be skipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from coach.audio.source import Block
from coach.coaching import Catalogue
from coach.conversation import SpeechState
from coach.core.events import Enrolled, Event, Notice, Speech, VoiceOff, VoiceOn
from coach.core.settings import Settings
from coach.core.span import as_samples
from coach.diarization.ear import Ear
from coach.runtime.check_in_phase import CheckInPhase
from tests.runtime.staged import PEOPLE, RATE, Evening, Stage, blocks, check_in, plan, room, sample, truth

CATALOGUE = Catalogue.load()


def sentence(who: str) -> np.ndarray:
    """The person's check-in sentence, followed by two seconds of silence."""
    span = check_in(who)
    return np.concatenate([sample()[span.start : span.end], room(2.0)])


def evening_of(folder: Path, *said: np.ndarray) -> Evening:
    evening = Evening(
        folder,
        Stage(blocks(np.concatenate([room(1.0), *said]))),
        plan(settings=Settings(quiet_first=0.0), voices={}),
    )
    evening.run()
    return evening


def test_two_people_who_each_say_a_sentence_are_enrolled_and_then_recognised(tmp_path: Path) -> None:
    talk = sample()[as_samples(truth()["enrolment"]["Ben"][1] + 1.5) : 36 * RATE]
    evening = evening_of(tmp_path, sentence("Ana"), sentence("Ben"), talk)
    assert [event.who for event in evening.of(Enrolled)] == list(PEOPLE)
    begun = evening.of(Enrolled)[-1].at
    assert {event.who for event in evening.of(Speech)} == set(PEOPLE)
    assert all(event.span.start > begun for event in evening.of(Speech))
    assert evening.of(Notice) == []
    asked = [CATALOGUE.line("checkin_ask", name=who) for who in PEOPLE]
    assert evening.prompts == [*asked, ""]
    assert evening.store.session(evening.session.number).attribution == "enrolled"


def test_a_voice_is_learnt_from_the_spans_in_which_it_was_heard(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, sentence("Ana"), sentence("Ben"))
    hers, his = (event.span for event in evening.of(Enrolled))
    assert abs(hers.start - RATE) <= as_samples(0.05)
    assert abs(hers.duration - check_in("Ana").duration) <= as_samples(0.1)
    assert hers.end < his.start


def test_a_voice_like_the_one_before_is_asked_again_once(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, sentence("Ana"), sentence("Ana"), sentence("Ben"))
    assert [event.who for event in evening.of(Enrolled)] == list(PEOPLE)
    again = CATALOGUE.line("checkin_again", name="Ben")
    assert evening.prompts.count(again) == 1
    assert evening.of(Notice) == []
    his = evening.of(Enrolled)[-1].span
    assert his.start > RATE + 2 * len(sentence("Ana")) - RATE  # the third sentence, which was Ben's


def test_the_same_voice_a_third_time_is_accepted_with_a_notice(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, sentence("Ana"), sentence("Ana"), sentence("Ana"))
    assert [event.who for event in evening.of(Enrolled)] == list(PEOPLE)
    (notice,) = evening.of(Notice)
    assert "the voices of Ana and Ben are hard to tell apart" in notice.text


def test_skipping_the_check_in_gives_a_notice_of_the_consequences(tmp_path: Path) -> None:
    stage = Stage(iter(()))
    evening = Evening(tmp_path, stage, plan(settings=Settings(quiet_first=0.0), voices={}))

    def skipped() -> Iterator[Block]:
        for block in blocks(np.concatenate([room(1.0), sentence("Ana"), sentence("Ben")])):
            if block.start == 2 * RATE:
                evening.session.command("skip")
            yield block

    stage.told = skipped()
    evening.run()
    (notice,) = evening.of(Notice)
    assert "no voice was learnt" in notice.text
    assert evening.of(Enrolled) == []
    assert evening.prompts[-1] == ""
    assert {event.who for event in evening.of(Speech)} == {"?"}  # heard, but attributed to nobody


def test_speech_during_the_check_in_does_not_count(tmp_path: Path) -> None:
    evening = evening_of(tmp_path, sentence("Ana"))
    assert evening.of(Speech) == []
    assert evening.of(VoiceOn)
    assert [event.who for event in evening.of(Enrolled)] == ["Ana"]


class Announcer:
    """An output whose `announcing` the test sets."""

    def __init__(self, announcing: bool = True) -> None:
        self.announcing = announcing
        self.said: list[str] = []

    def say(self, kind: str, text: str) -> None:
        self.said.append(kind)


def after_a_sound(phase: CheckInPhase) -> list[Event]:
    """What is told two seconds after six seconds of what the quick detector takes for a voice."""
    speech = SpeechState()
    phase.tick(speech)
    for event in (VoiceOn(at=1600, onset=0), VoiceOff(at=7 * RATE, end=6 * RATE)):
        speech = speech.after(event)
        phase.hear(event, speech)
    return phase.tick(speech.at(8 * RATE))


def test_a_voice_during_the_coachs_own_words_is_attributed_to_nobody() -> None:
    output, ear = Announcer(), Ear()
    beginning = CheckInPhase(ear, PEOPLE, CATALOGUE, output)
    assert after_a_sound(beginning) == []
    assert not beginning.voices
    output.announcing = False
    sound = np.concatenate([sentence("Ana"), room(1.0)])
    learnt, speech = [], SpeechState()
    for start in range(0, len(sound) - 320, 320):
        for event in ear.hop(sound[start : start + 320]):
            speech = speech.after(event)
            beginning.hear(event, speech)
        learnt += beginning.tick(speech.at(ear.now))
    assert [event.who for event in learnt if isinstance(event, Enrolled)] == ["Ana"]
    assert output.said == ["checkin_ask", "heard", "checkin_ask"]


def test_sound_without_a_voice_is_no_sentence_and_the_person_is_asked_for_more() -> None:
    """What the quick detector takes for speech the networks may not."""
    check_in = CheckInPhase(Ear(), PEOPLE, CATALOGUE, Announcer(announcing=False))
    assert after_a_sound(check_in) == []
    assert check_in.prompt == CATALOGUE.line("checkin_more", name="Ana")
    assert not check_in.voices
