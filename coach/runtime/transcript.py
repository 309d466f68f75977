"""A written conversation, judged line by line: what is told in each, and how it answers what came before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coach.runtime.understanding import Understanding

Line = dict[str, Any]


def judged_lines(
    lines: Sequence[Line], language: str = "en"
) -> Iterator[tuple[Line, tuple[str, ...], tuple[str, ...]]]:
    """Every line with "level", "p_experience", "kinds", "response" and "p_response" added, and the words behind the
    judgements of depth and of response."""
    understanding = Understanding(language)
    for line in lines:
        reading, response = understanding.read(line["who"], line["text"])
        found = line | {
            "level": reading.level,
            "p_experience": reading.p_experience,
            "kinds": list(reading.kinds),
            "response": response.kind if response else None,
            "p_response": response.p if response else None,
        }
        yield found, reading.evidence, response.because if response else ()
