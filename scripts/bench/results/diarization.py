"""Who speaks when, with nobody enrolled: what each system finds, the time it takes, and the error.

The error is the diarisation error rate of pyannote.metrics with overlap counted: seconds missed, falsely found and
given to the wrong person, over seconds of speech. The collar is what is left out around every true edge, in all, so
that 0.25 leaves out an eighth of a second on either side.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np

from coach.conversation import Ipu
from coach.core.span import RATE, Span
from scripts.bench.results.mapping import annotation
from scripts.bench.results.scores import within
from scripts.cache import kept, key
from scripts.simulate.truth import Take, heard

COLLARS = (0.0, 0.25)  # seconds
SPEAKERS = {"identify_speakers": "true", "skip_transcription": "true", "return_audio_data": "false"}


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


def moonshine(take: Take) -> tuple[list[Ipu], float]:
    """Moonshine's `identify_speakers` on the whole recording, and the processor seconds it took when it ran."""
    x = np.ascontiguousarray(heard(take.file).mean(axis=1))
    name = key(x.tobytes(), "speakers 1", str(SPEAKERS), metadata.version("moonshine-voice"))
    told = kept("speakers", name, lambda: _identified(x))
    return [Ipu(str(who), Span.seconds(start, end)) for start, end, who in told["spans"]], told["seconds"]


def _identified(x: np.ndarray) -> dict[str, Any]:
    transcriber = _speakers()
    began = time.process_time()
    lines = transcriber.transcribe_without_streaming(x.tolist(), RATE).lines
    spans = [
        (span.start_time, span.start_time + span.duration, span.speaker_index)
        for line in lines
        for span in line.speaker_spans or []
    ]
    return {"spans": spans, "seconds": time.process_time() - began}


@cache
def _speakers() -> Any:
    from moonshine_voice import ModelArch, get_model_path
    from moonshine_voice.transcriber import Transcriber

    return Transcriber(get_model_path("tiny-en"), ModelArch.TINY, options=SPEAKERS)


def people_in(units: Sequence[Ipu]) -> int:
    return len({unit.who for unit in units})
