"""Ask first: a rising tone asks whether an invitation is welcome, and its words follow only after a yes.

Pure. `coach` puts the question in the moment in which it would have spoken, and settles it here:

    Ana   ▓▓▓▓▓ ▓▓▓▓▓▓                 ▓▓ "Yes."
                      ├ 1 s ┤♪           ├ 1 s ┤"…and how is that in you?"
                             ├─── 8 s ─────┤

The person who was telling may say yes, or anybody presses the key. After a yes, the words wait for silence as every
spoken cue does. A no, no answer, a hush or somebody's new share ends the question, and nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.coaching.cases import Figures, Paused
from coach.coaching.gates import permission
from coach.coaching.gates.gate import GateContext
from coach.coaching.recent import CONFIG as RECENT
from coach.coaching.short_answers import answer_in
from coach.core.events import UNKNOWN, Words
from coach.core.span import Span, as_seconds

ASKED = "asked_s"  # the figure of a cue that was asked for: the second of the question
NOT_TAKEN_UP, GONE_ON = "not-taken-up", "gone-on"
QUESTION_SENTENCES = {
    NOT_TAKEN_UP: "The coach had asked with a rising tone, and nobody said yes.",
    GONE_ON: "The coach had asked with a rising tone, and somebody went on telling.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """The invitation `case`, for which the coach asked at the sample `asked`.

    `agreed` is the sample at which somebody said yes; None as long as nobody has. `declined`: somebody said no.
    """

    case: Paused
    asked: int
    agreed: int | None = None
    declined: bool = False

    @property
    def figures(self) -> Figures:
        """The figures of the invitation, and the second of the question."""
        return self.case.figures | {ASKED: as_seconds(self.asked)}

    def agree(self, now: int) -> Question:
        """The question after a yes at the sample `now`; only the first one counts."""
        return self if self.agreed is not None else replace(self, agreed=now)

    def after(self, words: Words, context: GateContext) -> Question:
        """The question after `words`, if they are an answer of the person who was telling and came in time."""
        begun = words.span.start - self.asked
        if words.who != self.case.to or not -RECENT.edge <= begun <= context.policy.answer_within:
            return self
        if context.recent.confidence(words.who, words.span, context.speech) < context.policy.confidence:
            return self
        answer = answer_in(words.text or "", context.catalogue.language)
        if answer == "yes":
            return self.agree(words.at)
        return replace(self, declined=True) if answer == "no" and self.agreed is None else self

    def ended(self, context: GateContext) -> str | None:
        """The reason why the words will not be said; None as long as they may be."""
        now, policy = context.now, context.policy
        if context.hushed:
            return permission.NotHushed.reason
        if self.agreed is not None:
            return permission.NobodySpeaks.reason if now - self.agreed >= policy.defer_at_most else None
        if self.declined:
            return NOT_TAKEN_UP
        since = Span(self.asked, now)
        if any(context.recent.spoke(who, since, context.speech) >= policy.share for who in (*context.people, UNKNOWN)):
            return GONE_ON
        return NOT_TAKEN_UP if now - self.asked >= policy.answer_within and not self._awaited(context) else None

    def may_be_said(self, context: GateContext) -> bool:
        """Whether the words may be said now: after a yes, in silence, and once the tone has ended."""
        silent = context.speech.silence >= context.policy.natural_end
        return self.agreed is not None and silent and not context.ledger.sounding(context.now)

    def _awaited(self, context: GateContext) -> bool:
        """Whether an answer may have been given whose words are not recognised yet."""
        now, wait = context.now, context.policy.defer_at_most
        if not context.words_on or now - self.asked >= context.policy.answer_within + wait:
            return False
        return context.speech.somebody or now - context.speech.silent_since < wait
