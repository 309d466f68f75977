"""A comparison of two sessions: every figure with its count and interval, and the difference.

The interval of a difference follows from the intervals of its two figures by MOVER, the method of variance estimates
recovery (Zou & Donner 2008, Statistics in Medicine 27); for two proportions it is Newcombe's (1998). If the interval
contains zero, the sessions are too short to tell a difference from chance. The comparison does not say which session
was better.

>>> one = {"value": 1.0, "n": 9, "unit": "s", "low": 0.5, "high": 1.5}
>>> other = {"value": 2.5, "n": 9, "unit": "s", "low": 2.0, "high": 4.5}
>>> tuple(round(end, 2) for end in interval_of_difference(one, other))
(0.79, 3.56)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coach.review.analysis import Analysis, last_breath
from coach.review.titles import missing_told, title, value_and_count
from coach.review.wording import in_unit, lasting, listed, ranged

Figure = dict[str, Any]

OF_BOTH = (  # figure, what more and less of it are called
    ("answering_pause_median_s", ("longer", "shorter")),
    ("too_soon_share", ("more", "less")),
    ("over_share", ("more", "less")),
    ("fto_median_s", ("later", "earlier")),
    ("fto_below_zero", ("more", "less")),
    ("pause_median_s", ("longer", "shorter")),
    ("inner_share", ("more", "less")),
)
OF_EACH = (
    ("answering_pause_s", ("longer", "shorter")),
    ("holding_s", ("longer", "shorter")),
    ("talk_share", ("more", "less")),
    ("backchannels_per_minute", ("more", "less")),
)
OF_BREATH = "too_soon_share"  # comparable only if both sessions have the same target pause


@dataclass(frozen=True, slots=True)
class Row:
    """The figure `name` of both sessions. `words` describe a later value that is higher, and one that is lower."""

    name: str
    earlier: Figure
    later: Figure
    words: tuple[str, str]
    like: bool = True  # whether the two are comparable

    @property
    def title(self) -> str:
        """The figure's name for people, with the person if it is of one."""
        return title(self.name)


def interval_of_difference(earlier: Figure, later: Figure) -> tuple[float, float] | None:
    """The 95% interval of `later` minus `earlier` (MOVER); None if either figure has no interval."""
    if None in (earlier.get("low"), later.get("low")):
        return None
    difference = later["value"] - earlier["value"]
    low = hypot(later["value"] - later["low"], earlier["high"] - earlier["value"])
    high = hypot(later["high"] - later["value"], earlier["value"] - earlier["low"])
    return difference - low, difference + high


def compared(earlier: Analysis, later: Analysis) -> list[Row]:
    """The figures of the conversations, then those of each person who took part in both."""
    figures = [each["statistics"] for each in (earlier, later)]
    same_breath = last_breath(earlier) == last_breath(later)
    both = [who for who in earlier["people"] if who in later["people"]]
    named = [*OF_BOTH, *((f"{name}.{who}", words) for who in both for name, words in OF_EACH)]
    return [
        Row(name, figures[0][name], figures[1][name], words, like=same_breath or name != OF_BREATH)
        for name, words in named
        if any(each[name]["value"] is not None for each in figures)
    ]


def comparison(earlier: Analysis, later: Analysis, when: tuple[str, str]) -> RenderableType:
    """The comparison as one screen. `when` holds the start of each session as text."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("", earlier["recording"]["name"], later["recording"]["name"], "change"):
        table.add_column(Text(heading), overflow="fold")
    for row in compared(earlier, later):
        cells = (_figure(row.name, row.earlier), _figure(row.name, row.later), _difference(row))
        table.add_row(Text(row.title), *cells)
    heads = [_head(each, began) for each, began in zip((earlier, later), when, strict=True)]
    return Group(*heads, Text(), table, Text(), *(Text(note, style="dim") for note in _notes(earlier, later)))


def _head(analysis: Analysis, began: str) -> Text:
    recording, breath = analysis["recording"], last_breath(analysis)
    told = f"{listed(analysis['people'])} · {lasting(recording['duration_s'])} · {began} · breath {breath:g} s"
    missing = "".join(f" · {each}" for each in missing_told(analysis))
    return Text(f"{recording['name']}: ").append(told + missing, style="dim")


def _figure(name: str, figure: Figure) -> Text:
    value, count = value_and_count(name, figure)
    if not count:
        return Text(value, style="dim")
    text = Text(value).append(f"  {count}", style="dim")
    if figure.get("low") is not None:
        text.append("\n" + ranged(figure["low"], figure["high"], figure["unit"]), style="dim")
    return text


def _difference(row: Row) -> Text:
    """The difference between the two figures, and whether it may be chance."""
    if row.earlier["value"] is None or row.later["value"] is None:
        return Text("–", style="dim")
    if not row.like:
        return Text("different breath", style="dim")
    unit, difference = row.later["unit"], row.later["value"] - row.earlier["value"]
    size = f"{abs(difference) * 100:.0f} points" if unit == "share" else in_unit(abs(difference), unit)
    nothing = size == ("0 points" if unit == "share" else in_unit(0.0, unit))
    text = Text("the same" if nothing else f"{size} {row.words[difference < 0]}")
    interval = interval_of_difference(row.earlier, row.later)
    if interval is not None:
        apart = interval[0] > 0 or interval[1] < 0
        text.append("\nbeyond chance" if apart else "\nmay be chance", style="dim")
    return text


def _notes(earlier: Analysis, later: Analysis) -> list[str]:
    notes = [
        "n is the number of observations; below it is the range in which the true value lies 95 times in 100. “May be "
        "chance”: the range of the difference contains zero; one difference in twenty looks real by chance alone. More "
        "is neither better nor worse."
    ]
    if set(earlier["people"]) != set(later["people"]):
        notes.append("These are not the same people, so a difference may simply be theirs.")
    return notes
