"""Answering a share: the coach's main figure.

A share is a turn with at least five seconds of speech that is not a question, request or logistics. The answering pause
is the FTO of another person's next turn, unless that turn answers a question or a request.
"""

from __future__ import annotations

from coach.conversation.measures.seen import Seen
from coach.conversation.measures.stat import Measured, overall
from coach.conversation.measures.summaries import median, part
from coach.core.span import as_seconds


@overall("count")
def shares(seen: Seen) -> Measured:
    """How many turns were shares: five seconds of speech or more, and not a question, request or logistics."""
    return Measured(sum(turn.share for turn in seen.turns), len(seen.turns))


@overall("s")
def answering_pauses_s(seen: Seen) -> Measured:
    """The pause before each answer to a share, in order, not counting answers to a question or request."""
    pauses = [as_seconds(t.offset) for t in seen.answers]
    return Measured(pauses or None, len(pauses))


@overall("s")
def answering_pause_median_s(seen: Seen) -> Measured:
    """Median pause before an answer to a share, not counting answers to a question or request."""
    return median([as_seconds(t.offset) for t in seen.answers])


@overall("count")
def after_breath(seen: Seen) -> Measured:
    """How many answers to a share began when the target breath had passed, or later."""
    return Measured(sum(t.offset >= t.breath for t in seen.answers), len(seen.answers))


@overall("count")
def too_soon(seen: Seen) -> Measured:
    """How many answers to a share began before the target breath had passed; those over its end are among them."""
    return Measured(sum(t.too_soon for t in seen.answers), len(seen.answers))


@overall("share")
def too_soon_share(seen: Seen) -> Measured:
    """Share of the answers to a share that began before the target breath had passed."""
    return part([t.too_soon for t in seen.answers])


@overall("count")
def sooner_uncounted(seen: Seen) -> Measured:
    """How many answers to a share came sooner, but by or after an unknown voice, or as short at first as an “mm-hm”."""
    sooner = [t for t in seen.answers if t.offset < t.breath and not t.too_soon]
    return Measured(len(sooner), len(seen.answers))


@overall("count")
def over(seen: Seen) -> Measured:
    """How many answers to a share began sooner than the breath, and more than 0.2 s before the share had ended."""
    return Measured(sum(t.over for t in seen.answers), len(seen.answers))


@overall("share")
def over_share(seen: Seen) -> Measured:
    """Share of the answers to a share that began sooner than the breath, and more than 0.2 s before it had ended."""
    return part([t.over for t in seen.answers])
