"""Details of a session that its analysis lacks: silences, overlaps, marks, hushes, lost sound, and levels over time.

They follow from the events alone, through the same `converse` as the analysis, so both refer to the same turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.conversation import Conversation, Overlap, Timing, Transfer, silences
from coach.core.events import AudioGap, Cue, Event, Hushed, Marked, Words
from coach.core.span import Span, as_samples, as_seconds
from coach.review.analysis import conversed
from coach.review.sounded import BOWL


@dataclass(frozen=True, slots=True)
class HeldSilence:
    """A silence between two people's turns, in which nobody spoke, and the transfer before which it lay."""

    span: Span
    transfer: Transfer

    @property
    def length(self) -> float:
        """The duration in seconds."""
        return as_seconds(self.span.duration)


@dataclass(frozen=True, slots=True)
class Happened:
    """The details in order of time. Times are in samples.

    `held`: silences between two people's turns, without those in which sound was lost. `hushed`: when the coach was
    silenced. `halves`: of a turn-taking exercise, each with the person who shared in it. `stretches`: the recognised
    words, with text only if the session keeps words.
    """

    held: tuple[HeldSilence, ...]
    overlaps: tuple[Overlap, ...]
    marks: tuple[Marked, ...]
    hushed: tuple[Span, ...]
    halves: tuple[tuple[Span, str], ...]
    unheard: tuple[AudioGap, ...]
    stretches: tuple[Words, ...]


def happened(events: Iterable[Event], timing: Timing, end: int, people: Sequence[str]) -> Happened:
    """The details in `events`. `end` is the last sample of the session.

    `people` are those of the session in their order: by the clock, the first of them shares first.
    """
    events = list(events)
    conversation = conversed(events, timing)
    return Happened(
        held=_held(conversation),
        overlaps=conversation.overlaps,
        marks=tuple(event for event in events if isinstance(event, Marked)),
        hushed=_hushed(events, end),
        halves=_halves(events, end, people),
        unheard=tuple(event for event in events if isinstance(event, AudioGap)),
        stretches=tuple(sorted((e for e in events if isinstance(e, Words)), key=lambda words: (words.span, words.who))),
    )


def _held(conversation: Conversation) -> tuple[HeldSilence, ...]:
    pairs = zip(silences(conversation), conversation.transfers, strict=True)
    return tuple(HeldSilence(span, transfer) for spans, transfer in pairs if transfer.measured for span in spans)


def _hushed(events: Sequence[Event], end: int) -> tuple[Span, ...]:
    spans: list[Span] = []
    since: int | None = None
    for event in events:
        if not isinstance(event, Hushed):
            continue
        if event.on and since is None:
            since = event.at
        elif not event.on and since is not None:
            spans.append(Span(since, event.at))
            since = None
    return (*spans, Span(since, end)) if since is not None else tuple(spans)


def _halves(events: Sequence[Event], end: int, people: Sequence[str]) -> tuple[tuple[Span, str], ...]:
    """From the bowls, the first of which says when the exercise began. Without one, none is known of."""
    bowls = [event for event in events if isinstance(event, Cue) and event.kind == BOWL]
    if not bowls or len(people) < 2:
        return ()
    begun = bowls[0].at - as_samples(bowls[0].because.get("since_beginning_s", 0.0))
    change = bowls[0].at
    over = bowls[1].at if len(bowls) > 1 else end
    return ((Span(begun, change), people[0]), (Span(change, over), people[1]))
