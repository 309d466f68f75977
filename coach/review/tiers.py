"""The tiers of a conversation in Praat and ELAN: what each is called, and what a label on it says.

    Ana            speech      speech of Ana: her inter-pausal units
    Ana, turns     what they amount to: turn, share, backchannel, incursion
    Ana, reading   how her words were read: "9 words; question; level 2; kinds feelings, needs; response advice"
    Ana, words     what she said, only where that was asked for and kept
    all, silences  nobody speaks: pause (inside a turn), gap (between two), silence (before the first, after the last)
    all, unheard   sound was lost
    coach, cues    cues given, and held back with the reason
    coach, marks   moments that somebody asked to remember

`exports` writes them and `imports` reads them, so that an exported conversation comes back with the same statistics:
these rest on the speech, on how words were read (an acknowledgement is no turn, a question may be answered at once),
and on where sound was lost. The name of a person who talks at the coach's table holds no comma, so none of these is a
person's.

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
    """What the tier of `who` that holds their TURNS, READING or WORDS is called."""
    return f"{who}, {what}"


def described(name: str, names: Collection[str]) -> tuple[str, str] | None:
    """Whose tier `name` is, and what it holds, if it describes what is said elsewhere; None for a person's own.

    `names` are those of all tiers: "Ana, words" belongs to Ana only where there is an Ana.
    """
    who, comma, what = name.rpartition(", ")
    if name in (SILENCES, UNHEARD, CUES, MARKS) or (comma and what in (TURNS, READING, WORDS) and who in names):
        return who, what
    return None


def label(words: Words) -> str:
    """How `words` were read, without the words themselves."""
    parts = [f"{words.count} words", *(flag for flag in _FLAGS if getattr(words, flag))]
    parts += [f"level {words.level}"] if words.level is not None else []
    parts += [f"kinds {', '.join(words.kinds)}"] if words.kinds else []
    parts += [f"response {words.response}"] if words.response is not None else []
    return "; ".join(parts)


def reading(label: str, who: str, span: Span, text: str | None = None) -> Words:
    """The words that `label` describes. Raises BadInput for a label that `label` cannot have written."""
    found = _LABEL.fullmatch(label.strip())
    if found is None:
        raise BadInput(
            f'the tier "{tier_name(who, READING)}" holds "{label}", which is no reading such as "9 words; question"; '
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
