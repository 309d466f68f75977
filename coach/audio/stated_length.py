"""The length that a file states, which tells whether it was cut off.

FFmpeg gives a duration in any case. Only for some formats is it a statement of the file; for others it is an estimate
from the rate of bits (MP3 without a header of Xing, ADTS, AMR), or the last time stamp that is there (Ogg, MPEG-TS),
and says nothing about what is missing. For WAV, AIFF and their kind see `pcm_header`.
"""

from __future__ import annotations

import re
from pathlib import Path

import av

STATE_IT = {"mov", "matroska", "flac", "avi", "asf", "flv", "au", "caf", "wv", "tta", "ape", "mp3"}  # FFmpeg's names
_LARGEST_PAGE = 27 + 255 + 255 * 255  # bytes of an Ogg page
_TAGGED = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")  # Matroska's tag DURATION


def estimated_s(container: av.container.InputContainer) -> float:
    """The duration that the container states, or FFmpeg estimates, in seconds; 0 if there is none."""
    stream = container.streams.audio[0]
    stated = (container.duration or 0) / 1e6
    if stream.duration is not None and stream.time_base is not None:
        stated = float(stream.duration * stream.time_base)
    return stated - beginning_s(container) if _name(container) == "ogg" else stated


def stated_s(container: av.container.InputContainer, path: Path) -> float | None:
    """The duration of the first track according to the file, in seconds; None if the file does not say so."""
    name, stream = _name(container), container.streams.audio[0]
    if name not in STATE_IT or (name == "mp3" and not _states_frames(path)):
        return None
    if stream.duration is not None and stream.time_base is not None:
        begins = float((stream.start_time or 0) * stream.time_base) - beginning_s(container)
        return begins + float(stream.duration * stream.time_base)
    if name != "matroska":
        return (container.duration or 0) / 1e6
    # Matroska's times count from zero, even if the first of them is an hour
    tags = (value for key, value in stream.metadata.items() if key.startswith("DURATION"))
    if tag := next(filter(None, map(_TAGGED.match, tags)), None):
        return int(tag[1]) * 3600 + int(tag[2]) * 60 + float(tag[3]) - beginning_s(container)
    if len(container.streams) > 1:
        return None  # the length of the whole film, whose sound may end earlier
    return (container.duration or 0) / 1e6 - beginning_s(container)


def _name(container: av.container.InputContainer) -> str:
    """FFmpeg's first name of the format: "matroska" for WebM too."""
    return container.format.name.split(",")[0]


def beginning_s(container: av.container.InputContainer) -> float:
    """The time stamp that is our zero, in seconds; FFmpeg counts microseconds."""
    return (container.start_time or 0) / 1e6


def breaks_off(container: av.container.InputContainer, path: Path) -> bool:
    """Whether an Ogg file ends within a page; its header does not state a length. False for other files."""
    if _name(container) != "ogg":
        return False
    with path.open("rb") as file:
        length = file.seek(0, 2)
        begin = file.seek(max(0, length - _LARGEST_PAGE))
        tail = file.read()
    at = tail.rfind(b"OggS")
    head = tail[at : at + 27]
    if at < 0 or len(head) < 27:
        return at >= 0
    lacing = tail[at + 27 : at + 27 + head[26]]
    return len(lacing) < head[26] or begin + at + 27 + head[26] + sum(lacing) > length


def _states_frames(path: Path) -> bool:
    """Whether the first frame of an MP3 file says how many follow (the header of Xing or of Fraunhofer)."""
    with path.open("rb") as file:
        at = 0
        while (head := file.read(10))[:3] == b"ID3" and len(head) == 10:
            at += 10 + sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(head[6:]))
            file.seek(at)
        first = head + file.read(4096)
    places = [place for name in (b"Xing", b"Info") if (place := first.find(name)) >= 0]
    return b"VBRI" in first or any(place + 8 <= len(first) and first[place + 7] & 1 for place in places)
