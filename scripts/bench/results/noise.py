"""False turns per hour, by kind of noise and by system."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.bench.results.tables import figure
from scripts.simulate.noises import MADE

NAMED, ANYBODY, SIMPLER = "coach, by name", "coach, anybody", "coach on webrtc"
ALONE = ("silero", "webrtc")
SYSTEMS = (NAMED, ANYBODY, SIMPLER, *ALONE)


@dataclass(frozen=True)
class Count:
    """False turns of one system in one kind of noise: all, and those longer than a backchannel."""

    kind: str
    system: str
    turns: int
    long: int
    hours: float

    def __add__(self, other: Count) -> Count:
        return Count("", self.system, self.turns + other.turns, self.long + other.long, self.hours + other.hours)


def rows(counts: list[Count]) -> list[list[str]]:
    kinds = list(dict.fromkeys(each.kind for each in counts))
    out = [_row(kind, [each for each in counts if each.kind == kind]) for kind in kinds]
    folder = [each for each in counts if each.kind not in MADE]
    sums = [_sum(folder, system) for system in SYSTEMS]
    return [*out, _row("the noise folder", sums)]


def _sum(counts: list[Count], system: str) -> Count:
    first, *others = [each for each in counts if each.system == system]
    for each in others:
        first += each
    return first


def _row(name: str, counts: list[Count]) -> list[str]:
    cells = [f"{figure(each.turns / each.hours, 0)} ({figure(each.long / each.hours, 0)})" for each in counts]
    return [name, f"{counts[0].hours * 60:.1f}", *cells]
