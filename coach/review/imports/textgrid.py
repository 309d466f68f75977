"""Reading Praat's TextGrids by Praat's own rules (its manual page "TextGrid file formats").

Praat looks for free-standing numbers, texts in quotes and flags such as <exists>, in this order and no other; it passes
over all other words and over comments. So one reader is enough for the long and the short form:

    intervals [2]:
        xmin = 1 ! seconds           1
        xmax = 7.5                   7.5
        text = "my ""no"" then"      "my ""no"" then"

A chronological file has the same parts: each interval or point follows the number of its tier. Where Praat repairs a
file in silence (it reads 1,5 as 1, and ignores what a tier holds beyond the size that it states), this module refuses.
Point tiers contain no speech.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from coach.core.errors import BadInput
from coach.core.names import plain_name
from coach.core.span import MILLISECOND, Span, as_seconds
from coach.review.imports.decoding import decoded
from coach.review.imports.model import checked_span, number
from coach.review.imports.tiers import NamedTier, OnTiers, tiered
from coach.review.tiers import described

_PART = re.compile(
    r"""(?P<comment>![^\r\n]*)
    |"(?P<text>[^"]*(?:""[^"]*)*)"(?=\s|$)
    |(?P<flag><[^\s>]*>)
    |(?P<number>[-+0-9]\S*)
    |(?P<word>[^\s"]\S*)
    |(?P<open>")""",
    re.VERBOSE,
)
_CHRONOLOGICAL = "Praat chronological TextGrid text file"
_KINDS = ("IntervalTier", "TextTier")
_TEXTGRID = "TextGrid"
_BINARY = b"ooBinaryFile"
_LINE_END = re.compile(r"\r\n?|\n")
_WANTED = {"number": "a number", "text": "text in quotes", "flag": "<exists>"}
_ROUNDED = 10 * MILLISECOND  # samples; the end of a file may be rounded to a hundredth of a second
_SAVE = "open it in Praat and save it as a text file"


def from_textgrid(path: Path) -> list[OnTiers]:
    """The conversation in a .TextGrid file. Raises BadInput for a file without an interval tier, or a broken one."""
    data = path.read_bytes()
    if data.startswith(_BINARY):
        raise BadInput(f"{path.name} is in Praat's binary form; {_SAVE}")
    text, doubt = decoded(data, path.name)
    notices: tuple[str, ...] = (f"{path.name}: {doubt}",) if doubt else ()
    parts = Parts(text, path.name)
    read = _chronological if parts.begins_with(_CHRONOLOGICAL) else _tier_by_tier
    whole, tiers, points = read(parts, path.name)
    if not tiers:
        raise BadInput(f"{path.name} has no interval tier, so it does not say who spoke when")
    names = {*(tier.name for tier in tiers), *points}
    if unread := [plain_name(name) for name in points if not described(name, names)]:
        notices = (*notices, f"{path.name}: left out {', '.join(unread)} (points, which say nothing about speech)")
    if uneven := [tier.name for tier in tiers if not _touching(tier.intervals)]:
        notices = (
            *notices,
            f"{path.name}: intervals overlap or leave gaps on {_short(', '.join(uneven), 80)}; "
            "times are read as written, but Praat would move the beginnings",
        )
    last = max((span.end for tier in tiers for span, _ in tier.intervals), default=0)
    if last - whole.end > _ROUNDED:
        notices = (
            *notices,
            f"{path.name}: intervals go on until {as_seconds(last):.9g} s, but the file says that it ends at "
            f"{as_seconds(whole.end):.9g} s; times are read as written",
        )
    labelled = [replace(tier, intervals=[each for each in tier.intervals if each[1].strip()]) for tier in tiers]
    return [tiered(path.name, labelled, whole.end, notices)]


def _touching(intervals: Sequence[tuple[Span, str]]) -> bool:
    """Whether each interval begins where the one before it ends, as in all files of Praat."""
    return all(one.end == other.start for (one, _), (other, _) in pairwise(intervals))


class Parts:
    """The numbers, texts and flags of a file, one after the other."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._left = (each for each in _PART.finditer(text) if each.lastgroup not in ("comment", "word"))
        self._next: re.Match[str] | None = next(self._left, None)

    @property
    def finished(self) -> bool:
        """Whether all parts are taken."""
        return self._next is None

    def begins_with(self, text: str) -> bool:
        """Whether the next part is this text; if so, it is taken."""
        if self._next is None or self._next["text"] != text:
            return False
        self.text()
        return True

    def text(self) -> str:
        """Take the next part: a text, without its quotation marks. Raises BadInput if it is anything else."""
        return str(self._taken("text")["text"]).replace('""', '"')

    def number(self) -> float:
        """Take the next part: a number. Raises BadInput if it is anything else."""
        part = self._taken("number")
        found = number(part[0])
        if found is None:
            raise BadInput(f"{self._where(part)} has {part[0][:20]!r} where a number like 7.5 must be; {_SAVE}")
        return found

    def size(self) -> int:
        """How many tiers, intervals or points follow."""
        found = self.number()
        if not found.is_integer() or found < 0:
            raise BadInput(f"{self._file} states the size {found:g}, which is no whole number; {_SAVE}")
        return int(found)

    def holds_tiers(self) -> bool:
        """Take the next part: the flag that says whether tiers follow. Raises BadInput if it is anything else."""
        return self._taken("flag")["flag"] == "<exists>"

    def _taken(self, kind: str) -> re.Match[str]:
        part = self._next
        if part is None:
            raise BadInput(f"{self._file} ends too early, where {_WANTED[kind]} must follow; {_SAVE}")
        if part.lastgroup == "open":
            raise BadInput(f'{self._where(part)} has a quotation mark that is not closed or not doubled (""); {_SAVE}')
        if part.lastgroup != kind:
            raise BadInput(f"{self._where(part)} has {_short(part[0])} where {_WANTED[kind]} must be; {_SAVE}")
        self._next = next(self._left, None)
        return part

    def finish(self) -> None:
        """Raises BadInput if anything is left."""
        if self._next is not None:
            raise BadInput(
                f"{self._where(self._next)} has {_short(self._next[0])}, which is more than the size of the last tier "
                f"states; {_SAVE}"
            )

    def _where(self, part: re.Match[str]) -> str:
        return f"{self._file}, line {len(re.findall(_LINE_END, self._text[: part.start()])) + 1},"


def _short(text: str, length: int = 20) -> str:
    return " ".join(text.split())[:length]


def _tier_by_tier(parts: Parts, file: str) -> tuple[Span, list[NamedTier], list[str]]:
    """The long and the short form: the whole span, the tiers of intervals, and the names of the tiers of points."""
    kind = parts.text()
    if kind.startswith("ooTextFile"):
        kind = parts.text()
    if kind != _TEXTGRID:
        raise BadInput(f"{file} is not a TextGrid of Praat but begins with {_short(kind)!r}; save the TextGrid alone")
    whole = checked_span(parts.number(), parts.number(), file)
    tiers, points = [], []
    for _ in range(parts.size() if parts.holds_tiers() else 0):
        is_interval, name = _is_interval_tier(parts, file), parts.text()
        checked_span(parts.number(), parts.number(), f"{file}, tier {_short(name)},")
        found = [(_interval if is_interval else _point)(parts, file, name) for _ in range(parts.size())]
        if is_interval:
            tiers.append(NamedTier(name, "", found))
        else:
            points.append(name)
    parts.finish()
    return whole, tiers, points


def _chronological(parts: Parts, file: str) -> tuple[Span, list[NamedTier], list[str]]:
    """The form in which the intervals and points of all tiers follow in order of time."""
    whole = checked_span(parts.number(), parts.number(), file)
    kinds, names, found = [], [], []
    for _ in range(parts.size()):
        kinds.append(_is_interval_tier(parts, file))
        names.append(parts.text())
        found.append(list[tuple[Span, str]]())
        checked_span(parts.number(), parts.number(), f"{file}, tier {_short(names[-1])},")
    while not parts.finished:
        place = parts.size() - 1
        if not 0 <= place < len(names):
            raise BadInput(f"{file} has an interval on tier {place + 1}, but {len(names)} tiers; {_SAVE}")
        found[place].append((_interval if kinds[place] else _point)(parts, file, names[place]))
    tiers = list(zip(kinds, names, found, strict=True))
    points = [name for is_interval, name, _ in tiers if not is_interval]
    return whole, [NamedTier(name, "", each) for is_interval, name, each in tiers if is_interval], points


def _is_interval_tier(parts: Parts, file: str) -> bool:
    kind = parts.text()
    if kind not in _KINDS:
        raise BadInput(f"{file} has a tier of the kind {_short(kind)!r}, not {' or '.join(_KINDS)}; {_SAVE}")
    return kind == _KINDS[0]


def _interval(parts: Parts, file: str, tier: str) -> tuple[Span, str]:
    return checked_span(parts.number(), parts.number(), f"{file}, tier {_short(tier)},"), parts.text()


def _point(parts: Parts, _file: str, _tier: str) -> tuple[Span, str]:
    at = parts.number()  # never used, so it may be before the recording
    return Span.seconds(at, at), parts.text()
