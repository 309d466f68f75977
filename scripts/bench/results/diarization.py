"""Who speaks when, with nobody enrolled: what each system finds, the time it takes, and the error.

The error is the diarisation error rate of pyannote.metrics with overlap counted: seconds missed, falsely found and
given to the wrong person, over seconds of speech. The collar is what is left out around every true edge, in all, so
that 0.25 leaves out an eighth of a second on either side.
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
    """Seconds, for one collar: of speech, missed, falsely found, given to the wrong person. Errors add up."""

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
    """By pyannote.metrics, overlap counted, its best mapping of people."""
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
    """What a system made of a take. `errors` for each collar; `there` and `told`: how many people."""

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
        "count right",
        "CPU s/s",
    ]
    n = len({each.take for each in done})
    return table(f"{kind}: {n} recordings, {sum(e.sound_s for e in those) / 60:.1f} minutes", columns, rows)
