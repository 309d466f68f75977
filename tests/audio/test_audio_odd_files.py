"""Files whose headers, channels, tracks or samples are odd are heard in full, or it is said what is missing."""

from __future__ import annotations

import io
import struct
import warnings
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from av.stream import Disposition

from coach.audio.recording import Recording
from coach.audio.source import Block
from coach.core.errors import BadInput
from coach.core.events import AudioGap, Notice
from coach.core.span import RATE

SECONDS = 2.0
SOFTWARE = b"LIST" + struct.pack("<I", 26) + b"INFOISFT" + struct.pack("<I", 14) + b"Recorder 1.2.3"


def noise(channels: int = 1, seconds: float = SECONDS, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """(n, channels) float32, one signal in all channels."""
    one = 0.1 * np.random.default_rng(seed).standard_normal((round(seconds * rate), 1))
    return one.repeat(channels, axis=1).astype(np.float32)


def told(path: Path) -> tuple[np.ndarray, list[str]]:
    """All samples of a recording, zeros where it has none, and what is said about it. Warnings are errors."""
    pieces, texts = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        recording = Recording(path)
        for item in recording.blocks():
            if isinstance(item, Block):
                pieces.append(item.samples)
            elif isinstance(item, AudioGap):
                pieces.append(np.zeros((item.span.duration, recording.channels), np.float32))
            elif isinstance(item, Notice):
                texts.append(item.text)
    return np.concatenate(pieces), texts


def stored(kind: str, subtype: str = "PCM_16") -> bytearray:
    file = io.BytesIO()
    soundfile.write(file, noise(), RATE, subtype=subtype, format=kind)
    return bytearray(file.getvalue())


def wav(stated: int | None = None, behind: bytes = b"") -> bytes:
    """A WAV file whose header says that it has `stated` bytes of sound; the truth if None."""
    data = stored("WAV")
    if stated is not None:
        struct.pack_into("<I", data, data.index(b"data") + 4, stated)
    return bytes(data) + behind


# ---------------------------------------------------------------------------------------------- headers and lengths


@pytest.mark.parametrize("behind", [b"", SOFTWARE], ids=["", "LIST"])
@pytest.mark.parametrize("stated", [0, 0x7FFF_F000, 0x7FFF_FFFF - 36, 0x8000_0000, 0xFFFF_FFD3, 0xFFFF_FFFF])
def test_a_placeholder_for_the_length_is_no_missing_sound(tmp_path, stated, behind):
    (tmp_path / "piped.wav").write_bytes(wav(stated, behind))
    samples, texts = told(tmp_path / "piped.wav")
    assert (len(samples), texts) == (SECONDS * RATE, [])


@pytest.mark.parametrize("behind", [b"", SOFTWARE], ids=["", "LIST"])
def test_sound_beyond_the_stated_length_is_heard_and_it_is_said(tmp_path, behind):
    (tmp_path / "short.wav").write_bytes(wav(RATE, behind))
    samples, texts = told(tmp_path / "short.wav")
    assert len(samples) == SECONDS * RATE
    assert np.abs(samples[-RATE:]).mean() > 0.05
    assert texts == ["short.wav is 1.5 s longer than its header says; all of it is heard"]


@pytest.mark.parametrize(
    "behind",
    [
        SOFTWARE,
        b"id3 " + struct.pack("<I", 1000) + b"ID3\x03" + bytes(996),
        b"LIST" + struct.pack("<I", 9_000_000) + b"\x01\x02" * 500,
        b"mine" + struct.pack("<I", 40_000) + b"\x01\x02" * 20_000,
        b"TAG" + b"a song" * 20 + bytes(5),
        bytes(40_000),
    ],
    ids=["LIST", "id3", "a chunk that breaks off", "an unknown chunk", "ID3v1", "padding"],
)
def test_what_follows_the_sound_is_not_heard_as_sound(tmp_path, behind):
    (tmp_path / "a.wav").write_bytes(wav(behind=behind))
    samples, texts = told(tmp_path / "a.wav")
    assert (len(samples), texts) == (SECONDS * RATE, [])


def test_a_second_recording_in_the_same_file_is_not_passed_over_in_silence(tmp_path):
    (tmp_path / "two.wav").write_bytes(wav() + wav())
    samples, (text,) = told(tmp_path / "two.wav")
    assert len(samples) == SECONDS * RATE
    assert "second recording" in text


@pytest.mark.parametrize(
    ("kind", "at", "form", "lies"),
    [
        ("RF64", (b"ds64", 16), "<Q", [20_000, 0, (1 << 64) - 1]),
        ("W64", (b"data", 16), "<Q", [20_000, 0, 1 << 63]),
        ("AIFF", (b"SSND", 4), ">I", [20_000, 0, 0xFFFF_FFFF, 0x7F00_0008]),
        ("AIFF", (b"COMM", 10), ">I", [100, 10_000_000]),
        ("AU", (b".snd", 8), ">I", [20_000, 0xFFFF_FFFF]),
    ],
)
def test_a_wrong_size_in_any_header_loses_nothing(tmp_path, kind, at, form, lies):
    name, offset = at
    for lie in lies:
        data = stored(kind)
        struct.pack_into(form, data, data.index(name) + offset, lie)
        (tmp_path / "a").write_bytes(data)
        samples, texts = told(tmp_path / "a")
        assert len(samples) == SECONDS * RATE
        assert not any("cut off" in text for text in texts)
        assert texts == [] or (lie == 20_000 and "longer than its header says" in texts[0])


def test_a_chunk_of_impossible_size_is_no_reason_to_fail(tmp_path):
    data = stored("W64")
    struct.pack_into("<Q", data, data.index(b"fmt ") + 16, (1 << 64) - 1)
    (tmp_path / "a.w64").write_bytes(data)
    with pytest.raises(BadInput, match=r"a\.w64"):
        Recording(tmp_path / "a.w64")


@pytest.mark.parametrize("rate", [0, 7, 1_746_469_120])
def test_a_sample_rate_that_no_recording_has_is_refused(tmp_path, rate):
    data = stored("WAV")
    struct.pack_into("<I", data, data.index(b"fmt ") + 12, rate)
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(BadInput, match=r"a\.wav"):
        Recording(tmp_path / "a.wav")


@pytest.mark.parametrize("kind", ["WAV", "RF64", "W64", "AIFF", "AU"])
def test_a_file_that_ends_before_its_stated_length_was_cut_off(tmp_path, kind):
    data = stored(kind)
    (tmp_path / "cut").write_bytes(data[: len(data) // 2])
    samples, (text,) = told(tmp_path / "cut")
    assert len(samples) == pytest.approx(SECONDS / 2 * RATE, abs=200)
    assert "cut ends 1.0 s earlier than its header says" in text


def encode(
    path: Path,
    codec: str,
    container: str | None = None,
    *,
    begins: tuple[float, ...] = (0.0,),
    lasts: tuple[float, ...] = (SECONDS,),
    rates: tuple[int, ...] = (48_000,),
    languages: tuple[str, ...] = (),
    marks: tuple[Disposition, ...] = (),
    film_s: float = 0.0,
    options: dict[str, str] | None = None,
) -> Path:
    """A file with a mono track for each of `begins`: noise of its own, which lasts and has a rate as given there."""
    with av.open(str(path), "w", format=container, options=options or {}) as out:
        packets = []
        if film_s:
            film = out.add_stream("mpeg4", rate=25)
            film.width, film.height, film.pix_fmt = 32, 32, "yuv420p"
        streams = []
        for i, rate in enumerate(rates * (len(begins) // len(rates))):
            stream = out.add_stream(codec, rate=rate, layout="mono")
            if languages:
                stream.metadata["language"] = languages[i]
            if marks:
                stream.disposition = marks[i]
            streams.append(stream)
        for i, stream in enumerate(streams):
            rate = stream.codec_context.rate
            samples = noise(seconds=lasts[i % len(lasts)], rate=rate, seed=i).T
            converter = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
            for begin in range(0, samples.shape[1], size := stream.codec_context.frame_size or 1024):
                piece = np.ascontiguousarray(samples[:, begin : begin + size])
                frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
                frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
                frame.pts = begin + round(begins[i] * rate)
                for converted in converter.resample(frame):
                    packets += stream.encode(converted)
            packets += stream.encode(None)
        for i in range(round(film_s * 25)):
            picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            picture.pts, picture.time_base = i, Fraction(1, 25)
            packets += film.encode(picture)
        if film_s:
            packets += film.encode(None)
        for packet in sorted(packets, key=lambda packet: (packet.dts or 0) * packet.time_base):
            out.mux(packet)
    return path


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.aac", "aac", {}),
        ("a.mp3", "libmp3lame", {"write_xing": "0"}),
        ("a.ac3", "ac3", {}),
    ],
)
def test_an_estimated_length_is_no_statement(tmp_path, name, codec, options):
    path = encode(tmp_path / name, codec, options=options)
    tail = np.random.default_rng(0).bytes(200_000)  # as with VBR, of which the first frame gives a wrong rate
    path.write_bytes(path.read_bytes() + b"\x00" * 4 + tail.replace(b"\xff", b"\x00").replace(b"\x0b", b"\x00"))
    samples, texts = told(path)
    assert len(samples) == pytest.approx(SECONDS * RATE, abs=0.1 * RATE)
    assert not any("cut off" in text for text in texts)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.webm", "libopus"), ("a.mkv", "libopus"), ("a.ts", "aac"), ("a.mp4", "aac"), ("a.ogg", "libopus")],
)
def test_times_that_begin_late_are_no_missing_sound(tmp_path, name, codec):
    samples, texts = told(encode(tmp_path / name, codec, begins=(3600.0,)))
    assert (len(samples), texts) == (pytest.approx(SECONDS * RATE, abs=0.05 * RATE), [])


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4"])
def test_sound_that_ends_before_the_film_is_not_cut_off(tmp_path, name):
    assert told(encode(tmp_path / name, "aac", film_s=4.0))[1] == []


FAST = {"movflags": "faststart"}


@pytest.mark.parametrize(
    ("name", "codec", "options", "begin"),
    [
        ("a.m4a", "aac", FAST, 0.0),
        ("a.mp4", "aac", FAST, 3600.0),
        ("a.flac", "flac", {}, 0.0),
        ("a.mp3", "libmp3lame", {}, 0.0),
        ("a.webm", "libopus", {}, 0.0),
        ("a.webm", "libopus", {}, 3600.0),
        ("a.ogg", "libopus", {}, 0.0),
    ],
)
def test_a_file_that_breaks_off_is_still_called_cut_off(tmp_path, name, codec, options, begin):
    path = encode(tmp_path / name, codec, begins=(begin,), lasts=(4.0,), options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert any("seems to be cut off" in text for text in told(path)[1])


# ------------------------------------------------------------------------------------------------------- sound tracks


def test_each_of_several_tracks_is_a_channel_on_one_clock(tmp_path):
    path = encode(tmp_path / "a.mkv", "pcm_s16le", begins=(0.0, 0.5), lasts=(2.0, 1.0), rates=(48_000, 16_000))
    samples, (text,) = told(path)
    assert samples.shape == (2 * RATE, 2)
    second = np.flatnonzero(np.abs(samples[:, 1]) > 0.01)
    assert (second[0] / RATE, second[-1] / RATE) == (pytest.approx(0.5, abs=0.01), pytest.approx(1.5, abs=0.01))
    assert np.abs(samples[-RATE // 4 :, 0]).mean() > 0.03
    assert text == "a.mkv has 2 sound tracks, heard side by side: channel 1 is track 1, channel 2 is track 2"


def test_where_no_track_has_sound_is_a_gap(tmp_path):
    path = encode(tmp_path / "a.mkv", "pcm_s16le", begins=(0.0, 2.0), lasts=(1.0, 1.0))
    (gap,) = [item for item in Recording(path).blocks() if isinstance(item, AudioGap)]
    assert (gap.span.start_s, gap.span.end_s) == (1.0, 2.0)


def test_another_language_and_comments_are_left_out_and_it_is_said(tmp_path):
    three = {"begins": (0.0,) * 3}
    dubbed = encode(tmp_path / "dubbed.mkv", "libopus", **three, languages=("eng", "ger", "eng"))
    assert told(dubbed)[1] == [
        "dubbed.mkv has 3 sound tracks, heard side by side: channel 1 is track 1, channel 2 is track 3"
    ]
    marks = (Disposition.default, Disposition.comment, Disposition.visual_impaired)
    samples, (text,) = told(encode(tmp_path / "film.mkv", "libopus", **three, marks=marks))
    assert samples.shape[1] == 1
    assert "3 sound tracks; only track 1 is heard" in text


# ------------------------------------------------------------------------------------------------ channels that cancel


def stereo(path: Path, *channels: np.ndarray) -> Path:
    soundfile.write(path, np.stack(channels, axis=1), RATE, subtype="FLOAT")
    return path


@pytest.mark.parametrize(
    ("levels", "turned"),
    [
        ((1.0, -1.0), "channel 2 has"),
        ((1.0, -0.5), "channel 2 has"),
        ((1.0, 1.0, -1.0), "channel 3 has"),
        ((1.0, -1.0, 0.0), "channel 2 has"),
        ((1.0, -1.0, 1.0, -1.0), "channels 2, 4 have"),
    ],
)
def test_channels_that_would_cancel_out_are_turned_over(tmp_path, levels, turned):
    one = noise()[:, 0]
    own = [0.002 * noise(seed=1 + i)[:, 0] for i in range(len(levels))]
    path = stereo(tmp_path / "a.wav", *(level * one + extra for level, extra in zip(levels, own, strict=True)))
    samples, (text,) = told(path)
    assert turned in text
    assert np.std(samples.mean(axis=1)) == pytest.approx(0.1 * np.mean(np.abs(levels)), rel=0.02)


@pytest.mark.parametrize("second", [1.0, 0.5, 0.0, -0.1])
def test_ordinary_stereo_is_left_as_it_is(tmp_path, second):
    one, other = noise()[:, 0], noise(seed=1)[:, 0]
    path = stereo(tmp_path / "a.wav", one, second * one + 0.3 * other)
    samples, texts = told(path)
    assert texts == []
    assert np.array_equal(samples, soundfile.read(path, dtype="float32")[0])


def test_a_constant_offset_is_no_reason_to_turn_a_channel_over(tmp_path):
    one = noise()[:, 0]
    assert told(stereo(tmp_path / "a.wav", one + 0.5, one - 0.5))[1] == []


def test_where_channels_cancel_out_only_at_times_one_of_them_is_heard(tmp_path):
    one = noise(seconds=8.0)[:, 0]
    path = stereo(tmp_path / "a.wav", one, one * np.where(np.arange(len(one)) < len(one) // 2, 0.9, -0.9))
    samples, (text,) = told(path)
    assert "channel 1 alone is heard" in text
    assert np.array_equal(samples.mean(axis=1), one)


# ------------------------------------------------------------------------------------------------- the scale of floats


@pytest.mark.parametrize(("scale", "divisor"), [(32_768.0, 32_768), (2.0**31, 2**31)])
def test_floats_on_the_scale_of_integers_are_brought_to_full_scale(tmp_path, scale, divisor):
    soundfile.write(tmp_path / "a.wav", noise() * np.float32(scale), RATE, subtype="FLOAT")
    samples, (text,) = told(tmp_path / "a.wav")
    assert np.array_equal(samples, noise())
    assert f"divided by {divisor}" in text


def test_bytes_that_are_no_floats_at_all_are_heard_without_a_warning(tmp_path):
    data = stored("WAV", "FLOAT")
    begin = data.index(b"data") + 8
    data[begin:] = np.random.default_rng(0).bytes(len(data) - begin)
    (tmp_path / "a.wav").write_bytes(data)
    samples, texts = told(tmp_path / "a.wav")
    assert np.isfinite(samples).all()
    assert "far beyond full scale" in texts[0]
    assert "no sound" in texts[1]


def test_a_hot_recording_keeps_its_level(tmp_path):
    soundfile.write(tmp_path / "hot.wav", noise() * 8, RATE, subtype="FLOAT")
    samples, texts = told(tmp_path / "hot.wav")
    assert texts == []
    assert np.array_equal(samples, noise() * 8)


@pytest.mark.parametrize(
    ("fault", "subtype"),
    [(1e30, "FLOAT"), (-1e38, "FLOAT"), (np.nan, "FLOAT"), (np.inf, "FLOAT"), (1e300, "DOUBLE"), (np.nan, "DOUBLE")],
)
def test_single_faults_become_silence_and_are_counted(tmp_path, fault, subtype):
    sound = noise().astype(np.float64)
    sound[1000] = fault
    soundfile.write(tmp_path / "a.wav", sound, RATE, subtype=subtype)
    samples, (text,) = told(tmp_path / "a.wav")
    sound[1000] = 0
    assert np.array_equal(samples, sound.astype(np.float32))
    assert text == ("a.wav: samples that are no sound (no number, or far beyond full scale) are taken as silence: 1")
