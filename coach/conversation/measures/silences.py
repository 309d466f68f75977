"""Silence and overlap: within one person's turn, and between two people's."""

from __future__ import annotations

from coach.conversation.measures.seen import Seen
from coach.conversation.measures.stat import Measured, overall
from coach.conversation.measures.summaries import longest, median
from coach.core.span import as_seconds


@overall("s")
def pause_median_s(seen: Seen) -> Measured:
    """Median silence inside one person's turn, counted from 0.18 s."""
    return median(seen.pauses())


@overall("s")
def pause_longest_s(seen: Seen) -> Measured:
    """Longest silence of a speaker inside their own turn, in which a listener may have said “mm-hm”."""
    return longest(seen.pauses())


@overall("count")
def lapses(seen: Seen) -> Measured:
    """Before how many changes of speaker nobody spoke for longer than five seconds; an “mm-hm” ends a silence."""
    between = [t for t in seen.conversation.transfers if t.measured]
    return Measured(len(seen.conversation.lapses), len(between))


@overall("s")
def overlap_between_s(seen: Seen) -> Measured:
    """How long two people spoke at once while the floor passed from one to the other."""
    return _overlap(seen, "between")


@overall("s")
def overlap_within_s(seen: Seen) -> Measured:
    """How long two people spoke at once while one kept the floor: backchannels and attempts that did not take it."""
    return _overlap(seen, "within")


def _overlap(seen: Seen, kind: str) -> Measured:
    spans = [overlap.span for overlap in seen.conversation.overlaps if overlap.kind == kind]
    return Measured(as_seconds(sum(span.duration for span in spans)), len(spans))
