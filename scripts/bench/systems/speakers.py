"""Moonshine's `identify_speakers`: diarization without enrolment, and its processor time."""

from __future__ import annotations

import time
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np

from coach.conversation import Ipu
from coach.core.span import RATE, Span
from scripts.cache import kept, key
from scripts.simulate.truth import Take, heard

SPEAKERS = {"identify_speakers": "true", "skip_transcription": "true", "return_audio_data": "false"}


def moonshine(take: Take) -> tuple[list[Ipu], float]:
    """Diarization of the whole recording, and the processor seconds of the original run."""
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
