"""A conversation as tiers of labelled intervals and moments, for Praat and for ELAN alike."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from coach.core.events import UNKNOWN
from coach.core.span import as_seconds
from coach.review.exports.account import Account
from coach.review.tiers import CUES, MARKS, READING, SILENCES, SPEECH, TURNS, UNHEARD, WORDS, label, tier_name
from coach.review.transcript import one_line

Row = dict[str, Any]  # of a list in the analysis


class Interval(NamedTuple):
    """From `start` up to `end`, in milliseconds; a moment has no length."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Tier:
    """Intervals, or moments, in order of time; no two of them overlap or are at the same moment.

    `who` is the person whom it is about, None where it is about all.
    """

    name: str
    who: str | None
    intervals: tuple[Interval, ...]
    moments: bool = False


def tiers(told: Account) -> list[Tier]:
    """All tiers: those of each person, then those of all and the coach's. Only a person's own may be empty."""
    speech = told.analysis["speech"]
    people = told.analysis["people"] + [UNKNOWN] * any(each["who"] == UNKNOWN for each in speech)
    found = [tier for who in people for tier in _personal(who, told)]
    shared = [
        Tier(SILENCES, None, tuple(_silences(told.analysis))),
        Tier(UNHEARD, None, _apart(_interval(span.start_s, span.end_s, "unheard") for span in told.lost)),
        Tier(CUES, None, _at_once((_ms(each["at_s"]), _cue(each)) for each in told.analysis["cues"]), moments=True),
        Tier(MARKS, None, _at_once((_ms(as_seconds(m.at)), m.note or "mark") for m in told.marks), moments=True),
    ]
    return found + [tier for tier in shared if tier.intervals]


def length(told: Account, found: Iterable[Tier]) -> int:
    """Milliseconds from the beginning to the end of the last thing on the tiers; at least one, for Praat's sake."""
    ends = (interval.end for tier in found for interval in tier.intervals)
    return max(1, _ms(told.analysis["recording"]["duration_s"]), *ends)


def _personal(who: str, told: Account) -> Iterator[Tier]:
    speech, turns = (_of(who, told.analysis[name]) for name in ("speech", "turns"))
    words = [each for each in told.words if each.who == who]
    described = {
        TURNS: [_interval(*_ends(each), "share" if each["share"] else each["kind"]) for each in turns],
        READING: [_interval(each.span.start_s, each.span.end_s, label(each)) for each in words],
        WORDS: [_interval(each.span.start_s, each.span.end_s, each.text) for each in words if each.text],
    }
    yield Tier(who, who, _apart(_interval(*_ends(each), SPEECH) for each in speech))
    for what, intervals in described.items():
        if intervals:
            yield Tier(tier_name(who, what), who, _apart(intervals))


def _of(who: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["who"] == who]


def _ends(row: Row) -> tuple[float, float]:
    return row["start_s"], row["end_s"]


def _cue(cue: Row) -> str:
    said = f"{cue['kind']} ({cue['form']})" + (f": {cue['text']}" if cue["text"] else "")
    return said if cue["given"] else f"held back, {cue['held_back']}: {said}"


def _silences(analysis: Row) -> Iterator[Interval]:
    """Where nobody speaks. It is a pause where the turn that began last goes on after it: no other can."""
    turns = sorted((_ms(t["start_s"]), _ms(t["end_s"])) for t in analysis["turns"] if t["kind"] == "turn")
    ended, before = 0, False
    for each in analysis["speech"]:
        start, end = map(_ms, _ends(each))
        if start > ended:
            place = bisect_right(turns, ended, key=lambda turn: turn[0]) - 1
            inside = place >= 0 and turns[place][1] >= end
            yield Interval(ended, start, ("pause" if inside else "gap") if before else "silence")
        ended, before = max(ended, end), True
    if (last := _ms(analysis["recording"]["duration_s"])) > ended:
        yield Interval(ended, last, "silence")


def _interval(start_s: float, end_s: float, said: str) -> Interval:
    return Interval(_ms(start_s), _ms(end_s), one_line(said))


def _ms(seconds: float) -> int:
    """Whole milliseconds of a time that has three decimals."""
    return round(seconds * 1000)


def _apart(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """In order; what would reach back into the one before begins where that ends, and what then is empty is left out.

    Neither format can hold two intervals at once on a tier. Nothing of one person overlaps, as hearing and the
    recogniser's spans go; a stored session of another version may be less tidy, and must be exported all the same.
    """
    kept: list[Interval] = []
    for each in sorted(intervals):
        start = max(each.start, kept[-1].end if kept else 0)
        if each.end > start:
            kept.append(each._replace(start=start))
    return tuple(kept)


def _at_once(moments: Iterable[tuple[int, str]]) -> tuple[Interval, ...]:
    """In order; what happened in the same millisecond shares a label."""
    labels: dict[int, list[str]] = {}
    for at, said in moments:
        labels.setdefault(at, []).append(one_line(said))
    return tuple(Interval(at, at, " + ".join(labels[at])) for at in sorted(labels))
