"""The names and labels of the tiers on which Praat and ELAN show a conversation.

    Ana            speech      Ana's inter-pausal units
    Ana, turns     their kinds: turn, share, backchannel, incursion
    Ana, reading   the reading of her words: "9 words; question; level 2; kinds feelings, needs; response advice"
    Ana, words     her words, only on request and only if they were kept
    all, silences  nobody speaks: pause (inside a turn), gap (between turns), silence (before the first, after the last)
    all, unheard   sound was lost
    coach, cues    the cues that were given or, in a recording, would have been, and those held back with the reason
    coach, marks   the moments that people marked

`exports` writes these tiers and `imports` reads them, so an exported conversation comes back with the same statistics.
The statistics depend on the speech, on the readings (an acknowledgement is not a turn, a question may be answered at
once) and on lost sound. A person's name cannot contain a comma, so none of the other tiers can be a person's.

>>> said = Words(at=0, who="Ana", span=Span(0, 16), count=9, question=True, level="2", kinds=("needs",))
>>> label(said)
'9 words; question; level 2; kinds needs'
>>> reading(label(said), "Ana", said.span).kinds
('needs',)
"""

from __future__ import annotations

import re
from collections.abc import Collection

from coach.core.errors import BadInput
from coach.core.events import Words
from coach.core.span import Span

SPEECH = "speech"  # the label of every interval on a person's own tier
TURNS, READING, WORDS = "turns", "reading", "words"
SILENCES, UNHEARD, CUES, MARKS = "all, silences", "all, unheard", "coach, cues", "coach, marks"
_FLAGS = ("acknowledgement", "question", "request", "logistics", "elsewhere")
_LABEL = re.compile(
    rf"(?P<count>\d+) words(?P<flags>(; ({'|'.join(_FLAGS)}))*)"
    r"(; level (?P<level>[N123]))?(; kinds (?P<kinds>\w+(, \w+)*))?(; response (?P<response>\w+( \w+)*))?"
)


def tier_name(who: str, what: str) -> str:
    """The name of the tier with the TURNS, READING or WORDS of `who`."""
    return f"{who}, {what}"


def described(name: str, names: Collection[str]) -> tuple[str, str] | None:
    """The person and the content of the tier `name`, if it describes other tiers; None for the speech of a person.

    `names` are the names of all tiers: "Ana, words" describes Ana only if there is a tier "Ana".
    """
    who, comma, what = name.rpartition(", ")
    if name in (SILENCES, UNHEARD, CUES, MARKS) or (comma and what in (TURNS, READING, WORDS) and who in names):
        return who, what
    return None


def label(words: Words) -> str:
    """The reading of `words` as a label, without their text."""
    parts = [f"{words.count} words", *(flag for flag in _FLAGS if getattr(words, flag))]
    parts += [f"level {words.level}"] if words.level is not None else []
    parts += [f"kinds {', '.join(words.kinds)}"] if words.kinds else []
    parts += [f"response {words.response}"] if words.response is not None else []
    return "; ".join(parts)


def reading(label: str, who: str, span: Span, text: str | None = None) -> Words:
    """The `Words` that a label describes. Raises BadInput for a label that the function `label` cannot have written."""
    found = _LABEL.fullmatch(label.strip())
    if found is None:
        raise BadInput(
            f'the tier "{tier_name(who, READING)}" holds "{label}", not a reading such as "9 words; question"; '
            "mend it, or delete that tier"
        )
    kinds = found["kinds"]
    return Words(
        at=span.end,
        who=who,
        span=span,
        count=int(found["count"]),
        text=text,
        **{flag: f"; {flag}" in found["flags"] for flag in _FLAGS},
        level=found["level"],
        kinds=tuple(kinds.split(", ")) if kinds else (),
        response=found["response"],
    )
