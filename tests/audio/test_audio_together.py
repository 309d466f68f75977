"""The recordings of several people are heard on one clock."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from coach.audio import Block, TogetherRecordings, Track
from coach.core.errors import BadInput
from coach.core.events import DeviceOpened, Notice
from coach.core.span import RATE
from tests.audio.made_tracks import babble, late, microphones, written


def heard(source: TogetherRecordings) -> tuple[np.ndarray, list[str]]:
    """All sound, (n, channels), and the notices."""
    items = list(source.blocks())
    blocks = [item for item in items if isinstance(item, Block)]
    assert [each.start for each in blocks[1:]] == [each.end for each in blocks[:-1]]
    assert isinstance(items[0], DeviceOpened)
    return np.concatenate([each.samples for each in blocks]), [i.text for i in items if isinstance(i, Notice)]


def later_by(one: np.ndarray, other: np.ndarray) -> int:
    """By how many samples `one` is later than `other`, up to a tenth of a second."""
    lags = range(-1600, 1601)
    middle = slice(1600, len(other) - 1600)
    return max(lags, key=lambda lag: float(np.dot(one[1600 + lag : len(one) - 1600 + lag], other[middle])))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Track, Track, list[np.ndarray]]:
    """Ana's recording, and Ben's, which begins 3.7 s later on a clock that is 80 ppm faster, at another rate."""
    tmp_path = tmp_path_factory.mktemp("pair")
    sounds = microphones(90)
    a = written(tmp_path / "a.wav", sounds[0])
    b = written(tmp_path / "b.wav", late(sounds[1], 3.7, 80e-6), 44_100)
    return Track("Ana", a), Track("Ben", b), sounds


def test_each_person_has_a_channel_in_the_order_given_on_one_clock(pair):
    *tracks, sounds = pair
    sound, notices = heard(TogetherRecordings(tracks, "talk"))
    assert sound.shape[1] == 2
    assert abs(len(sound) - len(sounds[0])) <= 2
    for second in (10, 50, 80):
        piece = slice(second * RATE, (second + 5) * RATE)
        for channel in (0, 1):
            assert abs(later_by(sound[piece, channel], sounds[channel][piece])) <= 5  # 0.3 ms
    notice, missing = notices
    assert missing.startswith("b.wav lacks the first 4 s; what the other microphones hear of Ben in that time")
    assert re.fullmatch(
        r"b\.wav begins 3\.70 s after a\.wav, found by what both of them hear; its clock is (79|8[01]) ppm faster, "
        r"which is taken out",
        notice,
    )


def test_the_first_to_begin_is_second_zero_whoever_is_named_first(pair):
    ana, ben, sounds = pair
    source = TogetherRecordings([ben, ana], "talk")
    assert [round(source.starts_s(each), 2) for each in source.placed] == [3.7, 0.0]
    sound, notices = heard(source)
    piece = slice(80 * RATE, 85 * RATE)
    on_ben_s_clock = round(82.5 * 80e-6 * RATE)
    assert later_by(sound[piece, 1], sounds[0][piece]) == pytest.approx(on_ben_s_clock, abs=15)
    assert "a.wav begins 3.70 s before b.wav" in notices[0]


def test_before_its_recording_begins_a_person_s_room_is_not_digitally_silent(pair):
    *tracks, sounds = pair
    sound, _ = heard(TogetherRecordings(tracks, "talk"))
    before = sound[: 3 * RATE, 1]
    assert 1 / 4 < np.std(before) / np.std(sounds[1][-RATE // 10 :]) < 4
    assert not np.any(np.abs(before) > 0.05)  # the noise of the room, and nobody's words


def test_a_recording_with_nothing_in_common_is_refused_with_the_reason(pair, tmp_path):
    *tracks, _ = pair
    stranger = Track("Cleo", written(tmp_path / "c.wav", babble(77, 100)))
    with pytest.raises(BadInput, match=r"c\.wav has no sound in common with a\.wav or b\.wav.*--starts Cleo=3\.7"):
        TogetherRecordings([*tracks, stranger], "talk")


def test_a_recording_too_short_to_compare_says_so(pair, tmp_path):
    ana, _, sounds = pair
    short = Track("Ben", written(tmp_path / "b.wav", sounds[1][: 5 * RATE]))
    with pytest.raises(BadInput, match=r"lasts 5\.0 s, too short"):
        TogetherRecordings([ana, short], "talk")


def test_a_third_who_hears_only_the_second_is_found_through_the_second(tmp_path):
    """Ana and Cleo sit far apart, Ben between them."""
    ana, ben, cleo = (babble(n, 120) for n in (1, 2, 3))
    noise = [np.random.default_rng(n).normal(scale=1e-3, size=len(ana)) for n in range(3)]
    sounds = [ana + noise[0], ben + 0.2 * ana + 0.2 * cleo + noise[1], cleo + noise[2]]
    starts = [0.0, 3.0, 8.0]
    tracks = [
        Track(who, written(tmp_path / f"{who}.wav", late(sound, start)))
        for who, sound, start in zip("ABC", sounds, starts, strict=True)
    ]
    placed = TogetherRecordings(tracks, "talk").placed
    assert [round(each.clock.starts_s, 2) for each in placed] == starts


def test_a_start_that_is_stated_is_believed(pair, tmp_path):
    ana, _, _ = pair
    stranger = Track("Cleo", written(tmp_path / "c.wav", babble(77, 20)), starts_s=-1.5)
    source = TogetherRecordings([ana, stranger], "talk")
    assert [source.starts_s(each) for each in source.placed] == [1.5, 0.0]
    assert heard(source)[1][0] == "c.wav begins 1.50 s before a.wav, as stated"


def test_a_recording_that_ends_early_is_told_of(tmp_path):
    sounds = microphones(40)
    whole, half = written(tmp_path / "a.wav", sounds[0]), written(tmp_path / "b.wav", sounds[1][: 20 * RATE])
    nearly = written(tmp_path / "c.wav", sounds[1][: round(39.2 * RATE)])

    def told(other: Path) -> list[str]:
        tracks = [Track("Ana", whole), Track("Ben", other, starts_s=0.0)]
        return heard(TogetherRecordings(tracks, "talk"))[1][1:]

    assert told(half) == [
        "b.wav lacks the last 20 s; what the other microphones hear of Ben in that time counts as said by their owners"
    ]
    assert told(nearly) == []


def test_one_device_recorded_all_of_them_together(tmp_path):
    tracks = [Track(who, written(tmp_path / f"{who}.wav", babble(n, 10))) for n, who in enumerate("AB")]
    placed = TogetherRecordings(tracks, "talk", one_device=True).placed
    assert [(each.clock.starts_s, each.by) for each in placed] == [(0.0, "first"), (0.0, "recorder")]


def dated(path: Path, sound: np.ndarray, moment: str) -> Path:
    """An .m4a that says when it was made."""
    with av.open(str(path), "w") as container:
        container.metadata["creation_time"] = moment
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def test_without_common_sound_the_files_own_dates_count_and_a_line_says_how_exact_they_are(tmp_path):
    a = dated(tmp_path / "a.m4a", babble(1, 20), "2026-03-01T19:00:00Z")
    b = dated(tmp_path / "b.m4a", babble(2, 20), "2026-03-01T19:00:04Z")
    source = TogetherRecordings([Track("Ana", a), Track("Ben", b)], "talk")
    assert [round(source.starts_s(each), 3) for each in source.placed] == [0.0, 4.0]
    assert "by the times in the files, which may be a second off" in heard(source)[1][0]


def test_a_clock_that_was_never_set_says_nothing(tmp_path):
    a, b = (dated(tmp_path / f"{n}.m4a", babble(n, 20), "1970-01-01T00:00:00Z") for n in (1, 2))
    with pytest.raises(BadInput, match="do not say when they began"):
        TogetherRecordings([Track("Ana", a), Track("Ben", b)], "talk")


def broadcast(path: Path, sound: np.ndarray, day: str, since_midnight: int) -> Path:
    """A WAV with the time reference of a field recorder (EBU Tech 3285)."""
    written(path, sound)
    raw = path.read_bytes()
    chunk = bytes(256 + 32 + 32) + day.encode() + b"19:00:00" + struct.pack("<Q", since_midnight) + bytes(2 + 254)
    body = b"WAVE" + b"bext" + struct.pack("<I", len(chunk)) + chunk + raw[12:]
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_the_time_reference_of_a_field_recorder_is_exact(tmp_path):
    hour = 19 * 3600 * RATE
    a = broadcast(tmp_path / "a.wav", babble(1, 20), "2026-03-01", hour)
    b = broadcast(tmp_path / "b.wav", babble(2, 20), "2026-03-01", hour + 4321)
    source = TogetherRecordings([Track("Ana", a), Track("Ben", b)], "talk")
    assert source.starts_s(source.placed[1]) == pytest.approx(4321 / RATE, abs=1 / RATE)
