"""The player starts at once, stops in time, and survives the loss of its device."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.microphone import Microphone
from coach.audio.playback_queue import Played
from coach.audio.player import NoPlayer, Player
from coach.core.errors import BadInput
from coach.core.span import RATE

ONE = np.ones(RATE, np.float32)


def sounding(port) -> np.ndarray:
    return np.concatenate(port.sounded)


def test_a_clip_plays_from_the_next_block_of_the_speaker(port, wall):
    player = Player("usb", port=port, clock=wall)
    wall.sleep(1.0)
    before = len(sounding(port))
    player.play(ONE, name="one")
    wall.sleep(1.5)
    loud = np.flatnonzero(np.abs(sounding(port)) > 0.5)
    assert loud[0] - before <= 480  # 10 ms
    assert len(loud) == pytest.approx(48_000, abs=50)
    assert player.finished() == [Played("one", RATE, cut=False)]
    assert player.finished() == []


def test_a_stop_is_silent_within_its_fade_and_a_block(port, wall):
    player = Player("usb", port=port, clock=wall)
    player.play(ONE, name="one")
    wall.sleep(0.5)
    before = len(sounding(port))
    assert player.playing
    player.stop()
    wall.sleep(0.5)
    assert np.flatnonzero(sounding(port))[-1] - before <= 0.05 * 48_000
    (report,) = player.finished()
    assert report.cut
    assert report.samples == pytest.approx(0.54 * RATE, abs=0.02 * RATE)
    assert not player.playing


def told_of(clip, port, wall) -> np.ndarray:
    """The reference for 1.5 s after `clip` is played 6 dB softer."""
    player = Player("usb", port=port, clock=wall)
    player.play(clip, gain_db=-6.0)
    pulled = []
    for _ in range(75):
        wall.sleep(0.02)
        pulled.append(player.reference(320))
    return np.concatenate(pulled)


def test_the_reference_is_the_sound_handed_to_the_speaker(port, wall):
    heard = told_of(np.sign(np.random.default_rng(1).normal(size=RATE)).astype(np.float32), port, wall)
    assert np.count_nonzero(heard) == RATE
    assert np.abs(heard).max() == pytest.approx(0.501, abs=0.001)
    assert np.flatnonzero(heard)[0] < 0.04 * RATE


def test_a_tone_is_played_but_left_out_of_the_reference(port, wall):
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
    assert not told_of(tone, port, wall).any()
    assert np.abs(sounding(port)).max() > 0.4


def test_latency_is_in_samples(port, wall):
    assert Player("usb", port=port, clock=wall).latency == 320


def looked_at(player, wall, seconds) -> list[Played]:
    """The reports over this time, if `finished` is called as often as in a session."""
    reports = []
    for _ in range(round(seconds / 0.02)):
        wall.sleep(0.02)
        reports += player.finished()
    return reports


def test_a_speaker_that_disappears_is_reported_and_nothing_raises(port, wall):
    player = Player("usb", port=port, clock=wall)
    player.play(ONE, name="one")
    assert looked_at(player, wall, 0.5) == []
    port.plugged.clear()
    assert looked_at(player, wall, 0.2) == []
    (report,) = looked_at(player, wall, 0.1)
    assert report.name == "one"
    assert report.samples == pytest.approx(RATE / 2, abs=200)
    assert "USB speaker" in report.failed
    assert not player.playing


def test_a_speaker_that_opens_but_requests_nothing_is_lost_within_a_second(port, wall):
    player = Player("usb", port=port, clock=wall)
    looked_at(player, wall, 1.0)
    player.play(ONE, name="one")
    port.outputs[-1].dry = port.dries = True
    assert looked_at(player, wall, 0.9) == []
    (report,) = looked_at(player, wall, 0.2)
    assert "accepts no sound" in report.failed
    assert [s.open for s in port.outputs] == [False, False]


def test_a_speaker_gets_extra_time_if_the_program_was_held_up(port, wall):
    """As while models load: the thread that serves the speaker was held up as well."""
    player = Player("usb", port=port, clock=wall)
    port.plugged.clear()
    player.play(ONE, name="one")
    wall.sleep(2.0)
    assert player.finished() == []
    assert looked_at(player, wall, 0.2) == []
    assert [report.name for report in looked_at(player, wall, 0.1)] == ["one"]


def test_a_stalled_speaker_is_reopened_and_the_clip_goes_on(port, wall):
    player = Player("usb", port=port, clock=wall)
    looked_at(player, wall, 1.0)
    for _ in range(2):  # it may happen again
        player.play(ONE, name="one")
        looked_at(player, wall, 0.5)
        port.outputs[-1].dry = True
        reports = looked_at(player, wall, 1.1)
        assert reports == [Played("one", RATE, cut=False)]
    assert [s.open for s in port.outputs] == [False, False, True]
    assert np.count_nonzero(sounding(port)) == pytest.approx(2 * 48_000, abs=50)


def test_the_next_clip_opens_a_lost_speaker_again(port, wall):
    player = Player("usb", port=port, clock=wall)
    speaker = port.plugged.pop()
    wall.sleep(2)
    port.plugged.append(speaker)
    player.play(ONE, name="again")
    wall.sleep(1.2)
    assert player.finished() == [Played("again", RATE, cut=False)]
    assert [s.open for s in port.outputs] == [False, True]


@pytest.mark.parametrize("refusing", [False, True])
def test_a_clip_for_a_speaker_that_stays_away_has_failed(port, wall, refusing):
    player = Player("usb", port=port, clock=wall)
    speaker = port.plugged.pop()
    wall.sleep(2)
    if refusing:  # the device can be opened, but not started
        port.plugged.append(speaker)
        port.refuse_to_start.add("USB speaker")
    player.play(ONE, name="lost")
    (report,) = player.finished()
    assert (report.name, report.samples, report.cut) == ("lost", 0, True)
    assert report.failed
    assert not player.playing
    assert not any(s.open for s in port.outputs)


def test_if_its_name_is_gone_the_default_speaker_is_used_at_its_own_rate(port, wall):
    player = Player("usb", port=port, clock=wall)
    port.plugged.pop()
    port.refresh()
    player.play(ONE, name="elsewhere")
    before = len(port.sounded)
    wall.sleep(1.2)
    assert np.count_nonzero(np.concatenate(port.sounded[before:])) == RATE  # 16 kHz, and no more 48
    assert player.finished() == [Played("elsewhere", RATE, cut=False)]


def test_a_lost_microphone_interrupts_a_cue_but_does_not_end_it(port, wall):
    player = Player("usb", port=port, clock=wall)
    microphone = Microphone("desk", port=port, clock=wall)
    wall.after(1, lambda: setattr(port, "stalled", True))
    wall.after(2.3, lambda: player.play(ONE, name="cue"))
    wall.after(2.4, lambda: setattr(port, "stalled", False))
    wall.after(6, microphone.close)
    list(microphone.blocks())
    assert port.refreshed
    assert player.finished() == [Played("cue", RATE, cut=False)]
    assert np.count_nonzero(sounding(port) > 0.5) == pytest.approx(48_000, abs=50)


def test_close_releases_the_speaker_for_good(port, wall):
    player = Player("usb", port=port, clock=wall)
    player.close()
    port.refresh()
    assert not any(s.open for s in port.outputs)


def test_a_missing_speaker_is_an_immediate_error(port, wall):
    with pytest.raises(BadInput, match="no speaker called 'cellar'"):
        Player("cellar", port=port, clock=wall)


def test_a_silent_player_keeps_time_by_the_sample_clock():
    player = NoPlayer()
    player.play(ONE, name="first")
    player.play(ONE, name="second")
    for _ in range(50):
        assert not player.reference(320).any()
    assert player.finished() == [Played("first", RATE, cut=False)]
    assert player.playing
    player.stop()
    player.reference(3200)
    (report,) = player.finished()
    assert (report.name, report.samples, report.cut) == ("second", 640, True)
    assert not player.playing
    assert player.played == ["first", "second"]


def test_the_reference_stays_in_step_after_skipped_time(port, wall):
    player = Player("usb", port=port, clock=wall)
    noise = np.random.default_rng(1).normal(size=9 * RATE).astype(np.float32)
    wall.sleep(0.5)
    player.reference(320)
    player.play(noise)
    pulled = []
    for hop in range(400):
        wall.sleep(0.02)
        if hop == 100:  # the microphone is lost, so nothing is pulled
            wall.sleep(4)
            player.skip(4 * RATE)
        pulled.append(player.reference(320))
    heard = np.concatenate(pulled)[: 200 * 320]
    begin = int(np.flatnonzero(heard)[0])
    assert np.array_equal(heard[begin : 100 * 320], noise[: 100 * 320 - begin])
    assert np.array_equal(heard[100 * 320 :], noise[100 * 320 + 4 * RATE - begin :][: 100 * 320])


def test_a_clip_on_a_silent_player_ends_on_time_even_over_skipped_time():
    player = NoPlayer()
    player.play(np.ones(3 * RATE, np.float32), name="one")
    player.skip(2 * RATE)
    assert player.playing
    player.skip(8 * 3600 * RATE)
    assert player.finished() == [Played("one", 3 * RATE, cut=False)]


def test_without_a_speaker_nothing_is_reported_as_played():
    speaker = NoPlayer(unheard="there is no speaker")
    speaker.play(np.zeros(RATE, np.float32), name="over")
    speaker.reference(2 * RATE)
    assert [(each.name, each.failed) for each in speaker.finished()] == [("over", "there is no speaker")]
