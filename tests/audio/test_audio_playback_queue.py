"""The samples that the speaker gets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.audio.playback_queue import PlaybackQueue, Played, drain
from coach.core.span import RATE


def tone(seconds: float) -> np.ndarray:
    return np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


def served(line: PlaybackQueue, seconds: float, block: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    block = block or line.rate // 100
    parts = [line.fill(block) for _ in range(round(seconds * line.rate / block))]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def test_a_clip_plays_immediately_and_completely_and_is_followed_by_silence():
    line = PlaybackQueue(RATE)
    line.play(tone(0.5), 0.0, "tone")
    assert line.busy
    native, same = served(line, 1.0)
    assert np.array_equal(native[: RATE // 2], tone(0.5))
    assert not native[RATE // 2 :].any()
    assert np.array_equal(native, same)
    assert list(drain(line.reports)) == [Played("tone", RATE // 2, cut=False)]
    assert not line.busy


def test_gain_is_in_decibels():
    line = PlaybackQueue(RATE)
    line.play(tone(0.5), -20.0, "")
    assert np.abs(served(line, 0.5)[0]).max() == pytest.approx(0.1, rel=1e-3)


def test_clips_follow_one_another_without_a_gap():
    line = PlaybackQueue(RATE)
    line.play(np.full(250, 0.5, np.float32), 0.0, "first")
    line.play(np.full(250, 0.25, np.float32), 0.0, "second")
    native, same = served(line, 0.05)
    assert np.array_equal(native, same)
    assert np.array_equal(native[:500], np.repeat([0.5, 0.25], 250).astype(np.float32))
    assert [p.name for p in drain(line.reports)] == ["first", "second"]


def test_a_stop_fades_the_clip_that_plays_and_drops_those_that_wait():
    line = PlaybackQueue(RATE)
    for name in ("sounding", "waiting", "last"):
        line.play(np.ones(RATE, np.float32), 0.0, name)
    served(line, 0.2)
    line.stop(0.04)
    native, _ = served(line, 0.5)
    assert np.all(np.diff(native[:640]) < 0)
    assert not native[640:].any()
    assert np.abs(np.diff(native)).max() < 0.01  # no click
    reports = {p.name: p for p in drain(line.reports)}
    assert reports["sounding"] == Played("sounding", round(0.24 * RATE), cut=True)
    assert reports["waiting"].samples == reports["last"].samples == 0
    assert reports["waiting"].cut
    assert not line.busy


def test_a_stop_at_the_last_moment_cuts_nothing():
    line = PlaybackQueue(RATE)
    line.play(tone(0.5), 0.0, "tone")
    served(line, 0.48)
    line.stop(0.04)
    native, _ = served(line, 0.1)
    assert np.array_equal(native[:320], tone(0.5)[-320:])
    assert list(drain(line.reports)) == [Played("tone", RATE // 2, cut=False)]


def test_a_stop_before_the_first_sample_gives_silence_and_a_stop_in_silence_does_no_harm():
    line = PlaybackQueue(RATE)
    line.stop(0.04)
    line.play(tone(0.5), 0.0, "heard")
    assert served(line, 0.5)[0].any()
    line.play(tone(0.5), 0.0, "stopped")
    line.stop(0.0)
    assert not served(line, 0.5)[0].any()
    assert [p.cut for p in drain(line.reports)] == [False, True]


@settings(max_examples=30)
@given(st.sampled_from([8000, 16_000, 44_100, 48_000]), st.integers(1, 2000), st.integers(0, 3000))
def test_the_copy_at_16_khz_has_no_seam_and_is_on_the_clock_of_the_far_end(rate, block, silence):
    line = PlaybackQueue(rate)
    line.fill(silence)
    begun = silence * RATE // rate
    clip = np.arange(1, 2002, dtype=np.float32)
    line.play(clip, 0.0, "")
    same = np.concatenate([line.fill(block)[1] for _ in range((4000 * rate // RATE) // block + 1)])
    place = int(np.flatnonzero(same)[0])
    assert np.array_equal(same[place : place + 2001], clip)
    assert place == 0
    assert list(drain(line.reports)) == [Played("", 2001, cut=False)]
    assert begun + len(same) == (line.handed * RATE) // rate


def test_an_hour_at_44_1_khz_keeps_both_clocks_together():
    line = PlaybackQueue(44_100)
    assert sum(len(line.fill(441 * 100)[1]) for _ in range(3600)) == 3600 * RATE


def test_failing_reports_everything_with_its_reason():
    line = PlaybackQueue(RATE)
    line.play(tone(0.5), 0.0, "one")
    line.play(tone(0.5), 0.0, "two")
    served(line, 0.1)
    line.fail("unplugged")
    first, second = drain(line.reports)
    assert first == Played("one", RATE // 10, cut=True, failed="unplugged")
    assert second == Played("two", 0, cut=True, failed="unplugged")
    assert not line.busy


def test_a_speaker_with_another_rate_gets_the_clip_from_its_beginning():
    line = PlaybackQueue(48_000)
    line.play(tone(0.5), 0.0, "tone")
    served(line, 0.2)
    line.change_rate(RATE)
    native, same = served(line, 0.6)
    assert np.array_equal(native[: RATE // 2], tone(0.5))
    assert np.array_equal(native, same)
    assert list(drain(line.reports)) == [Played("tone", RATE // 2, cut=False)]


def test_a_sound_laid_under_plays_with_the_clips_and_is_neither_reported_nor_in_the_far_end():
    line = PlaybackQueue(RATE)
    begin = line.lay_under(np.full(RATE, 0.5, np.float32), -6.0206)
    assert not served(line, 0.1)[0].any(), "it waits until it is begun"
    begin()
    line.play(tone(0.3), 0.0, "tone")
    native, far = served(line, 0.2)
    assert native == pytest.approx(0.25 + tone(0.2), abs=1e-4)
    assert far == pytest.approx(tone(0.2), abs=1e-4)
    line.stop(0.01)
    assert served(line, 0.2)[0][-RATE // 10 :] == pytest.approx(0.25, abs=1e-4)
    assert [played.name for played in drain(line.reports)] == ["tone"]
    assert not line.busy
    assert not served(line, 1.0)[0][-RATE // 10 :].any(), "it ends"


def test_a_sound_laid_under_goes_on_where_it_was_on_a_speaker_of_another_rate():
    line = PlaybackQueue(RATE)
    line.lay_under(np.linspace(0, 1, RATE, dtype=np.float32), 0.0)()
    served(line, 0.5)
    line.change_rate(3 * RATE)
    assert served(line, 0.1)[0][:30] == pytest.approx(0.5, abs=0.01)
