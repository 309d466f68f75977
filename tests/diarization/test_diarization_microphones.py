"""One microphone per person, where they hear mostly their owner or, in one room, everybody."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.core.events import Event, Speech, VoiceOff, VoiceOn
from coach.core.settings import Settings
from coach.core.span import HOP, RATE, as_samples
from coach.diarization import MicrophonesEar, are_close
from coach.diarization.channels import ChannelEar
from coach.diarization.leads import CONFIG, Closeness, Leads
from coach.diarization.looks import Crop
from coach.runtime.offline import Who, analyse
from coach.vad import FRAME, choose_detector
from tests.diarization.rows import in_rows_ahead
from tests.vad.made_sound import alone, heard, hops_of, in_order, room, said

PEOPLE = {"Ana": 0, "Ben": 1}
GAP_S = 0.5
Turn = tuple[str, int, int]  # who speaks, from which sample to which


def conversation(lead: float, most_s: float = 30.0) -> tuple[np.ndarray, list[Turn]]:
    """Two people in turn, each `lead` dB louder in their own microphone: (n, 2), and who speaks when."""
    both = np.stack([room(most_s, seed=1), room(most_s, seed=2)], axis=1)
    at, turns = as_samples(1.0), list[Turn]()
    for pair in zip(alone("Ana"), alone("Ben"), strict=False):
        for who, span in zip(PEOPLE, pair, strict=True):
            piece = said(*span)
            if at + len(piece) > len(both):
                return both, turns
            both[at : at + len(piece), PEOPLE[who]] += piece
            both[at : at + len(piece), 1 - PEOPLE[who]] += piece * np.float32(10 ** (-lead / 20))
            turns.append((who, at, at + len(piece)))
            at += len(piece) + as_samples(GAP_S)
    return both, turns


def right(events: list[Event], turns: list[Turn], since: int) -> float:
    """The share of the frames of speech after `since` that have the right person and no other."""
    told: dict[str, np.ndarray] = {who: np.zeros(as_samples(60.0) // FRAME, bool) for who in PEOPLE}
    for event in events:
        if isinstance(event, Speech):
            told[event.who][event.span.start // FRAME : event.span.end // FRAME] = True
    good = []
    for who, start, end in turns:
        if start > since:
            (other,) = set(PEOPLE) - {who}
            good += (told[who] & ~told[other])[start // FRAME : end // FRAME].tolist()
    return float(np.mean(good))


@pytest.fixture(scope="module")
def close() -> tuple[np.ndarray, list[Turn]]:
    return conversation(3.0)


def test_in_one_room_levels_and_voices_tell_together_who_speaks(close: tuple[np.ndarray, list[Turn]]) -> None:
    sound, turns = close
    ear = MicrophonesEar(PEOPLE)
    events = heard(ear, sound)
    assert ear.close
    assert in_order(events)
    edges = [type(event) for event in events if isinstance(event, VoiceOn | VoiceOff)]
    assert edges == [VoiceOn, VoiceOff] * (len(edges) // 2)
    assert right(events, turns, as_samples(12.0)) > 0.9


def test_microphones_that_hear_mostly_their_owner_stay_apart() -> None:
    sound, _ = conversation(12.0, 20.0)
    ear = MicrophonesEar(PEOPLE)
    assert heard(ear, sound) == heard(ChannelEar(PEOPLE), sound)
    assert not ear.close


def test_how_many_hops_come_at_once_changes_nothing(close: tuple[np.ndarray, list[Turn]]) -> None:
    hops = np.array(hops_of(close[0][: 15 * RATE]))
    one_by_one = MicrophonesEar(PEOPLE)
    events = [one_by_one.hop(hop) for hop in hops]
    assert one_by_one.close
    for together in (3, 50, 10_000):
        at_once = MicrophonesEar(PEOPLE)
        told = [e for n in range(0, len(hops), together) for e in at_once.hops(hops[n : n + together])]
        assert told == events, together
    assert in_rows_ahead(ahead := MicrophonesEar(PEOPLE), hops, 100) == events
    assert ahead.close


def test_columns_belong_to_names_not_to_their_order(close: tuple[np.ndarray, list[Turn]]) -> None:
    sound, turns = close
    wider = np.stack([np.zeros(len(sound), np.float32), sound[:, 1], sound[:, 0]], axis=1)
    events = heard(MicrophonesEar({"Ben": 1, "Ana": 2}), wider)
    assert right(events, turns, as_samples(12.0)) > 0.9


def test_sound_that_was_never_heard_moves_the_clock(close: tuple[np.ndarray, list[Turn]]) -> None:
    ear = MicrophonesEar(PEOPLE)
    hops = hops_of(close[0])
    events = [event for hop in hops[: 12 * RATE // HOP] for event in ear.hop(hop)]
    assert ear.close
    events += ear.skip_to(20 * RATE)
    assert ear.now == 20 * RATE
    assert ear.speaking == frozenset()
    events += [event for hop in hops[20 * RATE // HOP : 25 * RATE // HOP] for event in ear.hop(hop)] + ear.finish()
    assert in_order(events)
    assert any(isinstance(event, Speech) and event.span.start > 20 * RATE for event in events)


def test_without_networks_the_levels_decide(close: tuple[np.ndarray, list[Turn]]) -> None:
    ear = MicrophonesEar(PEOPLE, choose_detector("webrtc"))
    heard(ear, close[0][: 15 * RATE])
    assert not ear.close


# ------------------------------------------------------------------------------------------------------------ leads


def levels(*rows: tuple[float, float]) -> np.ndarray:
    return np.repeat(np.array(rows), CONFIG.fewest + 100, axis=0)


@pytest.mark.parametrize(
    ("rows", "close"),
    [
        ([(-30.0, -33.0), (-34.0, -30.0)], True),
        ([(-30.0, -33.0)], True),
        ([(-30.0, -42.0), (-41.0, -30.0)], False),
        ([(-60.0, -61.0)], False),
    ],
)
def test_microphones_are_close_if_no_voice_leads_clearly(rows: list[tuple[float, float]], close: bool) -> None:
    closeness = Closeness(2)
    closeness.frames(np.full((300, 2), -60.0))
    closeness.frames(levels(*rows))
    assert closeness.close == close


def test_nothing_is_said_of_a_short_beginning() -> None:
    closeness = Closeness(2)
    closeness.frames(np.full((300, 2), -60.0))
    closeness.frames(levels((-30.0, -33.0))[: CONFIG.fewest - 1])
    assert not closeness.close


def sounding(*decibels: float, seconds: float = 1.0) -> np.ndarray:
    """The same noise in every channel, each at its level: (n, channels)."""
    rng = np.random.default_rng(1)
    noise = rng.normal(size=as_samples(seconds)).astype(np.float32) * np.float32(0.1)
    return np.stack([noise * np.float32(10 ** (level / 20)) for level in decibels], axis=1)


def following(*sounds: np.ndarray) -> Leads:
    leads = Leads({"Ben": 1, "Ana": 0})
    for hop in hops_of(np.concatenate(sounds)):
        leads.hop(hop)
    return leads


def test_the_louder_microphone_is_evidence_for_its_owner_and_as_much_against_the_other() -> None:
    leads = following(sounding(0.0, -4.0), sounding(-20.0, 0.0))
    assert leads.names == ["Ana", "Ben"]
    hers, his = leads.evidence(10, 90), leads.evidence(110, 190)
    assert hers[:, 0] == pytest.approx(4 * CONFIG.nats, rel=0.05)
    assert hers[:, 1] == pytest.approx(-4 * CONFIG.nats, rel=0.05)
    assert his[:, 1] == pytest.approx(CONFIG.most * CONFIG.nats)


def test_a_voice_is_learnt_from_seconds_that_one_microphone_leads_and_in_which_nobody_else_speaks() -> None:
    leads = following(sounding(0.0, -4.0), sounding(0.0, -1.0), sounding(-4.0, 0.0), sounding(-4.0, 0.0))
    voice = np.eye(192)
    crops = [Crop(n * RATE, voice[n], alone) for n, alone in enumerate((1.0, 1.0, CONFIG.alone - 0.1, 1.0))]
    voices = leads.learn(crops[:1])
    assert voices["Ana"] == pytest.approx(voice[0])
    assert not voices["Ben"].any()
    voices = leads.learn(crops)  # the first counts once
    assert voices["Ana"] == pytest.approx(voice[0])
    assert voices["Ben"] == pytest.approx(voice[3])


# ------------------------------------------------------------------------------------------------------- recordings


def test_of_a_recording_it_is_known_beforehand_whether_microphones_are_close(
    close: tuple[np.ndarray, list[Turn]],
) -> None:
    assert are_close(iter(hops_of(close[0])), PEOPLE)
    assert not are_close(iter(hops_of(conversation(12.0, 20.0)[0])), PEOPLE)
    assert not are_close(iter(hops_of(close[0][: 2 * RATE])), PEOPLE), "too little to tell"


def test_a_recording_of_close_microphones_is_right_from_its_beginning(
    close: tuple[np.ndarray, list[Turn]], tmp_path: Path
) -> None:
    sound, turns = close
    file = tmp_path / "close.flac"
    sf.write(file, sound, RATE)
    found = analyse(file, Who(channels=PEOPLE), Settings(), None)
    assert found.people == ("Ana", "Ben")
    assert right(found.events, turns, 0) > 0.9
