"""The segments of a conversation, which every reader produces, and checks that the readers share."""

from __future__ import annotations

import codecs
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN, Words
from coach.core.span import Span

_LONGEST = 7 * 24 * 3600  # seconds; a later time is a mistake


@dataclass(frozen=True, slots=True)
class Segment:
    """`who` spoke during `span` (samples). `text` is what was said, or None if that is unknown."""

    who: str
    span: Span
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Segments:
    """One conversation: its `people` in the order of the file, and its segments in order of time.

    If the coach exported the file, `words` holds the readings of the people's words, and `lost` the spans of lost
    sound. Both are empty for other files.
    """

    name: str
    people: tuple[str, ...]
    segments: tuple[Segment, ...]
    duration: int  # samples
    words: tuple[Words, ...] = ()
    lost: tuple[Span, ...] = ()


def in_order(name: str, people: Iterable[str], found: Iterable[Segment], duration: int = 0) -> Segments:
    """The segments in order of time, without empty ones. The unknown speaker is not one of the `people`."""
    kept = tuple(sorted((each for each in found if each.span), key=lambda each: (each.span, each.who)))
    end = max((each.span.end for each in kept), default=0)
    return Segments(name, tuple(who for who in dict.fromkeys(people) if who != UNKNOWN), kept, max(duration, end))


def checked_span(start: float, end: float, where: str) -> Span:
    """The span from `start` to `end` (seconds). Raises BadInput, which begins with `where`, for impossible times."""
    if not (math.isfinite(start) and math.isfinite(end) and end < _LONGEST):
        raise BadInput(f"{where} has an impossible time ({start:g} to {end:g} s)")
    if start < 0:
        raise BadInput(f"{where} begins before the recording, at {start:g} s")
    if end < start:
        raise BadInput(f"{where} ends before it begins ({start:g} to {end:g} s)")
    return Span.seconds(start, end)


def decoded(path: Path) -> str:
    """The text of a file in UTF-8 or UTF-16 (Praat writes both), or of an old one in Latin-1."""
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if b"\0" in data[:2]:  # UTF-16 without a byte order mark: the first character is ASCII, so one of its bytes is 0
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode("utf-8-sig")
    except UnicodeError:
        return data.decode("latin-1")
