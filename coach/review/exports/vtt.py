"""Captions to play beside a recording of the session, written by webvtt-py.

With words a caption is what the recogniser was given at once, with a voice tag: <v Ana>so I left. Without them it is
a turn, or a backchannel, and shows who speaks, <v Ana>[Ana], since players do not show voice tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from coach.review.exports.account import Account
from coach.review.transcript import one_line

_HOUR, _MINUTE, _SECOND = 3_600_000, 60_000, 1000  # ms


def as_vtt(told: Account) -> bytes:
    """A .vtt file; where nobody spoke, one without captions."""
    from webvtt import Caption, WebVTT

    lines = sorted(_worded(told) if told.worded else _named(told))
    captions = [
        Caption(_stamp(start), _stamp(end), f"<v {_plain(who)}>{_plain(said)}") for start, end, who, said in lines
    ]
    return f"{WebVTT(captions=captions).content.rstrip()}\n".encode()


def _worded(told: Account) -> Iterator[tuple[float, float, str, str]]:
    return ((each.span.start_s, each.span.end_s, each.who, each.text) for each in told.words if each.text)


def _named(told: Account) -> Iterator[tuple[float, float, str, str]]:
    return ((each["start_s"], each["end_s"], each["who"], f"[{each['who']}]") for each in told.analysis["turns"])


def _plain(text: str) -> str:
    """On one line, with nothing that is a tag, an entity or an arrow of WebVTT's."""
    return escape(one_line(text), quote=False)


def _stamp(seconds: float) -> str:
    """
    >>> _stamp(3725.5), _stamp(1.13)
    ('01:02:05.500', '00:00:01.130')
    """
    ms = round(seconds * 1000)
    return f"{ms // _HOUR:02}:{ms % _HOUR // _MINUTE:02}:{ms % _MINUTE // _SECOND:02}.{ms % _SECOND:03}"
