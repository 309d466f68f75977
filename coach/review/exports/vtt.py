"""Export as WebVTT captions for a recording of the session, with webvtt-py.

With words, a caption is one recognised stretch with a voice tag: <v Ana>so I left. Without words, it is a turn or a
backchannel with the speaker's name, <v Ana>[Ana], because players do not show voice tags.
"""

from __future__ import annotations

from html import escape

from coach.core.names import one_line
from coach.review.exports.captions import spoken_lines, stamp
from coach.review.exports.exported import Exported


def as_vtt(session: Exported) -> bytes:
    """A .vtt file; without captions if nobody spoke."""
    from webvtt import Caption, WebVTT

    captions = [
        Caption(stamp(start), stamp(end), f"<v {_plain(who)}>{_plain(text or f'[{who}]')}")
        for start, end, who, text in spoken_lines(session)
    ]
    return f"{WebVTT(captions=captions).content.rstrip()}\n".encode()


def _plain(text: str) -> str:
    """The text on one line, escaped so that it contains no tag, entity or arrow of WebVTT."""
    return escape(one_line(text), quote=False)
