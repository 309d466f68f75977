"""Bids: a stretch of speech by somebody who does not hold the floor, and what became of it.

A bid is one or more IPUs of one person, with silences under 1 s in which nobody else began and after which nobody else
was speaking. It is *short* when it has at most 1.2 s of speech and at most four words (where the words are known). In
the timelines time runs to the right, `═` is speech, and Ana holds the floor.

**Backchannel** (short, while another speaks or within 1 s after, and somebody goes on):

    Ana  ═══════════════════      ═══════════════        ═══════════       ═════════
    Ben          ══                              ══ mm-hm                ══ right
         inside: she goes on                     between: she goes on    0.1 s before she goes on

A short bid is one too when Ben himself is silent for a second or more before he goes on: he let her know that he
hears, and began to answer later. This is what keeps a "mm-hm" from counting as a hasty answer:

    Ana  ═══════════════
    Ben                  ══ ·············· ════════════════
                         backchannel       turn; FTO is counted from Ana's end to here

    Ana  ═══════════════
    Ben                  ══ ···· ════════════════════
                         turn: 0.4 s later he goes on, so it was the beginning of it

Words that are nothing but an acknowledgement ("mm-hm", "oh no", laughter) are a backchannel whatever follows and
however long they are; that rule lives in `floor`, because such units make no bid at all.

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

Also a short bid that is *not* near another's speech ("Well." after four seconds), and one after which nobody ever
speaks again.

**Incursion** (not short, over, more than half inside the other's speech, and none of the above):

    Ana  ════════════════════════════════
    Ben             ═══════ two seconds

**Open**: with the sound known up to `now` only, the rules cannot tell yet. What is not open stays as it is, whatever is
heard later; this is what lets a live tracker use the same rules.
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
    """Consecutive units of a person who does not hold the floor."""

    units: tuple[Ipu, ...]

    @property
    def who(self) -> str:
        return self.units[0].who

    @property
    def span(self) -> Span:
        return self.units[0].span | self.units[-1].span

    @property
    def speech(self) -> int:
        """Samples of speech, without the silences between the units."""
        return sum(unit.span.duration for unit in self.units)

    def reaches(self, speech: int) -> int:
        """The sample at which the bid has had `speech` samples of speech; its end when it never has."""
        left = speech
        for unit in self.units:
            if unit.span.duration >= left:
                return unit.span.start + left
            left -= unit.span.duration
        return self.span.end


@dataclass(frozen=True, slots=True)
class BidContext:
    """What a bid is judged against: all units around it in order of time, their words, and what is known by when.

    `now` is the sample up to which everything is known; None when the conversation is over.
    """

    units: Sequence[Ipu]
    said: Said
    timing: Timing
    now: int | None
    longest: int = field(init=False)  # unit

    def __post_init__(self) -> None:
        longest = max((unit.span.duration for unit in self.units), default=0)
        object.__setattr__(self, "longest", longest)

    def around(self, span: Span) -> Iterator[Ipu]:
        """The units that share at least a sample with `span`, in order."""
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
        """Short enough for a backchannel, in speech and, as far as they are known, in words."""
        timing = self.timing
        return bid.speech <= timing.backchannel and self.said.count(bid.units) <= timing.backchannel_words

    def verdict(self, bid: Bid, holder: str) -> str:
        """ "turn", "backchannel", "incursion" or, when it cannot be known yet, "open"; see the module's timelines."""
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
        """Whether another began to speak in a silence of `who`, or speaks at its end (acknowledgements apart)."""
        return any(
            unit.who != who
            and (unit.span.start >= silence.start or unit.span.end > silence.end)
            and not self.said.acknowledgement(unit)
            for unit in self.around(Span(silence.start, silence.end + 1))
        )

    def _is_over(self, bid: Bid) -> bool:
        """Whether nothing can be added to the bid any more."""
        return self.now is None or self.now - bid.span.end >= self.timing.resume

    def _is_near_others(self, bid: Bid) -> bool:
        """Whether somebody else speaks during the bid, or spoke just before it."""
        near = Span(bid.span.start - self.timing.near, bid.span.end)
        return any(unit.who != bid.who for unit in self.around(near))

    def _somebody_goes_on(self, bid: Bid) -> bool:
        """Whether anybody, the bidder included, speaks after the bid (acknowledgements apart)."""
        return any(
            unit.span.end > bid.span.end and not self.said.acknowledgement(unit)
            for unit in self.around(Span(bid.span.end, sys.maxsize))
        )

    def _gives_way(self, bid: Bid, holder: str) -> bool:
        """Whether the holder is silent soon after the bid began, and still is when the bid stops being short."""
        limit = bid.span.start + self.timing.gives_way
        many_words = self.said.count(bid.units) > self.timing.backchannel_words
        decided = limit if many_words else max(limit, bid.reaches(self.timing.backchannel))
        if self.now is not None and self.now <= decided:
            return False
        return not any(unit.who == holder for unit in self.around(Span(limit, decided)))
