"""What happened in a session beside what its analysis holds: silences, overlaps, marks, hushes, lost sound, levels.

A pure function of the events. It rests on the same `converse` as the analysis, so that both speak of the same turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.conversation import Conversation, Overlap, Transfer, silences
from coach.core.events import AudioGap, Event, Hushed, Marked, Words
from coach.core.span import Span, as_seconds
from coach.review.analysis import conversed


@dataclass(frozen=True, slots=True)
class Held:
    """A silence between two people's turns, and the transfer that ended it; never longer than its FTO."""

    span: Span
    transfer: Transfer

    @property
    def length(self) -> float:
        """In seconds."""
        return as_seconds(self.span.duration)


@dataclass(frozen=True, slots=True)
class Happened:
    """Everything in order of time, times in samples.

    `held`: silences before a turn of another, those left out in which sound was lost. `hushed`: when the coach was
    asked to be quiet. `stretches`: what was recognised, with its level; the text only when words were kept.
    """

    held: tuple[Held, ...]
    overlaps: tuple[Overlap, ...]
    marks: tuple[Marked, ...]
    hushed: tuple[Span, ...]
    unheard: tuple[AudioGap, ...]
    stretches: tuple[Words, ...]


def happened(events: Iterable[Event], breath: float, end: int) -> Happened:
    """`breath` is the target breath in seconds, `end` the last sample of the session."""
    told = list(events)
    conversation = conversed(told, breath)
    return Happened(
        held=_held(conversation),
        overlaps=conversation.overlaps,
        marks=tuple(event for event in told if isinstance(event, Marked)),
        hushed=_hushed(told, end),
        unheard=tuple(event for event in told if isinstance(event, AudioGap)),
        stretches=tuple(sorted((e for e in told if isinstance(e, Words)), key=lambda words: (words.span, words.who))),
    )


def _held(conversation: Conversation) -> tuple[Held, ...]:
    pairs = zip(silences(conversation), conversation.transfers, strict=True)
    return tuple(Held(span, transfer) for span, transfer in pairs if span and transfer.measured)


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
