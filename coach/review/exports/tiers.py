"""A conversation as tiers of labelled intervals and moments, for Praat and ELAN."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from coach.core.events import UNKNOWN
from coach.core.names import one_line
from coach.core.span import as_seconds
from coach.review.exports.exported import Exported
from coach.review.tiers import CUES, MARKS, READING, SILENCES, SPEECH, TURNS, UNHEARD, WORDS, label, tier_name

Row = dict[str, Any]  # of a list in the analysis


class Interval(NamedTuple):
    """From `start` up to but not including `end`, in milliseconds. For a moment they are equal."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Tier:
    """Intervals, or moments, in order of time, without overlaps or two at the same time.

    `who` is the person that the tier describes, or None.
    """

    name: str
    who: str | None
    intervals: tuple[Interval, ...]
    moments: bool = False


def tiers(session: Exported) -> list[Tier]:
    """All tiers: those of each person, then the shared ones and the coach's. Only a person's speech may be empty."""
    speech = session.analysis["speech"]
    people = session.analysis["people"] + [UNKNOWN] * any(each["who"] == UNKNOWN for each in speech)
    found = [tier for who in people for tier in _personal(who, session)]
    shared = [
        Tier(SILENCES, None, tuple(_silences(session.analysis))),
        Tier(UNHEARD, None, _apart(_interval(span.start_s, span.end_s, "unheard") for span in session.lost)),
        Tier(CUES, None, _at_once(_cues(session)), moments=True),
        Tier(MARKS, None, _at_once((_ms(as_seconds(m.at)), m.note or "mark") for m in session.marks), moments=True),
    ]
    return found + [tier for tier in shared if tier.intervals]


def length(session: Exported, found: Iterable[Tier]) -> int:
    """The length of all tiers in milliseconds; at least 1, because Praat requires a positive length."""
    ends = (interval.end for tier in found for interval in tier.intervals)
    return max(1, _ms(session.analysis["recording"]["duration_s"]), *ends)


def _personal(who: str, session: Exported) -> Iterator[Tier]:
    speech, turns = (_of(who, session.analysis[name]) for name in ("speech", "turns"))
    words = [each for each in session.words if each.who == who]
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


def _cues(session: Exported) -> Iterator[tuple[int, str]]:
    for each in session.analysis["cues"]:
        would = "would have been given: " if session.of_recording and each["given"] else ""
        yield _ms(each["at_s"]), would + _cue(each)


def _cue(cue: Row) -> str:
    whom = f" for {cue['to']}" if cue["to"] else ""
    said = f"{cue['kind']} ({cue['form']}){whom}" + (f": {cue['text']}" if cue["text"] else "")
    if cue["failed"]:
        return f"could not be played: {said}"
    return said if cue["given"] else f"held back, {cue['held_back']}: {said}"


def _silences(analysis: Row) -> Iterator[Interval]:
    """The silences. One is a pause if the turn that started last continues after it; no other turn can."""
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
    """A time with three decimals as whole milliseconds."""
    return round(seconds * 1000)


def _apart(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The intervals in order, cut so that they do not overlap, without empty ones.

    Neither format allows overlapping intervals on a tier. One person's intervals do not overlap today, but a session
    that another version stored may have overlaps, and must be exported too.
    """
    kept: list[Interval] = []
    for each in sorted(intervals):
        start = max(each.start, kept[-1].end if kept else 0)
        if each.end > start:
            kept.append(each._replace(start=start))
    return tuple(kept)


def _at_once(moments: Iterable[tuple[int, str]]) -> tuple[Interval, ...]:
    """The moments in order; those in the same millisecond share a label."""
    labels: dict[int, list[str]] = {}
    for at, said in moments:
        labels.setdefault(at, []).append(one_line(said))
    return tuple(Interval(at, at, " + ".join(labels[at])) for at in sorted(labels))
