"""A recording as a `Source`: any file that FFmpeg decodes, through PyAV.

Channels and times are those of the file; of several sound tracks, each is a channel (`tracks`). Samples are counted
from the start of the recording; a sound track that begins later than the film starts with a gap, and a hole in the time
stamps (browsers leave some when they record) becomes an `AudioGap`. Damaged packets are skipped and reported;
everything else is used. What a header says of the length is checked (`pcm_header`), and so are the scale of float
samples and the polarity of channels (`survey`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np

from coach.audio.pcm_header import pcm_header
from coach.audio.resample import Resampler
from coach.audio.source import Block, Samples, with_channels
from coach.audio.stated_length import beginning_s, breaks_off, estimated_s, stated_s
from coach.audio.survey import Survey, Surveyed, by_seconds
from coach.audio.tracks import about_tracks, as_channels, heard_tracks
from coach.core.errors import BadInput, reason_of
from coach.core.events import AudioGap, DeviceOpened, Event, Notice
from coach.core.span import RATE, Span, as_samples

RATES = range(1000, 1_000_000)  # samples per second that recordings have
_FULL_SCALE = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31, "i8": 2.0**63}  # by numpy's name of the sample format
_FLOAT_CODECS = ("pcm_f", "wavpack")  # codecs whose floats are those of a program, on any scale


@dataclass(frozen=True, slots=True)
class FileConfig:
    """What a file may get wrong without a notice."""

    hole: int = as_samples(0.1)  # samples; compressed time stamps may be off by a frame (at most 64 ms), more is a hole
    short_by: float = 0.02  # share of the stated length that may be missing; stated lengths are often estimates
    short_by_s: float = 0.5  # seconds that may be missing in any case
    surveyed_s: int = 600  # seconds from the start that are surveyed; they take about a second
    wildest: float = 64.0  # times full scale (36 dB); a louder sample is a fault


CONFIG = FileConfig()


@dataclass(slots=True)
class _Faults:
    """What was wrong with the file: errors of packets that could not be decoded, and how many samples were no sound."""

    skipped: list[str] = field(default_factory=list)
    wild: int = 0


class Recording:
    """The sound of a file as a `Source`. Each call of `blocks` starts at the beginning, until the source is closed.

    Attributes: `name` (of the file), `channels`, `native_rate` (samples per second, of the first track), and the length
    that the file states, as `length` in samples at 16 kHz and `duration_s` in seconds. Raises BadInput if the file
    cannot be read or contains no sound. `track`: the sound track to hear alone, from 0, where the file has several.
    """

    def __init__(self, path: str | Path, block_s: float = 0.1, track: int | None = None) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self._block = max(1, as_samples(block_s))
        self._closed = False
        _check(self.path)
        self._header = pcm_header(self.path)
        with closing(self._open()) as container:
            tracks = container.streams.audio
            if not tracks:
                raise BadInput(
                    f"{path} has no sound: it is a picture, a text or a silent film; name a recording, or use "
                    "`coach read` for a transcript"
                )
            wanted = [tracks.index(each) for each in heard_tracks(tracks)] if track is None else [track]
            stated = self._header.seconds if self._header else stated_s(container, self.path)
            self._states = stated is not None
            self._breaks_off = breaks_off(container, self.path)
            self.duration_s = estimated_s(container) if stated is None else max(0.0, stated)
        first = {each: frame for each in wanted if (frame := self._first_frame(each)) is not None}
        if not first:
            raise BadInput(f"{path} contains no sound that can be decoded: it is empty or damaged")
        self._layouts = {track: len(frame.layout.channels) for track, frame in first.items()}
        self._rates = {track: int(frame.sample_rate) for track, frame in first.items()}
        self._about_tracks = about_tracks(self.name, len(tracks), list(first)) if track is None else ""
        self._surveyed: dict[int, Surveyed] = {}  # by track, once it was heard
        self.native_rate = next(iter(self._rates.values()))
        self.channels = len(first) if len(first) > 1 else next(iter(self._layouts.values()))
        self.length: int | None = as_samples(self.duration_s)
        self.behind = 0

    def close(self) -> None:
        """End `blocks` before its next block. The file is open only while `blocks` runs."""
        self._closed = True

    def blocks(self) -> Iterator[Block | Event]:
        """Yield blocks of `block_s` seconds, shorter before a gap and at the end, with notices about the file."""
        yield DeviceOpened(at=0, device=self.name, rate=self.native_rate, channels=self.channels)
        for text in self._oddities():
            yield Notice(at=0, text=text)
        end = 0
        faults = _Faults()
        streams = [self._decoded(track, faults) for track in self._layouts]
        sound = streams[0] if len(streams) == 1 else as_channels(streams)
        for item in in_blocks(sound, self._block, self.channels):
            if self._closed:
                return
            end = item.end if isinstance(item, Block) else item.span.end
            yield item
        if faults.skipped:
            text = f"{self.name}: damaged pieces skipped: {len(faults.skipped)} ({faults.skipped[0]})"
            yield Notice(at=end, text=text)
        if faults.wild:
            yield Notice(
                at=end,
                text=f"{self.name}: samples that are no sound (no number, or far beyond full scale) are taken as "
                f"silence: {faults.wild}",
            )
        if (missing := self._missing_s(end)) > max(CONFIG.short_by_s, CONFIG.short_by * self.duration_s):
            yield Notice(
                at=end,
                text=f"{self.name} ends {missing:.1f} s earlier than its header says: it seems to be cut off; "
                f"the {end / RATE:.1f} s that are there are used",
            )
        elif self._breaks_off:
            text = f"{self.name} breaks off: it seems to be cut off; the {end / RATE:.1f} s that are there are used"
            yield Notice(at=end, text=text)

    def _open(self) -> av.container.InputContainer:
        """Open the file by its absolute path, because FFmpeg may take a name with a colon for a URL."""
        try:
            if self._header is not None and self._header.misleads:
                return av.open(self._header.mended(self.path), "r")
            return av.open(str(self.path.absolute()))
        except (av.FFmpegError, ValueError, OSError):
            raise BadInput(
                f"{self.path} is not a recording, or is too damaged to read; name a sound or film file, or use "
                "`coach read` for a transcript"
            ) from None

    def _first_frame(self, track: int) -> av.AudioFrame | None:
        with closing(self._open()) as container:
            return next(_frames(container, track, _Faults()), None)

    def _missing_s(self, end: int) -> float:
        """Seconds of the stated length that are not there, after `end` samples were heard."""
        if self._header is not None:
            return self._header.missing_s
        return self.duration_s - end / RATE if self._states else 0.0

    def _oddities(self) -> Iterator[str]:
        """What is known beforehand, and was put right."""
        if self._about_tracks:
            yield self._about_tracks
        if self._header and (more := self._header.unstated_s) > CONFIG.short_by_s:
            yield f"{self.name} is {more:.1f} s longer than its header says; all of it is heard"
        if self._header and self._header.another:
            yield f"{self.name} contains a second recording behind the first one, which is not heard; split the file"
        for track in self._layouts:
            found = self._survey(track)
            if found.scale != 1.0:
                yield (
                    f"{self.name}: the sound is far beyond full scale, like numbers that are not divided by "
                    f"{found.scale:.10g}; it is made softer by as much"
                )
            if found.turned:
                several = len(found.turned) > 1
                yield (
                    f"{self.name}: channel{'s' * several} {', '.join(str(each + 1) for each in found.turned)} "
                    f"{'have' if several else 'has'} reversed polarity and would cancel out the others; "
                    f"{'they are' if several else 'it is'} turned over"
                )
            if found.alone is not None:
                yield (
                    f"{self.name}: its channels cancel each other out at times; channel {found.alone + 1} alone is "
                    "heard, in place of each"
                )

    def _survey(self, track: int) -> Surveyed:
        if track not in self._surveyed:
            self._surveyed[track] = self._look_through(track)
        return self._surveyed[track]

    def _look_through(self, track: int) -> Surveyed:
        channels, rate = self._layouts[track], self._rates[track]
        with closing(self._open()) as container:
            codec = container.streams.audio[track].codec_context
            floats = codec.name.startswith(_FLOAT_CODECS) and codec.format.name.startswith(("flt", "dbl"))
            if channels == 1 and not floats:
                return Surveyed()
            survey = Survey(channels, scaled=floats)
            pieces = (with_channels(_by_sample(frame), channels) for frame in _frames(container, track, _Faults()))
            for second, samples in enumerate(by_seconds(pieces, rate)):
                if second == CONFIG.surveyed_s or self._closed:
                    break
                survey.add(samples)
        return survey.result()

    def _decoded(self, track: int, faults: _Faults) -> Iterator[Block | AudioGap]:
        """Yield the sound at 16 kHz in pieces of any length; a new sample rate or a hole starts a new resampler."""
        end = 0
        rate, channels, found = self._rates[track], self._layouts[track], self._survey(track)
        resampler = Resampler(rate, channels)
        with closing(self._open()) as container:
            beginning = beginning_s(container)
            heard = 0  # native samples since `origin`
            origin = 0  # where the resampler started, on our sample clock
            for frame in _frames(container, track, faults):
                due = end if frame.time is None else as_samples(frame.time - beginning)
                hole = due - origin - round(heard * RATE / rate)
                if hole > CONFIG.hole or frame.sample_rate != rate:
                    rest = resampler.flush()
                    yield Block(end, rest)
                    end += len(rest)
                    if hole > CONFIG.hole:
                        yield AudioGap(at=due, span=Span(end, due), reason="the recording has a gap here")
                        end = due
                    rate, heard, origin = frame.sample_rate, 0, end
                    resampler = Resampler(rate, channels)
                samples = with_channels(_samples(frame, found.scale, faults), channels)
                if found.turned:
                    samples[:, found.turned] *= -1
                if found.alone is not None:
                    samples = samples[:, [found.alone] * channels]
                heard += len(samples)
                ready = resampler.feed(samples)
                yield Block(end, ready)
                end += len(ready)
        yield Block(end, resampler.flush())


def in_blocks(items: Iterator[Block | AudioGap], length: int, channels: int) -> Iterator[Block | AudioGap]:
    """Yield the same in blocks of `length` samples, shorter before a gap and at the end."""
    start = 0
    kept: Samples = np.zeros((0, channels), np.float32)
    for item in items:
        if isinstance(item, AudioGap):
            if len(kept):
                yield Block(start, kept)
            kept, start = kept[:0], item.span.end
            yield item
            continue
        kept = np.concatenate([kept, item.samples])
        while len(kept) >= length:
            yield Block(start, kept[:length])
            kept, start = kept[length:], start + length
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
        raise BadInput(f"{path} cannot be read: {reason_of(error)}") from None


def _frames(container: av.container.InputContainer, track: int, faults: _Faults) -> Iterator[av.AudioFrame]:
    """Yield the decoded frames of a sound track; errors of undecodable packets are added to `faults`."""
    packets = container.demux(container.streams.audio[track])
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            frames = packet.decode()
        except av.FFmpegError as error:
            faults.skipped.append(str(error.strerror))
            continue
        for frame in frames:
            if frame.samples and frame.sample_rate in RATES:
                yield frame
            elif frame.samples:
                faults.skipped.append(f"{frame.sample_rate} samples per second")


def _by_sample(frame: av.AudioFrame) -> np.ndarray:
    """Return (n, channels) as the decoder gives them."""
    raw = frame.to_ndarray()
    return raw.T if frame.format.is_planar else raw.reshape(-1, len(frame.layout.channels))


def _samples(frame: av.AudioFrame, scale: float, faults: _Faults) -> Samples:
    """Return (n, channels) float32 with full scale ±1; samples that are no sound become 0.

    Floats are divided by `scale`.
    """
    raw = _by_sample(frame)
    whole = _FULL_SCALE.get(f"{raw.dtype.kind}{raw.dtype.itemsize}")
    if whole is not None:
        centre = whole if raw.dtype.kind == "u" else 0.0
        return ((raw.astype(np.float64) - centre) / whole).astype(np.float32)
    loudest = min(CONFIG.wildest * scale, float(np.finfo(raw.dtype).max))
    with np.errstate(invalid="ignore"):  # of the kinds of NaN, some complain when they are looked at
        sound = np.abs(raw) <= loudest  # false for what is no number
    if not sound.all():
        faults.wild += int(sound.size - sound.sum())
        raw = np.where(sound, raw, 0.0)
    return (raw if scale == 1.0 else raw.astype(np.float64) / scale).astype(np.float32)
