"""What a screen shows: the Viewer takes events and returns the current view."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Cue,
    CueFailed,
    DeviceLost,
    DeviceOpened,
    Ended,
    Enrolled,
    FloorTaken,
    Hushed,
    InputLevel,
    Lag,
    Marked,
    Notice,
    Speech,
    SpeechOn,
    TakenUp,
    VoiceOff,
    VoiceOn,
    Words,
)
from coach.core.messages import Message
from coach.core.span import Span, as_samples
from coach.runtime.live_view import Shown, Viewer

BREATH = as_samples(2.0)
S = as_samples


def _listening(*events, **options):
    viewer = Viewer(["Ana", "Ben"], BREATH, **options)
    viewer.hear(DeviceOpened(at=0, device="mic", rate=48_000, channels=1))
    for event in events:
        viewer.hear(event)
    return viewer


def _view(*events, **options):
    return _listening(*events, **options).view()


def _loud(seconds, *dbfs):
    return InputLevel(at=S(seconds), dbfs=dbfs or (-70.0,))


def _ana_speaks(start, end):
    """All events of the ear for one stretch of Ana's speech, in the order of `at`."""
    return [
        VoiceOn(at=S(start), onset=S(start)),
        SpeechOn(at=S(start + 0.4), who="Ana", onset=S(start), confidence=0.9),
        VoiceOff(at=S(end + 0.2), end=S(end)),
        Speech(at=S(end + 0.2), who="Ana", span=Span.seconds(start, end), confidence=0.9),
    ]


def _taken(at, who, after, **verdicts):
    verdicts = {"after_share": True, "too_soon": False, "over": False, **verdicts}
    return FloorTaken(at=S(at), who=who, after=after, onset=S(at - 1.2), fto=S(0.3), **verdicts)


def test_a_breath_that_grows_is_shown_as_it_is_now():
    assert _view(_taken(20, "Ben", "Ana", breath=S(0.5))).breath == S(0.5)
    assert _view(_taken(20, "Ben", "Ana")).breath == BREATH


def _cue(at, **changes):
    told = {"kind": "too_soon", "form": "tone", "text": "", "to": "Ben", "given": True, "held_back": None}
    return Cue(**{"at": S(at), "because": {"fto_s": 0.3}, **told, **changes})


# ---------------------------------------------------------------------------------------------------- silence


def test_the_silence_grows_while_nobody_speaks():
    viewer = _listening(*_ana_speaks(1, 5))
    lasted = []
    for seconds in (6.0, 7.0, 9.5):
        viewer.hear(_loud(seconds))
        lasted.append(viewer.view().silence)
    assert lasted == [S(1.0), S(2.0), S(4.5)]


def test_the_silence_is_over_when_somebody_starts():
    viewer = _listening(*_ana_speaks(1, 5), _loud(7.0))
    viewer.hear(VoiceOn(at=S(7.1), onset=S(7.0)))
    viewer.hear(_loud(7.2))
    assert viewer.view().silence is None


def test_before_anybody_has_spoken_there_is_no_silence():
    assert _view(_loud(5.0)).silence is None


def test_a_silence_with_lost_sound_is_not_shown():
    gap = AudioGap(at=S(8), span=Span.seconds(6, 8), reason="microphone unplugged")
    view = _view(*_ana_speaks(1, 5), gap, _loud(9.0))
    assert view.silence is None
    assert view.notices == (Shown(S(8), "2.0 s not heard (microphone unplugged)"),)


def test_the_check_in_shows_no_silence():
    viewer = _listening(*_ana_speaks(1, 5), _loud(7.0))
    viewer.check_in("Ben, please say a sentence.")
    assert viewer.view().silence is None


@given(st.lists(st.integers(1, S(3)), min_size=1, max_size=20))
def test_reading_the_silence_does_not_change_it(steps):
    viewer = _listening(*_ana_speaks(1, 5))
    at = S(5.2)
    for step in steps:
        at += step
        viewer.hear(InputLevel(at=at, dbfs=(-70.0,)))
    assert viewer.view().silence == at - S(5)


# ----------------------------------------------------------------------------------------------------- voices


def test_a_speaker_is_shown_from_the_first_guess_to_the_end_of_the_unit():
    on, known, off, unit = _ana_speaks(1, 5)
    viewer = _listening(on)
    assert viewer.view().voice
    assert not viewer.view().people[0].heard
    viewer.hear(known)
    assert [p.heard for p in viewer.view().people] == [True, False]
    viewer.hear(off)
    assert not viewer.view().voice
    assert not viewer.view().people[0].heard
    viewer.hear(unit)
    assert not viewer.view().people[0].heard


def test_in_an_overlap_both_are_shown_and_one_remains_when_the_other_stops():
    both = _listening(
        *_ana_speaks(1, 5)[:2],
        SpeechOn(at=S(2.4), who="Ben", onset=S(2), confidence=0.9),
    )
    assert [p.heard for p in both.view().people] == [True, True]
    both.hear(Speech(at=S(3), who="Ben", span=Span.seconds(2, 2.8), confidence=0.9))
    assert [p.heard for p in both.view().people] == [True, False]


def test_a_unit_reported_late_does_not_end_the_next_one():
    view = _view(
        *_ana_speaks(1, 5)[:3],
        SpeechOn(at=S(6), who="Ana", onset=S(5.5), confidence=0.9),
        Speech(at=S(6.1), who="Ana", span=Span.seconds(1, 5), confidence=0.9),
    )
    assert view.people[0].heard


def test_with_one_microphone_the_level_is_shown_for_the_speaker():
    view = _view(*_ana_speaks(1, 5)[:2], _loud(1.5, -30.0))
    ana, ben = view.people
    assert ana.level == view.room > 0.5
    assert ben.level == 0.0


def test_the_level_of_a_person_falls_slowly_when_they_stop():
    on, known, off = _ana_speaks(1, 5)[:3]
    viewer = _listening(on, known, _loud(5.1, -30.0))
    loud = viewer.view().people[0].level
    viewer.hear(off)
    viewer.hear(_loud(5.3, -70.0))
    assert 0 < viewer.view().people[0].level < loud
    viewer.hear(_loud(7.0, -70.0))
    assert viewer.view().people[0].level == 0.0


def test_with_one_microphone_per_person_everybody_has_their_own_level():
    view = _view(_loud(1.5, -30.0, -55.0), channels={"Ana": 1, "Ben": 0})
    ana, ben = view.people
    assert 0 < ana.level < ben.level


def test_a_channel_that_the_device_lacks_has_level_zero():
    assert _view(_loud(1.5, -20.0), channels={"Ana": 0, "Ben": 1}).people[1].level == 0.0


def test_a_level_rises_immediately_and_falls_slowly():
    viewer = _listening(_loud(1.0, -60.0))
    levels = []
    for seconds, dbfs in ((1.1, -20.0), (1.2, -70.0), (1.3, -70.0), (3.0, -70.0)):
        viewer.hear(_loud(seconds, dbfs))
        levels.append(viewer.view().room)
    assert levels[0] > 0.8
    assert levels[0] > levels[1] > levels[2] > 0.6
    assert levels[3] == 0.0


@pytest.mark.parametrize("dbfs", [-math.inf, math.nan, -200.0, 6.0])
def test_any_level_gives_a_bar_between_empty_and_full(dbfs):
    assert _view(_loud(1.0, dbfs)).room in (0.0, 1.0)


# ------------------------------------------------------------------------------------------------------ floor


def test_the_first_speaker_has_the_floor_until_the_first_transfer():
    viewer = _listening(*_ana_speaks(1, 9))
    assert [p.floor for p in viewer.view().people] == [True, False]
    viewer.hear(_taken(11, "Ben", "Ana"))
    assert [p.floor for p in viewer.view().people] == [False, True]


def test_speech_in_the_check_in_does_not_take_the_floor():
    viewer = _listening()
    viewer.check_in("Ana, please say a sentence.")
    for event in _ana_speaks(1, 5):
        viewer.hear(event)
    assert not any(p.floor for p in viewer.view().people)


def test_an_unknown_voice_does_not_take_the_floor():
    view = _view(SpeechOn(at=S(1), who=UNKNOWN, onset=S(0.5), confidence=0.1))
    assert not any(p.floor for p in view.people)


# ------------------------------------------------------------------------------------------------------- cues


def test_a_cue_that_sounded_is_shown_with_its_words_and_one_held_back_is_not():
    spoken = _cue(90, kind="inward", form="spoken", text="…and how is that in you?", to="Ana")
    assert _view(_cue(80, given=False, held_back="budget", to="Ana")).cue is None
    assert _view(_cue(80)).cue == Shown(S(80), "")
    assert _view(_cue(80), spoken).cue == Shown(S(90), "…and how is that in you?")


@pytest.mark.parametrize("event", [_cue(70), Notice(at=S(70), text="the disk is full")], ids=["cue", "notice"])
def test_a_cue_and_a_notice_are_shown_for_ten_seconds(event):
    viewer = _listening(event)
    viewer.hear(_loud(79.9))
    assert viewer.view().cue or viewer.view().notices
    viewer.hear(_loud(80.0))
    assert not viewer.view().cue
    assert not viewer.view().notices


def asked(at, **changes):
    cue = Cue(at=S(at), kind="ask", form="tone", text="", to="Ana", given=True, held_back=None, because={})
    return replace(cue, **changes)


def settled(at, **changes):
    changes = {"kind": "inward", "form": "spoken", "text": "…in you?", "because": {"asked_s": 61.0}} | changes
    return asked(at, **changes)


@pytest.mark.parametrize(
    ("event", "still"),
    [
        (settled(64), False),
        (settled(69, given=False, held_back="not-taken-up"), False),
        (TakenUp(at=S(63)), False),
        (Hushed(at=S(63), on=True), False),
        (Ended(at=S(63), reason="you ended it"), False),
        (settled(69, to="Ben", given=False, held_back="budget", because={}), True),  # about another story
        (_cue(63), True),
    ],
)
def test_a_question_is_shown_until_it_is_answered_or_over(event, still):
    viewer = _listening(asked(61))
    assert viewer.view().asking
    viewer.hear(event)
    assert viewer.view().asking == still


def test_a_question_that_was_held_back_is_not_shown():
    assert not _view(asked(61, given=False, held_back="budget")).asking


def test_nothing_in_the_view_judges_or_counts():
    view = _view(_taken(11, "Ben", "Ana", too_soon=True, over=True), _cue(12))
    assert not {"soon", "over", "turns", "transfers", "held"} & set(re.findall(r"[a-z]+", repr(view)))


def test_a_cue_that_could_not_play_is_reported():
    view = _view(CueFailed(at=S(70), kind="let_it_land", reason="the speaker is gone"))
    assert view.notices == (Shown(S(70), "a cue could not be heard: the speaker is gone"),)


# ------------------------------------------------------------------------------------------------------ phase


def test_the_phase_is_starting_until_sound_arrives_and_then_listening():
    viewer = Viewer(["Ana"], BREATH)
    assert viewer.view().phase == "starting"
    viewer.hear(_loud(0.1))
    assert viewer.view().phase == "listening"


def test_the_check_in_shows_its_prompt_and_ends():
    viewer = _listening()
    viewer.check_in("Ana, please say\na sentence.")
    assert (viewer.view().phase, viewer.view().saying) == ("check-in", "Ana, please say a sentence.")
    viewer.hear(Enrolled(at=S(8), who="Ana", span=Span.seconds(1, 7)))
    assert [p.learnt for p in viewer.view().people] == [True, False]
    viewer.check_in("")
    assert (viewer.view().phase, viewer.view().saying) == ("listening", "")


def test_hush_is_shown_until_the_coach_goes_on():
    viewer = _listening(Hushed(at=S(5), on=True))
    assert viewer.view().phase == "hushed"
    viewer.hear(Hushed(at=S(9), on=False))
    assert viewer.view().phase == "listening"


def test_a_lost_microphone_is_shown_until_it_returns_and_nobody_is_shown_speaking_meanwhile():
    viewer = _listening(*_ana_speaks(1, 5)[:2], _loud(2, -20.0), DeviceLost(at=S(3), device="mic", reason="unplugged"))
    view = viewer.view()
    assert (view.phase, view.saying) == ("lost", "unplugged")
    assert (view.room, view.voice, view.people[0].heard, view.people[0].level) == (0.0, False, False, 0.0)
    viewer.hear(DeviceOpened(at=S(6), device="mic", rate=48_000, channels=1))
    assert viewer.view().phase == "listening"


def test_the_end_shows_its_reason_and_nothing_replaces_it():
    view = _view(DeviceLost(at=S(3), device="mic", reason="unplugged"), Ended(at=S(9), reason="you ended it"))
    assert (view.phase, view.saying) == ("ended", "you ended it")


def test_lag_is_shown_from_one_second_on_and_disappears_when_caught_up():
    viewer = _listening(Lag(at=S(5), stage="words", behind=S(2.5)), Lag(at=S(5), stage="store", behind=S(0.5)))
    assert viewer.view().behind == S(2.5)
    viewer.hear(Lag(at=S(6), stage="words", behind=S(0.9)))
    assert viewer.view().behind == 0


def test_notices_and_marks_keep_their_time_and_the_oldest_are_dropped():
    told = [Notice(at=S(60 + n), text=f"notice {n}") for n in range(1, 5)]
    view = _view(*told, Marked(at=S(65)), Marked(at=S(66), note="the boat"))
    assert view.notices[-2:] == (Shown(S(65), "marked"), Shown(S(66), "marked: the boat"))
    assert len(view.notices) == 4


def test_in_every_language_a_notice_is_one_line_with_commands_that_work_here(monkeypatch):
    monkeypatch.setenv("COACH_COMMAND", "scripts/run")
    told = Message("notice.no_words", reason="the model\n\x1b[31mis broken", size="base")
    (notice,) = _view(Notice(at=S(60), text=told)).notices
    assert isinstance(notice.text, Message)
    for text, hint in ((notice.text, "`scripts/run setup whisper base`"), (_german(notice), "„scripts/run setup whis")):
        assert "the model [31mis broken" in text
        assert hint in text


def _german(shown):
    return shown.text.in_language("de")


def test_why_a_cue_could_not_be_heard_and_what_was_not_heard_is_told_in_every_language():
    failed = CueFailed(at=S(60), kind="inward", reason=Message("unheard.no_speaker"))
    gap = AudioGap(at=S(62), span=Span.seconds(60, 61.5), reason=Message("gap.away"))
    assert [_german(notice) for notice in _view(failed, gap).notices] == [
        "ein Hinweis war nicht zu hören: es gibt keinen Lautsprecher",
        "1,5 s nicht gehört (das Mikrofon war weg)",
    ]


def test_the_view_contains_no_recognised_words():
    words = Words(at=S(9), who="Ana", span=Span.seconds(1, 5), count=3, text="sold the boat")
    assert "boat" not in repr(_view(*_ana_speaks(1, 5), words))
    assert _view(words).at == S(9)


def test_lag_of_hearing_is_shown_from_a_fifth_of_a_second_on_and_disappears_when_caught_up():
    viewer = _listening(Lag(at=S(5), stage="ear", behind=S(0.4)), Lag(at=S(5), stage="words", behind=S(2.5)))
    assert (viewer.view().hearing_behind, viewer.view().behind) == (S(0.4), S(2.5))
    viewer.hear(Lag(at=S(6), stage="ear", behind=S(0.1)))
    assert (viewer.view().hearing_behind, viewer.view().behind) == (0, S(2.5))


# ------------------------------------------------------------------------------------------------- nobody can be told


def test_a_voice_that_stays_without_a_name_for_a_second_is_somebody():
    speaks = [VoiceOn(at=S(1.0), onset=S(1.0))]
    assert not _view(*speaks, _loud(1.9)).somebody, "the name may still come"
    assert _view(*speaks, _loud(2.0)).somebody
    assert not _view(*speaks, VoiceOff(at=S(4.2), end=S(4.0)), _loud(4.3)).somebody


def test_a_voice_that_is_known_to_be_a_strangers_is_somebody_at_once():
    speaks = [VoiceOn(at=S(1.0), onset=S(1.0)), SpeechOn(at=S(1.4), who=UNKNOWN, onset=S(1.0), confidence=0.2)]
    assert _view(*speaks).somebody


def test_somebody_with_a_name_is_not_somebody():
    assert not _view(*_ana_speaks(1.0, 9.0)[:2], _loud(5.0)).somebody


def test_a_prompt_that_nobody_answers_for_half_a_minute_is_unanswered():
    viewer = _listening(_loud(5.0))
    viewer.check_in("Ana, please say a sentence.")
    viewer.hear(_loud(34.9))
    assert not viewer.view().unanswered
    viewer.hear(_loud(35.0))
    assert viewer.view().unanswered
    viewer.hear(VoiceOn(at=S(36.0), onset=S(36.0)))
    assert not viewer.view().unanswered
    viewer.hear(VoiceOff(at=S(38.2), end=S(38.0)))
    viewer.hear(_loud(67.9))
    assert not viewer.view().unanswered, "half a minute counts from what was said last"
    viewer.hear(_loud(68.0))
    assert viewer.view().unanswered
    viewer.check_in("Ben, please say a sentence.")
    assert not viewer.view().unanswered
    viewer.check_in("")
    viewer.hear(_loud(600.0))
    assert not viewer.view().unanswered, "silence is the practice"
