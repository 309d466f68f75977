"""A whole conversation: turns, transfers, pauses, overlaps and lapses, from who spoke when.

`converse` defines all of them. The live tracker applies the same parts to the recent past.

>>> from coach.core.span import as_samples, as_seconds
>>> ana, ben = Ipu("Ana", Span.seconds(0, 6)), Ipu("Ben", Span.seconds(6.5, 9))
>>> talk = converse([ben, ana])
>>> [(turn.who, turn.share) for turn in talk.turns]
[('Ana', True), ('Ben', False)]
>>> [(t.after, t.who, as_seconds(t.fto), t.too_soon) for t in talk.transfers]
[('Ana', 'Ben', 0.5, True)]
>>> converse([ben, ana], now=as_samples(7.0)).turns[-1].kind      # half a second of speech may be a backchannel
'open'
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from coach.conversation.floor import Floor
from coach.conversation.floor_bids import BidContext
from coach.conversation.ipu import Ipu, Said, tidied
from coach.conversation.timing import DEFAULTS, Timing
from coach.conversation.transfers import Transfer, touched
from coach.conversation.turns import Turn
from coach.core.events import Words
from coach.core.span import Span, joined, overlapping


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence of `who` inside their own turn. `measured`: no sound was lost in it."""

    who: str
    span: Span
    measured: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """`first`, who began earlier, and `second` both speak during `span`.

    The kind is "between" if both have a turn there, so the floor was transferred, and "within" if one keeps the floor
    and the other's speech is a backchannel, an incursion or an open bid. `holder` keeps the floor; None if it changed.
    """

    kind: str
    first: str
    second: str
    span: Span
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The result of `converse`; every tuple is in order of time.

    `lapses` are the silences between two people's turns that are longer than `Timing.lapse`, the longest before each
    transfer, without those in which sound was lost; an "mm-hm" ends a silence.
    """

    turns: tuple[Turn, ...]
    transfers: tuple[Transfer, ...]
    pauses: tuple[Pause, ...]
    overlaps: tuple[Overlap, ...]
    lapses: tuple[Span, ...]


def converse(
    ipus: Iterable[Ipu],
    words: Iterable[Words] = (),
    gaps: Sequence[Span] = (),
    timing: Timing = DEFAULTS,
    now: int | None = None,
) -> Conversation:
    """The turns of a conversation and everything that follows from them, by `floor_bids`, `floor` and `transfers`.

    ipus: in any order. One person's units are joined if they touch or are closer than `Timing.join`.
    words: the recognised words, if any; without words, timing alone decides.
    gaps: spans of lost sound.
    now: the conversation as it was known at this sample; None if the conversation is over. Later speech is ignored,
    speech that reaches `now` is still in progress, and a bid that cannot be classified yet is "open". A transfer that
    is found at one `now` is found, with the same onset, at every later one; its FTO is final once the previous speaker
    is silent.
    """
    units = tidied(ipus, timing.join, now)
    floor = Floor(timing)
    floor.advance(BidContext(units, Said(units, words), timing, now), gaps)
    turns = sorted((s.as_turn(timing) for s in floor.turns + floor.asides), key=lambda turn: (turn.span, turn.who))
    return Conversation(
        turns=tuple(turns),
        transfers=tuple(floor.transfers),
        pauses=tuple(sorted(_pauses(turns, gaps), key=lambda pause: pause.span)),
        overlaps=tuple(_overlaps(turns)),
        lapses=tuple(
            longest
            for silent, taken in zip(_silences(turns, floor.transfers), floor.transfers, strict=True)
            if taken.measured and (longest := longest_of(silent)) is not None and longest.duration > timing.lapse
        ),
    )


def silences(conversation: Conversation) -> list[tuple[Span, ...]]:
    """For each transfer, the silences before it, in which nobody speaks; none if somebody's turn continues.

    They are shorter than the FTO if there is a backchannel, or a third turn, between the answered turn and the answer:

        Ana  ══════════════                           ══════════     FTO of the last turn: from Ana's first end
        Ben                  ══ mm-hm    ══════════
                           └┘   └───────┘          └──┘              silences
                           └──── FTO ───┘
    """
    return list(_silences(conversation.turns, conversation.transfers))


def longest_of(spans: Iterable[Span]) -> Span | None:
    """The longest of `spans`, the first in a tie; None of none."""
    return max(spans, key=lambda span: span.duration, default=None)


def _silences(turns: Iterable[Turn], transfers: Iterable[Transfer]) -> Iterator[tuple[Span, ...]]:
    turns = tuple(turns)
    units = sorted(unit for turn in turns if turn.kind == "turn" for unit in turn.units)
    asides = joined(unit for turn in turns if turn.kind != "turn" for unit in turn.units)
    latest_end = list(accumulate((unit.end for unit in units), max))
    for each in transfers:
        before = bisect_left(units, each.onset, key=lambda unit: unit.start)
        ended = latest_end[before - 1] if before else each.onset  # no earlier unit: both began together
        yield _clear(Span(min(ended, each.onset), each.onset), asides)


def _clear(span: Span, spoken: Sequence[Span]) -> tuple[Span, ...]:
    """The parts of `span` without any of `spoken`, which are in order and do not meet."""
    parts, start = [], span.start
    for each in overlapping(span, spoken):
        parts.append(Span(start, max(start, each.start)))
        start = max(start, each.end)
    parts.append(Span(min(start, span.end), span.end))
    return tuple(part for part in parts if part)


def _pauses(turns: Iterable[Turn], gaps: Sequence[Span]) -> Iterator[Pause]:
    for turn in turns:
        if turn.kind == "turn":
            for one, next_one in zip(turn.units, turn.units[1:], strict=False):
                span = one ^ next_one
                yield Pause(turn.who, span, measured=not touched(span, gaps))


def _overlaps(turns: Sequence[Turn]) -> Iterator[Overlap]:
    """The overlaps, found in a sweep over all units. Two asides that overlap have no kind and are left out."""
    units = sorted(((unit, turn) for turn in turns for unit in turn.units), key=lambda pair: (pair[0], pair[1].who))
    speaking: list[tuple[Span, Turn]] = []
    for unit, turn in units:
        speaking = [(u, t) for u, t in speaking if u.end > unit.start]
        for earlier, other in speaking:
            held = (turn.kind == "turn") + (other.kind == "turn")
            if other.who != turn.who and held:
                between = held == 2
                holder = None if between else turn.who if turn.kind == "turn" else other.who
                yield Overlap("between" if between else "within", other.who, turn.who, earlier & unit, holder)
        speaking.append((unit, turn))
