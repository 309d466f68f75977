"""What is one conversation in a folder: a file, or the files of the people as Zoom, Craig and OBS write them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from coach.core.span import RATE
from coach.corpora import Item, walked
from coach.corpora.items import named
from tests.audio.made_tracks import babble, written


def touched(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def people(item: Item) -> list[tuple[str, str]]:
    return [(track.who, track.path.name) for track in item.tracks]


def test_a_folder_is_walked_in_order_and_only_recordings_and_segments_count(tmp_path):
    touched(tmp_path, "b/two.MP3", "a.wav", "b/one.flac", "notes.txt", ".hidden.wav", ".git/x.wav", "talk.rttm")
    assert [item.name for item in walked(tmp_path)] == ["a.wav", "talk.rttm", "b/one.flac", "b/two.MP3"]


def test_segments_beside_their_sound_are_left_out(tmp_path):
    touched(tmp_path, "talk.wav", "talk.TextGrid", "other.eaf")
    assert [item.name for item in walked(tmp_path)] == ["other.eaf", "talk.wav"]


def test_the_folder_of_the_results_is_not_walked(tmp_path):
    touched(tmp_path, "a.wav", "results/old.wav")
    assert [item.name for item in walked(tmp_path, leave_out=tmp_path / "results")] == ["a.wav"]


def test_a_meeting_that_zoom_recorded_is_one_conversation_with_a_file_for_each_person(tmp_path):
    meeting = "2026-03-01 19.00.00 Talk"
    touched(
        tmp_path / meeting,
        "video1234567890.mp4",
        "audio1234567890.m4a",
        "Audio Record/audioAnaLu11234567890.m4a",
        "Audio Record/audioБорис21234567890.m4a",
    )
    (item,) = walked(tmp_path)
    assert (item.name, item.one_device) == (meeting, True)
    assert [who for who, _ in people(item)] == ["AnaLu", "Борис"]
    assert named(tmp_path / meeting).tracks == item.tracks
    assert named(tmp_path / meeting / "Audio Record").tracks == item.tracks


def test_somebody_who_left_a_meeting_and_came_back_has_two_tracks(tmp_path):
    names = ("audioAna11111111.m4a", "audioAna22222222.m4a", "audioBen33333333.m4a")
    touched(tmp_path / "Audio Record", *names)
    (item,) = walked(tmp_path)
    assert [who for who, _ in people(item)] == ["Ana", "Ana 2", "Ben"]


def test_an_archive_of_craig_is_one_conversation(tmp_path):
    touched(tmp_path / "craig-x", "1-ana.flac", "2-ben#0.flac", "3-zoë_1234.flac", "info.txt")
    (item,) = walked(tmp_path)
    assert people(item) == [("ana", "1-ana.flac"), ("ben", "2-ben#0.flac"), ("zoë", "3-zoë_1234.flac")]


def test_numbered_recordings_without_craig_s_notes_are_recordings(tmp_path):
    touched(tmp_path, "1-monday.flac", "2-tuesday.flac")
    assert [item.tracks for item in walked(tmp_path)] == [(), ()]


def screen(path: Path, sounds: dict[str, np.ndarray]) -> Path:
    """A film as OBS writes it, with a sound track for each of `sounds`, by title."""
    with av.open(str(path), "w") as container:
        streams = []
        for title in sounds:
            stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
            stream.metadata["title"] = title
            streams.append(stream)
        for stream, sound in zip(streams, sounds.values(), strict=True):
            samples = (np.clip(sound, -1, 1) * 32767).astype(np.int16)[None]
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate = RATE
            frame.pts = 0
            container.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def test_the_tracks_of_obs_are_people_s_and_its_mix_is_left_out(tmp_path):
    ana, ben = babble(1, 5), babble(2, 5)
    path = screen(tmp_path / "2026-03-01 19-00-00.mkv", {"Mix": ana + ben, "Ana": ana, "Track3": ben})
    (item,) = walked(tmp_path)
    assert [(track.who, track.stream) for track in item.tracks] == [("Ana", 1), ("track 3", 2)]
    assert named(path).tracks == item.tracks
    assert item.files == (path,)


def test_tracks_that_are_no_mix_are_all_people_s(tmp_path):
    sounds = {who: babble(n, 5) for n, who in enumerate(["Ana", "Ben", "Cleo"])}
    screen(tmp_path / "2026-03-01_19-00-00.mkv", sounds)
    assert [track.who for track in next(walked(tmp_path)).tracks] == ["Ana", "Ben", "Cleo"]


@pytest.mark.parametrize("name", ["2026-03-01 19-00-00.mkv", "film.mkv"])
def test_a_film_with_one_sound_track_is_a_recording(name, tmp_path):
    screen(tmp_path / name, {"Ana": babble(1, 2)})
    assert next(walked(tmp_path)).tracks == ()


def test_the_same_content_options_version_and_figures_have_the_same_fingerprint(tmp_path, monkeypatch):
    from coach.core.settings import Settings
    from coach.corpora import Request
    from coach.runtime import Who
    from coach.vad import SILERO

    one = Item(written(tmp_path / "a.wav", babble(1, 1)), "a")
    moved = Item(written(tmp_path / "b.wav", babble(1, 1)), "b")
    other = Item(written(tmp_path / "c.wav", babble(2, 1)), "c")
    request = Request(Who(), Settings(), False, (), SILERO)
    assert request.fingerprint(one) == request.fingerprint(moved) != request.fingerprint(other)
    for changed in (
        Request(Who(), Settings(pause=3.0), False, (), SILERO),
        Request(Who(count=2), Settings(), False, (), SILERO),
        Request(Who(), Settings(), True, (), SILERO),
        Request(Who(channels={"A": 0}), Settings(), False, (), SILERO),
    ):
        assert changed.fingerprint(one) != request.fingerprint(one)
    before = request.fingerprint(one)
    monkeypatch.setattr("coach.corpora.request.definitions", lambda: "another definition of a silence")
    assert request.fingerprint(one) != before
