"""Times within a recording, as people write and read them.

>>> parsed_times("12:30-14:00")
Span(start=12000000, end=13440000)
>>> exact_clock(12_000_000), exact_clock(59_608_000)
('12:30', '1:02:05.5')
"""

from __future__ import annotations

import re

from coach.core.span import Span, as_seconds

_TIME = r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?) ?s?"  # seconds, 1:30 or 1:02:03; a comma may be the decimal point
_TIMES = re.compile(rf"{_TIME} ?[-\u2010-\u2015\u2212] ?{_TIME}", re.ASCII)  # hyphens, dashes and the minus sign


def parsed_time(text: str) -> float | None:
    """Parses `3.7` or `1:02:03`, as seconds; None if it is not written like that."""
    time = re.fullmatch(_TIME, text, re.ASCII)
    return None if time is None else _seconds(*time.groups())


def parsed_times(text: str) -> Span | None:
    """Parses `0.5-6.0` (seconds) or `12:30-14:00`, with any dash; None if it is not written like that."""
    times = _TIMES.fullmatch(text.strip())
    if times is None:
        return None
    return Span.seconds(_seconds(*times.groups()[:3]), _seconds(*times.groups()[3:]))


def exact_clock(sample: int) -> str:
    """A sample as minutes and seconds, to the millisecond where there are any."""
    minutes, rest = divmod(as_seconds(sample), 60)
    hours, minutes = divmod(int(minutes), 60)
    said = f"{rest:06.3f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02}:{said}" if hours else f"{minutes}:{said}"


def _seconds(hours: str | None, minutes: str | None, seconds: str) -> float:
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds.replace(",", "."))
