"""Turns, and what the words say about them: whether one is a share, and whether it ends in a question.

A **share** is a turn with 5 s of speech or more that is not a question, a request or logistics. Words say what a turn
is: it is no share when more than half of its speech is known to be questions, requests or logistics. Without words,
every long turn is a share.

A long share that *ends* in a direct question ("…and I just sat there. What would you have done?") is still a share, but
what follows is an answer, and an answer may be quick. The question counts as the turn's end when no more than a
backchannel (1.2 s and four words: "…you know, I mean") comes after it. Where there are no words, no turn ends in a
question: nothing in the timing tells, and a rise of the voice at the end is as often "…you know?" as it asks.

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
    """What one person said in one go. Times are samples.

    `kind` is "turn", "backchannel" or "incursion", or "open" for a bid that cannot be judged yet (only when the
    conversation is looked at before its end). `units` are the inter-pausal units in order, `span` their hull, `speech`
    their summed length. `share` and `question` are only ever true of a "turn". `words` are those that belong to the
    units, empty where nothing was recognised.
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
    """A turn in the making: its units so far, each with its words.

    `short`: the bid that began it was as short as a backchannel.
    """

    who: str
    kind: str
    short: bool = False
    units: list[Span] = field(default_factory=list)
    words: list[tuple[Words, ...]] = field(default_factory=list)  # for each unit

    def add(self, unit: Span, words: tuple[Words, ...]) -> None:
        self.units.append(unit)
        self.words.append(words)

    def copy(self) -> OpenTurn:
        return OpenTurn(self.who, self.kind, self.short, list(self.units), list(self.words))

    @property
    def span(self) -> Span:
        return Span(self.units[0].start, self.units[-1].end)

    @property
    def speech(self) -> int:
        return sum(unit.duration for unit in self.units)

    def is_share(self, timing: Timing) -> bool:
        """Long enough, and not mostly questions, requests or logistics."""
        if self.speech < timing.share:
            return False
        told = zip(self.units, self.words, strict=True)
        asking = sum(unit.duration for unit, words in told if words and all(map(_asks_or_arranges, words)))
        return 2 * asking <= self.speech

    def ends_in_question(self, timing: Timing) -> bool:
        """Whether the last words asked or requested something, with no more than a tag after them."""
        speech, after = 0, set[Words]()
        for unit, words in zip(reversed(self.units), reversed(self.words), strict=True):
            for told in reversed(words):
                if told.question or told.request:
                    return True
                after.add(told)
                if sum(each.count for each in after) > timing.backchannel_words:
                    return False
            speech += unit.duration
            if speech > timing.backchannel:
                return False
        return False

    def as_turn(self, timing: Timing) -> Turn:
        told = {id(w): w for words in self.words for w in words}
        is_turn = self.kind == "turn"
        return Turn(
            who=self.who,
            span=self.span,
            kind=self.kind,
            units=tuple(self.units),
            speech=self.speech,
            share=is_turn and self.is_share(timing),
            question=is_turn and self.ends_in_question(timing),
            words=tuple(told.values()),
        )


def _asks_or_arranges(words: Words) -> bool:
    return words.question or words.request or words.logistics
