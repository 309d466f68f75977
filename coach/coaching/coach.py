"""The coach: decides from the events of a conversation which cues to give and which to hold back.

Pure. The pipeline passes it all events (`hear`, `consider`) and calls `tick` once per hop. `tick` returns `Cue` events,
each given, or held back with its reason. Four moments can open a case:

    too soon      Ana ▓▓▓▓▓▓▓▓▓▓▓▓▓▓            a listener takes the floor right after a share, and something may be
                  Ben                 ▓▓▓▓▓▓▓▓     lost by it (`loss`): a tone (lower if it began over the share)
                                          ♪
    let it land   the third such turn of the same listener within 15 minutes: a few words instead, in silence

    inward        Ana ▓▓▓▓▓ ▓▓▓▓▓▓▓ ▓▓▓▓▓▓         a sharer whose run remained at event level stops for now,
                                          ├ 1 s ┤"…"       and everybody is silent

    curious       Ana ▓▓▓▓▓▓▓▓▓▓▓▓▓▓            a listener stops after a turn of advice, or with a story of their own;
                  Ben                 ▓▓▓▓▓        only if people switched this on
                                           ├ 1 s ┤"…"

With `ask` in the policy, a rising tone asks before the words of "inward" (`asking`).

Silence alone opens no case. If a gate objects, the case waits for as long as that gate has patience. After that, the
cue is held back with the gate's reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from coach.coaching.asking import Question
from coach.coaching.cases import ASK, Case, Figures, Paused, Responded, SharingRun, Story, Taken
from coach.coaching.catalogue import Catalogue
from coach.coaching.gates.gate import Gate, GateContext
from coach.coaching.gates.order import GATES, too_soon
from coach.coaching.gates.permission import asks_first, in_silence
from coach.coaching.ledger import Ledger
from coach.coaching.loss import loss
from coach.coaching.policy import Policy
from coach.coaching.recent import Recent
from coach.conversation import SpeechState
from coach.core.events import Cue, CueFailed, CuePlayed, Event, FloorTaken, Hushed, TakenUp, Words
from coach.core.span import as_seconds

FOCUS_MOVED = ("advice", "own story")  # answers after which the listener may be invited back to the other's experience


@dataclass(frozen=True, slots=True)
class _Objection:
    gate: Gate
    figures: Figures
    may_pass: bool  # the gate is still patient


class Coach:
    """Decides the cues for `people`. All times are samples; nothing here reads a clock.

    `words_on`: a recogniser runs, so cues wait for words. `confident` is False if no voice could be learnt; then every
    cue is held back. Raises BadSetting if the policy disables a kind that is not in the catalogue.
    """

    def __init__(
        self, policy: Policy, catalogue: Catalogue, people: Iterable[str], *, words_on: bool, confident: bool = True
    ) -> None:
        for kind in sorted(policy.disabled):
            catalogue[kind]  # raises for a misspelt kind
        self._recent = Recent()
        self._taken: FloorTaken | None = None  # the last transfer of the floor
        self._ledger = Ledger()
        self._context = GateContext(
            speech=SpeechState(),
            policy=policy,
            catalogue=catalogue,
            people=tuple(people),
            recent=self._recent,
            ledger=self._ledger,
            runs={},
            words_on=words_on,
            names_known=confident,
            hushed=False,
            begins=0,
        )
        self._pending: list[Case] = []
        self._shared: Story = ("", 0)  # the story that was being shared at the last transfer of the floor
        self._opened_at: dict[tuple[type[Case], str], int] = {}  # where the talk ended for which a case was opened
        self._mentioned: dict[str, set[str]] = {}  # per person: the kinds of experience mentioned so far
        self._reported: set[tuple[str, Story, str]] = set()
        self._words_tried: dict[str, int] = {}  # per listener: when "let it land" was last tried
        self._question: Question | None = None  # the invitation for which the coach has asked

    def begin(self, now: int) -> None:
        """The conversation begins at the sample `now`. Everything before it, such as the check-in, is forgotten."""
        self._context.begins = now
        self._context.runs.clear()
        self._mentioned.clear()
        self._pending.clear()
        self._ask(None)

    def lose_words(self) -> None:
        """The recogniser has stopped: from now on, cues rest on timing alone."""
        self._context.words_on = False

    def speak(self, catalogue: Catalogue) -> None:
        """Takes the wordings of cues from `catalogue` from now on."""
        self._context.catalogue = catalogue

    def hear(self, event: Event) -> None:
        """Takes one event, in the order of `at`. Ignores events that do not concern the coach."""
        self._recent.hear(event)
        match event:
            case FloorTaken():
                self._taken = event
                self._shared = self._story_before(event)
                if too_soon(event):
                    self._pending.append(Taken(event, self._shared))
            case Words(who=who, kinds=kinds):
                self._mentioned.setdefault(who, set()).update(kinds)
                if self._question is not None:
                    self._question = self._question.after(event, self._context)
            case TakenUp(at=at):
                if self._question is not None:
                    self._question = self._question.agree(at)
            case Hushed(on=on):
                self._context.hushed = on
            case CuePlayed(span=span):
                self._ledger.sounded(span.end)
            case CueFailed(at=at):
                self._ledger.sounded(at)

    def consider(self, run: SharingRun) -> None:
        """Updates the estimate of a person's run. Call it in the same hop as `hear` with the Words that changed it."""
        self._context.runs[run.who] = run

    def tick(self, speech: SpeechState) -> list[Event]:
        """The cues decided by the sample `speech.now`. Call it once per hop, after `hear` and `consider`."""
        self._context.speech = speech
        self._open_invitations()
        decided = [self._settle_question(), *(self._decide(case) for case in self._take_pending())]
        return [cue for cue in decided if cue is not None]

    def finish(self, now: int) -> list[Event]:
        """Ends the session at the sample `now`. The cues of all cases that still wait are held back."""
        self._context.speech = self._context.speech.at(now)
        asked = self._question
        self._ask(None)
        unsaid: list[tuple[Case, Figures]] = [(asked.case, asked.figures)] if asked is not None else []
        unsaid += [(case, case.figures) for case in self._take_pending()]
        return [self._cue(case, "ended", figures) for case, figures in unsaid]

    # ------------------------------------------------------------------------------------------- opening a case

    def _open_invitations(self) -> None:
        """Opens at most one case of each kind for each natural end of somebody's talk."""
        if self._context.speech.nameless:
            return
        for who, run in self._context.runs.items():
            if run.events and (ended := self._natural_end(Paused, who)) is not None:
                self._pending.append(Paused(run, ended, ended + self._context.policy.natural_end))
                self._opened_at[Paused, who] = ended
        if self._context.on("curious"):
            self._open_response()

    def _open_response(self) -> None:
        taken = self._taken
        if taken is None or not taken.after_share or (ended := self._natural_end(Responded, taken.who)) is None:
            return
        moved = [
            words
            for words in self._recent.words(taken.who, taken.onset)
            if words.response in FOCUS_MOVED and (words.p_response or 0.0) >= self._context.policy.response
        ]
        if moved:
            moment = ended + self._context.policy.natural_end
            self._pending.append(Responded(taken, moved[-1], self._shared, ended, moment))
            self._opened_at[Responded, taken.who] = ended

    def _natural_end(self, kind: type[Case], who: str) -> int | None:
        """The sample at which `who` stopped; None while they speak, or if that stop has already opened such a case."""
        ended = self._context.speech.ended(who)
        if ended is None or self._context.now < ended + self._context.policy.natural_end:
            return None
        return ended if ended > self._opened_at.get((kind, who), -1) else None

    def _take_pending(self) -> list[Case]:
        """The open cases. The case of a person who spoke again gets the new end, up to which words are needed."""
        cases, self._pending = self._pending, []
        return [case if isinstance(case, Taken) else self._gone_on(case) for case in cases]

    def _gone_on(self, case: Paused | Responded) -> Paused | Responded:
        ended = self._context.speech.ended(case.to)
        if ended is None or ended <= self._opened_at[type(case), case.to]:
            return case
        self._opened_at[type(case), case.to] = ended
        return case.gone_on(ended)

    # ------------------------------------------------------------------------------------------------- deciding

    def _decide(self, case: Case) -> Cue | None:
        """The cue, given or held back; None if the case waits, or if the same decision was reported before."""
        if isinstance(case, Taken):
            case = replace(case, lost=loss(case, self._recent, self._context.speech, self._context.policy))
        objection = self._judge(case)
        if objection is None and isinstance(case, Taken) and self._wants_words(case):
            self._words_tried[case.to] = self._context.now
            return self._decide(replace(case, invites=True))
        if objection is None:
            return self._give(case)
        if objection.may_pass:
            self._pending.append(case)
            return None
        reason = objection.gate.reason
        return self._cue(case, reason, case.figures | objection.figures) if self._is_news(case, reason) else None

    def _judge(self, case: Case) -> _Objection | None:
        """The objection of the first gate that stops `case`; None if it passes all gates."""
        for gate in GATES:
            figures = gate.objection(case, self._context)
            if figures is not None:
                patient_until = case.moment + gate.patience(case, self._context.policy)
                return _Objection(gate, figures, may_pass=self._context.now < patient_until)
        return None

    def _wants_words(self, case: Taken) -> bool:
        """Whether a tone that passed is the listener's third in a while, and words may take its place."""
        now, policy = self._context.now, self._context.policy
        since = max(now - policy.lands_within, self._words_tried.get(case.to, -1))
        if case.invites or self._ledger.tones(case.to, since) + 1 < policy.lands_at:
            return False
        objection = self._judge(replace(case, invites=True))
        return objection is None or objection.may_pass

    def _is_news(self, case: Case, reason: str) -> bool:
        """Whether this objection is new: a story that stops at the same gate in every pause is reported once."""
        if isinstance(case, Taken):
            return True
        news = (case.kind, case.story, reason)
        known = news in self._reported
        self._reported.add(news)
        return not known

    def _ask(self, question: Question | None) -> None:
        self._question = question
        self._context.asking = question is not None

    def _settle_question(self) -> Cue | None:
        """The words for which the coach has asked, said or held back; None as long as the question is open."""
        question = self._question
        if question is None:
            return None
        reason = question.ended(self._context)
        if reason is not None:
            self._ask(None)
            return self._cue(question.case, reason, question.figures)
        if not question.may_be_said(self._context):
            return None
        self._ask(None)
        return self._enter(question.case, question.case.kind, question.figures)

    # ------------------------------------------------------------------------------------------------- reporting

    def _give(self, case: Case) -> Cue:
        if isinstance(case, Paused) and asks_first(case, self._context):
            self._ask(Question(case, self._context.now))
            return self._enter(case, ASK, case.figures)
        return self._enter(case, case.kind, case.figures)

    def _enter(self, case: Case, kind: str, figures: Figures) -> Cue:
        cue = self._cue(case, None, figures | {"silence_s": as_seconds(self._context.speech.silence)}, kind)
        policy = self._context.policy
        nominal = policy.nominal_tone if cue.form == "tone" else policy.nominal_spoken
        self._ledger.enter(cue, nominal, case.story if in_silence(case, self._context) else None)
        return cue

    def _cue(self, case: Case, held_back: str | None, because: Figures, kind: str = "") -> Cue:
        """The cue of `case`; of another `kind` if that sounds in its place."""
        kind = kind or case.kind
        return Cue(
            at=self._context.now,
            kind=kind,
            form=self._context.catalogue[kind].form,
            text=self._context.catalogue.wording(kind, self._ledger.said(kind), self._mentioned.get(case.sharer, ())),
            to=case.to,
            given=held_back is None,
            held_back=held_back,
            because=because,
        )

    def _story_before(self, taken: FloorTaken) -> Story:
        """The run before `taken`; without a run, the share before it is a story of its own."""
        run = self._context.runs.get(taken.after)
        return (taken.after, run.story if run and run.span else taken.onset)
