"""Which of the known people speak in each frame, from what is heard of local voices, of crops and of overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from coach.core.span import RATE
from coach.diarization import DEFAULT_SEGMENTATION, SPEAKERS_OF_CLASS
from coach.diarization.attribution import CONFIG, SECOND, Attribution, Decided
from coach.diarization.looks import CROP, Crop, Look
from coach.diarization.windows import CONFIG as WINDOWS
from coach.vad import FRAME

PEOPLE = ("Ana", "Ben", "Cleo")
CERTAIN = 0.97  # probability of a class that is clear
NOBODY = frozenset[str]()
SLIP = 12  # frames by which a change may be misplaced


def voice(who: str) -> np.ndarray:
    return np.asarray(np.eye(192)[PEOPLE.index(who)])


VOICES = {who: voice(who) for who in PEOPLE}
TWO = {who: VOICES[who] for who in ("Ana", "Ben")}


@dataclass(frozen=True, slots=True)
class Run:
    """Frames of one class of the segmentation, of the people who speak in truth."""

    frames: int
    who: str  # initials; "" for silence
    local: tuple[int, ...]  # the local voices that the segmentation hears


def frames_of(runs: Sequence[Run]) -> list[frozenset[str]]:
    """Who speaks in each frame."""
    people = {who[0]: who for who in PEOPLE}
    return [frozenset(people[initial] for initial in run.who) for run in runs for _ in range(run.frames)]


def speech_of(runs: Sequence[Run]) -> np.ndarray:
    return np.array([bool(who) for who in frames_of(runs)])


def heard(runs: Sequence[Run], until: int | None = None, near: float = 0.6) -> Look:
    """What the networks would hear of these runs up to frame `until`, crops with a cosine of `near` to their voice."""
    truth = frames_of(runs)[:until]
    classes = np.array([SPEAKERS_OF_CLASS.index(run.local) for run in runs for _ in range(run.frames)])[:until]
    length = len(truth) * FRAME
    centres = DEFAULT_SEGMENTATION.centres(length)
    likely = np.full((len(centres), len(SPEAKERS_OF_CLASS)), (1 - CERTAIN) / 6)
    likely[np.arange(len(centres)), classes[centres // FRAME]] = CERTAIN
    crops: list[Crop] = []
    for start in range(0, length - CROP + 1, WINDOWS.between):
        inside = truth[start // FRAME : (start + CROP) // FRAME]
        parts = [voice(who) / len(people) for people in inside for who in people]
        if len(parts) > WINDOWS.voiced * len(inside):
            mixed = sum(parts) / np.linalg.norm(sum(parts))
            other = np.eye(192)[100 + len(crops)]
            crops.append(Crop(start, near * mixed + np.sqrt(1 - near**2) * other, 1.0))
    return Look(0, length, likely, tuple(crops))


def attributed(runs: Sequence[Run], people: dict[str, np.ndarray], near: float = 0.6) -> list[Decided]:
    """All frames, decided at once when the last one has been heard."""
    return Attribution(people).hear(heard(runs, near=near), 0, speech_of(runs), final=True)


def names(decided: Sequence[Decided], runs: Sequence[Run]) -> list[frozenset[str]]:
    """The speakers of the frames of speech."""
    return [each.who if spoken else NOBODY for each, spoken in zip(decided, speech_of(runs), strict=True)]


def wrong(runs: Sequence[Run], people: dict[str, np.ndarray] = TWO, near: float = 0.6) -> int:
    """How many frames have other speakers than in truth."""
    told = names(attributed(runs, people, near), runs)
    return sum(a != b for a, b in zip(told, frames_of(runs), strict=True))


# -------------------------------------------------------------------------------------------------------- who it is


def test_one_voice_is_one_persons() -> None:
    for who in "AB":
        assert wrong([Run(300, who, (0,))]) == 0


def test_who_knows_one_voice_hears_only_that() -> None:
    told = attributed([Run(100, "A", (0,)), Run(50, "", ()), Run(100, "B", (1,))], {"Ana": voice("Ana")})
    assert {each.who for each in told} == {frozenset({"Ana"})}
    assert {each.confidence["Ana"] for each in told} == {1.0}


def test_after_a_silence_another_may_speak() -> None:
    assert wrong([Run(200, "A", (0,)), Run(40, "", ()), Run(200, "B", (1,))]) == 0


@pytest.mark.parametrize("pause", [20, 30, 45])
def test_the_first_moments_after_a_pause_are_not_the_voice_before_it(pause: int) -> None:
    """As it becomes known: when they are first judged, the newest crop has heard little but the voice before."""
    runs = [Run(305 - pause, "A", (0,)), Run(pause, "", ()), Run(195, "B", (1,))]
    attribution, speech = Attribution(TWO), speech_of(runs)
    told: list[Decided] = []
    for until in range(75, len(speech), 50):
        told += attribution.hear(heard(runs, until), len(told), speech[len(told) : until], final=False)
    told += attribution.hear(heard(runs), len(told), speech[len(told) :], final=True)
    assert names(told, runs) == frames_of(runs)


@pytest.mark.parametrize(("pause", "answer", "local"), [(40, 40, 1), (20, 40, 1), (40, 40, 0)])
def test_a_short_answer_between_two_breaths_is_the_listeners(pause: int, answer: int, local: int) -> None:
    """Too short for sure crops of its own; speakers change more easily in a breath than in speech."""
    breath, words, heard_before = Run(pause, "", ()), Run(150, "A", (0,)), Run(150, "B", (1,))
    assert wrong([heard_before, Run(60, "", ()), words, breath, Run(answer, "B", (local,)), breath, words]) == 0


def test_a_change_without_a_silence_is_where_the_segmentation_has_it() -> None:
    """The crops around it have heard both; the local voices have not."""
    assert wrong([Run(203, "A", (0,)), Run(200, "B", (1,))]) <= 3


@pytest.mark.parametrize(("pause", "sound"), [(10, 50), (0, 70)])
def test_a_short_sound_between_anothers_words_is_the_listeners(pause: int, sound: int) -> None:
    """A "mm-hm", too short for a crop of its own, of a listener whose voice the window holds elsewhere."""
    silence = [Run(pause, "", ())] * (pause > 0)
    words, heard_before = Run(150, "A", (0,)), Run(100, "B", (1,))
    assert wrong([heard_before, words, *silence, Run(sound, "B", (1,)), *silence, words]) <= SLIP


def test_two_at_once_are_both_heard() -> None:
    runs = [Run(200, "A", (0,)), Run(80, "AB", (0, 1)), Run(200, "B", (1,))]
    assert wrong(runs) <= SLIP
    told = names(attributed(runs, TWO), runs)
    assert told.count(frozenset({"Ana", "Ben"})) >= 80 - SLIP


def test_a_local_voice_that_is_two_people_is_divided_by_the_crops() -> None:
    """The segmentation took two similar voices for one; what is around each frame tells them apart."""
    runs = [Run(250, "A", (0,)), Run(40, "", ()), Run(250, "B", (0,))]
    assert wrong(runs) == 0
    assert wrong([Run(250, "A", (0,)), Run(250, "B", (0,))]) <= 30
    mostly_hers = [Run(400, "A", (0,)), Run(40, "", ()), Run(150, "B", (0,))]
    assert wrong(mostly_hers, near=0.2) <= SLIP


def test_three_people_are_told_apart_alone_and_two_at_once() -> None:
    runs = [
        Run(150, "A", (0,)),
        Run(30, "", ()),
        Run(150, "B", (1,)),
        Run(150, "C", (2,)),
        Run(60, "CA", (0, 2)),
        Run(150, "A", (0,)),
    ]
    assert wrong(runs, VOICES) <= 2 * SLIP


def test_a_voice_that_is_near_to_nobody_is_the_nearest_persons_and_hardly_surely() -> None:
    runs = [Run(100, "C", (0,))]
    told = attributed(runs, TWO)
    assert max(max(each.confidence.values()) for each in told) < 0.9
    assert min(each.confidence["Ana"] for each in attributed([Run(100, "A", (0,))], TWO)) > 0.99


def test_who_speaks_during_an_overlap_is_surer_than_who_else_does() -> None:
    runs = [Run(200, "A", (0,)), Run(80, "AB", (0, 1)), Run(200, "B", (1,))]
    told = attributed(runs, TWO)
    assert all(set(each.confidence) == each.who for each in told)
    assert all(0.0 <= sure <= 1.0 for each in told for sure in each.confidence.values())
    assert told[30].confidence["Ana"] > 0.99
    assert told[450].confidence["Ben"] > 0.99


def test_without_any_evidence_there_is_an_answer_of_which_nobody_is_sure() -> None:
    told = Attribution(TWO).hear(None, 0, np.ones(50, bool), final=True)
    assert [*told[0].confidence.values()] == pytest.approx([0.5])
    assert all(each == told[0] for each in told)
    assert Attribution(TWO).hear(None, 0, np.zeros(0, bool), final=True) == []


# --------------------------------------------------------------------------------------------------- when it is decided


UNSURE = [Run(400, "AB", (0,))]  # crops right between the two


def test_what_is_clear_is_decided_at_once() -> None:
    runs = [Run(300, "A", (0,))]
    told = Attribution(TWO).hear(heard(runs), 0, speech_of(runs), final=False)
    assert len(told) > 300 - SECOND / 2


def test_the_moment_of_a_change_is_decided_with_what_follows_it() -> None:
    """It is never as sure as what is around it; a voice that begins under another's is known while both speak."""
    runs = [Run(200, "A", (0,)), Run(100, "AB", (0, 1)), Run(200, "B", (1,))]
    told = Attribution(TWO).hear(heard(runs, 300), 0, speech_of(runs)[:300], final=False)
    assert len(told) >= 250
    assert frozenset({"Ana", "Ben"}) in {each.who for each in told}


def test_a_flicker_in_a_pause_does_not_hide_that_it_is_one() -> None:
    """Two frames of reverberation are taken for speech; the beginning after the pause still waits for its voice."""
    runs = [Run(250, "A", (0,)), Run(6, "", ()), Run(2, "A", (0,)), Run(6, "", ()), Run(200, "B", (1,))]
    told = Attribution(TWO).hear(heard(runs, 300), 0, speech_of(runs)[:300], final=False)
    assert 250 <= len(told) <= 264
    without = [Run(264, "A", (0,)), Run(200, "B", (1,))]
    assert len(Attribution(TWO).hear(heard(without, 300), 0, speech_of(without)[:300], final=False)) > 264


def test_what_is_not_clear_waits_up_to_the_hold_and_no_longer() -> None:
    speech = speech_of(UNSURE)
    assert Attribution(TWO).hear(heard(UNSURE, 80), 0, speech[:80], final=False) == []
    assert len(Attribution(TWO).hear(heard(UNSURE, 380), 0, speech[:380], final=False)) == 380 - CONFIG.hold


def test_silence_waits_for_nothing() -> None:
    runs = [Run(100, "", ())]
    assert len(Attribution(TWO).hear(heard(runs), 0, speech_of(runs), final=False)) == 100


def test_in_the_end_all_is_decided() -> None:
    assert len(Attribution(TWO).hear(heard(UNSURE, 80), 0, speech_of(UNSURE)[:80], final=True)) == 80


def test_what_comes_later_decides_what_was_not_clear() -> None:
    """A short beginning that might be anybody's, and whose local voice is then heard alone for long."""
    runs = [Run(60, "A", (0,)), Run(240, "B", (1,)), Run(240, "A", (0,))]
    attribution = Attribution(TWO)
    at_first = attribution.hear(heard(runs, 60), 0, speech_of(runs)[:60], final=False)
    assert at_first == []
    told = attribution.hear(heard(runs), 0, speech_of(runs), final=True)
    assert {each.who for each in told[:50]} == {frozenset({"Ana"})}


RUNS = st.lists(
    st.builds(
        lambda frames, kind: Run(frames, *kind),
        st.integers(5, 120),
        st.sampled_from([("", ()), ("A", (0,)), ("B", (1,)), ("AB", (0, 1)), ("A", (1,)), ("C", (2,))]),
    ),
    min_size=1,
    max_size=10,
).filter(lambda runs: sum(run.frames for run in runs) >= 100)


@given(RUNS, st.lists(st.integers(1, 60), min_size=1, max_size=20), st.sampled_from([TWO, VOICES]))
@settings(max_examples=40)
def test_every_frame_is_decided_once_and_none_waits_too_long(
    runs: list[Run], steps: list[int], people: dict[str, np.ndarray]
) -> None:
    speech = speech_of(runs)
    attribution, done = Attribution(people), 0
    for until in [n for n in accumulate(steps) if 100 <= n < len(speech)]:
        told = attribution.hear(heard(runs, until), done, speech[done:until], final=False)
        assert all(each.who <= set(people) and 1 <= len(each.who) <= 2 for each in told)
        done += len(told)
        assert until - CONFIG.hold <= done <= until
    done += len(attribution.hear(heard(runs), done, speech[done:], final=True))
    assert done == len(speech)


def cut(runs: list[Run], step: int) -> list[Decided]:
    """All frames, decided as they come, `step` at a time, on the evidence that is there in the end."""
    speech, look = speech_of(runs), heard(runs)
    attribution, parts = Attribution(TWO), list[Decided]()
    for until in [*range(step, len(speech), step), len(speech)]:
        parts += attribution.hear(look, len(parts), speech[len(parts) : until], final=until == len(speech))
    assert len(parts) == len(speech)
    return parts


STRANGER_BETWEEN = [
    *(Run(5, "A", (0,)), Run(5, "A", (0,)), Run(5, "A", (1,)), Run(5, "AB", (0, 1))),
    *(Run(95, "C", (2,)), Run(5, "", ()), Run(38, "B", (1,)), Run(5, "A", (1,))),
]
STRANGER_BEFORE = [Run(15, "", ()), Run(161, "C", (2,)), Run(32, "", ()), Run(42, "B", (1,))]


@given(RUNS, st.integers(10, 60))
@example(STRANGER_BETWEEN, 10)  # whose the stranger's frames are is sure as they come, and open in the end: .52
@example(STRANGER_BEFORE, 10)  # open as they come, as long as they may wait, and sure in the end
@settings(max_examples=40)
def test_what_is_sure_as_it_comes_and_in_the_end_is_the_same(runs: list[Run], step: int) -> None:
    sure = 1 / (1 + np.exp(-CONFIG.sure))
    other = 0
    for spoken, then, now in zip(speech_of(runs), cut(runs, step), attributed(runs, TWO), strict=True):
        if spoken and min(*then.confidence.values(), *now.confidence.values(), 1.0) >= sure:
            other += then.who != now.who
    assert other <= SLIP


CLEAR = st.lists(
    st.builds(
        lambda frames, kind: Run(frames, *kind),
        st.integers(100, 250),
        st.sampled_from([("", ()), ("A", (0,)), ("B", (1,))]),
    ),
    min_size=1,
    max_size=6,
)


@given(CLEAR, st.integers(10, 60))
@settings(max_examples=15)
def test_how_frames_are_cut_changes_nothing_where_each_voice_is_clear(runs: list[Run], step: int) -> None:
    """But for moments around each change."""
    same = np.equal(names(cut(runs, step), runs), names(attributed(runs, TWO), runs))
    assert np.sum(~same) <= SLIP * len(runs)


@given(RUNS, st.integers(10, 60))
@example([Run(110, "A", (0,)), Run(17, "C", (2,)), Run(49, "", ()), Run(81, "C", (2,)), Run(51, "AB", (0, 1))], 10)
@example([Run(17, "", ()), Run(26, "B", (1,)), Run(14, "", ()), Run(62, "AB", (0, 1)), Run(24, "A", (0,))], 20)
@settings(max_examples=40)
def test_how_frames_are_cut_changes_nothing_in_the_last_one(runs: list[Run], step: int) -> None:
    """Whoever spoke, when their speech began and where the last breath was are known to the frames that come later."""
    last, same = cut(runs, step)[-1], attributed(runs, TWO)[-1]
    assume(min(same.confidence.values()) > 0.501)  # a tie may go either way
    assert last.who == same.who
    assert last.confidence == pytest.approx(dict(same.confidence))


def test_the_order_of_the_names_changes_nothing() -> None:
    runs = [Run(200, "A", (0,)), Run(80, "AB", (0, 1)), Run(200, "B", (1,))]
    assert attributed(runs, TWO) == attributed(runs, dict(reversed(TWO.items())))


def test_the_number_of_the_frame_is_on_the_clock_of_the_sound() -> None:
    """The same window, and only its last second is still to be decided."""
    runs = [Run(200, "A", (0,)), Run(200, "B", (1,))]
    told = Attribution(TWO).hear(heard(runs), 300, speech_of(runs)[300:], final=True)
    assert {each.who for each in told} == {frozenset({"Ben"})}
    assert RATE // FRAME == SECOND
