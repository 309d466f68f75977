"""Several recordings of one conversation, one of each person, as one `Source` on one clock.

    a.m4a  ▁▂█▇▂▁▂▂▁▁▂█▁▁▁ ─┐  where each lies is found (`alignment`), drift is taken out by resampling
    b.wav       ▁▁▂▂▁▇█▂▁▁▁ ─┴─►  a channel each, and only the noise of its room where it has not begun

When they began is known, in this order, because somebody states it, because one device recorded all of them, because
they hear something in common, or because the files themselves say it. If none of these tells, it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from coach.audio.alignment import CONFIG as ALIGNMENT
from coach.audio.alignment import Clock, Envelope, coarse, compared, fine
from coach.audio.own_time import own_time
from coach.audio.recording import Recording, in_blocks
from coach.audio.resample import Resampler
from coach.audio.source import Block
from coach.audio.tracks import as_channels
from coach.core.errors import BadInput
from coach.core.events import AudioGap, DeviceOpened, Event, Notice
from coach.core.span import RATE, Span, as_samples, as_seconds

Progress = Callable[[int, int | None], None]
FIRST, STATED, RECORDER, SOUND, OWN_TIME = "first", "stated", "recorder", "sound", "own time"
LEAST_PPM = 0.5  # of a drift that is worth a word
WORTH_A_WORD_S = 1.0  # for which a recording is missing
_LOOKED, _QUIET = 10 * RATE, RATE // 2  # samples: where a quiet piece is looked for, and its length


@dataclass(frozen=True, slots=True)
class Track:
    """The recording of `who`. `stream`: the sound track within the file, from 0, if it has others.

    `starts_s`: how many seconds after the first one it began, if somebody states that.
    """

    who: str
    path: Path
    stream: int | None = None
    starts_s: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a track lies: `clock` is on that of the first track, and `by` says how it is known."""

    track: Track
    clock: Clock
    by: str


class TogetherRecordings:
    """The recordings of several people as a `Source` with a channel for each, in the order of `tracks`.

    `one_device`: one program wrote all of them, so that they began together on one clock. Raises BadInput if a file
    cannot be read, or if nothing tells when one of them began.
    """

    def __init__(
        self,
        tracks: Sequence[Track],
        name: str,
        *,
        one_device: bool = False,
        block_s: float = 0.1,
        progress: Progress | None = None,
    ) -> None:
        self.name = name
        self._block = max(1, as_samples(block_s))
        self._closed = False
        self._recordings = [Recording(track.path, 1.0, track.stream) for track in tracks]
        self.channels = len(tracks)
        self.native_rate = self._recordings[0].native_rate
        self.placed = _placed(list(tracks), self._recordings, one_device, progress)
        self._zero = min(each.clock.starts_s for each in self.placed)
        self._ends = [  # in seconds, from the beginning of all
            each.clock.there(recording.duration_s) - self._zero
            for each, recording in zip(self.placed, self._recordings, strict=True)
        ]
        self.length: int | None = as_samples(max(self._ends))
        self.behind = 0

    def close(self) -> None:
        """End `blocks` before its next block. The files are open only while `blocks` runs."""
        self._closed = True

    def starts_s(self, placed: Placed) -> float:
        """When a track begins, in seconds from the beginning of all."""
        return placed.clock.starts_s - self._zero

    def blocks(self) -> Iterator[Block | Event]:
        """Yield blocks with a channel for each person, after notices of what is known about the files."""
        yield DeviceOpened(at=0, device=self.name, rate=self.native_rate, channels=self.channels)
        for text in self._about():
            yield Notice(at=0, text=text)
        told: list[Notice] = []
        streams = [
            self._on_the_clock(each, recording, told)
            for each, recording in zip(self.placed, self._recordings, strict=True)
        ]
        for item in in_blocks(as_channels(streams), self._block, self.channels):
            yield from _emptied(told)
            if self._closed:
                return
            yield item
        yield from _emptied(told)

    def _about(self) -> Iterator[str]:
        first = self.placed[0].track.path.name
        for each in self.placed[1:]:
            starts, drift = each.clock.starts_s, each.clock.drift * 1e6
            when = f"{abs(starts):.2f} s {'after' if starts >= 0 else 'before'} {first}"
            ways = {
                STATED: "as stated",
                RECORDER: "they were recorded together",
                SOUND: "found by what both of them hear",
                OWN_TIME: "by the times in the files, which may be a second off: --starts says it better",
            }
            clock = f"; its clock is {abs(drift):.0f} ppm {'faster' if drift > 0 else 'slower'}, which is taken out"
            yield (f"{each.track.path.name} begins {when}, {ways[each.by]}{clock if abs(drift) >= LEAST_PPM else ''}")
        for each, ends in zip(self.placed, self._ends, strict=True):
            for missing, side in ((self.starts_s(each), "first"), (max(self._ends) - ends, "last")):
                if missing >= WORTH_A_WORD_S:
                    yield (
                        f"{each.track.path.name} lacks the {side} {missing:.0f} s; what the other microphones hear of "
                        f"{each.track.who} in that time counts as said by their owners"
                    )

    def _on_the_clock(self, placed: Placed, recording: Recording, told: list[Notice]) -> Iterator[Block | AudioGap]:
        """The sound of one recording, on the clock of all; its notices go to `told`."""
        stretch = 1 + placed.clock.drift
        start = as_samples(self.starts_s(placed))
        if start:
            yield from _hush(_quietest(recording), start)
        end = start
        resampler = Resampler(RATE * stretch, 1, RATE)
        for item in recording.blocks():
            if isinstance(item, Block):
                ready = resampler.feed(item.samples.mean(axis=1, keepdims=True))
                yield Block(end, ready)
                end += len(ready)
            elif isinstance(item, AudioGap):
                rest = resampler.flush()
                yield Block(end, rest)
                before, end = end + len(rest), start + round(item.span.end / stretch)
                yield AudioGap(at=end, span=Span(min(before, end), end), reason=item.reason)
                resampler = Resampler(RATE * stretch, 1, RATE)
            elif isinstance(item, Notice):
                told.append(Notice(at=start + round(item.at / stretch), text=item.text))
        yield Block(end, resampler.flush())


def _quietest(recording: Recording) -> np.ndarray:
    """The quietest piece of the beginning of a recording, (n,): the noise of its room and its microphone."""
    sound = np.concatenate(_cuts(recording, [Span(0, _LOOKED)]))
    starts = range(0, max(1, len(sound) - _QUIET), _QUIET // 4)
    pieces = [sound[start : start + _QUIET] for start in starts]
    return min(pieces, key=lambda piece: float(np.mean(piece**2)) if len(piece) else 0.0)


def _hush(quiet: np.ndarray, end: int) -> Iterator[Block]:
    """`quiet` again and again, to and fro, up to sample `end`: a room is not silent before its recording begins.

    After digital silence the noise of the room would be taken for a sound, and a first word be heard too late.
    """
    there_and_back = np.concatenate([quiet, quiet[::-1]]) if np.any(quiet) else np.zeros(RATE, np.float32)
    for start in range(0, end, len(there_and_back)):
        yield Block(start, there_and_back[: end - start, None])


def _emptied(told: list[Notice]) -> Iterator[Notice]:
    while told:
        yield told.pop(0)


# -------------------------------------------------------------------------------------------------------- placing


def _placed(
    tracks: list[Track], recordings: list[Recording], one_device: bool, progress: Progress | None
) -> list[Placed]:
    """Where each track lies. Raises BadInput if nothing tells that of one."""
    found: dict[int, Placed] = {0: Placed(tracks[0], Clock(), FIRST)}
    for n, track in enumerate(tracks):
        if track.starts_s is not None and n:
            found[n] = Placed(track, Clock(track.starts_s), STATED)
        elif one_device and n:
            found[n] = Placed(track, Clock(), RECORDER)
    if len(found) < len(tracks):
        found |= _by_sound(tracks, recordings, found, progress)
    for n, track in enumerate(tracks):
        if n not in found:
            found[n] = _by_own_time(track, tracks[0], _reason(n, recordings))
    return [found[n] for n in range(len(tracks))]


def _by_sound(
    tracks: list[Track], recordings: list[Recording], known: dict[int, Placed], progress: Progress | None
) -> dict[int, Placed]:
    """The tracks that hear something in common with one whose place is known, or found in this way."""
    found = dict(known)
    levels = [_levels(recording, n, recordings, progress) for n, recording in enumerate(recordings)]
    tried: set[tuple[int, int]] = set()
    while fresh := [(a, b) for a in found for b in range(len(tracks)) if b not in found and (a, b) not in tried]:
        a, b = fresh[0]
        tried.add((a, b))
        clock = _beside(recordings[a], recordings[b], levels[a], levels[b])
        if clock is not None:
            before = found[a].clock
            drift = (1 + before.drift) * (1 + clock.drift) - 1
            found[b] = Placed(tracks[b], Clock(before.there(clock.starts_s), drift), SOUND)
    return found


def _levels(recording: Recording, n: int, of: Sequence[Recording], progress: Progress | None) -> np.ndarray:
    """The levels of a whole recording; lost sound is silence."""
    envelope = Envelope()
    now = 0
    total = sum(each.length or 0 for each in of)
    before = sum(each.length or 0 for each in of[:n])
    for item in recording.blocks():
        if isinstance(item, Block):
            if item.start > now:
                envelope.feed(np.zeros(item.start - now, np.float32))
            envelope.feed(item.samples.mean(axis=1))
            now = item.end
            if progress is not None:
                progress(before + now, total or None)
    return envelope.levels


def _beside(one: Recording, other: Recording, levels: np.ndarray, others: np.ndarray) -> Clock | None:
    """The clock of `other` on that of `one`; None if they hear nothing in common."""
    longer = len(levels) >= len(others)  # pieces of the shorter one are looked for in the longer one
    guess = coarse(levels, others) if longer else coarse(others, levels)
    if guess is None:
        return None
    if not longer:
        guess = Clock(guess.here(0.0), 1 / (1 + guess.drift) - 1)
    spans = compared(one.duration_s, other.duration_s, guess)
    there = [Span(start := as_samples(guess.here(as_seconds(span.start))), start + span.duration) for span in spans]
    pairs = zip(spans, _cuts(one, spans), there, _cuts(other, there), strict=True)
    pieces = [
        (span.start / RATE, sound, ours.start / RATE, own)
        for span, sound, ours, own in pairs
        if len(sound) == len(own) == span.duration
    ]
    return fine(pieces, guess)


def _cuts(recording: Recording, spans: Sequence[Span]) -> list[np.ndarray]:
    """The sound of each of `spans`, in order, (n,); shorter where the recording has none."""
    cut: list[list[np.ndarray]] = [[] for _ in spans]
    for item in recording.blocks():
        if not isinstance(item, Block):
            continue
        here = Span(item.start, item.end)
        for span, pieces in zip(spans, cut, strict=True):
            if both := span & here:
                pieces.append(item.samples[both.start - item.start : both.end - item.start].mean(axis=1))
        if spans and item.start > spans[-1].end:
            break
    return [np.concatenate([*pieces, np.zeros(0, np.float32)]) for pieces in cut]


def _by_own_time(track: Track, first: Track, reason: str) -> Placed:
    times = own_time(first.path), own_time(track.path)
    if times[0] is None or times[1] is None or times[0].exact != times[1].exact:
        raise BadInput(
            f"{reason}, and the files do not say when they began. If it is of the same conversation, say how many "
            f"seconds after {first.path.name} it begins: --starts {track.who}=3.7"
        )
    return Placed(track, Clock(times[1].began_s - times[0].began_s), OWN_TIME)


def _reason(n: int, recordings: Sequence[Recording]) -> str:
    """Why track `n` could not be placed by its sound."""
    name = recordings[n].name
    others = [each.name for each in recordings if each is not recordings[n]]
    if (seconds := recordings[n].duration_s) and seconds < ALIGNMENT.least_s:
        return f"{name} lasts {seconds:.1f} s, too short to find where it belongs"
    return f"{name} has no sound in common with {' or '.join(others)}"


def same_file_twice(tracks: Sequence[Track]) -> Track | None:
    """A track whose sound is already that of another person; None if there is none."""
    for one, other in combinations(tracks, 2):
        if one.path.resolve() == other.path.resolve() and one.stream == other.stream:
            return other
    return None
