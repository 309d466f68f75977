"""Gates that decide whether a case calls for a cue: what was said, who said it, and whether that still holds.

`coach.conversation` defines the terms share, floor transfer and FTO.
"""

from __future__ import annotations

from coach.coaching.cases import Case, Figures, Paused, Taken
from coach.coaching.gates.gate import Gate, GateContext
from coach.coaching.policy import Policy
from coach.coaching.recent import CONFIG as RECENT
from coach.core.events import UNKNOWN
from coach.core.span import as_seconds


class NotABackchannel(Gate):
    """Objects to marking a turn whose first words only acknowledge, such as "oh no"."""

    reason = "backchannel"
    sentence = "The listener only showed that they were listening."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `words`, their number."""
        if not isinstance(case, Taken):
            return None
        words = context.recent.read(case.to, case.taken.onset + RECENT.edge, context.speech)
        return {"words": words.count} if words is not None and words.acknowledgement else None


class NotAnAnswer(Gate):
    """Objects if the last words of the share are a question or a request."""

    reason = "answer"
    sentence = "The share ended in a question or a request, and answering it is not jumping in."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures. Words that are not read yet are no objection here; `WordsRead` waits for them."""
        words = context.recent.read(case.sharer, case.share_end, context.speech)
        return {} if words is not None and (words.question or words.request) else None


class HasteExcused(Gate):
    """Objects to marking a turn if the last words of the share, or the first of the turn, excuse haste."""

    reason = "haste-excused"
    sentence = "Thanks, an apology, comfort or something urgent may come quickly."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        if not isinstance(case, Taken):
            return None
        last = context.recent.read(case.sharer, case.share_end, context.speech)
        first = context.recent.words(case.to, case.taken.onset)[:1]
        return {} if any(words.excuses_haste for words in [*([last] if last else []), *first]) else None


class NotLogistics(Gate):
    """Objects if the last words of the share are about arrangements."""

    reason = "logistics"
    sentence = "It was about arrangements, which may go quickly."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        words = context.recent.read(case.sharer, case.share_end, context.speech)
        return {} if words is not None and words.logistics else None


class OwnLife(Gate):
    """Objects if the last words of the share are about something other than the sharer's life."""

    reason = "elsewhere"
    sentence = "It was about a film, the news or a joke, which is not a share."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        words = context.recent.read(case.sharer, case.share_end, context.speech)
        return {} if words is not None and words.elsewhere else None


class NamesKnown(Gate):
    """Objects if a name that the cue rests on is less certain than `policy.confidence`, or not known."""

    reason = "who-unknown"
    sentence = "The coach was not sure who spoke."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `confidence`, 0 to 1, the least of all names; 0 if one is not known."""
        voices = case.voices(context.now)
        if not context.names_known or any(who == UNKNOWN or who not in context.people for who, _ in voices):
            return {"confidence": 0.0}
        surest = min(context.recent.confidence(who, span, context.speech) for who, span in voices)
        return None if surest >= context.policy.confidence else {"confidence": round(surest, 3)}


class WordsRead(Gate):
    """Objects as long as the words up to the end of the share are not recognised; never without a recogniser."""

    reason = "words-late"
    sentence = "The words before it were not recognised in time."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `waited_s`, the time since `case.moment`."""
        if not context.words_on or context.recent.read(case.sharer, case.share_end, context.speech) is not None:
            return None
        return {"waited_s": as_seconds(context.now - case.moment)}

    def patience(self, case: Case, policy: Policy) -> int:
        """As long as an invitation may wait at all, but for a tone only `policy.words_wait`."""
        return policy.defer_at_most if case.invites else policy.words_wait


class MayBeLost(Gate):
    """Objects if nothing seems to be lost by a turn (`coach.coaching.loss`); never in the mode "drill"."""

    reason = "nothing-lost"
    sentence = "Nothing seemed to be lost by it, so it was only counted."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Has no figures."""
        marked = not isinstance(case, Taken) or context.policy.mode == "drill" or case.lost is not None
        return None if marked else {}


class StillEvents(Gate):
    """Objects to an invitation inward once the run is no longer at event level, or another has begun."""

    reason = "told-inward"
    sentence = "The last words were no longer only about events."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is the newest `p_event` of the sharer, 0 to 1."""
        if not isinstance(case, Paused):
            return None
        latest = context.runs[case.to]
        same = latest.events and latest.story == case.run.story
        return None if same else {"p_event": round(latest.p_event, 3)}


class StillTheirFloor(Gate):
    """Objects if somebody other than the person addressed holds the floor by now."""

    reason = "floor-taken"
    sentence = "Somebody else had taken the floor."

    def objection(self, case: Case, context: GateContext) -> Figures | None:
        """Its figure is `floor`, the name of the person who holds it."""
        floor = context.speech.floor
        return {"floor": floor} if floor not in (None, case.to) else None
