"""A file of sound as a source: whatever FFmpeg decodes, through PyAV.

Channels stay as they are in the file, and so does time: samples are counted from the start of the recording, a sound
track that begins later than the film starts with a gap, and a hole in the time stamps (browsers leave some when they
record) becomes an `AudioGap`. What is broken is left out and said; what can be decoded is used.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import av
import numpy as np

from coach.audio.resample import Resampler
from coach.audio.source import Block, Samples, with_channels
from coach.core.errors import BadInput
from coach.core.events import AudioGap, DeviceOpened, Event, Notice
from coach.core.span import RATE, Span, as_samples

HOLE = as_samples(0.1)  # time stamps of compressed sound may be off by a frame (64 ms at most); more is a hole
SHORT_BY = 0.02  # the share of the promised length that may be missing before it is said; lengths are often estimates
SHORT_BY_S = 0.5  # and the least number of seconds
_FULL_SCALE = {
    "u1": 2.0**7,
    "i2": 2.0**15,
    "i4": 2.0**31,
    "i8": 2.0**63,
}  # by numpy's name of the format


class Recording:
    """The sound of a file as a `Source`; `blocks` may be called again and starts anew, until it is closed.

    Attributes: `name` (the file's), `channels`, `native_rate` (samples a second), `length` in samples at 16 kHz and
    `duration_s`, both as the file promises them. Raises BadInput when there is nothing to hear in it.
    """

    def __init__(self, path: str | Path, block_s: float = 0.1) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self._block = max(1, as_samples(block_s))
        self._closed = False
        _check(self.path)
        with closing(_open(self.path)) as container:
            first = next(_frames(container, self.path, []), None)
            if first is None:
                raise BadInput(f"{self.path} contains no sound that can be decoded: it is empty or damaged")
            self.native_rate = int(first.sample_rate)
            self.channels = len(first.layout.channels)
            self.duration_s = _wav_promise(self.path) or _promised(container)
        self.length: int | None = as_samples(self.duration_s)
        self.behind = 0

    def close(self) -> None:
        self._closed = True

    def blocks(self) -> Iterator[Block | Event]:
        """Blocks of `block_s` seconds (shorter before a gap and at the end), then what there is to say of the file."""
        yield DeviceOpened(at=0, device=self.name, rate=self.native_rate, channels=self.channels)
        end = 0
        skipped: list[str] = []
        for item in self._cut(self._decoded(skipped)):
            if self._closed:
                return
            end = item.end if isinstance(item, Block) else item.span.end
            yield item
        if skipped:
            yield Notice(at=end, text=f"{self.name}: damaged pieces skipped: {len(skipped)} ({skipped[0]})")
        if (missing := self.duration_s - end / RATE) > max(SHORT_BY_S, SHORT_BY * self.duration_s):
            yield Notice(
                at=end,
                text=f"{self.name} ends {missing:.1f} s earlier than its header says: it seems to be cut off; "
                f"the {end / RATE:.1f} s that are there are used",
            )

    def _decoded(self, skipped: list[str]) -> Iterator[Block | AudioGap]:
        """Sound at 16 kHz as it comes out of decoder and resampler; a change of rate or a hole starts a new stream."""
        end = 0
        rate = self.native_rate
        resampler = Resampler(rate, self.channels)
        with closing(_open(self.path)) as container:
            beginning = (container.start_time or 0) / 1e6  # seconds; FFmpeg counts microseconds
            heard = 0  # native samples since the last hole
            origin = 0  # where these began, on our clock
            for frame in _frames(container, self.path, skipped):
                due = end if frame.time is None else as_samples(frame.time - beginning)
                hole = due - origin - round(heard * RATE / rate)
                if hole > HOLE or frame.sample_rate != rate:
                    rest = resampler.flush()
                    yield Block(end, rest)
                    end += len(rest)
                    if hole > HOLE:
                        yield AudioGap(at=due, span=Span(end, due), reason="the recording has a gap here")
                        end = due
                    rate, heard, origin = frame.sample_rate, 0, end
                    resampler = Resampler(rate, self.channels)
                samples = with_channels(_samples(frame), self.channels)
                heard += len(samples)
                ready = resampler.feed(samples)
                yield Block(end, ready)
                end += len(ready)
        yield Block(end, resampler.flush())

    def _cut(self, items: Iterator[Block | AudioGap]) -> Iterator[Block | AudioGap]:
        """The same in blocks of one length."""
        start = 0
        kept: Samples = np.zeros((0, self.channels), np.float32)
        for item in items:
            if isinstance(item, AudioGap):
                if len(kept):
                    yield Block(start, kept)
                kept, start = kept[:0], item.span.end
                yield item
                continue
            kept = np.concatenate([kept, item.samples])
            while len(kept) >= self._block:
                yield Block(start, kept[: self._block])
                kept, start = kept[self._block :], start + self._block
        if len(kept):
            yield Block(start, kept)


def _check(path: Path) -> None:
    """What can be said of a path before any decoder looks at it."""
    try:
        if path.is_dir():
            raise BadInput(f"{path} is a folder; name a recording in it")
        if not path.exists():
            raise BadInput(f"there is no file {path}; check the name and the folder")
        with path.open("rb") as file:
            if not file.read(1):
                raise BadInput(f"{path} is an empty file; name a recording")
    except PermissionError:
        raise BadInput(f"{path} cannot be read by your user; change its permissions or copy it") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None


def _open(path: Path) -> av.container.InputContainer:
    """The file in FFmpeg's hands; by its whole path, as a name with a colon could be taken for an address."""
    try:
        return av.open(str(path.absolute()))
    except (av.FFmpegError, ValueError, OSError):
        raise BadInput(f"{path} is not a recording, or is too damaged to read; name a sound or film file") from None


def _frames(container: av.container.InputContainer, path: Path, skipped: list[str]) -> Iterator[av.AudioFrame]:
    """The decoded pieces of the first sound track; what cannot be decoded is left out and noted in `skipped`."""
    if not container.streams.audio:
        raise BadInput(f"{path} has no sound: it is a picture, a text or a silent film; name a recording")
    stream = container.streams.audio[0]
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            frames = packet.decode()
        except av.FFmpegError as error:
            skipped.append(str(error.strerror))
            continue
        yield from (frame for frame in frames if frame.samples)


def _promised(container: av.container.InputContainer) -> float:
    """Seconds of sound that the file says it holds; 0 when it does not say."""
    stream = container.streams.audio[0]
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1e6


def _wav_promise(path: Path) -> float | None:
    """Seconds of sound that a WAV file's header says it holds; None for other files and for headers that leave it open.

    FFmpeg trims this to what is there, so that a file which was cut off could not be told from a whole one.
    """
    with path.open("rb") as file:
        if (magic := file.read(12))[:4] != b"RIFF" or magic[8:] != b"WAVE":
            return None
        bytes_per_second = 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                left_open = size in {0, 0xFFFF_FFFF} or not bytes_per_second  # written by a program that could not seek
                return None if left_open else size / bytes_per_second
            body = file.read(size + size % 2)
            if name == b"fmt " and len(body) >= 12:
                bytes_per_second = struct.unpack_from("<I", body, 8)[0]
    return None


def _samples(frame: av.AudioFrame) -> Samples:
    """(n, channels) float32 with full scale at ±1; what is no finite number becomes silence."""
    raw = frame.to_ndarray()
    by_sample = raw.T if frame.format.is_planar else raw.reshape(-1, len(frame.layout.channels))
    scale = _FULL_SCALE.get(f"{raw.dtype.kind}{raw.dtype.itemsize}")
    if scale is None:
        samples = by_sample.astype(np.float32)
        return samples if np.isfinite(samples).all() else np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    centre = scale if raw.dtype.kind == "u" else 0.0
    return ((by_sample.astype(np.float64) - centre) / scale).astype(np.float32)
