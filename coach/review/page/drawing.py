"""Vega-Lite charts as plain dictionaries, in the style of the page.

Colours are CSS variables (`ink("person-1")`), so one chart serves for light, dark and print. Every mark has `says`, the
sentence for tooltips, focus and screen readers.

    chart(values, *layers, …)          rows, and the layers that draw them
    along_time(values, *layers, …)     the same over the time of the session, with zoom

A layer is `mark("bar", color=…)` with its encoding; `only` selects the rows that it draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

FONT = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif'
PEOPLE = 6  # colours for people; they repeat after that
LANE = 34  # pixels per lane
FAINTEST = 0.8  # opacity at which people's colours still have a contrast of 3:1, and what lies over another is seen
ZOOM = "zoom"  # the selection with the visible part of the time axis; page.js sets it too
APART: Spec = {"labelFlush": True, "labelOverlap": "greedy", "labelSeparation": 8}  # numbers on an axis never touch
UNTIL: Spec = {"x2": {"field": "end"}}  # the end of a bar along time
_CLOCK = "datum.value < 3600000 ? utcFormat(datum.value, '%-M:%S') : utcFormat(datum.value, '%-H:%M:%S')"

_CONFIG: Spec = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)", "titleColor": "var(--soft)", "domainColor": "var(--line)",
        "tickColor": "var(--line)", "gridColor": "var(--line)", "titleFontWeight": "normal",
        "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 130,
    },
}  # fmt: skip


def ink(name: str) -> str:
    """A colour of the page as a CSS value.

    >>> ink("person-1")
    'var(--person-1)'
    """
    return f"var(--{name})"


def person_colours(people: Sequence[str]) -> list[str]:
    """The name of each person's colour, in order.

    >>> person_colours(["Ana", "Ben"])
    ['person-1', 'person-2']
    """
    return [f"person-{place % PEOPLE + 1}" for place, _ in enumerate(people)]


def person_inks(people: Sequence[str]) -> list[str]:
    """Each person's colour as a CSS value, in order."""
    return [ink(name) for name in person_colours(people)]


def milliseconds(seconds: float) -> int:
    """A time in seconds as whole milliseconds, the unit of the charts' time axis."""
    return round(seconds * 1000)


def mark(kind: str, *, only: str | None = None, encoding: Spec | None = None, **look: Any) -> Spec:
    """One layer. `only` is a Vega expression over `datum`; it must never contain people's text."""
    said = {"tooltip": {"field": "says"}, "description": {"field": "says"}}
    layer: Spec = {"mark": {"type": kind, **look}, "encoding": {**said, **(encoding or {})}}
    return layer | ({"transform": [{"filter": only}]} if only else {})


def rule_at(value: float, text: str) -> list[Spec]:
    """A vertical line across the chart at `value`, with `text` above it."""
    place: Spec = {"data": {"values": [{"at": value, "text": text}]}}
    x = {"x": {"field": "at", "type": "quantitative"}}
    line = {"type": "rule", "color": ink("mark"), "strokeDash": [4, 3], "strokeWidth": 1.5, "aria": False}
    words = {
        "type": "text", "color": ink("mark"), "align": "center", "baseline": "bottom", "dy": -3, "y": 0, "fontSize": 12,
        "aria": False,
    }  # fmt: skip
    return [
        place | {"mark": line, "encoding": x},
        place | {"mark": words, "encoding": {**x, "text": {"field": "text"}}},
    ]


def lanes(names: Sequence[str]) -> Spec:
    """The y axis with one band for each name, from top to bottom."""
    return {
        "field": "lane", "type": "nominal", "title": None, "scale": {"domain": list(names)}, "sort": None,
        "axis": {"domain": False, "ticks": False, "grid": False, "labelPadding": 8},
    }  # fmt: skip


def counting(title: str, most: int) -> Spec:
    """The axis of a count up to `most`, with about six ticks at whole numbers."""
    step = max(1, -(-most // 6))
    top = -(-most // step) * step
    return {
        "type": "quantitative", "title": title, "stack": "zero", "scale": {"domain": [0, top]},
        "axis": {"values": list(range(0, top + 1, step)), "format": "d", "domain": False, "ticks": False},
    }  # fmt: skip


def measuring(title: str) -> Spec:
    """The axis of a duration in seconds."""
    return {
        "type": "quantitative", "title": title,
        "axis": {"gridOpacity": 0.6, "tickCount": {"expr": "width / 70"}, "tickMinStep": 0.5, **APART},
    }  # fmt: skip


def by_name(field: str, names: Sequence[str], inks: Sequence[str]) -> Spec:
    """One colour for each of `names`; the key of the figure explains them."""
    return {"field": field, "type": "nominal", "scale": {"domain": list(names), "range": list(inks)}, "legend": None}


def chart(values: Rows, *layers: Spec, label: str, height: int, encoding: Spec | None = None) -> Spec:
    """A chart as wide as its container and `height` pixels high, not counting the axis."""
    return {
        "description": label,
        "width": "container",
        "height": height,
        "padding": {"left": 2, "right": 24, "top": 4, "bottom": 2},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": _CONFIG,
        "data": {"values": [dict(row) for row in values]},
        "encoding": encoding or {},
        "layer": list(layers),
    }


def along_time(values: Rows, *layers: Spec, label: str, names: Sequence[str], begins_s: float, ends_s: float) -> Spec:
    """Lanes with the `names` over the time of the session; rows have "lane", "start" and "end" in milliseconds.

    It shows from `begins_s` to `ends_s` at least, and all rows.

    Dragging moves the chart, the wheel with Shift zooms, and a double click shows everything. The page adds buttons.
    """
    x = {
        "field": "start", "type": "temporal", "title": None, "scale": {"type": "utc", "nice": False},
        "axis": {"labelExpr": _CLOCK, "gridOpacity": 0.6, "tickCount": {"expr": "width / 90"}, **APART},
    }  # fmt: skip
    select = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]"}
    whole: Spec = {  # an invisible layer that makes the time axis start with the whole session
        "data": {"values": [{"start": milliseconds(begins_s), "end": milliseconds(max(ends_s, begins_s + 1.0))}]},
        "mark": {"type": "bar", "opacity": 0, "aria": False},
        "encoding": {"x2": {"field": "end"}, "y": {"value": 0}},
        "params": [{"name": ZOOM, "select": select, "bind": "scales"}],
    }
    encoding = {"x": x, "y": lanes(names)}
    return chart(values, whole, *layers, label=label, height=LANE * len(names), encoding=encoding)
