"""Success rate and latency of voice commands by condition, and false acceptances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from scripts.bench.results.tables import figure
from scripts.simulate.wishes import PAUSES_S, ROOMS, Wish, voices

COLUMNS = ["", "obeyed", "%", "silence", "begun", "words", "hushed", "90%", "worst"]


@dataclass(frozen=True)
class Outcome:
    """Latencies in seconds from the command's last sound; None if the step never happened. `words`: recognised text."""

    voice: str
    room: str
    wish: Wish
    silent_s: float | None
    begun_s: float | None
    words_s: float | None
    hushed_s: float | None
    words: str


def false_hushes(texts: list[list[str]], asked: Callable[[str], object]) -> list[str]:
    """False acceptances in conversations: single turns, and pairs of turns as a session joins them."""
    found = []
    for turns in texts:
        for before, turn in zip(["", *turns], turns, strict=False):
            found += [text for text in {turn, f"{before}. {turn}"} if asked(text) is not None]
    return found


def row(name: str, some: Sequence[Outcome]) -> list[str]:
    obeyed = [each for each in some if each.hushed_s is not None]
    hushed = sorted(each.hushed_s for each in obeyed if each.hushed_s is not None)
    stages = [
        [seconds for each in obeyed if (seconds := getattr(each, stage)) is not None]
        for stage in ("silent_s", "begun_s", "words_s")
    ]
    return [
        name,
        f"{len(obeyed)} of {len(some)}",
        figure(100 * len(obeyed) / len(some) if some else None, 0),
        *(figure(median(seconds) if seconds else None, 2) for seconds in stages),
        figure(median(hushed) if hushed else None, 2),
        figure(hushed[int(0.9 * len(hushed))] if hushed else None, 2),
        figure(hushed[-1] if hushed else None, 2),
    ]


def rows(some: Sequence[Outcome]) -> list[list[str]]:
    """One row for all outcomes, then one for each condition."""
    by = [
        *((room, [each for each in some if each.room == room]) for room in ROOMS),
        *((f"pause {p:g} s", [each for each in some if each.wish.pause_s == p]) for p in PAUSES_S),
        *((name, [each for each in some if each.wish.after_other is after]) for name, after in
          (("after silence", False), ("after another", True))),
        *((f'"{w}"', [e for e in some if e.wish.wording == w]) for w in sorted({e.wish.wording for e in some})),
        *((voice, [each for each in some if each.voice == voice]) for voice in voices()),
    ]  # fmt: skip
    return [row("all", some), *(row(name, part) for name, part in by if part)]
