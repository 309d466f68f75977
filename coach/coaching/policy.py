"""The numbers that decide whether a cue is given, in one frozen dataclass.

All times are samples. None of the numbers comes from a study; each is our own choice, and a setting. The budget keeps
the coach bearable: in everyday talk, two out of three answers come within half a second of a long turn, so a coach that
marked every one would never be quiet.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args

from coach.conversation import DEFAULTS
from coach.core.errors import BadSetting, nearest
from coach.core.span import RATE

Mode = Literal["none", "tones", "full", "drill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The thresholds of the gates.

    Raises BadSetting if the mode is unknown, or if a number is out of range.
    """

    mode: Mode = "full"  # none: no cues · tones: tones only · full: tones and a few words · drill: full, every tone
    disabled: frozenset[str] = frozenset()  # kinds of cue that are switched off
    ask: bool = False  # a rising tone asks before an invitation inward, which is said only after a yes

    confidence: float = 0.8  # the least confidence, 0 to 1, in a speaker's name for a cue that rests on it

    quiet_first: int = 60 * RATE  # no cue sounds for this long after the beginning of the conversation
    tone_every: int = 60 * RATE  # the least time from one tone to the next
    drill_every: int = 20 * RATE  # the same in the mode "drill"
    tones_an_hour: int = 8  # the most tones within any hour; the mode "drill" has no such limit
    spoken_every: int = 120 * RATE  # the least time from one spoken cue to the next

    natural_end: int = 1 * RATE  # after this much silence, a speaker has come to an end for now
    defer_at_most: int = 4 * RATE  # a cue that cannot start within this time is dropped: its moment has passed
    words_wait: int = 6 * RATE // 10  # how long a tone waits for the words of the share before it

    answer_within: int = 8 * RATE  # a yes to the rising tone must begin within this time
    share: int = DEFAULTS.share  # of speech after the rising tone that makes its question void: somebody shares again

    inner: float = 0.7  # the least p_experience at which somebody had just told something inner …
    mourning: float = 0.5  # … and if mourning is in it
    just_told: int = 20 * RATE  # of the sharer's last speech, in which something inner counts as just told
    goes_on: int = 4 * RATE // 10  # of speech under the other's words that shows that the sharer was in mid-thought
    long_share: int = 20 * RATE  # of speech in a turn that make a long telling

    response: float = (
        0.8  # the least probability at which an answer counts as advice or an own story: docs/responses.md
    )

    lands_at: int = 3  # a listener's tone with this number becomes a few words: the tones before it did not help …
    lands_within: int = 900 * RATE  # … provided that all of them fall within this time

    nominal_tone: int = 9 * RATE // 10  # the assumed length of a tone, until the player reports the true one
    nominal_spoken: int = 5 * RATE // 2  # the assumed length of a spoken cue

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            meant = nearest(str(self.mode), get_args(Mode))
            raise BadSetting(f"cues = {self.mode!r} is unknown; {meant} (none, tones, full or drill)")
        for name in ("confidence", "inner", "mourning", "response"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadSetting(f"{name} = {getattr(self, name):g} is out of range; choose one from 0 to 1")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int) and value < 0:
                raise BadSetting(f"{field.name} cannot be negative; choose 0 or more")
