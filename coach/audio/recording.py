"""A recording as a `Source`: any file that FFmpeg decodes, through PyAV.

Channels and times are those of the file. Samples are counted from the start of the recording; a sound track that begins
later than the film starts with a gap, and a hole in the time stamps (browsers leave some when they record) becomes an
`AudioGap`. Damaged packets are skipped and reported; everything else is used.
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

HOLE = as_samples(0.1)  # samples; compressed time stamps may be off by a frame (at most 64 ms), more is a hole
SHORT_BY = 0.02  # share of the stated length that may be missing without a notice; stated lengths are often estimates
SHORT_BY_S = 0.5  # seconds that may be missing in any case
_FULL_SCALE = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31, "i8": 2.0**63}  # by numpy's name of the sample format


class Recording:
    """The sound of a file as a `Source`. Each call of `blocks` starts at the beginning, until the source is closed.

    Attributes: `name` (of the file), `channels`, `native_rate` (samples per second), and the length that the file
    states, as `length` in samples at 16 kHz and `duration_s` in seconds. Raises BadInput if the file cannot be read or
    contains no sound.
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
        """Yield blocks of `block_s` seconds, shorter before a gap and at the end, then notices about the file."""
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
        """Yield the sound at 16 kHz in pieces of any length; a new sample rate or a hole starts a new resampler."""
        end = 0
        rate = self.native_rate
        resampler = Resampler(rate, self.channels)
        with closing(_open(self.path)) as container:
            beginning = (container.start_time or 0) / 1e6  # seconds; FFmpeg counts microseconds
            heard = 0  # native samples since `origin`
            origin = 0  # where the resampler started, on our sample clock
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
        """Yield the same in blocks of one length."""
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
    """Raise BadInput for a path that no decoder could read."""
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
    """Open the file by its absolute path, because FFmpeg may take a name with a colon for a URL."""
    try:
        return av.open(str(path.absolute()))
    except (av.FFmpegError, ValueError, OSError):
        raise BadInput(f"{path} is not a recording, or is too damaged to read; name a sound or film file") from None


def _frames(container: av.container.InputContainer, path: Path, skipped: list[str]) -> Iterator[av.AudioFrame]:
    """Yield the decoded frames of the first sound track; errors of undecodable packets are added to `skipped`."""
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
    """The duration that the container states in seconds; 0 if it states none."""
    stream = container.streams.audio[0]
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1e6


def _wav_promise(path: Path) -> float | None:
    """The duration that a WAV header states in seconds; None for other files and for headers that leave it open.

    FFmpeg trims the duration to the data in the file, which would hide that a file was cut off.
    """
    with path.open("rb") as file:
        if (magic := file.read(12))[:4] != b"RIFF" or magic[8:] != b"WAVE":
            return None
        bytes_per_second = 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                left_open = size in {0, 0xFFFF_FFFF} or not bytes_per_second  # the writer could not seek
                return None if left_open else size / bytes_per_second
            body = file.read(size + size % 2)
            if name == b"fmt " and len(body) >= 12:
                bytes_per_second = struct.unpack_from("<I", body, 8)[0]
    return None


def _samples(frame: av.AudioFrame) -> Samples:
    """Return (n, channels) float32 with full scale ±1; samples that are not finite become 0."""
    raw = frame.to_ndarray()
    by_sample = raw.T if frame.format.is_planar else raw.reshape(-1, len(frame.layout.channels))
    scale = _FULL_SCALE.get(f"{raw.dtype.kind}{raw.dtype.itemsize}")
    if scale is None:
        samples = by_sample.astype(np.float32)
        return samples if np.isfinite(samples).all() else np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    centre = scale if raw.dtype.kind == "u" else 0.0
    return ((by_sample.astype(np.float64) - centre) / scale).astype(np.float32)
