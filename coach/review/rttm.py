"""Who spoke when as RTTM, the format of speaker diarisation (NIST Rich Transcription, 2009): a line for each unit.

    SPEAKER name 1 start duration <NA> <NA> who <NA> <NA>

Fields are separated by spaces, so a name cannot hold one: "Ana Lu" becomes Ana_Lu.
"""

from __future__ import annotations

import re
from typing import Any


def rttm(analysis: dict[str, Any]) -> str:
    """The speech of a "coach.analysis/1" object as the text of an .rttm file; empty when nobody spoke."""
    name = _one_word(analysis["recording"]["name"])
    called = _called({each["who"]: None for each in analysis["speech"]})
    return "".join(
        f"SPEAKER {name} 1 {each['start_s']:.3f} {each['end_s'] - each['start_s']:.3f} "
        f"<NA> <NA> {called[each['who']]} <NA> <NA>\n"
        for each in analysis["speech"]
    )


def _called(people: dict[str, None]) -> dict[str, str]:
    """A word for each person, no two alike."""
    called: dict[str, str] = {}
    for who in people:
        word = _one_word(who)
        while word in called.values():
            word += "_"
        called[who] = word
    return called


def _one_word(name: str) -> str:
    return re.sub(r"\s+", "_", name.strip()) or "_"
