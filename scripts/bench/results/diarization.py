"""Diarization without enrolment: each system's result, run time and error.

The error is the DER of pyannote.metrics, overlap included: seconds of missed speech, false alarm and confusion, divided
by seconds of speech. The collar is the total width excluded around every reference boundary, so 0.25 excludes an eighth
of a second on either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.conversation import Ipu
from coach.core.span import RATE, Span
from scripts.bench.results.mapping import annotation
from scripts.bench.results.scores import within
from scripts.bench.results.tables import figure, table

COLLARS = (0.0, 0.25)  # seconds


@dataclass(frozen=True, slots=True)
class Errors:
    """Seconds of speech, missed speech, false alarm and confusion for one collar. Errors can be added."""

    total: float = 0.0
    missed: float = 0.0
    false: float = 0.0
    confused: float = 0.0

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.total + other.total,
            self.missed + other.missed,
            self.false + other.false,
            self.confused + other.confused,
        )

    @property
    def rate(self) -> float | None:
        return (self.missed + self.false + self.confused) / self.total if self.total else None


def errors(true: Iterable[Ipu], found: Iterable[Ipu], scored: Span, collar: float) -> Errors:
    """Computed by pyannote.metrics with its optimal mapping, overlap included."""
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    told = DiarizationErrorRate(collar=collar, skip_overlap=False)(
        annotation(within(true, scored)),
        annotation(within(found, scored)),
        uem=Timeline([Segment(scored.start / RATE, scored.end / RATE)]),
        detailed=True,
    )
    return Errors(told["total"], told["missed detection"], told["false alarm"], told["confusion"])


def people_in(units: Sequence[Ipu]) -> int:
    return len({unit.who for unit in units})


@dataclass(frozen=True)
class Done:
    """A system's result on a take: `errors` per collar; `there` and `told`: the true and the found number of people."""

    take: str
    kind: str
    system: str
    errors: tuple[Errors, ...]
    there: int
    told: int
    seconds: float
    sound_s: float


def summary(done: list[Done], kind: str) -> str:
    rows = []
    for system in dict.fromkeys(each.system for each in done):
        those = [each for each in done if each.system == system]
        sums = [sum((each.errors[i] for each in those), Errors()) for i in range(len(COLLARS))]
        strict = sums[0]
        rows.append(
            [
                system,
                *(figure(one.rate) for one in sums),
                *(figure(part / strict.total) for part in (strict.missed, strict.false, strict.confused)),
                f"{sum(each.there == each.told for each in those)} of {len(those)}",
                figure(sum(each.seconds for each in those) / sum(each.sound_s for each in those)),
            ]
        )
    columns = [
        "",
        *(f"DER, collar {c:g}" for c in COLLARS),
        "missed",
        "false",
        "wrong person",
        "count correct",
        "CPU s/s",
    ]
    n = len({each.take for each in done})
    return table(f"{kind}: {n} recordings, {sum(e.sound_s for e in those) / 60:.1f} minutes", columns, rows)
