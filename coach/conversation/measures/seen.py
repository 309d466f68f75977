"""The observations in a conversation: the lists that most measures start from."""

from __future__ import annotations

from dataclasses import dataclass, field

from coach.conversation.talk import Conversation
from coach.conversation.timing import Timing
from coach.conversation.transfers import Transfer
from coach.conversation.turns import Turn
from coach.core.events import Words
from coach.core.span import Span, as_seconds


@dataclass(frozen=True, slots=True)
class Seen:
    """`transfers` are the measured floor transfers with an FTO, and `ftos` their FTOs in seconds.

    `answers` are the transfers after a share, except answers to a question or request. `turns` are the turns that held
    the floor. None of these lists contains pauses or transfers in which sound was lost.
    """

    conversation: Conversation
    timing: Timing
    words: tuple[Words, ...]
    transfers: list[Transfer] = field(init=False)
    ftos: list[float] = field(init=False)
    answers: list[Transfer] = field(init=False)
    turns: list[Turn] = field(init=False)

    def __post_init__(self) -> None:
        measured = [t for t in self.conversation.transfers if t.measured and t.fto is not None]
        object.__setattr__(self, "transfers", measured)
        object.__setattr__(self, "ftos", [as_seconds(t.offset) for t in measured])
        object.__setattr__(self, "answers", [t for t in measured if t.is_answer])
        object.__setattr__(self, "turns", [t for t in self.conversation.turns if t.kind == "turn"])

    def units(self, who: str | None = None) -> list[Span]:
        """All inter-pausal units of `who`, or of everybody, including backchannels."""
        return [unit for turn in self.conversation.turns if who in (None, turn.who) for unit in turn.units]

    def speech(self, who: str | None = None) -> int:
        """The samples of speech of `who`, or of everybody. Simultaneous speech counts for each speaker."""
        return sum(unit.duration for unit in self.units(who))

    def pauses(self, who: str | None = None) -> list[float]:
        """The measured pauses within turns, in seconds, of one person or of everybody."""
        return [as_seconds(p.span.duration) for p in self.conversation.pauses if p.measured and who in (None, p.who)]

    def of_kind(self, kind: str, who: str) -> list[Turn]:
        """The turns of `who` with this `Turn.kind`."""
        return [turn for turn in self.conversation.turns if turn.kind == kind and turn.who == who]
