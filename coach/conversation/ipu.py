"""Inter-pausal units, and the words that belong to them.

An inter-pausal unit (IPU) is a stretch of one person's speech in which every silence is shorter than `Timing.join`. It
is the smallest unit of this package: turns, bids and the rest are groups of IPUs.

    sound     ▂▅▇▅▂ ▂▇▅     ▅▇▂
    Ana       [═══] [═]     [═]      silences of 0.1 s and 0.4 s
    IPUs      [═══════]     [═]      the first is a stop closure, the second is a pause

>>> ana = [Speech(at=0, who="Ana", span=Span.seconds(*s), confidence=1.0) for s in ((0, 1), (1.1, 2), (2.4, 3))]
>>> [ipu.span for ipu in ipus(ana)] == [Span.seconds(0, 2), Span.seconds(2.4, 3)]
True
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.conversation.timing import DEFAULTS
from coach.core.events import Speech, Words
from coach.core.span import Span, joined


@dataclass(frozen=True, slots=True)
class Ipu:
    """One inter-pausal unit: `who` spoke during `span` (samples) without a silence as long as the join."""

    who: str
    span: Span


def ipus(speech: Iterable[Speech], join: int = DEFAULTS.join) -> list[Ipu]:
    """Speech as inter-pausal units in order of time: each person's silences shorter than `join` samples are closed."""
    return tidied((Ipu(s.who, s.span) for s in speech), join)


def tidied(units: Iterable[Ipu], join: int, now: int | None = None) -> list[Ipu]:
    """The units in order of time, joined per person, and cut off at the sample `now`.

    A unit that reaches `now` is speech in progress: its end is not known yet.
    """
    spans: dict[str, list[Span]] = {}
    for unit in units:
        spans.setdefault(unit.who, []).append(unit.span)
    joined_units = (
        Ipu(who, span if now is None else span & Span(span.start, now))
        for who, theirs in spans.items()
        for span in joined(theirs, join)
    )
    return sorted((ipu for ipu in joined_units if ipu.span), key=lambda ipu: (ipu.span, ipu.who))


class Said:
    """The recognised words of each unit, as far as they are known.

    Words and units rarely have the same edges, because a recogniser may get three units at once, or a long one in
    pieces. Words belong to a unit if they overlap more than half of the unit, or more than half of their own span.
    """

    def __init__(self, units: Sequence[Ipu], words: Iterable[Words]) -> None:
        self._words: dict[Ipu, list[Words]] = {}
        self._units: dict[int, list[Ipu]] = {}
        theirs: dict[str, list[Ipu]] = {}
        for unit in units:
            theirs.setdefault(unit.who, []).append(unit)
        for each in sorted(words, key=lambda w: (w.span, w.at)):
            for unit in _belonging(each.span, theirs.get(each.who, [])):
                self._words.setdefault(unit, []).append(each)
                self._units.setdefault(id(each), []).append(unit)

    def of(self, unit: Ipu) -> tuple[Words, ...]:
        """The words that belong to `unit`, in order of time; empty if none are known (yet)."""
        return tuple(self._words.get(unit, ()))

    def acknowledgement(self, unit: Ipu) -> bool:
        """Whether the unit has words, and all of them are acknowledgements."""
        words = self._words.get(unit)
        return bool(words) and all(each.acknowledgement for each in words or ())

    def count(self, units: Iterable[Ipu]) -> int:
        """The number of words in these units, without words that also belong to other units."""
        group = set(units)
        found = {id(w): w for unit in group for w in self._words.get(unit, ())}
        return sum(w.count for key, w in found.items() if group.issuperset(self._units[key]))


def _belonging(span: Span, units: Sequence[Ipu]) -> list[Ipu]:
    """Those of `units`, which are one person's and in order, to which words with this `span` belong."""
    first = max(0, bisect_right(units, span.start, key=lambda unit: unit.span.start) - 1)
    found = []
    for unit in units[first:]:
        if unit.span.start >= span.end:
            break
        common = (unit.span & span).duration
        if 2 * common > min(unit.span.duration, span.duration):
            found.append(unit)
    return found
