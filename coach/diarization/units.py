"""From the speakers of each frame to inter-pausal units, the output of hearing.

Frames come in order and are final. A person's unit opens after 60 ms of speech, back-dated to its first frame. It
closes after a silence as long as the join or, on one microphone, at once when another person speaks and this one does
not. A unit that goes on is reported a second time after 600 ms, because the attribution is then far more reliable than
after 60 ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coach.core.events import Event, Speech, SpeechOn
from coach.core.span import Span
from coach.vad import FRAME, FRAMES_A_SECOND, JOIN


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsConfig:
    """When a unit is reported. Times are frames of speech."""

    shortest: int = round(0.06 * FRAMES_A_SECOND)  # that make a unit; less is a click or an error
    settled: int = round(0.6 * FRAMES_A_SECOND)  # after which a unit is reported again


CONFIG = UnitsConfig()


@dataclass(slots=True)
class _Open:
    first: int
    last: int
    count: int = 0
    sureness: list[float] = field(default_factory=list)
    told: bool = False

    @property
    def confidence(self) -> float:
        return round(sum(self.sureness) / len(self.sureness), 3)


class Units:
    """`frame` takes the speakers of frame n (none: silence) and returns SpeechOn and Speech events.

    With `one_at_a_time`, another person who speaks alone ends a unit at once, because on one microphone the end of a
    voice under another one cannot be detected otherwise. With one microphone per person, units are independent.
    """

    def __init__(self, one_at_a_time: bool = True) -> None:
        self._one_at_a_time = one_at_a_time
        self._open: dict[str, _Open] = {}

    @property
    def speaking(self) -> frozenset[str]:
        """The people with an open unit that SpeechOn has reported."""
        return frozenset(who for who, unit in self._open.items() if unit.told)

    def frame(self, n: int, who: frozenset[str], confidence: Mapping[str, float], at: int) -> list[Event]:
        """`confidence` has an entry for each of `who`; `at` is the sample at which this frame was decided."""
        events: list[Event] = []
        for name, unit in sorted(self._open.items()):
            if name not in who and ((who and self._one_at_a_time) or n - unit.last >= JOIN):
                events += self._close(name, unit, at)
        for name in sorted(who):
            unit = self._open.setdefault(name, _Open(n, n))
            unit.last = n
            unit.count += 1
            unit.sureness.append(confidence[name])
            if unit.count in (CONFIG.shortest, CONFIG.settled):
                unit.told = True
                events.append(SpeechOn(at=at, who=name, onset=unit.first * FRAME, confidence=unit.confidence))
        return events

    def finish(self, at: int) -> list[Event]:
        """Close all units at the end of the sound."""
        return [event for name, unit in sorted(self._open.items()) for event in self._close(name, unit, at)]

    def _close(self, name: str, unit: _Open, at: int) -> list[Event]:
        del self._open[name]
        if not unit.told:
            return []
        span = Span(unit.first * FRAME, (unit.last + 1) * FRAME)
        return [Speech(at=at, who=name, span=span, confidence=unit.confidence)]
