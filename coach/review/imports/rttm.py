"""Reading RTTM, the format of speaker diarization (NIST Rich Transcription, 2009).

    SPEAKER recording channel start duration <NA> <NA> name <NA> <NA>

This module parses the lines itself: the usual reader for the format needs pandas (84 MB, seconds to start), drops a
person called NA, and does not name a broken line. The format allows no blanks in names, but many programs write them.
So the place of the times is found by what follows them, and names with blanks are read whole, with a notice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN
from coach.core.names import plain_name
from coach.core.span import Span
from coach.review.imports.decoding import decoded
from coach.review.imports.model import checked_span, number
from coach.review.imports.tiers import OnTiers, spoken

_RTTM_TYPES = {
    *("SPEAKER", "SEGMENT", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT", "IP", "SU", "CB", "A/P"),
    *("NOSCORE", "NO_RT_METADATA", "SPKR-INFO"),
}
_FEWEST = 8  # fields up to the name; the two fields after it are optional
_MOST = 10
_TIMES = 3  # the place of the start where no name contains a blank
_NOT_APPLICABLE = ("<NA>", "<na>", "NA")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class _Line:
    """A SPEAKER line. `last` is a number after the name: a confidence or, if whole, the end of a name with a blank."""

    recording: str
    who: str
    span: Span
    last: str


def from_rttm(path: Path) -> list[OnTiers]:
    """The recordings in an .rttm file, one conversation each. Raises BadInput for a broken line, or if none speaks."""
    text, doubt = decoded(path.read_bytes(), path.name)
    notices = (f"{path.name}: {doubt}",) if doubt else ()
    lines = []
    for row, line in enumerate(_LINE_END.split(text), start=1):
        fields = _fields(line)
        if not fields or line.lstrip().startswith(";;"):
            continue
        where = f"{path.name}, line {row},"
        if fields[0] not in _RTTM_TYPES:
            raise BadInput(f"{where} begins with {fields[0][:20]!r}, which is not a type of RTTM line such as SPEAKER")
        if fields[0] == "SPEAKER":
            lines.append(_speaker(fields, where))
    if not lines:
        raise BadInput(f"{path.name} has no SPEAKER line, so it does not say who spoke when")
    return _recordings(path.name, lines, notices)


def _recordings(file: str, lines: Sequence[_Line], notices: Sequence[str]) -> list[OnTiers]:
    numbered, doubt = _numbers_in_names(lines)
    recordings: dict[str, dict[str, list[Span]]] = {}
    for line in lines:
        who = f"{line.who} {line.last}" if numbered and line.last else line.who
        recordings.setdefault(line.recording, {}).setdefault(who, []).append(line.span)
    blanks = dict.fromkeys(
        name for recording, found in recordings.items() for name in (recording, *found) if " " in name
    )
    told = [*notices, *([f"{file}: {doubt}"] if doubt else [])]
    if blanks:
        told.append(f"{file}: names in RTTM contain no blanks, but here these do: {', '.join(blanks)}")
    if any(UNKNOWN in found for found in recordings.values()):
        told.append(f"{file}: some lines name nobody; they count as the unknown voice {UNKNOWN}")
    first = next(iter(recordings))
    return [
        spoken(f"{file}: {name}" if len(recordings) > 1 else file, found, told if name == first else ())
        for name, found in recordings.items()
    ]


def _numbers_in_names(lines: Sequence[_Line]) -> tuple[bool, str]:
    """Whether the numbers after the names belong to them, as in "Speaker 1", and what to tell if that is not certain.

    They do not if one of them is no whole number: the field is then a confidence in all lines. A confidence is at most
    1. Where all are 0 or 1, they belong to a name only if the file has no other, as "Speaker 0" and "Speaker 1".
    """
    numbers = {line.last for line in lines}
    if not all(number.isdecimal() for number in numbers - {""}):
        return False, ""
    if numbers == {"0", "1"} and len({line.who for line in lines}) > 1:
        return False, "took the 0 or 1 after each name for a confidence; write _ before it if it belongs to the name"
    return len(numbers) > 1 or not numbers <= {"", "0", "1"}, ""


def _fields(line: str) -> list[str]:
    """The fields of a line; where tabs separate them, they may contain blanks."""
    by_tabs = [field.strip() for field in line.split("\t") if field.strip()]
    return by_tabs if len(by_tabs) >= _FEWEST else line.split()


def _speaker(fields: Sequence[str], where: str) -> _Line:
    if len(fields) < _FEWEST:
        raise BadInput(f"{where} has {len(fields)} fields; a SPEAKER line has ten, the name is the eighth")
    at = _place_of_times(fields, where)
    start, duration = _seconds(fields[at]), _seconds(fields[at + 1])
    if start is None or duration is None:
        raise BadInput(
            f"{where} has {fields[at]!r} and {fields[at + 1]!r} as fields 4 and 5, but these must be the start and the "
            "duration in seconds"
        )
    name, last = _name(fields[at + 4 :])
    if " <NA>" in name:
        raise BadInput(f"{where} goes on after its last field; a SPEAKER line has ten, the name is the eighth")
    recording = plain_name(" ".join(fields[1 : at - 1]))
    return _Line(recording, name, checked_span(start, start + duration, where), last)


def _place_of_times(fields: Sequence[str], where: str) -> int:
    """The place of the start: two numbers and two times <NA> follow each other there and nowhere else."""
    places = [
        at
        for at in range(_TIMES, len(fields) - 4)
        if None not in (_seconds(fields[at]), _seconds(fields[at + 1]))
        and fields[at + 2] in _NOT_APPLICABLE
        and fields[at + 3] in _NOT_APPLICABLE
    ]
    if len(places) == 1:
        return places[0]
    # Some programs write another mark twice; anything else there is a part of a name.
    marked = fields[_TIMES + 2] == fields[_TIMES + 3] and _seconds(fields[_TIMES + 2]) is None
    if places or len(fields) > _MOST or not marked:
        raise BadInput(
            f"{where} has {len(fields)} fields, and it is not clear which are the start, the duration and the name; "
            "write _ instead of blanks in names"
        )
    return _TIMES


def _name(fields: Sequence[str]) -> tuple[str, str]:
    """The name at the beginning of `fields`, and the number after it, which may belong to it; empty for none."""
    end = len(fields)
    while end > max(1, len(fields) - 2) and (
        fields[end - 1] in _NOT_APPLICABLE or _seconds(fields[end - 1]) is not None
    ):
        end -= 1  # lookahead time, confidence
    last = fields[end] if end < len(fields) and fields[end] not in _NOT_APPLICABLE else ""
    name = plain_name(" ".join(fields[:end]))
    return (UNKNOWN if name == "<NA>" else name), last


def _seconds(field: str) -> float | None:
    return float(field) if field.casefold() in ("nan", "inf", "-inf") else number(field)
