"""Export as SubRip captions, which every player and editor reads: Ana: so I left. Without words, the name alone.

SubRip has no escapes, and players take <so> for a tag and --> for times: such signs become ‹ and ›.
"""

from __future__ import annotations

from coach.core.names import one_line
from coach.review.exports.captions import spoken_lines, stamp
from coach.review.exports.exported import Exported


def as_srt(session: Exported) -> bytes:
    """A .srt file in UTF-8; empty if nobody spoke."""
    captions = (
        f"{number}\n{stamp(start, ',')} --> {stamp(end, ',')}\n{_plain(f'{who}: {text}' if text else f'[{who}]')}\n"
        for number, (start, end, who, text) in enumerate(spoken_lines(session), 1)
    )
    return "\n".join(captions).encode()


def _plain(text: str) -> str:
    return one_line(text).translate({ord("<"): "‹", ord(">"): "›"})
