"""The floor: who holds it at each moment of a conversation.

Units are processed in order of onset. The first speaker gets the floor. The holder's speech belongs to the holder's
turn. Anybody else's speech is an acknowledgement (a backchannel, by its words) or a bid, which `floor_bids` classifies.
A bid that is a turn takes the floor *from its onset*; speech that the former holder begins after that onset is a bid
against the new holder.

    Ana  ═════════ ════════     ══                    ═══════════
    Ben                    ════════════════ ═════════
         └ turn ──────────┘     └backchannel          └ turn
                           └ turn ─────────┘

The holder's own acknowledgements ("…so I left. Yeah. And then") are part of the turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.conversation.breath import Breath
from coach.conversation.floor_bids import BidContext
from coach.conversation.ipu import Ipu
from coach.conversation.timing import Timing
from coach.conversation.transfers import Transfer, transfer
from coach.conversation.turns import OpenTurn
from coach.core.span import Span


class Floor:
    """The state of the floor after all units that began before the sample `done`.

    A live tracker copies it and advances the copy, because it goes over the recent past many times.
    """

    def __init__(self, timing: Timing) -> None:
        self.timing = timing
        self.done = 0
        self.turns: list[OpenTurn] = []  # the last one has the floor
        self.asides: list[OpenTurn] = []  # backchannels, incursions, open bids
        self.transfers: list[Transfer] = []
        self.breath = Breath.at_first(timing)
        self.first_open: int | None = None  # onset of the earliest bid that cannot be classified yet
        self._placed: set[Ipu] = set()

    @property
    def holder(self) -> OpenTurn | None:
        """The turn that holds the floor; None before the first speech."""
        return self.turns[-1] if self.turns else None

    def advance(self, context: BidContext, gaps: Sequence[Span] = (), until: int | None = None) -> None:
        """Process the units that begin at or after `done` and, if given, before `until`.

        `gaps` are spans of lost sound.
        """
        for index, unit in enumerate(context.units):
            start = unit.span.start
            if start < self.done or unit in self._placed:
                continue
            if until is not None and start >= until:
                break
            self._place(index, unit, context, gaps)
        if until is not None:
            self.done = until

    def _place(self, index: int, unit: Ipu, context: BidContext, gaps: Sequence[Span]) -> None:
        holder = self.holder
        if holder is not None and unit.who == holder.who:
            holder.add(unit.span, context.said.of(unit))
        elif context.said.acknowledgement(unit):
            self._set_aside("backchannel", [unit], context)
        elif holder is None:
            self.turns.append(_begun(unit, context, short=False))
        else:
            bid = context.bid(index)
            # After the first open bid the holder is unknown, so no later bid can be classified for good.
            kind = "open" if self.first_open is not None else context.verdict(bid, holder.who)
            if kind == "turn":
                new = _begun(unit, context, short=context.is_short(bid))
                recent = context.around(Span(unit.span.start - self.timing.company, unit.span.start))
                taken = transfer(new, self.turns, recent, gaps, self.timing, self.breath.target)
                self.transfers.append(taken)
                if taken.is_answer:
                    self.breath = self.breath.after(taken.offset, self.timing)
                self.turns.append(new)
            else:
                self._set_aside(kind, bid.units, context)
                if kind == "open" and self.first_open is None:
                    self.first_open = unit.span.start

    def _set_aside(self, kind: str, units: Iterable[Ipu], context: BidContext) -> None:
        aside = OpenTurn(next(iter(units)).who, kind)
        for unit in units:
            aside.add(unit.span, context.said.of(unit))
            self._placed.add(unit)
        self.asides.append(aside)

    def certain_end(self, begun: Transfer) -> int:
        """The end of the turn that began with this transfer, as far as it is certain.

        Units after an open bid are not certain, because they may be another turn.
        """
        turn = next(t for t in self.turns if t.who == begun.who and t.span.start == begun.onset)
        first, *later = turn.units  # the first is certain, even if somebody else began at the same moment
        return max([first.end, *(u.end for u in later if self.first_open is None or u.start < self.first_open)])

    def copy(self) -> Floor:
        """A copy that can be advanced without changing this one."""
        floor = Floor(self.timing)
        floor.done = self.done
        floor.turns = self.turns[:-1] + [turn.copy() for turn in self.turns[-1:]]
        floor.asides = list(self.asides)
        floor.transfers = list(self.transfers)
        floor.breath = self.breath
        floor.first_open = self.first_open
        floor._placed = set(self._placed)
        return floor

    def forget(self, turns_kept: int) -> None:
        """Drop everything but the last turns: later units cannot depend on it, nor on the transfers and asides."""
        self.turns = self.turns[-turns_kept:]
        self.asides = []
        self.transfers = []
        self._placed = {unit for unit in self._placed if unit.span.start >= self.done}


def _begun(unit: Ipu, context: BidContext, short: bool) -> OpenTurn:
    turn = OpenTurn(unit.who, "turn", short)
    turn.add(unit.span, context.said.of(unit))
    return turn
