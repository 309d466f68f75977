"""The floor: who holds it, from the first word to the last.

Units are taken in order of their onset. The first speaker of all has the floor. What the holder says belongs to the
holder's turn. What anybody else says is an acknowledgement (a backchannel, by its words) or a bid, which is judged by
`bids`; a bid that is a turn takes the floor *from its onset*, and what the former holder begins after that onset is in
turn a bid against the new holder.

    Ana  ═════════ ════════     ══                    ═══════════
    Ben                    ════════════════ ═════════
         └ turn ──────────┘     └backchannel          └ turn
                           └ turn ─────────┘

An acknowledgement of the holder's own ("…so I left. Yeah. And then") is part of the turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.conversation.floor_bids import BidContext
from coach.conversation.ipu import Ipu
from coach.conversation.timing import Timing
from coach.conversation.transfers import Transfer, transfer
from coach.conversation.turns import OpenTurn
from coach.core.span import Span

_TURNS_KEPT = 8  # a turn answers one of the last two or three; the rest is margin


class Floor:
    """The state of the floor after all units that began before `done`.

    It can be copied, and advanced again from there: a live tracker goes over the recent past many times.
    """

    def __init__(self, timing: Timing) -> None:
        self.timing = timing
        self.done = 0
        self.turns: list[OpenTurn] = []  # the last one has the floor
        self.asides: list[OpenTurn] = []  # backchannels, incursions, open bids
        self.transfers: list[Transfer] = []
        self.first_open: int | None = None  # onset of the earliest bid that cannot be judged yet
        self._placed: set[Ipu] = set()

    @property
    def holder(self) -> OpenTurn | None:
        """The turn of whoever has the floor; None before anybody spoke."""
        return self.turns[-1] if self.turns else None

    def advance(self, scene: BidContext, gaps: Sequence[Span] = (), until: int | None = None) -> None:
        """Place every unit of the scene that begins at or after `done` and, where it is given, before `until`."""
        for index, unit in enumerate(scene.units):
            start = unit.span.start
            if start < self.done or unit in self._placed:
                continue
            if until is not None and start >= until:
                break
            self._place(index, unit, scene, gaps)
        if until is not None:
            self.done = until

    def _place(self, index: int, unit: Ipu, scene: BidContext, gaps: Sequence[Span]) -> None:
        holder = self.holder
        if holder is not None and unit.who == holder.who:
            holder.add(unit.span, scene.said.of(unit))
        elif scene.said.acknowledgement(unit):
            self._set_aside("backchannel", [unit], scene)
        elif holder is None:
            self.turns.append(_begun(unit, scene, short=False))
        else:
            bid = scene.bid(index)
            # Who has the floor is unknown from the first open bid on, so nothing after it can be judged for good.
            kind = "open" if self.first_open is not None else scene.verdict(bid, holder.who)
            if kind == "turn":
                new = _begun(unit, scene, short=scene.is_short(bid))
                recent = scene.around(Span(unit.span.start - self.timing.company, unit.span.start))
                self.transfers.append(transfer(new, self.turns, recent, gaps, self.timing))
                self.turns.append(new)
            else:
                self._set_aside(kind, bid.units, scene)
                if kind == "open" and self.first_open is None:
                    self.first_open = unit.span.start

    def _set_aside(self, kind: str, units: Iterable[Ipu], scene: BidContext) -> None:
        aside = OpenTurn(next(iter(units)).who, kind)
        for unit in units:
            aside.add(unit.span, scene.said.of(unit))
            self._placed.add(unit)
        self.asides.append(aside)

    def certain_end(self, begun: Transfer) -> int:
        """How far the turn begun with this transfer went; what follows an open bid may yet be another turn."""
        turn = next(t for t in self.turns if t.who == begun.who and t.span.start == begun.onset)
        first, *later = turn.units  # the first is certain, even when somebody else began at the same moment
        return max([first.end, *(u.end for u in later if self.first_open is None or u.start < self.first_open)])

    def copy(self) -> Floor:
        """A floor that can be advanced without changing this one."""
        floor = Floor(self.timing)
        floor.done = self.done
        floor.turns = self.turns[:-1] + [turn.copy() for turn in self.turns[-1:]]
        floor.asides = list(self.asides)
        floor.transfers = list(self.transfers)
        floor.first_open = self.first_open
        floor._placed = set(self._placed)
        return floor

    def forget(self) -> None:
        """Keep only what later units can depend on; the transfers and asides so far must have been read."""
        self.turns = self.turns[-_TURNS_KEPT:]
        self.asides = []
        self.transfers = []
        self._placed = {unit for unit in self._placed if unit.span.start >= self.done}


def _begun(unit: Ipu, scene: BidContext, short: bool) -> OpenTurn:
    turn = OpenTurn(unit.who, "turn", short)
    turn.add(unit.span, scene.said.of(unit))
    return turn
