"""Floor transfers and their offset (FTO): the start of the new turn minus the end of the turn before it.

    Ana  ═══════════════                        Ana  ═══════════════
    Ben                     ══════════          Ben            ══════════
                       └0.6┘  FTO +0.6 s                       └0.5─┘  FTO −0.5 s

"The turn before it" is defined as in scikit-talk (Liesenfeld and others 2021), so that numbers can be compared: the
most recent turn of another speaker that began at least 0.2 s earlier. The new speaker's own turns between the two are
ignored only if they lie entirely inside that turn. If more than two people, including the new speaker, spoke in the 10
s before, it is unclear whom the turn answers, and there is no FTO.

    Ana  ═══════════════          Ben and Ana began together: his turn does not answer hers,
    Ben  ═════════════════        and it has no FTO (unless an earlier turn of hers is the one)

There are two differences. scikit-talk gives no FTO after a silence of more than 10 s; this module does, because long
silences are the point of the practice. And an unknown voice does not count as a third person, because it is usually one
of the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.conversation.ipu import Ipu
from coach.conversation.timing import Timing
from coach.conversation.turns import OpenTurn
from coach.core.events import UNKNOWN
from coach.core.span import Span


@dataclass(frozen=True, slots=True)
class Transfer:
    """The floor went from `after` to `who` at `onset` (samples).

    `offset` is the onset minus the end of the turn of `after`, in samples; `fto` is the same number, or None if the FTO
    is undefined. `after_share`: the turn before was a share. It began at `since` and has `told` samples of speech.
    `answers_question`: it ended in a direct question or a request. `measured`: no sound was lost in the silence (or
    overlap) between them.

    `too_soon` and `over` are false for a transfer that is unmeasured, has no FTO, answers a question, goes to or from
    an unknown voice, or began with no more speech than a backchannel. `over` implies `too_soon`. `breath` is the target
    pause at that time.
    """

    who: str
    after: str
    onset: int
    offset: int
    fto: int | None
    after_share: bool
    since: int
    told: int
    answers_question: bool
    too_soon: bool
    over: bool
    measured: bool
    breath: int

    @property
    def is_answer(self) -> bool:
        """Whether it answers a share: measured, with an FTO, after a share that ended in no question or request."""
        return self.measured and self.fto is not None and self.after_share and not self.answers_question

    @property
    def between(self) -> Span:
        """The silence between the two turns or, if the offset is negative, their overlap."""
        ended = self.onset - self.offset
        return Span(min(self.onset, ended), max(self.onset, ended))


def prior_turn(who: str, onset: int, turns: Sequence[OpenTurn], timing: Timing) -> OpenTurn | None:
    """The turn that `who` answers with a turn at `onset`; None if undefined. `turns` are earlier ones in order."""
    own: list[Span] = []
    for turn in reversed(turns):
        if turn.who == who:
            own.append(turn.span)
        elif onset - turn.span.start >= timing.planning and all(span in turn.span for span in own):
            return turn
    return None


def in_company(who: str, recent: Iterable[Ipu]) -> bool:
    """Whether more than two people, including `who`, spoke in the `recent` units (those within `Timing.company`)."""
    return len(({unit.who for unit in recent} | {who}) - {UNKNOWN}) > 2


def touched(span: Span, gaps: Iterable[Span]) -> bool:
    """Whether sound was lost in `span` or directly beside it."""
    return any(gap.start <= span.end and gap.end >= span.start for gap in gaps)


def transfer(
    new: OpenTurn, turns: Sequence[OpenTurn], recent: Iterable[Ipu], gaps: Iterable[Span], timing: Timing, breath: int
) -> Transfer:
    """The transfer to the turn `new`, which has just begun. `turns` are the turns before it, at least one, in order.

    `recent` are everybody's units within `Timing.company` before it; `gaps` are spans of lost sound; `breath` is the
    target pause, in samples.
    """
    onset = new.units[0].start
    prior = None if in_company(new.who, recent) else prior_turn(new.who, onset, turns, timing)
    before = prior or turns[-1]
    offset = onset - before.span.end
    fto = None if prior is None else offset
    measured = not touched(Span(onset - max(0, offset), onset + max(0, -offset)), gaps)
    after_share = before.is_share(timing)
    answers_question = before.ends_in_question(timing)
    counts = (
        after_share and measured and not answers_question and not new.short and UNKNOWN not in (new.who, before.who)
    )
    too_soon = counts and fto is not None and fto < breath
    return Transfer(
        who=new.who,
        after=before.who,
        onset=onset,
        offset=offset,
        fto=fto,
        after_share=after_share,
        since=before.span.start,
        told=before.speech,
        answers_question=answers_question,
        too_soon=too_soon,
        over=too_soon and fto is not None and fto < timing.over,
        measured=measured,
        breath=breath,
    )
