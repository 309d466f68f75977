"""Scores a system's output against the reference. Pure functions on units of speech.

Turns and transfers of every system are derived from its units by `coach.conversation.converse`, so that the systems
differ only in their hearing.

    transfers   a detected transfer matches a true one to the same person if their onsets are within 1 s; nearest first,
                each used once. FTO error: detected minus true FTO. The others are missed or invented
    silences    each true silence of 0.18 s or more is compared with the detected silence that overlaps it most:
                detected minus true length. Lost if speech was detected throughout
    frames      10 ms; right if exactly the true speakers were detected
    double      frames in which two or more speak: true, detected, and both
    overlaps    stretches of 0.5 s or more with two voices: found if at least 0.2 s was detected as two, invented if
                less than 0.1 s is true
    too soon    a detected too-soon transfer is right if it matches a true one that is too soon
    backchannels  mistaken for a turn if a detected turn of the same speaker begins with it

What touches a span that the truth leaves out is not scored; turns are derived from all the speech, so that the turns
around such a span keep their length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise

import numpy as np

from coach.conversation import Conversation, Ipu, Timing, converse
from coach.core.span import RATE, Span, as_samples, joined, shared
from scripts.simulate.truth import BACKCHANNEL, NEAR, Given, Truth, matched

FRAME = RATE // 100
PAUSE = as_samples(0.18)  # shorter silences include stop closures
OVERLAP = as_samples(0.5)
OVERLAP_FOUND = as_samples(0.2)
OVERLAP_NONE = as_samples(0.1)


@dataclass
class Score:
    """Sums and individual errors over recordings; errors are seconds, detected minus true. Scores can be added."""

    fto: list[float] = field(default_factory=list)
    missed: int = 0
    invented: int = 0
    pauses: list[float] = field(default_factory=list)
    pauses_lost: int = 0
    gaps: list[float] = field(default_factory=list)
    gaps_lost: int = 0
    frames: int = 0  # frames with speech in the reference
    frames_right: int = 0
    silent_frames: int = 0  # frames without
    silent_right: int = 0
    double_frames: int = 0  # frames with two or more speakers in the reference
    double_told: int = 0
    double_right: int = 0  # in both
    overlaps: int = 0
    overlaps_found: int = 0
    overlaps_invented: int = 0
    soon: int = 0
    soon_found: int = 0
    soon_told: int = 0
    backchannels: int = 0
    backchannels_taken: int = 0
    seconds: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def score(truth: Truth, heard: Iterable[Ipu], timing: Timing | None = None) -> Score:
    """The score of one recording, restricted to `truth.scored`."""
    units = within(heard, truth.scored)
    true = within(truth.speech, truth.scored)
    out = Score(seconds=(truth.scored.duration - shared([truth.scored], truth.left_out)) / RATE)
    _frames(out, truth, true, units)
    _overlaps(out, truth, true, units)
    if truth.follows:
        talk = converse(units, timing=timing or Timing())
        _transfers(out, truth, talk)
        _silences(out, truth, true, units)
        _backchannels(out, truth, talk)
    return out


def within(units: Iterable[Ipu], scored: Span) -> list[Ipu]:
    """The units, clipped to the scored region."""
    cut = (Ipu(unit.who, unit.span & scored) for unit in units)
    return sorted((unit for unit in cut if unit.span), key=lambda unit: (unit.span, unit.who))


# ------------------------------------------------------------------------------------------------------ transfers


def _transfers(out: Score, truth: Truth, talk: Conversation) -> None:
    first = truth.turns[0].span.start + NEAR if truth.turns else truth.scored.start
    heard = [Given(t.who, t.onset, t.offset, t.too_soon) for t in talk.transfers if t.onset > first]
    true = [t for t in truth.transfers if truth.judges(t.between)]
    both = matched([*truth.transfers, *truth.disputed], heard)
    pairs = [(t, h) for t, h in both if t in true]
    known, aside = [h for _, h in pairs], [h for t, h in both if t not in true]
    counted = [h for h in heard if h in known or (h not in aside and truth.judges(h.between))]
    out.fto = [(h.fto - t.fto) / RATE for t, h in pairs]
    out.missed = len(true) - len(pairs)
    out.invented = len(counted) - len(pairs)
    out.soon = sum(t.too_soon for t in true)
    out.soon_told = sum(h.too_soon for h in counted)
    out.soon_found = sum(t.too_soon and h.too_soon for t, h in pairs)


def _backchannels(out: Score, truth: Truth, talk: Conversation) -> None:
    begun = [(turn.who, turn.units[0]) for turn in talk.turns if turn.kind == "turn"]
    true = [each for each in truth.backchannels if truth.judges(each.span)]
    out.backchannels = len(true)
    out.backchannels_taken = sum(
        any(who == each.who and 2 * (unit & each.span).duration > each.span.duration for who, unit in begun)
        for each in true
    )


# ------------------------------------------------------------------------------------------------------- silences


def _silences(out: Score, truth: Truth, true: Sequence[Ipu], units: Sequence[Ipu]) -> None:
    heard = silences(units, truth.scored)
    for silence, inside in kinds(true, truth):
        best = max(heard, key=lambda span: (span & silence).duration, default=Span(0, 0))
        found = bool(best & silence)
        error = (best.duration - silence.duration) / RATE
        if inside and found:
            out.pauses.append(error)
        elif inside:
            out.pauses_lost += 1
        elif found:
            out.gaps.append(error)
        else:
            out.gaps_lost += 1


def silences(units: Iterable[Ipu], scored: Span) -> list[Span]:
    """All silences between the first and the last word in `scored`, however short."""
    spoken = joined(unit.span for unit in units)
    return [one ^ two for one, two in pairwise(spoken) if (one ^ two) & scored]


def kinds(true: Sequence[Ipu], truth: Truth) -> list[tuple[Span, bool]]:
    """Each judged true silence of 0.18 s or more, and whether it is a pause within a turn (otherwise a gap)."""
    return [
        (silence, any(silence in turn.span for turn in truth.turns))
        for silence in silences(true, truth.scored)
        if silence.duration >= PAUSE and truth.judges(silence)
    ]


# -------------------------------------------------------------------------------------------- frames and overlaps


def grid(units: Iterable[Ipu], people: Sequence[str], scored: Span) -> np.ndarray:
    """Who speaks in each 10 ms frame, (people, frames); the last row stands for everybody else."""
    rows = np.zeros((len(people) + 1, scored.duration // FRAME + 1), dtype=bool)
    for unit in units:
        row = people.index(unit.who) if unit.who in people else len(people)
        rows[row, (unit.span.start - scored.start) // FRAME : (unit.span.end - scored.start) // FRAME] = True
    return rows


def frames(spans: Iterable[Span], scored: Span) -> np.ndarray:
    """Which 10 ms frames of `scored` lie in one of the spans, (frames,); a frame begun counts."""
    out = np.zeros(scored.duration // FRAME + 1, dtype=bool)
    for span in spans:
        inside = span & scored
        out[(inside.start - scored.start) // FRAME : -((scored.start - inside.end) // FRAME)] = True
    return out


def _frames(out: Score, truth: Truth, true: Sequence[Ipu], units: Sequence[Ipu]) -> None:
    people = list(dict.fromkeys(unit.who for unit in true))
    spoke, heard = grid(true, people, truth.scored), grid(units, people, truth.scored)
    judged = ~frames(truth.left_out, truth.scored)
    right = (spoke == heard).all(axis=0) & judged
    speaking, silent = spoke.any(axis=0) & judged, ~spoke.any(axis=0) & judged
    out.frames, out.frames_right = int(speaking.sum()), int(right[speaking].sum())
    out.silent_frames, out.silent_right = int(silent.sum()), int(right[silent].sum())
    double, told = (_double(each, truth.scored) for each in (true, units))
    out.double_frames, out.double_told = int((double & judged).sum()), int((told & judged).sum())
    out.double_right = int((double & told & judged).sum())


def _double(units: Sequence[Ipu], scored: Span) -> np.ndarray:
    people = list(dict.fromkeys(unit.who for unit in units))
    return np.asarray(grid(units, people, scored).sum(axis=0) > 1)


def overlaps(units: Iterable[Ipu]) -> list[Span]:
    """Stretches with two or more speakers."""
    edges = sorted(edge for unit in units for edge in ((unit.span.start, 1), (unit.span.end, -1)))
    out: list[Span] = []
    speaking, since = 0, 0
    for at, step in edges:
        if speaking + step == 2 and step > 0:
            since = at
        if speaking == 2 and step < 0:
            out.append(Span(since, at))
        speaking += step
    return joined(out)


def _overlaps(out: Score, truth: Truth, true: Sequence[Ipu], units: Sequence[Ipu]) -> None:
    there, heard = overlaps(true), overlaps(units)
    long = [span for span in there if span.duration >= OVERLAP and truth.judges(span)]
    told = [span for span in heard if span.duration >= OVERLAP and truth.judges(span)]
    out.overlaps = len(long)
    out.overlaps_found = sum(shared([span], heard) >= OVERLAP_FOUND for span in long)
    out.overlaps_invented = sum(shared([span], there) < OVERLAP_NONE for span in told)


# ------------------------------------------------------------------------------------------------- nothing but noise


def false_turns(speech: Iterable[Span]) -> tuple[int, int]:
    """Stretches of speech with silences under a second closed, and those longer than a backchannel."""
    spoken = list(speech)
    turns = joined(spoken, as_samples(1.0))
    return len(turns), sum(shared(spoken, [turn]) > BACKCHANNEL for turn in turns)
