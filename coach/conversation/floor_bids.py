"""Bids: speech of a person who does not hold the floor, and its classification.

A bid is one or more IPUs of one person, with silences under 1 s in which nobody else began and after which nobody else
was speaking. It is *short* if it has at most 1.2 s of speech and, if the words are known, at most four words. In the
timelines, time runs to the right, `═` is speech, and Ana holds the floor.

**Backchannel** (short, while another speaks or within 1 s after, and somebody goes on):

    Ana  ═══════════════════      ═══════════════        ═══════════       ═════════
    Ben          ══                              ══ mm-hm                ══ right
         inside: she goes on                     between: she goes on    0.1 s before she goes on

A short bid is also a backchannel if Ben is silent for at least a second before he goes on: he acknowledged first and
began to answer later. This rule keeps a "mm-hm" from counting as a hasty answer:

    Ana  ═══════════════
    Ben                  ══ ·············· ════════════════
                         backchannel       turn; FTO is counted from Ana's end to here

    Ana  ═══════════════
    Ben                  ══ ···· ════════════════════
                         turn: 0.4 s later he goes on, so it was the beginning of it

Units whose words are only acknowledgements ("mm-hm", "oh no", laughter) are backchannels, whatever their length and
whatever follows. That rule is in `floor`, because such units are not bids.

Laughter is known by its words only. A laugh of at most 1.2 s is short like any other bid; a longer one is a turn until
a recogniser spells it. Its rhythm does not tell it from speech, for syllables come about as fast as bursts, four to six
a second: a rule on level that took none of 3,058 windows of recorded speech for laughter found 18 to 39% of laughs that
were made, and evenly; one that found half of those took one window of speech in 280 (`scripts/bench/laughter.py`).

**Turn** (not short, and one of three):

    Ana  ═══════════════                    gives way: she is silent at most 1 s after he began, and has not begun
    Ben             ═══════════════         again when his bid stops being short
                    └─1 s─┘
    Ana  ════════════════════════════════   lasts: 3 s of his bid are 3 s, even if she talks on
    Ben             ══════════════
                    └───3 s───┘
    Ana  ═════════════════   ═══            mostly in the clear: the bid is over, and at most half of its speech
    Ben               ════════════          lies inside hers

A short bid is also a turn if it is *not* near another person's speech ("Well." after four seconds), or if nobody speaks
after it.

**Incursion** (not short, over, more than half inside the other's speech, and none of the above):

    Ana  ════════════════════════════════
    Ben             ═══════ two seconds

**Open**: the sound up to `now` does not decide yet. Every other classification is final, whatever follows, so a live
tracker can use the same rules.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from coach.conversation.ipu import Ipu, Said
from coach.conversation.timing import Timing
from coach.core.span import Span, shared


@dataclass(frozen=True, slots=True)
class Bid:
    """Consecutive units of one person who does not hold the floor."""

    units: tuple[Ipu, ...]

    @property
    def who(self) -> str:
        """The one person whose units these are."""
        return self.units[0].who

    @property
    def span(self) -> Span:
        """The hull of the units, with the silences between them."""
        return self.units[0].span | self.units[-1].span

    @property
    def speech(self) -> int:
        """Samples of speech, without the silences between the units."""
        return sum(unit.span.duration for unit in self.units)

    def reaches(self, speech: int) -> int:
        """The sample at which the bid reaches `speech` samples of speech; its end if it never does."""
        left = speech
        for unit in self.units:
            if unit.span.duration >= left:
                return unit.span.start + left
            left -= unit.span.duration
        return self.span.end


@dataclass(frozen=True, slots=True)
class BidContext:
    """The context in which bids are classified: all units in order of time, and their words.

    `now` is the sample up to which everything is known; None if the conversation is over.
    """

    units: Sequence[Ipu]
    said: Said
    timing: Timing
    now: int | None
    longest: int = field(init=False)  # samples in the longest unit

    def __post_init__(self) -> None:
        longest = max((unit.span.duration for unit in self.units), default=0)
        object.__setattr__(self, "longest", longest)

    def around(self, span: Span) -> Iterator[Ipu]:
        """The units that overlap `span`, in order."""
        first = bisect_left(self.units, span.start - self.longest, key=lambda unit: unit.span.start)
        for unit in islice(self.units, first, None):
            if unit.span.start >= span.end:
                return
            if unit.span.end > span.start:
                yield unit

    def bid(self, index: int) -> Bid:
        """The bid that begins with the unit at `index`."""
        first = self.units[index]
        group = [first]
        for unit in islice(self.units, index + 1, None):
            end = group[-1].span.end
            if unit.span.start - end >= self.timing.resume:
                break
            if unit.who == first.who:
                if self._somebody_else_began(Span(end, unit.span.start), first.who):
                    break
                group.append(unit)
        return Bid(tuple(group))

    def is_short(self, bid: Bid) -> bool:
        """Whether the bid is short enough for a backchannel, in speech and in known words."""
        timing = self.timing
        return bid.speech <= timing.backchannel and self.said.count(bid.units) <= timing.backchannel_words

    def verdict(self, bid: Bid, holder: str) -> str:
        """The class of a bid: "turn", "backchannel", "incursion", or "open" if it is not decided yet."""
        if self.is_short(bid):
            return self._of_short(bid)
        if self._gives_way(bid, holder) or bid.span.duration >= self.timing.lasts:
            return "turn"
        if not self._is_over(bid):
            return "open"
        held = (unit.span for unit in self.around(bid.span) if unit.who == holder)
        inside = shared((unit.span for unit in bid.units), held)
        return "incursion" if 2 * inside > bid.speech else "turn"

    def _of_short(self, bid: Bid) -> str:
        if not self._is_over(bid):
            return "open"
        if not self._is_near_others(bid):
            return "turn"
        if self._somebody_goes_on(bid):
            return "backchannel"
        return "turn" if self.now is None else "open"

    def _somebody_else_began(self, silence: Span, who: str) -> bool:
        """Whether another person began to speak in a silence of `who`, or speaks at its end, acknowledgements aside."""
        return any(
            unit.who != who
            and (unit.span.start >= silence.start or unit.span.end > silence.end)
            and not self.said.acknowledgement(unit)
            for unit in self.around(Span(silence.start, silence.end + 1))
        )

    def _is_over(self, bid: Bid) -> bool:
        """Whether no more units can join the bid."""
        return self.now is None or self.now - bid.span.end >= self.timing.resume

    def _is_near_others(self, bid: Bid) -> bool:
        """Whether somebody else speaks during the bid, or spoke just before it."""
        near = Span(bid.span.start - self.timing.near, bid.span.end)
        return any(unit.who != bid.who for unit in self.around(near))

    def _somebody_goes_on(self, bid: Bid) -> bool:
        """Whether anybody, including the bidder, speaks after the bid, acknowledgements aside."""
        return any(
            unit.span.end > bid.span.end and not self.said.acknowledgement(unit)
            for unit in self.around(Span(bid.span.end, sys.maxsize))
        )

    def _gives_way(self, bid: Bid, holder: str) -> bool:
        """Whether the holder falls silent soon after the bid's onset, and still is when the bid stops being short."""
        limit = bid.span.start + self.timing.gives_way
        many_words = self.said.count(bid.units) > self.timing.backchannel_words
        decided = limit if many_words else max(limit, bid.reaches(self.timing.backchannel))
        if self.now is not None and self.now <= decided:
            return False
        return not any(unit.who == holder for unit in self.around(Span(limit, decided)))
