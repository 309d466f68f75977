"""What was said, line by line with its times: what all written transcripts are made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from coach.review.exports.exported import Exported

_HOUR, _MINUTE, _SECOND = 3_600_000, 60_000, 1000  # ms


class Said(NamedTuple):
    """From `start_s` to `end_s` seconds `who` said `text`; None if words were not kept or may not be exported."""

    start_s: float
    end_s: float
    who: str
    text: str | None


def spoken_lines(session: Exported) -> list[Said]:
    """A line for each recognised stretch or, without words, for each turn and backchannel, in order of time."""
    if session.worded:
        said = (Said(each.span.start_s, each.span.end_s, each.who, each.text) for each in session.words if each.text)
        return sorted(said)
    return sorted(_turns(session), key=lambda each: each[:3])


def _turns(session: Exported) -> Iterator[Said]:
    return (Said(each["start_s"], each["end_s"], each["who"], None) for each in session.analysis["turns"])


def stamp(seconds: float, point: str = ".") -> str:
    """
    >>> stamp(3725.5), stamp(8.29), stamp(8.29, ",")
    ('01:02:05.500', '00:00:08.290', '00:00:08,290')
    """
    ms = round(seconds * 1000)
    return f"{ms // _HOUR:02}:{ms % _HOUR // _MINUTE:02}:{ms % _MINUTE // _SECOND:02}{point}{ms % _SECOND:03}"
