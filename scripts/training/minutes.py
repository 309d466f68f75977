"""Evaluates `Runs` on minutes of event-level talk: how often it claims them, and how often it claims inner talk.

Runs of about 110 words without inner talk, drawn at random from all spoken conversations, are joined to the required
minutes. They pass through `Runs` unchanged, after one warm sentence, and with an inner run at the end. Real
conversations are also played in order, to compare each claim with the speaker's last minute.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from coach.core.events import Words
from coach.core.span import RATE, Span
from coach.meaning.runs import RunConfig, Runs
from scripts.training.corpus import Utterance
from scripts.training.depth import Judged
from scripts.training.runs import as_told, run_places

DRAWN = 300  # stretches of each length and kind; a standard error of about .03
MINUTE = 60 * RATE  # samples
WARM = (0.3, 0.5)  # p of a warm sentence that does not count as inner

Make = Callable[[], Runs]
Told = Mapping[int, Words]  # labelled spoken stretches by index in the talk


def minutes_of_telling(
    talk: Sequence[Utterance], judged: Judged, way: Callable[[Utterance], str], make: Make = Runs
) -> dict[str, float | None]:
    """The share of such minutes that is claimed; precision and recall on real conversations."""
    at = {place: k for k, place in enumerate(judged.labelled)}
    inner = {place for place in judged.labelled if judged.inner[at[place]]}
    told = {
        place: as_told(talk[place], way(talk[place]), 0, judged, at[place], False)
        for place in judged.labelled
        if talk[place].spoken
    }
    made = run_places(talk, judged.labelled)
    turned = [run for run in made if inner & set(run)]
    events = [run for run in made if not inner & set(run)]
    warm = [place for run in events for place in run if WARM[0] <= (told[place].p_experience or 0.0) < WARM[1]]
    chance = random.Random(1)
    found: dict[str, float | None] = {}
    for n in (2, 3, 5):
        plain = [_filled(chance, events, told, n * MINUTE) for _ in range(DRAWN)]
        opened = [[chance.choice(warm), *run] for run in plain]
        ended = [[*_filled(chance, events, told, (n - 1) * MINUTE), *chance.choice(turned)] for _ in range(DRAWN)]
        found[f"{n} min of events, claimed by then"] = _share([any(_claims(run, told, make)) for run in plain])
        found[f"{n} min after a warm sentence"] = _share([any(_claims(run, told, make)) for run in opened])
        found[f"{n} min that end inner, claimed there"] = _share([_claims(run, told, make)[-1] for run in ended])
    return found | _moments(talk, inner, told, make)


def _moments(talk: Sequence[Utterance], inner: set[int], told: Told, make: Make) -> dict[str, float | None]:
    """For each stretch after a minute of talk: whether the run was claimed, and whether that minute had inner talk."""
    people: dict[tuple[str, str], list[int]] = {}
    for place in told:
        people.setdefault((talk[place].group, talk[place].who), []).append(place)
    claimed: list[bool] = []
    event: list[bool] = []
    for places in people.values():
        for k, claim in enumerate(_claims(places, told, make)):
            minute = _last_minute(places[: k + 1], told)
            if sum(told[place].span.duration for place in minute) >= RunConfig().speech:
                claimed.append(claim)
                event.append(not inner & set(minute))
    right = sum(one and other for one, other in zip(claimed, event, strict=True))
    return {
        "moments: precision of those claimed": right / max(sum(claimed), 1),
        "moments: recall": right / max(sum(event), 1),
        "moments claimed": sum(claimed),
    }


def _last_minute(places: Sequence[int], told: Told) -> list[int]:
    found: list[int] = []
    lasts = 0
    for place in reversed(places):
        if lasts >= MINUTE:
            break
        found.append(place)
        lasts += told[place].span.duration
    return found


def _filled(chance: random.Random, runs: Sequence[Sequence[int]], told: Told, samples: int) -> list[int]:
    found: list[int] = []
    while sum(told[place].span.duration for place in found) < samples:
        found += chance.choice(runs)
    return found


def _claims(places: Sequence[int], told: Told, make: Make) -> list[bool]:
    """Whether the run is claimed after each of these consecutive stretches of one person."""
    runs, clock = make(), 0
    found = []
    for place in places:
        words = told[place]
        span = Span(clock, clock + words.span.duration)
        runs.hear(replace(words, at=clock, who="they", span=span))
        clock = span.end
        found.append(runs.estimate("they").events)
    return found


def _share(those: Sequence[bool]) -> float:
    return sum(those) / len(those)
