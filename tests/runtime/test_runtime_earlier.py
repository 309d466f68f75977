"""A breath that grows begins with the last sessions of the same people, where they hold enough answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coach.audio.player import NoPlayer
from coach.core.events import Ended, Speech
from coach.core.settings import EARLIER_PAUSE, Settings
from coach.core.span import Span, as_samples, as_seconds
from coach.runtime import Devices, Options, Plan, get_ready
from coach.runtime.earlier import CONFIG, earlier_pause
from coach.runtime.live import NAMELESS
from coach.sessions import DATABASE_FILE, SessionHeader, Store
from tests.runtime.staged import Stage, blocks, room

PAIR = ("Ana", "Ben")
BEGAN = datetime(2026, 3, 7, 20, 15, tzinfo=UTC)


def speech(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end + 0.5), who=who, span=Span.seconds(start, end), confidence=1.0)


def talked(folder: Path, *pauses: float, people: tuple[str, ...] = PAIR, source: str = "", day: int = 0) -> None:
    """Stores a session in which the second person answers the first, each time after one of these pauses (s)."""
    one, other = people
    shares = [
        event
        for n, pause in enumerate(pauses)
        for event in (speech(one, 30 * n, 30 * n + 8), speech(other, 30 * n + 8 + pause, 30 * n + 11 + pause))
    ]
    with Store(folder / DATABASE_FILE, now=lambda: BEGAN + timedelta(days=day)) as store:
        number = store.begin(SessionHeader(people=people, source=source, settings=Settings().as_dict()))
        store.write(number, [*shares, Ended(at=as_samples(200), reason="ended by hand")])


def test_the_median_is_that_of_all_answers_in_their_last_sessions(tmp_path):
    talked(tmp_path, 0.2, 0.4)
    talked(tmp_path, 0.6, 2.0, day=1)
    assert earlier_pause(tmp_path, PAIR) == 0.5
    assert earlier_pause(tmp_path, ("Ben", "Ana")) == 0.5


def test_only_the_last_sessions_count(tmp_path):
    for day in range(5):
        talked(tmp_path, 3.0, 3.0, 3.0, 3.0, day=day)
    for day in range(5, 5 + CONFIG.sessions):
        talked(tmp_path, 0.8, 0.8, day=day)
    assert earlier_pause(tmp_path, PAIR) == 0.8


@pytest.mark.parametrize("pauses", [(), (0.4,), (0.4, 0.6, 0.8)])
def test_fewer_than_four_answers_say_nothing(tmp_path, pauses):
    talked(tmp_path, *pauses)
    assert earlier_pause(tmp_path, PAIR) is None


def test_other_people_and_the_sample_say_nothing(tmp_path):
    assert earlier_pause(tmp_path, PAIR) is None
    assert not list(tmp_path.iterdir())  # nothing is stored to find that out
    talked(tmp_path, 1.0, 1.0, 1.0, 1.0, source="sample.flac")  # the only session: there is no other to prefer
    assert earlier_pause(tmp_path, PAIR) is None
    talked(tmp_path, 1.0, 1.0, 1.0, 1.0, people=("Ana", "Cleo"))
    assert earlier_pause(tmp_path, PAIR) is None
    assert earlier_pause(tmp_path, ("Ana", "Cleo")) == 1.0


def test_the_plan_begins_there_and_what_is_stored_says_so():
    settings = Settings(people=PAIR, pause_grows=True)
    known, unknown = (Plan(people=PAIR, settings=settings, version="0", earlier_pause=pause) for pause in (1.0, None))
    assert [as_seconds(plan.breath) for plan in (known, unknown)] == [1.1, 0.5]
    assert known.stored_settings == {**settings.as_dict(), EARLIER_PAUSE: 1.0}
    assert unknown.stored_settings == settings.as_dict()


@pytest.fixture
def microphone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A microphone that nobody speaks into; four answers of the pair lie in the folder of the sessions."""
    silent = Devices(source=Stage(blocks(room(0.1))), speaker=NoPlayer(), sample=False, played_back=False)
    monkeypatch.setattr("coach.runtime.live.open_devices", lambda *_, **__: silent)
    monkeypatch.setattr("coach.runtime.live.data_folder", lambda: tmp_path)
    for people in (PAIR, NAMELESS):
        talked(tmp_path, 1.0, 1.0, 1.0, 1.0, people=people)
    return tmp_path


@pytest.mark.usefixtures("microphone")
@pytest.mark.parametrize(
    ("people", "grows", "begins_at"),
    [
        (PAIR, True, 1.0),
        (("Ana", "Cleo"), True, None),
        (PAIR, False, None),  # they chose a breath that stays
        ((), True, None),  # who has no name was perhaps somebody else
    ],
)
def test_a_session_looks_up_the_pause_of_its_people_for_a_breath_that_grows(people, grows, begins_at):
    settings = Settings(people=people, pause_grows=grows, transcriber="none")
    ready = get_ready(Options(settings=settings, voice_activity="webrtc", check_in=False))
    assert ready.plan.earlier_pause == begins_at


def test_a_recording_begins_as_if_there_were_no_earlier_sessions(microphone, monkeypatch):
    """What is heard in a file does not depend on what happens to be stored."""
    played = Devices(source=Stage(blocks(room(0.1))), speaker=NoPlayer(), sample=False, played_back=True)
    monkeypatch.setattr("coach.runtime.live.open_devices", lambda *_, **__: played)
    settings = Settings(people=PAIR, pause_grows=True, transcriber="none")
    ready = get_ready(Options(settings=settings, voice_activity="webrtc", check_in=False))
    assert ready.plan.earlier_pause is None
