"""Measures of each person: how much they spoke, the silences that they left, and their backchannels."""

from __future__ import annotations

from collections.abc import Sequence

from coach.conversation.measures.intervals import of_rate, of_ratio
from coach.conversation.measures.seen import Seen
from coach.conversation.measures.stat import Measured, personal
from coach.conversation.measures.summaries import count, longest, median
from coach.conversation.talk import longest_of, silences
from coach.core.span import RATE, Span, as_seconds, joined, overlapping

MINUTE = 60 * RATE  # samples


@personal("s")
def talk_s(seen: Seen, who: str) -> Measured:
    """How long this person spoke in total, without silences."""
    return Measured(as_seconds(seen.speech(who)), len(seen.units(who)))


@personal("share")
def talk_share(seen: Seen, who: str) -> Measured:
    """This person's share of all speech."""
    everybody = seen.speech()
    return Measured(seen.speech(who) / everybody if everybody else None, len(seen.units()))


@personal("count")
def turns(seen: Seen, who: str) -> Measured:
    """How many turns this person had, not counting backchannels and speech that did not take the floor."""
    return count(seen.of_kind("turn", who))


@personal("s")
def longest_turn_s(seen: Seen, who: str) -> Measured:
    """This person's longest turn from beginning to end, pauses included."""
    return longest([as_seconds(turn.span.duration) for turn in seen.of_kind("turn", who)])


@personal("s")
def own_pause_median_s(seen: Seen, who: str) -> Measured:
    """Median silence inside this person's turns, counted from 0.18 s."""
    return median(seen.pauses(who))


@personal("s")
def answering_pause_s(seen: Seen, who: str) -> Measured:
    """Median pause that this person left before answering a share, not counting answers to a question or request."""
    return median([as_seconds(t.offset) for t in seen.answers if t.who == who])


@personal("s")
def holding_s(seen: Seen, who: str) -> Measured:
    """The longest silence that this person, as the listener, left before answering; an “mm-hm” ends a silence."""
    before = zip(seen.conversation.transfers, silences(seen.conversation), strict=True)
    left = [longest_of(silent) for taken, silent in before if taken.measured and taken.who == who]
    return longest([as_seconds(silence.duration) for silence in left if silence is not None])


@personal("count")
def backchannels(seen: Seen, who: str) -> Measured:
    """How many backchannels this person gave ("mm-hm", "yeah", laughter)."""
    return count(seen.of_kind("backchannel", who))


@personal("per minute")
def backchannels_per_minute(seen: Seen, who: str) -> Measured:
    """How many backchannels this person gave per minute of the others' speech."""
    minutes = (seen.speech() - seen.speech(who)) / MINUTE
    given = len(seen.of_kind("backchannel", who))
    return Measured(given / minutes, given, of_rate(given, minutes)) if minutes else Measured(None, 0)


@personal("count")
def incursions(seen: Seen, who: str) -> Measured:
    """How often this person spoke for longer than a backchannel during another's speech without getting the floor."""
    return count(seen.of_kind("incursion", who))


@personal("count")
def words(seen: Seen, who: str) -> Measured:
    """How many of this person's words were recognised."""
    told = [w.count for w in seen.words if w.who == who]
    return Measured(sum(told) if seen.words else None, len(told))


@personal("per minute")
def words_per_minute(seen: Seen, who: str) -> Measured:
    """How fast this person spoke, where words were recognised: words per minute of speech, without silences."""
    spoken = joined(seen.units(who))
    told = [(w.count, _inside(w.span, spoken) / MINUTE) for w in seen.words if w.who == who]
    heard = [(number, minutes) for number, minutes in told if minutes]
    if not heard:
        return Measured(None, 0)
    numbers, minutes = zip(*heard, strict=True)
    return Measured(sum(numbers) / sum(minutes), len(heard), of_ratio(numbers, minutes))


def _inside(span: Span, spoken: Sequence[Span]) -> int:
    """How many samples of `span` were spoken; `spoken` are spans in order that do not meet."""
    return sum((each & span).duration for each in overlapping(span, spoken))
