"""Export as WebVTT captions for a recording of the session, with webvtt-py.

With words, a caption is one recognised stretch with a voice tag: <v Ana>so I left. Without words, it is a turn or a
backchannel with the speaker's name, <v Ana>[Ana], because players do not show voice tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from coach.core.names import one_line
from coach.review.exports.exported import Exported

_HOUR, _MINUTE, _SECOND = 3_600_000, 60_000, 1000  # ms


def as_vtt(session: Exported) -> bytes:
    """A .vtt file; without captions if nobody spoke."""
    from webvtt import Caption, WebVTT

    lines = sorted(_worded(session) if session.worded else _named(session))
    captions = [
        Caption(_stamp(start), _stamp(end), f"<v {_plain(who)}>{_plain(said)}") for start, end, who, said in lines
    ]
    return f"{WebVTT(captions=captions).content.rstrip()}\n".encode()


def _worded(session: Exported) -> Iterator[tuple[float, float, str, str]]:
    return ((each.span.start_s, each.span.end_s, each.who, each.text) for each in session.words if each.text)


def _named(session: Exported) -> Iterator[tuple[float, float, str, str]]:
    return ((each["start_s"], each["end_s"], each["who"], f"[{each['who']}]") for each in session.analysis["turns"])


def _plain(text: str) -> str:
    """The text on one line, escaped so that it contains no tag, entity or arrow of WebVTT."""
    return escape(one_line(text), quote=False)


def _stamp(seconds: float) -> str:
    """
    >>> _stamp(3725.5), _stamp(8.29)
    ('01:02:05.500', '00:00:08.290')
    """
    ms = round(seconds * 1000)
    return f"{ms // _HOUR:02}:{ms % _HOUR // _MINUTE:02}:{ms % _MINUTE // _SECOND:02}.{ms % _SECOND:03}"
