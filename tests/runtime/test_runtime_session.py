"""Complete sessions: keys, cues, lost audio, notices. Time advances with the audio of the test."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.audio.microphone import Microphone
from coach.audio.player import NoPlayer
from coach.audio.source import Block, hops
from coach.coaching import Catalogue
from coach.core.events import (
    AudioGap,
    Cue,
    CueFailed,
    CuePlayed,
    DeviceLost,
    DeviceOpened,
    Ended,
    Event,
    HeardLess,
    Hushed,
    InputLevel,
    Lag,
    Marked,
    Notice,
    Speech,
    TakenUp,
    VoiceOn,
    Words,
)
from coach.core.messages import Message
from coach.core.settings import Settings
from coach.core.span import HOP, Span, as_samples
from coach.core.texts import texts
from coach.cues.sounds import CueSounds
from coach.cues.tts.rendering import NEURAL_CHILD
from coach.cues.tts.resident import Resident
from coach.diarization import FEWER_WINDOWS
from coach.diarization.ear import Ear
from coach.meaning import RunConfig, Runs
from coach.runtime.pipeline import Pipeline
from coach.runtime.relief import NO_WORDS, TOLD
from coach.runtime.session import Command
from tests.audio.conftest import DESK, UNIT, FakePort, Wall
from tests.runtime.staged import (
    PEOPLE,
    RATE,
    VOICELESS,
    Evening,
    Script,
    Stage,
    blocks,
    check_in,
    plan,
    room,
    sample,
    truth,
)
from tests.waiting import PATIENCE_S, wait
from tests.without_voices import EVERY, without_voices

TONES = Settings(quiet_first=0.0, cues="tones", long_share=5.0, tones_an_hour=3600)
STORY = "Yesterday my sister called me from the station. Then we went to the house and we took the train to the city."
TELLS = as_samples(12.0)  # of events until an invitation is due here; by default 45 s, which the whole sample tests


def jump_in() -> tuple[np.ndarray, float]:
    """Ben's share and Ana's early answer; and the second at which she begins."""
    row = next(row for row in truth()["transfers"] if row["too_soon"])
    start = row["at_s"] - 9.5
    return sample()[as_samples(start) : as_samples(row["at_s"] + 4.5)], 9.5


def pressed(evening: Evening, *keys: tuple[float, Command]) -> Iterator[Block]:
    """Six seconds of a quiet room in which keys are pressed."""
    left = list(keys)
    for block in blocks(room(6.0)):
        while left and block.start >= as_samples(left[0][0]):
            evening.session.command(left.pop(0)[1])
        yield block


def staged_evening(folder: Path, **changes: object) -> tuple[Evening, Stage]:
    """A session whose source is set afterwards, so that the source can refer to the session."""
    stage = Stage(iter(()))
    return Evening(folder, stage, plan(settings=TONES), **changes), stage  # type: ignore[arg-type]


# -------------------------------------------------------------------------------------------------------- keys


def test_requests_from_keys_are_carried_out_within_a_block_and_stored(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    stage.told = pressed(evening, (1.0, "hush"), (2.0, "mark"), (3.0, "hush"))
    evening.run()
    keys = [event for event in evening.shown if isinstance(event, Hushed | Marked)]
    assert [type(event) for event in keys] == [Hushed, Marked, Hushed]
    assert [event.on for event in keys if isinstance(event, Hushed)] == [True, False]
    assert [event.at / RATE for event in keys] == pytest.approx([1.0, 2.0, 3.0], abs=0.1)
    assert [event for event in evening.stored if isinstance(event, Hushed | Marked)] == keys


def test_ending_by_hand_ends_the_session_there(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    stage.told = pressed(evening, (2.0, "end"))
    evening.run()
    (ended,) = evening.of(Ended)
    assert ended.reason == "ended by hand"
    assert ended.at / RATE == pytest.approx(2.0, abs=0.15)
    assert evening.shown[-1] == evening.stored[-1] == ended
    assert stage.closed


def test_the_end_of_the_sound_ends_the_session(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    stage.told = blocks(room(2.0))
    evening.run()
    assert [(e.reason, e.at) for e in evening.of(Ended)] == [("the sound ended", 2 * RATE)]


def test_a_session_with_a_time_limit_ends_at_the_limit(tmp_path: Path) -> None:
    evening = Evening(tmp_path, Stage(blocks(room(5.0))), plan(settings=TONES, minutes=0.05))
    evening.run()
    assert [(e.reason, e.at) for e in evening.of(Ended)] == [("the time is up", 3 * RATE)]


def test_if_the_source_fails_the_session_so_far_is_kept(tmp_path: Path) -> None:
    def failing() -> Iterator[Block]:
        yield from blocks(jump_in()[0][: 8 * RATE])
        raise RuntimeError("the cable burns")

    evening = Evening(tmp_path, Stage(failing()), plan(settings=TONES))
    with pytest.raises(RuntimeError, match="the cable burns"):
        evening.run()
    assert [e for e in evening.stored if isinstance(e, Speech)]
    assert isinstance(evening.stored[-1], Ended)


def test_if_the_screen_fails_at_the_very_end_all_parts_are_closed_and_everything_is_stored(tmp_path: Path) -> None:
    over = threading.Event()

    class Late(Script):
        """A recogniser that fails only once the talk is over, so that a notice about it is left."""

        closed = False

        def transcribe(self, samples: np.ndarray) -> str:
            over.wait(PATIENCE_S)
            raise RuntimeError("out of memory")

        def close(self) -> None:
            self.closed = True

    def told() -> Iterator[Block]:
        yield from blocks(sample()[16 * RATE : 36 * RATE])
        over.set()

    def breaks(event: Event) -> None:
        if isinstance(event, Notice):
            raise OSError("the terminal is gone")

    engine = Late()
    evening = Evening(tmp_path, Stage(told()), plan(settings=TONES), transcriber=engine, looks=breaks)
    with pytest.raises(OSError, match="the terminal is gone"):
        evening.run()
    assert engine.closed
    assert evening.session.number is not None
    assert not evening.store.running(evening.session.number)
    assert isinstance(evening.stored[-2], Ended)
    assert isinstance(evening.stored[-1], Notice)


def test_if_the_source_cannot_be_closed_all_other_parts_are(tmp_path: Path) -> None:
    class Stuck(Stage):
        def close(self) -> None:
            raise OSError("the device is gone")

    evening = Evening(tmp_path, Stuck(blocks(room(1.0))), plan(settings=TONES))
    with pytest.raises(OSError, match="the device is gone"):
        evening.run()
    assert evening.session.number is not None
    assert not evening.store.running(evening.session.number)


# -------------------------------------------------------------------------------------------------------- cues


def test_a_given_cue_reaches_the_speaker_and_its_time_is_reported(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    sound, onset = jump_in()

    def talk() -> Iterator[Block]:
        for block in blocks(np.concatenate([sound, room(2.0)])):
            if any(cue.given for cue in evening.of(Cue)):
                wait("the tone", lambda: evening.player.played)
            yield block

    stage.told = talk()
    evening.run()
    (cue,) = [cue for cue in evening.of(Cue) if cue.given]
    assert (cue.kind, cue.form, cue.to) == ("too_soon", "tone", "Ana")
    assert 1.2 <= cue.at / RATE - onset <= 1.5
    assert evening.player.played == ["too_soon"]
    (played,) = evening.of(CuePlayed)
    assert not played.cut
    assert 0 <= played.span.start - cue.at <= as_samples(0.3)
    assert [e for e in evening.stored if isinstance(e, Cue | CuePlayed)] == [cue, played]


def test_a_hushed_coach_plays_no_cue_and_holds_it_back(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    evening.session.command("hush")
    stage.told = blocks(np.concatenate([jump_in()[0], room(1.0)]))
    evening.run()
    assert [(cue.kind, cue.given, cue.held_back) for cue in evening.of(Cue)] == [("too_soon", False, "hushed")]
    assert evening.player.played == []


@pytest.fixture(autouse=True)
def _soon_invited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.runtime.pipeline.Runs", partial(Runs, RunConfig(speech=TELLS)))


def long_share() -> np.ndarray:
    """The beginning of Ana's long share of events: its first units that together last longer than `TELLS`."""
    row = max((t for t in truth()["turns"] if t["speaker"] == "Ana"), key=lambda turn: turn["speech_s"])
    units = [Span.seconds(r["start_s"], r["end_s"]) for r in truth()["speech"] if r["speaker"] == "Ana"]
    told = [unit for unit in units if unit.start >= as_samples(row["start_s"])]
    so_far = accumulate(unit.duration for unit in told)
    end = next(unit.end for unit, speech in zip(told, so_far, strict=True) if speech > TELLS)
    return sample()[told[0].start - RATE // 2 : end + RATE // 10]


def invitations(evening: Evening) -> list[Cue]:
    return [cue for cue in evening.of(Cue) if cue.given and cue.kind == "inward"]


def invited(evening: Evening, then: np.ndarray, *, plays: bool) -> Iterator[Block]:
    """The long share with time for its words, a silence until the invitation comes, or `plays`, and then `then`."""
    heard = long_share()
    for block in blocks(heard):
        if block.start % RATE == 0:
            evening.read_up()
        yield block
    clock, silence = len(heard), blocks(room(5.0), len(heard))
    while not invitations(evening):
        evening.read_up()
        block = next(silence)
        clock = block.end
        yield block
    if plays:
        wait("the invitation", lambda: evening.player.playing)
    yield from blocks(then, clock)


def invitation(folder: Path, then: np.ndarray, cue_sounds: CueSounds | None = None) -> Evening:
    stage = Stage(iter(()))
    settings = Settings(quiet_first=0.0, cues="drill")
    evening = Evening(folder, stage, plan(settings=settings), transcriber=Script(STORY), cue_sounds=cue_sounds)
    stage.told = invited(evening, then, plays=cue_sounds is None)
    evening.run()
    return evening


def test_an_invitation_that_nobody_interrupts_plays_to_its_end(tmp_path: Path) -> None:
    evening = invitation(tmp_path, room(6.0))
    (cue,) = [cue for cue in evening.of(Cue) if cue.given]
    assert (cue.kind, cue.form, cue.to) == ("inward", "spoken", "Ana")
    (played,) = evening.of(CuePlayed)
    assert (played.kind, played.cut, played.span.duration) == ("inward", False, 4 * RATE)


def asked_for(folder: Path, then: np.ndarray, key_after_s: float | None) -> Evening:
    """The coach asks, and "yes" is pressed so many seconds after its rising tone."""
    stage = Stage(iter(()))
    settings = Settings(quiet_first=0.0, cues="drill", cue_style="ask")
    evening = Evening(folder, stage, plan(settings=settings), transcriber=Script(STORY))

    def asked() -> list[Cue]:
        return [cue for cue in evening.of(Cue) if cue.kind == "ask"]

    def talk() -> Iterator[Block]:
        heard = long_share()
        for block in blocks(heard):
            if block.start % RATE == 0:
                evening.read_up()
            yield block
        pressed = False
        for block in blocks(then, len(heard)):
            evening.read_up()
            if key_after_s is not None and not pressed and asked():
                pressed = block.start >= asked()[0].at + as_samples(key_after_s)
                if pressed:
                    evening.session.command("yes")
            if invitations(evening) and not evening.of(CuePlayed)[1:]:
                wait("the invitation", lambda: evening.player.playing or bool(evening.of(CuePlayed)[1:]))
            yield block

    stage.told = talk()
    evening.run()
    return evening


def test_the_key_says_yes_to_the_rising_tone_and_the_words_are_played_and_stored(tmp_path: Path) -> None:
    evening = asked_for(tmp_path, room(16.0), key_after_s=3.0)
    asked, told = evening.of(Cue)
    assert [(cue.kind, cue.form, cue.to, cue.given) for cue in (asked, told)] == [
        ("ask", "tone", "Ana", True),
        ("inward", "spoken", "Ana", True),
    ]
    assert told.at - asked.at == pytest.approx(3 * RATE, abs=RATE // 5)
    assert [(played.kind, played.cut) for played in evening.of(CuePlayed)] == [("ask", False), ("inward", False)]
    assert [event for event in evening.stored if isinstance(event, Cue)] == [asked, told]
    (pressed,) = evening.of(TakenUp)
    assert pressed not in evening.stored  # the words that follow say it


def test_without_a_yes_only_the_rising_tone_is_played(tmp_path: Path) -> None:
    evening = asked_for(tmp_path, room(13.0), key_after_s=None)
    asked, unsaid = evening.of(Cue)
    assert (asked.kind, unsaid.kind, unsaid.held_back) == ("ask", "inward", "not-taken-up")
    assert [played.kind for played in evening.of(CuePlayed)] == ["ask"]


class Noted(CueSounds):
    """A voice that records the requested texts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "cache", Catalogue.load())
        self.asked: list[str] = []

    def ready(self, kind: str, text: str = "") -> np.ndarray:
        self.asked.append(kind)
        return np.zeros(RATE, np.float32)


@pytest.mark.parametrize(
    ("settings", "rendered"),
    [
        (Settings(cues="full"), {"let_it_land", "inward", "slower"}),
        (Settings(cues="drill"), {"let_it_land", "inward", "slower"}),
        (Settings(cues="full", cues_off=("inward",)), {"let_it_land", "slower"}),
        (Settings(cues="tones"), set()),
        (Settings(cues="none"), set()),
    ],
)
def test_only_spoken_cues_that_can_play_are_rendered_ahead(
    settings: Settings, rendered: set[str], tmp_path: Path
) -> None:
    voice = Noted(tmp_path)
    evening = Evening(tmp_path, Stage(iter(blocks(room(1.0)))), plan(settings=settings), cue_sounds=voice)
    wait("the voice", lambda: not evening.session.parts.output.rendering)
    evening.run()
    assert set(voice.asked) == rendered


def test_a_voice_stops_an_invitation_which_is_reported_as_cut(tmp_path: Path) -> None:
    answer = truth()["enrolment"]["Ben"]
    voice = sample()[as_samples(answer[0]) : as_samples(answer[0] + 3)]
    evening = invitation(tmp_path, np.concatenate([room(1.0), voice, room(3.0)]))
    (played,) = evening.of(CuePlayed)
    assert played.cut
    (began,) = [e.at for e in evening.of(VoiceOn) if e.at > invitations(evening)[0].at]
    assert 0 <= played.span.end - began <= as_samples(0.2)


def test_a_cue_without_a_sound_is_reported_as_failed(tmp_path: Path) -> None:
    silent = CueSounds(tmp_path / "none", Catalogue.load(), shipped=False, **VOICELESS)
    evening = invitation(tmp_path, room(2.0), silent)
    (failed,) = evening.of(CueFailed)
    assert failed.kind == "inward"
    assert failed.reason
    assert evening.of(CuePlayed) == []
    assert evening.player.played == []
    assert len(evening.of(Notice)) == 1  # the notice that there is no voice
    assert failed in evening.stored


NEURAL_IS_MISSING = r"the neural voice cannot speak here \(.*hibari.*; another voice speaks instead"
NO_VOICE = r"no voice on this machine \(.*cues will be tones"
ONE_WORDING = """
[inward]
wordings = ["…and how was that?"]
[let_it_land]
enabled = false
[slower]
enabled = false
"""


@pytest.mark.parametrize(
    ("missing", "says", "plays"),
    [
        ("pyttsx3", "", True),
        ("espeak", "", True),
        ("hibari", NEURAL_IS_MISSING, True),
        ("hibari espeak", NEURAL_IS_MISSING, True),
        ("hibari py_nanotts", NEURAL_IS_MISSING, True),
        (f"{EVERY} espeak", NO_VOICE, False),
    ],
)
def test_without_each_voice_in_turn_the_next_one_invites_and_it_is_said_once(
    missing: str, says: str, plays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in without_voices(tmp_path / "without").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MISSING", missing)
    mine = Catalogue.load(override=ONE_WORDING)
    child = Resident(NEURAL_CHILD)
    voices = CueSounds(tmp_path / "cache", mine, neural=child)
    stage = Stage(iter(()))
    settings = Settings(quiet_first=0.0, cues="drill")
    evening = Evening(tmp_path, stage, plan(settings=settings), Script(STORY), cue_sounds=voices, catalogue=mine)
    wait("the rendering", lambda: voices.clip("inward", "…and how was that?") is not None or not plays)
    stage.told = invited(evening, room(6.0), plays=plays)
    evening.run()
    child.close()
    assert [type(event) for event in evening.of(CuePlayed) + evening.of(CueFailed)] == [
        CuePlayed if plays else CueFailed
    ]
    told = [notice.text for notice in evening.of(Notice) if "voice" in notice.text]
    assert len(told) == bool(says)
    assert all(re.match(says, text) for text in told)
    assert [event.reason for event in evening.of(Ended)] == ["the sound ended"]


def test_words_after_a_share_have_a_kind_of_response(tmp_path: Path) -> None:
    script = Script(STORY)
    evening, stage = staged_evening(tmp_path, transcriber=script)
    start, _ = truth()["enrolment"]["Ben"]
    answer = np.concatenate([sample()[as_samples(start) : as_samples(start + 3)], room(2.0)])
    share = np.concatenate([long_share(), room(2.0)])

    def talk() -> Iterator[Block]:
        for block in blocks(share):
            if block.start % RATE == 0:
                evening.read_up()
            yield block
        evening.read_up()
        script.texts = ("What was that like for you?",)
        yield from blocks(answer, len(share))

    stage.told = talk()
    evening.run()
    said = {who: [words for words in evening.of(Words) if words.who == who] for who in ("Ana", "Ben")}
    assert {words.response for words in said["Ana"]} == {None}
    answers = [words for words in said["Ben"] if words.text != "Mm-hm."]
    assert answers
    assert all(words.response == "open question" and words.p_response for words in answers)


# ------------------------------------------------------------------------------------ lost sound, notices, store


def test_lost_sound_is_stored_and_no_speech_spans_it(tmp_path: Path) -> None:
    sound, _ = jump_in()
    cut, back = 5 * RATE, 9 * RATE
    gap = AudioGap(at=back, span=Span(cut, back), reason="the microphone was away")

    def broken() -> Iterator[Block | Event]:
        yield DeviceOpened(at=0, device="stage", rate=RATE, channels=1)
        yield from blocks(sound[:cut])
        yield DeviceLost(at=cut, device="stage", reason="it was unplugged")
        yield gap
        yield from blocks(sound[cut:], back)

    evening = Evening(tmp_path, Stage(broken()), plan(settings=TONES))
    evening.run()
    assert gap in evening.stored
    assert [type(e) for e in evening.stored if isinstance(e, DeviceOpened | DeviceLost)] == [DeviceOpened, DeviceLost]
    spans = [event.span for event in evening.of(Speech)]
    assert any(span.end <= cut for span in spans)
    assert any(span.start >= back for span in spans)
    assert not any(span & gap.span for span in spans)


@pytest.mark.parametrize("loss", [DeviceLost, AudioGap])
def test_open_speech_closes_before_the_loss_of_sound_is_reported(loss: type[Event]) -> None:
    cut = check_in("Ana").start + 2 * RATE  # in the middle of her sentence
    lost = {
        DeviceLost: DeviceLost(at=cut, device="stage", reason="it was unplugged"),
        AudioGap: AudioGap(at=cut + RATE, span=Span(cut, cut + RATE), reason="the machine slept"),
    }[loss]
    pipeline = Pipeline(Ear(), TONES, PEOPLE, catalogue=Catalogue.load(), recogniser=None)
    for block in hops(blocks(sample()[:cut])):
        assert isinstance(block, Block)
        pipeline.hop(block)
    *before, told = pipeline.outside(lost)
    assert told == lost
    assert [event.span.end <= cut for event in before if isinstance(event, Speech)] == [True]


class Counting(NoPlayer):
    """A speaker that counts how much of its sound was requested or skipped."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.left_out = 0

    def reference(self, n: int) -> np.ndarray:
        self.asked += n
        return super().reference(n)

    def skip(self, n: int) -> None:
        self.left_out += n
        super().skip(n)


def test_the_far_end_stays_in_step_when_sound_is_lost(tmp_path: Path) -> None:
    """Otherwise, after ten minutes without a microphone, the canceller would look for an old echo."""
    cut, back = RATE + 7, 601 * RATE + 99

    def broken() -> Iterator[Block | Event]:
        yield from blocks(room(2.0)[:cut])
        yield AudioGap(at=back, span=Span(cut, back), reason="the microphone was away")
        yield from blocks(room(2.0), back)

    speaker = Counting()
    evening = Evening(tmp_path, Stage(broken()), plan(settings=TONES), player=speaker)
    evening.run()
    assert speaker.asked + speaker.left_out == evening.of(Ended)[0].at
    assert speaker.asked == pytest.approx(3 * RATE, abs=2 * HOP)


def unplugged(folder: Path, wall: Wall, port: FakePort, **changes: object) -> Evening:
    """A live session whose microphone disappears after two seconds and does not come back."""
    wall.after(2.0, port.plugged.clear)
    settings = Settings(quiet_first=0.0, cues="none")
    return Evening(
        folder,
        Microphone("desk", port=port, clock=wall),
        plan(settings=settings, played_back=False, **changes),
        clock=wall,
    )


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def port(wall: Wall) -> FakePort:
    return FakePort(wall, [DESK])


def test_keys_and_notices_do_not_wait_for_a_missing_microphone(tmp_path: Path, wall: Wall, port: FakePort) -> None:
    evening = unplugged(tmp_path, wall, port)
    begun, seen = wall.time, {}
    evening.looks = lambda event: seen.setdefault(type(event), wall.time - begun)
    wall.after(10.0, lambda: evening.session.command("hush"))
    wall.after(20.0, lambda: evening.session.command("mark"))
    wall.after(30.0, lambda: evening.session.notice("the disk is nearly full"))
    wall.after(40.0, lambda: evening.session.command("end"))
    evening.run()
    assert seen[DeviceLost] < 4.0
    assert [seen[kind] for kind in (Hushed, Marked, Notice)] == pytest.approx([10.0, 20.0, 30.0], abs=0.11)
    assert wall.time - begun == pytest.approx(40.0, abs=0.11)
    (ended,) = evening.of(Ended)
    assert ended.reason == "ended by hand"
    assert [event.at for event in evening.shown] == sorted(event.at for event in evening.shown)


def test_a_session_with_a_time_limit_ends_even_if_the_microphone_is_missing(
    tmp_path: Path, wall: Wall, port: FakePort
) -> None:
    begun, evening = wall.time, unplugged(tmp_path, wall, port, minutes=2.0)
    wall.after(300.0, lambda: evening.session.command("end"))
    evening.run()
    assert evening.of(Ended)[0].reason == "the time is up"
    assert wall.time - begun == pytest.approx(120.0, abs=0.3)


def test_a_cue_that_plays_while_the_microphone_is_missing_ends_on_time(
    tmp_path: Path, wall: Wall, port: FakePort
) -> None:
    evening = unplugged(tmp_path, wall, port)
    began: list[float] = []

    def sound() -> None:
        evening.player.play(np.ones(3 * RATE, np.float32), name="inward")
        began.append(wall.time)

    wall.after(10.0, sound)
    wall.after(20.0, lambda: evening.session.command("end"))
    over: list[float] = []
    evening.looks = lambda event: over.append(wall.time) if isinstance(event, CuePlayed) else None
    evening.run()
    assert over[0] - began[0] == pytest.approx(3.0, abs=0.21)


class Busy(NoPlayer):
    """A speaker whose `reference` takes so many seconds, as if the machine were busy."""

    def __init__(self, wall: Wall, work_s: float) -> None:
        super().__init__()
        self.wall, self.work_s = wall, work_s

    def reference(self, n: int) -> np.ndarray:
        self.wall.sleep(self.work_s)
        return super().reference(n)


def busy(folder: Path, wall: Wall, port: FakePort, seconds: float, **settings: str) -> Evening:
    """A live session in which a hop of 20 ms takes 30 ms of work for `seconds`, and then six seconds more."""
    speaker = Busy(wall, 0.03)
    wall.after(seconds, lambda: setattr(speaker, "work_s", 0.005))
    evening = Evening(
        folder,
        Microphone("desk", port=port, clock=wall),
        plan(settings=Settings(quiet_first=0.0, cues="none", **settings), played_back=False),
        clock=wall,
        player=speaker,
    )
    wall.after(seconds + 6.0, lambda: evening.session.command("end"))
    return evening


def test_late_hearing_is_reported_and_never_exceeds_half_a_second(tmp_path: Path, wall: Wall, port: FakePort) -> None:
    begun, evening = wall.time, busy(tmp_path, wall, port, 12.0)
    late: list[float] = []
    evening.looks = lambda event: late.append(wall.time - begun - event.at / RATE)
    evening.run()
    lags = [(lag.at, lag.behind) for lag in evening.of(Lag) if lag.stage == "ear"]
    assert len(lags) > 10
    assert RATE // 4 < max(behind for _, behind in lags) <= RATE // 2 + HOP
    assert lags[-1][1] < 2 * HOP, "a machine that is busy no more is not late"
    assert max(late) < 0.6
    gaps = evening.of(AudioGap)
    assert len(gaps) > 3
    assert all("too busy" in gap.reason for gap in gaps)
    assert all(0 < gap.span.duration < RATE and gap.span.duration % HOP == 0 for gap in gaps)
    assert [gap for gap in evening.stored if isinstance(gap, AudioGap)] == gaps
    (ended,) = evening.of(Ended)
    assert ended.at / RATE == pytest.approx(18.0, abs=0.1)  # the clock includes the sound that was left out


def test_a_busy_machine_hears_less_closely_before_it_leaves_sound_out(
    tmp_path: Path, wall: Wall, port: FakePort
) -> None:
    evening = busy(tmp_path, wall, port, 12.0)
    evening.run()
    first_gap = min(gap.span.start for gap in evening.of(AudioGap))
    told = {event.text: event.at for event in evening.of(Notice)}
    assert told[Message(TOLD[FEWER_WINDOWS])] <= first_gap
    assert Message(TOLD[NO_WORDS]) not in told, "none are read here"
    less = [event for event in evening.stored if isinstance(event, HeardLess)]
    assert [event.without for event in less[:2]] == [("windows",), ("windows", "overlap")]
    assert less[0].at == told[Message(TOLD[FEWER_WINDOWS])]


def test_sound_that_people_agreed_to_keep_is_kept_even_if_hearing_left_it_out(
    tmp_path: Path, wall: Wall, port: FakePort
) -> None:
    evening = busy(tmp_path, wall, port, 6.0, keep="audio")
    first = round(wall.time * RATE)
    evening.run()
    assert evening.of(AudioGap)
    assert evening.session.number is not None
    kept, _ = sf.read(evening.store.sound_file(evening.session.number))
    assert len(kept) == evening.of(Ended)[0].at
    heard = (first + np.arange(len(kept))) * UNIT
    assert np.abs(kept - heard).max() < 2 / 32768


def test_a_session_that_ends_while_hearing_is_late_reports_the_left_out_sound(
    tmp_path: Path, wall: Wall, port: FakePort
) -> None:
    evening = busy(tmp_path, wall, port, 60.0)
    wall.after(1.59, port.plugged.clear)
    wall.after(5.0, lambda: evening.session.command("end"))
    evening.run()
    (gap,) = evening.of(AudioGap)
    (lost,) = evening.of(DeviceLost)
    assert gap.span.end <= lost.at
    assert [event.at for event in evening.stored] == sorted(event.at for event in evening.stored)


def test_a_notice_from_any_thread_reaches_the_people_and_the_store(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)

    def noticed() -> Iterator[Block]:
        for block in blocks(room(2.0)):
            if block.start == RATE:
                evening.session.notice("the disk is nearly full")
            yield block

    stage.told = noticed()
    evening.run()
    (notice,) = evening.of(Notice)
    assert notice.text == "the disk is nearly full"
    assert notice.at / RATE == pytest.approx(1.0, abs=0.15)
    assert notice in evening.stored


def test_people_are_shown_a_message_in_their_language_and_its_english_text_is_stored(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    evening.session.notice(Message("notice.silence"))
    stage.told = blocks(room(1.0))
    evening.run()
    (notice,), (ended,) = evening.of(Notice), evening.of(Ended)
    assert notice.text.in_language("de").startswith("vom Mikrofon kommt nur Stille")
    assert ended.reason.in_language("de") == "der Ton ist zu Ende"
    (stored,) = (event for event in evening.stored if isinstance(event, Notice))
    assert (type(stored.text), stored.text) == (str, texts()["notice.silence"])
    assert [event.reason for event in evening.stored if isinstance(event, Ended)] == ["the sound ended"]


def test_events_for_the_screen_are_shown_but_not_stored(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    stage.told = blocks(jump_in()[0][: 6 * RATE])
    evening.run()
    assert len(evening.of(InputLevel)) == 60
    assert evening.stored == [event for event in evening.shown if event.stored]


def test_a_session_is_stored_with_its_facts(tmp_path: Path) -> None:
    evening, stage = staged_evening(tmp_path)
    stage.told = blocks(room(1.0))
    evening.run()
    kept = evening.store.session(evening.session.number)
    assert (kept.people, kept.attribution, kept.transcriber) == (("Ana", "Ben"), "enrolled", "none")
    assert (kept.source, kept.channels, kept.ended) == ("stage", 1, "the sound ended")


def test_without_enrolment_a_notice_says_so_and_no_cue_is_addressed(tmp_path: Path) -> None:
    evening = Evening(tmp_path, Stage(blocks(jump_in()[0])), plan(settings=TONES, voices={}, check_in=False))
    evening.run()
    (notice,) = evening.of(Notice)
    assert "cannot tell who speaks" in notice.text
    assert not [cue for cue in evening.of(Cue) if cue.given]


def test_a_failing_recogniser_is_reported_once_and_turns_go_on(tmp_path: Path) -> None:
    class Broken(Script):
        def transcribe(self, samples: np.ndarray) -> str:
            raise RuntimeError("out of memory")

    stage = Stage(iter(()))
    evening = Evening(tmp_path, stage, plan(settings=TONES), transcriber=Broken())

    def slowly() -> Iterator[Block]:
        for block in blocks(sample()[16 * RATE : 36 * RATE]):
            if block.start % RATE == 0:
                evening.read_up()
            yield block

    stage.told = slowly()
    evening.run()
    assert ["out of memory" in notice.text for notice in evening.of(Notice)] == [True]
    assert len(evening.of(Speech)) > 5
