"""A conversation as the measures see it: the lists that most of them start from."""

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
    """`transfers` are the floor transfers that have an FTO and were measured, `ftos` theirs in seconds.

    `answers` are those of them that follow a share, answers to a question or request left out; `turns` are the turns
    that had the floor. Pauses and transfers in whose silence sound was lost are in none of these lists.
    """

    conversation: Conversation
    timing: Timing
    words: tuple[Words, ...]
    transfers: list[Transfer] = field(init=False)
    ftos: list[float] = field(init=False)
    answers: list[Transfer] = field(init=False)
    turns: list[Turn] = field(init=False)

    def __post_init__(self) -> None:
        heard = [t for t in self.conversation.transfers if t.measured and t.fto is not None]
        object.__setattr__(self, "transfers", heard)
        object.__setattr__(self, "ftos", [as_seconds(t.offset) for t in heard])
        object.__setattr__(self, "answers", [t for t in heard if t.after_share and not t.answers_question])
        object.__setattr__(self, "turns", [t for t in self.conversation.turns if t.kind == "turn"])

    def units(self, who: str | None = None) -> list[Span]:
        """Everything that `who` said, or that anybody did, backchannels and all: the inter-pausal units."""
        return [unit for turn in self.conversation.turns if who in (None, turn.who) for unit in turn.units]

    def speech(self, who: str | None = None) -> int:
        """Samples of speech of `who`, or of everybody; where two speak at once, both count."""
        return sum(unit.duration for unit in self.units(who))

    def pauses(self, who: str | None = None) -> list[float]:
        """Measured pauses within turns in seconds, of one person or of all."""
        return [as_seconds(p.span.duration) for p in self.conversation.pauses if p.measured and who in (None, p.who)]

    def of_kind(self, kind: str, who: str) -> list[Turn]:
        return [turn for turn in self.conversation.turns if turn.kind == kind and turn.who == who]
