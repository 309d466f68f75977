"""Inter-pausal units, and which words belong to which.

An inter-pausal unit (IPU) is a run of one person's speech in which every silence is shorter than the join. It is the
smallest thing this room knows: everything else is a way of grouping IPUs.

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
    """One inter-pausal unit: `who` spoke over `span` (samples) without a silence as long as the join."""

    who: str
    span: Span


def ipus(speech: Iterable[Speech], join: int = DEFAULTS.join) -> list[Ipu]:
    """Speech as inter-pausal units, ordered by time: each person's spans, every silence shorter than `join` closed."""
    return tidied((Ipu(s.who, s.span) for s in speech), join)


def tidied(units: Iterable[Ipu], join: int, now: int | None = None) -> list[Ipu]:
    """The units in order of time, joined for each person, and cut off at `now`: what had been heard by then.

    A unit that reaches `now` is speech in progress; its end is not known yet.
    """
    spans: dict[str, list[Span]] = {}
    for unit in units:
        spans.setdefault(unit.who, []).append(unit.span)
    heard = (
        Ipu(who, span if now is None else span & Span(span.start, now))
        for who, theirs in spans.items()
        for span in joined(theirs, join)
    )
    return sorted((ipu for ipu in heard if ipu.span), key=lambda ipu: (ipu.span, ipu.who))


class Said:
    """What the recogniser made of each unit, as far as it is known.

    Words and units rarely have the same edges: a recogniser may be given three units at once, or a long one in pieces.
    Words belong to a unit when they share more than half of the unit, or more than half of the words' own span.
    """

    def __init__(self, units: Sequence[Ipu], words: Iterable[Words]) -> None:
        self._words: dict[Ipu, list[Words]] = {}
        self._units: dict[int, list[Ipu]] = {}
        theirs: dict[str, list[Ipu]] = {}
        for unit in units:
            theirs.setdefault(unit.who, []).append(unit)
        for told in sorted(words, key=lambda w: (w.span, w.at)):
            for unit in _belonging(told.span, theirs.get(told.who, [])):
                self._words.setdefault(unit, []).append(told)
                self._units.setdefault(id(told), []).append(unit)

    def of(self, unit: Ipu) -> tuple[Words, ...]:
        """The words that belong to `unit`, in order of time; empty when there are none (yet)."""
        return tuple(self._words.get(unit, ()))

    def acknowledgement(self, unit: Ipu) -> bool:
        """Whether there are words, and nothing but acknowledgements."""
        words = self._words.get(unit)
        return bool(words) and all(told.acknowledgement for told in words or ())

    def count(self, units: Iterable[Ipu]) -> int:
        """How many words lie in these units for certain: words that also belong to other units are left out."""
        group = set(units)
        told = {id(w): w for unit in group for w in self._words.get(unit, ())}
        return sum(w.count for key, w in told.items() if group.issuperset(self._units[key]))


def _belonging(span: Span, units: Sequence[Ipu]) -> list[Ipu]:
    """The units, all of one person and in order, that words over `span` belong to."""
    first = max(0, bisect_right(units, span.start, key=lambda unit: unit.span.start) - 1)
    found = []
    for unit in units[first:]:
        if unit.span.start >= span.end:
            break
        common = (unit.span & span).duration
        if 2 * common > min(unit.span.duration, span.duration):
            found.append(unit)
    return found
