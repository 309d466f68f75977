"""The edges of speech lie where the level has them, within what the segmentation takes for speech."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from coach.diarization import Ear
from coach.vad import FRAME, FRAMES_A_SECOND, REACH, Edges
from coach.vad.edges import CONFIG, EdgesConfig
from scripts.training.train_edges import inputs_in
from tests.vad.made_sound import ANA_ALONE, BEN_ALONE, hops_of, laid, loud_part, room

Likely = Callable[[np.ndarray], np.ndarray]  # frames to the probability of a voice in them
BLUR = 6  # frames by which the segmentation blurs an edge to either side
NEAR = 3  # frames
AT = 150  # the frame at which a voice begins


def segmented(first: float, last: float) -> Likely:
    """As of a segmentation that takes everything between two frames for speech, and blurs the edges."""

    def likely(frames: np.ndarray) -> np.ndarray:
        inside = np.minimum(frames + 0.5 - first, last - frames - 0.5)
        return np.clip((inside + BLUR) / (2 * BLUR), 0.0, 1.0)

    return likely


def listened(sound: np.ndarray, config: EdgesConfig = CONFIG) -> tuple[Edges, int]:
    """Edges that heard the sound, and how many frames it has."""
    edges = Edges(config)
    hops = hops_of(sound)
    for hop in hops:
        edges.hop(hop)
    return edges, len(hops) * len(hops[0]) // FRAME


def decided(edges: Edges, first: int, last: int, likely: Likely) -> np.ndarray:
    return edges.speech(first, last, likely(edges.context(first, last)))


def speech_in(sound: np.ndarray, likely: Likely) -> np.ndarray:
    """Whether each frame of the sound is speech."""
    edges, frames = listened(sound)
    return decided(edges, 0, frames, likely)


@pytest.fixture(scope="module", params=[ANA_ALONE, BEN_ALONE], ids=["Ana", "Ben"])
def piece(request: pytest.FixtureRequest) -> np.ndarray:
    return loud_part(*request.param, at_least=2.5)


def length(piece: np.ndarray) -> int:
    return len(piece) // FRAME


@pytest.mark.parametrize("offset", [0, 64, 137])
@pytest.mark.parametrize("decibels", [0, -20])
def test_speech_begins_and_ends_to_a_few_hundredths_of_a_second(piece: np.ndarray, offset: int, decibels: int) -> None:
    sound = room(6.0, dbfs=-75.0)
    begins = AT * FRAME + offset
    sound[begins : begins + len(piece)] += piece * np.float32(10 ** (decibels / 20))
    speech = speech_in(sound, segmented(AT, AT + length(piece)))
    frames = np.flatnonzero(speech)
    assert abs(frames[0] - begins / FRAME) <= 1
    assert abs(frames[-1] + 1 - (begins + len(piece)) / FRAME) <= NEAR + 2  # cut in a vowel, as nobody ends
    assert speech[AT : AT + length(piece)].mean() > 0.97


def test_edges_are_sharper_than_the_segmentation_has_them(piece: np.ndarray) -> None:
    """It takes two tenths of a second before and after the voice for speech as well."""
    wide = segmented(AT - 20, AT + length(piece) + 20)
    frames = np.flatnonzero(speech_in(laid(6.0, (AT / FRAMES_A_SECOND, piece)), wide))
    assert abs(frames[0] - AT) <= 10
    assert abs(frames[-1] + 1 - AT - length(piece)) <= 18  # a soft end counts as speech


@pytest.mark.parametrize("pause", [30, 50])
def test_a_pause_is_no_speech_although_the_segmentation_bridges_it(piece: np.ndarray, pause: int) -> None:
    ends = AT + length(piece)
    again = ends + pause
    sound = laid(9.0, (AT / FRAMES_A_SECOND, piece), (again / FRAMES_A_SECOND, piece))
    speech = speech_in(sound, segmented(AT, again + length(piece)))
    assert speech[ends:again].mean() < 0.35
    assert not speech[ends + 15 : again - 5].any()
    assert speech[AT:ends].mean() > 0.97
    assert speech[again : again + length(piece)].mean() > 0.97


def test_a_sound_that_the_segmentation_takes_for_no_voice_is_no_speech(piece: np.ndarray) -> None:
    speech = speech_in(laid(6.0, (1.5, piece)), segmented(0, 0))
    assert speech.sum() <= 0.05 * length(piece)


def spoken_in_a_short_pause(config: EdgesConfig) -> np.ndarray:
    """What is taken for speech in a pause of a fifth of a second, in which something of what was said still sounds."""
    piece = loud_part(*ANA_ALONE, at_least=2.5)
    ends = 200 + length(piece)
    again = ends + 20
    edges, frames = listened(laid(9.0, (2.0, piece), (again / FRAMES_A_SECOND, piece)), config)
    return decided(edges, 0, frames, segmented(190, again + length(piece)))[ends:again]


def test_a_dip_between_two_stretches_of_speech_is_a_pause() -> None:
    only_dips = replace(CONFIG, breath=CONFIG.within + 1, silent=-np.inf)
    assert spoken_in_a_short_pause(replace(only_dips, pauses_at=0.0)).sum() > 5
    assert spoken_in_a_short_pause(replace(only_dips, pauses_at=0.9)).sum() <= 4


def probable(monkeypatch: pytest.MonkeyPatch, curve: Callable[[np.ndarray], np.ndarray]) -> None:
    """The network says what `curve` has at each frame, the first of which is 0."""
    before = CONFIG.pause[1]
    monkeypatch.setattr("coach.vad.edges.likelihood", lambda inputs: curve(np.arange(len(inputs)) - before))


def flickering(frames: np.ndarray) -> np.ndarray:
    """Speech with a pause from frame 200 to 220, in the second half of which two frames flicker."""
    return np.where((frames < 200) | (frames >= 220) | ((frames >= 213) & (frames < 215)), 1.0, 0.0)


@pytest.mark.parametrize(("breath", "spoken"), [(CONFIG.breath, []), (CONFIG.within + 1, [213, 214])])
def test_what_flickers_in_a_breath_is_no_speech(
    monkeypatch: pytest.MonkeyPatch, breath: int, spoken: list[int]
) -> None:
    probable(monkeypatch, flickering)
    edges, frames = listened(room(6.0), replace(CONFIG, breath=breath, pauses_at=0.0, silent=-np.inf))
    speech = decided(edges, 0, frames, segmented(0, frames))
    assert [n for n in range(200, 220) if speech[n]] == spoken


def test_one_probability_decides_where_speech_begins_and_another_where_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    probable(monkeypatch, lambda frames: np.clip(1 - np.abs(frames - 300) / 100, 0.0, 1.0))
    edges, frames = listened(room(6.0), replace(CONFIG, begins_at=0.305, ends_at=0.205, pauses_at=0.0, silent=-np.inf))
    found = np.flatnonzero(decided(edges, 0, frames, segmented(0, frames)))
    assert found.tolist() == list(range(231, 380))


@pytest.mark.parametrize(("pause", "heard"), [(CONFIG.pause[0] + 3, 0), (CONFIG.pause[0] - 7, CONFIG.pause[0] - 7)])
def test_the_level_of_the_noise_for_as_long_as_a_pause_is_silence_whatever_the_network_says(
    piece: np.ndarray, monkeypatch: pytest.MonkeyPatch, pause: int, heard: int
) -> None:
    probable(monkeypatch, lambda frames: np.ones(len(frames)))
    ends = AT + length(piece)
    again = ends + pause
    edges, frames = listened(laid(9.0, (AT / FRAMES_A_SECOND, piece), (again / FRAMES_A_SECOND, piece)))
    speech = decided(edges, 0, frames, segmented(0, frames))
    assert abs(int(speech[ends:again].sum()) - heard) <= 1


@pytest.mark.parametrize("unit", [ANA_ALONE, BEN_ALONE], ids=["Ana", "Ben"])
def test_soft_syllables_are_no_noise_where_sound_begins_in_the_middle_of_talk(
    unit: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    probable(monkeypatch, lambda frames: np.ones(len(frames)))
    edges, frames = listened(loud_part(*unit, at_least=2.5))
    assert decided(edges, 0, frames, segmented(0, frames)).all()


def test_frames_that_nobody_has_heard_are_no_silence(piece: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    probable(monkeypatch, lambda frames: np.ones(len(frames)))
    ends = AT + length(piece)
    silent = CONFIG.pause[0] // 2  # frames known of a stop that may be shorter than a pause
    edges, frames = listened(laid(6.0, (AT / FRAMES_A_SECOND, piece))[: (ends + silent) // 2 * 2 * FRAME])
    assert decided(edges, ends - 10, frames, segmented(0, frames)).all()


@pytest.mark.parametrize("dbfs", [-np.inf, -75.0, -45.0])
def test_silence_is_no_speech(dbfs: float) -> None:
    edges, frames = listened(room(6.0, dbfs))
    assert not decided(edges, 0, frames, segmented(-100, -100)).any()
    assert not edges.audible(50)


@pytest.mark.parametrize("cut", [1, 7, 50])
def test_how_many_frames_are_asked_for_at_once_changes_none(piece: np.ndarray, cut: int) -> None:
    edges, frames = listened(laid(5.0, (1.5, piece)))
    likely = segmented(AT, AT + length(piece))
    parts = [decided(edges, n, min(n + cut, frames), likely) for n in range(0, frames, cut)]
    assert np.concatenate(parts).tolist() == decided(edges, 0, frames, likely).tolist()


def test_no_frames_are_nothing() -> None:
    edges, frames = listened(room(1.0))
    assert decided(edges, frames, frames, segmented(0, 0)).tolist() == []


def test_the_context_reaches_as_far_to_both_sides() -> None:
    context = Edges().context(100, 110).tolist()
    assert context == list(range(context[0], 210 - context[0]))
    assert context[0] <= 100 - REACH


def test_what_is_loud_enough_for_a_voice_is_audible_until_it_is_long_past(piece: np.ndarray) -> None:
    edges, frames = listened(laid(6.0, (1.5, piece * np.float32(0.1))))
    ends = AT + length(piece)
    assert edges.audible(0)
    assert edges.audible(ends - 10)
    assert not edges.audible(ends + 10)
    assert not edges.audible(frames)


def test_frames_are_counted_on_across_missing_sound(piece: np.ndarray) -> None:
    edges, _ = listened(laid(5.0, (1.5, piece)))
    gap_ends = 10 * FRAMES_A_SECOND
    edges.skip_to(gap_ends)
    assert not edges.audible(0)
    for hop in hops_of(laid(5.0, (1.5, piece))):
        edges.hop(hop)
    begins = gap_ends + AT
    speech = decided(edges, gap_ends, gap_ends + 500, segmented(begins, begins + length(piece)))
    frames = np.flatnonzero(speech)
    assert abs(frames[0] - AT) <= NEAR
    assert abs(frames[-1] + 1 - AT - length(piece)) <= 2 * NEAR


def test_segments_of_other_frames_are_refused(piece):
    edges, frames = listened(piece)
    with pytest.raises(ValueError, match="segments"):
        edges.inputs(0, frames, np.ones(frames + 2 * REACH + 1))


def test_the_network_is_trained_on_what_it_will_see(piece, monkeypatch):
    asked: list[np.ndarray] = []
    monkeypatch.setattr("coach.vad.edges.likelihood", lambda inputs: asked.append(inputs) or np.zeros(len(inputs)))
    sound = laid(5.0, (1.0, piece))
    ear = Ear()
    for hop in hops_of(sound):
        ear.hop(hop)
    around = CONFIG.pause[1]
    seen = np.concatenate([inputs[around:-around] for inputs in asked])
    assert np.array_equal(seen, np.array([row for _, row in inputs_in(sound)]))
