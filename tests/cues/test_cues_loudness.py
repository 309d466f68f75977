"""A cue's level: audible above the room's noise, and never as loud as the talk."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coach.core.span import HOP, RATE
from coach.cues.loudness import CONFIG, CueLoudness, headroom_db

SECOND = RATE // HOP  # hops
FILE = 10 ** (CONFIG.clip / 10)  # mean square of a clip


def power(dbfs):
    return 10 ** (dbfs / 10)


class Room:
    """A microphone with talk, noise and the coach at these levels in dBFS; `way`: gain from file to microphone."""

    def __init__(self, talk=-26.0, noise=-57.0, way=0.0):
        self.talk, self.noise, self.way = talk, noise, way
        self.loudness = CueLoudness()
        self.past = [0.0] * 5  # the far end, which is heard a tenth of a second later

    def hops(self, seconds, *, speaks=False, sounds=False):
        for _ in range(round(seconds * SECOND)):
            self.past.append(FILE if sounds else 0.0)
            heard = self.past[-6] * power(self.way) + power(self.noise) + (power(self.talk) if speaks else 0.0)
            self.loudness.hear(heard, self.past[-1], somebody_speaks=speaks)
        return self

    def evening(self):
        """A short silence, then speech, and then a cue in silence."""
        return self.hops(2).hops(5, speaks=True).hops(2).hops(2.5, sounds=True).hops(2)

    @property
    def next_cue(self):
        """The level of the next cue at the microphone."""
        return CONFIG.clip + self.way + self.loudness.gain_db


def test_before_a_cue_was_heard_clips_play_at_the_level_of_the_file():
    room = Room()
    assert room.loudness.gain_db == 0
    assert room.hops(2).hops(20, speaks=True).hops(2).loudness.gain_db == 0


def test_before_anybody_has_spoken_clips_play_at_the_level_of_the_file():
    assert Room(way=10).hops(2).hops(2.5, sounds=True).hops(2).loudness.gain_db == 0


@pytest.mark.parametrize("talk", [-45, -26, -15])
@pytest.mark.parametrize("way", [-12, 0, 6])
def test_a_cue_is_six_decibels_below_the_talk_at_any_speaker_volume(talk, way):
    room = Room(talk=talk, noise=-75, way=way).evening()
    reach = max(CONFIG.softest, min(CONFIG.loudest, talk - CONFIG.under_talk - CONFIG.clip - way)) + CONFIG.clip + way
    assert room.next_cue == pytest.approx(reach, abs=1.0)
    assert room.next_cue < talk - CONFIG.least_under_talk


def test_in_a_loud_room_a_cue_is_raised_above_the_noise():
    quiet, loud = Room(noise=-60).evening(), Room(noise=-41).evening()
    assert loud.next_cue > quiet.next_cue + 1
    assert loud.next_cue == pytest.approx(-41 + CONFIG.over_room, abs=1.0)


def test_in_a_room_as_loud_as_the_talk_a_cue_remains_below_the_talk():
    room = Room(talk=-26, noise=-32).evening()
    assert room.next_cue <= -26 + 1 - CONFIG.least_under_talk + 0.5  # the measured talk includes the noise


@given(talk=st.floats(-50, -10), noise=st.floats(-80, -30), way=st.floats(-30, 12))
def test_a_cue_is_never_as_loud_as_the_talk_and_its_gain_never_exceeds_the_limit(talk, noise, way):
    assume(noise < talk - 6)
    room = Room(talk, noise, way).evening()
    assert CONFIG.softest <= room.loudness.gain_db <= CONFIG.loudest
    assert room.next_cue < talk - 1


def test_somebody_who_speaks_during_a_cue_is_not_taken_for_the_coach():
    room = Room(way=-6).evening()
    before = room.loudness.gain_db
    room.hops(1, sounds=True).hops(1, speaks=True, sounds=True).hops(1)
    assert room.loudness.gain_db == pytest.approx(before, abs=0.5)


def test_the_coach_is_not_taken_for_talk():
    """Voice activity may still be on when a cue begins; the cue is not talk."""
    room = Room(talk=-40, way=10).evening()
    before = room.loudness.gain_db
    for _ in range(2 * SECOND):
        room.loudness.hear(FILE * power(10), FILE, somebody_speaks=True)
    assert room.loudness.gain_db == pytest.approx(before, abs=0.5)


def test_the_first_syllables_of_talk_are_not_taken_for_room_noise():
    patient, hasty = Room(noise=-42).evening(), Room(noise=-42).evening()
    for _ in range(30):
        for room, late in ((patient, 0), (hasty, 5)):
            for n in range(SECOND):
                room.loudness.hear(power(-26), 0.0, somebody_speaks=n >= late)
            room.hops(1)
    assert hasty.next_cue == pytest.approx(patient.next_cue, abs=0.1)


def test_headphones_change_nothing():
    assert Room(way=-70).evening().loudness.gain_db == 0


@pytest.mark.parametrize("noise", [-72, -50])
def test_room_noise_during_an_inaudible_cue_is_not_taken_for_the_cue(noise):
    """The consent line plays before anything is known about the room."""
    room = Room(noise=noise, way=-90).hops(0.5).hops(10, sounds=True).hops(2).hops(5, speaks=True).hops(2)
    assert room.loudness.gain_db == 0


def test_noise_that_ends_later_is_not_taken_for_a_cue():
    """A fan is switched off. Its noise during an earlier cue is above the new room level, but was not the cue."""
    room = Room(noise=-50, way=-90).hops(2)
    for _ in range(4):
        room.noise = -48
        room.hops(2, sounds=True)
        room.noise = -50
        room.hops(2)
    room.noise = -90
    assert room.hops(30).hops(5, speaks=True).hops(10).loudness.gain_db == 0


def test_sound_before_the_room_level_is_known_is_not_taken_for_a_cue():
    """The first line plays immediately, over a fan that is switched off after it."""
    room = Room(noise=-45, way=-90).hops(0.2).hops(8, sounds=True)
    room.noise = -75
    room.hops(4).hops(2, sounds=True).hops(4).hops(2, sounds=True).hops(2).hops(5, speaks=True).hops(2)
    assert room.loudness.gain_db == 0


def test_the_first_syllables_after_a_cue_are_not_taken_for_the_cue():
    room = Room(noise=-72, way=-90)
    for _ in range(8):
        room.hops(3).hops(2, sounds=True).hops(0.3)
        for n in range(3 * SECOND):
            room.loudness.hear(power(room.talk), 0.0, somebody_speaks=n >= 5)
    assert room.loudness.gain_db == 0


def test_cues_become_softer_when_people_do():
    room = Room(talk=-26).evening()
    before = room.next_cue
    room.talk = -40
    assert room.hops(60, speaks=True).next_cue < before - 6


@pytest.mark.parametrize("peak", [0.001, 0.1, 0.5, 1.0])
def test_a_clip_raised_by_its_headroom_reaches_the_ceiling(peak):
    clip = np.array([0.0, -peak, peak / 3], np.float32)
    loudest = np.max(np.abs(clip * 10 ** (headroom_db(clip) / 20)))
    assert 20 * np.log10(loudest) == pytest.approx(CONFIG.ceiling, abs=1e-3)


def test_headroom_is_always_finite():
    assert np.isfinite(headroom_db(np.zeros(10, np.float32)))
    assert np.isfinite(headroom_db(np.zeros(0, np.float32)))
