"""Which sound tracks of a file are heard, and how several become one stream with a channel for each.

Calls and interviews are recorded with a track a person; films have the same talk again in other languages, or somebody
who comments on it. So all tracks are heard but those of another language than the first, and those marked as
commentary or description.

    track 1   [ Ana ....... ]            [ Ana ... ]         channel 1
    track 2        [ Ben ............. ]                     channel 2, zeros where it has nothing
    stream    [----------------------- ]  gap  [---]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import av
import numpy as np
from av.stream import Disposition

from coach.audio.source import Block
from coach.core.events import AudioGap
from coach.core.span import Span

BESIDE_THE_TALK = (
    Disposition.dub
    | Disposition.comment
    | Disposition.lyrics
    | Disposition.karaoke
    | Disposition.visual_impaired
    | Disposition.clean_effects
    | Disposition.descriptions
    | Disposition.non_diegetic
)
_NO_LANGUAGE = {None, "", "und", "mul", "mis", "zxx"}


def heard_tracks(tracks: Sequence[av.AudioStream]) -> list[av.AudioStream]:
    """The tracks with the talk, in their order; never none of several."""
    talk = [track for track in tracks if not track.disposition & BESIDE_THE_TALK] or list(tracks[:1])
    spoken = next((track.language for track in talk if track.language not in _NO_LANGUAGE), None)
    return [track for track in talk if track.language in _NO_LANGUAGE or track.language == spoken]


def about_tracks(name: str, tracks: int, heard: Sequence[int]) -> str:
    """What a person should know of a file with several sound tracks; `heard` are numbered from 0. "" for one track."""
    if tracks == 1:
        return ""
    if len(heard) == 1:
        return (
            f"{name} has {tracks} sound tracks; only track {heard[0] + 1} is heard, because the others have another "
            "language, comments or no sound"
        )
    each = ", ".join(f"channel {channel + 1} is track {track + 1}" for channel, track in enumerate(heard))
    return f"{name} has {tracks} sound tracks, heard side by side: {each}"


@dataclass(slots=True)
class _Track:
    """A track on the way into the stream: the sound from the stream's clock on, or silence until `end`."""

    items: Iterator[Block | AudioGap]
    sound: np.ndarray | None = None  # (n,) not taken yet; None within a gap
    end: int = 0
    over: bool = False

    def more(self) -> None:
        """Read on."""
        item = next(self.items, None)
        self.over = item is None
        if isinstance(item, Block):
            self.sound, self.end = item.samples.mean(axis=1), item.end
        elif item is not None:
            self.sound, self.end = None, item.span.end

    def take(self, count: int) -> np.ndarray:
        """The next `count` samples, zeros where there is nothing."""
        if self.over or self.sound is None:
            return np.zeros(count, np.float32)
        taken, self.sound = self.sound[:count], self.sound[count:]
        return taken


def as_channels(streams: Sequence[Iterator[Block | AudioGap]]) -> Iterator[Block | AudioGap]:
    """One stream with a channel for each of `streams`, whose channels are averaged; a gap where none has sound."""
    tracks = [_Track(stream) for stream in streams]
    now = 0
    while True:
        for track in tracks:
            while not track.over and track.end <= now:
                track.more()
        left = [track for track in tracks if not track.over]
        if not left:
            return
        end = min(track.end for track in left)
        if any(track.sound is not None for track in left):
            yield Block(now, np.stack([track.take(end - now) for track in tracks], axis=1))
        else:
            yield AudioGap(at=end, span=Span(now, end), reason="the recording has a gap here")
        now = end
