"""Who spoke when as RTTM, the format of speaker diarisation (NIST Rich Transcription, 2009): a line for each unit.

    SPEAKER name 1 start duration <NA> <NA> who <NA> <NA>

Fields are separated by spaces, so a name cannot hold one: "Ana Lu" becomes Ana_Lu.
"""

from __future__ import annotations

import re

from coach.review.exports.account import Account


def as_rttm(told: Account) -> bytes:
    """The speech as an .rttm file; empty when nobody spoke."""
    speech = told.analysis["speech"]
    name = _one_word(told.analysis["recording"]["name"])
    called = _called({each["who"]: None for each in speech})
    return "".join(
        f"SPEAKER {name} 1 {each['start_s']:.3f} {each['end_s'] - each['start_s']:.3f} "
        f"<NA> <NA> {called[each['who']]} <NA> <NA>\n"
        for each in speech
    ).encode()


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
