"""Turns: whether a turn is a share, and whether it ends in a question.

A **share** is a turn with at least 5 s of speech that is not a question, a request or logistics. A turn is not a share
if its words show that more than half of its speech is questions, requests or logistics. Without words, every long turn
is a share.

A share that *ends* in a direct question ("…and I just sat there. What would you have done?") is still a share, but the
next turn is an answer, which may be quick. The turn ends in a question if at most a backchannel (1.2 s and four words:
"…you know, I mean") follows it. Without words, no turn ends in a question: the timing does not show it, and a rising
voice is as often "…you know?" as a question.

    Ana  ═════════════ ════════ ════════ ══      share: true; question: true
         told          told     asked    no words yet
"""

from __future__ import annotations

from dataclasses import dataclass, field

from coach.conversation.timing import Timing
from coach.core.events import Words
from coach.core.span import Span


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn, backchannel or incursion of one person. Times are samples.

    `kind` is "turn", "backchannel", "incursion", or "open" for a bid that cannot be classified yet (only before the end
    of the conversation). `units` are the inter-pausal units in order, `span` is their hull, and `speech` their total
    duration. Only a "turn" can be a `share` or end in a `question`. `words` are the words of the units, if any.
    """

    who: str
    span: Span
    kind: str
    units: tuple[Span, ...]
    speech: int
    share: bool = False
    question: bool = False
    words: tuple[Words, ...] = ()


@dataclass(slots=True)
class OpenTurn:
    """A turn while it grows: its units so far, with their words.

    `short`: the bid that began it was as short as a backchannel.
    """

    who: str
    kind: str
    short: bool = False
    units: list[Span] = field(default_factory=list)
    words: list[tuple[Words, ...]] = field(default_factory=list)  # for each unit

    def add(self, unit: Span, words: tuple[Words, ...]) -> None:
        """Append a unit, later than those so far, and the words that lie in it; () as long as none are known."""
        self.units.append(unit)
        self.words.append(words)

    def copy(self) -> OpenTurn:
        """A copy with lists of its own, to which units can be added without changing this turn."""
        return OpenTurn(self.who, self.kind, self.short, list(self.units), list(self.words))

    @property
    def span(self) -> Span:
        """The hull of the units, in samples. Raises IndexError before the first `add`."""
        return Span(self.units[0].start, self.units[-1].end)

    @property
    def speech(self) -> int:
        """Samples of speech, without the silences between the units."""
        return sum(unit.duration for unit in self.units)

    def is_share(self, timing: Timing) -> bool:
        """Whether the turn is long enough, and not mostly questions, requests or logistics."""
        if self.speech < timing.share:
            return False
        pairs = zip(self.units, self.words, strict=True)
        asking = sum(unit.duration for unit, words in pairs if words and all(map(_asks_or_arranges, words)))
        return 2 * asking <= self.speech

    def ends_in_question(self, timing: Timing) -> bool:
        """Whether the last words are a question or request, followed by at most a tag."""
        speech, after = 0, set[Words]()
        for unit, words in zip(reversed(self.units), reversed(self.words), strict=True):
            for last in reversed(words):
                if last.question or last.request:
                    return True
                after.add(last)
                if sum(each.count for each in after) > timing.backchannel_words:
                    return False
            speech += unit.duration
            if speech > timing.backchannel:
                return False
        return False

    def as_turn(self, timing: Timing) -> Turn:
        """The turn as it is now."""
        distinct = {id(w): w for words in self.words for w in words}
        is_turn = self.kind == "turn"
        return Turn(
            who=self.who,
            span=self.span,
            kind=self.kind,
            units=tuple(self.units),
            speech=self.speech,
            share=is_turn and self.is_share(timing),
            question=is_turn and self.ends_in_question(timing),
            words=tuple(distinct.values()),
        )


def _asks_or_arranges(words: Words) -> bool:
    return words.question or words.request or words.logistics
