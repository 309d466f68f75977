"""How often, how soon and how much: every number that a cue depends on, in one frozen value.

Times are samples. None of them is a finding of science; each is a choice, and a setting. The budget is what keeps
the coach bearable: in everyday talk two answers out of three come within half a second of a long turn, so that a coach
that marked them all would never be quiet.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Literal, get_args

from coach.core.errors import BadSetting
from coach.core.span import RATE, as_seconds

Mode = Literal["none", "tones", "full"]

SHORTEST_BREATH = RATE // 2  # samples; under half a second the coach would measure reflexes
LONGEST_BREATH = 5 * RATE  # samples; over it a silence is counted as a lapse


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the gates are measured against.

    Raises BadSetting for a mode that is not known and for a time that is out of range.
    """

    mode: Mode = "full"  # nothing at all · tones only · tones and a few words
    disabled: frozenset[str] = frozenset()  # kinds of cue that were switched off

    breath: int = 2 * RATE  # the target pause before answering a share
    confidence: float = 0.8  # a cue is addressed to somebody only when the voice is this certain

    quiet_first: int = 60 * RATE  # from the beginning of the conversation
    tone_every: int = 20 * RATE  # at least so long from one tone to the next
    spoken_every: int = 120 * RATE  # at least so long from one spoken cue to the next

    natural_end: int = 1 * RATE  # a sharer who is silent for so long has come to an end for now
    defer_at_most: int = 4 * RATE  # a cue that could not start within this is about something past
    words_wait: int = 6 * RATE // 10  # how long a tone waits for the words of the share it follows

    response: float = 0.8  # an answer is taken for advice, or an own story, from this probability on: docs/responses.md

    lands_at: int = 3  # this one of a listener's tones is a few words instead: two tones were heard and did not help …
    lands_within: int = 300 * RATE  # … when all of them lie within this

    nominal_tone: int = 9 * RATE // 10  # how long a cue is taken to sound until the player says how long it did
    nominal_spoken: int = 5 * RATE // 2

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            near = get_close_matches(str(self.mode), get_args(Mode), 1, 0.0)[0]
            raise BadSetting(f"cues = {self.mode!r} is unknown; did you mean {near!r}? (none, tones or full)")
        if not SHORTEST_BREATH <= self.breath <= LONGEST_BREATH:
            raise BadSetting(
                f"a pause of {as_seconds(self.breath):g} s is out of range; "
                f"choose one from {as_seconds(SHORTEST_BREATH):g} to {as_seconds(LONGEST_BREATH):g} s"
            )
        for name in ("confidence", "response"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadSetting(f"{name} = {getattr(self, name):g} is out of range; choose one from 0 to 1")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int) and value < 0:
                raise BadSetting(f"{field.name} cannot be negative; choose 0 or more")
