"""Reading RTTM, the format of speaker diarization (NIST Rich Transcription, 2009).

The fields of a line are separated by spaces, so this module parses the lines itself: the usual reader for the format
needs pandas (84 MB, seconds to start), drops a person called NA, and does not name a broken line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coach.core.errors import BadInput
from coach.review.imports.model import Segment, Segments, checked_span, decoded, in_order

_RTTM_TYPES = {
    *("SPEAKER", "SEGMENT", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT", "IP", "SU", "CB", "A/P"),
    *("NOSCORE", "NO_RT_METADATA", "SPKR-INFO"),
}
_RTTM_FIELDS = 8  # up to the name; the two fields after it are optional


def from_rttm(path: Path) -> list[Segments]:
    """The recordings in an .rttm file, one conversation each. Raises BadInput for a broken line."""
    recordings: dict[str, list[Segment]] = {}
    for number, line in enumerate(decoded(path).splitlines(), start=1):
        fields = line.split()
        if not fields or line.lstrip().startswith(";;"):
            continue
        where = f"{path.name}, line {number},"
        if fields[0] not in _RTTM_TYPES:
            raise BadInput(f"{where} begins with {fields[0][:20]!r}, which is not a type of RTTM line such as SPEAKER")
        if fields[0] == "SPEAKER":
            recording, segment = _rttm_line(fields, where)
            recordings.setdefault(recording, []).append(segment)
    several = len(recordings) > 1
    return [
        in_order(f"{path.name}: {name}" if several else path.name, (each.who for each in found), found)
        for name, found in (recordings or {path.stem: []}).items()
    ]


def _rttm_line(fields: Sequence[str], where: str) -> tuple[str, Segment]:
    if len(fields) < _RTTM_FIELDS:
        raise BadInput(f"{where} has {len(fields)} fields; a SPEAKER line has ten, the name is the eighth")
    try:
        start, duration = float(fields[3]), float(fields[4])
    except ValueError:
        raise BadInput(f"{where} has no number of seconds in field 4 or 5 ({fields[3]}, {fields[4]})") from None
    return fields[1], Segment(fields[7], checked_span(start, start + duration, where))
