"""Somebody takes their yes back aloud: "Coach, stop listening."

Pure. What follows cannot be undone. So the words must be final, not the beginning of a sentence that may go on, and it
must be sure whose they are:

    Ana   ▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓                                sure: Ana takes her yes back
    Ben                   ▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓                not sure: somebody does, and nobody's words are erased
    Ana                        ▓▓▓▓▓▓
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from coach.coaching.hush import as_one, wish_in
from coach.coaching.policy import Policy
from coach.coaching.recent import CONFIG as RECENT
from coach.coaching.recent import Recent
from coach.conversation import SpeechState
from coach.core.events import UNKNOWN, Event, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBackConfig:
    """When it is sure who said it. Times are samples."""

    confidence: float = Policy().confidence  # the least confidence, 0 to 1, in the speaker's name
    others: int = RECENT.edge  # of anybody else's speech meanwhile; more makes it unsure


CONFIG = TakingBackConfig()


class TakingBack:
    """Listens for one of `people` to take their yes back. `hear` takes events in the order of their `at`."""

    def __init__(self, people: Collection[str], config: TakingBackConfig = CONFIG) -> None:
        self._people, self._config = tuple(people), config
        self._recent = Recent()
        self._latest: Words | None = None

    def hear(self, event: Event, speech: SpeechState, language: str) -> str | None:
        """Who takes their yes back with `event`; UNKNOWN if it is not sure who, and None if nobody does.

        `speech` is the state after the event, `language` a two-letter code.
        """
        self._recent.hear(event)
        if not isinstance(event, Words):
            return None
        before, self._latest = self._latest, event
        if wish_in(event.text or "", language) == "stop":
            return self._by(event, speech)
        together = as_one(before, event)
        if before is None or together is None or wish_in(together, language) != "stop":
            return None
        who = self._by(event, speech)
        return who if who == self._by(before, speech) else UNKNOWN

    def _by(self, words: Words, speech: SpeechState) -> str:
        who, span = words.who, words.span
        if who not in self._people or self._recent.confidence(who, span, speech) < self._config.confidence:
            return UNKNOWN
        others = (name for name in (*self._people, UNKNOWN) if name != who)
        meanwhile = max((self._recent.spoke(name, span, speech) for name in others), default=0)
        return who if meanwhile < self._config.others else UNKNOWN
