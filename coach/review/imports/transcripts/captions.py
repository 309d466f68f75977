"""The cues of WebVTT and SRT, and of what programs write under these names.

A cue begins at its line of times, whatever is broken around it: commas or dots, hours or none, no blank line
between cues, no header, no numbers. The times are passed on; the order of the file is that of the talk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

_TIME = r"-?\d[\d:.,;]*"
_TIMES = re.compile(rf"\s*(?P<start>{_TIME})\s*(?:-{{1,2}}>|→)\s*(?P<end>{_TIME})(?P<rest>(?:\s.*)?)$")
_BROKEN = re.compile(
    r"\s*(?P<start>\S{1,20})\s*-->\s*(?P<end>\S{1,20})(?P<rest>(?:\s.*)?)$"
)  # no caption's text has such an arrow
_SBV = re.compile(r"\s*(?P<start>\d+:\d\d:\d\d\.\d{3}),(?P<end>\d+:\d\d:\d\d\.\d{3})(?P<rest>)\s*$")
_SETTINGS = re.compile(r"(?:\s+[A-Za-z]\w*:\S+)*\s*")  # "align:start position:0%", and SRT's "X1:40"
_COMMENT = re.compile(r"\s*(?:NOTE|STYLE|REGION)(?:\s|$)")
_NOTE = re.compile(r"NOTE(?:\s|$)")
_NAMED_ID = re.compile(r'\s*\d+\s+"(.+)"\s+\(\d+\)\s*')  # Zoom: 1 "Ana Lu" (16778240)
_INLINE = re.compile(r"<(?!v[\s.])[^>]*>")  # any tag but the one that names a voice
_GUID = re.compile(r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\S*$", re.IGNORECASE)
_NUMBERED = re.compile(r"[^\W_]*\d[^\W_]*")
_FEWEST = 3  # captions after the first; two people may also say the same
_ROLLING = 0.7  # of the cues, and of those of several lines; a live caption shows the line before above each new one


@dataclass(frozen=True, slots=True)
class Cue:
    """The `lines` of one caption, each with its number in the file, and the name in its identifier, if any.

    `times`: its start and end in seconds; None for a broken one.
    """

    lines: tuple[tuple[int, str], ...]
    who: str | None = None
    times: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Captions:
    """`stray` holds the numbers of lines that belong to no caption, `backwards` how many captions begin before the one
    above, `repeated` how many lines were shown once more."""

    cues: tuple[Cue, ...]
    stray: tuple[int, ...]
    backwards: int
    repeated: int


def captions(lines: Sequence[str]) -> Captions | None:
    """The captions in a file, or None if no line holds a caption's times."""
    numbered = list(enumerate(lines, 1))
    if not any(one.strip() and two.strip() for one, two in pairwise(lines)):  # each line end is doubled
        numbered = [(number, line) for number, line in numbered if line.strip()]
    return _captions([number for number, _ in numbered], [line for _, line in numbered])


def _captions(at: Sequence[int], lines: Sequence[str]) -> Captions | None:
    times = {place: found for place, line in enumerate(lines) if (found := _times(line))}
    if not any(_TIMES.match(lines[place]) or _SBV.match(lines[place]) for place in times):
        return None
    head = next(place for place, line in enumerate(lines) if line.strip())
    web = lines[head].lstrip().upper().startswith("WEBVTT")
    starts = list(times)
    ids = _identifiers(lines, starts, web)
    stray = (
        _outside(lines, 0, starts[0] - (starts[0] in ids), web) if not web else _after_header(lines, head, starts, ids)
    )
    cues = []
    for start, follower in zip(starts, [*starts[1:], len(lines)], strict=True):
        end = follower - (follower in ids)
        rest = times[start]["rest"]
        first = [] if _SETTINGS.fullmatch(rest) else [(at[start], rest)]
        blank = _end_of_words(lines, start + 1, end) if web else end
        said = [(at[place], lines[place]) for place in range(start + 1, blank) if lines[place].strip()]
        stray += _outside(lines, blank, end, web)
        named = _NAMED_ID.fullmatch(lines[start - 1]) if start in ids else None
        shown = _seconds(times[start]["start"]), _seconds(times[start]["end"])
        cues.append(Cue((*first, *said), named[1] if named else None, shown))
    began = [_seconds(found["start"]) for found in times.values()]
    backwards = sum(late < early for early, late in pairwise([each for each in began if each is not None]))
    cues, repeated = _once(cues)
    return Captions(tuple(cues), tuple(at[place] for place in stray), backwards, repeated)


def _end_of_words(lines: Sequence[str], start: int, end: int) -> int:
    """Where the words of a WebVTT caption end: at a blank line behind them, or at a comment."""
    first = next((place for place in range(start, end) if lines[place].strip()), end)
    return next((place for place in range(first, end) if not lines[place] or _NOTE.match(lines[place])), end)


def _times(line: str) -> re.Match[str] | None:
    return _TIMES.match(line) or _SBV.match(line) or _BROKEN.match(line)


def _identifiers(lines: Sequence[str], starts: Sequence[int], web: bool) -> set[int]:
    """The places of times above which stands an identifier rather than words of the caption before.

    Below a blank line, WebVTT has an identifier; SRT has a number. Without the blank line, it must look like one of
    those in the file; a plain number must also be the next one, unless all captions are numbered: people say numbers.
    """
    above = [start for start in starts if start and lines[start - 1].strip() and start - 1 not in starts]
    free = {s for s in above if s == 1 or not lines[s - 2].strip() or (web and s == 2)}
    if not web:
        free = {s for s in free if _shape(lines[s - 1]) != lines[s - 1].strip()}
    shapes = {_shape(lines[s - 1]) for s in free}
    numbers = [int(lines[s - 1]) for s in above if lines[s - 1].strip().isdecimal()]
    rising = all(one < two for one, two in pairwise(numbers)) and len(numbers) == len(starts)
    found: set[int] = set()
    number = 0
    for start in above:
        mark = lines[start - 1].strip()
        if mark.isdecimal():
            if rising or start in free or int(mark) == number + 1:
                found.add(start)
                number = int(mark)
        elif start in free or (" " not in mark and _shape(mark) in shapes) or _GUID.match(mark):
            found.add(start)
    return found


def _shape(text: str) -> str:
    """`text` with "#" for each group of letters and digits that has a digit: a GUID of one file looks like the next."""
    return _NUMBERED.sub("#", text.strip())


def _after_header(lines: Sequence[str], head: int, starts: Sequence[int], ids: set[int]) -> list[int]:
    end = starts[0] - (starts[0] in ids)
    blank = next((place for place in range(head, end) if not lines[place].strip()), end)
    return _outside(lines, blank, end, True)


def _outside(lines: Sequence[str], start: int, end: int, web: bool) -> list[int]:
    """The places of the lines from `start` to `end` that are neither blank nor in a comment or style of WebVTT."""
    found, comment, fresh = [], False, True
    for place in range(start, end):
        if not lines[place].strip():
            comment, fresh = False, True
            continue
        comment = comment or (web and fresh and bool(_COMMENT.match(lines[place])))
        fresh = False
        if not comment:
            found.append(place)
    return found


def _once(cues: Sequence[Cue]) -> tuple[list[Cue], int]:
    """The cues of a rolling caption with each line once, and how many lines that leaves out."""
    worded = [cue for cue in cues if cue.lines]
    pairs = list(pairwise(worded))
    again = [_same(before.lines[-1][1], after.lines[0][1]) for before, after in pairs]
    above_new = [repeats for repeats, (_, after) in zip(again, pairs, strict=True) if len(after.lines) > 1]
    if len(pairs) < _FEWEST or not above_new or any(sum(each) < _ROLLING * len(each) for each in (again, above_new)):
        return list(cues), 0
    kept = worded[:1]
    for repeats, cue in zip(again, worded[1:], strict=True):
        kept.append(Cue(cue.lines[1:], cue.who, cue.times) if repeats else cue)
    return kept, sum(again)


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(line: str) -> str:
    return " ".join(unescape(_INLINE.sub("", line)).split())


def _seconds(time: str) -> float | None:
    """The seconds of a time, or None if it is broken."""
    *larger, last = time.strip("-").replace(",", ".").replace(";", ".").split(":")
    total = 0.0
    for part in [*larger, last]:
        try:
            total = total * 60 + float(part or 0)
        except ValueError:
            return None
    return -total if time.startswith("-") else total
