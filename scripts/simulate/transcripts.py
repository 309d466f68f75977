"""Adds realistic timing to written conversations: speech rate, breaths and response times."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from coach.core.span import Span
from scripts.simulate.perfect_hearing import Said

PEOPLE = ("Ana", "Ben")
RATE_S = 0.33  # seconds a word: about 180 a minute
CLAUSE = 12  # words between breaths, on average
BREATH_S = (0.25, 0.9)  # seconds
LATE = 0.14  # share of responses after a second or more; the others are near zero
QUICK_S, SPREAD_S, SLOW_S = 0.1, 0.45, 1.5  # seconds: mean, deviation of quick; mean of slow, beyond one second
LEAST = 40  # fewest lines of a conversation to play


def conversations(file: Path) -> list[list[tuple[str, str]]]:
    """The (who, text) pairs of each two-person conversation, in order."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if line.get("conversation") and line.get("who"):
            lines.setdefault(line["conversation"], []).append((line["who"], line["text"]))
    return [each for each in lines.values() if len({who for who, _ in each}) == 2 and len(each) >= LEAST]


def timed(lines: list[tuple[str, str]], chance: Random) -> list[Said]:
    """The conversation with times, between two people named as in PEOPLE."""
    names = dict(zip(dict.fromkeys(who for who, _ in lines), PEOPLE, strict=True))
    said: list[Said] = []
    end = dict.fromkeys(PEOPLE, 0.0)
    before = None
    for who, text in ((names[who], text) for who, text in lines):
        pause = chance.uniform(*BREATH_S) if who == before else _answer(chance)
        start = max(end[who] + BREATH_S[0], max(end.values()) + pause)
        words = text.split()
        for n in range(0, len(words), CLAUSE):
            part = words[n : n + CLAUSE]
            stop = start + len(part) * RATE_S
            said.append(Said(who, Span.seconds(start, stop), " ".join(part)))
            end[who] = stop
            start = stop + chance.uniform(*BREATH_S)
        before = who
    return said


def _answer(chance: Random) -> float:
    """A random FTO in seconds, negative for overlap."""
    if chance.random() < LATE:
        return 1.0 + chance.expovariate(1 / (SLOW_S - 1.0))
    return max(-1.0, min(1.0, chance.gauss(QUICK_S, SPREAD_S)))
