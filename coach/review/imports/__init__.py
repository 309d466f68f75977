"""Reading files in which people or other programs noted who spoke when.

    .rttm       speaker diarization (NIST Rich Transcription, 2009): one line per stretch of speech
    .TextGrid   Praat: one tier of intervals per person; an interval without a label is silence
    .eaf        ELAN: one tier per person; unannotated time is silence

    file ─► reader ─► OnTiers ─► taking(people) ─► Segments

Each reader knows one format. `tiers` knows what a conversation on tiers is, `people` which of them are the speech of
people, `silence` which labels mean silence; `model` holds the segments. `transcripts` reads files that say who said
what.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coach.core.errors import BadInput, reason_of
from coach.review.imports.eaf import from_eaf
from coach.review.imports.model import Segment, Segments
from coach.review.imports.rttm import from_rttm
from coach.review.imports.textgrid import from_textgrid
from coach.review.imports.tiers import OnTiers
from coach.review.imports.transcripts import Transcript, read_transcript

__all__ = [
    "OnTiers",
    "Segment",
    "Segments",
    "Transcript",
    "conversations",
    "holds_segments",
    "read_transcript",
]

_READERS: dict[str, Callable[[Path], list[OnTiers]]] = {
    ".rttm": from_rttm,
    ".textgrid": from_textgrid,
    ".eaf": from_eaf,
}


def holds_segments(path: Path) -> bool:
    """Whether the suffix of `path` is that of a file with segments rather than sound."""
    return path.suffix.casefold() in _READERS


def conversations(path: Path) -> list[OnTiers]:
    """The conversations in a file: one, or as many as an .rttm file has recordings.

    Raises BadInput for a file that cannot be read, has no tier of intervals, or has impossible times.
    """
    try:
        return _READERS[path.suffix.casefold()](path)
    except BadInput:
        raise
    except OSError as error:
        raise BadInput(f"{path} cannot be opened ({reason_of(error)})") from error
    except Exception as error:  # the libraries fail on a broken file in many ways
        raise BadInput(
            f"{path.name} is damaged or not a {path.suffix} file ({type(error).__name__} while reading it); "
            "open it in the program that made it, and save it again"
        ) from error
