"""Voice activity: speech is found in time and with sharp edges, and noise is not."""

from __future__ import annotations

from statistics import median

import numpy as np
import pytest

from coach.core.span import Span, as_samples, joined
from coach.vad.activity import ACTIVITY, Activity, Began, Stopped
from coach.vad.frames import FRAME, FRAMES_A_SECOND
from coach.vad.likeness import Burst
from tests.vad.made_sound import (
    ANA_ALONE,
    BEN_ALONE,
    RATE,
    heard,
    hops_of,
    laid,
    loud_part,
    room,
    said,
    sample,
    seconds,
    truth,
)

NEAR = as_samples(0.03)


def voices_in(sound: np.ndarray) -> list[Span]:
    return [edge.span for edge in heard(Activity(), sound) if isinstance(edge, Stopped) and edge.span]


def tone(seconds_: float, *hertz: float, dbfs: float) -> np.ndarray:
    t = np.arange(as_samples(seconds_)) / RATE
    wave = sum(np.sin(2 * np.pi * f * t) / (i + 1) for i, f in enumerate(hertz))
    return (wave * 10 ** (dbfs / 20) * np.sqrt(2)).astype(np.float32)


def slam() -> np.ndarray:
    """A door: the loudest thing of the evening, gone within a third of a second."""
    n = as_samples(0.4)
    return (room(0.4, dbfs=-6, seed=3)[:n] * np.exp(-np.arange(n) / as_samples(0.05))).astype(np.float32)


# ------------------------------------------------------------------------------------------------- a voice is found


@pytest.mark.parametrize("who", [ANA_ALONE, BEN_ALONE])
@pytest.mark.parametrize("offset", [0.0, 0.003, 0.0137, 0.02])
def test_a_voice_is_found_where_it_begins_and_ends(who: tuple[float, float], offset: float) -> None:
    piece = loud_part(*who, at_least=2.0)
    begins = as_samples(1.5 + offset)
    (voice,) = voices_in(laid(6.0, (1.5 + offset, piece)))
    assert abs(voice.start - begins) <= NEAR
    assert abs(voice.end - (begins + len(piece))) <= as_samples(0.05)  # cut in a vowel, as nobody ends


def test_a_voice_is_told_a_tenth_of_a_second_after_it_began_and_an_end_after_the_join() -> None:
    told = heard(Activity(), sample()[: 60 * RATE])
    began = [seconds(edge.at - edge.onset) for edge in told if isinstance(edge, Began)]
    stopped = [seconds(edge.at - edge.span.end) for edge in told if isinstance(edge, Stopped)]
    assert len(began) >= 15
    assert median(began) <= 0.13
    assert max(began) <= 0.35
    assert median(stopped) <= 0.21


def test_the_voices_of_the_sample_begin_and_end_where_its_truth_says() -> None:
    before = 59 * RATE  # the last second may hold a voice that goes on
    tail = as_samples(0.3)  # the sample's room fills shorter silences
    spoken = [Span.seconds(row["start_s"], row["end_s"]) for row in truth()["speech"]]
    due = [span for span in joined(spoken, tail) if span.end < before]
    found = [span for span in joined(voices_in(sample()[: 60 * RATE]), tail) if span.end < before]
    assert len(found) == len(due) >= 10
    starts = [seconds(abs(a.start - b.start)) for a, b in zip(found, due, strict=True)]
    assert median(starts) <= 0.01
    assert max(starts) <= 0.08  # one begins with a breath of a consonant
    ends = [seconds(abs(a.end - b.end)) for a, b in zip(found, due, strict=True)]
    assert median(ends) <= 0.03
    assert max(ends) <= 0.10  # the room's own tail


def test_edges_alternate_and_lie_behind_the_moment_at_which_they_are_told() -> None:
    told = heard(Activity(), sample()[: 60 * RATE])
    assert [type(edge) for edge in told] == [Began, Stopped] * (len(told) // 2)
    assert [edge.at for edge in told] == sorted(edge.at for edge in told)
    for began, stopped in zip(told[::2], told[1::2], strict=True):
        assert began.onset == stopped.span.start < began.at
        assert began.onset % FRAME == stopped.span.end % FRAME == 0


# ---------------------------------------------------------------------------------------------------- what is none


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(slam(), id="a door that slams"),
        pytest.param(room(1.5, dbfs=-20, seed=5), id="a tap that runs"),
        pytest.param(tone(3.0, 50, 100, 150, 200, dbfs=-26), id="a hum of the mains"),
        pytest.param(tone(1.0, 1800, dbfs=-20), id="a kitchen clock that beeps"),
        pytest.param(np.concatenate([slam(), slam(), slam()]), id="somebody who knocks"),
    ],
)
def test_a_noise_is_no_voice(noise: np.ndarray) -> None:
    assert voices_in(laid(6.0, (2.0, noise))) == []


def test_a_room_in_which_nobody_speaks_is_silent_from_the_first_second() -> None:
    for dbfs in (-80.0, -60.0, -45.0):
        assert voices_in(room(5.0, dbfs)) == []
    assert voices_in(np.zeros(3 * RATE, np.float32)) == []


def test_a_noise_right_after_a_voice_is_not_taken_for_more_of_it() -> None:
    piece = loud_part(*ANA_ALONE, at_least=2.0)
    begins, ends = 1.5, 1.5 + seconds(len(piece))
    told = heard(Activity(), laid(9.0, (begins, piece), (ends, room(4.0, dbfs=-34, seed=7))))
    (stopped,) = [edge for edge in told if isinstance(edge, Stopped)]
    assert abs(stopped.span.end - as_samples(ends)) <= as_samples(0.7)  # of four
    assert stopped.at - as_samples(ends) <= as_samples(1.2)  # and nobody waits for the noise to end


def test_a_voice_is_found_although_a_noise_went_before_it_without_a_pause() -> None:
    piece = loud_part(*ANA_ALONE, at_least=2.0)
    (voice,) = voices_in(laid(7.0, (1.0, room(2.0, dbfs=-34, seed=7)), (3.0, piece)))
    assert abs(voice.start - as_samples(3.0)) <= as_samples(0.12)


# ------------------------------------------------------------------------------------------------- gaps and softness


@pytest.mark.parametrize(("gap", "voices"), [(0.06, 1), (0.15, 1), (0.22, 2), (0.5, 2)])
def test_only_a_silence_of_the_join_or_more_divides_a_voice(gap: float, voices: int) -> None:
    piece = loud_part(*ANA_ALONE, at_least=1.2)
    after = 1.5 + seconds(len(piece)) + gap
    assert len(voices_in(laid(8.0, (1.5, piece), (after, piece)))) == voices


def test_a_soft_voice_is_found_where_the_room_is_quiet() -> None:
    piece = loud_part(*ANA_ALONE, at_least=2.0) * np.float32(10 ** (-20 / 20))  # at -46 dBFS
    (voice,) = voices_in(laid(6.0, (1.5, piece), dbfs=-75.0))
    assert abs(voice.start - as_samples(1.5)) <= NEAR


def test_a_voice_that_a_noisy_room_half_drowns_keeps_together() -> None:
    piece = said(*ANA_ALONE)
    level = 10 * np.log10((piece**2).mean())
    noisy = laid(9.0, (3.0, piece), dbfs=level - 8.0)
    found = voices_in(noisy)
    spoken = Span.seconds(3.0, 3.0 + seconds(len(piece)))
    assert sum((span & spoken).duration for span in found) >= 0.85 * spoken.duration
    assert all(span in Span(spoken.start - NEAR, spoken.end + as_samples(0.1)) for span in found)


def test_the_tail_of_a_large_room_is_not_speech() -> None:
    piece = loud_part(*BEN_ALONE, at_least=2.0)
    n = as_samples(2.0)
    tail = said(*BEN_ALONE)[:n] * np.exp(-6.9 * np.arange(n) / as_samples(1.5)).astype(np.float32)  # T60 1.5 s
    ends = 1.5 + seconds(len(piece))
    voice = voices_in(laid(8.0, (1.5, piece), (ends, tail), dbfs=-85.0))[0]
    assert voice.end - as_samples(ends) <= as_samples(0.75)  # it has sunk by 20 dB after half a second


def test_sound_that_was_never_heard_ends_the_voice_and_moves_the_clock() -> None:
    activity = Activity()
    piece = loud_part(*ANA_ALONE, at_least=2.0)
    before = [edge for hop in laid(4.0, (1.0, piece))[: 2 * RATE].reshape(-1, 320) for edge in activity.hop(hop)]
    assert activity.speaking
    (lost,) = activity.skip_to(10 * FRAMES_A_SECOND)
    assert isinstance(lost, Stopped)
    assert lost.span.end <= 2 * RATE
    assert not activity.speaking
    after = heard(activity, laid(4.0, (1.0, piece)))
    assert len(before) == 1
    assert abs(after[0].onset - 11 * RATE) <= NEAR


# ------------------------------------------------------------------------------------------------------------- proof


def looks_like_a_voice(monkeypatch: pytest.MonkeyPatch, odds: float) -> None:
    """Every sound of which Silero is sure is as much like a voice as that."""
    monkeypatch.setattr(Burst, "voice_odds", lambda _: odds)


def test_a_sound_that_is_never_proved_ends_as_a_voice_of_no_length(monkeypatch: pytest.MonkeyPatch) -> None:
    looks_like_a_voice(monkeypatch, -9.0)
    activity = Activity()
    settled = []
    told = []
    for hop in hops_of(laid(4.0, (1.5, loud_part(*ANA_ALONE, at_least=1.0)))):
        told += activity.hop(hop)
        settled.append((activity.speaking, activity.settled))
    began, stopped = told
    assert isinstance(began, Began)
    assert isinstance(stopped, Stopped)
    assert not stopped.span
    assert stopped.span.start == began.onset
    assert {n for speaking, n in settled if speaking} == {began.onset // FRAME}  # nothing of it was given away


@pytest.mark.parametrize(
    ("odds", "voices"),
    [
        pytest.param(ACTIVITY.proof + 0.5, (1, 1, 1), id="surely a voice"),
        pytest.param(ACTIVITY.proof_in_talk + 0.5, (1, 1, 0), id="more like a voice than not"),
        pytest.param(ACTIVITY.proof_in_talk - 0.5, (1, 0, 0), id="as much like a noise as like a voice"),
        pytest.param(ACTIVITY.proof_after_voice - 0.5, (0, 0, 0), id="a noise"),
    ],
)
def test_the_longer_nobody_spoke_the_more_proof_a_voice_needs(
    odds: float, voices: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right after a voice, in a talk, and where nobody has talked for half a minute."""
    piece = loud_part(*ANA_ALONE, at_least=0.8)
    silences = (0.7, ACTIVITY.close / FRAMES_A_SECOND + 0.3, ACTIVITY.recent / FRAMES_A_SECOND + 3)
    for silence, found in zip(silences, voices, strict=True):
        activity = Activity()
        heard(activity, laid(1.0 + seconds(len(piece)), (1.0, piece)))
        assert activity.voice_last is not None
        with monkeypatch.context() as changed:
            looks_like_a_voice(changed, odds)
            spans = [e.span for e in heard(activity, laid(silence + 2.0, (silence, piece))) if isinstance(e, Stopped)]
        assert sum(bool(span) for span in spans) == found


def test_a_long_sound_needs_less_proof_than_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sneeze is over within the second; what goes on like a voice for two is one."""
    looks_like_a_voice(monkeypatch, ACTIVITY.proof - 1.0)
    piece = loud_part(*ANA_ALONE, at_least=1.4)
    assert voices_in(laid(4.0, (1.0, piece))) == []
    assert voices_in(laid(7.0, (1.0, np.concatenate([piece, piece, piece])))) != []


def test_a_voice_is_proved_at_once_among_voices_and_soon_where_there_was_none() -> None:
    activity = Activity()
    proved = []
    piece = loud_part(*ANA_ALONE, at_least=1.5)
    for n, hop in enumerate(hops_of(laid(8.0, (1.0, piece), (5.0, piece)))):
        activity.hop(hop)
        if activity.speaking and activity.settled * FRAME > as_samples(1.02):
            proved.append(n * 0.02)
    assert proved[0] - 1.0 <= 0.6
    again = next(t for t in proved if t > 5.0 and t < 8.0)
    assert again - 5.0 <= 0.25
