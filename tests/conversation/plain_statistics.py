"""A literal second implementation of the statistics, which shares no code with the first.

Everything is in whole milliseconds and starts from the turns: their person, units and kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coach.conversation import Conversation, Turn
from coach.core.events import UNKNOWN, Words
from coach.core.span import MILLISECOND

Unit = tuple[int, int]  # from, to, in milliseconds
Number = float | int | list[float] | None


class Told:
    """One turn in milliseconds."""

    def __init__(self, turn: Turn) -> None:
        self.who, self.kind, self.share, self.question = turn.who, turn.kind, turn.share, turn.question
        self.units: list[Unit] = [(u.start // MILLISECOND, u.end // MILLISECOND) for u in turn.units]
        self.start, self.end = self.units[0][0], self.units[-1][1]
        self.speech = sum(end - start for start, end in self.units)


def fto(turn: Told, earlier: Sequence[Told], everything: Sequence[Told]) -> tuple[int | None, Told]:
    """The offset of `turn`, None if it has none, and the turn before it.

    The prior turn is the most recent one by another speaker that began at least 0.2 s earlier. The speaker's own turns
    in between are ignored only if they lie entirely inside it. At most two people speak in the 10 s before.
    """
    latest = sorted(earlier, key=lambda t: t.start)
    spoke = {t.who for t in everything for start, end in t.units if start < turn.start and end > turn.start - 10_000}
    if len((spoke | {turn.who}) - {UNKNOWN}) <= 2:
        for prior in reversed(latest):
            between = [t for t in latest if t.who == turn.who and t.start >= prior.start]
            inside = all(prior.start <= own.start and own.end <= prior.end for own in between)
            if prior.who != turn.who and turn.start - prior.start >= 200 and inside:
                return turn.start - prior.end, prior
    return None, latest[-1]


def silence_before(turn: Told, turns: Sequence[Told], everybody: Sequence[Told]) -> int:
    """The longest silence before this turn, in which nobody speaks, after the last turn's words before it."""
    ends = [end for t in turns for start, end in t.units if start < turn.start]
    began = max(ends, default=turn.start)
    units = [unit for t in everybody for unit in t.units]
    edges = sorted({began, turn.start, *(edge for unit in units for edge in unit if began < edge < turn.start)})
    clear = [to - at for at, to in pairwise(edges) if not any(start <= at < end for start, end in units)]
    return max(clear, default=0)


def middle(values: Sequence[float]) -> float | None:
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 3)


def part(flags: Sequence[bool]) -> float | None:
    return round(sum(flags) / len(flags), 3) if flags else None


def statistics(talk: Conversation, people: Sequence[str], words: Sequence[Words]) -> dict[str, tuple[Number, int]]:
    """NAME: (value, n), for a breath of two seconds."""
    told = [Told(turn) for turn in talk.turns]
    order = {t.onset // MILLISECOND: place for place, t in enumerate(talk.transfers)}  # ties are decided by `floor`
    turns = sorted((t for t in told if t.kind == "turn"), key=lambda t: (t.start, order.get(t.start, -1)))
    offsets = [(turn, *fto(turn, turns[:place], told)) for place, turn in enumerate(turns) if place]
    known = [(turn, offset, prior) for turn, offset, prior in offsets if offset is not None]
    answers = [(turn, offset) for turn, offset, prior in known if prior.share and not prior.question]
    ftos = [offset for _, offset, _ in known]
    pauses = [(t.who, two[0] - one[1]) for t in turns for one, two in pairwise(t.units)]
    silences = [silence_before(turn, turns, told) for turn in turns[1:]]
    overlaps = overlapping(told)
    found: dict[str, tuple[Number, int]] = {
        "transfers": (len(turns[1:]), len(turns[1:])),
        "fto_median_s": (seconds(middle(ftos)), len(ftos)),
        "fto_mean_s": (seconds(sum(ftos) / len(ftos)) if ftos else None, len(ftos)),
        "fto_below_zero": (part([f < 0 for f in ftos]), len(ftos)),
        "fto_0_to_200_ms": (part([0 <= f <= 200 for f in ftos]), len(ftos)),
        "fto_over_1_s": (part([f > 1000 for f in ftos]), len(ftos)),
        "fto_over_2_s": (part([f > 2000 for f in ftos]), len(ftos)),
        "under_breath": (part([f < 2000 for f in ftos]), len(ftos)),
        "shares": (sum(t.share for t in turns), len(turns)),
        "answering_pauses_s": ([f / 1000 for _, f in answers] or None, len(answers)),
        "answering_pause_median_s": (seconds(middle([f for _, f in answers])), len(answers)),
        "pause_median_s": (seconds(middle([p for _, p in pauses])), len(pauses)),
        "pause_longest_s": (seconds(max((p for _, p in pauses), default=None)), len(pauses)),
        "lapses": (sum(silence > 5000 for silence in silences), len(silences)),
        "overlap_between_s": (seconds(sum(overlaps["between"])), len(overlaps["between"])),
        "overlap_within_s": (seconds(sum(overlaps["within"])), len(overlaps["within"])),
    }
    everybody = sum(t.speech for t in told)
    for who in people:
        own, theirs = [t for t in told if t.who == who], [t for t in told if t.who != who]
        mine = [t for t in own if t.kind == "turn"]
        left = [silence_before(turn, turns, told) for turn in turns[1:] if turn.who == who]
        held = [silence for silence in left if silence]
        nods = sum(t.kind == "backchannel" for t in own)
        talked = sum(t.speech for t in own)
        others = sum(t.speech for t in theirs)
        own_pauses = [p for name, p in pauses if name == who]
        found |= {
            f"talk_s.{who}": (seconds(talked), sum(len(t.units) for t in own)),
            f"talk_share.{who}": (round(talked / everybody, 3) if told else None, sum(len(t.units) for t in told)),
            f"turns.{who}": (len(mine), len(mine)),
            f"longest_turn_s.{who}": (seconds(max((t.end - t.start for t in mine), default=None)), len(mine)),
            f"own_pause_median_s.{who}": (seconds(middle(own_pauses)), len(own_pauses)),
            f"holding_s.{who}": (seconds(max(held, default=None)), len(held)),
            f"backchannels.{who}": (nods, nods),
            f"backchannels_per_minute.{who}": (round(nods * 60_000 / others, 3), nods) if others else (None, 0),
            f"incursions.{who}": (sum(t.kind == "incursion" for t in own),) * 2,
            f"words_per_minute.{who}": speed(who, own, words),
        }
    return found


def overlapping(told: Sequence[Told]) -> dict[str, list[int]]:
    """Every pair of units of different people: "between" if both belong to turns, "within" if only one does."""
    found: dict[str, list[int]] = {"between": [], "within": []}
    for place, one in enumerate(told):
        for other in told[place + 1 :]:
            turns = (one.kind == "turn") + (other.kind == "turn")
            if one.who != other.who and turns:
                both = [min(a[1], b[1]) - max(a[0], b[0]) for a in one.units for b in other.units]
                found["between" if turns == 2 else "within"] += [length for length in both if length > 0]
    return found


def speed(who: str, own: Sequence[Told], words: Sequence[Words]) -> tuple[float | None, int]:
    """Words per minute of the speech in which they were recognised."""
    count = length = n = 0
    for told in words:
        if told.who == who:
            start, end = told.span.start // MILLISECOND, told.span.end // MILLISECOND
            spoken = sum(max(0, min(end, b) - max(start, a)) for t in own for a, b in t.units)
            count, length, n = (count + told.count, length + spoken, n + 1) if spoken else (count, length, n)
    return (round(count * 60_000 / length, 3), n) if n else (None, 0)
