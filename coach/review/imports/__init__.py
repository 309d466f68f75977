"""Reading files in which people or other programs noted who spoke when.

    .rttm       speaker diarization (NIST Rich Transcription, 2009): one line per stretch of speech
    .TextGrid   Praat: one tier of intervals per person; an interval without a label is silence
    .eaf        ELAN: one tier per person; unannotated time is silence

`segments` reads any of them. Each module knows one format; `model` holds what they produce, and `tiers` what the two
formats with tiers share. `transcripts` reads files that say who said what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from coach.core.errors import BadInput
from coach.review.imports.eaf import from_eaf
from coach.review.imports.model import Segment, Segments
from coach.review.imports.rttm import from_rttm
from coach.review.imports.textgrid import from_textgrid
from coach.review.imports.transcripts import Transcript, read_transcript

__all__ = ["Segment", "Segments", "Transcript", "holds_segments", "read_transcript", "segments"]

_READERS: dict[str, Callable[[Path], list[Segments]]] = {
    ".rttm": from_rttm,
    ".textgrid": from_textgrid,
    ".eaf": from_eaf,
}


def holds_segments(path: Path) -> bool:
    """Whether the suffix of `path` is that of a file with segments rather than sound."""
    return path.suffix.casefold() in _READERS


def segments(path: Path, people: Sequence[str] = ()) -> list[Segments]:
    """The conversations in a file: one, or as many as an .rttm file has recordings.

    With `people`, only their tiers are taken, in this order. Raises BadInput for a file that cannot be read, has no
    tier of intervals or impossible times, or lacks one of the `people`.
    """
    try:
        found = _READERS[path.suffix.casefold()](path)
    except BadInput:
        raise
    except OSError as error:
        raise BadInput(f"{path} cannot be opened ({error.strerror or error})") from error
    except Exception as error:  # the libraries fail on a broken file in many ways
        raise BadInput(
            f"{path.name} is damaged or not a {path.suffix} file ({type(error).__name__} while reading it); "
            "open it in the program that made it, and save it again"
        ) from error
    return [_chosen(each, people) for each in found] if people else found


def _chosen(found: Segments, people: Sequence[str]) -> Segments:
    for who in people:
        if who not in found.people:
            raise BadInput(f"{found.name} has nobody called {who}; it has {', '.join(found.people) or 'nobody'}")
    return replace(
        found,
        people=tuple(people),
        segments=tuple(each for each in found.segments if each.who in people),
        words=tuple(each for each in found.words if each.who in people),
    )
