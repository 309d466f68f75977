"""A literal second implementation of turn-taking, which shares no code with the first.

It uses whole milliseconds, lists, and loops over everybody's speech. The definitions are in the field's words; where
they leave a choice, the choice is stated here, and the docstrings of the code give the reason.

    backchannel   at most 1.2 s and 4 words, while or just after (1 s) the other speaks, and the other goes on;
                  or nothing but acknowledgements. It does not take the floor.
                  Choice: it is enough that anybody goes on, even the listener after a second of silence or more.
    incursion     more than half inside the other's speech, not a backchannel, and does not take the floor.
                  It takes the floor if the other falls silent within 1 s, or it lasts 3 s.
                  Choice: the other is still silent when the bid stops being short; pauses under a second count.
    turn          one person's speech that is neither, until another takes the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from coach.conversation import Ipu
from coach.core.events import UNKNOWN, Words
from coach.core.span import MILLISECOND


@dataclass(eq=False)
class Spoken:
    """One unit in milliseconds, with the words recognised in exactly this unit."""

    who: str
    start: int
    end: int
    words: Words | None

    @property
    def acknowledges(self) -> bool:
        return self.words is not None and self.words.acknowledgement

    @property
    def asks(self) -> bool:
        return self.words is not None and (self.words.question or self.words.request)

    @property
    def arranges(self) -> bool:
        return self.words is not None and self.words.logistics

    @property
    def count(self) -> int:
        return 0 if self.words is None else self.words.count


@dataclass(eq=False)
class Held:
    """A turn, backchannel or incursion."""

    kind: str
    units: list[Spoken]
    short: bool = False

    @property
    def who(self) -> str:
        return self.units[0].who

    @property
    def start(self) -> int:
        return self.units[0].start

    @property
    def end(self) -> int:
        return self.units[-1].end


@dataclass
class Plain:
    """`kinds`: the kind that each unit (who, start) is part of; `transfers`: as listed by `expected` in the tests."""

    kinds: dict[tuple[str, int], str] = field(default_factory=dict)
    transfers: list[tuple[str, str, int, int, bool, bool, bool, bool]] = field(default_factory=list)


def plainly(units: Sequence[Ipu], words: Sequence[Words]) -> Plain:
    """Turns and transfers for a breath of two seconds; every item of `words` must cover one unit exactly."""
    spoken = [
        Spoken(u.who, u.span.start // MILLISECOND, u.span.end // MILLISECOND, known(u, words))
        for u in sorted(units, key=lambda u: (u.span.start, u.span.end, u.who))
    ]
    turns: list[Held] = []
    asides: list[Held] = []
    found = Plain()
    for unit in spoken:
        if any(unit in aside.units for aside in asides):
            continue
        if turns and turns[-1].who == unit.who:
            turns[-1].units.append(unit)
        elif unit.acknowledges:
            asides.append(Held("backchannel", [unit]))
        elif not turns:
            turns.append(Held("turn", [unit]))
        else:
            bid = bid_from(unit, spoken)
            kind = kind_of(bid, turns[-1].who, spoken)
            if kind == "turn":
                new = Held("turn", [unit], short=is_short(bid))
                found.transfers.append(transfer(new, turns, spoken))
                turns.append(new)
            else:
                asides.append(Held(kind, bid))
    for held in turns + asides:
        found.kinds |= {(unit.who, unit.start): held.kind for unit in held.units}
    return found


def known(unit: Ipu, words: Sequence[Words]) -> Words | None:
    return next((w for w in words if (w.who, w.span) == (unit.who, unit.span)), None)


def bid_from(first: Spoken, spoken: Sequence[Spoken]) -> list[Spoken]:
    """The bid with the person's next units after less than a second in which nobody else began, backchannels aside."""
    bid = [first]
    for unit in spoken:
        if unit.who == first.who and unit.start >= bid[-1].end:
            silence = range(bid[-1].end, unit.start + 1)
            others = [o for o in spoken if o.who != first.who and not o.acknowledges]
            parted = any(o.start in silence or o.start <= unit.start < o.end for o in others)
            if len(silence) > 1000 or parted:
                break
            bid.append(unit)
    return bid


def is_short(bid: Sequence[Spoken]) -> bool:
    return sum(u.end - u.start for u in bid) <= 1200 and sum(u.count for u in bid) <= 4


def kind_of(bid: Sequence[Spoken], holder: str, spoken: Sequence[Spoken]) -> str:
    who, start, end = bid[0].who, bid[0].start, bid[-1].end
    if is_short(bid):
        near = any(o.who != who and o.start < end and o.end > start - 1000 for o in spoken)
        goes_on = any(o.end > end and not o.acknowledges for o in spoken)
        return "backchannel" if near and goes_on else "turn"
    said = [ms for u in bid for ms in range(u.start, u.end)]
    theirs = {ms for o in spoken if o.who == holder for ms in range(max(o.start, start), min(o.end, end + 1200))}
    many_words = sum(u.count for u in bid) > 4
    judged = start + 1000 if many_words else max(start + 1000, said[1199] + 1)  # when the bid is no longer short
    goes_on = [o for o in spoken if o.who == holder and o.start < judged and o.end > start + 1000]
    falls_silent = not goes_on
    inside = sum(ms in theirs for ms in said)
    return "turn" if falls_silent or end - start >= 3000 or 2 * inside <= len(said) else "incursion"


def transfer(
    new: Held, turns: Sequence[Held], spoken: Sequence[Spoken]
) -> tuple[str, str, int, int, bool, bool, bool, bool]:
    """(after, who, onset, offset, whether that is an FTO, after a share, too soon, over), in milliseconds."""
    prior = prior_turn(new, turns, spoken)
    before = prior or turns[-1]
    offset = new.start - before.end
    lengths = [u.end - u.start for u in before.units]
    no_share = sum(u.end - u.start for u in before.units if u.asks or u.arranges)
    share = sum(lengths) >= 5000 and 2 * no_share <= sum(lengths)
    judged = share and prior is not None and not asked_last(before) and UNKNOWN not in (new.who, before.who)
    too_soon = judged and not new.short and offset < 2000
    return before.who, new.who, new.start, offset, prior is not None, share, too_soon, too_soon and offset < -200


def prior_turn(new: Held, turns: Sequence[Held], spoken: Sequence[Spoken]) -> Held | None:
    """The most recent turn of another person that began 0.2 s earlier, with own turns inside it; two people in 10 s."""
    company = {o.who for o in spoken if o.start < new.start and o.end > new.start - 10_000} | {new.who}
    if len(company - {UNKNOWN}) > 2:
        return None
    for place in reversed(range(len(turns))):
        prior, between = turns[place], [t for t in turns[place + 1 :] if t.who == new.who]
        inside = all(prior.start <= own.start and own.end <= prior.end for own in between)
        if prior.who != new.who and new.start - prior.start >= 200 and inside:
            return prior
    return None


def asked_last(turn: Held) -> bool:
    """Whether the turn ends in a question or request, followed by at most a backchannel (1.2 s, 4 words)."""
    after: list[Spoken] = []
    for unit in reversed(turn.units):
        if unit.asks:
            return True
        after.append(unit)
        if not is_short(after):
            return False
    return False
