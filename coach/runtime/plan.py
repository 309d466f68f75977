"""What a session is to be, as the command line puts it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coach.core.settings import Settings
from coach.hearing import Voice

ALONE = "alone"  # one person rehearses: whatever is said is theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a session is to be.

    `channels` (from 0) where everyone has a microphone, `voices` where they were kept from an earlier check-in;
    otherwise people check in, unless `check_in` is off. `minutes` 0 is for no limit. With `practice` the guided
    beginning comes before the talk. `turns` are the minutes of an exercise in which the two take turns, 0 for none.
    With a `question` to begin with, the first of the people rehearses alone.
    """

    people: tuple[str, ...]
    settings: Settings
    version: str
    channels: Mapping[str, int] = field(default_factory=dict)
    voices: Mapping[str, Voice] = field(default_factory=dict)
    check_in: bool = True
    minutes: float = 0.0
    practice: bool = False
    turns: float = 0.0
    question: str = ""
    played_back: bool = False  # the source is a file: it cannot hear the speaker

    @property
    def attribution(self) -> str:
        """How it is known who speaks, as the store has it."""
        if self.question:
            return ALONE
        return "channels" if self.channels else "enrolled" if self.voices or self.check_in else "none"

    @property
    def asked(self) -> bool:
        """Whether people check in."""
        return self.check_in and not (self.question or self.channels or self.voices)
