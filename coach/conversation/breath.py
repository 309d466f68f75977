"""The target breath: fixed, or growing with the practice.

A growing breath starts from how the two people talk anyway, and follows what they manage:

    answers to a share   0.2  0.4  0.3  0.9 │ 0.5  0.6  0.2  0.5 │ 0.6  0.5  …
    target               0.5 ───────────────┤ .39 → 0.5 ─────────┤ 0.55 ────
                         the first four     │ their median, and  │ three of four reached it:
                                            │ a tenth more       │ a tenth more

Where the median of the same people's earlier sessions is known (`Growth.earlier`), it begins a tenth above that at
once. It goes back by a step when none of four answers reached it. It is never under half a second, which is a reflex,
nor over the pause that the people set.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

from coach.conversation.timing import Growth, Timing


@dataclass(frozen=True, slots=True)
class Breath:
    """The target in samples after the answers so far. `recent` are the offsets, in samples, since it last moved."""

    target: int
    begun: bool = True  # whether it was set from the first answers, or is fixed
    recent: tuple[int, ...] = ()

    @classmethod
    def at_first(cls, timing: Timing) -> Breath:
        """The breath before any answer: as set by people or, where it grows, a step over earlier talks or the least."""
        growth = timing.growth
        if growth is None:
            return cls(timing.breath)
        if growth.earlier is not None:
            return cls(_within(growth.earlier * growth.factor, growth, timing))
        return cls(min(growth.least, timing.breath), begun=False)

    def after(self, offset: int, timing: Timing) -> Breath:
        """The breath after an answer to a share with this FTO in samples."""
        growth = timing.growth
        if growth is None:
            return self
        recent = (*self.recent, offset)[-growth.answers :]
        if len(recent) < growth.answers:
            return replace(self, recent=recent)
        reached = sum(each >= self.target for each in recent)
        if not self.begun:
            wanted = median(recent) * growth.factor
        elif reached >= growth.reached:
            wanted = self.target * growth.factor
        elif not reached:
            wanted = self.target / growth.factor
        else:
            return replace(self, recent=recent)
        return Breath(_within(wanted, growth, timing))


def _within(wanted: float, growth: Growth, timing: Timing) -> int:
    """The target (samples), not under the least one nor over the pause that the people set."""
    return min(max(round(wanted), growth.least), timing.breath)
