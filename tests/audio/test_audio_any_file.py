"""Whatever the bytes of a sound file say, it is read or refused in one line, and never silently shortened.

The files are whole recordings of each container, with a few fields, bytes or pieces changed at places that matter (the
header, the names and sizes of chunks, the end). More examples: `python -m tests.audio.test_audio_any_file SECONDS`.
"""

from __future__ import annotations

import io
import struct
import sys
import tempfile
import time
import warnings
from functools import cache
from pathlib import Path

import av
import numpy as np
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.audio.recording import Recording
from coach.audio.source import Block
from coach.core.errors import BadInput
from coach.core.events import AudioGap, Notice
from coach.core.span import RATE

SECONDS = 1.5
PCM = [
    ("WAV", "PCM_16"),
    ("WAV", "FLOAT"),
    ("WAVEX", "PCM_24"),
    ("RF64", "PCM_16"),
    ("W64", "PCM_16"),
    ("AIFF", "PCM_16"),
]
CODED = [
    ("mp3", "libmp3lame"),
    ("mp4", "aac"),
    ("adts", "aac"),
    ("ogg", "libopus"),
    ("matroska", "libopus"),
    ("mpegts", "aac"),
    ("flac", "flac"),
    ("caf", "pcm_s16le"),
    ("au", "pcm_s16be"),
]
KINDS = [*PCM, *CODED]
NAMES = [
    b"data",
    b"fmt ",
    b"LIST",
    b"ds64",
    b"SSND",
    b"COMM",
    b"moov",
    b"mdhd",
    b"stts",
    b"OggS",
    b"RIFF",
    b"fLaC",
    b"Info",
]
SIZES = [0, 1, 7, 100, 0x7FFF_F000, 0x8000_0000, 0xFFFF_FFD3, 0xFFFF_FFFF]


@cache
def whole(kind: str, codec: str, channels: int) -> bytes:
    """A sound file of noise that differs between channels."""
    noise = 0.1 * np.random.default_rng(0).standard_normal((round(SECONDS * RATE), channels)).astype(np.float32)
    file = io.BytesIO()
    if (kind, codec) in PCM:
        soundfile.write(file, noise, RATE, subtype=codec, format=kind)
        return file.getvalue()
    layout = "mono" if channels == 1 else "stereo"
    rate = 48_000 if codec == "libopus" else RATE
    with av.open(file, "w", format=kind) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        converter = av.AudioResampler(
            stream.codec_context.format, layout, rate, stream.codec_context.frame_size or 1024
        )
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(noise.T), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = RATE, 0
        for piece in [*converter.resample(frame), *converter.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A kind of file, and its bytes with up to three changes."""
    kind, codec = draw(st.sampled_from(KINDS))
    data = bytearray(whole(kind, codec, draw(st.integers(1, 2))))
    for _ in range(draw(st.integers(0, 3))):
        if not data:
            break
        match draw(st.sampled_from(["size", "size", "byte", "head", "cut", "append", "insert", "remove", "zero"])):
            case "size":
                name = draw(st.sampled_from([name for name in NAMES if name in data] or [bytes(data[:4])]))
                at = data.index(name) + len(name) + draw(st.sampled_from([0, 0, 0, 4, 8, 12, 16]))
                size = draw(st.sampled_from([*SIZES, len(data) // 2, len(data) * 2]))
                data[at : at + 4] = struct.pack(draw(st.sampled_from(["<I", ">I"])), size)
            case "byte":
                data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
            case "head":
                data[draw(st.integers(0, min(200, len(data) - 1)))] = draw(st.integers(0, 255))
            case "cut":
                del data[draw(st.integers(1, len(data))) :]
            case "append":
                end = draw(st.sampled_from([b"TAG" + bytes(125), b"LIST\4\0\0\0INFO", bytes(999), b"\x12\x34" * 999]))
                data += end if draw(st.booleans()) else bytes(data)
            case "insert":
                at = draw(st.integers(0, len(data)))
                data[at:at] = draw(st.binary(max_size=40))
            case "remove":
                at = draw(st.integers(0, len(data)))
                del data[at : at + draw(st.integers(1, 400))]
            case "zero":
                at = draw(st.integers(0, len(data)))
                data[at : at + 500] = bytes(len(data[at : at + 500]))
    return kind, bytes(data)


def heard_or_refused(data: bytes) -> tuple[int, list[str]] | None:
    """Samples heard and what was said; None if the file was refused. Raises for anything else."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path = Path(folder) / "a.bin"
        path.write_bytes(data)
        try:
            recording = Recording(path)
        except BadInput as error:
            refusal = str(error)
        else:
            return heard_well(recording)
        assert "\n" not in refusal
        return None


def heard_well(recording: Recording) -> tuple[int, list[str]]:
    """Samples heard and what was said; checks that the stream is sound."""
    end, texts = 0, []
    for item in recording.blocks():
        if isinstance(item, Block):
            assert item.start == end
            assert item.samples.shape[1] == recording.channels
            assert item.samples.dtype == np.float32
            assert np.isfinite(item.samples).all()
            end = item.end
        elif isinstance(item, AudioGap):
            assert item.span.start == end
            end = item.span.end
        elif isinstance(item, Notice):
            texts.append(item.text)
    assert all("\n" not in text for text in texts)
    return end, texts


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(files())
def test_any_file_is_heard_or_refused_in_a_line(file):
    heard_or_refused(file[1])


@settings(max_examples=10)
@given(
    st.sampled_from(PCM[:2]),
    st.integers(0, 0xFFFF_FFFF) | st.integers(0, 60_000),
    st.sampled_from([b"", b"LIST\4\0\0\0INFO"]),
)
def test_whatever_the_header_of_a_wav_says_all_of_it_is_heard(kind, stated, behind):
    data = bytearray(whole(*kind, 1))
    at = data.index(b"data") + 4
    true = len(data) - at - 4
    struct.pack_into("<I", data, at, stated)
    heard = heard_or_refused(bytes(data) + behind)
    assert heard is not None
    end, texts = heard
    assert abs(end - SECONDS * RATE) <= 8 or texts
    assert stated >= true or end >= stated / true * SECONDS * RATE - 1


def main(seconds: float) -> None:
    """Try files for so long, and print each kind of failure once."""
    until, count, failures = time.monotonic() + seconds, 0, {}
    refused = 0

    @settings(
        max_examples=400, database=None, suppress_health_check=list(HealthCheck), deadline=None, derandomize=False
    )
    @given(files())
    def tried(file: tuple[str, bytes]) -> None:
        nonlocal count, refused
        count += 1
        if time.monotonic() > until:
            return
        begun = time.monotonic()
        try:
            refused += heard_or_refused(file[1]) is None
        except Exception as error:
            where = traceback_line(error)
            if (file[0], where) not in failures:
                failures[file[0], where] = file[1]
                name = Path(tempfile.gettempdir()) / f"sound_fuzz_{len(failures)}.{file[0]}"
                name.write_bytes(file[1])
                print(f"{file[0]}: {type(error).__name__}: {error} ({where}), kept as {name}", flush=True)
        if (took := time.monotonic() - begun) > 5:
            print(f"{file[0]}: took {took:.1f} s", flush=True)

    while time.monotonic() < until:
        tried()
    print(f"{count} files, {refused} refused, {len(failures)} kinds of failure")


def traceback_line(error: BaseException) -> str:
    """File and line of the innermost place in which `error` was raised."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""


if __name__ == "__main__":
    main(float(sys.argv[1]))
