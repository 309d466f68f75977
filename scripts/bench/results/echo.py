"""Evaluates residual echo: false turns, interrupted cues, and words lost by people who spoke over a cue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median

from coach.core.events import Event, Speech, Words
from coach.core.span import RATE, Span, as_seconds
from coach.core.understood import words_in
from scripts.bench.results.scores import false_turns
from scripts.bench.results.tables import figure
from scripts.simulate.own_voice import BETWEEN, FORMS, Heard, Moment

EDGE = RATE // 2  # samples around speech that may still belong to it, from reverberation and voice activity's hangover
RIGHT, KNOWN = "right", "known"
COLUMNS = ["system", "room", "level", "false turns", "long", "cut itself", "stops after", "90%", *FORMS, RIGHT, KNOWN]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one moment. `turns`: false turns; `long`: those with over 1.2 s of speech.

    `cut`: the cue stopped early, `after_s` seconds after the person began (None if nobody had).
    """

    form: str
    spoken: bool
    turns: int
    long: int
    cut: bool
    after_s: float | None
    words: str
    text: str
    known: bool


def outcomes(moments: Sequence[Moment], heard: Heard) -> list[Outcome]:
    """The outcome of each moment of a session."""
    return [
        _outcome(moment, begin, heard.told, heard.cut.get(i))
        for i, (moment, begin) in enumerate(zip(moments, heard.begins, strict=True))
    ]


def _outcome(moment: Moment, begin: int, told: Sequence[Event], stopped: int | None) -> Outcome:
    within = Span(begin, begin + moment.length + BETWEEN - EDGE)
    mine = Span(begin, begin)
    if moment.said is not None:
        mine = Span(begin + moment.offset - EDGE, begin + moment.offset + len(moment.said) + EDGE)
    units = [e for e in told if isinstance(e, Speech) and e.span & within]
    turns, long = false_turns(e.span for e in units if not e.span & mine)
    onset = begin + moment.offset
    after = None if stopped is None or moment.said is None else as_seconds(stopped - onset)
    words = [e.text or "" for e in told if isinstance(e, Words) and e.span & mine]
    read = " ".join(words)
    spoken, cut = moment.said is not None, stopped is not None
    return Outcome(moment.form, spoken, turns, long, cut, after, read, moment.text, moment.known)


def recognised(words: str, without: str) -> tuple[int, int]:
    """How many of the words recognised without a cue were recognised with it, in order; and their total."""
    mine, theirs = words_in(words), words_in(without)
    blocks = SequenceMatcher(None, theirs, mine, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks), len(theirs)


@dataclass(frozen=True)
class Result:
    """One system in one room at one level. `after_s`: from a person's first sound to the end of the fade-out.

    `words`: for each form, the number recognised, and the number recognised without the coach; for `right` and `known`,
    only correct words.
    """

    system: str
    room: str
    level_db: float | None
    cues: int
    turns: int
    long: int
    cut: int
    after_s: list[float]
    words: dict[str, tuple[int, int]]


def result(
    system: str, room: str, level_db: float | None, with_coach: Sequence[Outcome], without: Sequence[Outcome]
) -> Result:
    alone = [each for each in with_coach if not each.spoken]
    words = dict.fromkeys([*FORMS, RIGHT, KNOWN], (0, 0))

    def count(column: str, mine: int, theirs: int) -> None:
        words[column] = (words[column][0] + mine, words[column][1] + theirs)

    for mine, theirs in zip(with_coach, without, strict=True):
        if not mine.spoken:
            continue
        if not mine.known:
            count(mine.form, *recognised(mine.words, theirs.words))
        if mine.form == "words":
            right = recognised(mine.words, mine.text)[0], recognised(theirs.words, mine.text)[0]
            for column in (RIGHT, KNOWN) if mine.known else (RIGHT,):
                count(column, *right)
    return Result(
        system,
        room,
        level_db,
        len(with_coach),
        sum(each.turns for each in with_coach),
        sum(each.long for each in with_coach),
        sum(each.cut for each in alone),
        [each.after_s for each in with_coach if each.after_s is not None and each.after_s > 0],
        words,
    )


def row(each: Result) -> list[str]:
    after = sorted(each.after_s)
    return [
        each.system,
        each.room,
        "-" if each.level_db is None else f"{each.level_db:g} dB",
        f"{each.turns} of {each.cues}",
        str(each.long),
        str(each.cut),
        figure(median(after) if after else None, 2),
        figure(after[int(0.9 * len(after))] if after else None, 2),
        *(figure(100 * right / of if of else None, 0) for right, of in each.words.values()),
    ]
