"""When a recording began, as its file says: the time reference of a broadcast WAV, or the date in a container."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import av

_BEFORE = 2000  # years; a clock that was never set says 1904 or 1970


@dataclass(frozen=True, slots=True)
class OwnTime:
    """`began_s` is in seconds since some day that all files share; `exact`: to the sample, otherwise to the second."""

    began_s: float
    exact: bool


def own_time(path: Path) -> OwnTime | None:
    """When the recording at `path` began by its own account; None if it does not say."""
    try:
        with closing(av.open(str(path.absolute()))) as container:
            said = {**container.metadata, **(container.streams.audio[0].metadata if container.streams.audio else {})}
            rate = container.streams.audio[0].rate if container.streams.audio else 0
    except (av.FFmpegError, ValueError, OSError):
        return None
    reference, day = said.get("time_reference", ""), _moment(said.get("date", ""))
    if reference.isdecimal() and day is not None and rate:  # samples since midnight
        return OwnTime(day.toordinal() * 86400 + int(reference) / rate, True)
    moment = _moment(said.get("creation_time", ""))
    if moment is None:
        return None
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return OwnTime(moment.toordinal() * 86400 + seconds, False)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= _BEFORE else None
