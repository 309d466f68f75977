"""Maps a system's numbered speakers to names so that the agreement is highest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from coach.conversation import Ipu
from coach.core.events import UNKNOWN
from coach.core.span import RATE


def annotation(units: Iterable[Ipu]) -> Any:
    """A pyannote annotation: segments in seconds, each on a separate track."""
    from pyannote.core import Annotation, Segment

    out = Annotation()
    for i, unit in enumerate(units):
        out[Segment(unit.span.start / RATE, unit.span.end / RATE), i] = unit.who
    return out


def renamed(units: Sequence[Ipu], speech: Iterable[Ipu]) -> list[Ipu]:
    """The units renamed by pyannote's optimal one-to-one mapping to `speech`; unmapped speakers keep their labels."""
    from pyannote.metrics.diarization import DiarizationErrorRate

    known = [unit for unit in units if unit.who != UNKNOWN]
    names = DiarizationErrorRate().optimal_mapping(annotation(speech), annotation(known))
    return [Ipu(str(names.get(unit.who, unit.who)), unit.span) for unit in units]
