"""The lines of `coach listen --plain`: one per event, easy to grep, without recognised words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.cli.plain import KINDS, line, stamp
from coach.coaching import GATE_SENTENCES
from coach.core.events import (
    AudioGap,
    Cue,
    CueFailed,
    CuePlayed,
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
    VoiceOff,
    VoiceOn,
    Words,
)
from coach.core.span import Span, as_samples

AT = as_samples(83.456)


def _cue(**changes):
    told = {"kind": "too_soon", "form": "tone", "text": "", "to": "Ben", "given": True, "held_back": None}
    return Cue(**{"at": AT, "because": {"after": "Ana", "onset_s": 82.0, "fto_s": 0.312}, **told, **changes})


def _taken(fto_s, **verdicts):
    verdicts = {"after_share": False, "too_soon": False, "over": False, **verdicts}
    return FloorTaken(at=AT, who="Ben", after="Ana", onset=AT, fto=as_samples(fto_s), **verdicts)


def _words(text=None, **changes):
    return Words(**{"at": AT, "who": "Ana", "span": Span(0, 16000), "count": 3, "text": text, **changes})


INWARD = {"told_s": 62.4, "sentences": 9, "p_event": 0.93, "share_end_s": 82.1}
LINES = [
    (Speech(at=AT, who="Ana", span=Span.seconds(79, 83.2), confidence=1.0), "speech   Ana 4.2 s"),
    (Speech(at=AT, who="?", span=Span.seconds(79, 80), confidence=0.2), "speech   someone 1.0 s"),
    (_taken(0.31), "floor    Ben took it from Ana, 0.31 s after"),
    (_taken(3.0, after_share=True), "floor    Ben took it from Ana, 3.00 s after (after a share)"),
    (
        _taken(0.31, after_share=True, too_soon=True),
        "floor    Ben took it from Ana, 0.31 s after (after a share: too soon)",
    ),
    (
        _taken(-0.7, after_share=True, too_soon=True, over=True),
        "floor    Ben took it from Ana, 0.70 s before the end (after a share: too soon, over its end)",
    ),
    (_cue(), 'cue      tone "too soon" for Ben (began 0.31 s after a share)'),
    (
        _cue(because={"fto_s": 0.31, "lost": "inner"}),
        'cue      tone "too soon" for Ben (began 0.31 s after a share, after something inner)',
    ),
    (
        _cue(because={"fto_s": 0.31, "lost": "a word that was said"}),
        'cue      tone "too soon" for Ben (began 0.31 s after a share)',
    ),
    (
        _cue(kind="over", because={"fto_s": -0.66}),
        'cue      tone "over" for Ben (began 0.66 s before a share ended)',
    ),
    (
        _cue(kind="inward", form="spoken", text="…and how is that in you?", to="Ana", because=INWARD),
        'cue      spoken "…and how is that in you?" for Ana (62 s told, 9 sentences)',
    ),
    (_cue(kind="ask", to="Ana", because=INWARD), 'cue      tone "asked first" for Ana (62 s told, 9 sentences)'),
    (
        _cue(kind="inward", form="spoken", text="…in you?", to="Ana", because=INWARD | {"asked_s": 78.0}),
        'cue      spoken "…in you?" for Ana (62 s told, 9 sentences, after a yes)',
    ),
    (_cue(because={"since_s": 12.0, "times": 3}), 'cue      tone "too soon" for Ben (since 12.0 s, times 3)'),
    (_cue(because={}), 'cue      tone "too soon" for Ben'),
    (
        CuePlayed(at=AT, kind="too_soon", span=Span.seconds(83, 83.9), cut=False),
        'cue      "too soon" sounded for 0.9 s',
    ),
    (
        CuePlayed(at=AT, kind="inward", span=Span.seconds(83, 83.4), cut=True),
        'cue      "inward" sounded for 0.4 s, cut short',
    ),
    (
        CueFailed(at=AT, kind="let_it_land", reason="the speaker is gone"),
        'cue      "let it land" could not play: the speaker is gone',
    ),
    (
        AudioGap(at=AT, span=Span.seconds(80, 83.2), reason="microphone unplugged"),
        "gap      3.2 s not heard (microphone unplugged)",
    ),
    (DeviceOpened(at=AT, device="USB mic", rate=48000, channels=1), "device   USB mic opened, 48000 Hz, 1 channel"),
    (DeviceLost(at=AT, device="USB mic", reason="unplugged"), "device   USB mic lost: unplugged"),
    (Lag(at=AT, stage="words", behind=as_samples(2.3)), "notice   words 2.3 s behind"),
    (Lag(at=AT, stage="ear", behind=as_samples(0.4)), "notice   hearing 0.4 s behind"),
    (
        Notice(at=AT, text="no voice on this machine:\ncues are tones"),
        "notice   no voice on this machine: cues are tones",
    ),
    (_words(), "words    Ana 3 words"),
    (
        _words(count=1, question=True, level="2", kinds=("feelings", "hopes")),
        "words    Ana 1 word, question, mixed, feelings, hopes",
    ),
    (Marked(at=AT), "mark     this moment"),
    (Marked(at=AT, note="here"), "mark     here"),
    (Hushed(at=AT, on=True), "hush     the coach keeps quiet"),
    (Hushed(at=AT, on=False), "hush     the coach goes on"),
    (Enrolled(at=AT, who="Ana", span=Span.seconds(1, 7.2)), "enrolled Ana, voice learnt from 6.2 s"),
    (Ended(at=AT, reason="the recording ended"), "end      the recording ended"),
]


@pytest.mark.parametrize(("event", "details"), LINES, ids=[details for _, details in LINES])
def test_every_event_is_described_in_plain_words(event, details):
    assert line(event) == f"01:23.456  {details}"


def test_the_second_column_is_one_of_few_kinds():
    told = {line(event).split()[1] for event, _ in LINES}
    assert told == set(KINDS)


def test_a_cue_held_back_shows_its_reason_and_what_that_means():
    held = line(_cue(kind="inward", to="Ana", given=False, held_back="quiet-first"))
    sentence = GATE_SENTENCES["quiet-first"]
    told = sentence[0].lower() + sentence[1:].rstrip(".")
    assert held == f"01:23.456  cue      held back: inward for Ana (quiet-first: {told})"


def test_a_reason_without_a_sentence_is_shown_unchanged():
    assert line(_cue(given=False, held_back="no-player")).endswith("held back: too soon for Ben (no-player)")


@pytest.mark.parametrize(
    "event",
    [
        InputLevel(at=AT, dbfs=(-30.0,)),
        VoiceOn(at=AT, onset=AT),
        VoiceOff(at=AT, end=AT),
        SpeechOn(at=AT, who="Ana", onset=AT, confidence=1.0),
        Lag(at=AT, stage="words", behind=as_samples(0.9)),
        Lag(at=AT, stage="ear", behind=as_samples(0.1)),
    ],
    ids=lambda event: type(event).__name__,
)
def test_frequent_events_give_no_line(event):
    assert line(event) is None


def test_recognised_words_are_shown_only_on_request():
    words = _words("my sister sold the boat")
    assert "boat" not in line(words)
    assert line(words, show_words=True) == "01:23.456  words    Ana 3 words: my sister sold the boat"


def test_the_figures_of_a_cue_never_quote_recognised_words():
    told = line(_cue(because={"said": "sold the boat", "sure": True, "waited_s": 50.0}))
    assert told.endswith("for Ben (waited 50.0 s)")


def test_names_and_texts_cannot_break_the_line_or_control_the_terminal():
    told = line(_words("one\n01:00.000  end\x1b[2J \u200bgone", who="A\tn\x07a"), show_words=True)
    assert "\n" not in told
    assert "\x1b" not in told
    assert "\x07" not in told
    assert told.startswith("01:23.456  words    A n a 3 words: one")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "00:00.000"),
        (59.9996, "00:59.999"),
        (3599.5, "59:59.500"),
        (3600, "1:00:00.000"),
        (36_061.25, "10:01:01.250"),
    ],
)
def test_hours_are_shown_only_if_there_are_any(seconds, told):
    assert stamp(int(seconds * 16_000)) == told


@given(st.lists(st.integers(0, 16_000 * 3_599), min_size=2, max_size=2))
def test_time_in_the_first_column_never_runs_backwards(ats):
    assert [stamp(at) for at in sorted(ats)] == sorted(stamp(at) for at in ats)


def test_a_cue_for_everybody_names_nobody():
    assert line(_cue(kind="turn_over", to=None, because={})) == '01:23.456  cue      tone "turn over"'
