"""Floor transfers: the distribution of their offsets (FTO).

An FTO is the start of the new turn minus the end of the turn before it; below zero, both spoke. docs/statistics.md
states the usual value of each number in recorded conversations.
"""

from __future__ import annotations

from statistics import fmean

from coach.conversation.measures.seen import Seen
from coach.conversation.measures.stat import Measured, overall
from coach.conversation.measures.summaries import count, median, part, quantile
from coach.core.span import RATE, as_samples


@overall("count")
def transfers(seen: Seen) -> Measured:
    """How often the floor went from one person to another."""
    return count(seen.conversation.transfers)


@overall("s")
def fto_median_s(seen: Seen) -> Measured:
    """Median floor transfer offset: start of the new turn minus end of the turn before it; below zero is overlap."""
    return median(seen.ftos)


@overall("s")
def fto_mean_s(seen: Seen) -> Measured:
    """Mean floor transfer offset; a few long silences change it a lot, so the median describes one talk better."""
    return Measured(fmean(seen.ftos) if seen.ftos else None, len(seen.ftos))


@overall("s")
def fto_lowest_tenth_s(seen: Seen) -> Measured:
    """A tenth of the floor transfer offsets lie below this."""
    return quantile(seen.ftos, 1)


@overall("s")
def fto_lower_quartile_s(seen: Seen) -> Measured:
    """A quarter of the floor transfer offsets lie below this."""
    return quantile(seen.ftos, 2.5)


@overall("s")
def fto_upper_quartile_s(seen: Seen) -> Measured:
    """A quarter of the floor transfer offsets lie above this."""
    return quantile(seen.ftos, 7.5)


@overall("s")
def fto_highest_tenth_s(seen: Seen) -> Measured:
    """A tenth of the floor transfer offsets lie above this."""
    return quantile(seen.ftos, 9)


@overall("share")
def fto_below_zero(seen: Seen) -> Measured:
    """Share of floor transfers that began before the other person had finished."""
    return part([t.offset < 0 for t in seen.transfers])


@overall("share")
def fto_0_to_200_ms(seen: Seen) -> Measured:
    """Share of floor transfers with an offset from zero to 0.2 s, the most common in everyday talk."""
    return part([0 <= t.offset <= as_samples(0.2) for t in seen.transfers])


@overall("share")
def fto_over_1_s(seen: Seen) -> Measured:
    """Share of floor transfers with an offset of more than one second."""
    return part([t.offset > RATE for t in seen.transfers])


@overall("share")
def fto_over_2_s(seen: Seen) -> Measured:
    """Share of floor transfers with an offset of more than two seconds."""
    return part([t.offset > 2 * RATE for t in seen.transfers])


@overall("share")
def under_breath(seen: Seen) -> Measured:
    """Share of all floor transfers whose offset is shorter than the target breath."""
    return part([t.offset < t.breath for t in seen.transfers])
