"""What goes when the machine is too slow for everything, one step at a time, and comes back when it has caught up:

    1  windows    the networks listen once a second instead of twice
    2  overlap    the segmentation rests: speech is what the quick detector takes for it, of one person at a time
    3  words      the recogniser rests; cues that need words are held back

If that is not enough, hearing leaves sound out (`session`). The sound that people keep is never left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from coach.core.events import Event, HeardLess, Notice
from coach.core.messages import Message
from coach.core.span import RATE
from coach.diarization import FEWER_WINDOWS, NO_OVERLAP


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefConfig:
    """When a step is taken. Times are samples."""

    late: int = 2 * RATE // 5  # sound that waits for the ear, beyond which something goes
    effect: int = RATE  # until the next step; what was late needs time to catch up
    calm: int = 20 * RATE  # without lateness, until one step is taken back


CONFIG = ReliefConfig()
NO_WORDS = NO_OVERLAP + 1  # the last step
WITHOUT = ("windows", "overlap", "words")  # what each step goes without, in `HeardLess`
TOLD = {FEWER_WINDOWS: "notice.busy", NO_WORDS: "notice.very_busy"}  # the message about a step


class Relieved(Protocol):
    """An ear that can do with less."""

    def relieve(self, step: int) -> None:
        """Do without what `step` and those before it name (FEWER_WINDOWS, NO_OVERLAP) from now on; 0: do everything."""
        ...


class Resting(Protocol):
    """A recogniser that can rest."""

    def rest(self, resting: bool) -> None:
        """Begin no more jobs, or go on with those that wait."""
        ...


class Relief:
    """Takes the steps. `hop` takes the clock and how late the ear is, and returns what to tell about a step."""

    def __init__(self, ear: Relieved, words: Resting | None, config: ReliefConfig = CONFIG) -> None:
        self._ear, self._words, self._config = ear, words, config
        self._last = NO_OVERLAP if words is None else NO_WORDS
        self._changed = self._late = -config.calm  # when a step was taken last, and when the ear was late last
        self._told: set[int] = set()
        self.step = 0

    def hop(self, now: int, behind: int) -> list[Event]:
        """What to store about a step that was taken, and a line for the people in the room the first time.

        `now` is the sample, `behind` how many samples wait for the ear.
        """
        config = self._config
        if behind > config.late:
            self._late = now
            if self.step < self._last and now - self._changed >= config.effect:
                return self._take(self.step + 1, now)
        elif self.step and now - max(self._late, self._changed) >= config.calm:
            return self._take(self.step - 1, now)
        return []

    def _take(self, step: int, now: int) -> list[Event]:
        before, self.step, self._changed = self.step, step, now
        self._ear.relieve(step)
        if self._words is not None and NO_WORDS in (before, step):
            self._words.rest(step == NO_WORDS)
        told: list[Event] = [HeardLess(at=now, without=WITHOUT[:step])]
        if step > before and step in TOLD and step not in self._told:
            self._told.add(step)
            told.append(Notice(at=now, text=Message(TOLD[step])))
        return told
