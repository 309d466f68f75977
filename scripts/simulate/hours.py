"""A synthetic hour of talk as a session stores it, with realistic numbers of units, words and cues."""

from __future__ import annotations

import random

from coach.core.events import Cue, Ended, Event, Speech, Words
from coach.core.span import Span, as_samples

PEOPLE = ("Ana", "Ben")
HOUR_S = 3600.0
LEVELS, KINDS = "N123", ("feelings", "needs", "thoughts", "hopes", "mourning")
RESPONSES = ("reflection", "open question", "detail question", "advice", "own story", "other")


def hour(seed: int) -> list[Event]:
    """An hour of talk: turns of several units, some backchannels, and a typical pause that varies by hour."""
    rng = random.Random(seed)
    breath = rng.uniform(-0.5, 0.8)
    events: list[Event] = []
    time_s, who = 2.0, 0
    while time_s < HOUR_S - 60:
        for n in range(rng.randint(1, 7)):
            length = rng.uniform(1.0, 4.5)
            events += unit(rng, PEOPLE[who], time_s, length, answering=n == 0)
            time_s += length + rng.uniform(0.2, 0.9)
        if rng.random() < 0.4:
            events += unit(rng, PEOPLE[1 - who], time_s - 1.5, 0.4, answering=False)
        if rng.random() < 0.3:
            events.append(cue(rng, time_s + 1.4))
        time_s += max(-0.4, rng.lognormvariate(breath, 0.9) - 0.5)
        who = 1 - who
    events.sort(key=lambda event: event.at)
    return [*events, Ended(at=as_samples(HOUR_S), reason="ended by hand")]


def unit(rng: random.Random, who: str, start: float, length: float, *, answering: bool) -> list[Event]:
    span = Span.seconds(start, start + length)
    level = rng.choice(LEVELS)
    words = Words(
        at=span.end + as_samples(0.5), who=who, span=span, count=max(1, int(2.6 * length)), sentences=1, level=level,
        acknowledgement=length < 0.5, p_experience=round(rng.random(), 3),
        kinds=tuple(rng.sample(KINDS, 2)) if level in "23" else (),
        response=rng.choice(RESPONSES) if answering else None, p_response=0.7 if answering else None,
    )  # fmt: skip
    return [Speech(at=span.end + as_samples(0.2), who=who, span=span, confidence=0.97), words]


def cue(rng: random.Random, at_s: float) -> Cue:
    given = rng.random() < 0.3
    return Cue(
        at=as_samples(at_s), kind="too_soon", form="tone", text="", to="Ben", given=given,
        held_back=None if given else "budget", because={"fto_s": 0.4, "breath_s": 2.0},
    )  # fmt: skip
