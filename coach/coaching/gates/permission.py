"""Gates that decide whether a cue may sound now: rarely, only in the forms asked for, and not over speech.

`coach.coaching.policy` holds the numbers.
"""

from __future__ import annotations

from coach.coaching.cases import ASK, Case, Figures, Paused, Taken
from coach.coaching.gates.gate import Gate, GateContext
from coach.coaching.loss import LONG
from coach.coaching.policy import Policy
from coach.core.span import RATE, as_seconds

HOUR = 3600 * RATE  # samples


def in_silence(case: Case, context: GateContext) -> bool:
    """Whether the cue waits for silence and may come once in each story. Only a tone that marks a turn does not."""
    return case.invites or context.catalogue[case.kind].form == "spoken"


def asks_first(case: Case, context: GateContext) -> bool:
    """Whether a rising tone asks before the words of this case. Only invitations inward are asked for."""
    return context.policy.ask and isinstance(case, Paused) and context.catalogue[case.kind].form == "spoken"


class QuietFirst(Gate):
    """Objects for the first `policy.quiet_first` samples of the conversation."""

    reason = "quiet-first"
    sentence = "Nothing sounds at the beginning."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `since_beginning_s`, how long the conversation has lasted."""
        since = context.now - context.begins
        return {"since_beginning_s": as_seconds(since)} if since < context.policy.quiet_first else None


class Budget(Gate):
    """Objects if a cue of the same form was given shortly before, or if the tones of this hour are given or set aside.

    In the mode "drill", tones may follow sooner, and any number of them within the hour.
    """

    reason = "budget"
    sentence = "Another cue had sounded shortly before."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `since_last_s`, the time since the last cue of this form, or `tones_in_an_hour`, their number.

        It has none while the coach waits for the answer to its rising tone.
        """
        policy, form = context.policy, context.catalogue[case.kind].form
        drill = policy.mode == "drill"
        every = policy.spoken_every if form == "spoken" else policy.drill_every if drill else policy.tone_every
        last = context.ledger.last(form)
        if last is not None and context.now - last < every:
            return {"since_last_s": as_seconds(context.now - last)}
        if form == "spoken":
            return {} if context.asking else None  # the question before it still waits for an answer
        return None if drill else self._kept_for_stronger(case, context)

    def _kept_for_stronger(self, case: Case, context: GateContext) -> Figures | None:
        """The tones of an hour are few. The weakest reason gets an even share of them at most, the others the rest."""
        most = context.policy.tones_an_hour
        if context.ledger.count("tone", context.now - HOUR) >= most:
            return {"tones_in_an_hour": most}
        last = context.ledger.last("tone")
        since = context.now - (context.begins if last is None else last)
        weakest = isinstance(case, Taken) and case.lost == LONG
        return {"since_last_s": as_seconds(since)} if weakest and since < HOUR // most else None


class OncePerStory(Gate):
    """Objects to a second cue in a story, among those that wait for silence."""

    reason = "same-story"
    sentence = "The coach had already spoken in this story."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        return {} if in_silence(case, context) and context.ledger.spoke_in(case.story) else None


class SwitchedOn(Gate):
    """Objects to kinds that are switched off, and to what would be asked first if that question is off."""

    reason = "switched-off"
    sentence = "This cue is switched off."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        on = context.on(case.kind) and (context.on(ASK) or not asks_first(case, context))
        return None if on else {}


class AskedFor(Gate):
    """Objects to forms that the mode leaves out: all of them in "none", spoken ones in "tones"."""

    reason = "not-asked-for"
    sentence = "This session does not use cues of this form."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        tone = context.catalogue[case.kind].form == "tone"
        asked = context.policy.mode in ("full", "drill") or (context.policy.mode == "tones" and tone)
        return None if asked else {}


class NotHushed(Gate):
    """Objects as long as the coach is hushed. It has no patience: nothing is kept for later."""

    reason = "hushed"
    sentence = "The coach had been asked to be quiet."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        return {} if context.hushed else None


class NotSounding(Gate):
    """Objects until the last cue has ended, as the player reports it, or by its nominal length before that."""

    reason = "sounding"
    sentence = "Another cue was still sounding."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        return {} if context.ledger.sounding(context.now) else None


class NobodySpeaks(Gate):
    """Objects until nobody has spoken for `policy.natural_end`; never to a tone that marks a turn."""

    reason = "speaking"
    sentence = "Somebody was speaking, and the coach never talks over anyone."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `waited_s`, the time since `case.moment`."""
        if not in_silence(case, context) or context.speech.silence >= context.policy.natural_end:
            return None
        return {"waited_s": as_seconds(context.now - case.moment)}

    def patience(self, case: Case, policy: Policy) -> int:
        """As long as the cue may wait at all."""
        return policy.defer_at_most


class InTime(Gate):
    """Objects after `policy.defer_at_most`, from the case's moment, or from the event that a tone marks."""

    reason = "too-late"
    sentence = "The moment for it had passed."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `late_s`, the time that has passed."""
        late = context.now - (case.moment if in_silence(case, context) else case.began)
        return {"late_s": as_seconds(late)} if late > context.policy.defer_at_most else None
