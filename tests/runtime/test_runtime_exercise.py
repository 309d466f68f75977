"""Timed turns, the rehearsal and the guided beginning in a complete session."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coach.audio.recording import Recording
from coach.coaching import Catalogue
from coach.core.events import Cue, CuePlayed, Ended, FloorTaken, Notice, Speech
from coach.core.settings import Settings
from coach.core.span import RATE, as_seconds
from tests.runtime.staged import AtOnce, Evening, Stage, blocks, excerpt, plan, room, sample

CATALOGUE = Catalogue.load()
QUESTION = CATALOGUE["opening"].wordings[0]


def silent(folder: Path, seconds: float, **changes: object) -> Evening:
    return Evening(folder, Stage(blocks(room(seconds))), plan(**changes))


def test_turns_by_the_clock_change_at_half_time_and_end_the_session(tmp_path: Path) -> None:
    evening = silent(tmp_path, 30.0, turns=0.1)
    evening.run()
    bowls = [(cue.kind, as_seconds(cue.at)) for cue in evening.of(Cue)]
    assert bowls == [("turn_over", 3.0), ("turn_over", 6.0)]
    assert [played.kind for played in evening.of(CuePlayed)] == ["turn_over", "turn_over"]
    assert [notice.text for notice in evening.of(Notice)] == [
        "Ana shares first, and Ben listens.",
        "Now Ben shares, and Ana listens.",
    ]
    (ended,) = evening.of(Ended)
    assert ended.reason == "both had their turn"
    assert 6.0 < as_seconds(ended.at) < 14.0  # the bowl plays to its end


def test_a_rehearsal_attributes_all_speech_to_its_person(tmp_path: Path) -> None:
    source = Recording(excerpt(tmp_path, 0, 20), block_s=0.02)
    evening = Evening(tmp_path, source, plan(people=("You",), voices={}, question=QUESTION))
    evening.run()
    assert {speech.who for speech in evening.of(Speech)} == {"You"}
    assert evening.of(FloorTaken) == []
    assert [notice.text for notice in evening.of(Notice)] == [QUESTION]
    assert QUESTION not in [event.text for event in evening.stored if isinstance(event, Notice)]
    assert evening.store.session(evening.session.number).attribution == "alone"


def live(folder: Path, sound: np.ndarray, catalogue: Catalogue = CATALOGUE, **changes: object) -> Evening:
    """A session with people in the room, in which each line takes four seconds."""
    wanted = plan(played_back=False, voices={}, **changes)
    return Evening(folder, Stage(blocks(sound)), wanted, clock=AtOnce(), catalogue=catalogue)


def test_a_rehearsal_begins_with_its_question_and_then_listens(tmp_path: Path) -> None:
    told = sample()[: 10 * RATE]
    evening = live(tmp_path, np.concatenate([room(30.0), told, room(1.0)]), people=("You",), question=QUESTION)
    evening.run()
    assert evening.player.played[:3] == ["consent_alone", "keep_stats", "opening"]
    assert QUESTION in evening.prompts
    assert evening.prompts[-1] == ""
    assert {speech.who for speech in evening.of(Speech)} == {"You"}


def test_the_guided_beginning_comes_before_the_talk_and_is_shown(tmp_path: Path) -> None:
    settings = Settings(cues="none", quiet_first=0.0)
    shorter = Catalogue.load(override='[practice]\nwordings = ["Arrive.", "Begin."]')
    evening = live(tmp_path, room(20.0), shorter, check_in=False, practice=True, settings=settings)
    evening.run()
    assert [prompt for prompt in evening.prompts if prompt] == ["Arrive.", "Begin."]
    assert evening.prompts[-1] == ""


def test_there_are_no_opening_lines_for_people_in_a_recording(tmp_path: Path) -> None:
    evening = silent(tmp_path, 3.0, practice=True)
    evening.run()
    assert evening.prompts == []
    assert evening.player.played == []
