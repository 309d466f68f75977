"""Export as tiers for Praat, in its long text format and UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coach.review.exports.exported import Exported
from coach.review.exports.tiers import Interval, Tier, length, tiers

_HEAD = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
_TAB = " " * 4


def as_textgrid(session: Exported) -> bytes:
    """A .TextGrid file. Empty intervals fill the gaps in a tier, as Praat requires."""
    found = tiers(session)
    end = length(session, found)
    lines = [
        *_extent(end),
        "tiers? <exists> ",
        f"size = {len(found)} ",
        "item []: ",
    ]  # Praat itself writes these blanks
    for number, tier in enumerate(found, start=1):
        lines.append(f"{_TAB}item [{number}]:")
        lines += (f"{_TAB * 2}{line}" for line in _tier(tier, end))
    return (_HEAD + "".join(f"{line}\n" for line in lines)).encode()


def _tier(tier: Tier, end: int) -> Iterator[str]:
    entries = tier.intervals if tier.moments else _filled(tier.intervals, end)
    what = "points" if tier.moments else "intervals"
    yield _field("class", _quoted("TextTier" if tier.moments else "IntervalTier"))
    yield _field("name", _quoted(tier.name))
    yield from _extent(end)
    yield f"{what}: size = {len(entries)} "
    for number, each in enumerate(entries, start=1):
        yield f"{what} [{number}]:"
        if tier.moments:
            yield _TAB + _field("number", _seconds(each.start))
            yield _TAB + _field("mark", _quoted(each.label))
        else:
            yield _TAB + _field("xmin", _seconds(each.start))
            yield _TAB + _field("xmax", _seconds(each.end))
            yield _TAB + _field("text", _quoted(each.label))


def _filled(intervals: Sequence[Interval], end: int) -> list[Interval]:
    """The intervals, with empty ones between them, before the first and after the last; always at least one."""
    filled: list[Interval] = []
    at = 0
    for each in (*intervals, Interval(end, end, "")):
        if each.start > at:
            filled.append(Interval(at, each.start, ""))
        if each.end > each.start:
            filled.append(each)
        at = each.end
    return filled


def _extent(end: int) -> tuple[str, str]:
    return _field("xmin", "0"), _field("xmax", _seconds(end))


def _field(name: str, value: str) -> str:
    return f"{name} = {value} "


def _seconds(ms: int) -> str:
    return f"{ms // 1000}" if ms % 1000 == 0 else repr(ms / 1000)


def _quoted(text: str) -> str:
    """`text` as Praat quotes it."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
