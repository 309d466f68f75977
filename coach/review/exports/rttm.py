"""Export as RTTM, the format of speaker diarization (NIST Rich Transcription, 2009), one line per unit.

    SPEAKER name 1 start duration <NA> <NA> who <NA> <NA>

Fields are separated by spaces, so a name cannot contain one: "Ana Lu" becomes Ana_Lu.
"""

from __future__ import annotations

import re

from coach.review.exports.exported import Exported


def as_rttm(session: Exported) -> bytes:
    """The speech as an .rttm file; empty if nobody spoke."""
    speech = session.analysis["speech"]
    name = _one_word(session.analysis["recording"]["name"])
    called = _called({each["who"]: None for each in speech})
    return "".join(
        f"SPEAKER {name} 1 {each['start_s']:.3f} {each['end_s'] - each['start_s']:.3f} "
        f"<NA> <NA> {called[each['who']]} <NA> <NA>\n"
        for each in speech
    ).encode()


def _called(people: dict[str, None]) -> dict[str, str]:
    """A different word for each person."""
    called: dict[str, str] = {}
    for who in people:
        word = _one_word(who)
        while word in called.values():
            word += "_"
        called[who] = word
    return called


def _one_word(name: str) -> str:
    return re.sub(r"\s+", "_", name.strip()) or "_"
