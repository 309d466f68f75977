"""The base class of the gates, and the context that they see.

case opened            case decided
  │   objects, patient     │
  ├────────────────────────┤ given, if no gate objects any more
  │ ◄──── patience ──────► │ held back, if a gate still objects at the end of its patience
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
    """Everything that a gate may look at. `begins` is the sample at which the conversation began.

    `asking`: the coach has asked whether an invitation is welcome, and waits for the answer.
    """

    speech: SpeechState
    policy: Policy
    catalogue: Catalogue
    people: tuple[str, ...]
    recent: Recent
    ledger: Ledger
    runs: dict[str, SharingRun]
    words_on: bool
    names_known: bool
    hushed: bool
    begins: int
    asking: bool = False

    @property
    def now(self) -> int:
        """The sample at which the gates are asked."""
        return self.speech.now

    def on(self, kind: str) -> bool:
        """Whether cues of this kind are switched on."""
        return kind not in self.policy.disabled and self.catalogue[kind].enabled


class Gate:
    """One decision. `reason` is the id of its objection; `sentence` explains the objection to the user."""

    reason: ClassVar[str]
    sentence: ClassVar[str]

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """None if the case may pass, otherwise the figures behind the objection (seconds; may be empty)."""
        raise NotImplementedError

    def patience(self, case: Case, policy: Policy) -> int:
        """The number of samples after `case.moment` for which the case waits for the objection to go away."""
        return 0
