"""Names for people that a system only numbered: those under which most of what it heard is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from coach.conversation import Ipu
from coach.core.events import UNKNOWN
from coach.core.span import RATE


def annotation(units: Iterable[Ipu]) -> Any:
    """As pyannote has it: segments in seconds, each on a track of its own."""
    from pyannote.core import Annotation, Segment

    out = Annotation()
    for i, unit in enumerate(units):
        out[Segment(unit.span.start / RATE, unit.span.end / RATE), i] = unit.who
    return out


def renamed(units: Sequence[Ipu], speech: Iterable[Ipu]) -> list[Ipu]:
    """The units under the names of `speech`, by pyannote's best one-to-one mapping; the others keep theirs."""
    from pyannote.metrics.diarization import DiarizationErrorRate

    known = [unit for unit in units if unit.who != UNKNOWN]
    names = DiarizationErrorRate().optimal_mapping(annotation(speech), annotation(known))
    return [Ipu(str(names.get(unit.who, unit.who)), unit.span) for unit in units]
