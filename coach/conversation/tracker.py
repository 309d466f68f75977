"""The conversation as it happens: the same rules as for a finished one, applied to what is known so far.

The tracker collects units, lets `floor` decide what is certain, and reports each floor transfer once. It has no rules
of its own: the transfers that it has reported by sample `t` are those of `converse(everything, now=t - lag)`. After
thirty seconds the past is settled: the tracker keeps the state of the floor and forgets the units.

    sound    Ana ════════════════     Ben ══════════════════
    input    SpeechOn        Speech       SpeechOn      Words …
    output                                     └1.2 s┘ FloorTaken(Ben after Ana)

For three reasons, the reports can differ from the analysis of the finished conversation:

- Words come after the decision. They may show that she had asked him something, although the transfer was reported as
  too soon, or that the new turn was a "mm-hm, mm-hm" of more than 1.2 s.
- Hearing is later than `lag`, or revises an onset or a name.
- The previous holder keeps talking after the report. The reported FTO is then provisional, and their turn may become a
  share only later.

A short last turn that nobody answers is never reported, since it is no transfer until the conversation is over.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.conversation.floor import Floor
from coach.conversation.floor_bids import BidContext
from coach.conversation.ipu import Ipu, Said, tidied
from coach.conversation.speech_state import SpeechState
from coach.conversation.timing import DEFAULTS, Timing
from coach.conversation.transfers import Transfer
from coach.core.events import AudioGap, DeviceLost, Event, FloorTaken, Speech, SpeechOn, VoiceOff, VoiceOn, Words
from coach.core.span import RATE, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerConfig:
    """When the past is settled, and how much of it is kept. Times are samples."""

    settled: int = 30 * RATE  # words that come later than this no longer change anything
    margin: int = 15 * RATE  # before the settled past, where judgements still look; `Timing.company` is the longest
    turns_kept: int = 8  # settled turns: a turn answers one of the last two or three, the others are margin


CONFIG = TrackerConfig()


class Tracker:
    """Reports floor transfers as they become certain.

    Call `hear` for every event in the order of time, with the state of speech after it, and `tick` once a hop.

    `lag` is the number of samples after which hearing notices that somebody began or stopped. Speech in progress counts
    only up to `now - lag`; it may have ended since, although hearing has not reported it yet.
    """

    def __init__(self, timing: Timing = DEFAULTS, lag: int = 0) -> None:
        self.timing = timing
        self.lag = lag
        self.recent_units: list[Ipu] = []
        self._speech = SpeechState()
        self._words: list[Words] = []
        self._gaps: list[Span] = []
        self._settled = Floor(timing)
        self._latest = Floor(timing)
        self._known = 0  # the sample up to which `_latest` was computed
        self._stale_until = -1  # `_latest` must be computed again until it reaches beyond this sample
        self._reported: dict[str, int] = {}  # for each person, the certain end of the last turn that was reported

    # -------------------------------------------------------------------------------------------------------- input

    def hear(self, event: Event, speech: SpeechState) -> None:
        """Takes an event of hearing or words, and the state of speech after it. Other events are ignored."""
        before, self._speech = self._speech, speech
        match event:
            case VoiceOn() | VoiceOff() | DeviceLost():
                pass
            case SpeechOn(who=who, onset=onset):
                self._close_unfinished(before, who, onset)
            case Speech(who=who, span=span):
                self.recent_units.append(Ipu(who, span))
            case Words():
                self._words.append(event)
            case AudioGap():
                self._gaps.append(event.span)
            case _:
                return
        self._stale_until = max(self._stale_until, event.at)

    def _close_unfinished(self, before: SpeechState, who: str, onset: int) -> None:
        """`who` begins again: their open unit, whose end was never reported, ended when the voice did."""
        unfinished = before.of(who)
        if unfinished is not None and unfinished.silent_since is not None and unfinished.silent_since < onset:
            self.recent_units.append(Ipu(who, Span(unfinished.onset, unfinished.silent_since)))

    # ------------------------------------------------------------------------------------------------------- output

    def tick(self, speech: SpeechState) -> list[FloorTaken]:
        """The transfers that became certain by `speech.now`. Call it once a hop.

        A transfer without an FTO (among more than two people, or if both began together) is reported with the plain
        distance from the end of the turn before, and is never too soon.
        """
        self._speech, now = speech, speech.now
        if not self._may_change():
            return []
        self._look(now)
        told = [self._report(t, now) for t in self._latest.transfers if t.onset > self._reported.get(t.who, -1)]
        self._settle()
        return told

    def _may_change(self) -> bool:
        """Whether anything was heard since the last computation, or whether time alone may decide an open bid."""
        if self._known <= self._stale_until:
            return True
        if self._latest.first_open is None:
            return False
        return bool(self._speech.speaking) or self._known - self._speech.silent_since <= self.timing.resume

    def _look(self, now: int) -> None:
        """Computes everything that is certain at `now`."""
        self._known = now - self.lag
        context = self._context()
        self._latest = self._settled.copy()
        self._latest.advance(context, self._gaps)

    def _context(self) -> BidContext:
        going_on = [
            Ipu(each.who, Span(each.onset, self._known if each.silent_since is None else each.silent_since))
            for each in self._speech.open
        ]
        units = tidied(self.recent_units + going_on, self.timing.join, self._known)
        return BidContext(units, Said(units, self._words), self.timing, self._known)

    def _report(self, transfer: Transfer, now: int) -> FloorTaken:
        self._reported[transfer.who] = self._latest.certain_end(transfer)
        return FloorTaken(
            at=now,
            who=transfer.who,
            after=transfer.after,
            onset=transfer.onset,
            fto=transfer.offset,
            after_share=transfer.after_share,
            too_soon=transfer.too_soon,
            over=transfer.over,
            since=transfer.since,
            told=transfer.told,
            breath=self._latest.breath.target if self.timing.growth else None,
        )

    def _settle(self) -> None:
        """Forgets the past before `CONFIG.settled`, up to a unit that begins before everything still undecided."""
        limit = self._known - CONFIG.settled
        if not self.recent_units or self.recent_units[0].span.start + CONFIG.margin + CONFIG.settled > limit:
            return
        doubtful = [each.onset for each in self._speech.open]
        if self._latest.first_open is not None:
            doubtful.append(self._latest.first_open)
        limit = min([limit, *doubtful])
        context = self._context()
        until = max((u.span.start for u in context.units if u.span.start <= limit), default=self._settled.done)
        if until <= self._settled.done:
            return
        self._settled.advance(context, self._gaps, until)
        self._settled.forget(CONFIG.turns_kept)
        since = until - CONFIG.margin
        self.recent_units = [unit for unit in self.recent_units if unit.span.end > since]
        self._words = [words for words in self._words if words.span.end > since]
        self._gaps = [gap for gap in self._gaps if gap.end > since]

    # ------------------------------------------------------------------------------------------------------- views

    @property
    def floor(self) -> str | None:
        """The person who holds the floor; None before anybody has spoken."""
        return self._latest.holder.who if self._latest.holder else None
