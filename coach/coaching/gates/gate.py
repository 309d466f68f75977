"""What a gate is, and all that it may look at.

    case opened            case decided
      │   objects, patient     │
      ├────────────────────────┤ given, when every gate is content
      │ ◄──── patience ──────► │ held back, when the patience is over

The gates themselves are in `relevance` and `timing`, their order in `order`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coach.coaching.cases import Case, Figures, SharingRun
from coach.coaching.catalogue import Catalogue
from coach.coaching.ledger import Ledger
from coach.coaching.policy import Policy
from coach.coaching.recent import Recent
from coach.conversation import SpeechState


@dataclass(slots=True)
class GateContext:
    """All that a gate may look at."""

    speech: SpeechState
    policy: Policy
    catalogue: Catalogue
    people: tuple[str, ...]
    recent: Recent
    ledger: Ledger
    stretches: dict[str, SharingRun]
    words_on: bool
    names_known: bool
    hushed: bool
    begins: int

    @property
    def now(self) -> int:
        """The sample at which the gates are asked."""
        return self.speech.now

    def on(self, kind: str) -> bool:
        """Whether cues of this kind are switched on."""
        return kind not in self.policy.disabled and self.catalogue[kind].enabled


class Gate:
    """One decision. `reason` is its id, `sentence` says it to a person."""

    reason: ClassVar[str]
    sentence: ClassVar[str]

    def objection(self, case: Case, scene: GateContext) -> Figures | None:
        """None when the case may pass, else the figures that speak against it (seconds; maybe none)."""
        raise NotImplementedError

    def patience(self, case: Case, policy: Policy) -> int:
        """For how many samples after the case was opened the objection may still go away."""
        return 0
