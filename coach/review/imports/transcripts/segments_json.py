"""Transcripts that recognisers write as JSON: one object with segments, each with its times and perhaps a speaker.

Whisper, faster-whisper   {"segments": [{"start": 0.0, "end": 2.5, "text": " So I left."}]}
WhisperX                  the same with "speaker": "SPEAKER_00" in the segments, or in their words
whisper.cpp               {"transcription": [{"offsets": {"from": 0, "to": 2500}, "text": " So I left."}]}
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN
from coach.core.names import one_line

Line = dict[str, Any]


def segments_in(text: str) -> Sequence[Any] | None:
    """The segments in the JSON of a recogniser; None if it is something else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    inside = found.get("segments", found.get("transcription"))
    return inside if isinstance(inside, list) else None


def spoken_segments(segments: Sequence[Any], name: str) -> list[Line]:
    """A line for each segment with words. Raises BadInput for one that has no text."""
    found: list[Line] = []
    for number, each in enumerate(segments, 1):
        if not isinstance(each, dict) or not isinstance(each.get("text"), str):
            raise BadInput(f'{name}: segment {number} has no "text"; it is no transcript of a recogniser')
        if text := " ".join(each["text"].split()):
            found.append({"who": _speaker(each), "text": text, **_times(each)})
    return found


def _speaker(segment: Mapping[str, Any]) -> str:
    """Who speaks in a segment: its own speaker, or that of most of its words."""
    said = segment.get("speaker", segment.get("speaker_label"))
    if said is None:
        words = segment.get("words")
        named = [each.get("speaker") for each in words if isinstance(each, dict)] if isinstance(words, list) else []
        counts = Counter(str(each) for each in named if each is not None)
        said = counts.most_common(1)[0][0] if counts else None
    return one_line(str(said)) if said is not None and str(said).strip() else UNKNOWN


def _times(segment: Mapping[str, Any]) -> dict[str, float]:
    """When it begins and ends, in seconds to the millisecond, as far as the file says it."""
    offsets = segment.get("offsets")
    if isinstance(offsets, dict):  # whisper.cpp, in milliseconds
        times = [_number(offsets.get(name), 1000) for name in ("from", "to")]
    else:
        times = [_number(segment.get(name), 1) for name in ("start", "end")]
    return {name: time for name, time in zip(("start_s", "end_s"), times, strict=True) if time is not None}


def _number(value: Any, parts: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return round(value / parts, 3)
