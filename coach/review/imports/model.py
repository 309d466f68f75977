"""The segments of a conversation, which every reader produces, and checks that the readers share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN, Words
from coach.core.span import Span
from coach.review.wording import counted

_LONGEST = 7 * 24 * 3600  # seconds; a later time is a mistake
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Segment:
    """`who` spoke during `span` (samples). `text` is what was said, or None if that is unknown."""

    who: str
    span: Span
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Segments:
    """One conversation: its `people` in the order of the file, and its segments in order of time.

    `notices` say in a line each what was left out or guessed. If the coach exported the file, `words` holds the
    readings of the people's words, and `lost` the spans of lost sound. Both are empty for other files.
    """

    name: str
    people: tuple[str, ...]
    segments: tuple[Segment, ...]
    duration: int  # samples
    words: tuple[Words, ...] = ()
    lost: tuple[Span, ...] = ()
    notices: tuple[str, ...] = ()


def in_order(name: str, people: Iterable[str], found: Iterable[Segment], duration: int = 0) -> Segments:
    """The segments in order of time, without empty ones, of which a notice tells.

    The unknown speaker is not one of the `people`.
    """
    ordered = sorted(found, key=lambda each: (each.span, each.who))
    kept = tuple(each for each in ordered if each.span)
    end = max((each.span.end for each in kept), default=0)
    known = tuple(who for who in dict.fromkeys(people) if who != UNKNOWN)
    notices = []
    if empty := len(ordered) - len(kept):
        notices.append(f"{name}: left out {counted(empty, 'stretch')} of speech without length, words included")
    return Segments(name, known, kept, max(duration, end), notices=tuple(notices))


def checked_span(start: float, end: float, where: str) -> Span:
    """The span from `start` to `end` (seconds). Raises BadInput, which begins with `where`, for impossible times."""
    if not (math.isfinite(start) and math.isfinite(end) and end < _LONGEST):
        raise BadInput(f"{where} has an impossible time ({start:g} to {end:g} s)")
    if start < 0:
        raise BadInput(f"{where} begins before the recording, at {start:g} s")
    if end < start:
        raise BadInput(f"{where} ends before it begins ({start:g} to {end:g} s)")
    return Span.seconds(start, end)


def number(text: str) -> float | None:
    """The decimal number that `text` is, with or without an exponent; None for anything else, such as 1_000 or 1,5."""
    return float(text) if _NUMBER.fullmatch(text) else None
