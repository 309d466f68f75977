"""Every audio file is read correctly; any other file gives a one-line error."""

from __future__ import annotations

import os
import socket
import struct
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from coach.audio.recording import Recording
from coach.audio.source import Block, hops
from coach.core.errors import BadInput
from coach.core.events import AudioGap, DeviceOpened, Notice
from coach.core.span import RATE

CLICK_S = 1.0  # second at which the test sound has a burst of 50 ms


def sound(rate: int, channels: int, seconds: float = 3.0) -> np.ndarray:
    """(n, channels): faint noise, and a burst at CLICK_S that is louder the later the channel."""
    n = round(rate * seconds)
    out = 0.001 * np.random.default_rng(0).standard_normal((n, channels))
    begin, length = round(CLICK_S * rate), rate // 20
    burst = np.sin(2 * np.pi * 440 * np.arange(length) / rate)[:, None]
    out[begin : begin + length] += burst * np.linspace(0.3, 0.9, channels)
    return out.astype(np.float32)


def write(path: Path, codec: str, rate: int, layout: str, *, film: bool = False, hole_s: float = 0.0) -> Path:
    """A file encoded by FFmpeg, optionally with a blank video track or a hole in its time stamps at 1.5 s."""
    with av.open(str(path), "w") as container:
        if film:
            video = container.add_stream("mpeg4", rate=25)
            video.width = video.height = 32
            video.pix_fmt = "yuv420p"
        stream = container.add_stream(codec, rate=rate, layout=layout)
        converter = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate)
        samples = sound(rate, len(av.AudioLayout(layout).channels)).T
        size = stream.codec_context.frame_size or 1024
        for begin in range(0, samples.shape[1], size):
            piece = np.ascontiguousarray(samples[:, begin : begin + size])
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
            frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
            frame.pts = begin + (round(hole_s * rate) if begin > 1.5 * rate else 0)
            for converted in converter.resample(frame):
                container.mux(stream.encode(converted))
        container.mux(stream.encode(None))
        if film:
            for i in range(75):
                picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
                picture.pts = i
                container.mux(video.encode(picture))
            container.mux(video.encode(None))
    return path


def heard(recording: Recording) -> np.ndarray:
    return np.concatenate([b.samples for b in recording.blocks() if isinstance(b, Block)])


def said(recording: Recording) -> list[str]:
    return [e.text for e in recording.blocks() if isinstance(e, Notice)]


def click(samples: np.ndarray) -> float:
    """The second at which the burst begins, to half a period."""
    return float(np.argmax(np.abs(samples[:, -1]) > 0.2)) / RATE


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("a.wav", "pcm_u8", 8000, "mono"),
        ("a.wav", "pcm_s16le", 44_100, "stereo"),
        ("a.wav", "pcm_s24le", 96_000, "stereo"),
        ("a.wav", "pcm_s32le", 48_000, "mono"),
        ("a.wav", "pcm_f32le", 16_000, "stereo"),
        ("a.wav", "pcm_f64le", 22_050, "mono"),
        ("a.wav", "pcm_s16le", 48_000, "5.1"),
        ("a.flac", "flac", 44_100, "stereo"),
        ("a.mp3", "libmp3lame", 44_100, "stereo"),
        ("a.ogg", "libopus", 48_000, "stereo"),
        ("a.opus", "libopus", 48_000, "mono"),
        ("a.m4a", "aac", 44_100, "stereo"),
    ],
)
def test_sound_of_any_format_keeps_its_position_in_time(tmp_path, name, codec, rate, layout):
    recording = Recording(write(tmp_path / name, codec, rate, layout))
    channels = len(av.AudioLayout(layout).channels)
    samples = heard(recording)
    assert (recording.native_rate, recording.channels) == (rate, channels)
    assert recording.duration_s == pytest.approx(3.0, abs=0.05)
    assert samples.shape == (pytest.approx(3 * RATE, abs=0.05 * RATE), channels)
    assert click(samples) == pytest.approx(CLICK_S, abs=0.002)
    assert np.abs(samples[:, -1]).max() == pytest.approx(0.9 if channels > 1 else 0.3, abs=0.05)
    assert said(recording) == []


@pytest.mark.parametrize(("name", "codec"), [("film.mp4", "aac"), ("film.mkv", "libopus")])
def test_the_sound_track_of_a_film_is_used(tmp_path, name, codec):
    recording = Recording(write(tmp_path / name, codec, 48_000, "stereo", film=True))
    assert click(heard(recording)) == pytest.approx(CLICK_S, abs=0.002)


def test_channels_are_not_mixed(tmp_path):
    samples = heard(Recording(write(tmp_path / "a.wav", "pcm_f32le", 48_000, "5.1")))
    assert np.allclose(np.abs(samples).max(axis=0), np.linspace(0.3, 0.9, 6), atol=0.02)


@pytest.mark.parametrize("block_s", [0.001, 0.013, 0.1, 1.0])
def test_the_size_of_blocks_changes_nothing_that_the_ear_gets(tmp_path, block_s):
    path = write(tmp_path / "a.mp3", "libmp3lame", 44_100, "stereo")
    reference = [b.samples.tobytes() for b in hops(Recording(path).blocks()) if isinstance(b, Block)]
    recording = Recording(path, block_s=block_s)
    assert [b.samples.tobytes() for b in hops(recording.blocks()) if isinstance(b, Block)] == reference
    sizes = [len(b.samples) for b in recording.blocks() if isinstance(b, Block)]
    assert set(sizes[:-1]) == {round(block_s * RATE)}


def test_a_recording_can_be_read_twice_and_names_its_source(tmp_path):
    recording = Recording(write(tmp_path / "a.wav", "pcm_s16le", 48_000, "stereo"))
    assert np.array_equal(heard(recording), heard(recording))
    assert next(recording.blocks()) == DeviceOpened(at=0, device="a.wav", rate=48_000, channels=2)


def test_a_closed_recording_ends(tmp_path):
    recording = Recording(write(tmp_path / "a.wav", "pcm_s16le", 48_000, "mono"))
    blocks = 0
    for item in recording.blocks():
        blocks += isinstance(item, Block)
        recording.close()
    assert blocks <= 1
    assert heard(Recording(recording.path)).any()
    assert not any(isinstance(i, Block) for i in recording.blocks())


def test_a_hole_in_the_time_stamps_is_a_gap_and_later_sound_keeps_its_position(tmp_path):
    path = write(tmp_path / "hole.mkv", "libopus", 48_000, "mono", hole_s=2.0)
    items = list(Recording(path).blocks())
    (gap,) = [i for i in items if isinstance(i, AudioGap)]
    assert gap.span.duration == pytest.approx(2 * RATE, abs=0.01 * RATE)
    assert items[items.index(gap) + 1].start == gap.span.end == gap.at
    assert items[-1].end == pytest.approx(5 * RATE, abs=0.05 * RATE)


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.mp3", "libmp3lame")])
def test_a_truncated_file_is_used_as_far_as_it_goes_with_a_notice(tmp_path, name, codec):
    path = write(tmp_path / name, codec, 44_100, "stereo")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    recording = Recording(path)
    assert 1.2 < len(heard(recording)) / RATE < 1.8
    assert recording.duration_s == pytest.approx(3.0, abs=0.05)
    assert any("cut off" in text and "are used" in text for text in said(recording))


def test_a_wav_file_whose_header_leaves_the_length_open_is_not_called_truncated(tmp_path):
    path = write(tmp_path / "piped.wav", "pcm_s16le", 16_000, "mono")
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", 0xFFFF_FFFF)
    path.write_bytes(data)
    assert said(Recording(path)) == []


def test_damaged_packets_are_left_out_and_counted(tmp_path):
    path = write(tmp_path / "a.mp3", "libmp3lame", 44_100, "stereo")
    data = bytearray(path.read_bytes())
    data[9000:14_000] = np.random.default_rng(0).bytes(5000)
    path.write_bytes(data)
    recording = Recording(path)
    assert len(heard(recording)) > 1.5 * RATE
    assert any("damaged pieces skipped" in text for text in said(recording))


def test_samples_that_are_not_finite_become_silence(tmp_path):
    samples = np.full(RATE, 0.25, np.float32)
    samples[[5, 6, 7]] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "nan.wav", samples, RATE, subtype="FLOAT")
    out = heard(Recording(tmp_path / "nan.wav"))[:, 0]
    assert out[4:9].tolist() == [0.25, 0, 0, 0, 0.25]


def test_a_file_name_with_a_colon_is_not_a_url(tmp_path, monkeypatch):
    write(tmp_path / "a.wav", "pcm_s16le", 48_000, "mono").rename(tmp_path / "rtp:talk.wav")
    monkeypatch.chdir(tmp_path)
    assert len(heard(Recording("rtp:talk.wav"))) == 3 * RATE


def picture(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("png", rate=1)
        stream.width = stream.height = 32
        stream.pix_fmt = "rgb24"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))


def header_only(path: Path) -> None:
    soundfile.write(path, np.zeros((0, 1)), RATE)


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("missing.wav", lambda path: None, "there is no file"),
        ("folder", Path.mkdir, "is a folder"),
        ("empty.wav", Path.touch, "is an empty file"),
        ("picture.png", picture, "has no sound"),
        ("text.txt", lambda path: path.write_text("Ana: hello\nBen: hello\n"), "is not a recording"),
        ("text.wav", lambda path: path.write_text("Ana: hello\nBen: hello\n"), "is not a recording"),
        ("header.wav", header_only, "contains no sound"),
        ("list.m3u8", lambda path: path.write_text(PLAYLIST), "is not a recording"),
    ],
)
def test_a_file_that_cannot_be_read_is_reported_in_one_line(tmp_path, name, make, says):
    path = tmp_path / name
    make(path)
    with pytest.raises(BadInput, match=says) as error:
        Recording(path)
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)


def test_a_file_without_read_permission_is_reported_in_one_line():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = write(Path(folder) / "a.wav", "pcm_s16le", 48_000, "mono")
        path.chmod(0)
        child = os.fork()
        if child == 0:  # root may read anything, so try as another user
            status = 1
            try:
                if os.geteuid() == 0:
                    os.setuid(65_534)
                Recording(path)
            except BadInput as error:
                status = 0 if "cannot be read by your user" in str(error) else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_playlist_opens_no_connection(tmp_path):
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.3)
    path = tmp_path / "list.m3u8"
    path.write_text(PLAYLIST.replace(":9/", f":{server.getsockname()[1]}/"))
    with pytest.raises(BadInput):
        Recording(path)
    with pytest.raises(TimeoutError):
        server.accept()
    server.close()
